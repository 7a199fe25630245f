#!/usr/bin/env python3
"""CSS selectors against the cases of soupsieve, cssselect, sizzle, cascadia and lexbor
(../shared/suites/selectors.json.gz) through tests/tools/selecttool. What differs is listed with its reason in
css_selectors-exceptions.json: {"cases": {"SUITE NAME SELECTOR": reason}, "invalid": {"SELECTOR": reason}}. -v lists
all.
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TOOLS = os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests"))
SUITES = os.environ.get("HTTPSH_SUITES", os.path.join(ROOT, "../shared/suites"))


def ask(path, selector, attribute="id"):
    out = subprocess.run([os.path.join(TOOLS, "selecttool"), path, "--attr", attribute, selector], capture_output=True)
    return out.returncode, out.stdout.decode(errors="replace").split("\n")[:-1], out.stderr.decode(errors="replace").strip()


def main():
    path = os.path.join(SUITES, "selectors.json.gz")
    if not os.path.exists(path):
        print("skipped: %s is not there" % path)
        print("0 passed, 0 failed")
        return 0
    data = json.load(gzip.open(path))
    exceptions = json.load(open(os.path.join(HERE, "css_selectors-exceptions.json")))
    passed = failed = agreed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in data["docs"].items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(text.encode("utf-8", "surrogatepass"))
        for case in data["cases"]:
            # no argument can hold a NUL
            if case.get("check") != "ok" or "expected" not in case or "\0" in case["selector"]:
                continue
            status, ids, said = ask(os.path.join(folder, case["doc"]), case["selector"], case.get("idattr") or "id")
            agrees = status == 0 and [i for i in ids if i] == [i for i in case["expected"] if i]
            key = "%s %s %s" % (case["suite"], case["name"].split(".")[-1], case["selector"])
            agreed += agrees
            if agrees != (key in exceptions["cases"]):
                passed += 1
            else:
                failed += 1
                print("%s (%s, chromium %s): %s instead of %s %s" % (key, case["doc"], case.get("chromium"), ids,
                                                                    case["expected"], said))
        for case in data["invalid"]:
            if case.get("chromium") == "valid" or "\0" in case["selector"]:
                continue
            status, _, _ = ask(os.path.join(folder, next(iter(data["docs"]))), case["selector"])
            agreed += status == 2
            if (status == 2) != (case["selector"] in exceptions["invalid"]):
                passed += 1
            else:
                failed += 1
                print("invalid %r: exit %d" % (case["selector"], status))
    print("%d agree" % agreed)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
