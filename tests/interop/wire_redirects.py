#!/usr/bin/env python3
"""Redirects, Digest and cookies: what goes where."""
import hashlib
import os
import re
import subprocess
import sys
import time

from wire import HTTPSH, OK, Run, Server, case, length, main, ran, same


# ---- redirects ----

def redirect(status, location, more=b""):
    return length(b"moved", b"HTTP/1.1 %d Moved\r\nLocation: %s\r\n" % (status, location.encode()) + more)


@case
def methods_of_redirects(folder):
    expected = {(301, "post"): "GET", (302, "post"): "GET", (303, "post"): "GET", (307, "post"): "POST",
                (308, "post"): "POST",
                (301, "put"): "PUT", (302, "put"): "PUT", (303, "put"): "GET", (303, "delete"): "GET",
                (303, "head"): "HEAD"}
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
    s = Server([[redirect(302, other.url("/there")), redirect(302, other.url("/there")), redirect(302, "/here"),
                 length(b"here")]])
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
    ran(Run(["header set X-Api-Key k", "header set X-Team red", "get %s X-Auth-Token:t X-Plain:p" % s.url(),
             "get " + other.url()],
            folder))
    names = ("X-Api-Key", "X-Team", "X-Auth-Token", "X-Plain")
    same([s.field(0, name) for name in names], ["k", "red", "t", "p"], "headers")
    same([other.field(0, name) for name in names], [None, "red", None, "p"], "headers elsewhere, by a redirect")
    same(other.field(1, "X-Api-Key"), None,
         "header elsewhere, also when that is asked for: it belongs to the first origin")


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
    ran(Run(["set follow off", "get %s | cat" % s.url(), "echo $status ${header.location}"], folder),
        out=b"moved302 /to\n")


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
    same(words["response"], h(h(h("u", "r", "p"), "n", words["cnonce"]), "n", "00000001", words["cnonce"], "auth",
                              h("GET", "/x?y")),
         "response")


@case
def any_takes_the_strongest(folder):
    basic = b"WWW-Authenticate: Basic realm=x\r\n"
    s = Server([[challenge('realm="r", nonce="n", algorithm=MD5',
                           basic + b'WWW-Authenticate: Digest realm="r", nonce="m", '
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


# ---- cookies ----

def setting(*cookies):
    return length(b"", OK + b"".join(b"Set-Cookie: " + cookie + b"\r\n" for cookie in cookies))


@case
def cookies_come_and_go(folder):
    s = Server([], respond=lambda head, body: setting(b"a=1; Path=/", b"b=2; Path=/x", b"c=3; Path=/; Max-Age=60",
        b"e=; Path=/")
               if "/set" in head else setting(b"a=; Max-Age=0; Path=/") if "/unset" in head else length(b""))
    ran(Run(["get " + s.url(path) for path in ("/set", "/", "/x/y", "/unset", "/")] + ["cookies"], folder),
        out=None)
    same([s.field(i, "Cookie") for i in range(5)], [None, "a=1; c=3; e=", "b=2; a=1; c=3; e=", "a=1; c=3; e=",
        "c=3; e="], "Cookie")


@case
def cookies_that_are_refused(folder):
    refused = [b"a=1; Domain=com", b"a=1; Domain=other.test", b"a=1; Domain=0.0.1", b"__Secure-a=1",
               b"__Host-a=1; Secure; Domain=127.0.0.1; "
               b"Path=/", b"__Host-a=1; Secure", b"__host-a=1; Path=/", b"=1", b"novalue", b"a=" + b"x" * 4096,
               b"a=b\x01c", b"a=1; Max-Age=-1"]
    s = Server([], respond=lambda head, body: setting(*refused) if "/set" in head else length(b""))
    ran(Run(["get " + s.url("/set"), "get " + s.url("/"), "cookies"], folder), out=b"")
    same(s.field(1, "Cookie"), None, "Cookie")


@case
def limits_of_the_jar(folder):
    s = Server([], respond=lambda head, body: setting(*(b"n%d=v" % i for i in range(900))) if "/set" in head
               else length(b""))
    ran(Run(["get " + s.url("/set"), "cookies | wc -l"], folder), out=b"180\n")
    s = Server([], respond=lambda head, body: setting(b"a=1; Max-Age=999999999",
        b"b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"))
    run = Run(["get " + s.url(), "cookies export"], folder)
    ran(run)
    times = [int(line.split("\t")[4]) - time.time() for line in run.out.decode().splitlines() if line.count("\t") == 6]
    same([399 * 86400 < t <= 400 * 86400 for t in times], [True, True], "400 days at most")


@case
def cookies_off(folder):
    s = Server([], respond=lambda head, body: setting(b"a=1"))
    ran(Run(["cookies set --domain 127.0.0.1 mine=1", "set cookies off", "get " + s.url(), "get " + s.url(), "cookies"],
            folder),
        out=b"127.0.0.1/\tmine=1\tsession\n")
    same([s.field(i, "Cookie") for i in range(2)], [None, None], "Cookie")


@case
def a_host_by_hand_chooses_the_cookies(folder):
    s = Server([], respond=lambda head, body: setting(b"v=1; Domain=example.com") if "/set" in head else length(b""))
    ran(Run(["get %s Host:www.example.com" % s.url("/set"), "get " + s.url(), "get %s Host:EXAMPLE.com:80" % s.url()],
            folder))
    same([s.field(i, "Cookie") for i in range(3)], [None, None, "v=1"], "Cookie")


def sent_by(command, s):
    before = len(s.requests)
    subprocess.run(command, capture_output=True, timeout=20, check=True)
    return sorted((s.field(before, "Cookie") or "").split("; "))


@case
def curl_and_wget_read_what_is_exported(folder):
    s = Server([], respond=lambda head, body: setting(b"s=1; HttpOnly", b"p=2; Max-Age=1000; Path=/",
        b"q=a b\"c; Path=/")
               if "/set" in head else length(b""))
    ran(Run(["get " + s.url("/set"), "cookies export jar", "cookies export --plain plain"], folder))
    jar = os.path.join(folder, "jar")
    same(os.stat(jar).st_mode & 0o777, 0o600, "mode")
    wanted = ["p=2", 'q=a b"c', "s=1"]
    same(sent_by(["curl", "-s", "-b", jar, s.url()], s), wanted, "curl")
    same(sent_by(["wget", "-q", "-O", "/dev/null", "--load-cookies", os.path.join(folder, "plain"), s.url()], s),
         wanted, "wget")
    ran(Run("cookies export jar", folder), 1, None, "jar exists already")


@case
def what_curl_and_wget_export_is_read(folder):
    s = Server([], respond=lambda head, body: setting(b"s=1; HttpOnly", b"p=2; Max-Age=1000; Path=/") if "/set" in head
               else length(b""))
    jar = os.path.join(folder, "jar")
    for command in (["curl", "-s", "-c", jar], ["wget", "-q", "-O", "/dev/null", "--keep-session-cookies",
        "--save-cookies", jar]):
        subprocess.run(command + [s.url("/set")], capture_output=True, timeout=20, check=True)
        ran(Run(["cookies import " + jar, "get " + s.url()], folder))
        same(sorted(s.field(len(s.requests) - 1, "Cookie").split("; ")), ["p=2", "s=1"], command[0])
    open(jar, "w").write("# comment\nexample.com\tTRUE\t/\tFALSE\tsoon\ta\tb\n")
    ran(Run("cookies import " + jar, folder), 2, None, "line 2")
    open(jar, "a").write("example.com\tTRUE\t/\tFALSE\t0\ta\tb\nx\n")
    ran(Run(["cookies import " + jar, "cookies"], folder), 0, b".example.com/\ta=b\tsession\n",
        "line 2 of the cookie file")


@case
def same_site_outlives_the_shell(folder):
    home = os.path.join(folder, "home")
    os.mkdir(home)
    s = Server([], respond=lambda head, body: setting(b"a=1; SameSite=Strict; Max-Age=900", b"b=2; Max-Age=900"))
    env = dict(os.environ, HOME=home, XDG_DATA_HOME=home, XDG_STATE_HOME=home, XDG_CONFIG_HOME=home)
    for commands in ("get " + s.url(), "set verbose off"):
        subprocess.run([HTTPSH, "--session", "kept", "-c", commands], env=env, capture_output=True, timeout=20,
                       check=True)
    run = subprocess.run([HTTPSH, "--session", "kept", "-c", "cookies"], env=env, capture_output=True, timeout=20,
                         check=True)
    same(["SameSite=Strict" in line for line in run.stdout.decode().splitlines()], [True, False], "SameSite of a and b")


@case
def a_redirect_without_its_body(folder):
    big = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 900000000\r\n\r\nx"
    bad = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    endless = b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n" + b"x" * 1000
    for first in (big, bad, endless):
        s = Server([[first, 3], [length(b"there")]])
        ran(Run(["set max-body 100", "get %s | cat" % s.url()], folder), out=b"there")
        same(s.lines(), ["GET / HTTP/1.1", "GET /next HTTP/1.1"], "requests")


@case
def a_refusal_without_its_body(folder):
    s = Server([[b"HTTP/1.1 404 Not Found\r\nContent-Length: 900000000\r\n\r\nsorry", 3]])
    ran(Run(["set fail on", "get %s | cat" % s.url()], folder), 5, b"", "404 Not Found")


@case
def bytes_of_a_location_are_encoded_as_they_are(folder):
    s = Server([[b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9/\xc3\xa9?q=\xfc\r\nContent-Length: 0\r\n\r\n",
                 length(b"there")]])
    ran(Run(["get %s | cat" % s.url()], folder), out=b"there")
    same(s.lines()[1], "GET /caf%E9/%C3%A9?q=%FC HTTP/1.1", "request")


if __name__ == "__main__":
    sys.exit(main())
