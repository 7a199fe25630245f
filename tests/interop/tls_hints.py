#!/usr/bin/env python3
"""The hint after a failed handshake leads on: typed as it stands, again and again, it ends at a page or at a card that
says why not."""
import re
import subprocess
import sys

import servers
from servers import OPENSSL_WEAK

STEPS_MAX = 6
NOTHING_LEFT = "perhaps it wants a group of its own"


def ed25519(bench):
    """OpenSSL's server with a certificate that only ed25519 can use."""
    c = bench.certs
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", c.path("ed.key"), "-out",
                    c.path("ed.crt"),
                    "-days", "9", "-subj", "/CN=localhost"], check=True, stderr=subprocess.DEVNULL)
    return lambda p: bench.start(["openssl", "s_server", "-accept", "127.0.0.1:%d" % p, "-www", "-quiet",
                                  "-cert", c.path("ed.crt"), "-key", c.path("ed.key")], p)


class Hints:
    def __init__(self):
        self.tally = servers.Tally()
        self.bench = servers.Bench()

    def follow(self, name, start, wanted, first="", hints=None):
        """wanted: the version at the end, or what the last card says; first: commands before; hints: the commands they
        must be."""
        port = servers.free_port()
        server = start(port)
        typed, seen = [], ""
        for _ in range(STEPS_MAX):
            lines = ["trust off; set connect-timeout 3; set timeout 3", first, *typed,
                     "get https://localhost:%d/ > /dev/null" % port,
                     "echo ${tls.version}"]
            status, out, seen = servers.httpsh("\n".join(line for line in lines if line))
            hint = re.findall(r"^try: (.*)$", seen, re.M)
            if status == 0 or not hint:
                break
            typed.append(hint[-1])
        self.bench.stop(server)
        ok = out.strip() == wanted if status == 0 else wanted in seen
        self.tally.check(ok and (hints is None or typed == hints), name,
                         "%d, typed %r, %r\n%s" % (status, typed, out, seen))

    def versions(self):
        b = self.bench
        for option, word in (("-tls1", "tls1.0"), ("-tls1_1", "tls1.1"), ("-tls1_2", "tls1.2"), ("-tls1_3", "tls1.3")):
            self.follow("OpenSSL, only " + word, lambda p: b.openssl(p, "rsa", option, "-cipher", OPENSSL_WEAK), word)
            self.follow("OpenSSL, only %s, and SSL 3.0 offered" % word,
                        lambda p: b.openssl(p, "rsa", option, "-cipher", OPENSSL_WEAK),
                        word, "tls proto ssl3")
        for word in ("ssl3", "tls1.0", "tls1.1", "tls1.2"):
            self.follow("NSS, only " + word, lambda p: b.nss(p, "rsa", word + ":" + word), word)
        self.follow("JSSE, only SSL 3.0", lambda p: b.jsse(p, "rsa", "SSLv3"), "ssl3")
        self.follow("GnuTLS, only TLS 1.0", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-ALL:+VERS-TLS1.0"), "tls1.0")

    def suites(self):
        b = self.bench
        rc4 = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+ARCFOUR-128"
        self.follow("only RC4", lambda p: b.gnutls(p, "rsa", rc4), "tls1.2", hints=["tls ciphers all"])
        for suite in ("DHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "AES128-SHA"):
            self.follow("only " + suite, lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher", suite), "tls1.2")
        self.follow("a suite of one's own", lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher", "AES128-SHA"), "tls1.2",
                    "tls ciphers CHACHA20", ["tls ciphers all"])
        self.follow("a group of one's own", lambda p: b.openssl(p, "rsa", "-tls1_2", "-groups", "P-256", "-cipher",
            "ECDHE"), "tls1.2",
                    "tls groups x25519; tls proto ssl3..tls1.2", ["tls groups auto"])

    def nothing_in_common(self):
        self.follow("only Ed25519", ed25519(self.bench), "tls1.3", hints=[])
        only = [("X448", "-tls1_3", "tls1.3", []), ("P-224", "-tls1_2", "tls1.2", None),
                ("brainpoolP256r1", "-tls1_2", NOTHING_LEFT, None)]
        for group, version, wanted, hints in only:
            words = (version, "-groups", group, "-cipher", "ECDHE")
            self.follow("only " + group, lambda p: self.bench.openssl(p, "rsa", *words), wanted, hints=hints)

    def required(self):
        b = self.bench
        for setting, start in (("renegotiation-info", lambda p: b.gnutls(p, "rsa",
            "NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION")),
                               ("ems", lambda p: b.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3:%NO_SESSION_HASH")),
                               ("etm", lambda p: b.nss(p, "rsa", "tls1.2:tls1.2"))):
            self.follow(setting + " required", start, "tls1.2",
                        "tls proto tls1.2; tls ciphers ECDHE-RSA-AES128-SHA; tls %s required" % setting,
                        ["tls %s on" % setting])

    def key_usage(self):
        """A certificate that must not do what the chosen key exchange needs: the hint is the other one."""
        c = self.bench.certs
        for name, usage in (("encipher", "keyEncipherment"), ("sign", "digitalSignature")):
            servers.sh(["openssl", "req", "-x509", "-nodes", "-days", "9", "-newkey", "rsa:2048",
                        "-subj", "/CN=localhost", "-addext", "keyUsage=critical," + usage,
                        "-keyout", c.path(name + ".key"), "-out", c.path(name + ".crt")])
        for first, options in (("", ()), ("tls proto tls1.2", ("-tls1_2",))):
            self.follow("keyEncipherment alone, %s" % (first or "any version"),
                        lambda p: self.bench.openssl(p, "encipher", "-cipher", OPENSSL_WEAK, *options), "tls1.2", first,
                        ["tls ciphers RSA"])
        self.follow("digitalSignature alone",
                    lambda p: self.bench.openssl(p, "sign", "-tls1_2", "-cipher", OPENSSL_WEAK), "tls1.2",
                    "tls proto tls1.0..tls1.2; tls ciphers AES128-SHA", ["tls ciphers ECDHE,DHE"])

    def weak_dh(self):
        dh = self.bench.certs.path("dh512.pem")
        servers.sh(["openssl", "dhparam", "-out", dh, "512"])
        self.follow("a Diffie-Hellman prime of 512 bits",
                    lambda p: self.bench.gnutls(p, "rsa", "NORMAL:-VERS-TLS1.3", "--disable-client-cert", "--dhparams",
                                                dh),
                    "tls1.2", "tls proto tls1.2; tls ciphers DHE,ECDHE", ["tls ciphers default:-DHE"])

    def renegotiation(self):
        """NSS asks for a certificate by renegotiation."""
        self.follow("a HelloRequest", lambda p: self.bench.nss(p, "rsa", "tls1.2:tls1.2", "-r", "-r", "-r"), "tls1.2",
                    hints=["tls renegotiation on"])
        self.follow("a HelloRequest in SSL 3.0", lambda p: self.bench.nss(p, "rsa", "ssl3:ssl3", "-r", "-r", "-r"),
                    "ssl3",
                    "tls proto ssl3", ["tls renegotiation on"])


def main():
    servers.enter_private_network()
    hints = Hints()
    for name in sys.argv[1:] or ("versions", "suites", "nothing_in_common", "required", "key_usage", "weak_dh",
                                 "renegotiation"):
        getattr(hints, name)()
    hints.tally.finish()


if __name__ == "__main__":
    main()
