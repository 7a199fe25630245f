#!/usr/bin/env python3
"""Transcripts through the real program. tests/scripts/*.t hold cases:

    == name of the case
    a command, or several lines of them
    | a line of standard output, exactly
    ! a part of standard error
    ? 2                     (the exit status, 0 when not said)

All output lines must be listed, in order; those that begin with "|~ " are regular expressions.
    transcripts.py [WORD...]      only the cases with one of the words in their name or their file's
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))


def cases(path):
    case = None
    for line in open(path):
        line = line.rstrip("\n")
        if line.startswith("== "):
            if case:
                yield case
            case = {"name": line[3:], "script": [], "out": [], "err": [], "status": 0}
        elif case is None:
            continue
        elif line.startswith("|"):
            case["out"].append(line)
        elif line.startswith("! "):
            case["err"].append(line[2:])
        elif line.startswith("? "):
            case["status"] = int(line[2:])
        else:
            case["script"].append(line)
    if case:
        yield case


def chosen_cases(words):
    for path in sorted(glob.glob(os.path.join(HERE, "*.t"))):
        for case in cases(path):
            if not words or any(word in os.path.basename(path) + " " + case["name"] for word in words):
                yield path, case


def same(expected, line):
    if expected.startswith("|~ "):
        return re.fullmatch(expected[3:], line) is not None
    return expected[2:] == line


def run(case):
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, HTTPSH=HTTPSH, LC_ALL="C.UTF-8")
        out = subprocess.run([HTTPSH, "--no-session"], input="\n".join(case["script"]) + "\n", capture_output=True,
                             text=True, timeout=60, cwd=folder, env=env, errors="replace")
    lines = out.stdout.split("\n")[:-1]
    wrong = []
    if len(lines) != len(case["out"]) or not all(same(e, l) for e, l in zip(case["out"], lines)):
        wrong.append("output:\n    " + "\n    ".join(lines) + "\n  instead of:\n    " + "\n    ".join(case["out"]))
    for part in case["err"]:
        if part not in out.stderr:
            wrong.append("no %r in standard error" % part)
    if out.returncode != case["status"]:
        wrong.append("exit status %d instead of %d" % (out.returncode, case["status"]))
    if wrong:
        wrong.append("standard error:\n    " + out.stderr.replace("\n", "\n    "))
    return wrong


def play(words, judge):
    """What judge(case) says of each case chosen by the words is printed: how many had nothing wrong, and how many
    had."""
    passed = failed = 0
    for path, case in chosen_cases(words):
        try:
            wrong = judge(case)
        except subprocess.TimeoutExpired:
            wrong = ["it did not end"]
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print("%s: %s\n  %s" % (os.path.basename(path), case["name"], "\n  ".join(wrong)))
    return passed, failed


def main():
    passed, failed = play(sys.argv[1:], run)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
