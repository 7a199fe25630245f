#!/usr/bin/env python3
"""A server that puts what steers a terminal into every field it can, and every command of the table against it, in a
terminal: nothing of it gets there but made visible; files and pipes get the bytes.

    tests/scripts/hostile.py [WORD ...]     only the tests whose name contains one of the words
"""
import datetime
import os
import re
import select
import ssl
import struct
import subprocess
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from completions import table
from terminal import HTTPSH, PATIENCE, TAB, check, run, same

# what a terminal obeys: a title, clearing the screen, colours of ours and others, BEL, BS, C1 in UTF-8 and raw, bidi
# and invisible ones
TEXT = "\x1b]0;own\x07\x1b[2J\x1b[31m\x08\x7f\u009b1m\u0085\u202e\u2066\u200f\u061c\u2028\u200b\ufeff\U000e0041"
EVIL = TEXT.encode() + b"\x9b31m\x85\xff\xc3"
MARK = r"(\\x1B|\\x9B|\\xE2\\x80\\xAE|\\xC2\\x9B)"                 # some of it, made visible
BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
COLOURS = re.compile(r"\x1b\[(0|1|31|32|36|1;31)m|\r\x1b\[K")                    # ours
EDITING = re.compile(r"\x1b\[\d*[ABCDGPKJ@]|\x1b\[\?1?[hl]|\x1b[=>]|\x07")        # libedit's; \x1b[2J is none it writes


def page():
    e = EVIL.replace(b"\x00", b"")
    return (b"<!doctype html><html><head><meta charset=utf-8><title>t " + e + b"</title></head><body id='i" + e
            + b"' class='c" + e
            + b"'><h1>h " + e + b"</h1><p title='" + e + b"'>p " + e + b"</p><a href='/a" + e + b"?q=" + e + b"#" + e
            + b"'>link " + e
            + b"</a><form action='/f" + e + b"' method='post'><input name='n" + e + b"' value='v" + e
            + b"'></form><table><tr><td>" + e
            + b"</td></tr></table></body></html>")


def answer_to(path):
    e = EVIL
    body, status, more = page(), b"200 OK " + e, b""
    if path.startswith("/redirect"):
        status, more = b"302 To " + e, b"Location: /" + e + b"?" + e + b"\r\n"
    elif path.startswith("/loop"):
        status, more = b"302 To " + e, b"Location: /loop" + e + b"\r\n"
    elif path.startswith("/away"):
        status, more = b"302 To " + e, b"Location: gopher://h" + e + b"/\r\n"
    elif path.startswith("/host"):
        status, more = b"302 To " + e, b"Location: http://h" + e + b"/\r\n"
    elif path.startswith("/gone"):
        status = b"404 Not " + e
    elif path.startswith("/auth"):
        status, more = b"401 Who " + e, b'WWW-Authenticate: Digest realm="' + e + b'", nonce="' + e + b'", algorithm=' + e + b"\r\n"
    elif path.startswith("/offers"):
        status = b"401 Who " + e
        more = b"WWW-Authenticate: z" + e + b", Digest realm=a, nonce=b, qop=\"" + e + b"\"\r\n"
    elif path.startswith("/next"):
        more = b"Authentication-Info: nextnonce=\"" + e + b"\"\r\n"
    elif path.startswith("/later"):
        status, more = b"503 Busy " + e, b"Retry-After: " + e + b"\r\n"
    elif path.startswith("/elsewhere"):
        status = b"421 Not here " + e
    elif path.startswith("/upgrade"):
        return b"HTTP/1.1 101 " + e + b"\r\nUpgrade: z" + e + b"\r\n\r\n"
    elif path.startswith("/size"):
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1z" + e + b"\r\na\r\n"
    elif path.startswith("/broken"):
        return b"HTTP/1.1 200 " + e + b"\r\nContent-Length: 100000\r\nContent-Type: text/plain\r\n\r\n" + e
    elif path.startswith("/coding"):
        more = b"Content-Encoding: z" + e + b"\r\n"
    elif path.startswith("/transfer"):
        more = b"Transfer-Encoding: z" + e + b"\r\n"
    elif path.startswith("/length"):
        return b"HTTP/1.1 " + status + b"\r\nContent-Length: 1" + e + b"\r\n\r\n"
    elif path.startswith("/line"):
        return b"HTTP/1.1 2x0 " + e + b"\r\n\r\n"
    elif path.startswith("/nothing"):
        return e * 3 + b"\r\n\r\n"
    elif path.startswith("/header"):
        return b"HTTP/1.1 200 OK\r\nX" + e + b"\r\nA : " + e + b"\r\n\r\n"
    elif path.startswith("/cr"):
        return b"HTTP/1.1 200 OK\r\nX: a\rb\x1b[2J\r\nContent-Length: 0\r\n\r\n"
    elif path.startswith("/head"):
        return b"HTTP/1.1 200 " + e + b"\r\nX: " + e
    elif path.startswith("/early"):
        return b"HTTP/1.1 103 Early " + e + b"\r\nX: " + e + b"\r\n\r\n"
    elif path.startswith("/chunk"):
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1" + e + b"\r\na\r\n"
    elif path.startswith("/trailer"):
        return b"HTTP/1.1 200 " + e + b"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T" + b": " + e + b"\r\n\r\n"
    elif path.startswith("/range"):
        status, more = b"206 Part " + e, b"Content-Range: " + e + b"\r\n"
    elif path.startswith("/name"):
        more = b"Content-Disposition: attachment; filename=\"n" + e + b".txt\"\r\n"
    elif path.startswith("/plain"):
        body, more = EVIL + b"\r\nline\r\n", b"Content-Type: text/plain\r\n"
    head = b"HTTP/1.1 " + status + b"\r\nX-Evil: " + e + b"\r\nServer: " + e + b"\r\nSet-Cookie: c\x80\x9b=v\x9b\xe2\x80\xae\xff; Path=/\r\nETag: \"" + e + b"\"\r\n"
    if b"Content-Type" not in more:
        more += b"Content-Type: text/html; charset=utf-8; x=" + e + b"\r\n"
    return head + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


def answer(peer):
    data = b""
    while chunk := peer.recv(65536):
        data += chunk
        while b"\r\n\r\n" in data:
            head, _, data = data.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(data) < int(length[1]):
                data += peer.recv(65536)
            data = data[int(length[1]) if length else 0:]
            reply = answer_to(head.split(b" ")[1].decode())
            peer.sendall(reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith(b"HEAD") else reply)
            if b"Content-Length: 0" not in reply and not re.search(rb"Content-Length: \d+\r\n\r\n", reply):
                peer.close()
                return


def certificate(t):
    """Names with all of it, as UTF8String and in a SAN."""
    key = ec.generate_private_key(ec.SECP256R1())
    evil = TEXT.encode().decode()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cn" + evil),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, "o" + evil)])
    now = datetime.datetime(2024, 1, 1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(5) \
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=36500)) \
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("a\x1b]0;x\x07\x1b[2J.test"),
            x509.UniformResourceIdentifier("http://u\x1b[2J/")]), False) \
        .add_extension(x509.AuthorityInformationAccess([x509.AccessDescription(
            x509.oid.AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier("http://i\x1b[2J\x07/"))]), False) \
        .sign(key, hashes.SHA256())
    path = t.path("cert.pem")
    with open(path, "wb") as f:
        f.write(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path


def tls_server(t):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(t))

    def speak(peer):
        with context.wrap_socket(peer, server_side=True) as tls:
            answer(tls)

    return t.server(speak)


def alpn_server(t):
    """A ServerHello whose ALPN is EVIL; and one of bytes that are no TLS at all."""
    def hello(peer):
        peer.recv(65536)
        alpn = struct.pack(">HHHB", 16, len(EVIL) + 3, len(EVIL) + 1, len(EVIL)) + EVIL
        body = b"\x03\x03" + bytes(32) + b"\0\xc0\x2f\0" + struct.pack(">H", len(alpn)) + alpn
        message = b"\x02" + struct.pack(">I", len(body))[1:] + body
        peer.sendall(b"\x16\x03\x03" + struct.pack(">H", len(message)) + message)
        peer.recv(65536)

    def noise(peer):
        peer.recv(65536)
        peer.sendall(EVIL * 4)
        peer.recv(65536)

    return t.server(hello), t.server(noise)


def clean(text, where, editing=False):
    """Fails when something got to the terminal that is neither text nor ours."""
    shown = COLOURS.sub("", text)
    if editing:
        shown = EDITING.sub("", shown)
    found = BAD.search(shown)
    check(not found, "%s: %r in %r" % (where, found and found[0], shown[max(0, found.start() - 200):found.start() + 60]
                                       if found else ""))


class Pty:
    """httpsh on a terminal, by a script: all bytes that come."""

    def __init__(self, t, *args, answers=b"", **env):
        self.pid, fd = os.forkpty()
        if self.pid == 0:
            os.chdir(t.home)
            os.execvpe(HTTPSH, [HTTPSH, *args], dict(t.env, **env))
        data = b""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not select.select([fd], [], [], 0.2)[0]:
                continue
            try:
                more = os.read(fd, 65536)
            except OSError:
                break
            if not more:
                break
            data += more
            if answers and b"[y/N]" in data:
                os.write(fd, answers)
                answers = b""
        os.close(fd)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.data = data
        self.text = data.decode("utf-8", "surrogateescape")
        check(not re.search("[\udc80-\udcff]", self.text), "bytes that are no UTF-8: %r" % self.text[-600:])


# ---- every command ----

# NAME: lines of commands; URL and TLS are the servers. A line that must show something of what the server sent ends
# with !
COMMANDS = {
    "get": ["get URL/ !", "get URL/plain !", "get URL/redirect !", "get URL/trailer !", "get URL/early !",
            "get URL/gone !", "get URL/auth !"],
    "head": ["head URL/ !"], "post": ["post URL/ a=b !"], "put": ["put URL/ a=b !"], "patch": ["patch URL/ a=b !"],
    "delete": ["delete URL/ !"], "options": ["options URL/ !"], "request": ["request FOO URL/ !"],
    "open": ["get URL/redirect", "open"],
    "header": ["get URL/", "header set X-A ${header.x-evil}", "header set X-\x1b[2J a", "header",
               "header unset X-\u202e"],
    "cookies": ["get URL/", "cookies !", "cookies delete \x1b[2J\u202e !", "cookies set \x1b[2J=a",
                "cookies import nofile\x1b[2J !", "cookies export", "cookies clear"],
    "auth": ["auth basic u\u202e:p", "auth !", "auth digest a:b", "get URL/auth !", "auth off"],
    "show": ["get URL/trailer", "show status !", "show headers !", "show !", "get URL/plain", "show body !",
             "get URL/?a\u202e=\x1b[2J", "show request",
             "show timing", "get TLS/", "show tls", "show chain !", "show status !"],
    "save": ["get URL/name", "save --force", "save --force - !", "save x\x1b[2J/y !", "save --force --headers - !",
             "save --text - !"],
    "clean": ["get URL/", "clean !", "clean --report"],
    "extract": ["get URL/", "extract p !", "extract p @title !", "extract a @href", "extract --raw a @href !",
                "extract --json p !", "extract --csv p !",
                "extract --html p !", "extract --xpath //p !", "extract '\x1b[2J\u202e' !", "extract '#\x9b' !",
                "extract p '\x1b[2J\u202e=@' !"],
    "count": ["get URL/", "count p", "count '\x1b[2J\u202e' !", "count --xpath '\x1b[2J\u202e' !"],
    "links": ["get URL/", "links !"], "title": ["get URL/", "title !"],
    "set": ["set follow '\x1b[2J\u202e' !", "set \x1b[2J on !", "set user-agent 'a\u202e' ", "set user-agent !",
            "set user-agent default", "set resolve '\x1b[2J' !", "set"],
    "tls": ["tls proto '\x1b[2J' !", "tls connect TLS/", "tls connect ALPN/", "tls connect NOISE/ !",
            "tls ciphers '\u202e' !", "tls profile '\x1b[2J' !",
            "tls profile profiles/p\u202e !", "tls profile", "tls export '\x1b[2J' 2", "tls forget", "tls trace hex",
            "get TLS/ !", "get URL/ !", "tls connect ALPN/",
            "tls trace off"],
    "trust": ["trust on", "get TLS/ !", "trust pin", "trust file nofile\x1b[2J !", "trust host '\x1b[2J\u202e' off",
              "trust pin '\x1b[2J' !", "trust off"],
    "lab": ["lab", "lab '\x1b[2J\u202e' !", "lab start", "get https://ok.lab.test/echo?a=%1b[2J X-A:\u202e", "lab list",
            "lab stop"],
    "let": ["get URL/", "let a = ${header.x-evil}", "let !", "let t = title", "let \x1b[2J = a !"],
    "echo": ["get URL/", "echo ${header.x-evil} !", "echo $url", "echo ${cookie.c}", "echo $\u202e !"],
    "expect": ["get URL/gone", "expect status 200", "expect header x-evil == a !", "expect header x-evil ~ a !",
               "expect extract h1 == a !", "expect body ~ a",
               "set fail on", "expect fail status get URL/gone !", "expect fail tls get URL/gone !", "set fail off",
               "expect extract \x1b[2J !"],
    "source": ["source 'scr\x1b[2Jipt\u202e.hsh' !", "source 'nofile\x1b[2J\u202e' !"],
    "record": ["record --force 'rec\x1b[2J\u202e' ", "record !", "record 'rec\x1b[2J\u202e' !", "record off"],
    "history": ["history"], "help": ["help '\x1b[2J\u202e' !", "help tls '\x1b[2J' !", "help"],
    "quit": ["quit '\x1b[2J\u202e' !"],
    "answers": ["auth digest a:b", "get URL/offers !", "get URL/next !", "get URL/auth !", "auth off",
                "get URL/later !", "get URL/elsewhere !", "get URL/upgrade !", "get URL/size !",
                "get URL/broken", "show body !", "show status !"],
    "other": ["get URL/loop"] + ["get URL/" + path + " !" for path in ("away", "host", "coding", "length", "line",
        "nothing", "header", "cr", "head", "early", "chunk")] + [
        "get URL/transfer", "get URL/range", "get --resume file URL/range", "get --resume file2 URL/gone !",
        "set fail on", "get URL/gone !", "set fail off",
        "get 'http://h\x1b[2J\u202e/' !", "get 'x\x1b[2J://h/' !", "\x1b[2J\u202e !", "get URL/ '\x1b[2J\u202e' !",
        "post URL/ 'a@nofile\x1b[2J\u202e' !",
        "get URL/ | exit 3", "get URL/ > 'no/\x1b[2J\u202e' !", "get --\x1b[2J URL/ !", "echo 'open quote\x1b[2J !"],
}


def prepared(t):
    port, tls, (alpn, noise) = t.server(answer), tls_server(t), alpn_server(t)
    t.write("scr\x1b[2Jipt\u202e.hsh", "echo a\nget 'x\x1b[2J\u202e\n")
    t.write("profiles/p\u202e", "tls \x1b[2J\u202e x\n")

    def fill(line):
        return (line.replace("URL", "http://127.0.0.1:%d" % port).replace("TLS/", "https://127.0.0.1:%d/" % tls)
                .replace("ALPN/", "https://127.0.0.1:%d/" % alpn).replace("NOISE/", "https://127.0.0.1:%d/" % noise))
    return fill


def test_every_command_is_here(t):
    same(sorted(set(COMMANDS) - {"answers", "other"}), sorted(n for n in table() if n))


def test_every_command_in_a_terminal(t):
    fill = prepared(t)
    for name, lines in COMMANDS.items():
        for colour in ({}, {"NO_COLOR": "1"}):
            script = "set on-error continue\ntrust off\n"
            for i, line in enumerate(lines):
                script += "echo =%d=\n%s\n" % (i, fill(line.removesuffix("!")))
            path = t.write("script.hsh", script)
            p = Pty(t, "--session", "s", "--echo", path, **colour)
            clean(p.text, name)
            if not colour:
                continue
            check("\x1b" not in p.text, (name, p.text))
            parts = dict(re.findall(r"=(\d+)=\r\n((?:.|\n)*?)(?=httpsh> echo =\d+=|\Z)", p.text))
            for i, line in enumerate(lines):
                said = re.sub(r"\A(.*\n)*?httpsh> .*\n", "", parts.get(str(i), ""),
                              count=1) if not line.startswith("echo 'open") else p.text
                check(not line.endswith("!") or re.search(MARK, said),
                      "%s: %r shows nothing of it: %r" % (name, line, said))


def test_files_and_pipes_keep_the_bytes(t):
    fill = prepared(t)
    out = t.batch("--no-session", "-c",
        fill("get URL/plain > body; show body | cat > body2; show status > status; show headers | cat > headers; get "
             "URL/; "
                                             "cookies > cookies; let x = ${header.x-evil}; echo $x > echo; get "
                                             "URL/plain | cat > body3; save page.txt; "
                                             "extract a @href --raw > href; get URL/name > /dev/null; !ls > names"),
                                             text="")
    del out

    def raw(name):
        with open(t.path(name), "rb") as f:
            return f.read()

    plain = EVIL + b"\r\nline\r\n"
    for name in ("body", "body2", "body3", "page.txt"):
        same((name, raw(name)), (name, plain))
    same(raw("status"), b"HTTP/1.1 200 OK " + EVIL + b"\n")
    check(b"X-Evil: " + EVIL + b"\n" in raw("headers"))
    same(raw("echo"), EVIL + b"\n")
    check(b"v\x9b\xe2\x80\xae\xff" in raw("cookies"), raw("cookies"))
    # a terminal by another name is one; standard output that is none gets the bytes, standard error never
    p = Pty(t, "--no-session", "-c",
            fill("get URL/plain > /dev/tty; get URL/plain | cat > x; get URL/plain >> /dev/tty"))
    clean(p.text, "/dev/tty")
    check(len(re.findall(MARK, p.text)) > 4, p.text)
    out = subprocess.run([HTTPSH, "--no-session", "-c", fill("set verbose on; get URL/plain; show body; get URL/line")],
                         cwd=t.home, env=t.env,
                         capture_output=True, timeout=PATIENCE)
    same(out.stdout, plain)
    clean(out.stderr.decode(), "standard error")


def test_prompt_and_line(t):
    """Typed: the prompt's place, Tab's lists, the history, the preview."""
    fill = prepared(t)
    for name in ("evil\x1b[2J.hsh", "evil\u202e.hsh", "evilgood.hsh", "evilbetter.hsh"):
        t.write(name, "")
    s = t.shell("--session", "p", prompt=r"> $")
    for line in ("trust off", fill("get URL/redirect"), "show headers", "title", fill("get TLS/"), "history",
                 fill("get URL/"), "lab list"):
        s.run(line)
    for typed in ("source evil", "extract ", "extract #", "extract .", "echo ${header.", "echo ${cookie.",
                  "get http://127", "cookies delete ", "show "):
        s.type(typed + TAB + TAB)
        s.quiet(0.2)
        s.type("\x03")
        s.expect(r"> $")
    check("evilgood.hsh" in s.output and re.search(MARK, s.output))
    s.line("quit")
    s.wait()
    clean(s.output, "prompt", editing=True)


def test_questions(t):
    fill = prepared(t)
    path = t.write("ask.hsh", fill("trust ask\nget TLS/\n"))
    p = Pty(t, "--no-session", path, answers=b"n\n")
    clean(p.text, "trust ask")
    check("[y/N]" in p.text and re.search(MARK, p.text), p.text)


def test_command_line(t):
    for args in (["--\x1b[2J\u202e"], ["nofile\x1b[2J\u202e"], ["--session", "\x1b[2J\u202e"], ["-c", "\x1b[2J\u202e"],
                 ["-c", "let a = '\x1b[2J"]):
        p = Pty(t, *args)
        clean(p.text, args)
        check(re.search(MARK, p.text), (args, p.text))


if __name__ == "__main__":
    sys.exit(run(globals()))
