#!/usr/bin/env python3
"""curl's replies (../shared/suites/http-replies.jsonl.gz): a loopback server sends them byte for byte, httpsh gets
the commands that ask for the same as curl's command line, and its requests, bodies and success are compared.

Tier A needs a plain GET and must hold whole; of tier B nine in ten must. What differs is listed with its reason in
replies-exceptions.json; a test that is listed and holds is a failure too. Arguments: numbers of tests to run, -v.

What a test of curl's reads from files (bodies, cookies, a .curlrc, a date) is not in its row: it is taken from the
request that is expected, where that shows it.
"""
import base64
import gzip
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
SUITES = os.environ.get("HTTPSH_SUITES", os.path.join(ROOT, "../shared/suites"))
EXCEPTIONS = os.path.join(HERE, "replies-exceptions.json")


def decoded(text):
    return base64.b64decode(text) if text else b""


# ---- requests as bytes ----

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


# ---- the server ----

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


# ---- curl's command line as commands ----

class Untranslatable(Exception):
    pass


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


# curl's options with a value that change nothing here
IGNORED_WITH_VALUE = {"-o", "-D", "--dump-header", "-c", "--output-dir", "--stderr", "--connect-to", "--interface",
                      "--etag-save", "--expect100-timeout"}
IGNORED = {"-i", "-#", "-4", "--ipv4", "-s", "-sS", "--silent", "--show-error", "--no-progress-meter", "--out-null",
           "--no-http0.9", "--http1.1", "-g", "--digest", "--anyauth", "--fail-with-body"}
# options that are one setting here
SETTINGS = {"--fail": "set fail on", "--raw": "set raw on", "--http0.9": "set http09 on", "--http1.0": "set http 1.0",
            "-0": "set http 1.0"}


class Translation:
    """The commands for one curl command line."""

    def __init__(self, row, folder):
        self.folder = folder
        self.settings = []
        self.urls = []
        self.items = []
        self.data = []
        self.forms = []
        self.method = None
        self.follow = self.get = self.head = self.keep_post = self.compressed = False
        self.upload = []
        self.json = False
        self.stdin = b""
        self.resume = None
        self.target = None
        self.expected = split_requests(decoded(row["expect"]["protocol"]), "skip: 100" not in row["servercmd"])
        self.auth = None
        self.auth_kind = "digest" if "--digest" in row["argv"] else "any" if "--anyauth" in row["argv"] else "basic"
        self.cookie_words = []
        self.cookie_files = 0
        self.row = row
        if not {"-b", "-c"} & set(row["argv"]):
            self.settings.append("set cookies off")
        # the row has UTF-8 read as Latin-1
        self.read([word.encode("latin-1").decode("utf-8") for word in row["argv"]])
        if "--config" in row["keywords"]:
            self.read_config()

    def read_config(self):
        """What curl reads from a .curlrc stands in a command here."""
        self.data.append("")
        self.items += ["%s:%s" % (name, value.strip()) for name, value in self.expected[0].headers
                       if name.lower() not in OWN_FIELDS | {"host", "content-type"}]

    def read(self, argv):
        while argv:
            word = argv.pop(0)
            if not word.startswith("-") or word == "-":
                self.urls.append(word)
            elif word in IGNORED:
                pass
            elif word in IGNORED_WITH_VALUE:
                argv.pop(0)
            else:
                self.option(word, argv)

    def option(self, word, argv):
        if word in ("-L", "--location", "--follow"):
            self.follow = True
        elif word == "--compressed":
            self.compressed = True
        elif word in ("-G", "--get"):
            self.get = True
        elif word in ("-I", "--head"):
            self.head = True
        elif word in ("--post301", "--post302", "--post303"):
            self.keep_post = True
        elif word in SETTINGS:
            self.settings.append(SETTINGS[word])
        elif word == "--tr-encoding":
            self.items += ["TE:gzip", "Connection:TE"]
        else:
            self.option_with_value(word, argv.pop(0) if argv else None)

    def option_with_value(self, word, value):
        if value is None:
            raise Untranslatable(word)
        if word in ("-H", "--header"):
            self.header(value)
        elif word in ("-u", "--user"):
            user, _, password = value.partition(":")
            self.auth = (user, password)
        elif word == "--oauth2-bearer":
            self.settings.append("auth bearer " + quoted(value))
        elif word in ("-X", "--request"):
            self.method = value
        elif word in ("-d", "--data"):
            self.data.append(value)
        elif word == "--json":
            self.json = True
            self.data.append(value)
        elif word in ("-F", "--form"):
            self.forms.append(value)
        elif word in ("-T", "--upload-file"):
            self.upload.append(value)
        elif word in ("-r", "--range"):
            self.items.append("Range:bytes=" + (value if "-" in value else value + "-"))
        elif word == "-C":
            self.resume = int(value if value != "-" else re.search(r"\d+", self.field("Range")).group())
        elif word == "-z":
            self.items.append("If-Modified-Since:" + self.field("If-Modified-Since"))
        elif word == "--etag-compare":
            self.items.append("If-None-Match:" + self.field("If-None-Match"))
        elif word == "-b":
            if "=" in value:
                self.cookie_words.append(value)
            else:
                self.cookie_files += 1
        elif word == "--max-redirs":
            self.settings.append("set max-redirects " + value)
        elif word == "--max-filesize":
            self.settings.append("set max-body " + value)
        elif word == "-m":
            self.settings.append("set timeout " + value)
        elif word == "--resolve":
            self.settings.append("set resolve " + quoted(value))
        elif word == "--request-target":
            self.target = value
        elif word == "--url" and value == "@-":
            self.urls += ["http://%s%s" % (r.values("Host")[0], r.line.split(" ")[1]) for r in self.expected]
        else:
            raise Untranslatable(word)

    def field(self, name):
        values = self.expected[0].values(name) if self.expected else []
        if not values:
            raise Untranslatable(name)
        return values[0]

    def header(self, value):
        name, colon, rest = value.partition(":")
        if colon and rest.strip():
            self.items.append("%s:%s" % (name, rest.lstrip()))
        elif colon:
            self.items.append(name + ":")
        elif value.endswith(";"):
            self.items.append(value)

    def file(self, name, contents):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(contents)
        return path

    def body_items(self):
        """The body as curl's test has it."""
        with_body = [request for request in self.expected if request.body]
        body = with_body[0].body if with_body else b"x" * int(self.field("Content-Length"))
        if self.upload == ["-"]:
            self.stdin = body
            return ["=@/dev/stdin"]
        items = ["=@" + self.file("body", body)]
        if self.json:
            return items + ["Content-Type:application/json"]
        return items + (["Content-Type:application/x-www-form-urlencoded"] if self.data else [])

    def form_items(self):
        items = []
        for form in self.forms:
            name, _, value = form.partition("=")
            value = value.lstrip()
            if ";" in value and value[0] != "@":
                value, _, kind = value.partition(";")
                items.append("%s=@%s;%s" % (name, self.file(name, value.encode()), kind))
            elif ";" in value or value[:1] == "<":
                raise Untranslatable("-F " + form)
            elif value.startswith("@"):
                path = value[1:]
                contents = re.search(rb'filename="[^"]*"\r\n.*?\r\n\r\n(.*?)\r\n--', self.expected[0].body, re.S).group(1)
                items.append("%s@%s" % (name, self.file(os.path.basename(path), contents)))
            else:
                items.append("%s=%s" % (name, value))
        return items

    def cookie_lines(self, words, url):
        """`cookies import` of those that are expected beside `words`: the file is not in the row. Of two with one name
        the first had the longer path; so it gets all that stands before it too."""
        sent = [pair for pair in "; ".join(r.values("Cookie")[0] for r in self.expected[:1] if r.values("Cookie")).split("; ")
                if pair and pair not in words]
        host = urllib.parse.urlsplit(url if "://" in url else "http://" + url)
        by_hand = [item[5:] for item in self.items if item.startswith("Host:")]
        names = [pair.split("=")[0] for pair in sent]
        longer = max((i for i, name in enumerate(names) if name in names[i + 1:]), default=-1)
        lines = ["\t".join([by_hand[0] if by_hand else host.hostname, "FALSE", host.path if i <= longer else "/", "FALSE",
                            str(int(time.time()) + 86400), *pair.split("=", 1)]) for i, pair in enumerate(sent)]
        if not lines:
            return []
        return ["cookies import " + quoted(self.file("cookies", ("\n".join(lines) + "\n").encode()))] + [
            "cookies set --domain %s %s" % (host.hostname, quoted(word)) for word in words]

    def typed_target(self, url):
        """A target that the URL Standard would change is given word for word; curl's globbing takes \\{ for {."""
        if self.target:
            return self.target
        path = re.sub(r"^(\w+://)?[^/?#]*", "", url).partition("#")[0]
        plain = re.sub(r"\\([{}\[\]])", r"\1", path) if "-g" not in self.row["argv"] else path
        return plain if re.search(r'[\\{}"]', plain) else None

    def commands(self):
        lines = ["set follow " + ("on" if self.follow and not self.keep_post else "off")]
        lines += ["set decode " + ("on" if self.compressed else "off")]
        lines += self.settings
        words = [word for value in self.cookie_words for word in value.split("; ")]
        if self.cookie_files:
            lines += self.cookie_lines(words, self.urls[0])
        items = list(self.items)
        if words and not any(line.startswith("cookies import") for line in lines):
            items.append("Cookie:" + "; ".join(self.cookie_words))
        verb = "get"
        if self.forms:
            verb = "post --multipart"
            items += self.form_items()
        elif self.data and self.get:
            items += [pair.replace("=", "==", 1) for pair in "&".join(self.data).split("&")]
        elif self.data:
            verb = "post"
            items += self.body_items()
        elif self.upload:
            verb = "put"
            items += self.body_items()
        if self.head:
            verb = "head"
        if self.method:
            verb = "request " + self.method
        tail = "".join(" " + quoted(item) for item in items)
        urls = self.urls * max(1, "".join(self.upload).count(",") + 1)      # -T {a,b}
        for url in urls:
            target = self.typed_target(url)
            if "://" not in url:
                url = "http://" + url
            if url.startswith("ftp://") and "proxy" in self.row["features"]:
                # a request to a proxy, by hand
                host = urllib.parse.urlsplit(url).netloc
                target, tail = url, " 'Host:%s' Proxy-Connection:Keep-Alive" % host
                url = "http://127.0.0.1:%d/" % Server.PORT
            if self.auth:       # for curl each URL is new: what the server asked for is forgotten
                lines.append("auth %s %s %s" % ((self.auth_kind,) + tuple(map(quoted, self.auth))))
            where = " > " + quoted(self.output())
            if self.resume is not None:
                self.file("out%d.part" % self.outputs, b"x" * self.resume)
                where = " --resume " + quoted(os.path.join(self.folder, "out%d" % self.outputs))
            lines.append("%s%s %s%s%s" % (verb, " --target " + quoted(target) if target else "", quoted(url), tail, where))
            if self.keep_post:
                lines.append("%s ${header.location}%s > %s" % (verb, tail, quoted(self.output())))
        return lines

    def output(self):
        self.outputs = getattr(self, "outputs", 0) + 1
        return os.path.join(self.folder, "out%d" % self.outputs)

    def printed(self):
        """What the commands gave; of a redirect followed by hand the last, of several URLs with one reply each
        (that the row says once) the one that is not as the others."""
        parts = []
        for i in range(getattr(self, "outputs", 0)):
            path = os.path.join(self.folder, "out%d" % (i + 1))
            parts.append(open(path, "rb").read().removeprefix(b"x" * (self.resume or 0)) if os.path.exists(path) else b"")
        if self.keep_post and parts:
            return parts[-1]
        if self.row["expect"]["source"].startswith("reply/") and len(self.urls) * len(parts) > 1:
            first = parts[0]
            one_reply = len([name for name in self.row["replies"] if name.startswith("data")]) == 1
            return next((part for part in parts if one_reply and part != first), first)
        return b"".join(parts)


# ---- comparison ----

# Fields in which every client speaks for itself.
OWN_FIELDS = {"user-agent", "accept", "accept-encoding", "connection", "expect", "content-length", "transfer-encoding"}


def normal_multipart(request):
    boundary = re.search(r"boundary=(\S+)", (request.values("Content-Type") or [""])[0])
    if not boundary:
        return request.body
    return request.body.replace(boundary.group(1).encode(), b"BOUNDARY")


def normal_field(name, value):
    value = re.sub(r"boundary=\S+", "boundary=BOUNDARY", value)
    if name == "authorization" and value.startswith("Digest"):
        # the order and quoting of parameters are free, and our cnonce is our own
        words = dict(re.findall(r'(\w+)="?((?:[^",\\]|\\.)*)"?', value[7:]))
        if words.get("cnonce"):
            words["cnonce"] = words["response"] = "OURS"
        return str(sorted(words.items()))
    return value


def compare_requests(expected, got, by_hand):
    if len(expected) != len(got):
        return "%d requests instead of %d: %s" % (len(got), len(expected), [r.line for r in got])
    for want, have in zip(expected, got):
        if want.line != have.line:
            return "%r instead of %r" % (have.line, want.line)
        if normal_multipart(want) != normal_multipart(have):
            return "body %r instead of %r" % (have.body[:200], want.body[:200])
        for name, _ in want.headers:
            name = name.strip().lower()
            if name in OWN_FIELDS and name not in by_hand:
                continue
            a = [normal_field(name, v) for v in want.values(name)]
            b = [normal_field(name, v) for v in have.values(name)]
            if a != b:
                return "%s: %r instead of %r" % (name, b, a)
    return None


def run(row, server):
    """None when it holds, or what differs."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            translation = Translation(row, folder)
            lines = translation.commands()
        except Untranslatable as reason:
            return "no command for curl's %s" % reason
        server.begin(row)
        shell = subprocess.run([HTTPSH, "--no-session", "-c", "\n".join(lines)], input=translation.stdin,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        if "-v" in sys.argv:
            print("\n".join(lines), shell.stderr.decode(errors="replace"), sep="\n")
        expect = row["expect"]
        success = expect["exit"] == [0]
        said = shell.stderr.decode(errors="replace").strip()[-300:]
        if shell.returncode < 0 or shell.returncode == 2 or (shell.returncode == 0) != success:
            return "exit status %d, curl %s: %s" % (shell.returncode, expect["exit"], said)
        if translation.expected:
            by_hand = {item.partition(":")[0].lower() for item in translation.items if ":" in item}
            different = compare_requests(translation.expected, list(server.requests), by_hand)
            if different:
                return different
        if success and expect["body"] is not None and expect["source"] != "verify/stdout":
            printed = translation.printed()
            if printed != decoded(expect["body"]):
                return "body %r instead of %r" % (printed[:200], decoded(expect["body"])[:200])
        return None


def main():
    path = os.path.join(SUITES, "http-replies.jsonl.gz")
    if not os.path.exists(path):
        print("skipped: %s is not there" % path)
        print("0 passed, 0 failed")
        return 0
    rows = [json.loads(line) for line in gzip.open(path)]
    chosen = {int(word) for word in sys.argv[1:] if word.isdigit()}
    exceptions = json.load(open(EXCEPTIONS))
    server = Server()
    passed = failed = 0
    held = {"A": 0, "B": 0}
    total = {"A": 0, "B": 0}
    for row in rows:
        if chosen and row["test"] not in chosen:
            continue
        total[row["tier"]] += 1
        try:
            different = run(row, server)
        except subprocess.TimeoutExpired:
            different = "httpsh did not end"
        held[row["tier"]] += different is None
        reason = exceptions.get(str(row["test"]))
        if different is None and reason is None:
            passed += 1
        elif different is not None and reason is not None:
            passed += 1
            if "-v" in sys.argv:
                print("%s %d differs as listed: %s (%s)" % (row["tier"], row["test"], different, reason))
        else:
            failed += 1
            print("%s %d %s: %s" % (row["tier"], row["test"], row["name"],
                                    different or "holds, but is listed as an exception"))
    for tier in "AB":
        print("tier %s: %d of %d hold" % (tier, held[tier], total[tier]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
