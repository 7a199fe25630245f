#!/usr/bin/env python3
"""Framing and codings of bodies, and their limits."""
import gzip
import os
import socket
import ssl
import subprocess
import sys
import zlib

from wire import BIG, CLOSE, END, OK, Run, Server, case, length, main, ran, same, size_of


# ---- bodies ----

def broken(reply, status, words):
    """Refused, and neither a pipe nor a file gets anything of it."""
    def run(folder):
        s = Server([[reply, END], [reply, END]])
        path = os.path.join(folder, "out")
        got = Run(["set on-error continue", "get %s | cat" % s.url(), "get %s > %s" % (s.url(), path)], folder)
        ran(got, status, b"", words)
        same(size_of(path), 0, "size of the file")
    return run


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
    "corrupt_gzip": (length(gzip.compress(b"hello" * 100)[:-8] + b"12345678", OK + b"Content-Encoding: gzip\r\n"), 8,
                     "corrupt"),
    "cut_gzip": (length(gzip.compress(b"hello" * 100)[:-5], OK + b"Content-Encoding: gzip\r\n"), 8, "cut off"),
    "trailing_gzip": (length(gzip.compress(b"hello") + b"more", OK + b"Content-Encoding: gzip\r\n"), 8, "goes on"),
    "no_gzip": (length(b"hello", OK + b"Content-Encoding: gzip\r\n"), 8, "corrupt"),
    "unknown_coding": (length(b"hello", OK + b"Content-Encoding: lzma\r\n"), 8, "not known"),
    "two_locations": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n"), 8,
                      "contradictory Location"),
    "bad_location": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n"), 8, "cannot follow"),
    "strange_location": (length(b"", b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"), 8,
                         "neither http nor https"),
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
def raw_takes_any_transfer_coding(folder):
    s = Server([[OK + b"Transfer-Encoding: lzma\r\n\r\nas it is", END],
                [OK + b"Transfer-Encoding: x, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", END]])
    ran(Run(["set raw on"] + ["get %s | cat" % s.url()] * 2, folder), out=b"as it is3\r\nabc\r\n0\r\n\r\n")


@case
def a_multipart_type_by_hand_has_the_boundary(folder):
    s = Server([], respond=lambda head, body: length(b""))
    ran(Run(["post %s --multipart a=1 Content-Type:multipart/mixed" % s.url(),
             "post %s Content-Type:'multipart/form-data; boundary=mine' --multipart a=1" % s.url()], folder))
    for i, start in enumerate(("multipart/mixed; boundary=", "multipart/form-data; boundary=")):
        same(s.field(i, "Content-Type").startswith(start), True, "Content-Type")
        same(s.requests[i][2].startswith(b"--" + s.field(i, "Content-Type")[len(start):].encode() + b"\r\n"), True,
             "boundary")
    same(s.requests[1][2].startswith(b"--mine\r\n"), True, "boundary by hand")


@case
def a_hint_for_a_bad_coding_gives_the_bytes(folder):
    text = b"hello, " * 30
    good = gzip.compress(text)
    for body, words in ((good + b"\n \n", "210 decoded bytes: 3 bytes or more"),
                        (good[:-8] + b"\0" * 8, "after 210 decoded bytes"),
                        (good[:-3], "cut off after 210")):
        s = Server([[length(body, OK + b"Content-Encoding: gzip\r\n"), END]] * 3)
        ran(Run(["get %s | cat" % s.url()], folder), 8, b"", words)
        ran(Run(["get %s | cat" % s.url()], folder), 8, b"", "set decode off")
        ran(Run(["set decode off", "get %s | cat" % s.url()], folder), out=body)


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
    s = Server([[length(b"x" * 100)], [OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100
                                       + b"\r\n0\r\n\r\n"],
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
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key,
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
    for reply, notify, status in ((OK + b"\r\nhello", True, 0), (OK + b"\r\nhello", False, 6),
                                  (length(b"hello"), False, 0),
                                  (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", False, 0)):
        s = Tls([[reply]])
        s.notify = notify
        ran(Run(["trust off", "get https://127.0.0.1:%d/ | cat" % s.port], folder), status,
            b"hello" if status == 0 else b"",
            "" if status == 0 else "close_notify")


if __name__ == "__main__":
    sys.exit(main())
