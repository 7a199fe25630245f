#!/usr/bin/env python3
"""Every setting of `tls` on the wire: the bytes of the hello for those that change it, real servers for the others."""
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

import servers
import client_hello as wire
from servers import OPENSSL_WEAK
from client_hello import hello

OLD = "tls proto ssl3..tls1.2"

# name, version, record version, bytes of session id, suites, groups, schemes, extensions: as recorded by others (see
# the
# second line of each profile) but for what its comments leave out
PROFILES = (
    ("java6", 0x301, None, 0, "0004 0005 002f 0033 0032 000a 0016 0013 0009 0015 0012 0003 0008 0014 0011 00ff", "", "",
    []),
    ("java7", 0x301, 0x301, 0,
    "c009 c013 002f c004 c00e 0033 0032 c007 c011 0005 c002 c00c c008 c012 000a c003 c00d 0016 0013 0004 00ff",
     "17 1 3 13 15 6 7 9 a 18 b c 19 d e f 10 11 2 12 4 5 14 8 16", "", [0, 10, 11]),
    ("java8", 0x303, 0x303, 0,
    "c024 c028 003d c026 c02a 006b 006a c00a c014 0035 c005 c00f 0039 0038 c023 c027 003c c025 c029 0067 0040 "
     "c009 c013 002f c004 c00e 0033 0032 c02c c02b c030 009d c02e c032 009f 00a3 c02f 009c c02d c031 009e 00a2 c008 "
     "c012 000a c003 c00d "
     "0016 0013 00ff", "17 18 19 9 a b c d e 16", "603 601 503 501 403 401 402 203 201 202", [0, 10, 11, 13, 23]),
    ("java17", 0x303, 0x303, 32,
    "1302 1301 1303 c02c c02b cca9 c030 cca8 c02f 009f ccaa 009e c024 c028 c023 c027 006b 0067 c00a c014 c009 "
     "c013 0039 0033 009d 009c 003d 003c 0035 002f 00ff", "1d 17 18 19 1e 100 101 102 103 104",
     "403 503 603 807 808 804 805 806 809 80a 80b 401 501 601 303 301", [0, 5, 10, 11, 13, 23, 35, 43, 45, 51]),
    ("openssl1.0", 0x303, 0x301, 0,
    "c030 c02c c028 c024 c014 c00a 00a3 009f 006b 006a 0039 0038 0088 0087 c032 c02e c02a c026 c00f c005 009d "
     "003d 0035 0084 c02f c02b c027 c023 c013 c009 00a2 009e 0067 0040 0033 0032 009a 0099 0045 0044 c031 c02d c029 "
     "c025 c00e c004 009c 003c "
     "002f 0096 0041 0007 c011 c007 c00c c002 0005 0004 c012 c008 0016 0013 c00d c003 000a 0015 0012 0009 0014 0011 "
     "0008 0006 0003 00ff",
     "e d 19 b c 18 9 a 16 17 8 6 7 14 15 4 5 12 13 1 2 3 f 10 11",
     "601 602 603 501 502 503 401 402 403 301 302 303 201 202 203",
     [0, 5, 10, 11, 13, 35]),
    ("curl", 0x303, 0x301, 32,
    "1302 1303 1301 c02c c030 009f cca9 cca8 ccaa c02b c02f 009e c024 c028 006b c023 c027 0067 c00a c014 0039 c009 "
     "c013 0033 009d 009c 003d 003c 0035 002f 00ff", "1d 17 1e 19 18 100 101 102 103 104",
     "403 503 603 807 808 809 80a 80b 804 805 806 401 501 601 303 301 302 402 502 602",
     [0, 10, 11, 13, 16, 21, 22, 23, 43, 45, 51]),
    ("firefox", 0x303, 0x301, 32, "1301 1303 1302 c02b c02f cca9 cca8 c02c c030 c00a c009 c013 c014 009c 009d 002f "
                                  "0035",
    "1d 17 18 19 100 101",
     "403 503 603 804 805 806 401 501 601 203 201", [0, 5, 10, 11, 13, 16, 21, 23, 35, 43, 45, 51, 65281]),
    ("chrome", 0x303, 0x301, 32, "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035",
     "1d 17 18",
     "403 804 401 503 805 501 806 601", [0, 5, 10, 11, 13, 16, 18, 21, 23, 35, 43, 45, 51, 65281]),
)


def ids(text):
    return [int(word, 16) for word in text.split()]


class Settings:
    def __init__(self):
        self.tally = servers.Tally()
        self.listener = wire.Listener()
        self.lazy_bench = None
        self.folder = tempfile.TemporaryDirectory()

    @property
    def bench(self):
        if self.lazy_bench is None:
            self.lazy_bench = servers.Bench()
        return self.lazy_bench

    def wire(self, name, settings, *checks, **kw):
        """checks: functions of the hello, or (function, wanted value)."""
        try:
            h = hello(settings, listener=self.listener, **kw)
        except Exception as e:
            self.tally.check(False, name, "%s: %r" % (settings, e))
            return None
        for i, check in enumerate(checks):
            got, want = (check(h), True) if callable(check) else (check[0](h), check[1])
            self.tally.check(got == want, "%s (%d)" % (name, i), "%s: %r instead of %r\n%s" % (
                settings, got, want, h.data[:600].hex()))
        return h

    def run(self, name, start, script, expect=(), absent=(), status=0):
        port = servers.free_port()
        server = start(port)
        text = "set timeout 5; trust file %s; " % self.bench.certs.path("root.crt") + script.replace("URL",
                "https://localhost:%d/" % port)
        try:
            got, out, err = servers.httpsh(text)
        except Exception as e:
            got, out, err = -1, "", str(e)
        self.bench.stop(server)
        seen = out + err
        ok = got == status and all(re.search(e, seen) for e in expect) and not any(re.search(a, seen) for a in absent)
        self.tally.check(ok, name, "%s\n%d\n%s\n%s" % (text, got, err, out[-2500:]))
        return seen

    # ---- the hello ----
    def lists(self):
        self.wire("order of suites",
                "tls proto tls1.2; tls ciphers AES256-GCM-SHA384,ECDHE-RSA-AES128-GCM-SHA256,AES128-SHA",
                  (lambda h: h.suites, [0x9D, 0xC02F, 0x2F]))
        self.wire("a suite that is not spoken", "tls proto tls1.2; tls ciphers 0x0008,AES128-SHA,0xABCD",
                  (lambda h: h.suites, [0x08, 0x2F, 0xABCD]))
        self.wire("order of suites in TLS 1.3",
                "tls proto tls1.3; tls ciphers TLS_CHACHA20_POLY1305_SHA256,TLS_AES_128_GCM_SHA256",
                  (lambda h: h.suites, [0x1303, 0x1301]))
        self.wire("default without a kind", "tls ciphers default,-CHACHA20",
                  lambda h: 0x1303 not in h.suites and 0xCCA8 not in h.suites and 0xC02F in h.suites)
        self.wire("order of groups", "tls groups P-384,x25519", (lambda h: h.groups(), [24, 29]),
                (lambda h: h.shares(), [(24, 97)]))
        self.wire("a group that is not spoken", "tls groups SecP256r1MLKEM768,ffdhe2048,P-256",
                  (lambda h: h.groups(), [4587, 256, 23]), (lambda h: h.shares(), [(23, 65)]))
        self.wire("a group that is not of TLS 1.3", "tls groups P-224,P-256", (lambda h: h.groups(), [21, 23]),
                  (lambda h: h.shares(), [(23, 65)]))
        self.wire("the default groups", "tls groups auto", (lambda h: h.groups(), [29, 23, 24, 25, 30, 4588]),
                  (lambda h: h.shares(), [(29, 32)]))
        self.wire("the default groups before TLS 1.3", "tls proto tls1.0..tls1.2",
                  (lambda h: h.groups(), [29, 23, 24, 25, 30, 21]))
        self.wire("a hybrid group", "tls groups X25519MLKEM768,x25519", (lambda h: h.groups(), [4588, 29]),
                  (lambda h: h.shares(), [(4588, 1216)]))
        self.wire("a hybrid group and what it is made of", "tls key-shares X25519MLKEM768,x25519,x448",
                  (lambda h: h.shares(), [(4588, 1216), (29, 32), (30, 56)]))
        self.wire("order of schemes", "tls schemes rsa_pkcs1_sha256,ed25519,ecdsa_secp256r1_sha256",
                  (lambda h: h.schemes(), [0x0401, 0x0807, 0x0403]))
        self.wire("no key share", "tls proto tls1.3; tls key-shares none", (lambda h: h.shares(), []),
                (lambda h: h.get(wire.KEY_SHARE), b"\0\0"))
        self.wire("one key share", "tls key-shares P-521", (lambda h: h.shares(), [(25, 133)]))
        self.wire("several key shares", "tls key-shares P-256,x25519,P-384",
                (lambda h: h.shares(), [(23, 65), (29, 32), (24, 97)]))
        self.wire("ALPN", "tls alpn h2,http/1.1,x", (lambda h: h.alpn(), ["h2", "http/1.1", "x"]))
        self.wire("ALPN off", "tls alpn off", lambda h: wire.ALPN not in h.ids())
        self.wire("SNI", "tls sni auto", (lambda h: h.sni(), "localhost"))
        self.wire("SNI off", "tls sni off", (lambda h: h.sni(), None))
        self.wire("SNI by name", "tls sni other.example", (lambda h: h.sni(), "other.example"))
        self.wire("no SNI for an address", "tls sni auto", (lambda h: h.sni(), None), host="127.0.0.1")

    def versions(self):
        for setting, version, listed, record in (
                ("ssl3", 0x300, [], 0x300), ("tls1.0", 0x301, [], 0x301), ("tls1.1", 0x302, [], 0x301),
                ("tls1.2", 0x303, [], 0x301),
                ("tls1.3", 0x303, [0x304], 0x301), ("tls1.0..tls1.2", 0x303, [], 0x301),
                ("auto", 0x303, [0x304, 0x303], 0x301),
                ("ssl3..tls1.3", 0x303, [0x304, 0x303, 0x302, 0x301, 0x300], 0x301)):
            self.wire("version " + setting, "tls proto " + setting, (lambda h: h.version, version),
                    (lambda h: h.versions(), listed),
                      (lambda h: h.record_versions, [record]))
        self.wire("SSL 3.0 has no extensions", "tls proto ssl3", (lambda h: h.extensions, []),
                  lambda h: 0xFF in h.suites)
        for setting, version in (("ssl3", 0x300), ("tls1.0", 0x301), ("tls1.2", 0x303), ("tls1.3", 0x304)):
            self.wire("record version " + setting, "tls record-version " + setting,
                    (lambda h: h.record_versions, [version]))

    def extensions(self):
        full = "tls proto ssl3..tls1.3; tls sct on; tls pad-hello 900"
        everything = self.wire("every extension", full)
        sent = everything.ids() if everything else []
        self.tally.check(len(sent) >= 15, "there are many extensions", sent)
        for number in sent:
            less = [i for i in sent if i != number]
            self.wire("extension %d off" % number, full + "; tls extensions-off %d" % number,
                    lambda h: number not in h.ids(),
                      (lambda h: sorted(i for i in h.ids() if i not in (wire.VERSIONS,)),
                       sorted(i for i in less if i not in (wire.VERSIONS,))) if number not in (wire.VERSIONS,) else
                      (lambda h: wire.KEY_SHARE in h.ids(), False))
        self.wire("extensions off by name", "tls extensions-off server_name,signature_algorithms",
                  lambda h: wire.SERVER_NAME not in h.ids() and wire.SCHEMES not in h.ids())
        self.wire("no extensions at all", "tls extensions off", (lambda h: h.extensions, []),
                  (lambda h: h.version, 0x303))
        for name, number, setting in (("EMS", wire.EMS, "ems"), ("EtM", wire.ETM, "etm"),
                ("renegotiation_info", wire.RENEGOTIATION_INFO, "renegotiation-info")):
            for value, there in (("on", True), ("required", True), ("off", False)):
                self.wire("%s %s" % (name, value), "%s; tls %s %s" % (OLD, setting, value),
                        (lambda h: number in h.ids(), there))
        self.wire("renegotiation_info off: no SCSV either", OLD + "; tls renegotiation-info off",
                lambda h: 0xFF not in h.suites)
        self.wire("SCSV instead of renegotiation_info", OLD + "; tls extensions-off renegotiation_info",
                  lambda h: 0xFF in h.suites and wire.RENEGOTIATION_INFO not in h.ids())
        self.wire("tickets off", "tls tickets off", lambda h: wire.TICKET not in h.ids()
                  and wire.PSK_MODES not in h.ids())
        self.wire("resume off", "tls resume off", lambda h: wire.TICKET not in h.ids())
        for value in ("on", "off"):
            self.wire("staple " + value, "tls staple " + value, (lambda h: wire.STATUS_REQUEST in h.ids(),
                value == "on"))
            self.wire("sct " + value, "tls sct " + value, (lambda h: wire.SCT in h.ids(), value == "on"))
            self.wire("fallback " + value, OLD + "; tls fallback-scsv " + value,
                    (lambda h: 0x5600 in h.suites, value == "on"))
            self.wire("session id " + value, "tls session-id-13 " + value,
                    (lambda h: len(h.session_id), 32 if value == "on" else 0))
        self.wire("session id without TLS 1.3", "tls proto tls1.2", (lambda h: h.session_id, b""))

    def grease(self):
        self.wire("GREASE on", "tls grease on", lambda h: wire.is_grease(h.suites[0]),
                  lambda h: wire.is_grease(h.ids()[0]),
                  lambda h: wire.is_grease([i for i in h.ids() if i != wire.PADDING][-1]),
                  lambda h: wire.is_grease(h.groups()[0]), lambda h: wire.is_grease(h.versions()[0]),
                  lambda h: wire.is_grease(h.shares()[0][0]), lambda h: wire.is_grease(h.schemes()[0]))
        self.wire("GREASE off", "tls grease off", lambda h: not any(wire.is_grease(i) for i in
                                                                    h.suites + h.ids() + h.groups() + h.versions() +
                                                                    h.schemes()))

    def sizes(self):
        for n in (512, 700, 1500, 5000, 16000):
            self.wire("padded to %d" % n, "tls pad-hello %d" % n, (lambda h: len(h.message), n))
        self.wire("not 256 to 511 bytes long",
                "tls proto tls1.0..tls1.3; tls sni aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
                  lambda h: len(h.message) < 256 or len(h.message) >= 512)
        self.wire("padding off", "tls extensions-off padding", lambda h: wire.PADDING not in h.ids())
        for n in (1, 5, 64, 100):
            self.wire("records of %d" % n, "tls split-hello-record %d" % n,
                      lambda h: h.records[:-1] == [n] * (len(h.records) - 1) and 0 < h.records[-1] <= n
                      and len(h.records) > 1)
        for n in (20, 40, 100, 300):
            self.wire("segments of %d" % n, "tls split-hello-segment %d" % n,
                      lambda h: h.segments == -(-len(h.data) // n))
        self.wire("records and segments", "tls split-hello-record 50; tls split-hello-segment 30",
                  lambda h: set(h.records[:-1]) == {50} and h.segments == -(-len(h.data) // 30))

    def sslv2(self):
        h = self.wire("SSLv2-compatible", OLD + "; tls sslv2-hello on", lambda h: h.v2, (lambda h: h.version, 0x303),
                      lambda h: 0xFF in h.suites and 0x2F in h.suites, (lambda h: len(h.random), 32))
        self.wire("SSLv2-compatible for TLS 1.0", "tls proto ssl3..tls1.0; tls sslv2-hello on", lambda h: h.v2,
                (lambda h: h.version, 0x301))
        return h

    def profiles(self):
        """The shapes that were recorded of the real clients."""
        for name, version, record, session_id, suites, groups, schemes, extensions in PROFILES:
            self.wire("profile " + name, "tls proto ssl3; tls sni off; tls profile " + name,
                      (lambda h: h.version, version),
                      (lambda h: h.record_versions, [record] if record else []),
                      (lambda h: len(h.session_id), session_id),
                      (lambda h: [s for s in h.suites if not wire.is_grease(s)], ids(suites)),
                      (lambda h: [g for g in h.groups() if not wire.is_grease(g)], ids(groups)),
                      (lambda h: [s for s in h.schemes() if not wire.is_grease(s)], ids(schemes)),
                      (lambda h: sorted(i for i in h.ids() if not wire.is_grease(i)), sorted(extensions)),
                      lambda h: h.v2 == (name == "java6"))
        self.wire("profile off", "tls profile java6; tls profile off", lambda h: not h.v2,
                (lambda h: h.versions(), [0x304, 0x303]))
        self.wire("a profile in a file", "tls profile " + self.file("mine.hsh"), (lambda h: h.suites, [0x2F]),
                (lambda h: h.version, 0x303))

    def file(self, name):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as f:
            f.write("# mine\ntls proto tls1.2\ntls ciphers AES128-SHA\n")
        return path

    def profile_servers(self):
        b = self.bench
        modern = lambda p: b.nginx(p, "rsa")                                               # noqa: E731
        old = lambda p: b.openssl(p, "rsa", "-tls1", "-cipher", OPENSSL_WEAK)               # noqa: E731
        for name, start, version in (("java6", lambda p: b.jsse(p, "rsa", "SSLv2Hello,SSLv3,TLSv1"), "TLSv1.0"),
                                     ("java6", old, "TLSv1.0"), ("java7", old, "TLSv1.0"), ("java8", modern, "TLSv1.2"),
                                     ("java17", modern, "TLSv1.3"), ("openssl1.0", modern, "TLSv1.2"),
                                     ("curl", modern, "TLSv1.3"),
                                     ("firefox", modern, "TLSv1.3"), ("chrome", modern, "TLSv1.3")):
            self.run("profile %s connects" % name, start, "tls profile %s; get URL|cat; show tls" % name,
                    ["negotiated +" + version, "<"])
        self.run("a server that chooses what only the profile speaks",
                lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher", "CAMELLIA128-SHA:@SECLEVEL=0"),
                 "tls profile openssl1.0; expect fail tls get URL", ["CAMELLIA", "look like another client"])

    # ---- with servers ----
    def required(self):
        b = self.bench
        etm = "tls proto tls1.2; tls ciphers ECDHE-RSA-AES128-SHA; "
        self.run("EMS negotiated", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3"),
                "tls proto tls1.2; get URL|cat; show tls",
                 ["extended_master_secret yes"])
        self.run("EMS off", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3"),
                "tls proto tls1.2; tls ems off; get URL|cat; show tls",
                 ["extended_master_secret no"])
        self.run("EMS required and missing", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3:%NO_SESSION_HASH"),
                 "tls proto tls1.2; tls ems required; expect fail tls get URL", ["extended.master.secret"])
        self.run("EMS required and there", lambda p: b.openssl(p, "rsa", "-tls1_2"),
                "tls proto tls1.2; tls ems required; get URL|cat", ["<"])
        self.run("EtM negotiated", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3:+AES-128-CBC"), etm +
                "get URL|cat; show tls",
                 ["encrypt_then_mac yes", "<"])
        self.run("EtM off", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3:+AES-128-CBC"), etm +
                "tls etm off; get URL|cat; show tls",
                 ["encrypt_then_mac no", "<"])
        self.run("EtM with OpenSSL, SHA-256", lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher", OPENSSL_WEAK),
                 "tls proto tls1.2; tls ciphers ECDHE-RSA-AES128-SHA256; get URL|cat; show tls",
                 ["encrypt_then_mac yes", "<"])
        self.run("EtM required and missing", lambda p: b.nss(p, "rsa", "tls1.2:tls1.2", "-c", ":002F:C013"),
                 etm + "tls etm required; expect fail tls get URL", ["encrypt.then.mac"])
        self.run("FALLBACK_SCSV", lambda p: b.openssl(p, "rsa"),
                "tls proto tls1.2; tls fallback-scsv on; expect fail tls get URL; show tls",
                 [r"inappropriate_fallback \(86\)"])
        self.run("no key share: HelloRetryRequest", lambda p: b.openssl(p, "rsa", "-tls1_3"),
                "tls key-shares none; get URL|cat; show tls",
                 ["HelloRetryRequest"])
        for name, start in (("OpenSSL", lambda p: b.openssl(p, "rsa", "-tls1_3")),
                            ("GnuTLS", lambda p: b.gnutls(p, "rsa")),
                            ("NSS", lambda p: b.nss(p)), ("JSSE", lambda p: b.jsse(p, "rsa", "TLSv1.3")),
                            ("nginx", lambda p: b.nginx(p))):
            self.run("GREASE, several shares, no session id with " + name, start,
                     "tls grease on; tls key-shares x25519,P-256; tls session-id-13 off; tls pad-hello 2000; get "
                     "URL|cat; show tls", ["TLSv1.3"])
            self.run("split hello with " + name, start,
                    "tls split-hello-record 77; tls split-hello-segment 33; get URL|cat; show tls",
                    ["negotiated +TLSv1.3"])

    def sslv2_servers(self):
        b = self.bench
        self.run("SSLv2-compatible hello with OpenSSL", lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher",
            OPENSSL_WEAK),
                 "tls proto ssl3..tls1.2; tls sslv2-hello on; get URL|cat; show tls", ["negotiated +TLSv1.2", "<"])
        self.run("SSLv2-compatible hello with JSSE", lambda p: b.jsse(p, "rsa", "SSLv2Hello,SSLv3,TLSv1"),
                 "tls proto ssl3..tls1.0; tls sslv2-hello on; get URL|cat; show tls", ["negotiated +TLSv1.0", "JSSE"])

    def premaster(self):
        for version, word in ((0x301, "tls1.0"), (0x302, "tls1.1")):
            for setting, want in (("offered", 0x303), ("negotiated", version)):
                server = wire.RsaServer(self.bench.certs, version)
                servers.httpsh("set timeout 5; trust off; tls proto tls1.0..tls1.2; tls premaster %s; get "
                               "https://localhost:%d/" % (
                    setting, server.port))
                server.done.wait(5)
                got = server.premaster or b""
                self.tally.check(len(got) == 48 and wire.u16(got, 0) == want, "premaster %s, %s" % (setting, word),
                        got[:4].hex())
        self.run("a strict server refuses the negotiated version",
                lambda p: self.bench.openssl(p, "rsa", "-tls1", "-cipher", OPENSSL_WEAK),
                 "tls proto tls1.0..tls1.2; tls ciphers AES128-SHA; tls premaster negotiated; expect fail tls get URL",
                 ["bad_record_mac"])

    def renegotiation(self):
        """OpenSSL's s_server asks for it when r is typed, and sends what else is typed. It ends the connection when we
        decline."""
        def types(server, text):
            try:
                server.stdin.write(text)
                server.stdin.flush()
            except OSError:
                pass

        c = self.bench.certs
        for setting, ends, wanted, unwanted in (("on", 0, r"^> ClientHello, \d+ bytes, encrypted", "no_renegotiation"),
                                          ("off", 6, r"^> alert no_renegotiation, 2 bytes, encrypted",
                                          "ClientHello, .* encrypted")):
            port = servers.free_port()
            server = subprocess.Popen(["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert",
                                       c.path("rsa.crt"),
                    "-key", c.path("rsa.key"),
                                       "-tls1_2", "-crlf"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL,
                                      start_new_session=True)
            self.bench.running.append(server)
            time.sleep(0.5)
            threading.Timer(0.7, types, (server, b"r\n")).start()
            threading.Timer(1.5, types, (server, b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello\n")).start()
            status, out, err = servers.httpsh("set timeout 5; trust off; tls proto tls1.2; tls renegotiation %s; tls "
                                              "trace brief; get https://127.0.0.1:%d/ | cat" % (
                setting, port))
            self.tally.check(re.search(wanted, err, re.M) and not re.search(unwanted, err) and status == ends,
                    "renegotiation " + setting,
                             "%d\n%s\n%s" % (status, err, out))
            self.bench.stop(server)

    def limits(self):
        b = self.bench
        self.run("max-cert-list", lambda p: b.openssl(p), "tls max-cert-list 1K; expect fail limit get URL",
                ["Certificate message has \\d+ bytes, more than 1024"])
        self.run("max-cert-list is enough", lambda p: b.openssl(p), "tls max-cert-list 4K; get URL|cat", ["<"])

    def records(self):
        """Sizes of the records sent, seen by a proxy."""
        def sizes(start, script):
            port = servers.free_port()
            server = start(port)
            proxy = wire.Proxy(port)
            servers.httpsh("set timeout 5; trust off; tls etm off; " +
                    script.replace("URL", "https://localhost:%d/" % proxy.port))
            self.bench.stop(server)
            return [n for kind, _, n in wire.records(proxy.sent[-1]) if kind == 23]

        tls10 = lambda p: self.bench.openssl(p, "rsa", "-tls1", "-cipher", OPENSSL_WEAK)      # noqa: E731
        tls12 = lambda p: self.bench.nginx(p, "rsa")                                       # noqa: E731
        old = "tls proto tls1.0; tls ciphers AES128-SHA; "
        split, whole = sizes(tls10, old + "get URL"), sizes(tls10, old + "tls record-split off; get URL")
        self.tally.check(split[:1] == [32] and len(split) == 2,
                "1/n-1 splitting on: one byte first (one block and its MAC)", split)
        self.tally.check(len(whole) == 1 and whole[0] > 64, "1/n-1 splitting off", whole)
        ssl3 = lambda p: self.bench.nss(p, "rsa", "ssl3:ssl3", "-c", ":002F")               # noqa: E731
        old = "tls proto ssl3; tls ciphers AES128-SHA; "
        split, whole = sizes(ssl3, old + "get URL"), sizes(ssl3, old + "tls record-split off; get URL")
        self.tally.check(len(split) == 2 and split[0] == 32 and len(whole) == 1, "1/n-1 splitting in SSL 3.0",
                (split, whole))
        big = sizes(tls12,
                "tls proto tls1.2; tls ciphers ECDHE-RSA-AES128-GCM-SHA256; tls max-record 100; get URL X-Long:" +
                "a" * 900)
        self.tally.check(len(big) > 8 and set(big[:-1]) == {100 + 24} and big[-1] <= 124, "largest record sent", big)
        one = sizes(tls12, "tls proto tls1.3; tls max-record 64; get URL X-Long:" + "a" * 300)
        self.tally.check(len(one) > 5 and max(one[1:]) == 64 + 17, "largest record sent in TLS 1.3", one)


def main():
    servers.enter_private_network()
    settings = Settings()
    for name in [a for a in sys.argv[1:] if not a.startswith("-")] or (
            "lists", "versions", "extensions", "grease", "sizes", "sslv2", "profiles", "profile_servers", "required",
            "sslv2_servers",
            "premaster", "records", "renegotiation", "limits"):
        getattr(settings, name)()
    settings.tally.finish()


if __name__ == "__main__":
    main()
