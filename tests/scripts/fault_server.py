"""A server with one fault: it reads the ClientHello, and a rule says what comes then. Without a fault the connection
goes on to a sound TLS server behind it, which answers every request with a page.

    with Server(certificate, lambda hello: ("alert", 40) if hello.newest > 0x303 else None) as server:
        ... server.port ...

Actions: ("alert", N), ("say", BYTES), "close", "reset", "hang", "plain" (HTTP in the clear), and a ServerHello that
echoes the session id ("echo"), drops it in TLS 1.3 ("drop"), resumes without extended_master_secret ("lost"), or names
a suite that was not offered ("suite"); "cut" goes on until the client's second flight.
"""
import os
import select
import socket
import ssl
import struct
import subprocess
import threading

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nall is well\n"
REFUSED_SUITE = 0x1337


def certificate(folder):
    """A file with key and certificate of localhost."""
    path = os.path.join(folder, "fault.pem")
    key = os.path.join(folder, "fault.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path,
                    "-days", "9", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True,
                   stderr=subprocess.DEVNULL)
    with open(path, "a") as out:
        out.write(open(key).read())
    return path


def dh_parameters(path, group):
    subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group, "-out", path],
                   check=True)
    return path


class Hello:
    """What a rule looks at: newest (version), id (of a session), suites, extensions (number: bytes), session."""

    def __init__(self, body):
        at = 35 + body[34]
        self.id = body[35:at]
        n = struct.unpack_from(">H", body, at)[0]
        self.suites = list(struct.unpack_from(">%dH" % (n // 2), body, at + 2))
        at += 2 + n
        at += 1 + body[at]
        self.extensions = {}
        at += 2
        while at + 4 <= len(body):
            kind, n = struct.unpack_from(">HH", body, at)
            self.extensions[kind] = body[at + 4:at + 4 + n]
            at += 4 + n
        versions = self.extensions.get(43, b"\2" + body[:2])[1:]
        self.newest = max(struct.unpack(">%dH" % (len(versions) // 2), versions))
        self.session = len(self.extensions.get(35, b"")) > 0 or 41 in self.extensions


def server_hello(suite, session_id, extensions):
    body = b"\3\3" + os.urandom(32) + bytes([len(session_id)]) + session_id + struct.pack(">HB", suite, 0)
    block = b"".join(struct.pack(">HH", kind, len(data)) + data for kind, data in extensions)
    body += struct.pack(">H", len(block)) + block
    return b"\x16\3\3" + struct.pack(">H", len(body) + 4) + b"\2" + struct.pack(">I", len(body))[1:] + body


def read_hello(s):
    """(the bytes that came, Hello or None when it is no TLS)"""
    came = b""
    while len(came) < 5 or (came[0] == 0x16 and len(came) < 5 + struct.unpack_from(">H", came, 3)[0]):
        more = s.recv(65536)
        if not more:
            raise EOFError
        came += more
    return came, Hello(came[9:]) if came[0] == 0x16 else None


class Server:
    def __init__(self, certificate, rule=None, oldest=0x301, newest=0x304, ciphers="ALL", curve=None, dh=None):
        self.rule = rule or (lambda hello: None)
        self.suite = 0      # that the sound server chose last
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.set_ciphers(ciphers + ":@SECLEVEL=0")
        self.context.minimum_version = ssl.TLSVersion(oldest)
        self.context.maximum_version = ssl.TLSVersion(newest)
        if curve:
            self.context.set_ecdh_curve(curve)
        if dh:
            self.context.load_dh_params(dh_parameters(certificate + ".dh", dh))
        self.sound = self.listen(self.serve)
        self.front = self.listen(self.meet)
        self.port = self.front.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for listener in (self.front, self.sound):
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def listen(self, handle):
        listener = socket.create_server(("127.0.0.1", 0))

        def run():
            while True:
                try:
                    s = listener.accept()[0]
                except OSError:
                    return
                threading.Thread(target=self.guard, args=(handle, s), daemon=True).start()
        threading.Thread(target=run, daemon=True).start()
        return listener

    def guard(self, handle, s):
        s.settimeout(10)
        try:
            handle(s)
        except (OSError, EOFError, ssl.SSLError):
            pass
        finally:
            s.close()

    # ---- the sound one ----
    def serve(self, s):
        with self.context.wrap_socket(s, server_side=True) as tls:
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    more = tls.recv(65536)
                    if not more:
                        return
                    head += more
                tls.sendall(PAGE)

    # ---- the one with the fault ----
    def meet(self, s):
        came, hello = read_hello(s)
        if hello is None:
            s.sendall(PAGE)
            return
        action = self.rule(hello)
        if action is None or action == "cut":
            self.go_on(s, came, action == "cut")
        else:
            self.fail(s, hello, action)

    def fail(self, s, hello, action):
        says = {"plain": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
                "echo": server_hello(0xC02F, hello.id, [(0xFF01, b"\0")]),
                "lost": server_hello(self.suite, hello.id, [(0xFF01, b"\0")]),
                "drop": server_hello(0x1301, b"", [(43, b"\3\4"), (51, b"\0\x1d\0\x20" + os.urandom(32))]),
                "suite": server_hello(REFUSED_SUITE, b"", [(0xFF01, b"\0")])}
        if action == "reset":
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if action == "close":
            return
        if isinstance(action, tuple):
            s.sendall(action[1] if action[0] == "say" else b"\x15\3\1\0\2\2" + bytes([action[1]]))
        elif action != "hang":
            s.sendall(says[action])
        while s.recv(65536):        # the client ends it
            pass

    def note_suite(self, data):
        """Of a ServerHello at the beginning of what the sound server says."""
        if data[:1] == b"\x16" and data[5] == 2:
            self.suite = struct.unpack_from(">H", data, 44 + data[43])[0]

    def go_on(self, s, came, cut):
        with socket.create_connection(self.sound.getsockname()) as behind:
            behind.sendall(came)
            first = True
            while True:
                ready = select.select([s, behind], [], [], 10)[0]
                if not ready or (cut and s in ready):
                    return
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    if one is behind and first:
                        self.note_suite(data)
                        first = False
                    (s if one is behind else behind).sendall(data)
