#!/usr/bin/env python3
"""URLs against web-platform-tests' urltestdata (../shared/suites/urls-whatwg.json.gz), through tests/tools/urltool.

Every case must agree, whatever its scheme.
"""
import gzip
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests"))
SUITES = os.environ.get("HTTPSH_SUITES", os.path.join(ROOT, "../shared/suites"))


def hexed(text):
    return text.encode("utf-8", "surrogatepass").hex()


def main():
    path = os.path.join(SUITES, "urls-whatwg.json.gz")
    if not os.path.exists(path):
        print("skipped: %s is not there" % path)
        print("0 passed, 0 failed")
        return 0
    data = json.load(gzip.open(path))
    cases = data["cases"] if isinstance(data, dict) else data
    cases = [case for case in cases if isinstance(case, dict)]
    lines = "".join("%s %s\n" % (hexed(case["base"]) if case.get("base") else "-",
                                 hexed(case["input"])) for case in cases)
    out = subprocess.run([os.path.join(TOOLS, "urltool")], input=lines.encode(), capture_output=True, check=True)
    answers = out.stdout.decode().split("\n")[:-1]
    passed = failed = 0
    for case, answer in zip(cases, answers):
        expected = "FAIL" if case.get("failure") else case["href"]
        if answer == expected:
            passed += 1
        else:
            failed += 1
            print("%r base %r: %s instead of %s" % (case["input"], case.get("base"), answer, expected))
    if len(answers) != len(cases):
        failed += 1
        print("%d answers for %d cases" % (len(answers), len(cases)))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
