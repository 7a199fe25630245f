#!/usr/bin/env python3
"""The interoperability table: server x version x key exchange (and cipher), through the real shell.

Every row is one GET whose decoded body must arrive, and `show tls` must tell the version and suite that were
asked for. `--table` prints the table for people.
"""
import sys

import servers
from servers import OPENSSL_WEAK

SETTING = {"SSLv3": "ssl3", "TLSv1.0": "tls1.0", "TLSv1.1": "tls1.1", "TLSv1.2": "tls1.2", "TLSv1.3": "tls1.3"}
OLD = ("TLSv1.0", "TLSv1.1")
OPENSSL_VERSION = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
GNUTLS_VERSION = {"TLSv1.0": "TLS1.0", "TLSv1.1": "TLS1.1", "TLSv1.2": "TLS1.2", "TLSv1.3": "TLS1.3"}
JSSE_VERSION = {"SSLv3": "SSLv3", "TLSv1.0": "TLSv1", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2", "TLSv1.3": "TLSv1.3"}
NGINX_VERSION = {"TLSv1.0": "TLSv1", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2", "TLSv1.3": "TLSv1.3"}

# key exchange -> (certificate, suites by version class)
CBC = {
    "RSA": ("rsa", ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]),
    "DHE_RSA": ("rsa", ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA"]),
    "ECDHE_RSA": ("rsa", ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]),
    "ECDHE_ECDSA": ("ec", ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"]),
}
AEAD = {
    "RSA": ("rsa", ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA256", "TLS_RSA_WITH_AES_128_CCM"]),
    "DHE_RSA": ("rsa", ["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]),
    "ECDHE_RSA": ("rsa", ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"]),
    "ECDHE_ECDSA": ("ec", ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"]),
}
TLS13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
CCM = ("TLS_RSA_WITH_AES_128_CCM", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8")


def table(version, without=()):
    """(key exchange, certificate, suite) rows of a version."""
    if version == "TLSv1.3":
        return [("TLS13", kind, suite) for kind in ("rsa", "ec") for suite in TLS13 if suite not in without]
    source = AEAD if version == "TLSv1.2" else CBC
    return [(kx, kind, suite) for kx, (kind, suites) in source.items() for suite in suites if suite not in without]


class Interop:
    def __init__(self):
        self.bench = servers.Bench()
        self.tally = servers.Tally()
        self.results = []

    def get(self, name, port, version, kx, suite, settings=""):
        script = "trust file %s; tls proto %s; %s %s get https://localhost:%d/ | cat; show tls" % (
            self.bench.certs.path("root.crt"), SETTING[version], "tls ciphers %s;" % suite if suite else "", settings,
            port)
        try:
            status, out, err = servers.httpsh("set timeout 10; " + script)
        except Exception as e:                       # a hang is a failure of this row, not of the table
            status, out, err = -1, "", str(e)
        ok = status == 0 and version in out and (not suite or suite in out) and ("<" in out
            or name == "NSS")     # selfserv's answer is plain text
        self.tally.check(ok, "%s %s %s %s %s" % (name, version, kx, suite, settings),
                         "%s\n%s\n%s" % (status, err, out[-600:]))
        self.results.append((name, version, kx, suite, ok))

    def rows(self, name, version, rows, start, settings=""):
        """One server per certificate kind, all its rows against it."""
        for kind in ("rsa", "ec"):
            of_kind = [r for r in rows if r[1] == kind]
            if not of_kind:
                continue
            port = servers.free_port()
            server = start(port, kind)
            for kx, _, suite in of_kind:
                self.get(name, port, version, kx, suite, settings)
            self.bench.stop(server)

    def openssl(self):
        for version, flag in OPENSSL_VERSION.items():
            self.rows("OpenSSL", version, table(version), lambda port, kind: self.bench.openssl(
                port, kind, flag, "-cipher", OPENSSL_WEAK, "-ciphersuites",
                ":".join(TLS13 + ["TLS_AES_128_CCM_SHA256"])))
        port = servers.free_port()
        server = self.bench.openssl(port, "rsa", "-cipher", OPENSSL_WEAK)
        for group in ("X25519", "P-256", "P-384", "P-521"):
            self.get("OpenSSL", port, "TLSv1.3", "TLS13", "", "tls groups %s;" % group)
            self.get("OpenSSL", port, "TLSv1.2", "ECDHE_RSA", "", "tls groups %s;" % group)
        self.bench.stop(server)
        port = servers.free_port()
        server = self.bench.openssl(port, "rsa", "-groups", "secp384r1")
        self.get("OpenSSL", port, "TLSv1.3", "HelloRetryRequest", "")
        self.bench.stop(server)

    def gnutls(self):
        for version, word in GNUTLS_VERSION.items():
            priority = "NORMAL:+ARCFOUR-128:+3DES-CBC:+DHE-RSA:+AES-128-CCM:+AES-128-CCM-8:+RSA:+SHA1:+SIGN-ALL:-VERS-ALL:+VERS-" + word
            rows = table(version)
            if version in OLD:
                rows += [("RSA", "rsa", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"), ("RSA", "rsa", "TLS_RSA_WITH_RC4_128_SHA"),
                         ("ECDHE_RSA", "rsa", "TLS_ECDHE_RSA_WITH_RC4_128_SHA")]
            # GnuTLS dropped the SHA-384 CBC suites from every priority; SHA-256 ones are not in this one
            rows = [r for r in rows if r[2] not in ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
                "TLS_RSA_WITH_AES_256_CBC_SHA256")]
            self.rows("GnuTLS", version, rows, lambda port, kind: self.bench.gnutls(port, kind, priority))

    def nss(self):
        for version in ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"):
            word = SETTING[version]
            rows = [r for r in table(version) if r[2] not in CCM]
            if version != "TLSv1.3":
                # selfserv enables no DHE without its own option
                rows = [r for r in rows if not r[0].startswith("DHE")]
                if version != "TLSv1.2":
                    rows += [("RSA", "rsa", "TLS_RSA_WITH_RC4_128_SHA"),
                             ("RSA", "rsa", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")]
                rows = [r for r in rows if r[2] != "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"]
            if version == "SSLv3":
                rows = [r for r in rows if not r[0].startswith("ECDHE")]    # NSS has no EC in SSL 3.0
            for kind in ("rsa", "ec"):
                of_kind = [r for r in rows if r[1] == kind]
                if not of_kind:
                    continue
                port = servers.free_port()
                ciphers = [] if version == "TLSv1.3" else ["-c", "".join(":%04X" % NSS_ID[r[2]] for r in of_kind)]
                server = self.bench.nss(port, kind, "%s:%s" % (word, word), *ciphers)
                for kx, _, suite in of_kind:
                    self.get("NSS", port, version, kx, suite)
                self.bench.stop(server)

    def jsse(self):
        for version, word in JSSE_VERSION.items():
            rows = [r for r in table(version) if r[2] not in CCM]
            if version not in ("TLSv1.2", "TLSv1.3"):
                rows += [("RSA", "rsa", "SSL_RSA_WITH_RC4_128_MD5"), ("RSA", "rsa", "SSL_RSA_WITH_RC4_128_SHA"),
                         ("RSA", "rsa", "SSL_RSA_WITH_3DES_EDE_CBC_SHA")]
            for kind in ("rsa", "ec"):
                of_kind = [r for r in rows if r[1] == kind]
                if not of_kind:
                    continue
                port = servers.free_port()
                server = self.bench.jsse(port, kind, word, ",".join(r[2] for r in of_kind))
                for kx, _, suite in of_kind:
                    self.get("JSSE", port, version, kx, suite.replace("SSL_", "TLS_"))
                self.bench.stop(server)

    def nginx(self):
        for version, word in NGINX_VERSION.items():
            rows = [r for r in table(version) if not r[0].startswith("DHE")]    # nginx wants a dhparam file for DHE
            self.rows("nginx", version, rows, lambda port, kind: self.bench.nginx(port, kind, word))

    def mixtures(self):
        """A range of versions against servers that speak only one: no pinning, one hello."""
        for version, start in (("SSLv3", lambda p: self.bench.nss(p, "rsa", "ssl3:ssl3")),
                               ("TLSv1.0", lambda p: self.bench.openssl(p, "rsa", "-tls1", "-cipher", OPENSSL_WEAK)),
                               ("TLSv1.1", lambda p: self.bench.gnutls(p, "rsa", "NORMAL:-VERS-ALL:+VERS-TLS1.1")),
                               ("TLSv1.2", lambda p: self.bench.nginx(p, "rsa", "TLSv1.2")),
                               ("TLSv1.3", lambda p: self.bench.nss(p, "rsa", "tls1.3:tls1.3"))):
            port = servers.free_port()
            server = start(port)
            script = "trust file %s; set timeout 10; tls proto ssl3..tls1.3; get https://127.0.0.1:%d/ | cat; show tls" % (
                self.bench.certs.path("root.crt"), port)
            status, out, err = servers.httpsh(script)
            ok = self.tally.check(status == 0 and version in out, "ssl3..tls1.3 against %s only" % version,
                                  err + out[-600:])
            self.results.append(("mixture", version, "any", "", ok))
            self.bench.stop(server)


NSS_ID = {"TLS_RSA_WITH_AES_128_CBC_SHA": 0x2F, "TLS_RSA_WITH_AES_256_CBC_SHA": 0x35, "TLS_RSA_WITH_RC4_128_SHA": 0x05,
          "TLS_RSA_WITH_3DES_EDE_CBC_SHA": 0x0A, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": 0xC013,
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": 0xC00A, "TLS_RSA_WITH_AES_128_GCM_SHA256": 0x9C,
          "TLS_RSA_WITH_AES_256_CBC_SHA256": 0x3D, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xC030,
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA8, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": 0xC02B}


def main():
    servers.enter_private_network()
    interop = Interop()
    chosen = [a for a in sys.argv[1:] if not a.startswith("-")]
    for name in chosen or ("openssl", "gnutls", "nss", "jsse", "nginx", "mixtures"):
        getattr(interop, name)()
    if "--table" in sys.argv:
        cells = {}
        for server, version, kx, _, ok in interop.results:
            good, all_ = cells.get((server, version, kx), (0, 0))
            cells[server, version, kx] = (good + ok, all_ + 1)
        for (server, version, kx), (good, all_) in cells.items():
            print("| %-8s | %-8s | %-17s | %d/%d |" % (server, version, kx, good, all_))
    interop.tally.finish()


if __name__ == "__main__":
    main()
