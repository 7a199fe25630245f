#!/usr/bin/env python3
"""What a request shows on a terminal, and that what the network sends does not steer it."""
import os
import re
import sys
import time

from terminal import CTRL_C, TAB, answering, check, http, run, same


# ---- what the network sends ----

EVIL = b"\x1b]0;owned\x07\x1b[2Jtext\x9b31m\xc2\x9b31m\x00\x08end"


def clean(s):
    """Only libedit's and our own escape sequences: none of those that the server sent."""
    for bad in ("\x1b]0", "\x1b[2J", "\x9b", "\x00", "\x08end"):
        check(bad not in s.output, "%r reached the terminal: %r" % (bad, s.output[-800:]))


def test_control_bytes_are_escaped(t):
    evil = EVIL.decode("latin-1").replace("\x00", "")
    page = b"<title>" + EVIL + b"</title><h1 id='x\x1b[2J' class='y\x1b[2J'>" + EVIL + b"</h1><a href='/\x1b[2J\x07'>" + EVIL + b"</a>"
    port = t.server(answering(http(page,
                                   "Content-Type: text/html\r\nX-Odd: a\xa9\x9b31mb\r\nSet-Cookie: odd=\xa9\x9b31m\r\n",
                                   "200 OK" + evil.replace("\x07", "").replace("\x1b", "").replace("\x08", ""))))
    s = t.shell("--no-session", columns=200)
    s.run("get http://127.0.0.1:%d/" % port)
    for line in ("title", "extract h1", "extract h1 @id", "links", "show body", "show headers", "show", "cookies",
                 "clean",
                 "clean --report", "echo ${header.x-odd}", "let x = title", "echo $x", "let", "expect extract h1 == a",
                 "expect header x-odd == b", "echo ${reason}", "!true", "get http://127.0.0.1:%d/ | true" % port):
        s.run(line)
        clean(s)
    check("\x07" not in s.output)
    s.type("extract x" + TAB + TAB)       # libedit's own bell
    s.quiet()
    s.type(CTRL_C)
    s.expect("> $")
    clean(s)
    check("\\x1B[2Jtext" in s.output, "nothing was shown at all")


def test_bytes_of_a_plain_port_are_escaped(t):
    port = t.server(lambda peer: peer.sendall(b"\x1b[2J\x07SSH-2.0-x\r\n" + EVIL) or time.sleep(1))
    s = t.shell("--no-session")
    s.run("get https://127.0.0.1:%d/" % port)
    clean(s)


# ---- what a request shows ----

def test_status_line_and_preview(t):
    s = t.shell("--no-session")
    s.run("lab start")
    out = s.run("get https://ok.lab.test/")
    check(re.match(r"HTTP/1\.1 200 OK  text/html[^\n]* bytes, \d+ ms, TLSv1\.\d\n  httpsh lab\n", out), out)
    check("\x1b[32mHTTP/1.1 200" in s.output, "no colour")
    check("<html" not in out)
    out = s.run("get https://ok.lab.test/ > page")
    check(out.count("\n") == 1 and out.startswith("HTTP/1.1 200"), out)
    check("<html" in t.read("page"))


def test_a_script_on_a_terminal_says_what_came(t):
    s = t.shell("--no-session", "-c", "lab start; get https://ok.lab.test/", prompt=None)
    same(s.wait(), 0)
    check("HTTP/1.1 200" in s.output and "> " not in s.output, s.output)


def test_nothing_but_content_when_piped(t):
    out = t.batch("--no-session", "-c", "lab start; get https://ok.lab.test/; title; nonsense")
    same((out.stdout, out.returncode), ("httpsh lab\n", 2))
    check("HTTP/1.1" not in out.stderr and "\x1b" not in out.stderr and "unknown command" in out.stderr, out.stderr)


def trickle(peer):
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (4 << 20))
    for _ in range(16):
        peer.sendall(b"x" * (256 << 10))
        time.sleep(0.08)


def test_progress_on_a_terminal_only(t):
    port = t.server(trickle)
    s = t.shell("--no-session", columns=60)
    s.run("set resolve x:80:127.0.0.1")
    s.line("get http://127.0.0.1:%d/ > big" % port)
    bar = s.expect(r"\r\x1b\[K([^\r\n]*\d+ % \[#+ *\][^\r\n]*MiB/s[^\r\n]*s left)", raw=True).group(1)
    check(len(bar) < 60, "a bar of %d columns on 60" % len(bar))
    s.expect(r"HTTP/1.1 200[^\n]*4096 KiB[^\n]*\n[^\n]*> $")
    same(os.path.getsize(t.path("big")), 4 << 20)
    out = t.batch("--no-session", "-c", "get http://127.0.0.1:%d/ > big2" % port)
    same((out.returncode, out.stdout, out.stderr), (0, "", ""))


def test_pager(t):
    t.write("pager", "#!/bin/sh\necho PAGED\ncat\n")
    os.chmod(t.path("pager"), 0o755)
    port = t.server(answering(http(b"line\n" * 100, "Content-Type: text/plain\r\n")))
    s = t.shell("--no-session")
    s.run("set pager ./pager")
    s.run("get http://127.0.0.1:%d/" % port)
    out = s.run("show body")
    check(out.startswith("PAGED\n") and out.count("line\n") == 100, out)
    same(s.run("echo short"), "short\n")
    s.run("set pager off")
    check("PAGED" not in s.run("show body"))


if __name__ == "__main__":
    sys.exit(run(globals()))
