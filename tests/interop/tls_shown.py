#!/usr/bin/env python3
"""What is shown of TLS, and what is kept: show tls, the failure card, the trace, exporters, the key log, sessions,
certificates."""
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time

import servers
from servers import OPENSSL_WEAK


class Talker:
    """A server of few words: says something or nothing, then closes, resets or waits."""

    def __init__(self, answer=b"", end="close", address="127.0.0.1"):
        self.socket = socket.create_server((address, 0))
        self.port, self.answer, self.end = self.socket.getsockname()[1], answer, end
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            c, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(c,), daemon=True).start()

    def serve(self, c):
        c.recv(65536)
        if self.end == "hang":
            time.sleep(20)
        if self.answer:
            c.sendall(self.answer)
        if self.end == "reset":
            c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()


class BlackHole:
    """10.9.0.2 is ourselves behind a device that loses packets of more than `limit` bytes. Each packet that passes has
    its two addresses swapped, which changes no checksum."""

    def __init__(self, limit):
        self.limit, self.fd = limit, os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.fd, 0x400454CA, struct.pack("16sH22x", b"hole", 0x1001))      # TUNSETIFF, IFF_TUN | IFF_NO_PI
        servers.sh("ip addr add 10.9.0.1/24 dev hole && ip link set hole up")
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            packet = os.read(self.fd, 65536)
            if packet[0] >> 4 == 4 and len(packet) <= self.limit:
                os.write(self.fd, packet[:12] + packet[16:20] + packet[12:16] + packet[20:])


class Shown:
    def __init__(self):
        self.tally = servers.Tally()
        self.bench = servers.Bench()

    def say(self, name, port, script, expect=(), absent=(), status=0, **kw):
        text = "set timeout 5; trust file %s; " % self.bench.certs.path("root.crt") + script.replace(
            "URL", "https://localhost:%d/" % port).replace("CERTS", self.bench.folder)
        try:
            got, out, err = servers.httpsh(text, **kw)
        except Exception as e:
            got, out, err = -1, "", str(e)
        seen = out + err
        missing = [e for e in expect if not re.search(e, seen, re.M)] + ["NOT " +
                a for a in absent if re.search(a, seen, re.M)]
        self.tally.check(got == status and not missing, name, "%s\n%d, missing %r\n%s\n%s" %
                (text, got, missing, err[-3000:], out[-3000:]))
        return out

    # ---- show tls ----
    def show(self):
        b = self.bench
        common = [r"^server +localhost:\d+ \(127\.0\.0\.1\), SNI localhost$", r"^offered ", r"^  suites ",
                r"^certificate +2 sent, accepted \(trust on\)$",
                  r"^server key +RSA 2048, key usage digitalSignature keyEncipherment: allows to sign the handshake$",
                  r"^stage +finished$",
                  r"^timing .*tcp connect [\d.]+ ms .*hello to first byte [\d.]+ ms .*server's flight [\d.]+ ms "
                  r".*handshake [\d.]+ ms .*request to response [\d.]+ ms$",
                  r"^bytes +in \d+ \(\d+ records?\), out \d+ \(\d+ records?\)$",
                  r"^tcp +round trip [\d.]+ ms, segments of \d+ bytes, path MTU \d+, (nothing|\d+ segments?) sent "
                  r"again$"]
        for version, flag in (("TLSv1.0", "-tls1"), ("TLSv1.2", "-tls1_2"), ("TLSv1.3", "-tls1_3")):
            port = servers.free_port()
            server = b.openssl(port, "rsa", flag, "-cipher", OPENSSL_WEAK)
            new = [r"^negotiated +%s, TLS_" % re.escape(version)]
            new += [r"key shares x25519"] if version == "TLSv1.3" else [r"our flight to finished [\d.]+ ms",
                    "extended_master_secret yes", "renegotiation_info yes"]
            self.say("show tls, " + version, port,
                     "tls proto tls1.0..tls1.3; tls ciphers all,-DHE; get URL|cat; show tls",
                    common + new, [r"^failure", r"^ended by"])
            b.stop(server)
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-tls1_2", "-cipher", OPENSSL_WEAK)
        self.say("key usage of RSA key exchange", port,
                 "tls proto tls1.2; tls ciphers AES128-SHA; get URL|cat; show tls",
                ["allows to decrypt the premaster secret"])
        b.stop(server)
        port = servers.free_port()
        server = b.nginx(port)
        self.say("a kept connection is shown", port, "get URL|cat; get URL|cat; show tls",
                 ["request to response", "^tcp "])
        b.stop(server)
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-tls1_2", "-alpn", "http/1.1")
        self.say("ALPN list", port, "tls alpn http/1.0,http/1.1; get URL|cat; show tls",
                [r"^alpn +http/1\.0, http/1\.1 offered, http/1\.1 chosen$"])
        b.stop(server)
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-alpn", "h2")
        self.say("HTTP/2 is not spoken", port, "tls alpn h2,http/1.1; get URL", ["h2", "try: tls alpn http/1.1"],
                 status=8)
        b.stop(server)
        server = b.jsse(port, "rsa", "SSLv3", "SSL_RSA_WITH_RC4_128_SHA")
        self.say("show tls, SSL 3.0 of JSSE", port, "tls proto ssl3; get URL|cat; show tls",
                [r"^negotiated +SSLv3, TLS_RSA_WITH_RC4_128_SHA$"],
                 [r"^  groups", r"^  schemes", r"^alpn"])
        b.stop(server)
        self.say("show tls without a connection", port, "set on-error continue; get URL; show tls",
                ["none: not connected", "failure +.*refused"], status=3)

    # ---- the card ----
    def card(self):
        b = self.bench
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-tls1_2", "-cipher", OPENSSL_WEAK)
        six = [r"^  stage +hello-sent, awaiting ServerHello$",
                r"^  ended by +the server sent the alert protocol_version \(70\)$",
               r"^  offered +TLSv1\.3, 5 cipher suites, a hello of \d+ bytes$", r"^  negotiated +nothing$",
               r"^  address +127\.0\.0\.1 port %d, SNI localhost$" % port,
               r"^  server sent +no ServerHello, 7 bytes in 1 record$"]
        self.say("the card after an alert", port, "tls proto tls1.3; get URL", six +
                ["^  cause +the server speaks none of the versions"], status=6)
        self.say("what another setting did before", port, "tls proto tls1.2; get URL|cat; tls proto tls1.3; get URL",
                 six + [r"^  before +tls proto tls1\.2: connected, TLSv1\.2 TLS_"], status=6)
        self.say("show tls after a failure", port, "set on-error continue; tls proto tls1.3; get URL; show tls", [
            r"^negotiated +nothing$", r"^stage +hello-sent, awaiting ServerHello$",
            r"^ended by +the server sent the alert protocol_version \(70\)$",
            r"^failure +server refused", r"^cause ", r"^try +tls proto auto$", r"^bytes +in 7 "], status=6)
        self.say("a strict server and the old bug", port,
                "tls proto tls1.2; tls ciphers AES128-SHA; get URL|cat; tls proto tls1.0..tls1.2; tls premaster "
                "negotiated; get URL|cat", ["<"])
        b.stop(server)
        server = b.openssl(port, "rsa", "-tls1", "-cipher", OPENSSL_WEAK)
        self.say("the premaster's version is ours to blame", port,
                "tls proto tls1.0..tls1.2; tls ciphers AES128-SHA; tls premaster negotiated; get URL",
                 ["bad_record_mac", "^  cause +the RSA premaster secret carried the negotiated version",
                 "try: tls premaster offered"], status=6)
        b.stop(server)
        self.say("an untrusted root", 0, "trust on; lab start; get https://untrusted.lab.test/",
                [r"^  server sent +ServerHello, 1 certificate", r"we sent the alert"], status=7)
        for name, talker, expect, status in (
                ("hang", Talker(end="hang"),
                [r"^  ended by +nobody: we waited in vain", r"^  tcp +round trip .*(\d+) of \1 bytes acknowledged$",
                                             "the silence is the server's, not the network's",
                                             r"^  server sent +nothing$"],
                                             3),
                ("reset", Talker(end="reset"), [r"^  ended by +a reset of the TCP connection"], 3),
                ("closed", Talker(),
                [r"^  ended by +the server closed the connection without an alert$",
                 "without an alert: it does not like"],
                6),
                ("SSH", Talker(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
                [r'^  first bytes 53 53 48 .*"SSH-2\.0-OpenSSH_9\.2p1\.\."$', "another protocol"], 6),
                ("plain HTTP", Talker(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
                [r'^  first bytes .*"HTTP/1\.1 400', "plain HTTP", "try: get http://localhost"], 6)):
            self.say("the card: " + name, talker.port, "set connect-timeout 1; get URL", expect, status=status)

    def after_the_handshake(self):
        """TLS 1.3 refuses a client without a certificate only then; a warning is told although all went well."""
        b = self.bench
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-Verify", "2", "-CAfile", b.certs.path("root.crt"))
        self.say("the card: refused after the handshake", port,
                "set on-error continue; tls proto tls1.3; get URL; tls proto tls1.2; get URL",
                 [r"^  stage +finished$", r"certificate_required \(116\)", r"^  server sent .*CertificateRequest",
                 r"\"tls cert FILE KEY\" shows one",
                  r"^  before +tls proto tls1\.3: server ended the connection with the alert certificate_required"],
                  status=6)
        b.stop(server)
        port = servers.free_port()
        server = b.nss(port, "rsa", "ssl3:ssl3", "-r")
        self.say("show tls: a warning of ours", port, "tls proto ssl3; get URL|cat; show tls",
                [r"^client cert +requested, not sent", r"^warned +we sent the warning no_certificate \(41\)$"],
                [r"^ended by"])
        b.stop(server)
        port = servers.free_port()
        server = b.openssl(port, "rsa", "-tls1_2", "-servername", "known.example", "-cert2", b.certs.path("ec.crt"),
                "-key2", b.certs.path("ec.key"))
        self.say("show tls: a warning", port, "tls proto tls1.2; get URL|cat; show tls",
                [r"^warned +the server sent the warning unrecognized_name \(112\)$"], [r"^ended by"])
        b.stop(server)

    def black_hole(self):
        """A path that loses packets of more than 300 bytes."""
        try:
            BlackHole(300)
        except OSError as e:
            print("no black hole: %s" % e)
            return
        port = Talker(end="hang", address="0.0.0.0").port
        far = "set resolve localhost:%d:10.9.0.2; get URL" % port
        self.say("the card: big packets are lost", port, "set connect-timeout 2; " + far,
                 [r"^  tcp .*sent again; 0 of \d+ bytes acknowledged$", "our bytes do not arrive",
                 "try: set max-segment 536"], status=3)
        self.say("smaller segments get through", port, "set connect-timeout 1; set max-segment 200; " + far,
                 [r"^  tcp .*segments of 188 bytes, .*; (\d+) of \1 bytes acknowledged$",
                  "the silence is the server's"],
                 status=3)
        self.say("show tls tells the same", port, "set on-error continue; set connect-timeout 1; %s; show tls" % far,
                 [r"^tcp .*sent again", r"^cause +our bytes do not arrive"], status=3)

    # ---- the trace ----
    def trace(self):
        b = self.bench
        port = servers.free_port()
        for name, start, settings, messages in (
                ("SSL 3.0", lambda: b.nss(port, "rsa", "ssl3:ssl3", "-c", ":002F"),
                "tls proto ssl3; tls ciphers AES128-SHA",
                 "> ClientHello < ServerHello < Certificate < ServerHelloDone > ClientKeyExchange > ChangeCipherSpec "
                 "> Finished < ChangeCipherSpec < Finished"),
                ("TLS 1.2", lambda: b.openssl(port, "rsa", "-tls1_2"), "tls proto tls1.2",
                 "> ClientHello < ServerHello < Certificate < ServerKeyExchange < ServerHelloDone > ClientKeyExchange "
                 "> ChangeCipherSpec > Finished "
                 "< NewSessionTicket < ChangeCipherSpec < Finished"),
                ("TLS 1.3", lambda: b.openssl(port, "rsa", "-tls1_3"), "tls proto tls1.3",
                 "> ClientHello < ServerHello < EncryptedExtensions < Certificate < CertificateVerify < Finished > "
                 "Finished < NewSessionTicket < NewSessionTicket")):
            server = start()
            texts = {}
            for level in ("off", "brief", "fields", "hex"):
                status, out, err = servers.httpsh("set timeout 5; trust off; %s; tls trace %s; get "
                                                  "https://127.0.0.1:%d/ | cat" % (settings, level, port))
                texts[level] = err
                seen = " ".join(re.findall(r"^[<>] (?!record|HTTP|alert|fatal)\w+", err, re.M))
                if name == "TLS 1.3":
                    seen = re.sub("[<>] ChangeCipherSpec ", "", seen)
                wanted = "" if level == "off" else messages
                self.tally.check(status == 0 and seen == wanted, "trace %s of %s: the messages" % (level, name),
                                 "%s\n%s" %
                        (seen, err[-1500:]))
            b.stop(server)
            fields, hexes = texts["fields"], texts["hex"]
            self.tally.check(texts["off"] == "", "trace off is silent", texts["off"])
            self.tally.check(all(re.search(r"\+[\d.]+ ms$", line) for line in texts["brief"].splitlines()),
                    "each line of brief has its time", texts["brief"])
            for part in (r"^    version: ", r"^    cipher suites?: TLS_", r"^    verify data: [0-9a-f]+$",
                    r"^    certificate 0: \d+ bytes, CN=httpsh test rsa$",
                         r"^\* certificates refused, but the handshake goes on \(trust off\)",
                         r"^> record handshake, \d+ bytes, version ", r"^\* handshake done: "):
                self.tally.check(re.search(part, fields, re.M), "trace fields of %s has %s" % (name, part), fields)
            self.tally.check("not decodable" not in fields, "all of %s is decoded" % name, fields)
            self.tally.check(re.search(r"^    0000  01 00 ", hexes, re.M) and len(hexes) > len(fields),
                             "trace hex of %s" %
                    name, hexes[:800])
        self.one_trace("the premaster's version", lambda: b.openssl(port, "rsa", "-tls1_1", "-cipher", OPENSSL_WEAK),
                       port,
                       "tls proto tls1.0..tls1.2; tls ciphers AES128-SHA; tls trace brief",
                       [r"^\* RSA premaster secret with the version TLSv1\.2, the offered one"])
        self.one_trace("an SSL 2.0 hello", lambda: b.openssl(port, "rsa", "-tls1_2", "-cipher", OPENSSL_WEAK), port,
                       "tls proto ssl3..tls1.2; tls sslv2-hello on; tls trace fields",
                       [r"^    form: SSL 2\.0$", r"^    cipher specs: TLS_", r"^    challenge: [0-9a-f]{64}$"])
        self.one_trace("records and pieces", lambda: b.openssl(port), port,
                "tls split-hello-record 100; tls split-hello-segment 200; tls trace fields",
                       [r"^> record handshake, 100 bytes, version TLSv1\.0",
                       r"^\* the first flight goes out in pieces of 200 bytes"])
        self.one_trace("GREASE", lambda: b.openssl(port), port, "tls grease on; tls trace fields",
                       [r"^    extension GREASE\(0x", r"^    extension supported_groups: GREASE\(0x.A.A\)",
                       r"^    extension key_share: GREASE"])
        self.one_trace("1/n-1 splitting", lambda: b.openssl(port, "rsa", "-tls1", "-cipher", OPENSSL_WEAK), port,
                "tls proto tls1.0; tls ciphers AES128-SHA; tls trace fields",
                       [r"^> record application data, 1 byte, version TLSv1\.0"])
        self.one_trace("CertificateRequest",
                lambda: b.openssl(port, "rsa", "-tls1_2", "-verify", "1", "-CAfile", b.certs.path("root.crt")), port,
                       "tls proto tls1.2; tls trace fields",
                       [r"^    certificate types: rsa_sign dss_sign ecdsa_sign$",
                        r"^    authority: CN=httpsh test root$"])

    def one_trace(self, name, start, port, settings, expect):
        server = start()
        self.say("trace: " + name, port, settings + "; get URL|cat", expect, ["not decodable"])
        self.bench.stop(server)

    # ---- exporters, key log ----
    def exporters(self):
        c = self.bench.certs
        for flag, version in (("-tls1", "tls1.0"), ("-tls1_2", "tls1.2"), ("-tls1_3", "tls1.3")):
            port = servers.free_port()
            command = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", c.path("rsa.crt"), "-key",
                    c.path("rsa.key"), "-cert_chain", c.path("root.crt"),
                       flag, "-cipher", OPENSSL_WEAK, "-keymatexport", "EXPORTER-httpsh test", "-keymatexportlen", "40",
                       "-naccept", "2"]
            log = os.path.join(self.bench.folder, "export.log")
            with open(log, "wb") as f:
                process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=f, stderr=f)
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.02)
            out = self.say("export, " + version, port,
                    "tls proto %s; tls connect URL; tls export 'EXPORTER-httpsh test' 40; tls export 'EXPORTER-httpsh "
                    "test' '' 40" % version)
            process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
            with open(log, "rb") as f:
                theirs = re.findall(rb"Keying material: ([0-9A-F]+)", f.read())
            ours = out.split("\n")[1:3]
            ok = theirs and len(ours) == 2 and ours[0] == theirs[-1].decode().lower()
            self.tally.check(ok, "OpenSSL exports the same, " + version, "%s %s" % (ours, theirs))
            self.tally.check(len(ours) == 2 and (ours[1] == ours[0]) == (version == "tls1.3"),
                    "an empty context differs from none up to TLS 1.2", ours)
        port = servers.free_port()
        server = self.bench.openssl(port)
        self.say("export needs an open connection", port,
                 "set on-error continue; tls export X; get URL|cat; tls export X",
                ["tls export needs a connection", "the connection is closed"], status=1)
        self.bench.stop(server)
        port = servers.free_port()
        server = self.bench.nss(port, "rsa", "ssl3:ssl3")
        self.say("SSL 3.0 has no exporters", port, "tls proto ssl3; tls connect URL; tls export X",
                ["SSL 3.0 has no exporters"], status=6)
        self.bench.stop(server)

    def keylog(self):
        for flag, version in (("-tls1", "tls1.0"), ("-tls1_2", "tls1.2"), ("-tls1_3", "tls1.3")):
            for way in ("setting", "environment"):
                ours, theirs = (os.path.join(self.bench.folder, "%s-%s.%s" % (version, way, who)) for who in ("ours",
                        "theirs"))
                port = servers.free_port()
                server = self.bench.openssl(port, "rsa", flag, "-cipher", OPENSSL_WEAK, "-keylogfile", theirs)
                if way == "setting":
                    self.say("keylog", port, "tls keylog %s; tls proto %s; get URL|cat" % (ours, version))
                else:
                    self.say("SSLKEYLOGFILE", port, "tls proto %s; get URL|cat; tls|grep keylog" % version,
                            ["^keylog .* environment "],
                             env=dict(os.environ, SSLKEYLOGFILE=ours))
                self.bench.stop(server)
                lines = [sorted(line.lower() for line in open(path) if not line.startswith("#")) for path in (ours,
                    theirs)]
                # both know the random of our connection; the probe that waits for the server has none
                self.tally.check(lines[0] and lines[0] == lines[1], "the same secrets as OpenSSL, %s, %s" % (version,
                    way),
                        lines)
                self.tally.check(os.stat(ours).st_mode & 0o777 == 0o600, "only the user reads the key log",
                        oct(os.stat(ours).st_mode))
        self.say("a key log that cannot be written", 0,
                 "lab start; tls keylog /nowhere/x; get https://ok.lab.test/|cat",
                ["cannot write the key log /nowhere/x"])

    # ---- sessions ----
    def sessions(self):
        b = self.bench
        ca = b.certs.path("root.crt")
        for version, start in (("tls1.2", lambda p: b.openssl(p, "rsa", "-tls1_2", "-cipher", OPENSSL_WEAK)),
                ("tls1.3", lambda p: b.openssl(p, "rsa", "-tls1_3"))):
            port = servers.free_port()
            server = start(port)
            first = "tls proto %s; get URL|cat; " % version
            again = "; get URL|cat; echo resumed=${tls.resumed}"
            for name, between, resumed in (
                    ("nothing", "echo", "yes"), ("the trace", "tls trace off", "yes"),
                    ("tls forget", "tls forget", "no"),
                    ("tls resume off", "tls resume off", "no"),
                    ("trust off", "trust off", "no"), ("trust off and on", "trust off; trust on; trust file " + ca,
                        "yes"),
                    ("another anchor", "trust file " + b.certs.path("rsa.crt"), "no"),
                    ("trust host", "trust host localhost off", "no"),
                    ("trust sha1", "trust sha1 on", "no"), ("min-rsa", "trust min-rsa 1024", "no"),
                    ("SNI", "tls sni other.example; trust host localhost off", "no"),
                    ("EMS", "tls ems off", "no"),
                    ("a client certificate", "tls cert %s %s" % (b.certs.path("client.crt"),
                        b.certs.path("client.key")),
                    "no"),
                    ("suites", "tls ciphers ECDHE-RSA-AES256-GCM-SHA384,TLS_AES_256_GCM_SHA384", "no"),
                    ("a profile", "tls profile curl; tls proto " + version, "no")):
                self.say("%s: resumed after %s" % (version, name), port, first + between + again,
                         ["resumed=" + resumed])
            self.say(version + ": a session made under trust off is not used under trust on", port,
                     "trust off; tls proto %s; get URL|cat; trust on; trust file %s; get URL|cat; echo "
                     "resumed=${tls.resumed}" % (version, ca), ["resumed=no"])
            self.say(version + ": nor does it hide the certificate", port,
                    "trust off; tls proto %s; get URL|cat; trust on; expect fail certificate get URL" % version)
            self.say(version + ": resumption is shown", port, first + "get URL|cat; show tls",
                    ["resumed yes", "offered .*, a session", "of the first connection, accepted"])
            b.stop(server)

    # ---- client certificates ----
    def certificates(self):
        path = self.bench.certs.path
        for name, command in (("pkcs8", "openssl pkey -in %s -aes128 -passout pass:x -out %s" %
                (path("client.key"), path("pkcs8.enc"))),
                              ("traditional", "openssl rsa -in %s -traditional -aes128 -passout pass:x -out %s" %
                              (path("client.key"), path("traditional.enc")))):
            servers.sh(command)
            self.say("an encrypted key, " + name, 0, "tls cert %s %s" % (path("client.crt"), path(name + ".enc")),
                    ["is encrypted", "openssl pkey -in"], status=1)
        servers.sh("cp %s '%s'" % (path("pkcs8.enc"), path("my key.enc")))
        self.say("an encrypted key whose name has a blank", 0, "tls cert %s '%s'" % (path("client.crt"),
            path("my key.enc")),
                ["openssl pkey -in '%s' -out '%s.plain'" % (path("my key.enc"), path("my key.enc"))], status=1)
        self.say("the setting is not kept when it failed", 0, "set on-error continue; tls cert %s %s; tls cert" %
                (path("client.crt"), path("pkcs8.enc")), [r"^off$"], status=1)
        self.say("the one before stays when another one fails", 0,
                 "set on-error continue; tls cert %s %s; tls cert %s %s; tls cert; tls key" %
                (path("client.crt"), path("client.key"), path("client-ec.crt"), path("pkcs8.enc")),
                ["^%s$" % path("client.crt"), "^%s$" % path("client.key")], status=1)
        self.say("a key of another certificate", 0, "tls cert %s %s" % (path("client.crt"), path("rsa.key")),
                ["does not belong"], status=1)
        self.say("no key in the file", 0, "tls cert %s" % path("client.crt"), ["no private key", "tls cert .* KEY"],
                status=1)
        self.say("no such file", 0, "tls cert /nowhere.pem", ["nowhere.pem"], status=1)
        port = servers.free_port()
        servers.sh("openssl req -x509 -nodes -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -days 3 -subj /CN=pss "
                   "-keyout %s -out %s" %
                   (path("pss.key"), path("pss.crt")))
        for version, flag, status, expect in (("tls1.1", "-tls1_1", 6, ["the key of ours can sign from TLS 1.2"]),
                ("tls1.2", "-tls1_2", 0, ["^client cert +requested, sent"])):
            server = self.bench.openssl(port, "rsa", flag, "-cipher", OPENSSL_WEAK, "-Verify", "2", "-CAfile",
                                        path("pss.crt"))
            self.say("an RSASSA-PSS key, " + version, port,
                     "set on-error continue; tls proto %s; tls cert %s %s; get URL|cat; show tls" %
                     (version, path("pss.crt"), path("pss.key")), expect, status=status)
            self.bench.stop(server)
        for kind in ("ed25519", "ed448"):
            servers.sh("openssl req -x509 -nodes -newkey %s -days 3 -subj /CN=%s -keyout %s -out %s" %
                       (kind, kind, path(kind + ".key"), path(kind + ".crt")))
            for version, flag in (("tls1.2", "-tls1_2"), ("tls1.3", "-tls1_3")):
                server = self.bench.openssl(port, "rsa", flag, "-Verify", "2", "-verify_return_error", "-CAfile",
                                            path(kind + ".crt"))
                self.say("an %s key, %s" % (kind, version), port, "tls cert %s %s; get URL|cat; show tls" %
                         (path(kind + ".crt"), path(kind + ".key")), ["^client cert +requested, sent", version[3:]])
                self.bench.stop(server)
        for kind in ("client", "client-ec"):
            servers.sh("cat %s %s > %s" % (path(kind + ".crt"), path(kind + ".key"), path(kind + ".pem")))
            for version, flag in (("tls1.2", "-tls1_2"), ("tls1.3", "-tls1_3")):
                port = servers.free_port()
                server = self.bench.openssl(port, "rsa", flag, "-Verify", "2", "-CAfile", path("root.crt"))
                self.say("%s in one file, %s" % (kind, version), port,
                         "tls proto %s; tls cert %s; get URL|cat; show tls" %
                        (version, path(kind + ".pem")),
                         [r"^client cert +requested, sent" + ("; types rsa_sign" if version == "tls1.2" else ""),
                          r"^  ours +(RSA 2048|EC P-256), issued by CN=httpsh test root, signed with \w+_sha256$",
                         "^  accepts .*rsa_p", "^  issuers +CN=httpsh test root$"])
                self.say("none sent, " + version, port, "set on-error continue; tls proto %s; get URL; show tls"
                         % version,
                         [r"^client cert +requested, not sent", "the server wants a client certificate",
                         "CertificateRequest", "\"tls cert FILE KEY\" shows one"], status=6)
                self.bench.stop(server)


def main():
    servers.enter_private_network()
    shown = Shown()
    for name in [a for a in sys.argv[1:] if not a.startswith("-")] or (
            "show", "card", "after_the_handshake", "black_hole", "trace", "exporters", "keylog", "sessions",
            "certificates"):
        getattr(shown, name)()
    shown.tally.finish()


if __name__ == "__main__":
    main()
