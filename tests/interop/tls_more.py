#!/usr/bin/env python3
"""Resumption and client certificates with every server in every version, and what must be refused.

`--table` prints the table for people.
"""
import os
import shutil
import sys

import servers
from servers import OPENSSL_WEAK
from tls import GNUTLS_VERSION, JSSE_VERSION, NGINX_VERSION, OPENSSL_VERSION, SETTING


class More:
    def __init__(self):
        self.bench = servers.Bench()
        self.tally = servers.Tally()
        self.results = []

    def run(self, name, version, what, start, script, expect, status=0):
        port = servers.free_port()
        try:
            server = start(port)
        except RuntimeError as e:
            self.tally.check(False, "%s %s %s" % (name, version, what), e)
            return
        text = "set timeout 10; trust file %s; tls proto %s; %s" % (
            self.bench.certs.path("root.crt"), SETTING[version], script.replace("URL", "https://localhost:%d/" % port))
        try:
            got, out, err = servers.httpsh(text)
        except Exception as e:
            got, out, err = -1, "", str(e)
        ok = self.tally.check(got == status and expect in out + err, "%s %s %s" % (name, version, what),
                              "%s\n%s\n%s\n%s" % (text, got, err, out[-800:]))
        self.results.append((name, version, what, ok))
        self.bench.stop(server)

    def servers(self):
        """(name, version, start(port, kind, client_certificate))"""
        b, root = self.bench, self.bench.certs.path("root.crt")
        for version, flag in OPENSSL_VERSION.items():
            yield "OpenSSL", version, lambda p, kind, client, flag=flag: b.openssl(
                p, kind, flag, "-cipher", OPENSSL_WEAK, *(("-Verify", "2", "-CAfile", root) if client else ()))
        for version, word in GNUTLS_VERSION.items():
            yield "GnuTLS", version, lambda p, kind, client, word=word: b.gnutls(
                p, kind, "NORMAL:+RSA:+SHA1:+SIGN-ALL:-VERS-ALL:+VERS-" + word,
                *(("--require-client-cert", "--verify-client-cert", "--x509cafile", root) if client else ()))
        for version in ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"):
            # -u: NSS gives out tickets only when told to, and TLS 1.3 knows nothing else
            yield "NSS", version, lambda p, kind, client, word=SETTING[version]: b.nss(
                p, kind, "%s:%s" % (word, word), "-u", *(("-r", "-r") if client else ()))
        for version, word in JSSE_VERSION.items():
            yield "JSSE", version, lambda p, kind, client, word=word: b.jsse(p, kind, word, "",
                "need" if client else "no")
        for version, word in NGINX_VERSION.items():
            yield "nginx", version, lambda p, kind, client, word=word: b.nginx(
                p, kind, word, server="ssl_session_cache shared:s:1m;" +
                ("ssl_verify_client on; ssl_client_certificate %s;" % root if client else ""))

    def resumption(self):
        script = "header set Connection close; get URL | cat; get URL | cat; echo resumed=${tls.resumed}"
        for name, version, start in self.servers():
            self.run(name, version, "resumption", lambda p: start(p, "rsa", False), script, "resumed=yes")
            self.run(name, version, "resume off", lambda p: start(p, "rsa", False), "tls resume off; " + script,
                     "resumed=no")

    def large_tickets(self):
        """OpenSSL puts the client's certificate into its tickets: one that the hello has no room for costs the
        resumption, nothing else."""
        cert, key = self.bench.certs.path("large.crt"), self.bench.certs.path("large.key")
        script = ("tls alpn %s; tls cert %s %s; header set Connection close; let r = ''; " % (",".join(c * 255
            for c in "abcdefghijkl"), cert, key) + "get URL | cat; let r = $r${tls.resumed}; " * 4 + "echo resumed=$r")
        for size, resumed in ((2000, "noyesyesyes"), (30000, "noyesyesyes"), (63000, "nononono")):
            servers.sh(["openssl", "req", "-x509", "-nodes", "-subj", "/CN=large", "-newkey", "rsa:2048", "-keyout",
                        key,
                        "-out", cert, "-config", self.config(size)])
            for version in ("TLSv1.2", "TLSv1.3"):
                self.run("OpenSSL", version, "a ticket of more than %d bytes" % size,
                         lambda p: self.bench.openssl(p, "rsa", OPENSSL_VERSION[version], "-verify", "1",
                             "-verify_quiet"), script, "resumed=" + resumed)

    def config(self, size):
        path = self.bench.certs.path("large.cnf")
        with open(path, "w") as f:
            f.write("[req]\ndistinguished_name=name\nx509_extensions=ext\n[name]\n[ext]\n" +
                    "".join("1.2.3.%d=ASN1:UTF8:%s\n" % (i, "x" * min(1000, size - 1000 * i))
                            for i in range(size // 1000 + 1)))
        return path

    def certificates(self):
        path = self.bench.certs.path
        for name, version, start in self.servers():
            for kind in ("client", "client-ec"):
                if kind == "client-ec" and version == "SSLv3":
                    continue                         # SSL 3.0 has no ECDSA client authentication
                script = "tls cert %s %s; get URL | cat; show tls" % (path(kind + ".crt"), path(kind + ".key"))
                self.run(name, version, kind + " certificate", lambda p: start(p, "rsa", True), script, version)
            # nginx answers 400 over a connection that works; NSS with -r -r and the others refuse the handshake
            if name == "nginx":
                self.run(name, version, "no certificate", lambda p: start(p, "rsa", True), "get URL | cat", "400")
            else:
                self.run(name, version, "no certificate", lambda p: start(p, "rsa", True),
                         "expect fail tls get URL; echo refused", "refused")

    def renegotiation(self):
        """NSS asks for the certificate by HelloRequest after the first request, and does not go on without it (-r -r
        -r -r)."""
        path = self.bench.certs.path
        for version in ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"):
            word = SETTING[version]
            start = lambda p: self.bench.nss(p, "rsa", "%s:%s" % (word, word), "-r", "-r", "-r", "-r")
            certificate = "tls cert %s %s; " % (path("client.crt"), path("client.key"))
            for proto in (word, "ssl3..tls1.3"):
                self.run("NSS", version, "renegotiation, " + proto, start,
                         "tls proto %s; tls renegotiation on; %sget URL | cat; show tls" % (proto, certificate),
                         version)
            # a kept connection still has its certificate when the setting has changed meanwhile, and is as it was again
            self.run("NSS", version, "renegotiation after tls cert", start, "tls renegotiation on; " + certificate +
                     "tls connect URL; tls cert off; " + certificate + "get URL | cat; show tls", version)
            # declined: NSS goes on waiting for the hello
            self.run("NSS", version, "renegotiation off", start,
                     certificate + "set timeout 2; tls renegotiation off; expect fail network get URL; echo declined",
                     "declined")

    def beyond_bearssl(self):
        """Keys, groups and numbers that nettle and GMP compute: the server's key, then what it is made to choose."""
        b, path = self.bench, self.bench.certs.path
        rsa8192 = os.path.join(servers.ROOT, "tests/data/tls/rsa8192.key")
        keys = {"ed25519": ["-newkey", "ed25519"], "ed448": ["-newkey", "ed448"], "rsa8192": ["-key", rsa8192],
                "p224": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"]}
        for kind, words in keys.items():
            servers.sh(["openssl", "req", "-x509", "-nodes", "-days", "3", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", *words, "-keyout", path(kind + ".key"), "-out",
                        path(kind + ".crt")])
        shutil.copy(rsa8192, path("rsa8192.key"))
        servers.sh(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe8192", "-out",
                    path("dh8192")])

        def get(name, version, kind, start, expect):
            self.run(name, version, "with a key of " + kind, start, "trust file %s; get URL > /dev/null; show tls" %
                     path(kind + ".crt"), expect)

        for kind in ("ed25519", "ed448", "rsa8192"):
            scheme = "rsa_pss_rsae_sha256" if kind == "rsa8192" else kind
            for version in ("TLSv1.2", "TLSv1.3"):
                get("OpenSSL", version, kind, lambda p: b.openssl(p, kind, OPENSSL_VERSION[version]), ", " + scheme)
                get("GnuTLS", version, kind, lambda p: b.gnutls(p, kind, "NORMAL:-VERS-ALL:+VERS-" +
                                                                GNUTLS_VERSION[version]), ", " + scheme)
        for version, kind, words, expect in (
                ("TLSv1.2", "p224", [], "ecdsa_secp256r1_sha256"),
                ("TLSv1.2", "ed448", ["-groups", "P-224"], ", secp224r1, ed448"),
                ("TLSv1.2", "ed448", ["-groups", "X448"], ", x448, ed448"),
                ("TLSv1.3", "ed448", ["-groups", "X448"], ", x448, ed448"),
                ("TLSv1.2", "rsa8192", ["-cipher", "DHE", "-dhparam", path("dh8192")], "DH 8192 bits"),
                ("TLSv1.0", "rsa8192", ["-cipher", "DHE:@SECLEVEL=0", "-dhparam", path("dh8192")], "DH 8192 bits"),
                ("TLSv1.2", "rsa8192", ["-cipher", "AES128-SHA"], "TLS_RSA_WITH_AES_128_CBC_SHA"),
                ("TLSv1.0", "rsa8192", ["-cipher", "AES128-SHA:@SECLEVEL=0"], "TLS_RSA_WITH_AES_128_CBC_SHA")):
            get("OpenSSL", version, kind, lambda p: b.openssl(p, kind, OPENSSL_VERSION[version], *words), expect)

    def refusals(self):
        bench = self.bench
        for kind, start, script in (
            ("untrusted root", lambda p: bench.openssl(p), "trust on; expect fail certificate get URL"),
            ("wrong host", lambda p: bench.openssl(p),
             "set resolve other.test:443:127.0.0.1:%d; expect fail certificate get https://other.test/"),
            ("version", lambda p: bench.openssl(p, "rsa", "-tls1_2"), "tls proto tls1.3; expect fail tls get URL"),
            ("our weak DH", lambda p: bench.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3:-KX-ALL:+DHE-RSA:-GROUP-ALL",
                "--disable-client-cert",
                                                   "--dhparams", bench.certs.path("dh1024")),
             "tls proto tls1.2; tls min-dh 2048; tls ciphers DHE-RSA-AES128-GCM-SHA256; expect fail tls get URL"),
        ):
            if kind == "our weak DH":
                servers.sh(["openssl", "dhparam", "-out", bench.certs.path("dh1024"), "1024"])
            port = servers.free_port()
            server = start(port)
            text = "set timeout 10; trust file %s; " % bench.certs.path("root.crt") + script.replace(
                "URL", "https://localhost:%d/" % port).replace("%d", str(port))
            status, out, err = servers.httpsh(text)
            self.tally.check(status == 0, "refused: " + kind, "%s\n%s\n%s" % (text, err, out))
            bench.stop(server)


def main():
    servers.enter_private_network()
    more = More()
    for name in [a for a in sys.argv[1:] if not a.startswith("-")] or ("resumption", "large_tickets", "certificates",
        "renegotiation", "beyond_bearssl", "refusals"):
        getattr(more, name)()
    if "--table" in sys.argv:
        for name, version, what, ok in more.results:
            print("| %-8s | %-8s | %-24s | %s |" % (name, version, what, "pass" if ok else "FAIL"))
    more.tally.finish()


if __name__ == "__main__":
    main()
