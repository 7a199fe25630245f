#!/usr/bin/env python3
"""Servers that do not end: each must be left by the limit that is named for it, whatever it sends meanwhile."""
import socket
import tempfile
import threading
import time

from servers import Tally, httpsh

SLACK = 2.5          # seconds a slow machine may add
HEAD = b"HTTP/1.1 200 OK\r\n"


def serve(talk):
    """A listener on loopback whose connections are talked to by talk(connection); its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)

    def one(connection):
        try:
            talk(connection)
        except OSError:
            pass
        connection.close()

    def accept():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def drip(connection, begin, byte, pause):
    connection.sendall(begin)
    while True:
        connection.sendall(byte)
        time.sleep(pause)


def flood(connection):
    connection.recv(65536)
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(bytes(65536))


def redirects(connection):
    while connection.recv(65536):
        time.sleep(0.3)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")


def silent(connection):
    connection.recv(65536)
    time.sleep(30)


def deaf(connection):
    time.sleep(30)


HANDSHAKE_RECORD = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"       # a ServerHello of 16 KiB begins
WARNINGS = b"\x15\x03\x03\x00\x02\x01\x5a"                       # user_canceled

CASES = [
    # name, what the server does, commands with URL, seconds of the limit (0: refused at once)
    ("a body that never pauses ends by max-time", flood, "set max-time 1s; get http://HOST/ > /dev/null", 1),
    ("a head byte by byte ends by max-time", lambda c: drip(c, HEAD + b"X: ", b"x", 0.05),
     "set max-time 1s; get http://HOST/", 1),
    ("redirects share max-time", redirects, "set max-time 1s; get http://HOST/", 1),
    ("an upload nobody reads ends by timeout, and the goodbye does not wait", deaf,
     "set timeout 1s; put http://HOST/ =@FILE", 1),
    ("a handshake byte by byte ends by connect-timeout", lambda c: drip(c, HANDSHAKE_RECORD, b"\0", 0.05),
     "set connect-timeout 1s; get https://HOST/", 1),
    ("a handshake of warnings ends by their number", lambda c: drip(c, b"", WARNINGS, 0.05), "get https://HOST/", 0),
    ("a silent handshake ends by max-time", silent, "set max-time 1s; set connect-timeout off; get https://HOST/", 1),
    ("a hello in pieces of one byte ends by connect-timeout", silent,
     "set connect-timeout 1s; tls split-hello-segment 1; get https://HOST/", 1),
]


def main():
    tally = Tally()
    with tempfile.NamedTemporaryFile() as big:
        big.truncate(64 << 20)
        for name, talk, commands, limit in CASES:
            begin = time.monotonic()
            status, _, err = httpsh(commands.replace("HOST", "127.0.0.1:%d" % serve(talk)).replace("FILE", big.name))
            seconds = time.monotonic() - begin
            tally.check(status == (3 if limit > 0 else 6) and limit - 0.2 <= seconds < limit + SLACK, name,
                        "status %s after %.1f s\n%s" % (status, seconds, err))
    tally.finish()


if __name__ == "__main__":
    main()
