#!/usr/bin/env python3
"""Advisories about connections, URLs and answers (known_faults.py)."""
import gzip
import os
import re
import socket
import ssl
import threading

from known_faults import main
from sites import Site, check, read, reply, run, same, server_context, write


# ---- connections ----

def test_client_certificate_of_each_request(folder):
    """Neither a kept connection nor a TLS session is used under another certificate."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        site = Site(context=server_context(folder, verify=version))
        get = "get %s/; " % site.url()
        run("trust file root.pem; tls cert me.pem me.key; %s tls cert you.pem you.key; %s tls cert off; %s" % (get, get,
            get), folder)
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
    for host, works in (("a.w.test", True), ("xa.test", False), ("xn--l8j.test", False), ("w.test", False),
                        ("a.b.w.test", False)):
        status, _, err = run("trust file root.pem; get %s/" % site.url(host), folder)
        same((host, status), (host, 0 if works else 7))


# ---- URLs ----

def test_host_before_the_fragment(folder):
    right, wrong = Site(), Site()
    for text in ("http://127.0.0.1:%d#@127.0.0.1:%d/", "http://127.0.0.1:%d\\@127.0.0.1:%d/",
                 "http://127.0.0.1:%d?@127.0.0.1:%d/",
                 "http://127.0.0.1:%d/@127.0.0.1:%d/", "http:\\\\127.0.0.1:%d\\x@127.0.0.1:%d/"):
        run("get '%s'" % (text % (right.port, wrong.port)), folder)
    same((len(right.requests), len(wrong.requests)), (5, 0))


def test_no_separators_in_a_host(folder):
    for host in ("a%2Fb.test", "a%23b.test", "a%40b.test", "a%3Ab.test", "a%00b.test", "a%3Fb", "a%5Cb", "a%20b",
                 "a%25b", "a%0D%0Ab", 
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
    for words in ("'%s/a\r\nX-Injected: 1'", "'%s/?a=\nX-Injected: 1'", "%s/ 'X-A:b\r\nX-Injected: 1'",
                  "%s/ 'X-A:b\nX-Injected: 1'",
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
    for begin, piece in ((head, b"X: y\r\n" * 1000), (head, b"X: " + b"y" * 60000),
                         (head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 1000),
                         (head + b"Transfer-Encoding: chunked\r\n\r\n1", b";x" * 1000),
                         (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
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
                   ["Content-Encoding: gzip, gzip",
                    "Transfer-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, chunked"]):
        site = Site(lambda path, head: ("HTTP/1.1 200 OK\r\n%s\r\nConnection: close\r\n\r\n"
                                        % "\r\n".join(fields)).encode() + data)
        status, out, err = run("get %s/ | cat" % site.url(), folder)
        check(status != 0 and out == "", (status, out, err))


def test_broken_gzip(folder):
    whole = gzip.compress(b"hello " * 1000)
    for data in (b"", b"\x1f", b"\x1f\x8b\x08", b"\x1f\x8b\x08\xff" + b"\xff" * 40, whole[:-4], whole[:9], whole[:40],
                 whole[:-8] + b"\xff" * 8,
                 b"\x1f\x8b\x08\x04\0\0\0\0\0\0\xff\xff", b"\x1f\x8b\x08\x18\0\0\0\0\0\0" + b"n" * 70000):
        site = Site(lambda path, head: reply(data, "Content-Encoding: gzip"))
        status, out, err = run("get %s/ | wc -c" % site.url(), folder)
        check(status in (0, 8) and (status != 0 or data == b""), (data[:20], status, err))


def test_no_local_file_is_replaced(folder):
    names = {"/plain": "filename=victim", "/star": "filename*=UTF-8''victim", "/victim": "inline",
             "/up": 'filename="../victim"',
             "/slash": 'filename="sub/../victim"', "/back": 'filename="..\\victim"', "/a/..%2f..%2fvictim": "inline",
             "/..%5cvictim": "inline"}
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
    for words in ("--" + "x" * 100000, "x" * 100000, "set " + "y" * 100000, "get " + "z" * 300,
                  "get http://h/ --" + "z" * 5000 + "=1"):
        write(folder, "long.hsh", words + "\n")
        status, _, err = run("source long.hsh", folder)
        check(status in (2, 3), (words[:20], status, err[:200]))


def test_dollars_and_percents_are_text(folder):
    write(folder, "text.hsh", "echo 'a%' 'b%n%s' c$ 'd${' \"e\\$\" %\n")
    same(run("source text.hsh", folder)[:2], (0, "a% b%n%s c$ d${ e$ %\n"))


CVES = {
    test_client_certificate_of_each_request: "2016-5419 2016-5420 2016-7141 2017-7468 2021-22924 2021-22926 "
    "2022-27782 2026-8932",
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


if __name__ == "__main__":
    main(globals(), CVES)
