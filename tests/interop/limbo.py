#!/usr/bin/env python3
"""x509-limbo (../shared/suites/x509-limbo.json.gz, or the file given) through tests/tools/x509check.

Every case agrees with its expected result or stands in limbo-exceptions.json with the reason; what is listed and agrees
is a failure too. A false accept that `openssl verify -x509_strict` refuses is always a failure. The second column is
what the shell says (--shell): it leaves out the rules of RFC 5280's profile that say nothing about whom to trust, and
agrees, or the case is listed, or `openssl verify` accepts it too. -v lists differences.
"""
import datetime
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# of the second column alone
SHELL = {
    "rfc5280::aki::critical-aki": "the extension is read, whatever the CA says of ignoring it",
    "rfc5280::ee-critical-aia-invalid": "the extension is read, whatever the CA says of ignoring it",
}
TOOLS = os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests"))
SUITES = os.environ.get("HTTPSH_SUITES", os.path.join(ROOT, "../shared/suites"))


def write(folder, name, certs):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write("\n".join(certs))
    return path


def unix(case):
    at = case.get("validation_time")
    return int(datetime.datetime.fromisoformat(at).timestamp()) if at else int(time.time())


def host_of(case):
    name = case.get("expected_peer_name")
    return name["value"] if name and name["kind"] in ("DNS", "IP") else None


def openssl_accepts(folder, case, strict):
    command = ["openssl", "verify", "-purpose", "sslserver", "-attime", str(unix(case)), "-CAfile",
               os.path.join(folder, "roots.pem"), "-untrusted", os.path.join(folder, "chain.pem")]
    command += ["-x509_strict"] if strict else ["-partial_chain"]
    host = host_of(case)
    if host:
        is_ip = case["expected_peer_name"]["kind"] == "IP"
        command += ["-verify_ip" if is_ip else "-verify_hostname", host]
    return subprocess.run(command + [os.path.join(folder, "leaf.pem")], capture_output=True).returncode == 0


def run(folder, case, *options):
    write(folder, "roots.pem", case["trusted_certs"])
    write(folder, "leaf.pem", [case["peer_certificate"]])
    write(folder, "chain.pem", [case["peer_certificate"]] + case["untrusted_intermediates"])
    command = [os.path.join(TOOLS, "x509check"), "--ca-file", os.path.join(folder, "roots.pem"), "--chain",
               os.path.join(folder, "chain.pem"), "--time", str(unix(case)), *options]
    if host_of(case):
        command += ["--host", host_of(case)]
    start = time.monotonic()
    out = subprocess.run(command, capture_output=True, timeout=10)
    return out.returncode, out.stderr.decode(errors="replace").strip(), time.monotonic() - start


def main():
    files = [word for word in sys.argv[1:] if not word.startswith("-")]
    path = files[0] if files else os.path.join(SUITES, "x509-limbo.json.gz")
    if not os.path.exists(path):
        print("skipped: %s is not there" % path)
        print("0 passed, 0 failed")
        return 0
    cases = json.load((gzip.open if path.endswith(".gz") else open)(path))["testcases"]
    exceptions = json.load(open(os.path.join(HERE, "limbo-exceptions.json")))
    passed = failed = agreed = shell = 0
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            if case["validation_kind"] != "SERVER":
                continue
            status, said, seconds = run(folder, case)
            slowest = max(slowest, seconds)
            agrees = (status == 0) == (case["expected_result"] == "SUCCESS") and status in (0, 1)
            listed = case["id"] in exceptions
            agreed += agrees
            false_accept = not agrees and status == 0 and not openssl_accepts(folder, case, True)
            if agrees != listed and not false_accept:
                passed += 1
            else:
                failed += 1
                print("%s: expected %s, exit %d%s%s\n    %s" % (case["id"], case["expected_result"], status,
                      ", openssl refuses" if false_accept else "", ", listed" if listed else "", said))
            with_shell, told, _ = run(folder, case, "--shell")
            alike = (with_shell == 0) == (case["expected_result"] == "SUCCESS") and with_shell in (0, 1)
            shell += alike
            known = exceptions.get(case["id"], SHELL.get(case["id"]))
            if alike or known or (with_shell == 0 and openssl_accepts(folder, case, False)):
                passed += 1
            else:
                failed += 1
                print("%s: expected %s, exit %d with --shell\n    %s" % (case["id"], case["expected_result"],
                      with_shell, told))
            if not alike and "-v" in sys.argv:
                print("%s differs with --shell: %s" % (case["id"], known or told))
            if not agrees and "-v" in sys.argv:
                print("%s differs: %s" % (case["id"], exceptions.get(case["id"], said)))
    print("%d agree, %d with the policy of the shell, slowest %.0f ms" % (agreed, shell, slowest * 1000))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
