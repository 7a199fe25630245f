"""The program against a server that sends byte for byte what a case says: the server, a run of the program, and what
is asked of both. A case is a function(folder) marked @case; a file of them ends with main(), whose arguments are names
of cases, and -v.
"""
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
CASES = []
OK = b"HTTP/1.1 200 OK\r\n"
BIG = os.urandom(6 << 20)
CLOSE, END = "close", "end"      # instead of an answer; at once behind an answer


def case(function):
    CASES.append(function)
    return function


def size_of(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def length(body, head=OK):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Server:
    """connections: for each one that comes a list of answers, bytes for each request, or CLOSE, or a number of
    seconds to wait; END behind the last. What comes is in `requests` as (connection, head, body)."""

    def __init__(self, connections, address="127.0.0.1", respond=None):
        self.listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.listener.bind((address, 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.requests = []
        self.connections = connections
        self.respond = respond
        self.opened = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path="/"):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number = self.opened
            self.opened += 1
            answers = self.connections[number] if number < len(self.connections) else []
            threading.Thread(target=self.serve, args=(connection, number, list(answers)), daemon=True).start()

    def read(self, connection, number):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if re.search(rb"(?i)\r\nexpect: 100-continue", head) and not self.connections_say_no(number):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while size and len(body) < int(size.group(1)):
            more = connection.recv(65536)
            if not more:
                break
            body += more
        while re.search(rb"(?i)\r\ntransfer-encoding: chunked", head) and not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
        self.requests.append((number, head.decode("latin-1"), body))
        return True

    @staticmethod
    def connections_say_no(_):
        return False

    def serve(self, connection, number, answers):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while answers or self.respond:
                if not self.read(connection, number):
                    break
                while self.respond or answers:
                    answer = self.respond(self.requests[-1][1],
                                          self.requests[-1][2]) if self.respond else answers.pop(0)
                    if isinstance(answer, (int, float)):
                        time.sleep(answer)
                        continue
                    if answer == CLOSE:
                        answers.clear()
                        break
                    connection.sendall(answer)
                    break
                if answers[:1] == [END]:
                    break
        except OSError:
            pass
        connection.close()

    def heads(self):
        return [head for _, head, _ in self.requests]

    def lines(self):
        return [head.split("\r\n")[0] for head in self.heads()]

    def field(self, i, name):
        found = re.findall(r"(?im)^%s: ?(.*?)\r?$" % re.escape(name), self.heads()[i])
        return found[0] if found else None


class Run:
    def __init__(self, commands, folder, env=None, stdin=b"", timeout=30):
        text = commands if isinstance(commands, str) else "\n".join(commands)
        self.folder = folder
        environment = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, TMPDIR=folder, LC_ALL="C.UTF-8",
                           **(env or {}))
        started = time.time()
        done = subprocess.run([HTTPSH, "--no-session", "-c", text], input=stdin, capture_output=True, cwd=folder,
                              env=environment, timeout=timeout)
        self.seconds = time.time() - started
        self.out, self.err, self.status = done.stdout, done.stderr.decode(errors="replace"), done.returncode


class Failed(Exception):
    pass


def same(got, wanted, what):
    if got != wanted:
        raise Failed("%s: %r instead of %r" % (what, got, wanted))


def ran(run, status=0, out=None, *said):
    if run.status != status:
        raise Failed("exit status %d instead of %d: %s" % (run.status, status, run.err))
    if out is not None:
        same(run.out, out, "output")
    for err in said:
        if err not in run.err:
            raise Failed("standard error %r has no %r" % (run.err, err))


def main():
    verbose = "-v" in sys.argv
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    passed = failed = 0
    for function in CASES:
        if wanted and not any(word in function.__name__ for word in wanted):
            continue
        try:
            with tempfile.TemporaryDirectory() as folder:
                function(folder)
            passed += 1
            if verbose:
                print("ok", function.__name__)
        except (Failed, subprocess.TimeoutExpired, IndexError, KeyError, TypeError, OSError) as reason:
            failed += 1
            print("%s: %s" % (function.__name__, reason))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0
