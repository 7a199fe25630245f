#!/usr/bin/env python3
"""Secrets that were used and given up are in no byte of the process any more: each is a mark that its memory is
searched for.

What may keep one, and why: the last exchange (show request shows it as it was sent), a variable, the jar and the
credentials as long as they hold it, libedit's line while it is typed, the receiving buffer of a connection that is
kept.
"""
import base64
import os
import subprocess
import sys
import tempfile

from servers import HTTPSH, Tally
from sites import Site, redirect, reply, server_context

MARK = b"Qz7vKw9xTr4mYp2b"
CHALLENGE = "WWW-Authenticate: Digest realm=r, nonce=n, qop=\"auth\""


class Shell:
    """A shell that reads commands from a pipe, unbuffered on our side."""

    def __init__(self, folder):
        self.process = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT,
                                        cwd=folder, env=dict(os.environ, HOME=folder))

    def run(self, *lines):
        for line in lines:
            self.process.stdin.write(line.encode() + b"\necho done\n")
            self.process.stdin.flush()
            while (answer := self.process.stdout.readline()) != b"done\n":
                if not answer:
                    raise AssertionError("the shell ended at: " + line)

    def regions(self):
        """All bytes that can be written to, with a name of where they are."""
        with open("/proc/%d/maps" % self.process.pid) as maps, open("/proc/%d/mem" % self.process.pid, "rb",
            0) as memory:
            for line in maps:
                words = line.split()
                if "w" not in words[1] or "[v" in line:
                    continue
                start, end = (int(x, 16) for x in words[0].split("-"))
                memory.seek(start)
                try:
                    yield words[5] if len(words) > 5 else "memory", memory.read(end - start)
                except OSError:
                    continue

    def places(self, *marks):
        """Where a mark, or a half of one, still is: its place and what stands around it."""
        found = []
        for name, data in self.regions():
            for mark in marks:
                at = data.find(mark)
                while at >= 0:
                    found.append((name, data[max(0, at - 60):at + len(mark) + 40]))
                    at = data.find(mark, at + 1)
        return found

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)


def spellings(mark):
    """As it is, in base64 behind "u:", and its halves."""
    return [mark, mark[:10], mark[6:], base64.b64encode(b"u:" + mark)[4:20]]


CASES = {
    # name: commands with MARK, then what gives the secret up
    "a password": (["auth basic u:MARK", "get URL/"], ["auth off"]),
    "a password behind a blank": (["auth basic u MARK", "get URL/"], ["auth off"]),
    "a password for Digest": (["auth digest u:MARK", "get URL/digest"], ["auth off"]),
    "a token": (["auth bearer MARK", "get URL/"], ["auth off"]),
    "a password in a URL": (["get SCHEME://u:MARK@HOST/", "get /next"], ["open http://other.test/"]),
    "a header of one request": (["get URL/ X-Api-Key:MARK"], []),
    "a sticky header": (["header set X-Api-Key MARK", "get URL/", "get URL/redirect"], ["header unset X-Api-Key"]),
    "a form's field": (["post URL/ user=me password=MARK"], []),
    "a form that redirects": (["post URL/redirect user=me password=MARK"], []),
    "a part of a multipart form": (["post URL/ --multipart user=me password=MARK"], []),
    "a JSON string": (["post URL/ --json user=me password=MARK"], []),
    "a variable": (["let password = MARK", "post URL/ user=me password=$password"], ["let password = x"]),
    "a body": (["post URL/ --body password=MARK"], []),
    "a cookie": (["cookies set sid=MARK --domain 127.0.0.1", "get URL/"], ["cookies clear"]),
    "a server's cookie": (["get URL/cookie", "get URL/"], ["cookies clear"]),
}


def answer(mark):
    def answer_one(path, head):
        if path == "/redirect":
            return redirect("/")
        if path == "/digest" and "Authorization" not in head:
            return reply("", CHALLENGE, status="401 No")
        # what an answer said stays in the buffer of a connection that is kept, until it is closed or says more: so it
        # is closed here
        return reply("ok", *(["Set-Cookie: sid=%s" % mark.decode(), "Connection: close"] if path == "/cookie" else []))
    return answer_one


def main():
    tally = Tally()
    other = Site()
    with tempfile.TemporaryDirectory() as folder:
        for scheme in ("http", "https"):
            for number, (name, (use, give_up)) in enumerate(CASES.items()):
                if len(sys.argv) > 1 and sys.argv[1] not in name:
                    continue
                mark = MARK[:-2] + b"%02d" % number
                site = Site(answer(mark), context=server_context(folder) if scheme == "https" else None)
                shell = Shell(folder)
                shell.run("trust off", *[line.replace("MARK", mark.decode()).replace("URL",
                    site.url()).replace("SCHEME", scheme)
                                         .replace("HOST", "127.0.0.1:%d" % site.port) for line in use])
                shell.run(*give_up, "set keep-alive off", "get %s/one" % other.url(), "get %s/two" % other.url())
                found = shell.places(*spellings(mark))
                shell.end()
                used = any(mark in body or mark.decode() in head
                           or base64.b64encode(b"u:" + mark)[4:20].decode() in head
                           for _, head, body in site.requests) or "Digest" in name
                tally.check(used, "%s goes over %s" % (name, scheme), site.requests)
                tally.check(not found, "%s is wiped after %s" % (name, scheme), "\n".join(map(str, found)))
    tally.finish()


if __name__ == "__main__":
    main()
