#!/usr/bin/env python3
"""curl's replies (../shared/suites/http-replies.jsonl.gz): a loopback server sends them byte for byte, httpsh gets
the commands that ask for the same as curl's command line, and its requests, bodies and success are compared.

Tier A needs a plain GET and must hold whole; of tier B nine in ten must. What differs is listed with its reason in
replies-exceptions.json; a test that is listed and holds is a failure too. Arguments: numbers of tests to run, -v.

What a test of curl's reads from files (bodies, cookies, a .curlrc, a date) is not in its row: it is taken from the
request that is expected, where that shows it.
"""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

from replies_commands import OWN_FIELDS, Translation, Untranslatable
from replies_server import Server, decoded

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
SUITES = os.environ.get("HTTPSH_SUITES", os.path.join(ROOT, "../shared/suites"))
EXCEPTIONS = os.path.join(HERE, "replies-exceptions.json")


def normal_multipart(request):
    boundary = re.search(r"boundary=(\S+)", (request.values("Content-Type") or [""])[0])
    if not boundary:
        return request.body
    return request.body.replace(boundary.group(1).encode(), b"BOUNDARY")


def normal_field(name, value):
    value = re.sub(r"boundary=\S+", "boundary=BOUNDARY", value)
    if name == "authorization" and value.startswith("Digest"):
        # the order and quoting of parameters are free, and our cnonce is our own
        words = dict(re.findall(r'(\w+)="?((?:[^",\\]|\\.)*)"?', value[7:]))
        if words.get("cnonce"):
            words["cnonce"] = words["response"] = "OURS"
        return str(sorted(words.items()))
    return value


def compare_requests(expected, got, by_hand):
    if len(expected) != len(got):
        return "%d requests instead of %d: %s" % (len(got), len(expected), [r.line for r in got])
    for want, have in zip(expected, got):
        if want.line != have.line:
            return "%r instead of %r" % (have.line, want.line)
        if normal_multipart(want) != normal_multipart(have):
            return "body %r instead of %r" % (have.body[:200], want.body[:200])
        for name, _ in want.headers:
            name = name.strip().lower()
            if name in OWN_FIELDS and name not in by_hand:
                continue
            a = [normal_field(name, v) for v in want.values(name)]
            b = [normal_field(name, v) for v in have.values(name)]
            if a != b:
                return "%s: %r instead of %r" % (name, b, a)
    return None


def run(row, server):
    """None when it holds, or what differs."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            translation = Translation(row, folder)
            lines = translation.commands()
        except Untranslatable as reason:
            return "no command for curl's %s" % reason
        server.begin(row)
        shell = subprocess.run([HTTPSH, "--no-session", "-c", "\n".join(lines)], input=translation.stdin,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        if "-v" in sys.argv:
            print("\n".join(lines), shell.stderr.decode(errors="replace"), sep="\n")
        expect = row["expect"]
        success = expect["exit"] == [0]
        said = shell.stderr.decode(errors="replace").strip()[-300:]
        if shell.returncode < 0 or shell.returncode == 2 or (shell.returncode == 0) != success:
            return "exit status %d, curl %s: %s" % (shell.returncode, expect["exit"], said)
        if translation.expected:
            by_hand = {item.partition(":")[0].lower() for item in translation.items if ":" in item}
            different = compare_requests(translation.expected, list(server.requests), by_hand)
            if different:
                return different
        if success and expect["body"] is not None and expect["source"] != "verify/stdout":
            printed = translation.printed()
            if printed != decoded(expect["body"]):
                return "body %r instead of %r" % (printed[:200], decoded(expect["body"])[:200])
        return None


def main():
    path = os.path.join(SUITES, "http-replies.jsonl.gz")
    if not os.path.exists(path):
        print("skipped: %s is not there" % path)
        print("0 passed, 0 failed")
        return 0
    rows = [json.loads(line) for line in gzip.open(path)]
    chosen = {int(word) for word in sys.argv[1:] if word.isdigit()}
    exceptions = json.load(open(EXCEPTIONS))
    server = Server()
    passed = failed = 0
    held = {"A": 0, "B": 0}
    total = {"A": 0, "B": 0}
    for row in rows:
        if chosen and row["test"] not in chosen:
            continue
        total[row["tier"]] += 1
        try:
            different = run(row, server)
        except subprocess.TimeoutExpired:
            different = "httpsh did not end"
        held[row["tier"]] += different is None
        reason = exceptions.get(str(row["test"]))
        if different is None and reason is None:
            passed += 1
        elif different is not None and reason is not None:
            passed += 1
            if "-v" in sys.argv:
                print("%s %d differs as listed: %s (%s)" % (row["tier"], row["test"], different, reason))
        else:
            failed += 1
            print("%s %d %s: %s" % (row["tier"], row["test"], row["name"],
                                    different or "holds, but is listed as an exception"))
    for tier in "AB":
        print("tier %s: %d of %d hold" % (tier, held[tier], total[tier]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
