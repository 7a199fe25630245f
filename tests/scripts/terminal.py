#!/usr/bin/env python3
"""The shell as a person has it: in a real terminal (a pty), key by key, against its own lab and against small servers here.

Every test is a function test_*(t): t makes terminals and servers and cleans up behind it.
    tests/scripts/terminal.py [WORD ...]     only the tests whose name contains one of the words
"""
import contextlib
import errno
import fcntl
import os
import re
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import traceback
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
PATIENCE = 20          # seconds for what takes milliseconds: other builds may share the machine
CTRL_C, CTRL_D, CTRL_Z, TAB, UP, LEFT = "\x03", "\x04", "\x1a", "\t", "\x1b[A", "\x1b[D"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78M]")


class Screen:
    """What a person sees: enough of an xterm for libedit."""

    def __init__(self, columns):
        self.columns, self.lines, self.x, self.y = columns, [[]], 0, 0

    def put(self, c):
        if unicodedata.combining(c):
            self.lines[self.y][max(self.x - 1, 0)] += c
            return
        width = 2 if unicodedata.east_asian_width(c) in "WF" else 1
        if self.x + width > self.columns:
            self.x, self.y = 0, self.y + 1
        while len(self.lines) <= self.y:
            self.lines.append([])
        row = self.lines[self.y]
        row.extend(" " * (self.x + width - len(row)))
        row[self.x:self.x + width] = [c] + [""] * (width - 1)
        self.x += width

    def control(self, numbers, letter):
        n = int(numbers.split(";")[0] or 1) if numbers[:1] != "?" else 1
        row = self.lines[self.y]
        if letter in "AB":
            self.y = max(0, self.y + (n if letter == "B" else -n))
            while len(self.lines) <= self.y:
                self.lines.append([])
        elif letter in "CDG":
            self.x = max(0, {"C": self.x + n, "D": self.x - n, "G": n - 1}[letter])
        elif letter in "JK":
            del row[self.x:]
            if letter == "J":
                del self.lines[self.y + 1:]
        elif letter == "P":
            del row[self.x:self.x + n]
        elif letter == "@":
            row[self.x:self.x] = [" "] * n

    def feed(self, text):
        for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z@]|\x1b.|.|\n", text):
            if part[:2] == "\x1b[":
                self.control(part[2:-1], part[-1])
            elif part == "\r":
                self.x = 0
            elif part == "\n":
                self.y += 1
                while len(self.lines) <= self.y:
                    self.lines.append([])
            elif part == "\b":
                self.x = max(0, self.x - 1)
            elif part >= " " and part[0] != "\x1b":
                self.put(part)

    def text(self):
        return "\n".join("".join(row) for row in self.lines)


class Terminal:
    """A program on a pty. What it writes is kept in `output`; `seen` is what has been looked at."""

    def __init__(self, argv, env, cwd, columns=80, rows=24):
        self.output, self.seen, self.status, self.columns = "", 0, None, columns
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(argv[0], argv, env)
        self.resize(columns, rows)

    def resize(self, columns, rows=24):
        self.columns = columns
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def line(self, text):
        self.type(text + "\r")

    def pump(self, seconds):
        """Reads what comes within the time; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.output += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, pattern, raw=False):
        """Waits for a regular expression in what has not been looked at; escape sequences are left out unless raw."""
        end = time.monotonic() + PATIENCE
        alive = True
        while True:
            text = self.output[self.seen:]
            found = re.search(pattern, text if raw else ESCAPES.sub("", text))
            if found:
                self.seen = len(self.output)
                return found
            if not alive or time.monotonic() > end:
                raise AssertionError("no %r in %r" % (pattern, self.output[self.seen:][-1500:]))
            alive = self.pump(0.2)

    def quiet(self, seconds=0.3):
        """All that comes until nothing comes any more, as it looks on the screen."""
        length = -1
        while length != len(self.output):
            length = len(self.output)
            self.pump(seconds)
        screen = Screen(self.columns)
        screen.feed(self.output[self.seen:])
        self.seen = len(self.output)
        return screen.text()

    def screen(self):
        """The last line of the screen, with the prompt."""
        self.quiet()
        screen = Screen(self.columns)
        screen.feed(self.output)
        return screen.text().rstrip("\n")

    def run(self, text):
        """Types a line and gives what it prints, up to the next prompt."""
        self.line(text)
        return self.expect(r"\n((?:.|\n)*?)[^\n]*> $").group(1).replace("\r", "")

    def send_signal(self, number):
        os.kill(self.pid, number)

    def wait(self):
        """Exit status; what is still written is read."""
        end = time.monotonic() + PATIENCE
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError("it does not end; it wrote %r" % self.output[-1500:])
            else:
                with contextlib.suppress(OSError):
                    self.pump(0.05)
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class Test:
    """A home of its own for each test."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.folder.name
        self.open = []
        self.env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "SSLKEYLOGFILE")}
        self.env.update(HOME=self.home, XDG_STATE_HOME=self.home + "/state", LC_ALL="C.UTF-8", TERM="xterm")

    def shell(self, *args, prompt=r"httpsh> $", columns=80, program=None, **env):
        terminal = Terminal(program or [HTTPSH, *args], dict(self.env, **env), self.home, columns)
        self.open.append(terminal)
        if prompt:
            terminal.expect(prompt)
        return terminal

    def batch(self, *args, text=None, **env):
        return subprocess.run([HTTPSH, *args], input=text, capture_output=True, text=True, errors="replace", cwd=self.home,
                              env=dict(self.env, **env), timeout=PATIENCE)

    def server(self, answer):
        """A TCP server; answer(socket) in a thread for each connection. Returns its port."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.open.append(listener)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    peer = listener.accept()[0]
                    self.open.append(peer)
                    threading.Thread(target=self.guarded, args=(answer, peer), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    @staticmethod
    def guarded(answer, peer):
        with contextlib.suppress(OSError):
            answer(peer)

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def session(self, *parts):
        return self.path("state", "httpsh", *parts)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def close(self):
        for thing in reversed(self.open):
            thing.close()
        self.folder.cleanup()


def http(body, head="", status="200 OK"):
    return ("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (status, len(body), head)).encode("latin-1") + body


def answering(data):
    def answer(peer):
        while peer.recv(65536):
            peer.sendall(data)
    return answer


def check(condition, what=""):
    if not condition:
        raise AssertionError(what)


def same(got, want):
    check(got == want, "%r instead of %r" % (got, want))


# ---- the prompt ----

def test_prompt_place_and_dangers(t):
    s = t.shell("--no-session")
    s.line("open https://example.com/a/b")
    s.expect(r"example\.com/a/b> $")
    s.line("trust off")
    s.expect(r"example\.com/a/b \[trust off\]> $")
    s.line("tls proto ssl3")
    s.expect(r"\[trust off, tls ssl3\]> $")
    s.line("trust on")
    s.expect(r"b \[tls ssl3\]> $")
    s.line("tls proto default; open http://[::1]:8080/")
    s.expect(r"\n\r?http://\[::1\]:8080> $")


def test_prompt_long_path_leaves_room(t):
    s = t.shell("--no-session", columns=60)
    s.line("open https://example.com/" + "abcdefgh/" * 20)
    check(len(s.expect(r"\n\r?(example\.com[^\n]*\.\.\.[^\n]*> )$").group(1)) <= 40)


def test_prompt_danger_in_colour_only_with_colour(t):
    s = t.shell("--no-session")
    s.line("trust off")
    s.expect(r"\x1b\[1;31m\[trust off\]", raw=True)
    plain = t.shell("--no-session", NO_COLOR="1")
    plain.line("trust off; nonsense")
    plain.expect(r"unknown command(.|\n)*\[trust off\]> ")
    check("\x1b[1;31m" not in plain.output and "\x1b[31m" not in plain.output, "colour with NO_COLOR")


# ---- keys ----

def test_emacs_keys(t):
    s = t.shell("--no-session")
    s.type("xecho one two\x01\x04\x05 three")          # ^A ^D ^E
    s.type("\x17four\r")                                # ^W
    s.expect(r"\none two four\r\n[^\n]*> $")


def test_vi_keys_from_editrc(t):
    t.write(".editrc", "bind -v\n")
    s = t.shell("--no-session")
    s.type("echo onX")
    s.type("\x1b")
    time.sleep(0.2)
    s.type("xae two\x1b")                               # x deletes under the cursor, a appends
    time.sleep(0.2)
    s.type("\r")
    s.expect(r"\none two\r\n[^\n]*> $")
    same(typed(s, "tit"), "title ")


def test_editrc_binding(t):
    t.write(".editrc", 'httpsh:bind -s "^O" "echo bound"\n')
    s = t.shell("--no-session")
    s.type("\x0f\r")
    s.expect(r"\nbound\r\n[^\n]*> $")


def test_utf8_input(t):
    s = t.shell("--no-session")
    s.line("echo 'grün 日本語 e\u0301 🙂'")
    s.expect(r"\ngrün 日本語 e\u0301 🙂\r\n[^\n]*> $")
    s.type("echo 日本" + LEFT + "x\r")
    s.expect(r"\n日x本\r\n[^\n]*> $")


def test_utf8_without_a_locale(t):
    del t.env["LC_ALL"]
    s = t.shell("--no-session", LANG="", LC_CTYPE="")
    s.line("echo grün")
    s.expect(r"\ngrün\r\n[^\n]*> $")


def test_resize_while_typing(t):
    s = t.shell("--no-session", columns=80)
    words = " ".join("word%02d" % i for i in range(16))
    s.type("echo " + words)
    s.expect(r"word15")
    s.quiet()
    for columns in (40, 120, 33):          # as the terminal's wrapping is not played here, only what is drawn then counts
        s.resize(columns)
        shown = s.quiet()
        same(shown.replace("\n", ""), "httpsh> echo " + words)
        check(max(map(len, shown.split("\n"))) <= columns, shown)
    s.type("\r")
    s.expect(r"\n" + words + r"\r\n[^\n]*> $")
    s.resize(30)
    s.expect(r"httpsh> $")
    same(s.run("echo still here"), "still here\n")


def test_continuation(t):
    s = t.shell("--no-session")
    s.line("echo one \\")
    s.expect(r"\n\r?> $")
    s.line("two")
    s.expect(r"\none two\r\n[^\n]*> $")
    s.line("echo 'a")
    s.expect(r"\n\r?> $")
    s.line("b'")
    s.expect(r"\na\r\nb\r\n[^\n]*> $")
    s.line("lab start; post https://ok.lab.test/echo <<EOF | tail -1")
    s.expect(r"> $")
    s.line("body of text")
    s.expect(r"> $")
    s.line("EOF")
    s.expect(r"\nbody of text")


def test_interrupt_clears_line_and_continuation(t):
    s = t.shell("--no-session")
    s.type("echo never")
    s.expect("never$")
    s.type(CTRL_C)
    s.expect(r"\^C\r\n\r?httpsh> $")
    check("httpsh> echo never^C\nhttpsh> " in s.screen(), s.screen())
    s.line("echo 'open")
    s.expect(r"\n\r?> $")
    s.type(CTRL_C)
    s.expect(r"httpsh> $")
    same(s.run("echo after"), "after\n")


def test_end_of_input_leaves(t):
    s = t.shell("--no-session")
    s.line("echo x")
    s.expect(r"\nx\r\n\r?httpsh> $")
    s.type(CTRL_D)
    same(s.wait(), 0)
    s = t.shell("--no-session")
    s.line("quit 3")
    same(s.wait(), 3)


def test_hangup_and_termination_leave(t):
    for number in (signal.SIGTERM, signal.SIGHUP):
        s = t.shell("--session", "gone")
        s.run("set follow off")
        s.send_signal(number)
        same(s.wait(), -number)          # as whoever sent it expects
        check("set follow off" in t.read(t.session("gone", "session.hsh")))


def test_suspend_and_continue(t):
    s = t.shell(program=["/bin/bash", "--norc", "-i"], prompt=r"\$ $|# $", PS1="bash$ ")
    s.line(HTTPSH + " --no-session")
    s.expect(r"httpsh> $")
    s.type("echo half")
    s.expect("half$")
    s.type(CTRL_Z)
    s.expect(r"Stopped(.|\n)*bash\$ $")
    s.line("fg")
    s.expect(r"httpsh> echo half$")
    s.type(" whole\r")
    s.expect(r"\nhalf whole\r\n[^\n]*> $")
    s.line("!sleep 30")
    time.sleep(0.3)
    s.type(CTRL_C)
    s.expect(r"interrupted(.|\n)*httpsh> $")


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
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
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


# ---- Tab ----

def typed(s, text):
    """What stands on the line after Tab."""
    s.type(text)
    s.quiet(0.1)
    s.type(TAB)
    shown = ("\n" + s.screen()).rsplit("\n", 1)[1].split("> ", 1)[1]
    s.type(CTRL_C)
    s.expect(r"\^C\r\n[^\n]*> $")
    return shown


def test_tab_commands_and_settings(t):
    s = t.shell("--no-session")
    same(typed(s, "tit"), "title ")
    same(typed(s, "cookies im"), "cookies import ")
    same(typed(s, "set foll"), "set follow")
    same(typed(s, "set follow"), "set follow")
    check("follow-insecure\n" in s.screen())
    same(typed(s, "set color of"), "set color off ")
    same(typed(s, "tls ciphers TLS_CHACHA20_P"), "tls ciphers TLS_CHACHA20_POLY1305_SHA256")
    same(typed(s, "save --fo"), "save --force ")
    same(typed(s, "expect fail certif"), "expect fail certificate ")
    same(typed(s, "expect fail tls hea"), "expect fail tls head")
    same(typed(s, "let x = tit"), "let x = title ")
    same(typed(s, "echo a; tit"), "echo a; title ")
    same(typed(s, "help tit"), "help title ")
    same(typed(s, "!tit"), "!tit")
    s.run("let greeting = hi")
    same(typed(s, "echo $gree"), "echo $greeting")
    same(typed(s, "echo ${tls.ver"), "echo ${tls.version")


def test_tab_file_names(t):
    t.write("plain.txt", "")
    t.write("with space.txt", "")
    t.write("it's.txt", "")
    t.write("evil\x1b[31m.txt", "")
    t.write("folder/inner.txt", "")
    t.write("näher.txt", "")
    s = t.shell("--no-session")
    same(typed(s, "source pl"), "source plain.txt ")
    same(typed(s, "source wi"), "source with\\ space.txt ")
    same(typed(s, "source 'wi"), "source 'with space.txt' ")
    same(typed(s, 'source "with s'), 'source "with space.txt" ')
    same(typed(s, "source with\\ s"), "source with\\ space.txt ")
    same(typed(s, "source it"), "source it\\'s.txt ")
    same(typed(s, "source fol"), "source folder/")
    same(typed(s, "source folder/in"), "source folder/inner.txt ")
    same(typed(s, "source nä"), "source näher.txt ")
    same(typed(s, "echo x > pl"), "echo x > plain.txt ")
    same(typed(s, "echo x >pl"), "echo x >plain.txt ")
    same(typed(s, "source ev"), "source ev")


def test_tab_hosts_headers_selectors(t):
    s = t.shell("--no-session")
    s.run("lab start")
    s.run("get https://ok.lab.test/login")
    s.run("post /login user=demo password=secret csrf=$nothing")
    s.run("let token = extract 'input[name=csrf]' @value")
    s.run("post /login user=demo password=secret csrf=$token")
    same(typed(s, "get /res"), "get /results")
    same(typed(s, "get https://ok"), "get https://ok.lab.test/")
    same(typed(s, "get ok.lab.test/lo"), "get ok.lab.test/login")
    same(typed(s, "get roll"), "get rollback.lab.test/")
    same(typed(s, "trust host nothing"), "trust host nothing")
    same(typed(s, "header set Content-T"), "header set Content-Type ")
    same(typed(s, "get / x-requested"), "get / x-requested-with:")
    same(typed(s, "extract '#res"), "extract '#results")
    same(typed(s, "extract table#res"), "extract table#results")
    same(typed(s, "extract #res"), "extract #res")          # a comment: nothing to complete
    same(typed(s, "extract td.pr"), "extract td.price")
    same(typed(s, "expect header content-ty"), "expect header content-type ")
    same(typed(s, "cookies delete s"), "cookies delete sid ")


def test_tab_lists_in_columns(t):
    for i in range(40):
        t.write("file%02d" % i, "")
    s = t.shell("--no-session")
    same(typed(s, "source file"), "source file")
    shown = s.screen()
    check("file00  file01" in shown and "file39\n" in shown and shown.count("\n") < 10, shown)


# ---- names and errors ----

def test_prefixes_and_did_you_mean(t):
    s = t.shell("--no-session")
    same(s.run("ec hello"), "hello\n")
    out = s.run("ecoh hello")
    check('unknown command "ecoh"' in out and 'did you mean "echo"?' in out, out)
    check("ambiguous" in s.run("s"))
    out = s.run("echo  $nope")
    check("\necho  $nope\n      ^\n" in out, out)
    out = s.run("echo 日本 $nope")
    check("\necho 日本 $nope\n          ^\n" in out, out)
    out = s.run("echo a; nonsense b")
    check("\necho a; nonsense b\n        ^\n" in out, out)
    out = s.run("echo ${")
    check("^" in out and "${name}" in out, out)


def test_lists_wrap_between_words(t):
    """At 80 columns every line begins with its label, or behind it: none was broken by the terminal itself."""
    s = t.shell("--no-session", columns=80)
    s.run("lab start; expect fail any get https://rollback.lab.test/")
    for command, begins in (("lab list", r"[a-z0-9]+\.lab\.test +\S| {23} *"), ("show tls", r"[ a-z]{12} \S"),
                            ("tls", r"[a-z0-9-]{2,19} +\S| {20}\S"),
                            ("get https://rollback.lab.test/", r" {14}\S|  [a-z][ a-z]{10} \S|httpsh: |try: ")):
        lines = s.run(command).rstrip("\n").split("\n")
        wrong = [line for line in lines if not re.match(begins, line)]
        check(len(lines) > 5 and not wrong, "%s: %r\n%s" % (command, wrong, "\n".join(lines)))


def test_escape_to_the_system(t):
    s = t.shell("--no-session")
    same(s.run("!echo from sh"), "from sh\n")
    same(s.run("echo lower | tr a-z A-Z"), "LOWER\n")
    check("status 3" in s.run("!exit 3"))


# ---- history ----

def test_history_across_runs(t):
    s = t.shell()
    s.run("echo first")
    s.line("echo 'two")
    s.expect(r"\n\r?> $")
    s.line("lines'")
    s.expect(r"two\r\nlines\r\n[^\n]*> $")    # the terminal would take a Ctrl-D before it for itself
    s.type(CTRL_D)
    s.wait()
    path = t.session("default", "history")
    same(t.read(path), "echo first\necho 'two\n\tlines'\n")
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    same(stat.S_IMODE(os.stat(t.session("default")).st_mode), 0o700)
    s = t.shell()
    check(re.search(r"1  echo first\n +2  echo 'two\nlines'\n", s.run("history")))
    s.type(UP + UP + UP + "\r")
    s.expect(r"\nfirst\r\n[^\n]*> $")
    s.type("\x12first")             # ^R searches
    s.quiet()
    s.type("\r")
    s.expect(r"\nfirst\r\n[^\n]*> $")
    s.run("history --clear")
    same(t.read(path), "")


def test_history_without_secrets(t):
    s = t.shell()
    for line in (" echo leading space", "set user-agent hidden-by-nothing", "let password = hunter2", "let password=hunter2",
                 "auth basic demo:hunter2", "auth basic demo hunter2", "auth bearer hunter2", "auth b hunter2",
                 "header set Authorization Bearer hunter2", "header set X-Api-Key hunter2", "open https://u:hunter2@example.com/",
                 "open 'https://example.com/?token=hunter2&page=2'", "echo user=demo password=hunter2 last=1",
                 "echo 'Authorization:Basic hunter2'", "echo '{\"password\": \"hunter2\"}'", "!echo password=hunter2",
                 "echo x | grep password=hunter2", "echo pass'word'=hunter2", "echo \"user[password]=hunter2\"",
                 "echo password=$password", "echo user_pass=hunter2 j_pass=hunter2 passenger=kept", "header set X-Access-Key hunter2",
                 "!true -H 'Authorization: Basic hunter2'", "!true -u me:hunter2", "echo x | grep -v -e 'X-Passphrase: hunter2'"):
        s.run(line)
    s.type(CTRL_D)
    s.wait()
    kept = t.read(t.session("default", "history"))
    check("hunter2" not in kept, kept)
    check("leading space" not in kept)
    for line in ("set user-agent hidden-by-nothing", "auth basic demo", "echo user=demo password= last=1", "echo password=$password",
                 "open https://u:@example.com/", "header set Authorization", "echo user_pass= j_pass= passenger=kept"):
        check(line + "\n" in kept, "%r is not in %r" % (line, kept))
    check("page=2" in kept)


def test_history_of_two_shells(t):
    a, b = t.shell(), t.shell()
    a.run("echo from a")
    b.run("echo from b")
    a.run("echo a again")
    same(t.read(t.session("default", "history")), "echo from a\necho from b\necho a again\n")


def test_history_stays_short(t):
    t.write("state/httpsh/default/history", "".join("echo line %d\n" % i for i in range(5000)) + "echo cut off")
    s = t.shell()
    s.run("echo new")
    lines = t.read(t.session("default", "history")).split("\n")
    same(lines[-3:], ["echo cut off", "echo new", ""])
    same(len(lines), 2002)


# ---- the password prompt ----

def test_password_without_echo(t):
    s = t.shell("--no-session")
    s.run("lab start")
    s.run("open https://ok.lab.test/")
    s.line("auth basic demo")
    s.expect(r"Password: $")
    s.line("secret")
    check("secret" not in s.expect(r"(?s)(.*)> $").group(1))
    check("200" in s.run("get /private"))
    s.line("auth basic other")
    s.expect(r"Password: $")
    s.type("half" + CTRL_C)
    s.expect(r"interrupted(.|\n)*> $")
    check("half" not in s.output)
    check(s.run("auth").startswith("basic demo"))
    same(s.run("echo echoed"), "echoed\n")


def test_no_one_to_ask(t):
    out = subprocess.run(["setsid", "-w", HTTPSH, "--no-session", "-c", "auth basic demo"], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, env=t.env, cwd=t.home, timeout=PATIENCE)
    same(out.returncode, 2)
    check("nobody to ask" in out.stderr, out.stderr)


# ---- what the network sends ----

EVIL = b"\x1b]0;owned\x07\x1b[2Jtext\x9b31m\xc2\x9b31m\x00\x08end"


def clean(s):
    """Only libedit's and our own escape sequences: none of those that the server sent."""
    for bad in ("\x1b]0", "\x1b[2J", "\x9b", "\x00", "\x08end"):
        check(bad not in s.output, "%r reached the terminal: %r" % (bad, s.output[-800:]))


def test_control_bytes_are_escaped(t):
    evil = EVIL.decode("latin-1").replace("\x00", "")
    page = b"<title>" + EVIL + b"</title><h1 id='x\x1b[2J' class='y\x1b[2J'>" + EVIL + b"</h1><a href='/\x1b[2J\x07'>" + EVIL + b"</a>"
    port = t.server(answering(http(page, "Content-Type: text/html\r\nX-Odd: a\xa9\x9b31mb\r\nSet-Cookie: odd=\xa9\x9b31m\r\n",
                                   "200 OK" + evil.replace("\x07", "").replace("\x1b", "").replace("\x08", ""))))
    s = t.shell("--no-session", columns=200)
    s.run("get http://127.0.0.1:%d/" % port)
    for line in ("title", "extract h1", "extract h1 @id", "links", "show body", "show headers", "show", "cookies", "clean",
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


# ---- scripts: how they are given, how they end ----

def test_script_from_everywhere(t):
    t.write("s.hsh", "echo file $1\nfoo\necho never\n")
    out = t.batch("--no-session", "s.hsh", "one")
    same((out.stdout, out.returncode), ("file one\n", 2))
    check(out.stderr.startswith('s.hsh:2: unknown command "foo"\nfoo\n^\n'), out.stderr)
    out = t.batch("--no-session", "-c", "echo text $1; foo", "one")
    same((out.stdout, out.returncode), ("text one\n", 2))
    check(out.stderr.startswith('httpsh: unknown command "foo"\n'), out.stderr)
    out = t.batch("--no-session", "-c", "echo text\nfoo")
    check(out.stderr.startswith('-c:2: unknown command "foo"\n'), out.stderr)
    out = t.batch("--no-session", text="\ufeffecho input\r\necho more")
    same((out.stdout, out.returncode, out.stderr), ("input\nmore\n", 0, ""))
    path = t.write("executable", "#!%s --no-session\necho $1 $2\nquit 7\n" % HTTPSH)
    os.chmod(path, 0o755)
    out = subprocess.run([path, "a", "b c"], capture_output=True, text=True, env=t.env, timeout=PATIENCE)
    same((out.stdout, out.returncode), ("a b c\n", 7))
    out = t.batch("--no-session", "nope.hsh")
    same((out.stderr, out.returncode), ("httpsh: cannot read nope.hsh: No such file or directory\n", 1))
    same(t.batch("--no-session", "-n", "s.hsh").returncode, 0)
    t.write("bad.hsh", "echo a\necho 'b\n")
    out = t.batch("--no-session", "-n", "bad.hsh")
    same((out.stdout, out.returncode), ("", 2))
    check(out.stderr.startswith("bad.hsh:2: this quote is never closed\necho 'b\n     ^\n"), out.stderr)


def test_standard_input_runs_as_it_comes(t):
    """A program that writes a command and waits for its answer."""
    shell = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True, env=t.env)
    for text in ("one", "two"):
        shell.stdin.write("echo %s\n" % text)
        shell.stdin.flush()
        check(select.select([shell.stdout], [], [], PATIENCE)[0], "no answer before the end of the input")
        same(shell.stdout.readline(), text + "\n")
    shell.stdin.write("echo 'a\n")
    shell.stdin.flush()
    check(not select.select([shell.stdout], [], [], 0.3)[0], "half a command ran")
    shell.stdin.write("b'; echo <<E\nbody\n")
    shell.stdin.flush()
    shell.stdin.write("E\nfoo")
    shell.stdin.close()
    same(shell.stdout.read(), "a\nb\n\n")
    shell.stdout.close()
    same(shell.wait(PATIENCE), 2)


def test_exit_statuses_by_real_causes(t):
    broken = t.server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"))
    short = t.server(lambda peer: peer.recv(9999) and peer.sendall(http(b"hello").replace(b"5", b"9")) or peer.close())
    url = "get http://127.0.0.1:%d/"
    for text, status in (("echo fine", 0), ("get https://ok.lab.test/", 0), ("title", 1), ("save /nonexistent/x", 1),
                         ("nonsense", 2), ("get", 2), ("get http://[/", 2), ("echo $nope", 2), ("set timeout soon", 2), ("echo 'x", 2),
                         ("get https://127.0.0.1:1/", 3), ("get https://silent.lab.test/", 3), ("get https://nowhere.invalid/", 3),
                         ("get https://ok.lab.test/; expect status 404", 4), ("set fail on; get https://ok.lab.test/status/404", 5),
                         ("get https://rollback.lab.test/", 6), ("get https://plain.lab.test/", 6),
                         ("get https://expired.lab.test/", 7), ("get https://wronghost.lab.test/", 7), (url % broken, 8),
                         (url % short, 8), ("set max-body 10; get https://ok.lab.test/", 9)):
        out = t.batch("--no-session", "-c", "set timeout 2s; lab start; " + text)
        if out.returncode != status or (status != 0 and "httpsh: " not in out.stderr):
            raise AssertionError("%s: %d instead of %d: %s" % (text, out.returncode, status, out.stderr))
    same(t.batch("--nonsense").returncode, 2)
    same(t.batch("-c").returncode, 2)
    same((t.batch("--version").returncode, t.batch("--help").returncode), (0, 0))


def test_interrupt_is_130(t):
    came = threading.Event()
    port = t.server(lambda peer: (came.set(), time.sleep(60)))
    shell = subprocess.Popen([HTTPSH, "--no-session", "-c", "get https://127.0.0.1:%d/; echo never" % port], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=t.env)
    came.wait(PATIENCE)
    shell.send_signal(signal.SIGINT)
    out, err = shell.communicate(timeout=PATIENCE)
    same((shell.returncode, out), (130, ""))
    check("interrupted" in err, err)
    shell = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, env=t.env)
    shell.stdin.write("echo ready\n")
    shell.stdin.flush()
    same(shell.stdout.readline(), "ready\n")
    shell.send_signal(signal.SIGINT)      # while it waits for input
    shell.communicate(timeout=PATIENCE)
    same(shell.returncode, 130)


def test_full_standard_output_is_a_failure(t):
    with open("/dev/full", "w") as full:
        out = subprocess.run([HTTPSH, "--no-session", "-c", "echo x"], stdout=full, stderr=subprocess.PIPE, text=True, env=t.env)
    same(out.returncode, 1)
    check("No space left" in out.stderr, out.stderr)


def test_recording_replays(t):
    """The same cookies, settings and page from the recording as from the session that was recorded; no secret in it."""
    t.write("story.hsh", """
set follow off
lab start
record rec.hsh
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value
post /login user=demo password=secret csrf=$token
expect status 303
get /results page==2
header set X-Team 'red & blue'
auth basic demo:secret
get /private
cookies set --domain example.com theme=dark
record off
""")
    facts = "; set --changed; header; cookies list; expect status 200; show body; open; auth"
    first = t.batch("--no-session", "-c", "source story.hsh" + facts)
    same(first.returncode, 0)
    check("secret" not in re.sub(r"secret\d", "", t.read("rec.hsh")), t.read("rec.hsh"))
    again = t.batch("--no-session", "-c", "source rec.hsh" + facts, secret1="secret", secret2="secret")
    mask = lambda text: re.sub(r"sid=\w+", "sid=...", text)
    same(mask(again.stdout), mask(first.stdout))
    same(again.returncode, 0)
    check("sid=" in first.stdout and "X-Team: red & blue" in first.stdout and "theme=dark" in first.stdout, first.stdout)
    out = t.batch("--no-session", "rec.hsh")
    same(out.returncode, 2)
    check("$secret1 is not defined" in out.stderr, out.stderr)
    same(stat.S_IMODE(os.stat(t.path("rec.hsh")).st_mode), 0o600)


def test_recording_of_an_asked_password(t):
    s = t.shell("--no-session")
    s.run("lab start; record rec.hsh; open https://ok.lab.test/")
    s.line("auth basic demo")
    s.expect(r"Password: $")
    s.run("secret")
    s.run("get /private; record off")
    same(t.read("rec.hsh").split("\n")[3:], ["# needs: let secret1 = ...", "auth basic demo ${secret1}", "get /private", ""])


# ---- the session on disk ----

def test_session_comes_back(t):
    s = t.shell("--session", "work")
    s.run("lab start")
    s.run("get https://ok.lab.test/login")
    s.run("set timeout 7s; header set X-Team 'red and blue'")
    s.type(CTRL_D)
    s.wait()
    for name in ("session.hsh", "cookies.txt", "history", "lock"):
        same(stat.S_IMODE(os.stat(t.session("work", name)).st_mode), 0o600)
    s = t.shell("--session=work", prompt=r"ok\.lab\.test/login> $")
    same(s.run("header"), "X-Team: red and blue\n")
    same(s.run("set timeout"), "7s\n")
    check("sid=" in s.run("cookies"))


def test_bad_session_files_are_named(t):
    t.write("state/httpsh/default/session.hsh", "# mine\nset follow off\nset nonsense 1\nset timeout 7s\n")
    t.write("state/httpsh/default/cookies.txt", "# Netscape HTTP Cookie File\nexample.com\tFALSE\t/\tFALSE\t0\ta\tb\nbroken\n")
    s = t.shell(prompt=None)
    out = s.expect(r"(?s)(.*)httpsh> $").group(1)
    check("session.hsh:3: there is no setting" in out, out)
    same(s.run("set follow"), "off\n")
    same(s.run("set timeout"), "7s\n")
    check("a=b" in s.run("cookies"))
    s.run("set timeout 8s; cookies set --domain example.com c=d")
    same(t.read(t.session("default", "session.hsh")), "# mine\nset follow off\nset nonsense 1\nset timeout 8s\n")
    kept = t.read(t.session("default", "cookies.txt"))
    check("broken\n" in kept and "\tc\td\n" in kept and "\ta\tb\n" in kept, kept)
    t.write("state/httpsh/default/session.hsh", "")
    out = t.batch("-c", "echo started")
    same((out.stdout, out.returncode), ("started\n", 0))
    check("cookies.txt:3: it has 1 fields" in out.stderr, out.stderr)


def test_no_home_no_session(t):
    out = t.batch("-c", "set follow off; echo on", HOME="/proc/none", XDG_STATE_HOME="")
    same((out.stdout, out.returncode), ("on\n", 0))
    check("will not be kept" in out.stderr, out.stderr)
    out = t.batch("--session", "mine", "-c", "echo on", HOME="/proc/none", XDG_STATE_HOME="")
    same((out.stdout, out.returncode), ("", 1))
    out = t.batch("--session", "../up", "-c", "echo on")
    same((out.stdout, out.returncode), ("", 2))


# ---- libtidy in its box ----

PLAIN = "Content-Type: text/plain\r\n"          # no preview
BOMBS = {"memory": b"<tr><dl></table>", "font": b"<font size=i>x<p>y" * 2300, "depth": b"<div>" * 87000}


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
        soon("box %d lives on" % boxed, lambda: not any(os.path.exists("/proc/%d/exe" % pid) for pid in (helper, boxed)))


def main():
    words = sys.argv[1:]
    passed = failed = 0
    for name, function in list(globals().items()):
        if not name.startswith("test_") or (words and not any(w in name for w in words)):
            continue
        t = Test()
        try:
            function(t)
            passed += 1
        except Exception:
            failed += 1
            print("%s: %s" % (name, traceback.format_exc(limit=-2)))
        finally:
            t.close()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
