#!/usr/bin/env python3
"""Client certificates: what a server asks for and ours is not, with which scheme ours is signed, who refuses it."""
import re
import socket
import ssl
import sys
import threading

import servers
from servers import OPENSSL_WEAK


class Asker:
    """Python's server, which asks for a certificate when it has read the request, in TLS 1.3; `times` in all."""

    def __init__(self, bench, ca, times=1, required=True):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(bench.certs.path("rsa.crt"), bench.certs.path("rsa.key"))
        self.context.load_verify_locations(bench.certs.path(ca))
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
        self.context.post_handshake_auth = True
        self.times = times
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                self.serve(self.context.wrap_socket(self.socket.accept()[0], server_side=True))
            except OSError:
                pass

    @staticmethod
    def take(c):
        """What comes is Certificate, CertificateVerify and Finished, no data."""
        c.setblocking(False)
        try:
            c.recv(1)
        except ssl.SSLWantReadError:
            threading.Event().wait(0.005)
        c.setblocking(True)

    def ask(self, c):
        for _ in range(400):
            try:
                c.verify_client_post_handshake()
                c.send(b"")
                return
            except ssl.SSLError as e:      # the one before is not answered yet
                if "REQUEST" not in str(e):
                    raise
                self.take(c)

    def serve(self, c):
        for _ in range(2):
            if not c.recv(65536):
                return
            for _ in range(self.times):
                self.ask(c)
            for _ in range(20):
                self.take(c)
            subject = dict(x[0] for x in (c.getpeercert() or {}).get("subject", ()))
            body = ("hello %s\n" % subject.get("commonName", "nobody")).encode()
            c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


class Client:
    def __init__(self):
        self.tally = servers.Tally()
        self.bench = servers.Bench()

    def path(self, name):
        return self.bench.certs.path(name)

    def use(self, kind):
        return "tls cert %s %s; " % (self.path(kind + ".crt"), self.path(kind + ".key"))

    def say(self, name, port, script, expect=(), absent=(), status=0):
        script = script.replace("URL", "https://localhost:%d/" % port)
        text = "set timeout 5; trust file %s; %s" % (self.path("root.crt"), script)
        got, out, err = servers.httpsh(text)
        seen = out + err
        missing = [e for e in expect if not re.search(e, seen, re.M)] + ["NOT " + a for a in absent if
                                                                          re.search(a, seen, re.M)]
        self.tally.check(got == status and not missing, name, "%s\n%d, missing %r\n%s\n%s" %
                         (text, got, missing, err[-3000:], out[-600:]))

    def server(self, *options):
        port = servers.free_port()
        return port, self.bench.openssl(port, "rsa", "-CAfile", self.path("root.crt"), *options)

    # ---- not what is asked for: none is sent, and the handshake goes on ----
    def unfit(self):
        for version, flag, why in (("tls1.2", "-tls1_2", "is of none of the types asked for"),
                                   ("tls1.3", "-tls1_3", "can sign with none of the schemes asked for")):
            only_rsa = (flag, "-client_sigalgs", "RSA-PSS+SHA256:RSA+SHA256")
            start = "set on-error continue; tls proto %s; %sget URL|cat; " % (version, self.use("client-ec"))
            not_sent = "client cert +requested, not sent: the key of ours " + why
            ours = " +ours +EC P-256, issued by CN=httpsh test root$"
            port, server = self.server(*only_rsa, "-verify", "2")
            self.say("%s: a server that can do without" % version, port, start + "show tls",
                     ["^" + not_sent, ours, "^<HTML>"])
            self.bench.stop(server)
            port, server = self.server(*only_rsa, "-Verify", "2")
            self.say("%s: one that cannot" % version, port, start,
                     ["^  " + not_sent, ours, "^    accepts +rsa_pss_rsae_sha256", "^    issuers +CN=httpsh test root$",
                      "^  cause .*ours does not fit what it asks for", "\"tls cert FILE KEY\" shows one"], status=6)
            self.say("%s: what the hint is for" % version, port, start + self.use("client") + "get URL|cat",
                     ["^<HTML>"], status=6)
            self.bench.stop(server)

    # ---- what is asked for, refused ----
    def refused(self):
        for version, flag in (("tls1.2", "-tls1_2"), ("tls1.3", "-tls1_3")):
            port = servers.free_port()
            server = self.bench.openssl(port, "rsa", flag, "-Verify", "2", "-verify_return_error", "-CAfile",
                                        self.path("rsa.crt"))
            self.say("%s: refused for its issuer" % version, port,
                     "tls proto %s; %sget URL" % (version, self.use("client")),
                     ["^  client cert requested, sent", "the server refuses our client certificate",
                      "^    ours +RSA 2048, issued by CN=httpsh test root, signed with rsa_pss_rsae_sha256$",
                      "^    issuers +CN=httpsh test rsa$"], status=6)
            self.bench.stop(server)

    # ---- the scheme ----
    def scheme(self):
        """Our order decides, and SHA-1 is the last: the server names it first."""
        port, server = self.server("-tls1_2", "-cipher", OPENSSL_WEAK, "-Verify", "2", "-client_sigalgs",
                                   "RSA+SHA1:RSA+SHA512:RSA+SHA256:ECDSA+SHA1:ECDSA+SHA256")
        for kind, schemes, used in (("client", "auto", "rsa_pkcs1_sha256"),
                                    ("client-ec", "auto", "ecdsa_secp256r1_sha256"),
                                    ("client", "rsa_pkcs1_sha512,rsa_pkcs1_sha256", "rsa_pkcs1_sha512")):
            self.say("%s, tls schemes %s" % (kind, schemes), port,
                     "tls proto tls1.2; tls schemes %s; %sget URL|cat; show tls" % (schemes, self.use(kind)),
                     ["^  ours .*, signed with %s$" % used])
        self.bench.stop(server)
        port, server = self.server("-tls1_2", "-cipher", OPENSSL_WEAK, "-Verify", "2", "-client_sigalgs", "RSA+SHA1")
        self.say("nothing but SHA-1", port, "tls proto tls1.2; %sget URL|cat; show tls" % self.use("client"),
                 ["^  ours .*, signed with rsa_pkcs1_sha1$"])
        self.bench.stop(server)

    # ---- asked for after the handshake (RFC 8446 section 4.6.2) ----
    def later(self):
        asked = "^client cert +requested after the handshake, "
        for kind, scheme in (("client", "rsa_pss_rsae_sha256"), ("client-ec", "ecdsa_secp256r1_sha256")):
            a = Asker(self.bench, "root.crt")
            self.say("after the handshake, " + kind, a.port, self.use(kind) + "get URL|cat; get URL|cat; show tls",
                     ["^hello httpsh test %s\nhello httpsh test %s$" % (kind, kind), asked + "sent",
                      "^  ours .*, signed with %s$" % scheme, "^  extensions .*post_handshake_auth"], ["^ended by"])
            a = Asker(self.bench, "root.crt")
            self.say("after a resumption, " + kind, a.port,
                     self.use(kind) + "set keep-alive off; get URL|cat; get URL|cat; echo ${tls.resumed}",
                     ["^hello httpsh test %s\nhello httpsh test %s\nyes$" % (kind, kind)])
        a = Asker(self.bench, "root.crt", times=3)
        self.say("three times", a.port, self.use("client") + "get URL|cat", ["^hello httpsh test client$"])
        a = Asker(self.bench, "root.crt", times=17)
        self.say("more than it is answered", a.port, self.use("client") + "get URL|cat",
                 ["server asked for a certificate more than 16 times"], status=6)
        a = Asker(self.bench, "rsa.crt")
        self.say("refused for its issuer", a.port, self.use("client") + "get URL|cat",
                 ["the server refuses our client certificate", "^  client cert requested after the handshake, sent"],
                 status=6)
        a = Asker(self.bench, "root.crt")
        self.say("without a certificate it is not offered", a.port, "get URL|cat; show tls", ["^hello nobody|alert"],
                 ["post_handshake_auth"], status=6)
        a = Asker(self.bench, "root.crt")
        self.say("nor with tls extensions-off", a.port,
                 self.use("client") + "tls extensions-off post_handshake_auth; get URL|cat; show tls", ["alert"],
                 ["  extensions .*post_handshake_auth"], status=6)
        port = servers.free_port()
        server = self.bench.gnutls(port, "rsa", "NORMAL:-VERS-ALL:+VERS-TLS1.3", "--x509cafile",
                                   self.path("root.crt"))
        self.say("GnuTLS takes the extension", port, self.use("client") + "get URL|cat; show tls",
                 ["^client cert +requested, sent", "^  extensions .*post_handshake_auth"])
        self.bench.stop(server)


def main():
    servers.enter_private_network()
    client = Client()
    for name in [a for a in sys.argv[1:] if not a.startswith("-")] or ("unfit", "refused", "scheme", "later"):
        getattr(client, name)()
    client.tally.finish()


if __name__ == "__main__":
    main()
