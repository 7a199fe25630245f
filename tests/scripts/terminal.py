"""What the tests of the shell on a terminal share: a pty, the screen behind it, a home of its own for each test,
servers here.

A test is a function test_*(t): t makes terminals and servers and cleans up behind it. A file of them ends with
run(globals()); its arguments are words, and only tests whose name contains one of them are run then.
"""
import contextlib
import errno
import fcntl
import os
import re
import select
import signal
import socket
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
        return subprocess.run([HTTPSH, *args], input=text, capture_output=True, text=True, errors="replace",
                              cwd=self.home,
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


def run(scope):
    words = sys.argv[1:]
    passed = failed = 0
    for name, function in list(scope.items()):
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
