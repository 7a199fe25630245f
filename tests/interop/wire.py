#!/usr/bin/env python3
"""The program against a server that sends byte for byte what a case says: connections kept and lost, framing, codings,
redirects, limits, timeouts, forms, cookies, save. Arguments: names of cases to run, -v.
"""
import gzip
import hashlib
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
CASES = []
OK = b"HTTP/1.1 200 OK\r\n"
CLOSE, END = "close", "end"      # instead of an answer; at once behind an answer


def case(function):
    CASES.append(function)
    return function


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
                    answer = self.respond(self.requests[-1][1], self.requests[-1][2]) if self.respond else answers.pop(0)
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
        environment = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, TMPDIR=folder, LC_ALL="C.UTF-8", **(env or {}))
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


# ---- connections ----

@case
def one_connection_for_all(folder):
    s = Server([[length(b"a"), length(b"b"), OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\nT: x\r\n\r\n",
                 b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", length(b"d")]])
    ran(Run(["get %s | cat" % s.url("/%d" % i) for i in range(6)], folder), out=b"abcd")
    same(s.opened, 1, "connections")


@case
def a_head_has_no_body(folder):
    s = Server([[OK + b"Content-Length: 5\r\n\r\n", length(b"x")]])
    ran(Run(["head " + s.url(), "get %s | cat" % s.url()], folder), out=b"x")
    same(s.opened, 1, "connections")


@case
def a_kept_connection_that_died_is_noticed(folder):
    s = Server([[length(b"a"), CLOSE], [length(b"b")]])
    # the first connection is closed by the server as soon as it reads: the second request goes out once more
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), out=b"ab")
    same(s.lines(), ["GET /1 HTTP/1.1", "GET /2 HTTP/1.1", "GET /2 HTTP/1.1"], "requests")


@case
def only_once_more(folder):
    s = Server([[length(b"a"), CLOSE], [CLOSE], [length(b"never")]])
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), 8, b"a", "without an answer")
    same(s.opened, 2, "connections")


@case
def a_new_connection_is_not_tried_twice(folder):
    s = Server([[CLOSE], [length(b"never")]])
    ran(Run("get " + s.url(), folder), 8, b"", "without an answer", "https://")
    same(s.opened, 1, "connections")


@case
def a_post_is_not_sent_twice(folder):
    s = Server([[length(b"a"), CLOSE], [length(b"never")]])
    ran(Run(["get %s | cat" % s.url("/1"), "post %s x=1" % s.url("/2")], folder), 8, b"a", "without an answer")
    same(s.opened, 1, "connections")


@case
def a_connection_closed_before_is_no_trouble(folder):
    s = Server([[length(b"a")], [length(b"b")]])
    ran(Run(["get %s | cat" % s.url("/1"), "!sleep 0.2", "post %s x=1 | cat" % s.url("/2")], folder), out=b"ab")
    same(s.opened, 2, "connections")


@case
def connection_close_is_obeyed(folder):
    s = Server([[length(b"a", OK + b"Connection: close\r\n")], [length(b"b", b"HTTP/1.0 200 OK\r\n")], [length(b"c")]])
    ran(Run(["get %s | cat" % s.url("/%d" % i) for i in range(3)], folder), out=b"abc")
    same(s.opened, 3, "connections")


@case
def bytes_behind_an_answer_end_the_connection(folder):
    s = Server([[length(b"a") + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"], [length(b"b")]])
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), out=b"ab")
    same(s.opened, 2, "connections")


@case
def informational_answers_are_passed_over(folder):
    s = Server([[b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + length(b"a")]])
    ran(Run("get %s | cat" % s.url(), folder), out=b"a")
    s = Server([[b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + length(b"a")]])
    ran(Run("get %s | cat" % s.url(), folder), 9, b"", "informational")


@case
def localhost_falls_back_to_ipv4(folder):
    s = Server([[length(b"a")]])
    ran(Run("get http://localhost:%d/ | cat" % s.port, folder), out=b"a")


# ---- bodies ----

def size_of(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def broken(reply, status, words):
    """Refused, and neither a pipe nor a file gets anything of it."""
    def run(folder):
        s = Server([[reply, END], [reply, END]])
        path = os.path.join(folder, "out")
        got = Run(["set on-error continue", "get %s | cat" % s.url(), "get %s > %s" % (s.url(), path)], folder)
        ran(got, status, b"", words)
        same(size_of(path), 0, "size of the file")
    return run


BIG = os.urandom(6 << 20)
BROKEN = {
    "truncated": (OK + b"Content-Length: 10\r\n\r\nhello", 8, "5 of 10 bytes"),
    "truncated_big": (OK + b"Content-Length: %d\r\n\r\n" % (len(BIG) + 1) + BIG, 8, "bytes"),
    "two_lengths": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 8, "contradictory Content-Length"),
    "negative_length": (OK + b"Content-Length: -1\r\n\r\nhello", 8, "bad Content-Length"),
    "length_of_words": (OK + b"Content-Length: five\r\n\r\nhello", 8, "bad Content-Length"),
    "length_plus": (OK + b"Content-Length: +5\r\n\r\nhello", 8, "bad Content-Length"),
    "bad_chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 8, "bad size of chunk 2"),
    "long_chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n", 8, "longer than its size"),
    "huge_chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\nx", 8, "bad size of chunk 1"),
    "no_last_chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 8, "before the last chunk"),
    "cut_trailer": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n", 8, "trailers"),
    "unknown_transfer": (OK + b"Transfer-Encoding: lzma\r\n\r\nx", 8, "not known"),
    "chunked_not_last": (OK + b"Transfer-Encoding: chunked, gzip\r\n\r\nx", 8, "chunked must come last"),
    "no_http": (b"hello\r\n\r\n", 8, "not HTTP"),
    "http2": (b"HTTP/2 200\r\n\r\n", 8, "bad status line"),
    "cut_head": (b"HTTP/1.1 200 OK\r\nContent-Le", 8, "inside the answer's head"),
    "nul_in_header": (OK + b"X: a\0b\r\nContent-Length: 1\r\n\r\nx", 8, "NUL in a header line"),
    "bare_cr": (OK + b"X: a\rY: b\r\nContent-Length: 1\r\n\r\nx", 8, "CR without LF"),
    "no_colon": (OK + b"nonsense\r\nContent-Length: 1\r\n\r\nx", 8, "without a colon"),
    "bad_name": (OK + b"a b: c\r\nContent-Length: 1\r\n\r\nx", 8, "bad header name"),
    "fold_first": (OK + b" x: y\r\nContent-Length: 1\r\n\r\nx", 8, "starts with a blank"),
    "many_headers": (OK + b"X: y\r\n" * 1001 + b"Content-Length: 1\r\n\r\nx", 9, "more than 1000 headers"),
    "long_line": (OK + b"X: " + b"y" * 110000 + b"\r\n\r\nx", 9, "header line"),
    "long_head": (OK + (b"X: " + b"y" * 1000 + b"\r\n") * 400 + b"\r\nx", 9, "head is longer"),
    "corrupt_gzip": (length(gzip.compress(b"hello" * 100)[:-8] + b"12345678", OK + b"Content-Encoding: gzip\r\n"), 8, "corrupt"),
    "cut_gzip": (length(gzip.compress(b"hello" * 100)[:-5], OK + b"Content-Encoding: gzip\r\n"), 8, "cut off"),
    "trailing_gzip": (length(gzip.compress(b"hello") + b"more", OK + b"Content-Encoding: gzip\r\n"), 8, "goes on"),
    "no_gzip": (length(b"hello", OK + b"Content-Encoding: gzip\r\n"), 8, "corrupt"),
    "unknown_coding": (length(b"hello", OK + b"Content-Encoding: lzma\r\n"), 8, "not known"),
    "two_locations": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n"), 8, "contradictory Location"),
    "bad_location": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n"), 8, "cannot follow"),
    "strange_location": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"), 8, "neither http nor https"),
}
for name, (reply, status, words) in BROKEN.items():
    function = broken(reply, status, words)
    function.__name__ = "broken_" + name
    case(function)


@case
def codings(folder):
    text = b"hello world, " * 5000
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    bodies = {"gzip": gzip.compress(text), "x-gzip": gzip.compress(text[:30000]) + gzip.compress(text[30000:]),
              "deflate": zlib.compress(text), "Deflate": raw.compress(text) + raw.flush(),
              "gzip, deflate": zlib.compress(gzip.compress(text)), "identity": text}
    s = Server([[length(body, OK + b"Content-Encoding: %s\r\n" % name.encode()) for name, body in bodies.items()]])
    ran(Run(["get %s | cat" % s.url()] * len(bodies), folder), out=text * len(bodies))
    same(s.field(0, "Accept-Encoding"), "gzip, deflate, br, zstd", "Accept-Encoding")


@case
def brotli_and_zstd(folder):
    text = b"hello world, " * 5000
    for name in ("brotli", "zstd"):
        if subprocess.run(["sh", "-c", "command -v " + name], capture_output=True).returncode != 0:
            continue
        body = subprocess.run([name, "-c"], input=text, capture_output=True, check=True).stdout
        s = Server([[length(body, OK + b"Content-Encoding: %s\r\n" % (b"br" if name == "brotli" else b"zstd"))]])
        ran(Run("get %s | cat" % s.url(), folder), out=text)


@case
def decode_off_gives_what_came(folder):
    body = gzip.compress(b"hello")
    s = Server([[length(body, OK + b"Content-Encoding: gzip\r\n")]])
    ran(Run(["set decode off", "get %s | cat" % s.url()], folder), out=body)
    same(s.field(0, "Accept-Encoding"), None, "Accept-Encoding")


@case
def raw_gives_the_chunks(folder):
    s = Server([[OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n", length(b"next")]])
    ran(Run(["set raw on", "get %s | cat" % s.url(), "get %s | cat" % s.url()], folder),
        out=b"3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\nnext")
    same(s.opened, 1, "connections")


@case
def a_bomb_is_stopped(folder):
    bomb = gzip.compress(b"\0" * (50 << 20))
    s = Server([[length(bomb, OK + b"Content-Encoding: gzip\r\n"), CLOSE]] * 2)
    ran(Run(["set max-body 1M", "get %s > out" % s.url()], folder), 9, b"", "longer than 1048576 bytes")
    same(size_of(os.path.join(folder, "out")), 0, "size of the file")


@case
def a_bomb_for_nobody_is_stopped(folder):
    twice = gzip.compress(gzip.compress(b"\0" * (300 << 20), 6))
    bomb = gzip.compress(b"\0" * (100 << 20))
    for data, coding in ((bomb, b"gzip"), (twice, b"gzip, gzip")):
        answer = [length(data, OK + b"Content-Encoding: " + coding + b"\r\n"), CLOSE]
        s = Server([answer] * 4)
        ran(Run(["get %s" % s.url()], folder), 9, b"", "decompression bomb")
        ran(Run(["let t = get %s" % s.url()], folder), 9, b"", "set max-ratio off")
        ran(Run(["get %s > out" % s.url()], folder), 0, b"")
        ran(Run(["set max-ratio off", "get %s" % s.url(), "save -f kept"], folder), 0, b"")
        same(size_of(os.path.join(folder, "kept")), size_of(os.path.join(folder, "out")), "size of the file")


@case
def a_bomb_hears_max_time(folder):
    bomb = gzip.compress(gzip.compress(b"\0" * (1 << 30), 6))
    s = Server([[length(bomb, OK + b"Content-Encoding: gzip, gzip\r\n"), CLOSE]])
    ran(Run(["set max-time 100ms", "set max-ratio off", "get %s" % s.url()], folder), 9, b"", "max-time")


@case
def max_body_by_length_and_chunks(folder):
    s = Server([[length(b"x" * 100)], [OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n"],
                [OK + b"\r\n" + b"x" * 100, END]])
    ran(Run(["set max-body 50", "set on-error continue"] + ["get %s | cat" % s.url()] * 3, folder), 9, b"")


@case
def a_body_until_close(folder):
    s = Server([[OK + b"\r\nhello", END], [OK + b"Transfer-Encoding: gzip\r\n\r\n" + gzip.compress(b" world"), END]])
    ran(Run(["get %s | cat" % s.url()] * 2, folder), out=b"hello world")


@case
def a_big_body_is_whole(folder):
    s = Server([[length(BIG), OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BIG) + BIG + b"\r\n0\r\n\r\n"]])
    ran(Run(["get %s > a" % s.url(), "get %s > b" % s.url(), "!cmp a b"], folder))
    same(open(os.path.join(folder, "a"), "rb").read() == BIG, True, "the file")


@case
def a_pipe_that_reads_only_the_beginning_is_no_failure(folder):
    s = Server([[length(BIG), length(BIG)]])
    got = Run(["get %s | head -c 4 | wc -c" % s.url(), "show body | head -c 5 | wc -c", "echo end"], folder)
    ran(got, 0, b"4\n5\nend\n")
    same(got.err, "", "standard error")


@case
def http09_is_refused_and_taken(folder):
    s = Server([[b"plain text", END], [b"plain text", END]])
    ran(Run(["set on-error continue", "get %s | cat" % s.url(), "set http09 on", "get %s | cat" % s.url()], folder),
        8, b"plain text", "not HTTP")


@case
def the_end_of_a_tls_stream(folder):
    """close_notify is the end; without it only a body with another end of its own is whole."""
    certificate, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", certificate, "-days", "2", "-subj", "/CN=x"], capture_output=True, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Tls(Server):
        notify = True

        def serve(self, connection, number, answers):
            wrapped = context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True)
            self.read(wrapped, number)
            wrapped.sendall(answers[0])
            connection = socket.socket(fileno=wrapped.detach()) if not self.notify else wrapped.unwrap()
            connection.close()
    for reply, notify, status in ((OK + b"\r\nhello", True, 0), (OK + b"\r\nhello", False, 6), (length(b"hello"), False, 0),
                                  (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", False, 0)):
        s = Tls([[reply]])
        s.notify = notify
        ran(Run(["trust off", "get https://127.0.0.1:%d/ | cat" % s.port], folder), status, b"hello" if status == 0 else b"",
            "" if status == 0 else "close_notify")


# ---- time ----

@case
def silence_ends(folder):
    s = Server([[5, length(b"late")]])
    run = Run(["set timeout 300ms", "get " + s.url()], folder)
    ran(run, 3, b"", "timed out")
    same(run.seconds < 3, True, "in time")


@case
def max_time_ends_a_slow_body(folder):
    def respond(_head, _body):
        respond.n += 1
        return OK + b"Content-Length: 1000\r\n\r\nx" if respond.n == 1 else 0.1
    respond.n = 0
    s = Server([], respond=respond)
    run = Run(["set max-time 500ms", "get %s | cat" % s.url()], folder)
    ran(run, 3, b"", "timed out")
    same(run.seconds < 3, True, "in time")


# ---- sending ----

@case
def expect_for_large_bodies(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Server([[length(b"ok"), length(b"ok")]])
    ran(Run(["put %s =@%s | cat" % (s.url(), body), "put %s --body small | cat" % s.url()], folder), out=b"okok")
    same(s.field(0, "Expect"), "100-continue", "Expect")
    same(s.field(1, "Expect"), None, "Expect")
    same(s.requests[0][2] == BIG, True, "the body")
    same(s.field(0, "Content-Length"), str(len(BIG)), "Content-Length")


class Refuses(Server):
    @staticmethod
    def connections_say_no(_):
        return True

    def read(self, connection, number):
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        while b"Expect" not in head and len(body) < len(BIG):
            body += connection.recv(1 << 20)
        self.requests.append((number, head.decode("latin-1"), body))
        return True


@case
def an_expectation_that_fails_is_dropped(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Refuses([[length(b"", b"HTTP/1.1 417 Expectation Failed\r\n"), CLOSE], [length(b"ok")]])
    ran(Run("put %s =@%s | cat" % (s.url(), body), folder), out=b"ok")
    same([len(body) for _, _, body in s.requests], [0, len(BIG)], "bodies")


@case
def an_early_refusal_is_shown(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Refuses([[length(b"too big", b"HTTP/1.1 413 Content Too Large\r\n"), CLOSE]])
    ran(Run(["put %s =@%s | cat" % (s.url(), body), "echo $status"], folder), out=b"too big413\n")
    same(len(s.requests[0][2]), 0, "bytes of the body sent")


@case
def a_pipe_goes_out_in_chunks_and_once(folder):
    s = Server([[length(b"ok")], [length(b"", b"HTTP/1.1 307 Go\r\nLocation: /b\r\n"), length(b"never")]])
    ran(Run("put %s =@/dev/stdin | cat" % s.url(), folder, stdin=b"from a pipe"), out=b"ok")
    same(s.field(0, "Transfer-Encoding"), "chunked", "Transfer-Encoding")
    same(s.requests[0][2], b"b\r\nfrom a pipe\r\n0\r\n\r\n", "body")
    ran(Run("put %s =@/dev/stdin | cat" % s.url(), folder, stdin=b"from a pipe"), 1, b"", "from a pipe")


@case
def http10(folder):
    s = Server([[length(b"a")], [length(b"b")]])
    ran(Run(["set http 1.0", "get %s | cat" % s.url(), "put %s --body x | cat" % s.url()], folder), out=b"ab")
    same(s.lines(), ["GET / HTTP/1.0", "PUT / HTTP/1.0"], "requests")
    ran(Run(["set http 1.0", "put %s =@/dev/stdin" % s.url()], folder, stdin=b"x"), 2, b"", "HTTP/1.0 has no chunks")


@case
def a_target_word_for_word(folder):
    s = Server([[length(b"a")] * 3])
    ran(Run(["options --target '*' " + s.url("/x"), "get --target 'http://other/\\{}' %s Host:other" % s.url(),
             "get --target 'a b' " + s.url()], folder), 2, None, "no request target")
    same(s.lines(), ["OPTIONS * HTTP/1.1", "GET http://other/\\{} HTTP/1.1"], "requests")
    same(s.field(1, "Host"), "other", "Host")


# ---- redirects ----

def redirect(status, location, more=b""):
    return length(b"moved", b"HTTP/1.1 %d Moved\r\nLocation: %s\r\n" % (status, location.encode()) + more)


@case
def methods_of_redirects(folder):
    expected = {(301, "post"): "GET", (302, "post"): "GET", (303, "post"): "GET", (307, "post"): "POST", (308, "post"): "POST",
                (301, "put"): "PUT", (302, "put"): "PUT", (303, "put"): "GET", (303, "delete"): "GET", (303, "head"): "HEAD"}
    for (status, verb), method in expected.items():
        s = Server([[redirect(status, "/to") if verb != "head" else b"HTTP/1.1 303 See\r\nLocation: /to\r\n\r\n",
                     length(b"") if method != "HEAD" else OK + b"\r\n"]])
        ran(Run("%s %s%s" % (verb, s.url("/from"), " x=1" if verb in ("post", "put") else ""), folder))
        same(s.lines()[1], method + " /to HTTP/1.1", "%d for %s" % (status, verb))
        same(s.requests[1][2], b"x=1" if method in ("POST", "PUT") else b"", "body after %d for %s" % (status, verb))
        same(s.field(1, "Content-Type") is not None, method in ("POST", "PUT"), "Content-Type after %d" % status)


@case
def secrets_stay_with_their_origin(folder):
    other = Server([[length(b"b"), redirect(302, "placeholder")]])
    s = Server([[redirect(302, other.url("/there")), redirect(302, other.url("/there")), redirect(302, "/here"), length(b"here")]])
    other.connections[0] = [length(b"b")] * 2
    ran(Run(["header set Authorization Bearer sticky", "get %s | cat" % s.url(), "header unset Authorization",
             "open " + s.url(), "auth basic u:p", "get %s Cookie:a=b Authorization:mine | cat" % s.url(),
             "get http://user:pass@127.0.0.1:%d/ | cat" % s.port], folder), out=b"bbhere")
    other.connections.append([length(b"", b"HTTP/1.1 401 No\r\n")])
    ran(Run(["open " + s.url(), "auth basic u:p", "get " + other.url()], folder), 0, None,
        "the credentials are for http://127.0.0.1:%d only" % s.port)
    same([other.field(i, "Authorization") for i in range(2)], [None, None], "Authorization elsewhere")
    same(other.field(1, "Cookie"), None, "Cookie elsewhere")
    same([s.field(i, "Authorization") for i in range(2)], ["Bearer sticky", "mine"], "Authorization")
    same(s.field(3, "Authorization"), "Basic dTpw", "Authorization at the same origin")


@case
def secrets_by_name_stay_too(folder):
    other = Server([[length(b"b")] * 2])
    s = Server([[redirect(302, other.url("/there"))]])
    ran(Run(["header set X-Api-Key k", "header set X-Team red", "get %s X-Auth-Token:t X-Plain:p" % s.url(), "get " + other.url()],
            folder))
    names = ("X-Api-Key", "X-Team", "X-Auth-Token", "X-Plain")
    same([s.field(0, name) for name in names], ["k", "red", "t", "p"], "headers")
    same([other.field(0, name) for name in names], [None, "red", None, "p"], "headers elsewhere, by a redirect")
    same(other.field(1, "X-Api-Key"), None, "header elsewhere, also when that is asked for: it belongs to the first origin")


@case
def a_host_by_hand_stays_too(folder):
    other = Server([[length(b"b")] * 2])
    s = Server([[redirect(302, other.url("/there"))] * 2])
    ran(Run(["get %s Host:virtual.test" % s.url(), "header set Host sticky.test", "get " + s.url()], folder))
    same([s.field(i, "Host") for i in range(2)], ["virtual.test", "sticky.test"], "Host")
    same(s.heads()[1].lower().count("host:"), 1, "Host fields")
    same(other.field(0, "Host"), "127.0.0.1:%d" % other.port, "Host elsewhere")
    same(other.field(1, "Host"), "127.0.0.1:%d" % other.port, "Host elsewhere")


@case
def redirects_end(folder):
    s = Server([], respond=lambda head, body: redirect(302, "/again"))
    ran(Run(["set max-redirects 3", "get " + s.url()], folder), 9, b"", "more than 3 redirects")
    same(len(s.requests), 4, "requests")


@case
def follow_off(folder):
    s = Server([[redirect(302, "/to")]])
    ran(Run(["set follow off", "get %s | cat" % s.url(), "echo $status ${header.location}"], folder), out=b"moved302 /to\n")


# ---- Digest ----

def challenge(words, more=b"", body=b"no"):
    return length(body, b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest %s\r\n" % words.encode() + more)


@case
def digest_uses_its_nonce_again(folder):
    s = Server([[challenge('realm="r", nonce="n1", qop="auth", algorithm=SHA-256'), length(b"a"), length(b"b"),
                 challenge('realm="r", nonce="n2", qop="auth", algorithm=SHA-256, stale=TRUE'), length(b"c")]])
    ran(Run(["auth digest u:p"] + ["get %s | cat" % s.url("/%d" % i) for i in range(3)], folder), out=b"abc")
    counts = [re.findall(r'nonce="(n\d)".*nc=(\d+)', s.field(i, "Authorization") or "") for i in range(5)]
    same(counts, [[], [("n1", "00000001")], [("n1", "00000002")], [("n1", "00000003")], [("n2", "00000001")]], "nonces")


@case
def a_wrong_password_ends(folder):
    s = Server([], respond=lambda head, body: challenge('realm="r", nonce="same", qop="auth"'))
    ran(Run(["auth digest u:p", "get " + s.url(), "echo $status"], folder), out=b"401\n")
    same(len(s.requests), 2, "requests")
    s = Server([], respond=lambda head, body: challenge('realm="r", nonce="%f", stale=true' % time.time()))
    ran(Run(["auth digest u:p", "get " + s.url(), "echo $status"], folder), out=b"401\n")
    same(len(s.requests), 4, "requests")


@case
def digest_keeps_the_body_back(folder):
    s = Server([[challenge('realm="r", nonce="n"'), length(b"a"), length(b"b")], ])
    ran(Run(["auth digest u:p", "post %s x=1 | cat" % s.url(), "post %s x=2 | cat" % s.url()], folder), out=b"ab")
    same([body for _, _, body in s.requests], [b"", b"x=1", b"x=2"], "bodies")
    s = Server([[length(b"nobody asked"), length(b"a")]])
    ran(Run(["auth digest u:p", "post %s x=1 | cat" % s.url()], folder), out=b"a")
    same([body for _, _, body in s.requests], [b"", b"x=1"], "bodies")


@case
def digest_of_the_body(folder):
    s = Server([[challenge('realm="r", nonce="n", qop="auth-int"'), length(b"a")]])
    ran(Run(["auth digest u:p", "post %s --body abc | cat" % s.url("/x")], folder), out=b"a")
    words = dict(re.findall(r'(\w+)="?([^",]*)"?', s.field(1, "Authorization")))

    def h(text):
        return hashlib.md5(text.encode()).hexdigest()
    same(words["qop"], "auth-int", "qop")
    same(words["response"], h(":".join([h("u:r:p"), "n", "00000001", words["cnonce"], "auth-int",
                                        h("POST:/x:" + h("abc"))])), "response")


@case
def digest_of_a_session(folder):
    s = Server([[challenge('realm="r", nonce="n", qop="auth", algorithm=SHA-256-sess'), length(b"a")]])
    ran(Run(["auth digest u:p", "get %s | cat" % s.url("/x?y")], folder), out=b"a")
    words = dict(re.findall(r'(\w+)="?([^",]*)"?', s.field(1, "Authorization")))

    def h(*parts):
        return hashlib.sha256(":".join(parts).encode()).hexdigest()
    same(words["algorithm"], "SHA-256-sess", "algorithm")
    same(words["response"], h(h(h("u", "r", "p"), "n", words["cnonce"]), "n", "00000001", words["cnonce"], "auth", h("GET", "/x?y")),
         "response")


@case
def any_takes_the_strongest(folder):
    basic = b"WWW-Authenticate: Basic realm=x\r\n"
    s = Server([[challenge('realm="r", nonce="n", algorithm=MD5', basic + b'WWW-Authenticate: Digest realm="r", nonce="m", '
                           b'algorithm=SHA-512-256\r\n'), length(b"a")],
                [length(b"no", b"HTTP/1.1 401 No\r\n" + basic), length(b"b"), length(b"c")]])
    ran(Run(["auth any u:p", "get %s | cat" % s.url()], folder), out=b"a")
    same("SHA-512-256" in s.field(1, "Authorization"), True, "the strongest")
    ran(Run(["auth any u:p", "get %s | cat" % s.url(), "get %s | cat" % s.url()], folder), out=b"bc")
    same([s.field(i, "Authorization") for i in (2, 3, 4)], [None, "Basic dTpw", "Basic dTpw"], "Basic")


@case
def digest_does_not_follow_to_another_origin(folder):
    other = Server([[challenge('realm="r", nonce="n"')]])
    s = Server([[challenge('realm="r", nonce="n"'), redirect(302, other.url("/"))]])
    ran(Run(["auth digest u:p", "get " + s.url(), "echo $status"], folder), out=b"401\n")
    same([other.field(0, "Authorization"), len(other.requests)], [None, 1], "elsewhere")


# ---- items: what becomes of the words behind a URL ----

@case
def items_of_httpie(folder):
    open(os.path.join(folder, "f.txt"), "w").write("file text")
    open(os.path.join(folder, "j.json"), "w").write('{"a": [1]}')
    s = Server([], respond=lambda head, body: length(b""))
    ran(Run(["get %s y==2 'z z==a&b' A:b 'B:  c ' X-Empty\\; Accept: User-Agent:" % s.url("/a?x=1"),
             "post %s n=v 'a b=c&d' 'e\\=f=g' 'h\\:i=j' 'k\\;=l' f=@f.txt" % s.url(),
             "post %s --json n=v 'q=\"x\"' i:=1 l:=[1,2] f=@f.txt j:=@j.json" % s.url(),
             "post %s i:=true" % s.url(), "put %s =@j.json" % s.url(), "put %s @f.txt Content-Type:a/b" % s.url(),
             "post %s --json" % s.url(), "post " + s.url(), "delete " + s.url(), "patch %s a=b Content-Type:" % s.url()], folder))
    same(s.lines()[0], "GET /a?x=1&y=2&z+z=a%26b HTTP/1.1", "query")
    same([s.field(0, name) for name in ("A", "B", "X-Empty", "Accept", "User-Agent")], ["b", "c", "", None, None], "headers")
    same(s.requests[1][2], b"n=v&a+b=c%26d&e%3Df=g&h%3Ai=j&k%3B=l&f=file+text", "form")
    same(s.field(1, "Content-Type"), "application/x-www-form-urlencoded", "type")
    same(s.requests[2][2], b'{"n": "v", "q": "\\"x\\"", "i": 1, "l": [1,2], "f": "file text", "j": {"a": [1]}}', "JSON")
    same([s.field(2, "Content-Type"), s.field(2, "Accept")], ["application/json", "application/json, */*;q=0.5"], "JSON")
    same(s.requests[3][2], b'{"i": true}', "JSON")
    same((s.requests[4][2], s.field(4, "Content-Type")), (b'{"a": [1]}', "application/json"), "file")
    same((s.requests[5][2], s.field(5, "Content-Type")), (b"file text", "a/b"), "file")
    same([s.requests[6][2], s.requests[7][2], s.field(7, "Content-Length"), s.field(8, "Content-Length")],
         [b"{}", b"", "0", None], "no fields")
    same((s.requests[9][2], s.field(9, "Content-Type")), (b"a=b", None), "a type removed")


@case
def items_that_are_none(folder):
    s = Server([])
    for words, status in (("novalue", 2), ("=x", 2), ("'a b:c'", 2), ("i:=oops", 2), ("f@nofile", 1), ("=@nofile", 1),
                          ("a=b =@/dev/null", 2), ("--body x a=b", 2), ("--json f@/dev/null", 2), ("=@.", 1), ("f@.", 1), ("'A:b\nc'", 2)):
        ran(Run("post %s %s" % (s.url(), words.replace("\\n", "\n")), folder), status)
    same(s.opened, 0, "connections")


@case
def multipart(folder):
    open(os.path.join(folder, 'we"ird\r\n;.png'), "wb").write(BIG)
    open(os.path.join(folder, "f.txt"), "w").write("text")
    s = Server([], respond=lambda head, body: length(b""))
    ran(Run(["post %s 'n\"1=v' 'pic@we\"ird\r\n;.png' 't=@f.txt;type=text/x' 'u@f.txt;filename=../\"q;type=a/b; c=d'" % s.url(),
             "post %s --multipart a=b" % s.url(), "post %s --multipart a=b" % s.url()], folder))
    boundary = re.search(r"multipart/form-data; boundary=(\S+)", s.field(0, "Content-Type")).group(1).encode()
    parts = s.requests[0][2].split(b"--" + boundary)
    same(parts[1], b'\r\nContent-Disposition: form-data; name="n%221"\r\n\r\nv\r\n', "field")
    same(parts[2] == b'\r\nContent-Disposition: form-data; name="pic"; filename="we%22ird%0D%0A;.png"\r\n'
         b"Content-Type: image/png\r\n\r\n" + BIG + b"\r\n", True, "file")
    same(parts[3], b'\r\nContent-Disposition: form-data; name="t"\r\nContent-Type: text/x\r\n\r\ntext\r\n', "text of a file")
    same(parts[4], b'\r\nContent-Disposition: form-data; name="u"; filename="../%22q"\r\nContent-Type: a/b; c=d\r\n\r\n'
         b"text\r\n", "named file")
    same(parts[5], b"--\r\n", "end")
    same(s.field(1, "Content-Type") != s.field(2, "Content-Type"), True, "boundaries differ")


# ---- cookies ----

def setting(*cookies):
    return length(b"", OK + b"".join(b"Set-Cookie: " + cookie + b"\r\n" for cookie in cookies))


@case
def cookies_come_and_go(folder):
    s = Server([], respond=lambda head, body: setting(b"a=1; Path=/", b"b=2; Path=/x", b"c=3; Path=/; Max-Age=60", b"e=; Path=/")
               if "/set" in head else setting(b"a=; Max-Age=0; Path=/") if "/unset" in head else length(b""))
    ran(Run(["get " + s.url(path) for path in ("/set", "/", "/x/y", "/unset", "/")] + ["cookies"], folder),
        out=None)
    same([s.field(i, "Cookie") for i in range(5)], [None, "a=1; c=3; e=", "b=2; a=1; c=3; e=", "a=1; c=3; e=", "c=3; e="], "Cookie")


@case
def cookies_that_are_refused(folder):
    refused = [b"a=1; Domain=com", b"a=1; Domain=other.test", b"a=1; Domain=0.0.1", b"__Secure-a=1", b"__Host-a=1; Secure; Domain=127.0.0.1; "
               b"Path=/", b"__Host-a=1; Secure", b"__host-a=1; Path=/", b"=1", b"novalue", b"a=" + b"x" * 4096, b"a=b\x01c", b"a=1; Max-Age=-1"]
    s = Server([], respond=lambda head, body: setting(*refused) if "/set" in head else length(b""))
    ran(Run(["get " + s.url("/set"), "get " + s.url("/"), "cookies"], folder), out=b"")
    same(s.field(1, "Cookie"), None, "Cookie")


@case
def limits_of_the_jar(folder):
    s = Server([], respond=lambda head, body: setting(*(b"n%d=v" % i for i in range(900))) if "/set" in head else length(b""))
    ran(Run(["get " + s.url("/set"), "cookies | wc -l"], folder), out=b"180\n")
    s = Server([], respond=lambda head, body: setting(b"a=1; Max-Age=999999999", b"b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"))
    run = Run(["get " + s.url(), "cookies export"], folder)
    ran(run)
    times = [int(line.split("\t")[4]) - time.time() for line in run.out.decode().splitlines() if line.count("\t") == 6]
    same([399 * 86400 < t <= 400 * 86400 for t in times], [True, True], "400 days at most")


@case
def cookies_off(folder):
    s = Server([], respond=lambda head, body: setting(b"a=1"))
    ran(Run(["cookies set --domain 127.0.0.1 mine=1", "set cookies off", "get " + s.url(), "get " + s.url(), "cookies"], folder),
        out=b"127.0.0.1/\tmine=1\tsession\n")
    same([s.field(i, "Cookie") for i in range(2)], [None, None], "Cookie")


@case
def a_host_by_hand_chooses_the_cookies(folder):
    s = Server([], respond=lambda head, body: setting(b"v=1; Domain=example.com") if "/set" in head else length(b""))
    ran(Run(["get %s Host:www.example.com" % s.url("/set"), "get " + s.url(), "get %s Host:EXAMPLE.com:80" % s.url()], folder))
    same([s.field(i, "Cookie") for i in range(3)], [None, None, "v=1"], "Cookie")


def sent_by(command, s):
    before = len(s.requests)
    subprocess.run(command, capture_output=True, timeout=20, check=True)
    return sorted((s.field(before, "Cookie") or "").split("; "))


@case
def curl_and_wget_read_what_is_exported(folder):
    s = Server([], respond=lambda head, body: setting(b"s=1; HttpOnly", b"p=2; Max-Age=1000; Path=/", b"q=a b\"c; Path=/")
               if "/set" in head else length(b""))
    ran(Run(["get " + s.url("/set"), "cookies export jar", "cookies export --plain plain"], folder))
    jar = os.path.join(folder, "jar")
    same(os.stat(jar).st_mode & 0o777, 0o600, "mode")
    wanted = ["p=2", 'q=a b"c', "s=1"]
    same(sent_by(["curl", "-s", "-b", jar, s.url()], s), wanted, "curl")
    same(sent_by(["wget", "-q", "-O", "/dev/null", "--load-cookies", os.path.join(folder, "plain"), s.url()], s), wanted, "wget")
    ran(Run("cookies export jar", folder), 1, None, "jar exists already")


@case
def what_curl_and_wget_export_is_read(folder):
    s = Server([], respond=lambda head, body: setting(b"s=1; HttpOnly", b"p=2; Max-Age=1000; Path=/") if "/set" in head
               else length(b""))
    jar = os.path.join(folder, "jar")
    for command in (["curl", "-s", "-c", jar], ["wget", "-q", "-O", "/dev/null", "--keep-session-cookies", "--save-cookies", jar]):
        subprocess.run(command + [s.url("/set")], capture_output=True, timeout=20, check=True)
        ran(Run(["cookies import " + jar, "get " + s.url()], folder))
        same(sorted(s.field(len(s.requests) - 1, "Cookie").split("; ")), ["p=2", "s=1"], command[0])
    open(jar, "w").write("# comment\nexample.com\tTRUE\t/\tFALSE\tsoon\ta\tb\n")
    ran(Run("cookies import " + jar, folder), 2, None, "line 2")


# ---- save ----

def disposition(value, body=b"data"):
    return length(body, OK + b"Content-Disposition: " + value + b"\r\n")


@case
def names_of_saved_files(folder):
    inside = os.path.join(folder, "in")
    os.mkdir(inside)
    names = {b"attachment; filename=plain.txt": "plain.txt", b'attachment; filename="a b.txt"': "a b.txt",
             b'attachment; filename="../../up.txt"': "up.txt", b'attachment; filename="/etc/abs.txt"': "abs.txt",
             b'attachment; filename="C:\\\\dir\\\\win.txt"': "win.txt", b'attachment; filename=".hidden"': "hidden",
             b'attachment; filename="-rf"': "rf", b"attachment; filename=old.txt; filename*=UTF-8''n%C3%A9w.txt": "n\u00e9w.txt",
             b"attachment; filename*=iso-8859-1'en'%A3.txt": "\u00a3.txt", b"attachment; filename*=UTF-8''..%2Fesc.txt": "esc.txt",
             b'attachment; filename="a\x1b[2Jb"': "a[2Jb", b'attachment; filename=".."': "page", b"inline": "page",
             b'attachment; filename="' + b"n" * 300 + b'.html"': "n" * 194 + ".html"}
    s = Server([], respond=lambda head, body: disposition(list(names)[int(head.split("?")[1].split(" ")[0])]))
    for i, name in enumerate(names.values()):
        run = Run(["get " + s.url("/x/page?%d" % i), "save in"], folder)
        ran(run)
        same(os.listdir(inside), [name], "saved")
        os.remove(os.path.join(inside, name))
    same(sorted(os.listdir(folder)), ["in"], "outside")


@case
def names_from_urls(folder):
    s = Server([], respond=lambda head, body: length(b"x"))
    for path, name in (("/a/b.html", "b.html"), ("/", "index.html"), ("/a/", "index.html"), ("/%2e%2e%2fup", "up"),
                       ("/%2Fetc%2Fpasswd", "passwd"), ("/a%00b", "ab"), ("/n%C3%A9.txt?q=1#f", "n\u00e9.txt"), ("/...", "index.html")):
        ran(Run(["get '%s'" % s.url(path), "save"], folder))
        same(os.listdir(folder), [name], path)
        os.remove(os.path.join(folder, name))


@case
def save_replaces_nothing(folder):
    target = os.path.join(folder, "secret")
    open(target, "w").write("keep")
    os.symlink(target, os.path.join(folder, "link"))
    os.symlink(os.path.join(folder, "nowhere"), os.path.join(folder, "dangling"))
    s = Server([], respond=lambda head, body: length(b"new"))
    for name in ("secret", "link", "dangling"):
        ran(Run(["get " + s.url(), "save " + name], folder), 1, None, "exists already")
    same((open(target).read(), os.path.exists(os.path.join(folder, "nowhere"))), ("keep", False), "nothing written")
    ran(Run(["get " + s.url(), "save --force link"], folder))
    same((open(target).read(), os.path.islink(os.path.join(folder, "link")), open(os.path.join(folder, "link")).read()),
         ("keep", False, "new"), "the link is replaced, not followed")
    same(sorted(os.listdir(folder)), ["dangling", "link", "secret"], "no temporary file is left")


@case
def ways_to_save(folder):
    page = b"<title>T</title><p>Hello <b>world"
    s = Server([], respond=lambda head, body: length(page, OK + b"Content-Type: text/html\r\n"))
    ran(Run(["get " + s.url(), "save raw", "save --text text", "save --clean clean", "save --headers headers"], folder))
    same(open(os.path.join(folder, "raw"), "rb").read(), page, "raw")
    same(b"Hello world" in open(os.path.join(folder, "text"), "rb").read(), True, "text")
    same(b"</b></p>" in open(os.path.join(folder, "clean"), "rb").read(), True, "clean")
    same(open(os.path.join(folder, "headers"), "rb").read(), OK + b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n"
         % len(page) + page, "headers")
    ran(Run(["get " + s.url(), "save /dev/full"], folder), 1)
    ran(Run(["get " + s.url(), "save no/such/place"], folder), 1, None, "no/such/place")
    ran(Run(["expect fail http get " + Server([[OK + b"Content-Length: 9\r\n\r\nhalf", END]]).url(), "save half"], folder), 1, None,
        "no whole answer")


# ---- downloads that go on ----

@case
def a_download_goes_on(folder):
    body = BIG[:3000000]
    date = "Tue, 24 Nov 2020 10:00:00 GMT"
    cut = {"n": 1000000}

    def respond(head, _):
        first = int((re.search(r"Range: bytes=(\d+)-", head) or [0, 0])[1])
        if first and "If-Range: " + date in head:
            head = b"HTTP/1.1 206 Partial\r\nContent-Range: bytes %d-%d/%d\r\n" % (first, len(body) - 1, len(body))
        else:
            first, head = 0, OK
        return length(body[first:], head + b"Last-Modified: %s\r\n" % date.encode())[:cut["n"]]

    class Cuts(Server):
        def serve(self, connection, number, answers):
            self.read(connection, number)
            connection.sendall(respond(self.requests[-1][1], None))
            connection.close()
    s = Cuts([])
    ran(Run("get --resume out " + s.url(), folder), 8, b"", "the same command goes on there")
    same(sorted(os.listdir(folder)), ["out.part"], "files")
    ran(Run("get --resume out " + s.url(), folder), 8, b"", "out.part")
    size = size_of(os.path.join(folder, "out.part"))
    same(1900000 < size < 2000000, True, "size %d" % size)
    cut["n"] = None
    ran(Run("get --resume out " + s.url(), folder), 0, b"", "saved out")
    same(open(os.path.join(folder, "out"), "rb").read() == body, True, "the file")
    same([s.field(i, "Accept-Encoding") for i in range(3)], ["identity"] * 3, "Accept-Encoding")
    same(int(os.stat(os.path.join(folder, "out")).st_mtime), 1606212000, "time")
    ran(Run("get --resume out " + s.url(), folder), 1, None, "exists already")
    # another version is not mixed in
    os.rename(os.path.join(folder, "out"), os.path.join(folder, "out.part"))
    os.truncate(os.path.join(folder, "out.part"), 10)
    ran(Run("get --resume out " + s.url(), folder), 0, b"", "saved out")
    same(open(os.path.join(folder, "out"), "rb").read() == body, True, "the file from the start")


@case
def answers_to_a_download(folder):
    def answer(reply, status, words, left=b"0123456789", have=b"0123456789"):
        path = os.path.join(folder, "out")
        if os.path.exists(path):
            os.remove(path)
        open(path + ".part", "wb").write(have)
        ran(Run("get --resume out " + Server([[reply]]).url(), folder), status, b"", words)
        name = path if status == 0 else path + ".part"
        same(open(name, "rb").read(), left, words)
    part = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes "
    answer(length(b"abc", part + b"10-12/13\r\n"), 0, "saved out", b"0123456789abc")
    answer(length(b"abc", part + b"10-12/*\r\n"), 0, "saved out", b"0123456789abc")
    answer(length(b"abc", OK), 0, "saved out", b"abc")
    answer(length(b"x", b"HTTP/1.1 416 No\r\nContent-Range: bytes */10\r\n"), 0, "saved out")
    answer(length(b"x", b"HTTP/1.1 416 No\r\nContent-Range: bytes */9\r\n"), 5, "416")
    answer(length(b"x", b"HTTP/1.1 404 Not Found\r\n"), 5, "404")
    answer(length(b"abc", part + b"9-11/12\r\n"), 8, "does not send the bytes from 10")
    answer(length(b"abc", b"HTTP/1.1 206 Partial Content\r\n"), 8, "does not send the bytes from 10")
    answer(length(b"abc", part + b"10-12/20\r\n"), 8, "13 of 20 bytes", b"0123456789abc")
    ran(Run("get --resume out http://127.0.0.1:1/ > x", folder), 2)
    os.remove(os.path.join(folder, "out.part"))
    os.symlink("/dev/null", os.path.join(folder, "out.part"))
    ran(Run("get --resume out http://127.0.0.1:1/", folder), 1)


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


if __name__ == "__main__":
    sys.exit(main())
