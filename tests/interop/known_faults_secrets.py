#!/usr/bin/env python3
"""Advisories about cookies, credentials and redirects (known_faults.py)."""
import base64
import os

from known_faults import main
from sites import Site, check, field, read, redirect, reply, run, same, server_context, write


# ---- cookies ----

def test_cookie_for_a_suffix_with_a_dot(folder):
    for domain in ("co.uk.", ".co.uk.", "co.uk..", "uk.", "CO.UK.", "co.uk"):
        site = Site(lambda path, head: reply("ok", "Set-Cookie: super=1; Domain=" + domain))
        run("get %s/; get %s/; get %s/" % (site.url("www.bank.co.uk."), site.url("www.other.co.uk."),
                                           site.url("www.other.co.uk")), folder)
        same([field(head, "Cookie") for head in site.heads()], [None] * 3)


def test_cookie_for_a_suffix_in_mixed_case(folder):
    site = Site(lambda path, head: reply("ok", "Set-Cookie: super=1; Domain=cO.Uk"))
    run("get %s/; get %s/" % (site.url("wWw.BANK.Co.Uk"), site.url("www.other.co.uk")), folder)
    same([field(head, "Cookie") for head in site.heads()], [None] * 2)


def test_cookie_bomb_of_a_sibling(folder):
    bomb = ["Set-Cookie: a%d=%s; Domain=example.com; Path=/login" % (i, "x" * 4000) for i in range(60)]
    site = Site(lambda path, head: reply("ok", *(bomb if "evil." in field(head,
        "Host") else ["Set-Cookie: sid=mine; Path=/"])))
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
    secure = Site(lambda path, head: reply("ok", "Set-Cookie: sid=good; Secure; Path=/a"),
                  context=server_context(folder))
    for path in ('"/"', "/", "/a", "/a/b", "", '""'):
        plain = Site(lambda p, head: reply("ok", "Set-Cookie: sid=evil; Path=" + path))
        before = len(secure.requests)
        run("trust off; get %s/a/b; get %s/a/b; get %s/a/b" % (secure.url("host.test"), plain.url("host.test"),
            secure.url("host.test")), folder)
        same(field(plain.heads()[0], "Cookie"), None)
        last = field(secure.heads()[before + 1], "Cookie")
        check(last.startswith("sid=good"), "%s: %s" % (path, last))
        check(path not in ("/a", "/a/b") or last == "sid=good", last)


def test_cookies_of_a_host_by_hand_stay_its_own(folder):
    site = Site(lambda path, head: reply("ok", "Set-Cookie: sid=%s" % field(head, "Host").split(":")[0].replace(".",
        "-")))
    run("get %s/ Host:bank.test; get %s/" % (site.url("a.test"), site.url("a.test")), folder)
    same(field(site.heads()[1], "Host").split(":")[0], "a.test")
    same(field(site.heads()[1], "Cookie"), None)


def test_cookie_dates_of_all_kinds(folder):
    dates = ["", ",", "Thu, 99 Xxx", "0", "9" * 4000, "1 1 1 1:1", "Thu, 01 Jan 9999 00:00:00 GMT", "\t", "20:20:20",
             "-1", "Mon" * 300]
    site = Site(lambda path, head: reply("ok", *["Set-Cookie: d%d=x; Expires=%s" % (i, date) for i,
        date in enumerate(dates)]))
    status, _, err = run("get %s/; get %s/" % (site.url(), site.url()), folder)
    same(status, 0)
    same(len(field(site.heads()[1], "Cookie").split("; ")), len(dates))


# ---- credentials and redirects ----

SECRETS = ("Authorization", "Cookie", "Proxy-Authorization", "X-Access-Key", "X-Passphrase", "X-Api-Key",
           "X-Auth-Token", "X-Session-Id")
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
        first.answer = guarded(to) if name in ("any",
            "digest") else lambda path, head: redirect(to) if path == "/" else reply("back")
        del first.requests[:], other.requests[:]
        run("%s%sget %s/ %s; get %s/typed" % (commands, before, first.url(user=user), items, to.rsplit("/", 1)[0]),
            folder)
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
    first.answer = lambda path, head: reply("ok") if field(head, "Authorization") else reply("", *CHALLENGE,
        status="401 No")
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
    site = Site(lambda path, head: redirect("/next") if path == "/" else reply("<a href=/third>x</a>",
        "Content-Type: text/html"))
    run("get '%s/#secret'; get /third; get /fourth Referer:http://given/; get /fifth" % site.url(user="u:marker@"),
        folder)
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
    site = Site(lambda path, head: reply("<title>t</title><a href=next>x</a><form action=go>",
                                         "Content-Type: text/html") if path != "/r" else
                redirect("/page"))
    commands = "set verbose on; open %s/; open; get /r; get /none; echo $url $base; links --all; extract a @href; extract --json a @href; " \
               "gett http://u:marker@h/; get http://u:marker@h/ $nope; auth basic u:marker $nope; open; get http://u:marker@[/; get https://u:marker@h:99999/; get http:u:marker@%%zz/; header list; auth; show headers; show timing"
    out = ""
    for one in commands.split("; "):
        out += "".join(run("set verbose on; get %s/r; %s" % (site.url(user="u:marker@"),
            one % site.url(user="u:marker@") if "%s" in one else one.replace("%%", "%")), folder)[1:])
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
    run("auth basic u:PW; get %s/; auth basic u:pw; get %s/; auth off; get %s/; auth bearer t; get %s/" % ((site.url(),
        ) * 4), folder)
    expected = ["Basic " + base64.b64encode(b"u:" + p).decode() for p in (b"PW", b"pw")] + [None, "Bearer t"]
    same([field(head, "Authorization") for head in site.heads()], expected)


def test_redirect_to_another_kind_of_url(folder):
    write(folder, "secret.txt", "marker")
    for to in ("file://%s/secret.txt" % folder, "FILE:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
               "javascript:1", "data:,marker",
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
}


if __name__ == "__main__":
    main(globals(), CVES)
