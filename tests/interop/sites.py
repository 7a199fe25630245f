"""Loopback sites that keep every request, and one run of httpsh against them."""
import os
import re
import socket
import ssl
import subprocess
import threading

from certificates import Authority
from servers import HTTPSH

TIMEOUT = 60


# ---- servers ----

class Site:
    """Listens on loopback; answers each request by `answer(path, head)` and keeps what came: (connection, head,
    body)."""

    def __init__(self, answer=None, context=None):
        self.answer = answer or (lambda path, head: reply("ok"))
        self.context = context
        self.requests = []
        self.certificates = []
        self.resumed = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection, self.connections), daemon=True).start()

    def serve(self, connection, number):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.certificates.append(connection.getpeercert(True))
                self.resumed.append(connection.session_reused)
            stream = connection.makefile("rb")
            while (head := self.read_head(stream)):
                length = re.search(rb"(?im)^content-length: *(\d+)", head)
                body = stream.read(int(length[1])) if length else b""
                self.requests.append((number, head.decode("latin-1"), body))
                answer = self.answer(head.split(b" ")[1].decode("latin-1"), head.decode("latin-1"))
                connection.sendall(answer)
                if isinstance(answer, Last):
                    break
        except OSError:
            pass
        connection.close()

    @staticmethod
    def read_head(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return b""
            head += line
        return head

    def heads(self):
        return [head for _, head, _ in self.requests]

    def url(self, host="127.0.0.1", user=""):
        return "%s://%s%s:%d" % ("https" if self.context else "http", user, host, self.port)


class Last(bytes):
    """An answer behind which the connection is closed."""


def reply(body, *fields, status="200 OK"):
    body = body.encode() if isinstance(body, str) else body
    lines = ["HTTP/1.1 " + status, *fields, "Content-Length: %d" % len(body)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def redirect(to, *fields):
    return reply("", "Location: " + to, *fields, status="302 Found")


def run(commands, folder, session=None, home=None):
    """Exit status, standard output, standard error; every name leads to loopback."""
    words = ["--session", session] if session else ["--no-session"]
    p = subprocess.run([HTTPSH, *words, "-c", "set resolve *:*:127.0.0.1; " + commands], stdin=subprocess.DEVNULL,
                       capture_output=True,
                       timeout=TIMEOUT, cwd=folder, env=dict(os.environ, HOME=home or folder,
                           XDG_STATE_HOME=folder + "/state"))
    return p.returncode, p.stdout.decode("latin-1"), p.stderr.decode("latin-1")


def check(condition, what=""):
    if not condition:
        raise AssertionError(what)


def same(got, want):
    check(got == want, "%r instead of %r" % (got, want))


def field(head, name):
    found = re.search(r"(?im)^%s: *(.*?)\r$" % re.escape(name), head)
    return found[1] if found else None


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as f:
        return f.read()


def server_context(folder, name="leaf", verify=None):
    """A context with a certificate for localhost, 127.0.0.1 and *.w.test; made once a folder."""
    if not os.path.exists(os.path.join(folder, "root.pem")):
        authority = Authority()
        for leaf, names in (("leaf", "DNS:localhost,DNS:host.test,IP:127.0.0.1"), ("wild", "DNS:x*.test,DNS:*.w.test"),
                            ("me", "DNS:me"),
                            ("you", "DNS:you")):
            authority.make(leaf, ext="subjectAltName=%s\n" % names)
        for leaf in ("root", "leaf", "wild", "me", "you"):
            for kind in (".pem", ".key"):
                write(folder, leaf + kind, read(authority.folder, leaf + kind))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
    if verify:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(os.path.join(folder, "root.pem"))
        context.maximum_version = verify
    return context
