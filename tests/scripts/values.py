#!/usr/bin/env python3
"""Values are values: whatever a variable holds, a server receives it as the name or the value that it was given for,
and nothing else. All strings of @ = : ; \\ up to length 3, in every kind of item and in what is sent besides, over a
real connection."""
import base64
import http.server
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
VALUES = ["".join(v) for n in range(4) for v in itertools.product("@=:;\\", repeat=n)] + ["-x", "--force", "==x",
    "=@/etc/hostname"]
FILES = [v for v in VALUES if v != "" and "/" not in v]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []

    def do(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, self.headers, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do

    def log_message(self, *arguments):
        pass


class Shell:
    """A folder with a file for each value, and a server; run() gives the requests that the server saw."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        for name in FILES:
            with open(os.path.join(self.folder.name, name), "w") as file:
                file.write("text of " + name)
        with open(os.path.join(self.folder.name, "file"), "w") as file:
            file.write("text")

    def run(self, lines):
        Handler.seen.clear()
        env = dict(os.environ, HOME=self.folder.name, LC_ALL="C.UTF-8")
        out = subprocess.run([HTTPSH, "--no-session"], input="\n".join(["set on-error continue", *lines]) + "\n",
                             text=True,
                             capture_output=True, timeout=300, cwd=self.folder.name, env=env)
        return list(Handler.seen), out

    def each(self, values, *lines):
        """The lines for each value; one request for each. %s is the URL."""
        script = []
        for value in values:
            script += ["let v = '%s'" % value, *(line.replace("%s", self.url) for line in lines)]
        seen, out = self.run(script)
        same(len(seen), len(values), out.stderr[:2000])
        return zip(values, seen)

    def refused(self, values, line):
        script = []
        for value in values:
            script += ["let v = '%s'" % value, "expect fail any " + line.replace("%s", self.url)]
        seen, out = self.run(script)
        same(seen, [])
        same(out.returncode, 0, out.stderr[:2000])

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()


def same(got, want, more=""):
    if got != want:
        raise AssertionError("%r instead of %r %s" % (got, want, more))


def form(body):
    return [tuple(urllib.parse.unquote_plus(t) for t in pair.split("=", 1)) for pair in body.decode().split("&")]


def parts(headers, body):
    """[(name, filename, type, content)] of multipart/form-data; the escapes are those of the HTML standard."""
    boundary = headers["Content-Type"].split("boundary=")[1].encode()
    out = []
    for part in body.split(b"--" + boundary)[1:-1]:
        head, content = part[2:-2].split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        fields = dict(f.split("=", 1) for f in lines[0].split("; ")[1:])
        kind = [line.split(": ", 1)[1] for line in lines[1:]]
        out.append((fields["name"][1:-1], fields["filename"][1:-1] if "filename" in fields else None,
                    kind[0] if kind else None,
                    content.decode()))
    return out


def plain(request):
    """No header that was not asked for, no query."""
    method, path, headers, body = request
    known = {"host", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "cookie",
             "authorization", "x-t"}
    same([name for name in headers.keys() if name.lower() not in known], [])
    same(path.split("?")[0], "/")


def get(s, values, item):
    for value, request in s.each(values, "get %%s/ %s" % item):
        plain(request)
        same(request[3], b"")
        yield value, request


def post(s, values, items):
    for value, request in s.each(values, "post %%s/ %s" % items):
        plain(request)
        same(request[1], "/")
        yield value, request


def test_header(s):
    for item in ("X-T:$v", "'X-T:'\"$v\"", "X-T:\"\"$v"):
        for value, request in get(s, VALUES, item):
            same((request[1], request[2]["X-T"]), ("/", value))
    for value, request in get(s, VALUES, "X-T:a$v"):
        same(request[2]["X-T"], "a" + value)
    s.refused(VALUES[:156], "get %s/ ${v}:x")


def test_query(s):
    for value, request in get(s, VALUES, "n==$v"):
        same(form(request[1].split("?")[1].encode()), [("n", value)])
    for value, request in get(s, VALUES[1:], "$v==x"):
        same(form(request[1].split("?")[1].encode()), [(value, "x")])
    s.refused([""], "get %s/ $v==x")


def test_field(s):
    for value, request in post(s, VALUES, "user=demo csrf=$v"):
        same(form(request[3]), [("user", "demo"), ("csrf", value)])
    for value, request in post(s, VALUES[1:], "$v=x a$v=y"):
        same(form(request[3]), [(value, "x"), ("a" + value, "y")])
    s.refused([""], "post %s/ $v=x")


def test_multipart(s):
    for value, request in post(s, VALUES, "--multipart n=$v"):
        same(parts(*request[2:]), [("n", None, None, value)])
    for value, request in post(s, VALUES[1:], "--multipart $v=x"):
        same(parts(*request[2:]), [(value, None, None, "x")])


def test_json(s):
    for value, request in post(s, VALUES, "--json n=$v m=x"):
        same(json.loads(request[3]), {"n": value, "m": "x"})
    for value, request in post(s, VALUES[1:], "--json $v=x"):
        same(json.loads(request[3]), {value: "x"})
    for value, request in post(s, [json.dumps(v) for v in VALUES], "n:=$v"):
        same(json.loads(request[3]), {"n": json.loads(value)})
    for value, request in post(s, VALUES[1:], "$v:=1"):
        same(json.loads(request[3]), {value: 1})
    s.refused(VALUES[:156], "post %s/ n:=$v")


def test_files(s):
    """An operator that was written reads the file that the value names, whatever it is called."""
    for value, request in post(s, FILES, "n=@$v"):
        same(form(request[3]), [("n", "text of " + value)])
    for value, request in post(s, FILES, "--json n=@$v"):
        same(json.loads(request[3]), {"n": "text of " + value})
    for value, request in post(s, FILES, "n@$v"):
        same(parts(*request[2:])[0][::3], ("n", "text of " + value))
        same(parts(*request[2:])[0][1], value)
    for value, request in post(s, FILES, "=@$v"):
        same(request[3].decode(), "text of " + value)
    for value, request in post(s, VALUES[1:156], "'n@file;type=text/x;filename=a'$v"):
        same(parts(*request[2:]), [("n", "a" + value, "text/x", "text")])
    s.refused([v + ";type=text/x" for v in FILES], "post %s/ n@$v")
    s.refused(["", "=@file", "@file", "@", "n==x", "n:x"], "post %s/ n=x $v")
    s.refused([""], "post %s/ $v@file")
    s.refused([""], "post %s/ $v=@file")


def test_body(s):
    for value, request in post(s, VALUES, "--body $v"):
        same(request[3].decode(), value)
    for value, request in post(s, VALUES, "<<EOF\na$v\nEOF"):
        same(request[3].decode(), "a%s\n" % value)


def test_sticky_header(s):
    for line in ("header set X-T $v", "header set X-T:$v", "header set X-T: $v"):
        for value, request in s.each(VALUES, line.replace("$v", "\"$v\"") if "\\" in line else line, "get %s/"):
            plain(request)
            same(request[2]["X-T"], value, line)
    s.refused(VALUES[:156], "header set $v x")


def test_credentials(s):
    def sent(request):
        return base64.b64decode(request[2]["Authorization"].split(" ")[1]).decode()

    for line in ("auth basic demo $v", "auth basic demo:$v"):
        for value, request in s.each(VALUES, line, "get %s/"):
            plain(request)
            same(sent(request), "demo:" + value, line)
    for value, request in s.each([v for v in VALUES if v != "" and ":" not in v], "auth basic $v:pass", "get %s/"):
        same(sent(request), value + ":pass")
    s.refused([v for v in VALUES if ":" in v], "auth basic $v pass")


def test_cookie(s):
    """What cannot be in a cookie is refused; what can, comes as it is."""
    values = [v for v in VALUES[:156] if ";" not in v]
    for value, request in s.each(values, "cookies clear", "cookies set --domain 127.0.0.1 n=$v", "get %s/"):
        same(request[2]["Cookie"], "n=" + value)
    s.refused([v for v in VALUES[:156] if ";" in v], "cookies set --domain 127.0.0.1 n=$v")
    s.refused([v for v in VALUES[:156] if "=" in v or ";" in v], "cookies set --domain 127.0.0.1 $v=x")


def test_lines(s):
    """No line of a request is a value's."""
    evil = "a\r\nX-Evil: 1\r\n\r\nb"
    for value, request in post(s, [evil, "a\nX-Evil: 1", "a\rX-Evil: 1"], "n=$v $v=x"):
        same(form(request[3]), [("n", value), (value, "x")])
    for value, request in post(s, [evil], "--multipart n=$v $v=x 'n@file;filename='$v"):
        same([p[3] for p in parts(*request[2:])], [value, "x", "text"])
        same(request[3].count(b"\r\nX-Evil"), 1)
    for line in ("get %s/ X-T:$v", "get %s/ $v:x", "get --target $v %s/", "request $v %s/", "post %s/ 'n@file;type='$v",
                 "header set X-T $v", "header set $v x", "cookies set --domain 127.0.0.1 n=$v",
                 "set user-agent $v"):
        s.refused([evil, "a\nX-Evil: 1", "a\rX-Evil: 1"], line)


def test_written(s):
    """The same without a variable: each byte behind a backslash of the shell, and behind one that quotes leave to the
    item."""
    hidden = ["".join("\\" + c for c in value) for value in VALUES[:156]]
    seen, out = s.run(["post %s/ X-T:%s n=%s" % (s.url, v or "''", v) for v in hidden])
    same(len(seen), 156, out.stderr)
    for value, request in zip(VALUES, seen):
        same((form(request[3]), request[2]["X-T"]), ([("n", value)], value))
    quoted = [v for v in VALUES[1:156] if "\\" not in v]
    seen, out = s.run(["post %s/ 'n=%s' '%s=x' \"m=%s\"" % ((s.url,) + 3 * ("".join("\\" + c for c in v),))
                       for v in quoted])
    same(len(seen), len(quoted), out.stderr)
    for value, request in zip(quoted, seen):
        same(form(request[3]), [("n", value), (value, "x"), ("m", value)])


def main():
    passed = failed = 0
    for name, function in list(globals().items()):
        if not name.startswith("test_") or (sys.argv[1:] and not any(w in name for w in sys.argv[1:])):
            continue
        shell = Shell()
        try:
            function(shell)
            passed += 1
        except Exception:
            failed += 1
            print("%s: %s" % (name, traceback.format_exc(limit=-3)))
        finally:
            shell.close()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
