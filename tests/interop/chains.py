#!/usr/bin/env python3
"""Random chains, each with a few things wrong or unusual, through x509check and `openssl verify -x509_strict`.

chains.py [COUNT [SEED]]. What openssl refuses must not be accepted; what it accepts may be refused only for a reason of
DELIBERATE. A chain that breaks this is printed and kept in .build/chains/.
"""
import collections
import datetime
import ipaddress
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID, ObjectIdentifier
except ImportError:
    print("skipped: python3-cryptography is not installed\n0 passed, 0 failed")
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TOOLS = os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests"))
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)

# refused by us alone: a word or a part of the text of the reason, and why
DELIBERATE = {
    "weak_signature": "SHA-1 is refused unless `trust sha1 on`",
    "weak_key": "RSA below 2048 bits is refused unless `trust min-rsa N`",
    "policy": "policyConstraints are obeyed (RFC 5280 section 6.1), by openssl only with -policy_check",
    "unsupported_algorithm": "DSA and other curves are neither in BearSSL nor taken from nettle",
    "underscore": "no host name (RFC 5280 section 4.2.1.6, x509-limbo rfc5280::san::underscore-dns)",
    "subjectAltName is critical": "only when the subject is empty (RFC 5280 section 4.2.1.6, x509-limbo)",
    "does not name its own key": "of a self-signed anchor (x509-limbo)",
    "begins with a dot": "a DNS constraint has no dot in front (RFC 5280 section 4.2.1.10, x509-limbo)",
    "anyExtendedKeyUsage": "no server's (x509-limbo webpki::eku::ee-anyeku)",
    "DNS:w*.example.com": "a wildcard is a whole label (RFC 9525 section 6.3)",
    "malformed, which cannot be within": "a name that cannot be compared is not within the constraints",
    "-1 malformed: it has no authorityKeyIdentifier": "of a cross-signed anchor (x509-limbo "
    "rfc5280::aki::cross-signed-root-missing-aki)",
    "it is a CA and used by a server": "x509-limbo webpki::ca-as-leaf",
}
HOSTS = ["www.example.com", "example.com", "a.b.example.com", "WWW.Example.Com", "www.example.com.",
         "xn--bcher-kva.example.com",
         "192.0.2.7", "2001:db8::7", "www.example.org", "localhost", "example.co"]
SANS = ["www.example.com", "*.example.com", "*.com", "w*.example.com", "*", "example.com", "*.b.example.com",
        "EXAMPLE.com",
        "xn--bcher-kva.example.com", "*.xn--bcher-kva.example.com", "www.*.com", "localhost",
        "*.localhost", "192.0.2.7", "a_b.example.com"]
IPS = ["192.0.2.7", "2001:db8::7", "127.0.0.1", "198.51.100.1"]


def keys():
    pool = [("ec", ec.generate_private_key(ec.SECP256R1())) for _ in range(8)]
    pool += [("ec384", ec.generate_private_key(ec.SECP384R1())), ("ec521", ec.generate_private_key(ec.SECP521R1()))]
    pool += [("rsa", rsa.generate_private_key(65537, 2048)) for _ in range(3)]
    pool += [("ed25519", ed25519.Ed25519PrivateKey.generate()), ("ed448", ed448.Ed448PrivateKey.generate())]
    pool += [("ec224", ec.generate_private_key(ec.SECP224R1())), ("rsa6144", rsa.generate_private_key(65537, 6144))]
    bad = [("rsa1024", rsa.generate_private_key(65537, 1024)), ("k1", ec.generate_private_key(ec.SECP256K1()))]
    return pool, bad


class Maker:
    def __init__(self, rnd):
        self.r = rnd
        self.keys, self.bad_keys = keys()
        self.mess = 1.0

    def often(self, p):
        """A choice that is right either way."""
        return self.r.random() < p

    def rarely(self, p):
        """Something wrong."""
        return self.r.random() < p * self.mess

    def key(self):
        return self.r.choice(self.bad_keys if self.rarely(0.02) else self.keys)[1]

    def name(self, text):
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, text)]
        if self.often(0.3):
            parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME,
                                               self.r.choice(["Example", "EXAMPLE  Org", "Other"])))
        if self.often(0.1):
            parts.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, self.r.choice(["me@example.com", "me@example.org"])))
        if self.often(0.2):
            parts.insert(0, x509.NameAttribute(NameOID.COUNTRY_NAME, self.r.choice(["DE", "FR"])))
        return x509.Name(parts)

    def dates(self):
        kind = self.r.random() / (self.mess + 0.001)
        if kind < 0.04:
            return NOW - 90 * DAY, NOW - DAY
        if kind < 0.06:
            return NOW + DAY, NOW + 90 * DAY
        return NOW - 30 * DAY, NOW + 60 * DAY

    def general(self, ca_constraint=False):
        kind = self.r.random()
        if kind < 0.6:
            text = self.r.choice(["example.com", "example.com", "com", "www.example.com", "example.org",
                                  "b.example.com", "", "EXAMPLE.COM", ".example.com"]
                                 if ca_constraint else SANS)
            return x509.DNSName(text)
        if kind < 0.8:
            if ca_constraint:
                return x509.IPAddress(ipaddress.ip_network(self.r.choice(["192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32",
                    "192.0.2.7/32",
                                                                         "::/0", "10.0.0.0/8"])))
            return x509.IPAddress(ipaddress.ip_address(self.r.choice(IPS)))
        if kind < 0.9:
            return x509.RFC822Name(self.r.choice(["example.com", "me@example.com", ".example.com",
                "you@example.com"] if ca_constraint
                                                 else ["me@example.com", "me@a.example.com", "me@example.org"]))
        if kind < 0.95:
            return x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME,
                self.r.choice(["DE", "FR"]))]))
        return x509.UniformResourceIdentifier("example.com" if ca_constraint else "https://example.com/x")

    def usage(self, **on):
        fields = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                  "key_cert_sign",
                  "crl_sign", "encipher_only", "decipher_only"]
        return x509.KeyUsage(**{f: on.get(f, False) for f in fields})

    def common(self, b, key, issuer_key, issuer_ski):
        if not self.rarely(0.03):
            b = b.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), self.rarely(0.01))
        if not self.rarely(0.03):
            aki = issuer_ski or x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
            if self.rarely(0.02):
                aki = x509.AuthorityKeyIdentifier(b"other key identifier", None, None)
            b = b.add_extension(aki, False)
        if self.rarely(0.02):
            b = b.add_extension(x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"),
                                self.often(0.5))
        if self.rarely(0.04):
            policies = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("2.23.140.1.2.1"), None)])
            b = b.add_extension(policies, self.often(0.2))
        if self.rarely(0.02):
            b = b.add_extension(x509.TLSFeature([x509.TLSFeatureType.status_request]), False)
        return b

    def eku(self, b, chance):
        if self.often(chance):
            sets = [[EKU.SERVER_AUTH], [EKU.SERVER_AUTH], [EKU.SERVER_AUTH, EKU.CLIENT_AUTH], [EKU.CLIENT_AUTH],
                    [EKU.OCSP_SIGNING],
                    [ObjectIdentifier("2.5.29.37.0")]]
            b = b.add_extension(x509.ExtendedKeyUsage(self.r.choice(sets) if self.rarely(0.2) else sets[0]),
                                self.often(0.1))
        return b

    def ca_extensions(self, b, depth):
        if not self.rarely(0.03):
            ca = not self.rarely(0.03)
            length = self.r.choice([None, None, None, 0, 1, 2]) if self.often(0.5) else depth + 1
            b = b.add_extension(x509.BasicConstraints(ca, length if ca else None), not self.rarely(0.03))
        if not self.rarely(0.05):
            b = b.add_extension(self.usage(key_cert_sign=not self.rarely(0.05), crl_sign=True), not self.often(0.1))
        b = self.eku(b, 0.1)
        if self.often(0.12):
            permitted = [self.general(True) for _ in range(self.r.randint(1, 2))] if self.often(0.6) else None
            excluded = [self.general(True)] if permitted is None or self.often(0.3) else None
            b = b.add_extension(x509.NameConstraints(permitted, excluded), not self.often(0.2))
        return b

    def leaf_extensions(self, b):
        if not self.rarely(0.03):
            names = [self.general() for _ in range(self.r.randint(0, 2))] if self.often(0.4) else []
            names += [] if self.rarely(0.3) else [x509.DNSName("www.example.com")]
            names += [x509.IPAddress(ipaddress.ip_address("192.0.2.7"))] if self.often(0.6) else []
            if names:
                self.r.shuffle(names)
                b = b.add_extension(x509.SubjectAlternativeName(names), self.rarely(0.03))
        if self.often(0.7):
            sets = [dict(digital_signature=True), dict(digital_signature=True, key_encipherment=True),
                    dict(key_agreement=True),
                    dict(crl_sign=True), dict(key_cert_sign=True), dict(content_commitment=True)]
            b = b.add_extension(self.usage(**(self.r.choice(sets) if self.rarely(0.2) else sets[0])), self.often(0.8))
        if self.often(0.3):
            b = b.add_extension(x509.BasicConstraints(self.rarely(0.05), None), self.often(0.5))
        return self.eku(b, 0.7)

    def sign(self, b, key):
        if isinstance(key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)):
            return b.sign(key, None)
        digest = self.r.choice([hashes.SHA256()] * 6 + [hashes.SHA384(), hashes.SHA512()])
        if self.rarely(0.02):
            digest = hashes.SHA1()
        if isinstance(key, rsa.RSAPrivateKey) and self.often(0.2):
            try:
                return b.sign(key, digest, rsa_padding=padding.PSS(padding.MGF1(digest), digest.digest_size))
            except (TypeError, ValueError):      # an older library, or a key too short for the salt
                pass
        return b.sign(key, digest)

    def cert(self, subject, key, issuer, issuer_key, depth, leaf=False):
        start, end = self.dates()
        b = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        b = b.serial_number(self.r.getrandbits(120) + 1).not_valid_before(start).not_valid_after(end)
        b = self.common(b, key, issuer_key, None)
        b = self.leaf_extensions(b) if leaf else self.ca_extensions(b, depth)
        signer = self.key() if self.rarely(0.02) else issuer_key
        return self.sign(b, signer)

    def chain(self):
        """(anchors, leaf, intermediates, host)"""
        depth = self.r.randint(0, 3)
        self.mess = self.r.choice([0.1, 0.3, 1])
        name, key = self.name("Root"), self.key()
        root = self.cert(name, key, name, key, depth)
        anchors, others = [root], []
        for i in range(depth):
            sub, sub_key = self.name("CA %d" % i), self.key()
            made = self.cert(sub, sub_key, name, key, depth - i)
            others.append(made)
            if self.often(0.15):      # the same CA, once more
                others.append(self.cert(sub, sub_key if self.often(0.7) else self.key(), name, key, depth - i))
            if self.often(0.1):       # and by somebody unknown
                others.append(self.cert(sub, sub_key, self.name("Stranger"), self.key(), depth - i))
            if self.rarely(0.05):
                anchors.append(made)
            name, key = sub, sub_key
        # no host as the common name: openssl applies name constraints to it when there is no DNS name, bettertls wants
        # that not
        leaf = self.cert(self.name("leaf"), self.key(), name, key, 0, leaf=True)
        if others and self.rarely(0.03):
            others.pop(self.r.randrange(len(others)))
        if self.often(0.2):
            others.append(root)
        if self.rarely(0.03):
            anchors.remove(root)
        self.r.shuffle(others)
        return anchors, leaf, others, self.r.choice(HOSTS) if self.often(0.15) else self.r.choice(HOSTS[:1] * 3
            + ["192.0.2.7"])


def pem(path, certs):
    with open(path, "wb") as f:
        for c in certs:
            f.write(c.public_bytes(serialization.Encoding.PEM))


def is_address(host):
    try:
        ipaddress.ip_address(host)
        return True
    except ValueError:
        return False


def openssl(folder, host, anchors, leaf, others):
    pem(folder + "/roots.pem", anchors)
    pem(folder + "/leaf.pem", [leaf])
    pem(folder + "/others.pem", others)
    command = ["openssl", "verify", "-x509_strict", "-partial_chain", "-purpose", "sslserver", "-attime",
               str(int(NOW.timestamp())), "-CAfile",
               folder + "/roots.pem"] + (["-untrusted", folder + "/others.pem"] if others else [])
    # a host with a final dot is the same host (RFC 9525 does not see the dot; openssl verify does)
    command += ["-verify_ip" if is_address(host) else "-verify_hostname", host.rstrip("."), folder + "/leaf.pem"]
    return subprocess.run(command, capture_output=True, timeout=10)


def openssl_with_some(folder, host, anchors, leaf, others):
    """Whether openssl accepts when certificates are left out: it takes the first issuer that fits and never goes
    back."""
    for n in range(len(others) + 1):
        for some in itertools.combinations(others, n):
            for k in range(1, len(anchors) + 1):
                for roots in itertools.combinations(anchors, k):
                    if openssl(folder, host, list(roots), leaf, list(some)).returncode == 0:
                        return True
    return False


def judge(folder, host, anchors, leaf, others):
    theirs = openssl(folder, host, anchors, leaf, others)
    pem(folder + "/chain.pem", [leaf] + others)
    ours = subprocess.run([os.path.join(TOOLS, "x509check"), "--ca-file", folder + "/roots.pem", "--chain",
                           folder + "/chain.pem", "--host",
                           host, "--time", str(int(NOW.timestamp()))], capture_output=True, timeout=10)
    return ours, theirs


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rnd = random.Random(seed)
    maker = Maker(rnd)
    passed = failed = 0
    kinds = collections.Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        while passed + failed < count:
            try:
                anchors, leaf, others, host = maker.chain()
            except (ValueError, TypeError, UnsupportedAlgorithm):      # the library would not make it
                continue
            start = time.monotonic()
            ours, theirs = judge(folder, host, anchors, leaf, others)
            slowest = max(slowest, time.monotonic() - start)
            words = [line.split(" ")[1].rstrip(":") for line in ours.stderr.decode().splitlines() if " " in line]
            if ours.returncode not in (0, 1):
                verdict = "broken"
            elif ours.returncode == 0:
                verdict = "both accept" if theirs.returncode == 0 else \
                    "both accept, openssl one path" if openssl_with_some(folder, host, anchors, leaf,
                        others) else "false accept"
            elif theirs.returncode != 0:
                verdict = "both refuse"
            else:
                known = [w for w in DELIBERATE if w in words or w in ours.stderr.decode()]
                verdict = "deliberate " + known[0] if known else "false refusal"
            kinds[verdict] += 1
            if verdict in ("false accept", "false refusal", "broken"):
                failed += 1
                kept = os.path.join(ROOT, ".build/chains/%d-%d" % (seed, passed + failed))
                os.makedirs(kept, exist_ok=True)
                for name, certs in (("roots", anchors), ("leaf", [leaf]), ("others", others),
                                    ("chain", [leaf] + others)):
                    pem(kept + "/%s.pem" % name, certs)
                print("%s: %s, host %s\n    ours: %s\n    openssl: %s" % (verdict, kept, host,
                    ours.stderr.decode().strip(),
                      theirs.stderr.decode().strip().replace("\n", " ")))
            else:
                passed += 1
    print(", ".join("%s %d" % pair for pair in kinds.most_common()) + ", slowest pair %.0f ms" % (slowest * 1000))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
