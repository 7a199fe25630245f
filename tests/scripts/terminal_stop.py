#!/usr/bin/env python3
"""Ctrl-C on a terminal, whatever runs: a connection, a question to a page, a script, libtidy in its box."""
import os
import re
import signal
import socket
import sys
import threading
import time

from terminal import CTRL_C, PATIENCE, TAB, answering, check, http, run, same


# ---- Ctrl-C and what runs ----

def interrupted(s, line):
    s.line(line)
    s.quiet(0.5)
    started = time.monotonic()
    s.type(CTRL_C)
    s.expect(r"interrupted[^\n]*\n(.|\n)*> $")
    check(time.monotonic() - started < 5, "the interrupt took %.1f s" % (time.monotonic() - started))
    s.run("echo alive")


def test_quit_is_ignored(t):
    s = t.shell("--no-session")
    s.type("echo st")
    s.expect("st$")
    s.type("\x1c")             # the terminal throws away what has not been read
    s.quiet()
    s.type("ill here\r")
    s.expect(r"\nstill here\r\n[^\n]*> $")
    s.line("!sleep 30")
    s.quiet(0.5)
    s.type("\x1c")             # what runs gets it
    s.expect(r"> $")
    same(s.run("echo alive"), "alive\n")


def test_interrupt_while_connecting(t):
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    t.open.append(full)
    for _ in range(3):          # the queue is full: further SYNs are not answered
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
        t.open.append(filler)
    interrupted(t.shell("--no-session"), "get https://127.0.0.1:%d/" % full.getsockname()[1])


def test_interrupt_in_handshake(t):
    port = t.server(lambda peer: time.sleep(60))
    interrupted(t.shell("--no-session"), "get https://127.0.0.1:%d/" % port)


def test_interrupt_in_head_and_body(t):
    def slow(peer):
        path = peer.recv(65536).split()[1]
        if path == b"/body":
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\npart")
        time.sleep(60)
    port = t.server(slow)
    s = t.shell("--no-session")
    interrupted(s, "get http://127.0.0.1:%d/" % port)
    interrupted(s, "get http://127.0.0.1:%d/body" % port)
    interrupted(s, "get http://127.0.0.1:%d/body > kept" % port)
    check(not os.path.exists(t.path("kept")), "half a body was kept")


def page_server(t, page):
    def answer(peer):
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                     % len(page) + page)
    return t.server(answer)


def test_interrupt_in_a_question_to_a_page(t):
    port = page_server(t, b"<b class=row>x</b>" * 2000 + b"y" * 100000)
    s = t.shell("--no-session")
    s.run("get http://127.0.0.1:%d/" % port)
    interrupted(s, "extract -x '//b[count(//b[contains(/, \"no\")]) > 0]'")
    interrupted(s, "let t = extract -x '//b[count(//b[contains(/, \"no\")]) > 0]'")
    same(s.run("extract 'b:nth-child(2000)'"), "x\n")
    s.run("let t = show body")
    interrupted(s, "expect t ~ '(y?){70}z'")


def test_tab_and_preview_on_a_hostile_page(t):
    port = page_server(t, b"<b>" * 4000 + b"</q>" * 300000)
    s = t.shell("--no-session")
    started = time.monotonic()
    s.run("get http://127.0.0.1:%d/" % port)
    s.type("extract .a" + TAB)
    s.quiet(0.5)
    s.type(CTRL_C)
    s.run("echo alive")
    check(time.monotonic() - started < 10, "it took %.1f s" % (time.monotonic() - started))


def test_interrupt_stops_a_line_and_a_script(t):
    came = threading.Event()
    port = t.server(lambda peer: (came.set(), time.sleep(60)))
    s = t.shell("--no-session")
    interrupted(s, "get http://127.0.0.1:%d/; echo never" % port)
    check("\nnever" not in s.output)
    came.clear()
    t.write("slow.hsh", "set on-error continue\nexpect fail any get http://127.0.0.1:%d/\necho never\n" % port)
    s = t.shell("--no-session", "slow.hsh", prompt=None)
    came.wait(PATIENCE)
    s.type(CTRL_C)
    same(s.wait(), 130)
    check("never" not in s.output)


def test_interrupted_child_stops_a_script(t):
    # dash looks at a key that came while it started a program only when that has ended: so a short one, again and again
    s = t.shell("--no-session", "-c", "!echo begun; while :; do sleep 0.1; done\necho never", prompt=None)
    s.expect("begun")
    s.type(CTRL_C)
    same(s.wait(), 130)
    check("never" not in s.output)


# ---- libtidy in its box ----

PLAIN = "Content-Type: text/plain\r\n"          # no preview
BOMBS = {"memory": b"<tr><dl></table>", "font": b"<font size=i>x<p>y" * 2300, "depth": b"<div>" * 87000,
         "output": b"<select>" * 10000 + b"<optgroup>" * 25000 + b"x"}


def bomb_server(t, bomb):
    return "http://127.0.0.1:%d/" % t.server(answering(http(bomb, PLAIN)))


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(word) for word in f.read().split()]
    except OSError:
        return []


def soon(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        check(time.monotonic() < end, what)
        time.sleep(0.01)


def start_cleaning(s, url):
    """Helper and child of the box, while the child works."""
    s.run("get " + url)
    s.line("clean")
    soon("no box", lambda: any(children(pid) for pid in children(s.pid)))
    return children(s.pid)[0], children(children(s.pid)[0])[0]


def test_bombs_end_at_limits(t):
    for name, bomb in BOMBS.items():
        out = t.batch("--no-session", "-c", "get %s > /dev/null\nclean" % bomb_server(t, bomb))
        same((name, out.returncode, out.stdout), (name, 9, ""))
        check(re.search(r"libtidy took more than \d+ (s|MB) on this page", out.stderr), out.stderr)


def test_interrupt_in_the_box(t):
    s = t.shell("--no-session")
    for name in "font", "depth":
        helper, _ = start_cleaning(s, bomb_server(t, BOMBS[name]))
        start = time.monotonic()
        s.type(CTRL_C)
        s.expect(r"httpsh: reading the page by libtidy was interrupted\r\n[^\n]*> $")
        check(time.monotonic() - start < 5, "%.1f s" % (time.monotonic() - start))
        same(children(helper), [])
    s.type(CTRL_C)                                      # at the prompt: the helper does not hear it
    s.expect(r"> $")
    s.run("get http://127.0.0.1:%d/" % t.server(answering(http(b"<p>one<p>two", PLAIN))))
    check("<p>two</p>" in s.run("clean --flat"))
    same(s.run("!false || echo three"), "three\n")
    same(children(s.pid), [helper])


def test_max_time_ends_the_box(t):
    s = t.shell("--no-session")
    s.run("get " + bomb_server(t, BOMBS["font"]))
    s.run("set max-time 100ms")
    check("libtidy took longer than max-time" in s.run("clean"))
    same(s.run("echo on"), "on\n")


def test_box_ends_with_the_shell(t):
    for number in signal.SIGKILL, signal.SIGHUP:
        s = t.shell("--no-session")
        helper, boxed = start_cleaning(s, bomb_server(t, BOMBS["font"]))
        s.send_signal(number)
        s.wait()
        soon("box %d lives on" % boxed, lambda: not any(os.path.exists("/proc/%d/exe" % pid) for pid in (helper,
            boxed)))


if __name__ == "__main__":
    sys.exit(run(globals()))
