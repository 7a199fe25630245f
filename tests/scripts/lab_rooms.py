#!/usr/bin/env python3
"""All rooms of the lab, as a person walks them: the fault is shown, its cause is named, what `try:` says is typed,
again and again, until the page is there; where no command of ours helps, the first card names the cause, prints no
`try:` and says who must.

    tests/scripts/lab_rooms.py [WORD ...]     only the rooms whose name contains one of the words
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
STEPS_MAX = 5
LAST = "=== that was all ==="


class Shell:
    """A shell that goes on after a failure, and what is typed into it at its start."""

    def __init__(self, folder, *lines):
        self.child = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, cwd=folder,
                                      env=dict(os.environ, HOME=folder, LC_ALL="C.UTF-8"))
        self.say("set on-error continue", "set timeout 2", "set connect-timeout 2", *lines)

    def say(self, *lines):
        """What is printed until all of the lines are done."""
        self.child.stdin.write("\n".join([*lines, "echo '%s'" % LAST]) + "\n")
        self.child.stdin.flush()
        heard = []
        for line in self.child.stdout:
            if line.rstrip("\n") == LAST:
                return "".join(heard)
            heard.append(line)
        raise EOFError("the shell ended:\n" + "".join(heard))

    def close(self):
        self.child.stdin.close()
        self.child.stdout.close()
        self.child.wait(60)


def rooms(listed):
    """host -> {"fault": ..., "cause": ..., "cure": ..., "mend": ...}, as far as `lab list` has them."""
    found = {}
    for line in listed.splitlines():
        row = re.match(r"([a-z0-9.]+\.lab\.test) ", line)
        part = re.match(r" +(fault|cause|cure|mend): +(.*)", line)
        if row:
            found[row.group(1)] = {}
        elif part:
            found[list(found)[-1]][part.group(1)] = part.group(2)
    return found


def walk(shell, host):
    """(typed, causes, page, what the last step printed)"""
    typed, causes = [], []
    for _ in range(STEPS_MAX):
        seen = shell.say("get https://%s/ > page" % host, "show tls", "!cat page; rm -f page")
        causes += re.findall(r"^cause +.*\((\w+)\)$", seen, re.M)
        hints = re.findall(r"^try: (.*?)(?: +# .*)?$", seen, re.M)
        if not hints:
            break
        typed.append(hints[-1])
        shell.say(typed[-1])
    return typed, causes, "<html" in seen, seen


def wrong_with(room, typed, causes, page, seen):
    """Why a walk is not as the room says; None when it is."""
    if "fault" not in room:
        return None if page and not typed and not causes else "a healthy room"
    if room["cause"] not in causes:
        return "the cause %s is not among %r" % (room["cause"], causes)
    if "cure" in room:
        return None if page and typed else "its cure does not lead to the page"
    if page or typed or causes != [room["cause"]]:
        return "a command is to be typed, though none cures it"
    return None if "mend" in room and room["mend"] in seen else "nobody is named who can mend it"


def main():
    failed = 0
    words = sys.argv[1:] or [""]
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(folder, "lab start")
        found = rooms(shell.say("lab list"))
        shell.close()
        chosen = [host for host in found if any(word in host for word in words)]
        for host in chosen:
            shell = Shell(folder, "lab start")
            went = walk(shell, host)
            shell.close()
            wrong = wrong_with(found[host], *went)
            failed += wrong is not None
            if wrong is not None:
                print("FAILED: %s: %s, typed %r, causes %r\n%s" % (host, wrong, *went[:2], went[3]))
    failed += not chosen
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
