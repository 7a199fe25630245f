"""What a client puts on the wire: a listener that reads the first flight and hangs up, and a parser of ClientHello.

Nothing of httpsh is used here, so that a mistake there cannot hide itself.
"""
import socket
import subprocess
import sys
import tempfile
import threading
import time

import servers

SERVER_NAME, STATUS_REQUEST, GROUPS, FORMATS, SCHEMES, ALPN, SCT, PADDING, ETM, EMS = 0, 5, 10, 11, 13, 16, 18, 21, 22, 23
TICKET, PSK, VERSIONS, COOKIE, PSK_MODES, KEY_SHARE, RENEGOTIATION_INFO = 35, 41, 43, 44, 45, 51, 0xFF01


def u16(b, at):
    return b[at] << 8 | b[at + 1]


def pairs(b):
    return [u16(b, i) for i in range(0, len(b) - 1, 2)]


def is_grease(v):
    return v & 0x0F0F == 0x0A0A and v >> 8 == v & 0xFF


class Hello:
    """record_versions, records (payload lengths), version, random, session_id, suites, extensions [(id, body)] in
    order; v2: an SSL 2.0 record with cipher kinds. segments: TCP segments it came in."""

    def __init__(self, data):
        self.data, self.records, self.record_versions, self.extensions, self.v2 = data, [], [], [], False
        if data[0] & 0x80 and data[2] == 1:
            self.parse_v2(data)
            return
        message, at = b"", 0
        while at + 5 <= len(data) and data[at] == 22:
            n = u16(data, at + 3)
            self.record_versions.append(u16(data, at + 1))
            self.records.append(n)
            message += data[at + 5:at + 5 + n]
            at += 5 + n
        self.message = message
        assert message[0] == 1 and int.from_bytes(message[1:4], "big") == len(message) - 4, "not one whole ClientHello"
        self.parse(message[4:])

    def parse(self, b):
        self.version, self.random = u16(b, 0), b[2:34]
        at = 35 + b[34]
        self.session_id = b[35:at]
        n = u16(b, at)
        self.suites = pairs(b[at + 2:at + 2 + n])
        at += 2 + n
        self.compression = b[at + 1:at + 1 + b[at]]
        at += 1 + b[at]
        if at < len(b):
            assert u16(b, at) == len(b) - at - 2, "length of the extensions"
            at += 2
            while at < len(b):
                n = u16(b, at + 2)
                self.extensions.append((u16(b, at), b[at + 4:at + 4 + n]))
                at += 4 + n

    def parse_v2(self, d):
        self.v2, self.message = True, d[2:2 + (u16(d, 0) & 0x7FFF)]
        self.version = u16(d, 3)
        n, session, challenge = u16(d, 5), u16(d, 7), u16(d, 9)
        assert len(self.message) == 9 + n + session + challenge, "lengths of the SSL 2.0 hello"
        self.suites = [int.from_bytes(d[11 + i:14 + i], "big") for i in range(0, n, 3)]
        self.session_id, self.random = d[11 + n:11 + n + session], d[11 + n + session:]

    def ids(self):
        return [t for t, _ in self.extensions]

    def get(self, extension):
        return dict(self.extensions).get(extension)

    def groups(self):
        return pairs(self.get(GROUPS)[2:]) if self.get(GROUPS) else []

    def schemes(self):
        return pairs(self.get(SCHEMES)[2:]) if self.get(SCHEMES) else []

    def versions(self):
        return pairs(self.get(VERSIONS)[1:]) if self.get(VERSIONS) else []

    def shares(self):
        body, at, out = self.get(KEY_SHARE) or b"\0\0", 2, []
        while at < len(body):
            out.append((u16(body, at), u16(body, at + 2)))
            at += 4 + out[-1][1]
        return out

    def alpn(self):
        body, at, out = self.get(ALPN) or b"\0\0", 2, []
        while at < len(body):
            out.append(body[at + 1:at + 1 + body[at]].decode())
            at += 1 + body[at]
        return out

    def sni(self):
        body = self.get(SERVER_NAME)
        return body[5:].decode() if body else None


class Listener:
    """Takes connections; hellos() flights: the first flight of each as bytes; segments: how many TCP segments it came
    in."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.flights, self.segments = [], []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            c, _ = self.socket.accept()
            c.settimeout(0.4)
            data = b""
            try:
                while not self.whole(data):
                    part = c.recv(65536)
                    if not part:
                        break
                    data += part
            except OSError:
                pass
            info = c.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
            self.flights.append(data)
            self.segments.append(int.from_bytes(info[152:156], sys.byteorder))      # tcpi_data_segs_in
            c.close()

    @staticmethod
    def whole(data):
        try:
            return bool(data) and (Hello(data) is not None) and (not data[0] & 0x80 or
                                                                len(data) >= 2 + (u16(data, 0) & 0x7FFF))
        except (AssertionError, IndexError):
            return False


def hello(settings, host="localhost", listener=None):
    """The ClientHello that httpsh sends under these settings."""
    own = listener or Listener()
    before = len(own.segments)
    status, out, err = servers.httpsh("set timeout 5; %s; get https://%s:%d/" % (settings, host, own.port))
    deadline = time.time() + 2
    while len(own.segments) == before and time.time() < deadline:
        time.sleep(0.01)
    if len(own.segments) == before:
        raise AssertionError("no hello came: " + err)
    h = Hello(own.flights[-1])
    h.segments, h.stderr = own.segments[-1], err
    return h


class Proxy:
    """Between httpsh and a server; keeps what passes in both directions."""

    def __init__(self, port):
        self.target, self.socket = port, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.sent, self.received = [], []          # bytes of each connection
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            c, _ = self.socket.accept()
            s = socket.create_connection(("127.0.0.1", self.target))
            n = len(self.sent)
            self.sent.append(b"")
            self.received.append(b"")
            threading.Thread(target=self.pump, args=(c, s, self.sent, n), daemon=True).start()
            threading.Thread(target=self.pump, args=(s, c, self.received, n), daemon=True).start()

    @staticmethod
    def pump(a, b, log, n):
        try:
            while True:
                data = a.recv(65536)
                if not data:
                    break
                log[n] += data
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def records(data):
    """[(type, version, length)] of a stream of records."""
    out, at = [], 0
    while at + 5 <= len(data):
        out.append((data[at], u16(data, at + 1), u16(data, at + 3)))
        at += 5 + out[-1][2]
    return out


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def record(kind, version, payload):
    return bytes([kind]) + version.to_bytes(2, "big") + len(payload).to_bytes(2, "big") + payload


class RsaServer:
    """Answers a hello with RSA key exchange, and decrypts the premaster secret of ClientKeyExchange; no more."""

    def __init__(self, certs, version):
        self.certs, self.version = certs, version
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.premaster = None
        self.done = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()

    def der(self):
        return subprocess.run(["openssl", "x509", "-in", self.certs.path("rsa.crt"), "-outform", "DER"], check=True,
                              stdout=subprocess.PIPE).stdout

    def run(self):
        c, _ = self.socket.accept()
        c.settimeout(3)
        c.recv(65536)
        cert = self.der()
        one = len(cert).to_bytes(3, "big") + cert
        hello_body = self.version.to_bytes(2, "big") + b"S" * 32 + b"\0" + b"\0\x2f" + b"\0"
        flight = message(2, hello_body) + message(11, len(one).to_bytes(3, "big") + one) + message(14, b"")
        c.sendall(record(22, self.version, flight))
        data = b""
        try:
            while len(data) < 9 + 256:
                data += c.recv(65536)
        except OSError:
            pass
        start = 9 + (2 if self.version > 0x300 else 0)
        with tempfile.NamedTemporaryFile() as f:
            f.write(data[start:start + 256])
            f.flush()
            out = subprocess.run(["openssl", "pkeyutl", "-decrypt", "-inkey", self.certs.path("rsa.key"), "-in",
                                  f.name],
                                 stdout=subprocess.PIPE)
        self.premaster = out.stdout
        c.close()
        self.done.set()
