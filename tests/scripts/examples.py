#!/usr/bin/env python3
"""Every command's example, as help shows it, runs against the lab; its output lines must be among what is printed, in
order."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))


def shell(text):
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([HTTPSH, "--no-session"], input=text, capture_output=True, text=True, timeout=60,
                              cwd=folder)


def main():
    passed = failed = 0
    for name in re.findall(r"^  (\S+) ", shell("help\n").stdout, re.M):
        example = shell("help %s\n" % name).stdout.partition("\nExample:\n")[2]
        lines = [line for line in example.split("\n") if line.startswith("  ")]
        commands = [line[10:] for line in lines if line.startswith("  httpsh> ")]
        expected = [line[2:] for line in lines if not line.startswith("  httpsh> ")]
        out = shell("lab start\n" + "\n".join(commands) + "\n")
        at = 0
        for line in out.stdout.split("\n"):
            at += at < len(expected) and line == expected[at]
        ok = bool(commands) and out.returncode == 0 and at == len(expected)
        passed += ok
        failed += not ok
        if not ok:
            print("%s: exit %d, %d of %d lines\n%s\n%s" % (name, out.returncode, at, len(expected), out.stdout,
                out.stderr))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
