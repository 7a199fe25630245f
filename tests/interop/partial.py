#!/usr/bin/env python3
"""Answers that came in part, and pages that were read in part: every command that used one fails, with status 9 where a
limit of ours was met, and never with 0, unless the part was asked for (set partial on). What a command would have
written stays as it was."""
import gzip
import hashlib
import sys
import tempfile

from servers import Tally
from sites import Last, Site, read, reply, run, write

ROW = "<p class=r>some text <a href=/x>link</a></p>\n"
PAGE = "<!doctype html><title>T</title><h1>One</h1>" + "".join(
    "<p class=r id=a%s>text <a href=/x>link</a></p>\n" % hashlib.sha256(b"%d" % i).hexdigest() for i in range(200))
COMMANDS = ["extract p", "extract -x //p", "extract p n=a", "extract --json p", "count p", "links", "title",
            "save --text -", "clean", "save --clean -", "let x = extract p", "let x = count p", "let x = title",
            "expect extract h1 == One", "expect count p > 0", "expect count p < 1000"]
OF_THE_BODY = ["expect body ~ One", "save -", "save kept.html", "let x = show body", "show body > kept.html"]
DEEP = "<!doctype html><title>T</title><h1>One</h1>" + ROW + 100000 * "<b><i>" + "x"


def cut(body, kept, *fields):
    """Promises all of the body, and ends behind `kept` bytes of it."""
    whole = reply(body, *fields)
    return whole[:whole.index(b"\r\n\r\n") + 4 + kept]


def chunked(body, end):
    return (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body)
            + body +
            b"\r\n" + end)


HTML = "Content-Type: text/html"
# name, settings, answer, the status of `get` and of the commands behind it
ANSWERS = [
    ("max-body", "set max-body 2000", reply(PAGE, HTML), 9),
    ("max-body, compressed", "set max-body 2000", reply(gzip.compress(PAGE.encode()), HTML, "Content-Encoding: gzip"),
     9),
    ("max-body, chunks", "set max-body 2000", chunked(PAGE.encode(), b"0\r\n\r\n"), 9),
    ("an early end", "", cut(PAGE, 3000, HTML), None),
    ("an early end of gzip", "", cut(gzip.compress(PAGE.encode()), 3000, HTML, "Content-Encoding: gzip"), None),
    ("an early end of chunks", "", chunked(PAGE.encode(), b"5\r\nab"), None),
]


def main():
    tally, chosen = Tally(), sys.argv[1:]
    answers = {"/%d" % i: Last(row[2]) for i, row in enumerate(ANSWERS)}
    answers["/deep"] = reply(DEEP, HTML)
    site = Site(lambda path, head: answers[path])
    rows = [(name, "%s; expect fail %s get %s/%d" % (settings or "set follow on", "limit" if status else "http",
        site.url(), i), status, COMMANDS + OF_THE_BODY)
            for i, (name, settings, _, status) in enumerate(ANSWERS)]
    # `clean` is libtidy's repair of all of it
    rows.append(("a page above a limit of depth", "get %s/deep" % site.url(), 9,
                 [c for c in COMMANDS if "clean" not in c]))
    for name, fetch, status, commands in rows:
        if chosen and not any(word in name for word in chosen):
            continue
        for command in commands:
            with tempfile.TemporaryDirectory() as folder:
                write(folder, "kept.html", "as it was")
                got, out, err = run("%s; %s" % (fetch, command), folder)
                tally.check(got in ((status, 8) if "show body" in command else (status or got,)) and got != 0,
                            "%s: %s" % (name, command),
                            "exit %d\n%s\n%s" % (got, out[:300], err[-900:]))
                tally.check(read(folder, "kept.html") == b"as it was", "%s: %s keeps the file" % (name, command))
                if command.startswith(("extract", "count", "title", "links", "save --text", "expect body")):
                    got, out, err = run("%s; set partial on; %s" % (fetch, command), folder)
                    # above max-body nothing is kept, so that there is no part
                    tally.check((got == 0) != ("max-body" in name) and "set partial on" not in err,
                                "%s: %s, set partial on" % (name, command),
                                "exit %d\n%s\n%s" % (got, out[:300], err[-900:]))
    tally.finish()


if __name__ == "__main__":
    main()
