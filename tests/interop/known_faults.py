#!/usr/bin/env python3
"""The faults that ten years of advisories found in another client (curl's list, 2016 to 2026), tried here.

Each advisory that can be asked of httpsh stands in CVES with the function that tries it; the others stand in ELSEWHERE (tested in
another place) or NOT_HERE with the reason. One function each kind: it gets a folder and returns nothing, or raises.
"""
import base64
import gzip
import os
import re
import socket
import ssl
import sys
import tempfile
import threading
import traceback

from servers import Tally
from sites import Site, check, field, read, redirect, reply, run, same, server_context, write


# ---- cookies ----

def test_cookie_for_a_suffix_with_a_dot(folder):
    for domain in ("co.uk.", ".co.uk.", "co.uk..", "uk.", "CO.UK.", "co.uk"):
        site = Site(lambda path, head: reply("ok", "Set-Cookie: super=1; Domain=" + domain))
        run("get %s/; get %s/; get %s/" % (site.url("www.bank.co.uk."), site.url("www.other.co.uk."), site.url("www.other.co.uk")), folder)
        same([field(head, "Cookie") for head in site.heads()], [None] * 3)


def test_cookie_for_a_suffix_in_mixed_case(folder):
    site = Site(lambda path, head: reply("ok", "Set-Cookie: super=1; Domain=cO.Uk"))
    run("get %s/; get %s/" % (site.url("wWw.BANK.Co.Uk"), site.url("www.other.co.uk")), folder)
    same([field(head, "Cookie") for head in site.heads()], [None] * 2)


def test_cookie_bomb_of_a_sibling(folder):
    bomb = ["Set-Cookie: a%d=%s; Domain=example.com; Path=/login" % (i, "x" * 4000) for i in range(60)]
    site = Site(lambda path, head: reply("ok", *(bomb if "evil." in field(head, "Host") else ["Set-Cookie: sid=mine; Path=/"])))
    _, _, err = run("get %s/; get %s/login; get %s/login" % (site.url("evil.example.com"), site.url("www.example.com"),
                                                           site.url("www.example.com")), folder)
    heads = site.heads()
    check(all(len("Cookie: " + (field(head, "Cookie") or "")) <= 8190 for head in heads), [len(h) for h in heads])
    check("sid=mine" in field(heads[2], "Cookie"), heads[2][-300:])
    check("a0=" in field(heads[2], "Cookie"), "nothing of the sibling's")
    check("cookies are not sent" in err, err)


def test_cookie_with_control_characters(folder):
    fields = ["Set-Cookie: c%d=a%sb" % (c, chr(c)) for c in [*range(1, 9), 11, 12, *range(14, 32), 127]]
    site = Site(lambda path, head: reply("ok", "Set-Cookie: good=1", *fields))
    run("get %s/; get %s/" % (site.url(), site.url()), folder)
    same(field(site.heads()[1], "Cookie"), "good=1")


def test_cookie_file_holds_one_cookie_a_line(folder):
    value = "v\tTRUE\t/\tFALSE\t0\tinjected\tx"
    site = Site(lambda path, head: reply("ok", "Set-Cookie: a=" + value, "Set-Cookie: b" + "=" * 3000 + "x"))
    run("get %s/" % site.url("one.test"), folder, session="s")
    run("get %s/; get %s/" % (site.url("one.test"), site.url("TRUE")), folder, session="s")
    same(field(site.heads()[2], "Cookie"), None)
    same(field(site.heads()[1], "Cookie"), "a=%s; b%s" % (value, "=" * 3000 + "x"))


def test_no_cookie_file_by_chance(folder):
    for name in ("none", "cookies.txt", "history", "-"):
        write(folder, name, "127.0.0.1\tFALSE\t/\tFALSE\t0\tfound\tx\n")
    site = Site()
    run("get %s/" % site.url(), folder)
    same(field(site.heads()[0], "Cookie"), None)


def test_plain_http_does_not_touch_a_secure_cookie(folder):
    secure = Site(lambda path, head: reply("ok", "Set-Cookie: sid=good; Secure; Path=/a"), context=server_context(folder))
    for path in ('"/"', "/", "/a", "/a/b", "", '""'):
        plain = Site(lambda p, head: reply("ok", "Set-Cookie: sid=evil; Path=" + path))
        before = len(secure.requests)
        run("trust off; get %s/a/b; get %s/a/b; get %s/a/b" % (secure.url("host.test"), plain.url("host.test"), secure.url("host.test")), folder)
        same(field(plain.heads()[0], "Cookie"), None)
        last = field(secure.heads()[before + 1], "Cookie")
        check(last.startswith("sid=good"), "%s: %s" % (path, last))
        check(path not in ("/a", "/a/b") or last == "sid=good", last)


def test_cookies_of_a_host_by_hand_stay_its_own(folder):
    site = Site(lambda path, head: reply("ok", "Set-Cookie: sid=%s" % field(head, "Host").split(":")[0].replace(".", "-")))
    run("get %s/ Host:bank.test; get %s/" % (site.url("a.test"), site.url("a.test")), folder)
    same(field(site.heads()[1], "Host").split(":")[0], "a.test")
    same(field(site.heads()[1], "Cookie"), None)


def test_cookie_dates_of_all_kinds(folder):
    dates = ["", ",", "Thu, 99 Xxx", "0", "9" * 4000, "1 1 1 1:1", "Thu, 01 Jan 9999 00:00:00 GMT", "\t", "20:20:20", "-1", "Mon" * 300]
    site = Site(lambda path, head: reply("ok", *["Set-Cookie: d%d=x; Expires=%s" % (i, date) for i, date in enumerate(dates)]))
    status, _, err = run("get %s/; get %s/" % (site.url(), site.url()), folder)
    same(status, 0)
    same(len(field(site.heads()[1], "Cookie").split("; ")), len(dates))


# ---- credentials and redirects ----

SECRETS = ("Authorization", "Cookie", "Proxy-Authorization", "X-Access-Key", "X-Passphrase", "X-Api-Key", "X-Auth-Token", "X-Session-Id")
CARRIERS = {
    "items": (" ".join("%s:marker" % name for name in SECRETS), "", ""),
    "sticky": ("", "; ".join("header set %s marker" % name for name in SECRETS) + "; ", ""),
    "basic": ("", "auth basic marker:marker; ", ""),
    "bearer": ("", "auth bearer marker; ", ""),
    "any": ("", "auth any marker:marker; ", ""),
    "digest": ("", "auth digest marker:marker; ", ""),
    "url": ("", "", "marker:marker@"),
}
CHALLENGE = ("WWW-Authenticate: Digest realm=r, nonce=n, qop=\"auth\"", "WWW-Authenticate: Basic realm=r")


def has_marker(head):
    rest = "\r\n".join(head.split("\r\n")[1:])
    return "marker" in rest or base64.b64encode(b"marker:marker").decode() in rest


def guarded(to):
    """Challenges first, then leads to another place."""
    return lambda path, head: redirect(to) if field(head, "Authorization") else reply("", *CHALLENGE, status="401 No")


def leads_away(folder, first, other, to, commands=""):
    """No carrier's secret gets from the site `first` to `other`, whether asked by a redirect or typed."""
    for name, (items, before, user) in CARRIERS.items():
        first.answer = guarded(to) if name in ("any", "digest") else lambda path, head: redirect(to) if path == "/" else reply("back")
        del first.requests[:], other.requests[:]
        run("%s%sget %s/ %s; get %s/typed" % (commands, before, first.url(user=user), items, to.rsplit("/", 1)[0]), folder)
        check(any(has_marker(head) for head in first.heads()), "%s: never sent: %s" % (name, first.heads()))
        check(len(other.heads()) >= 2, "%s: %s" % (name, other.heads()))
        for head in other.heads():
            check(not has_marker(head), "%s: %s" % (name, head))


def test_credentials_stay_on_another_host(folder):
    first, other = Site(), Site()
    leads_away(folder, first, other, "http://other.test:%d/x" % other.port)


def test_credentials_stay_on_another_port(folder):
    first, other = Site(), Site()
    leads_away(folder, first, other, other.url() + "/x")


def test_credentials_stay_on_another_protocol(folder):
    first, other = Site(), Site(context=server_context(folder))
    leads_away(folder, first, other, other.url() + "/x", commands="trust off; ")
    first, other = Site(context=server_context(folder)), Site()
    leads_away(folder, first, other, other.url() + "/x", commands="trust off; set follow-insecure on; ")


def test_credentials_by_hand_do_not_come_back(folder):
    """There and back again: what was given for one request is not sent again by whom it was led to."""
    first, other = Site(), Site()
    first.answer = lambda path, head: redirect(other.url() + "/") if path == "/" else reply("ok")
    other.answer = lambda path, head: redirect(first.url() + "/back")
    run("get %s/ Authorization:marker X-Api-Key:marker" % first.url(), folder)
    same([has_marker(head) for head in first.heads()], [True, False])


def test_digest_state_stays_with_its_origin(folder):
    first, other = Site(), Site(lambda path, head: reply("", *CHALLENGE, status="401 No"))
    first.answer = lambda path, head: reply("ok") if field(head, "Authorization") else reply("", *CHALLENGE, status="401 No")
    run("auth digest u:p; get %s/; get %s/; get %s/" % (first.url(), other.url(), first.url()), folder)
    check(field(first.heads()[1], "Authorization").startswith("Digest"), first.heads())
    same([field(head, "Authorization") for head in other.heads()], [None])


def test_no_netrc(folder):
    write(folder, ".netrc", "default login marker password marker\nmachine 127.0.0.1 login marker password marker\n")
    os.chmod(os.path.join(folder, ".netrc"), 0o600)
    site = Site()
    run("get %s/; get %s/" % (site.url(), site.url(user="u:p@")), folder)
    check(not any(has_marker(head) for head in site.heads()), site.heads())


def test_no_referer(folder):
    site = Site(lambda path, head: redirect("/next") if path == "/" else reply("<a href=/third>x</a>", "Content-Type: text/html"))
    run("get '%s/#secret'; get /third; get /fourth Referer:http://given/; get /fifth" % site.url(user="u:marker@"), folder)
    same([field(head, "Referer") for head in site.heads()], [None, None, None, "http://given/", None])


def test_password_with_at_sign(folder):
    site = Site(lambda path, head: redirect("/next") if path == "/" else reply("ok"))
    for password in ("p%40ss", "p@ss", "p%23ss", "p%2Fss", "p:ss"):
        del site.requests[:]
        status, _, err = run("get %s/" % site.url(user="u:%s@" % password), folder)
        decoded = password.replace("%40", "@").replace("%23", "#").replace("%2F", "/")
        same((status, [field(head, "Authorization") for head in site.heads()]),
             (0, ["Basic " + base64.b64encode(("u:" + decoded).encode()).decode()] * 2))
        same(field(site.heads()[1], "Host"), "127.0.0.1:%d" % site.port)


def test_password_is_never_shown(folder):
    site = Site(lambda path, head: reply("<title>t</title><a href=next>x</a><form action=go>", "Content-Type: text/html") if path != "/r" else
                redirect("/page"))
    commands = "set verbose on; open %s/; open; get /r; get /none; echo $url $base; links --all; extract a @href; extract --json a @href; " \
               "gett http://u:marker@h/; get http://u:marker@h/ $nope; auth basic u:marker $nope; open; get http://u:marker@[/; get https://u:marker@h:99999/; get http:u:marker@%%zz/; header list; auth; show headers; show timing"
    out = ""
    for one in commands.split("; "):
        out += "".join(run("set verbose on; get %s/r; %s" % (site.url(user="u:marker@"), one % site.url(user="u:marker@") if "%s" in one else one.replace("%%", "%")), folder)[1:])
    check("127.0.0.1" in out and "/next" in out and "marker" not in out, out)
    check(all(field(head, "Authorization") for head in site.heads()), "relative references keep the credentials")


def test_password_is_not_saved(folder):
    site = Site()
    for user in ("u:marker@", ":marker@", "marker@"):
        run("get %s/page" % site.url(user=user), folder, session="s")
        for name in os.listdir(folder + "/state/httpsh/s"):
            check(b"marker" not in read(folder, "state/httpsh/s/" + name), name)
    check(b"/page" in read(folder, "state/httpsh/s/session.hsh"))


def test_credentials_of_each_request(folder):
    """On one kept connection: what is sent is what holds now, letter case included."""
    site = Site()
    run("auth basic u:PW; get %s/; auth basic u:pw; get %s/; auth off; get %s/; auth bearer t; get %s/" % ((site.url(),) * 4), folder)
    expected = ["Basic " + base64.b64encode(b"u:" + p).decode() for p in (b"PW", b"pw")] + [None, "Bearer t"]
    same([field(head, "Authorization") for head in site.heads()], expected)


def test_redirect_to_another_kind_of_url(folder):
    write(folder, "secret.txt", "marker")
    for to in ("file://%s/secret.txt" % folder, "FILE:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "javascript:1", "data:,marker",
               "ws://127.0.0.1/", "dict://127.0.0.1/", "mailto:a@b"):
        site = Site(lambda path, head: redirect(to))
        status, out, err = run("get %s/" % site.url(), folder)
        check(status != 0 and "neither http nor https" in err and "marker" not in out, (to, status, out, err))
        status, out, err = run("get %s" % to, folder)
        check(status != 0 and "marker" not in out, (to, status, out, err))


def test_no_way_from_https_to_http(folder):
    plain = Site()
    secure = Site(lambda path, head: redirect(plain.url() + "/"), context=server_context(folder))
    status, _, err = run("trust off; get %s/" % secure.url(), folder)
    check(status != 0 and "from https to http" in err, err)
    same(plain.connections, 0)


def test_bodies_of_one_request_after_another(folder):
    write(folder, "file", "from a file")
    site = Site()
    run("put %s/ =@file; post %s/ a=b; get %s/; post %s/; put %s/ --body text" % ((site.url(),) * 5), folder)
    same([(head.split(" ")[0], body) for _, head, body in site.requests],
         [("PUT", b"from a file"), ("POST", b"a=b"), ("GET", b""), ("POST", b""), ("PUT", b"text")])


# ---- connections ----

def test_client_certificate_of_each_request(folder):
    """Neither a kept connection nor a TLS session is used under another certificate."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        site = Site(context=server_context(folder, verify=version))
        get = "get %s/; " % site.url()
        run("trust file root.pem; tls cert me.pem me.key; %s tls cert you.pem you.key; %s tls cert off; %s" % (get, get, get), folder)
        same([re.search(rb"me|you", c)[0] if c else None for c in site.certificates], [b"me", b"you", None])
        same(site.resumed, [False] * 3)


def test_trust_of_each_request(folder):
    site = Site(context=server_context(folder))
    status, _, err = run("trust off; get %s/; trust on; get %s/" % (site.url(), site.url()), folder)
    check(status == 7, (status, err))
    same(len(site.requests), 1)
    status, _, err = run("trust file root.pem; get %s/; trust file off; get %s/" % (site.url(), site.url()), folder)
    check(status == 7, (status, err))
    same(len(site.requests), 2)


def test_http_connection_is_not_used_for_https(folder):
    site = Site()
    status, _, _ = run("get %s/; get https://127.0.0.1:%d/" % (site.url(), site.port), folder)
    check(status != 0)
    same(len(site.requests), 1)


def test_another_name_is_another_connection(folder):
    site = Site()
    run("get %s/; get %s/; get %s/" % (site.url("a.test"), site.url("a.test."), site.url("b.test")), folder)
    same([number for number, _, _ in site.requests], [1, 2, 3])


def test_wildcards_of_certificates(folder):
    site = Site(context=server_context(folder, "wild"))
    for host, works in (("a.w.test", True), ("xa.test", False), ("xn--l8j.test", False), ("w.test", False), ("a.b.w.test", False)):
        status, _, err = run("trust file root.pem; get %s/" % site.url(host), folder)
        same((host, status), (host, 0 if works else 7))


# ---- URLs ----

def test_host_before_the_fragment(folder):
    right, wrong = Site(), Site()
    for text in ("http://127.0.0.1:%d#@127.0.0.1:%d/", "http://127.0.0.1:%d\\@127.0.0.1:%d/", "http://127.0.0.1:%d?@127.0.0.1:%d/",
                 "http://127.0.0.1:%d/@127.0.0.1:%d/", "http:\\\\127.0.0.1:%d\\x@127.0.0.1:%d/"):
        run("get '%s'" % (text % (right.port, wrong.port)), folder)
    same((len(right.requests), len(wrong.requests)), (5, 0))


def test_no_separators_in_a_host(folder):
    for host in ("a%2Fb.test", "a%23b.test", "a%40b.test", "a%3Ab.test", "a%00b.test", "a%3Fb", "a%5Cb", "a%20b", "a%25b", "a%0D%0Ab", "[::1%25lo]",
                 "a\uFF0Fb.test", "a\u2100b.test", "a\uFF03b.test"):
        status, _, err = run("get 'http://%s/'" % host, folder)
        check(status == 2 and "not a host name" in err, (host, status, err))


def test_long_urls(folder):
    site = Site()
    for n, works in ((60000, True), (70000, False), (3000000, False)):
        status = 0
        with open(os.path.join(folder, "long.hsh"), "w") as f:
            f.write("get %s/%s\n" % (site.url(), "%41" * (n // 3)))
        status, _, err = run("source long.hsh", folder)
        same((n, status == 0), (n, works))


def test_no_globbing(folder):
    site = Site()
    run("get '%s/[1-99999999999]{a,b}[a-z:2]?x=[1-3]'" % site.url(), folder)
    same([head.split(" ")[1] for head in site.heads()], ["/[1-99999999999]%7Ba,b%7D[a-z:2]?x=[1-3]"])


def test_no_injection_into_a_request(folder):
    site = Site()
    for words in ("'%s/a\r\nX-Injected: 1'", "'%s/?a=\nX-Injected: 1'", "%s/ 'X-A:b\r\nX-Injected: 1'", "%s/ 'X-A:b\nX-Injected: 1'",
                  "%s/ 'a==b\r\nX-Injected: 1'", "--target '/ HTTP/1.1\r\nX-Injected: 1' %s/"):
        write(folder, "inject.hsh", "get " + words % site.url() + "\n")
        run("source inject.hsh", folder)
    check(not any(re.search("(?m)^X-Injected", head) for head in site.heads()), site.heads())


# ---- answers ----

def endless(begin, piece):
    """The port of a server that sends begin and then piece for ever; how many bytes it got rid of."""
    listener, sent = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        connection, _ = listener.accept()
        connection.recv(65536)
        try:
            connection.sendall(begin)
            while sum(sent) < 64 << 20:
                connection.sendall(piece)
                sent.append(len(piece))
        except OSError:
            pass
        connection.close()
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1], sent


def test_endless_headers_and_trailers(folder):
    head = b"HTTP/1.1 200 OK\r\n"
    for begin, piece in ((head, b"X: y\r\n" * 1000), (head, b"X: " + b"y" * 60000), (head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 1000),
                         (head + b"Transfer-Encoding: chunked\r\n\r\n1", b";x" * 1000), (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
                         (b"", b"HTTP/1.1 103 Early\r\nX: y\r\n\r\n" * 100), (head, b"Set-Cookie: a=b\r\n" * 500)):
        port, sent = endless(begin, piece)
        status, _, err = run("get http://127.0.0.1:%d/" % port, folder)
        check(status != 0 and re.search("longer than|more than|limit", err), (status, err, begin, piece[:30]))
        check(sum(sent) < 32 << 20, sum(sent))


def test_chains_of_codings(folder):
    data = b"x"
    for _ in range(12):
        data = gzip.compress(data)
    for fields in (["Content-Encoding: " + ", ".join(["gzip"] * 12)], ["Content-Encoding: gzip"] * 12,
                   ["Content-Encoding: gzip, gzip", "Transfer-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, chunked"]):
        site = Site(lambda path, head: ("HTTP/1.1 200 OK\r\n%s\r\nConnection: close\r\n\r\n" % "\r\n".join(fields)).encode() + data)
        status, out, err = run("get %s/ | cat" % site.url(), folder)
        check(status != 0 and out == "", (status, out, err))


def test_broken_gzip(folder):
    whole = gzip.compress(b"hello " * 1000)
    for data in (b"", b"\x1f", b"\x1f\x8b\x08", b"\x1f\x8b\x08\xff" + b"\xff" * 40, whole[:-4], whole[:9], whole[:40], whole[:-8] + b"\xff" * 8,
                 b"\x1f\x8b\x08\x04\0\0\0\0\0\0\xff\xff", b"\x1f\x8b\x08\x18\0\0\0\0\0\0" + b"n" * 70000):
        site = Site(lambda path, head: reply(data, "Content-Encoding: gzip"))
        status, out, err = run("get %s/ | wc -c" % site.url(), folder)
        check(status in (0, 8) and (status != 0 or data == b""), (data[:20], status, err))


def test_no_local_file_is_replaced(folder):
    names = {"/plain": "filename=victim", "/star": "filename*=UTF-8''victim", "/victim": "inline", "/up": 'filename="../victim"',
             "/slash": 'filename="sub/../victim"', "/back": 'filename="..\\victim"', "/a/..%2f..%2fvictim": "inline", "/..%5cvictim": "inline"}
    os.mkdir(os.path.join(folder, "in"))
    for place in ("victim", "in/victim"):
        write(folder, place, "mine")
    site = Site(lambda path, head: reply("evil", "Content-Disposition: attachment; " + names.get(path, "inline")))
    for path in names:
        for command in ("save", "save --headers", "save .", "save --text"):
            run("get %s%s; %s" % (site.url(), path, command), os.path.join(folder, "in"), home=folder)
    same((read(folder, "victim"), read(folder, "in/victim")), (b"mine", b"mine"))
    same(sorted(set(os.listdir(folder)) - {"in", "victim", "state"}), [])


def test_long_words_in_messages(folder):
    for words in ("--" + "x" * 100000, "x" * 100000, "set " + "y" * 100000, "get " + "z" * 300, "get http://h/ --" + "z" * 5000 + "=1"):
        write(folder, "long.hsh", words + "\n")
        status, _, err = run("source long.hsh", folder)
        check(status in (2, 3), (words[:20], status, err[:200]))


def test_dollars_and_percents_are_text(folder):
    write(folder, "text.hsh", "echo 'a%' 'b%n%s' c$ 'd${' \"e\\$\" %\n")
    same(run("source text.hsh", folder)[:2], (0, "a% b%n%s c$ d${ e$ %\n"))


# ---- the list ----

CVES = {
    test_cookie_for_a_suffix_with_a_dot: "2022-27779 2026-8924",
    test_cookie_for_a_suffix_in_mixed_case: "2023-46218",
    test_cookie_bomb_of_a_sibling: "2022-32205",
    test_cookie_with_control_characters: "2022-35252",
    test_cookie_file_holds_one_cookie_a_line: "2016-8615",
    test_no_cookie_file_by_chance: "2023-38546",
    test_plain_http_does_not_touch_a_secure_cookie: "2025-9086",
    test_cookies_of_a_host_by_hand_stay_its_own: "2026-6276",
    test_cookie_dates_of_all_kinds: "2016-8621",
    test_credentials_stay_on_another_host: "2018-1000007 2022-27774 2026-3783",
    test_credentials_stay_on_another_port: "2022-27776",
    test_credentials_stay_on_another_protocol: "2022-27774 2025-14524",
    test_credentials_by_hand_do_not_come_back: "2018-1000007",
    test_digest_state_stays_with_its_origin: "2026-11856",
    test_no_netrc: "2024-11053 2025-0167 2026-8926 2022-35260",
    test_no_referer: "2021-22876 2026-9546",
    test_password_with_at_sign: "2020-8169",
    test_password_is_never_shown: "",
    test_password_is_not_saved: "",
    test_credentials_of_each_request: "2016-8616 2022-22576",
    test_redirect_to_another_kind_of_url: "2024-2004",
    test_no_way_from_https_to_http: "2021-22946",
    test_bodies_of_one_request_after_another: "2022-32221 2023-28322",
    test_client_certificate_of_each_request: "2016-5419 2016-5420 2016-7141 2017-7468 2021-22924 2021-22926 2022-27782 2026-8932",
    test_trust_of_each_request: "2021-22901 2021-22890 2024-0853 2026-11564 2025-14819",
    test_http_connection_is_not_used_for_https: "2026-4873 2026-8286",
    test_another_name_is_another_connection: "2020-8231 2022-27775 2026-8458",
    test_wildcards_of_certificates: "2023-28321 2016-9952",
    test_host_before_the_fragment: "2016-8624",
    test_no_separators_in_a_host: "2022-27780 2016-8625 2024-6874",
    test_long_urls: "2019-5435 2016-7167 2016-8622",
    test_no_globbing: "2016-8620 2017-1000101",
    test_no_injection_into_a_request: "2014-8150",
    test_endless_headers_and_trailers: "2023-38039 2018-1000005",
    test_chains_of_codings: "2022-32206 2023-23916",
    test_broken_gzip: "2025-0725",
    test_no_local_file_is_replaced: "2020-8177 2016-0754 2022-27778 2025-11563",
    test_long_words_in_messages: "2018-16842",
    test_dollars_and_percents_are_text: "2017-7407 2016-9586",
}
ELSEWHERE = {
    "the unit tests and the fuzz target of certificates: times, names, long chains": "2024-7264 2022-27781 2024-6197 2016-9953",
    "certificates.py: a stapled answer that revokes, is old or another's": "2017-2629 2020-8286 2024-8096 2026-7009",
    "deadlines.py: answers that do not end": "2025-5399",
    "terminal.py: the mode of files that hold secrets": "2022-32207 2023-32001",
}
NOT_HERE = {
    "protocols that httpsh does not speak (FTP, TFTP, SMTP, IMAP, LDAP, RTSP, TELNET, MQTT, SMB, SSH, FILE, WebSocket)":
        "2016-8619 2017-1000099 2017-1000100 2017-1000254 2017-1000257 2017-8817 2017-9502 2018-0500 2018-1000120 2018-1000121 2018-1000122 "
        "2018-1000300 2018-1000301 2018-16839 2019-15601 2019-3823 2019-5436 2019-5481 2019-5482 2020-8284 2020-8285 2021-22898 2021-22925 "
        "2021-22945 2021-22947 2022-32208 2023-27533 2023-27534 2023-27535 2023-27538 2023-28319 2025-10148 2025-10966 2025-14017 2025-15079 "
        "2025-15224 2026-11586 2026-12064 2026-3805 2026-5773 2026-8925 2026-9547",
    "HTTP/2, HTTP/3 and QUIC": "2024-2379 2024-2398 2025-13034 2025-4947 2025-5025 2026-10536 2026-11352 2026-9545",
    "NTLM, Negotiate and Kerberos":
        "2016-0755 2017-8816 2018-14618 2018-16890 2019-3822 2023-27536 2026-1965 2026-5545",
    "proxies": "2022-42915 2022-43552 2023-38545 2026-3784 2026-6253 2026-6429 2026-7168 2026-8927 2026-9079",
    "HSTS": "2022-30115 2022-42916 2022-43551 2023-23914 2023-23915 2023-27537 2023-46219 2024-9681",
    "Metalink": "2021-22922 2021-22923",
    "another TLS library's faults (mbedTLS, Schannel, Secure Transport)": "2016-3739 2021-22897 2024-2466 2017-8818",
    "Windows": "2016-4802 2019-5443",
    "an interface for other programs, its handles and threads":
        "2016-5421 2016-8617 2016-8618 2016-8623 2016-9594 2018-16840 2023-28320 2025-0665 2026-9080",
    "no fault at all": "2020-19909 2023-52071",
}


def main():
    tally = Tally()
    chosen = sys.argv[1:]
    tests = [f for name, f in globals().items() if name.startswith("test_")]
    tally.check(set(tests) == set(CVES), "every test is in the list", [f.__name__ for f in set(tests) ^ set(CVES)])
    for test in tests:
        if chosen and not any(word in test.__name__ for word in chosen):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                tally.check(True, test.__name__)
            except Exception:
                tally.check(False, "%s (CVE %s)" % (test.__name__, CVES[test]), traceback.format_exc(limit=-2))
    tally.finish()


if __name__ == "__main__":
    main()
