#!/usr/bin/env python3
"""Chains, stapled OCSP responses and timestamps made by openssl, served by `openssl s_server`, judged by httpsh."""
import base64
import datetime
import os
import pty
import select
import shutil
import subprocess
import tempfile
import time

import servers

CA_CONFIG = """[ca]
default_ca=x
[x]
database=%(f)s/db.txt
new_certs_dir=%(f)s
serial=%(f)s/serial
default_md=sha256
policy=p
unique_subject=no
[p]
commonName=supplied
"""
SERVER = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
KEYS = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"], "rsa1024": ["rsa:1024"],
        "rsa4608": ["rsa:4608"], "rsa8192": ["rsa:8192"], "ed25519": ["ed25519"], "ed448": ["ed448"],
        "p224": ["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"],
        "k1": ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"]}


def utc(days):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, minutes=-5)
    return at.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """A folder of keys and certificates: NAME.pem, NAME.key."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="httpsh-ca-")
        self.write("ca.cnf", CA_CONFIG % {"f": self.folder})
        self.write("db.txt", "")
        self.write("serial", "1000\n")
        self.root("root")
        self.n = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def text(self, *names):
        return "".join(open(self.path(n + ".pem")).read() for n in names)

    def openssl(self, *words):
        return subprocess.run(["openssl"] + list(words), check=True, capture_output=True, cwd=self.folder)

    def root(self, name, key="ec", ext=CA):
        self.openssl("req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=" + name, "-newkey", *KEYS[key], "-keyout",
                     name + ".key",
                     "-out", name + ".pem", *sum((["-addext", line] for line in ext.split("\n") if line
                         and not line.startswith("basic")), []))

    def make(self, name, issuer="root", ext=SERVER, key="ec", start=-1, end=20, sign=(), subject=None):
        if not os.path.exists(self.path(name + ".key")):
            self.openssl("req", "-nodes", "-subj", "/CN=" + (subject or name), "-newkey", *KEYS[key], "-keyout",
                         name + ".key", "-out", name + ".csr")
        self.write(name + ".ext", ext)
        self.openssl("ca", "-config", "ca.cnf", "-batch", "-notext", "-cert", issuer + ".pem", "-keyfile",
                     issuer + ".key", "-startdate", utc(start),
                     "-enddate", utc(end), "-extfile", name + ".ext", "-in", name + ".csr", "-out", name + ".pem",
                     *sign)
        return name

    def ocsp(self, name, out, signer="responder", revoked=False, options=()):
        serial = self.openssl("x509", "-in", name + ".pem", "-noout", "-serial").stdout.decode().strip().split("=")[1]
        row = "R\t%s\t%s,keyCompromise\t" % (utc(20)[2:], utc(-3)[2:]) if revoked else "V\t%s\t\t" % utc(20)[2:]
        self.write("index.txt", "%s%s\tunknown\t/CN=%s\n" % (row, serial, name))
        self.openssl("ocsp", "-issuer", "root.pem", *[o for o in options if o == "-sha256"], "-cert", name + ".pem",
                     "-reqout", "request.der")
        self.openssl("ocsp", "-index", "index.txt", "-CA", "root.pem", "-rsigner", signer + ".pem", "-rkey",
                     signer + ".key", "-reqin", "request.der",
                     "-respout", out, "-ndays", "7", *[o for o in options if o != "-sha256"])
        return out

    def pin(self, name):
        der = self.openssl("x509", "-in", name + ".pem", "-noout", "-pubkey").stdout
        key = subprocess.run("openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64", input=der,
                             shell=True, check=True,
                             capture_output=True).stdout
        return "sha256/" + key.decode().strip()


class Test:
    def __init__(self):
        self.ca = Authority()
        self.tally = servers.Tally()

    def serve(self, name, port, others=(), options=(), staple=None):
        self.ca.write("sent.pem", self.ca.text(*others))
        command = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", self.ca.path(name + ".pem"),
                   "-key",
                   self.ca.path(name + ".key"), "-www", "-cipher", "ALL:@SECLEVEL=0"]
        command += ["-cert_chain", self.ca.path("sent.pem")] if others else []
        command += ["-status_file", self.ca.path(staple)] if staple else []
        server = subprocess.Popen(command + list(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        for line in server.stdout:
            if line.startswith(b"ACCEPT"):
                break
        return server

    def run(self, what, name, script, status, *expect, others=(), options=(), staple=None, host="localhost"):
        """Serves NAME with the chain; URL in the script is its address. expect: all in what is printed; "!x": not."""
        port = servers.free_port()
        server = self.serve(name, port, others, options, staple)
        try:
            text = "set timeout 10; trust file %s; set on-error continue; " % self.ca.path("root.pem") + script.replace("URL", "https://%s:%d/" % (host, port))
            got, out, err = servers.httpsh(text)
        finally:
            server.kill()
            server.communicate()
        said = out + err
        missing = [e for e in expect if (e[1:] in said if e.startswith("!") else e not in said)]
        self.tally.check(got == status and not missing, what, "%s\nexit %d, missing %s\n%s" % (text, got, missing,
            said[-3000:]))


GET = "get URL > /dev/null; show chain"


def chains(t):
    ca = t.ca
    ca.make("good")
    t.run("good", "good", GET, 0, "verdict    accepted", "path       0 anchor CN=root", "!REFUSED",
          "names      DNS:localhost, IP:127.0.0.1",
          "usage      digitalSignature", "purposes   serverAuth", "basic      not a CA",
          "key        EC P-256, signed with ecdsa-with-SHA256",
          "pin        " + ca.pin("good"), "serial     10:00")
    t.run("address", "good", GET, 0, "verdict    accepted", host="127.0.0.1")
    ca.make("old", start=-40, end=-12)
    t.run("expired", "old", GET, 7, "expired: expired 12 days ago", "verdict    refused")
    t.run("judged although trust is off", "old", "trust off; " + GET, 0, "expired 12 days ago",
          "refused, but the connection was made: trust off")
    t.run("off for the host", "old", "trust host localhost off; " + GET, 0,
          "but the connection was made: trust off for this host")
    ca.make("soon", start=3)
    t.run("not yet valid", "soon", GET, 7, "not_yet_valid: not valid for another 2 days")
    ca.make("other", ext=SERVER.replace("localhost", "other.example").replace(",IP:127.0.0.1", ""))
    t.run("another host", "other", GET, 7, "host_mismatch: it is for DNS:other.example, not for localhost")
    ca.make("client", ext=SERVER.replace("serverAuth", "clientAuth"))
    t.run("for clients", "client", GET, 7, "extended_key_usage: its extKeyUsage does not include serverAuth")
    ca.make("sub", ext=CA)
    ca.make("below", "sub", SERVER + "authorityInfoAccess=caIssuers;URI:http://ca.example/sub.cer\n")
    t.run("intermediate not sent", "below", GET, 7,
          'missing_intermediate: the server did not send its issuer "CN=sub"; its AIA says http://ca.example/sub.cer')
    t.run("intermediate sent", "below", GET, 0, "path       0 1 anchor CN=root", others=("sub",))
    ca.make("sub2", "sub", CA)
    ca.make("deep", "sub2")
    t.run("out of order, with the root and another", "deep", GET, 0, "path       0 4 3 anchor CN=root",
          others=("root", "other", "sub", "sub2"))
    ca.make("limited", ext=CA + "nameConstraints=critical,permitted;DNS:example.org\n")
    ca.make("outside", "limited")
    t.run("name constraints", "outside", GET, 7, "name_constraint",
          "not permitted by the name constraints of \"CN=limited\"",
          "limits     permitted DNS:example.org", others=("limited",))
    ca.root("alone", ext=SERVER)
    t.run("self-signed", "alone", GET, 7, "self_signed: it is self-signed and not one of the trust anchors")


def algorithms(t):
    ca = t.ca
    ca.make("small", key="rsa1024")
    t.run("RSA 1024", "small", GET, 7, "weak_key: its key is RSA 1024, below 2048 bits", "trust min-rsa 1024")
    t.run("RSA 1024 allowed", "small", "trust min-rsa 1024; " + GET, 0, "verdict    accepted")
    ca.root("rsaroot", key="rsa")
    ca.make("sha1", "rsaroot", sign=("-md", "sha1"))
    trust = "trust file %s; " % ca.path("rsaroot.pem")
    t.run("SHA-1", "sha1", trust + GET, 7, "weak_signature: it is signed with sha1WithRSAEncryption", "trust sha1 on")
    t.run("SHA-1 allowed", "sha1", trust + "trust sha1 on; " + GET, 0, "verdict    accepted")
    for salt in ("digest", "20", "0", "13", "max"):          # RFC 4055 section 3.1: any length, 20 when not said
        ca.make("pss" + salt, "rsaroot", sign=("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:" + salt))
        t.run("RSASSA-PSS, salt " + salt, "pss" + salt, trust + GET, 0, "signed with rsassaPss", "verdict    accepted")
    ca.make("mgf", "rsaroot", sign=("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha1"))
    t.run("RSASSA-PSS, MGF1 with another hash", "mgf", trust + GET, 7, "another hash for MGF1")
    ca.make("large", key="rsa4608")
    t.run("RSA above 4096", "large", GET, 0, "RSA 4608", "verdict    accepted")
    for kind in ("ed25519", "ed448", "p224", "rsa8192"):
        ca.root(kind, key=kind)
        sign = ("-md", "null") if kind.startswith("ed") else ()
        ca.make(kind + "ca", kind, key=kind, sign=sign, ext=CA)
        ca.make("by" + kind, kind + "ca", sign=sign)
        trust = "trust file %s; " % ca.path(kind + ".pem")
        t.run("root and CA of " + kind, "by" + kind, trust + GET, 0, "verdict    accepted", others=(kind + "ca",))
        t.run(kind + ", its root not trusted", "by" + kind, GET, 7, "unknown_issuer", others=(kind + "ca",))
    for kind in ("ed25519", "ed448"):
        ca.make("leaf" + kind, key=kind)
        t.run("a server's key of " + kind, "leaf" + kind, GET, 0, "verdict    accepted", kind + "\n")
    ca.root("k1root", key="k1")
    ca.make("byk1", "k1root")
    t.run("a root on a curve that is not spoken", "byk1", "trust file %s; " % ca.path("k1root.pem") + GET, 7,
          "unsupported_algorithm: its key is not supported here: EC on an unsupported curve (secp256k1, 256 bits)")


def pins(t):
    good, old, alone, root = (t.ca.pin(name) for name in ("good", "old", "alone", "root"))
    changed, mismatch = "THE KEY OF localhost HAS CHANGED", "pin_mismatch"
    t.run("pin printed", "good", "get URL > /dev/null; trust pin", 0, "trust pin " + good)
    t.run("the line that helps", "alone", "get URL > /dev/null; trust pin", 7, "trust host localhost " + alone)
    t.run("the pin of a root that was not sent", "good", "trust pin %s; " % root + GET, 0, "verdict    accepted")
    t.run("a pinned certificate that is only sent along", "good", "trust pin %s; " % alone + GET, 7, mismatch,
          others=("alone",))
    t.run("kept pin", "alone", "trust host localhost %s; " % alone + GET, 0, "the pin kept for this host")
    t.run("kept pin changed", "good", "trust host localhost %s; " % old + GET, 7, changed, "verdict    refused")
    t.run("ask without a terminal", "alone", "trust ask; " + GET, 7, "self_signed")
    # a pin is one more condition: of a leaf, it makes no other fault good
    for name, fault in (("alone", "self_signed"), ("old", "expired"), ("other", "host_mismatch"),
                        ("client", "extended_key_usage")):
        own = t.ca.pin(name)
        for pin in (own, "localhost " + own):
            t.run("pinned: " + fault, name, "trust pin %s; " % pin + GET, 7, fault, "trust host localhost " + own)
        t.run("its key alone: " + fault, name, "trust host localhost %s; " % own + GET, 0, "the pin kept for this host")
        t.run("its key, but for another host: " + fault, name, "trust host other.example %s; " % own + GET, 7, fault)
    t.run("pinned: weak_key", "small", "trust pin %s; " % t.ca.pin("small") + GET, 7, "weak_key", "trust min-rsa 1024")
    # and it is one also where the chain does not count
    for rule in ("trust off", "trust host localhost off", "trust host localhost " + alone):
        t.run("%s and a pin" % rule, "alone", "%s; trust pin %s; " % (rule, alone) + GET, 0,
              "but the connection was made")
        t.run("%s and another pin" % rule, "alone", "%s; trust pin %s; " % (rule, good) + GET, 7,
              "trust pin localhost " + alone)
        t.run("%s and the pin of a certificate sent along" % rule, "alone", "%s; trust pin %s; " % (rule, root) + GET,
              7, "is not one of those pinned",
              others=("root",))
    t.run("pinned, and good", "good", "trust pin %s; " % good + GET, 0, "verdict    accepted")
    t.run("another pin", "good", "trust pin %s; " % old + GET, 7, mismatch, "trust pin localhost " + good)
    t.run("a pin for the host counts, those for all do not", "good", "trust pin %s; trust pin localhost %s; " % (old,
        good) + GET, 0, "verdict    accepted")
    t.run("a wrong pin for the host", "good", "trust pin %s; trust pin localhost %s; " % (good, old) + GET, 7, mismatch)
    t.run("a pin for another host", "good", "trust pin other.example %s; " % old + GET, 0, "verdict    accepted")
    t.run("trust on keeps the pin", "good", "trust pin %s; trust on; trust file %s; " % (old,
        t.ca.path("root.pem")) + GET, 7, mismatch)


def hosts(t):
    """A rule for a host wins over the mode, whatever else was said before or after it."""
    for name, fault in (("old", "expired"), ("other", "host_mismatch"), ("alone", "self_signed")):
        for first, second in (("trust off", "trust host localhost on"), ("trust host localhost on", "trust off"),
                              ("trust off", "trust host localhost. on"), ("trust off", "trust host LOCALHOST on")):
            t.run("%s; %s: %s" % (first, second, fault), name, "%s; %s; " % (first, second) + GET, 7, fault,
                  "verdict    refused")
        t.run("no way round by the root's dot: " + fault, name,
              "set resolve localhost.:*:127.0.0.1; trust off; trust host localhost on; " + GET, 7, fault,
              host="localhost.")
        t.run("a rule for another host: " + fault, name, "trust off; trust host other.test on; " + GET, 0, fault,
              "but the connection was made: trust off")
        t.run("the last word: " + fault, name, "trust host localhost on; trust host localhost off; " + GET, 0,
              "trust off for this host")
    t.run("trust host on, and good", "good", "trust off; trust host localhost on; " + GET, 0, "verdict    accepted")
    t.run("not asked", "alone", "trust ask; trust host localhost on; " + GET, 7, "self_signed")


class Terminal:
    """httpsh on a pseudo-terminal."""

    def __init__(self, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=folder, TERM="dumb", COLUMNS="200")
            os.execv(servers.HTTPSH, ["httpsh", "--no-session"])
        self.until("> ")

    def until(self, end):
        """What is printed up to `end`, at most ten seconds."""
        said, deadline = "", time.time() + 10
        while end not in said and time.time() < deadline:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    said += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    break
        return said

    def say(self, line, end="> "):
        time.sleep(0.3)      # what is typed before the line editor has the terminal is thrown away
        os.write(self.fd, (line + "\n").encode())
        echo = self.until("\n")      # the line itself may hold the prompt's characters
        return echo.split("\n", 1)[1] + ("" if end in echo.split("\n", 1)[1] else self.until(end))

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def asking(t):
    port = servers.free_port()
    get = "get https://localhost:%d/" % port
    server, shell = t.serve("good", port), Terminal(t.ca.folder)
    try:
        shell.say("trust ask")
        said = shell.say(get, "[y/N]")
        t.tally.check('"CN=root" is neither among' in said and "SHA-256 fingerprint is " in said
                      and t.ca.pin("good") in said, "asked", said)
        t.tally.check("is refused" in shell.say("n"), "no")
        shell.say(get, "[y/N]")
        said = shell.say("\x03", "> ")
        t.tally.check("interrupted at the question" in said and "stage" not in said, "Ctrl-C", said)
        shell.say("set connect-timeout 1s; set max-time 1s")
        shell.say(get, "[y/N]")
        time.sleep(1.2)      # the time to think is not the connection's
        t.tally.check("200" in shell.say("y"), "yes")
        shell.say("set connect-timeout default; set max-time default; trust host default")
        t.tally.check("is not trusted" in shell.say(get, "[y/N]"), "asked again when the pin is taken back")
        shell.say("y")
        said = shell.say("trust")
        t.tally.check("localhost " + t.ca.pin("good") in " ".join(said.split()), "remembered",
                      said)       # the list is wrapped
        server.kill()
        server.communicate()
        server = t.serve("alone", port)
        said = shell.say(get)
        t.tally.check("THE KEY OF localhost HAS CHANGED" in said and t.ca.pin("alone") in said, "a changed key", said)
    finally:
        shell.close()
        server.kill()
        server.communicate()


def staples(t):
    ca = t.ca
    ca.make("responder", ext="extendedKeyUsage=OCSPSigning\nkeyUsage=digitalSignature\n")
    ca.make("must", ext=SERVER + "tlsfeature=status_request\n")
    ca.ocsp("good", "good.der")
    show = "get URL > /dev/null; show tls; show chain"
    for version in ("-tls1_2", "-tls1_3"):
        t.run("good staple " + version, "good", show, 0, "OCSP         good, from", "OCSP       good, from",
              "by CN=responder", staple="good.der",
              options=(version,))
        ca.ocsp("good", "revoked.der", revoked=True)
        t.run("revoked " + version, "good", show, 7, "revoked: it is revoked since", "reason keyCompromise",
              "certificate_revoked", staple="revoked.der",
              options=(version,))
        t.run("must-staple without " + version, "must", show, 7, "staple: it must come with a stapled OCSP response",
              options=(version,))
    t.run("revoked, only told", "good", "trust staple off; " + show, 0, "OCSP       revoked since",
          "verdict    accepted", staple="revoked.der")
    t.run("SHA-256 CertID", "good", show, 0, "OCSP       good", staple=ca.ocsp("good", "s256.der", options=("-sha256",
        )))
    t.run("signed by the CA", "good", show, 0, "OCSP       good", "by CN=root",
          staple=ca.ocsp("good", "byca.der", signer="root"))
    t.run("named by its key", "good", show, 0, "OCSP       good", "by the key with the SHA-1",
          staple=ca.ocsp("good", "key.der", options=("-resp_key_id",)))
    t.run("signer without the purpose", "good", show, 0,
          "OCSP       invalid: its signer's certificate does not have the extended key usage OCSPSigning",
          "it says good", "verdict    accepted", staple=ca.ocsp("good", "purpose.der", signer="other"))
    t.run("about another", "other", "get URL > /dev/null; show chain", 7,
          "OCSP       invalid: it is about another certificate", staple="good.der")
    t.run("must-staple with", "must", show, 0, "OCSP       good", "demands    a stapled OCSP response",
          staple=ca.ocsp("must", "must.der"))
    t.run("must-staple with a bad one", "must", show, 7, "staple: it must come with a good stapled OCSP response",
          staple="good.der")
    t.run("must-staple, not asked", "must", "tls staple off; " + show, 0, "verdict    accepted")
    ca.write("broken.der", "\x30\x03\x0a\x01\x00")
    t.run("not decodable", "good", show, 0, "OCSP       invalid: it cannot be decoded", staple="broken.der")


def timestamps(t):
    ca = t.ca
    at = int(time.mktime((2026, 1, 2, 3, 4, 5, 0, 0, 0)) - time.timezone) * 1000
    sct = bytes([0]) + bytes(range(32)) + at.to_bytes(8, "big") + bytes([0, 0, 4, 3]) + (70).to_bytes(2,
        "big") + bytes(70)
    sct = len(sct).to_bytes(2, "big") + sct
    sct = len(sct).to_bytes(2, "big") + sct
    ca.make("logged", ext=SERVER + "1.3.6.1.4.1.11129.2.4.2=DER:%s\n" % (b"\x04" + bytes([len(sct)]) + sct).hex())
    line = "v1, log AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, 2026-01-02 03:04:05 UTC, ecdsa with SHA-256"
    t.run("timestamps in the certificate", "logged", GET, 0, "SCT        " + line,
          "the signature is not verified: no list of logs")
    # serverinfo (version 1): extension 18 and its contents
    info = b"\x00\x12" + len(sct).to_bytes(2, "big") + sct
    ca.write("info.pem", "-----BEGIN SERVERINFO FOR SCT-----\n%s\n-----END SERVERINFO FOR SCT-----\n"
             % base64.b64encode(info).decode())
    t.run("timestamps in the handshake", "good", "tls sct on; get URL > /dev/null; show tls", 0, "SCT (TLS)    " + line,
          options=("-serverinfo", ca.path("info.pem"), "-tls1_2"))


def main():
    t = Test()
    try:
        for part in (chains, algorithms, pins, hosts, asking, staples, timestamps):
            part(t)
    finally:
        shutil.rmtree(t.ca.folder, ignore_errors=True)
    t.tally.finish()


if __name__ == "__main__":
    main()
