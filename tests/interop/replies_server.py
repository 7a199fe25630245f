"""curl's test server: requests as bytes, and the answers of a row of http-replies.jsonl.gz."""
import base64
import re
import socket
import threading
import time


def decoded(text):
    return base64.b64decode(text) if text else b""


class Request:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        self.headers = [tuple(line.split(":", 1)) for line in lines[1:] if ":" in line]
        self.body = body

    def values(self, name):
        return [value.strip() for key, value in self.headers if key.strip().lower() == name.lower()]

    def has(self, name, word):
        return any(word in value.lower() for value in self.values(name))


def split_chunks(data):
    """Body and what follows; None when it is incomplete."""
    body = b""
    while True:
        line, found, rest = data.partition(b"\r\n")
        if not found:
            return None
        size = int(line.split(b";")[0], 16)
        if len(rest) < size + 2:
            return None
        body += rest[:size]
        data = rest[size + 2:]
        if size == 0:
            return body, data


def split_requests(data, bodies=True):
    """curl's `protocol` section as requests; bodies: they came, even if Expect: 100-continue announced them."""
    data = data.replace(b"[DISCONNECT]\n", b"")
    requests = []
    while data.strip():
        head, found, data = data.partition(b"\r\n\r\n")
        request = Request(head, b"")
        length = request.values("Content-Length")
        if request.has("Transfer-Encoding", "chunked"):
            request.body, data = split_chunks(data)
        elif length and (bodies or not request.has("Expect", "100-continue")):
            request.body, data = data[:int(length[0])], data[int(length[0]):]
        requests.append(request)
    return requests


class Server:
    """Answers on 127.0.0.1:8990 (and [::1] when there is one) as curl's test server does: the number at the end of the
    target chooses the part, an Authorization with Digest the parts from 1000, a reply with "swsbounce" the next."""

    PORT = 8990

    def __init__(self):
        self.listeners = []
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                listener = socket.socket(family)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((address, self.PORT))
                listener.listen(8)
                self.listeners.append(listener)
                threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
            except OSError:
                if family == socket.AF_INET:
                    raise
        self.begin({"replies": {}, "servercmd": []})

    def begin(self, row):
        self.row = row
        self.requests = []
        self.bounce = None
        self.delay = 0
        for line in row["servercmd"]:
            if line.startswith("writedelay:"):
                self.delay = int(line.split(":")[1]) / 1000

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(10)
        data = b""
        try:
            while True:
                while b"\r\n\r\n" not in data:
                    more = connection.recv(65536)
                    if not more:
                        return
                    data += more
                head, _, data = data.partition(b"\r\n\r\n")
                request = Request(head, b"")
                waits = request.has("Expect", "100-continue")
                if waits and "skip: 100" not in self.row["servercmd"]:
                    connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                    waits = False
                if not waits:
                    data = self.read_body(connection, request, data)
                self.requests.append(request)
                reply = self.choose(request)
                self.send(connection, reply)
                if waits or b"swsclose" in reply or re.search(rb"(?mi)^connection: *\n? *close", reply) or not reply \
                        or not self.is_framed(reply):
                    return
        except (OSError, ValueError):
            pass
        finally:
            try:
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except OSError:
                pass
            connection.close()

    @staticmethod
    def is_framed(reply):
        """Does its end show without closing? The interim responses before it say nothing of that."""
        text = reply.replace(b"\r\n", b"\n").lower()
        head, _, rest = text.partition(b"\n\n")
        while re.match(rb"http/1\.[01] 1\d\d", head) and rest:
            head, _, rest = rest.partition(b"\n\n")
        return b"\ncontent-length:" in head or b"\ntransfer-encoding:" in head or b" 204 " in head or b" 304 " in head

    @staticmethod
    def read_body(connection, request, data):
        if request.has("Transfer-Encoding", "chunked"):
            while (split := split_chunks(data)) is None:
                data += connection.recv(65536)
            request.body, data = split
            return data
        length = int((request.values("Content-Length") or ["0"])[0])
        while len(data) < length:
            more = connection.recv(65536)
            if not more:
                break
            data += more
        request.body, data = data[:length], data[length:]
        return data

    def choose(self, request):
        target = request.line.split(" ")[1]
        number = re.search(r"\d+", target.rpartition("/")[2])
        part = int(number.group()) if number else self.row["test"]
        part = part % 10000 if part > 10000 else 0
        authorization = (request.values("Authorization") or [""])[0]
        if authorization.startswith("Digest"):
            part += 1000
        if self.bounce is not None and target == self.bounce[0]:
            part = self.bounce[1] + 1
        self.bounce = None
        replies = self.row["replies"]
        reply = decoded(replies.get("data%d" % part if part else "data", ""))
        if b"swsbounce" in reply:
            self.bounce = (target, part)
        return reply

    def send(self, connection, reply):
        if not self.delay:
            connection.sendall(reply)
            return
        for at in range(0, len(reply), 16):
            connection.sendall(reply[at:at + 16])
            time.sleep(self.delay)
