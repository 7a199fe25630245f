#!/usr/bin/env python3
"""The contract of tlsshim against `openssl s_server`, and the tables that BoringSSL's runner reads."""
import json
import os
import subprocess

import servers

SHIM = os.path.join(os.environ.get("TOOLS", os.path.join(servers.ROOT, ".build/default/tests")), "tlsshim")


def shim(port, *options):
    p = subprocess.run([SHIM, "-port", str(port), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
    return p.returncode, p.stderr.decode()


def main():
    servers.enter_private_network()
    bench, tally = servers.Bench(), servers.Tally()
    path = bench.certs.path
    port = servers.free_port()
    bench.openssl(port, "rsa", "-cipher", servers.OPENSSL_WEAK)
    quiet = ("-shim-shuts-down", "-check-close-notify")
    client = ("-cert-file", path("client.crt"), "-key-file", path("client.key"))
    with open(path("ed25519.key"), "w") as f:
        f.write(servers.sh(["openssl", "genpkey", "-algorithm", "ed25519"]).stdout.decode())

    def check(name, status, word, *options):
        got, err = shim(port, *options)
        tally.check(got == status and (err == "" if word is None else err.startswith(word)), name,
                    "exit status %d, standard error: %s" % (got, err))

    check("a handshake", 0, None, *quiet)
    check("what is expected", 0, None, *quiet, "-expect-version", "772", "-expect-curve-id", "29")
    check("another version", 1, "the version", *quiet, "-expect-version", "771")
    check("versions", 0, None, *quiet, "-no-tls13", "-max-version", "772", "-expect-version", "771")
    check("no versions", 1, "no_common", *quiet, "-min-version", "771", "-max-version", "770")
    check("for the first connection only", 0, None, *quiet, "-on-initial-expect-version", "772",
          "-on-resume-expect-version", "768")
    check("resumption", 0, None, *quiet, "-max-version", "771", "-resume-count", "2")
    check("not resumed", 1, "the session was", *quiet, "-max-version", "771", "-resume-count", "1",
          "-expect-session-miss")
    check("verification fails", 1, "certificate_judged:", *quiet, "-verify-peer", "-verify-fail")
    check("so does the custom one", 1, "certificate_judged:", *quiet, "-verify-fail", "-use-custom-verify-callback")
    check("not asked to verify", 0, None, *quiet, "-expect-verify-result")
    check("a client certificate", 0, None, *quiet, *client)
    check("its scheme", 0, None, *quiet, *client, "-max-version", "771", "-signing-prefs", "2054")
    check("staples that are not there", 1, "the OCSP response", *quiet, "-enable-ocsp-stapling",
          "-expect-ocsp-response", "MAMKAQY=")
    check("timestamps that are not there", 1, "the timestamps", *quiet, "-enable-signed-cert-timestamps",
          "-expect-signed-cert-timestamps", "AAQAAgEC")
    check("no renegotiation came", 0, None, *quiet, "-renegotiate-freely", "-expect-total-renegotiations", "0")
    check("one was expected", 1, "0 renegotiations instead of 1", *quiet, "-expect-total-renegotiations", "1")
    check("a key share of choice", 0, None, *quiet, "-curves", "29", "-curves", "24", "-key-shares", "24",
          "-enable-grease", "-expect-no-hrr", "-expect-curve-id", "24")
    check("one credential in the newer way", 0, None, *quiet, "-new-x509-credential", *client)
    check("two of them", 89, "not implemented: more than one", *quiet, *(("-new-x509-credential", *client) * 2))
    check("a key that is not spoken", 89, "", "-cert-file", path("client.crt"), "-key-file", path("ed25519.key"))
    check("an unknown option", 89, "not implemented: -server", "-server")
    check("of a prefix", 89, "not implemented: -dtls", "-on-resume-dtls")
    check("retries", 89, "not implemented: -on-retry-", "-on-retry-verify-fail")
    check("no group that is spoken", 89, "not implemented: the groups", "-curves", "9999")
    check("one group of two", 0, None, *quiet, "-curves", "9999", "-curves", "24", "-expect-curve-id", "24")
    check("nobody listens", 1, "network:", "-port", "1", *quiet)
    p = subprocess.run([SHIM, "-is-handshaker-supported"], stdout=subprocess.PIPE)
    tally.check(p.returncode == 0 and p.stdout == b"No\n", "is there a handshaker", p.stdout)

    for name in ("bogo-config.json", "bogo-config-2018.json", "bogo-exceptions.json"):
        with open(os.path.join(servers.HERE, name)) as f:
            table = json.load(f)
        rows = table["ErrorMap"] if "ErrorMap" in table else {k: v for part in table.values() for k, v in part.items()}
        tally.check(rows and all(rows.values()), name, rows)
    tally.finish()


if __name__ == "__main__":
    main()
