#!/usr/bin/env python3
"""Clear text where a TLS record should be: its first line is shown, safely, whenever it comes."""
import re
import socket
import ssl
import threading

import servers

TEXTS = (("HTTP", b"HTTP/1.1 400 Bad Request\r\nA: b\r\n\r\n", "plain HTTP .*: HTTP/1\\.1 400 Bad Request"),
         ("a page", b"<html><h1>400</h1></html>\n", "plain HTTP .*: <html><h1>400</h1></html>"),
         ("SMTP", b"220 mail.example ESMTP\r\n", "SMTP or FTP.*: 220 mail\\.example ESMTP"),
         ("SSH", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH .*: SSH-2\\.0-OpenSSH_9\\.2p1 Debian-2"),
         ("a log line", b"Traceback (most recent call last):\n", "text .*: Traceback \\(most recent call last\\):"),
         ("an escape sequence", b"HTTP/1.1 500 \x1b]0;owned\x07\xe2\x80\xaex\r\n",
          r"HTTP/1\.1 500 \\x1B\]0;owned\\x07\\xE2\\x80\\xAEx"),
         ("a line without end", b"log " * 4096, "text .*: (log ){8,16}"),
         ("four bytes", b"no\r\n", "text .*: no"))


class Server:
    """Speaks TLS until `when`, and then writes on the bare socket."""

    def __init__(self, bench, when, version, text):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(bench.certs.path("rsa.crt"), bench.certs.path("rsa.key"))
        self.context.minimum_version = self.context.maximum_version = version
        self.when, self.text = when, text
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        c, _ = self.socket.accept()
        if self.when == "at once":
            c.recv(4096)
        elif self.when == "within the handshake":
            hello, out = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = self.context.wrap_bio(hello, out, server_side=True)
            hello.write(c.recv(65536))
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                c.sendall(out.read())
            c.recv(65536)
        else:
            raw, c = c, self.context.wrap_socket(c.dup(), server_side=True)
            c.recv(65536)
            raw.sendall(self.text)
            raw.shutdown(socket.SHUT_WR)
            raw.recv(65536)
            return
        c.sendall(self.text)
        c.close()


def main():
    servers.enter_private_network()
    tally, bench = servers.Tally(), servers.Bench()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        for when in ("at once", "within the handshake", "after it"):
            for name, text, shown in TEXTS:
                server = Server(bench, when, version, text)
                status, out, err = servers.httpsh("trust off; set timeout 5; get https://localhost:%d/" % server.port)
                ok = status == 6 and re.search(shown, err) and max(map(len, err.split("\n"))) < 300
                tally.check(ok and "\x1b" not in err and "version 0x" not in err,
                            "%s, %s, %s" % (name, when, version.name), "%d %s" % (status, err))
    tally.finish()


if __name__ == "__main__":
    main()
