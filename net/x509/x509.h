/*
 * X.509 certificates (RFC 5280): decoding, trust anchors, path building, validation with all
 * reasons, host names (RFC 9525). No I/O but the trust store's files.
 */
#ifndef NET_X509_X509_H
#define NET_X509_X509_H

#include "net/bytes.h"
#include "net/work.h"

enum {
	X509_MAX_CERT = 64 * 1024, /* bytes of one certificate */
	X509_MAX_CHAIN = 256,      /* certificates in one chain */
	X509_MAX_SIGNATURES = 128, /* signature checks in one judgement */
	X509_MAX_WORK = 3500000,   /* units of some 10 ns in one judgement: what it costs is counted in them */
	X509_MAX_RSA_BITS = 16384,
	X509_MAX_RSA_EXPONENT = 8, /* bytes */
	X509_MAX_NAMES = 4096      /* subject alternative names or constraints */
};

enum x509_key_type {
	X509_KEY_UNKNOWN,
	X509_KEY_RSA,
	X509_KEY_RSA_PSS,
	X509_KEY_EC,
	X509_KEY_ED25519,
	X509_KEY_ED448,
	X509_KEY_DSA
};

enum x509_hash {
	X509_MD5SHA1 = 0,
	X509_MD5 = 1,
	X509_SHA1 = 2,
	X509_SHA224 = 3,
	X509_SHA256 = 4,
	X509_SHA384 = 5,
	X509_SHA512 = 6
};

struct x509_key {
	enum x509_key_type type;
	unsigned bits;
	unsigned curve;   /* EC: TLS NamedGroup (21, 23, 24, 25), 0 unknown */
	struct str n, e;  /* RSA: big-endian, no leading zeros */
	struct str point; /* EC: uncompressed point; Ed25519, Ed448: the key */
	bool pss_limited; /* RSA-PSS: signs with pss_hash only, and a salt of pss_salt bytes or more */
	enum x509_hash pss_hash;
	unsigned pss_salt;
	struct str oid; /* contents of the OID: of an unknown type's algorithm, of an unknown curve */
};

enum x509_usage { /* bits of keyUsage, RFC 5280 section 4.2.1.3 */
	X509_USAGE_SIGN = 1 << 0,
	X509_USAGE_ENCIPHER = 1 << 2,
	X509_USAGE_AGREE = 1 << 4,
	X509_USAGE_CERT_SIGN = 1 << 5,
	X509_USAGE_CRL_SIGN = 1 << 6
};

/* One decoded certificate; views point into der, which it owns. */
struct x509_cert {
	uint8_t *der;
	size_t der_len;
	struct str tbs, serial, issuer, subject; /* issuer, subject: DER of the Name */
	int64_t not_before, not_after;           /* unix seconds */
	struct x509_key key;
	struct str spki; /* DER of SubjectPublicKeyInfo */
	bool has_usage, has_eku, has_basic, is_ca;
	unsigned usage;
	int path_len; /* -1 none */
	uint8_t sha256[32], spki_sha256[32];
	struct x509_details *more; /* private to net/x509: extensions, signature ... */
};

/* Decodes one certificate, as far as it can be read: what cannot is empty or 0, and the judgement refuses it for that.
 * NULL with ERROR_CERTIFICATE when nothing of a certificate can be read, with ERROR_LIMIT above X509_MAX_CERT. Copies
 * der. */
struct x509_cert *x509_cert_new(struct str der, struct error *error);
/* The same of what a server sent, never NULL: what is no certificate is one of which nothing can be read. */
struct x509_cert *x509_cert_sent(struct str der);
void x509_cert_free(struct x509_cert *c);

/* Every certificate of a PEM text (or one DER). Count, or -1. *certs is an array of pointers to free. */
int x509_read_pem(struct str text, struct x509_cert ***certs, struct error *error);

/* Printable, one line, for people; caller frees: "CN=example.com, O=Example" */
char *x509_subject_text(const struct x509_cert *c);
char *x509_issuer_text(const struct x509_cert *c);
char *x509_serial_text(const struct x509_cert *c);          /* hex pairs with colons */
char *x509_name_text(struct str name);                      /* of a DER Name, likewise */
char *x509_own_key_text(const struct x509_cert *c);         /* x509_key_text() of its key */
char *x509_key_text(const struct x509_key *k);              /* "RSA 2048", "EC P-256" */
const char *x509_signature_name(const struct x509_cert *c); /* "sha256WithRSAEncryption" */
char *x509_names_text(const struct x509_cert *c);           /* subjectAltName, ", " between; "" none */
char *x509_usage_text(const struct x509_cert *c);       /* keyUsage, likewise: "digitalSignature, keyEncipherment" */
char *x509_eku_text(const struct x509_cert *c);         /* extKeyUsage: "serverAuth, clientAuth" */
char *x509_basic_text(const struct x509_cert *c);       /* basicConstraints: "a CA, with at most 0 CAs below it" */
char *x509_constraints_text(const struct x509_cert *c); /* nameConstraints: "permitted DNS:example.com" */
char *x509_policies_text(const struct x509_cert *c);    /* certificatePolicies, policyMappings, what they demand */
char *x509_points_text(const struct x509_cert *c);      /* cRLDistributionPoints: "URI:http://..." */
char *x509_fingerprint_text(const struct x509_cert *c, enum x509_hash h); /* hex pairs with colons */
/* the embedded SignedCertificateTimestampList (RFC 6962), or empty */
struct str x509_sct_list(const struct x509_cert *c);
bool x509_must_staple(const struct x509_cert *c);                 /* TLS feature status_request (RFC 7633) */
char *x509_validity_text(const struct x509_cert *c, int64_t now); /* "2026-... to 2027-...: 36 days left" */
char *x509_time_text(int64_t unix_seconds);                       /* "2026-11-24 08:00:00 UTC" */
char *x509_pin_text(const struct x509_cert *c);                   /* "sha256/BASE64" of the SPKI (RFC 7469) */

/* ---- trust anchors ---- */
struct x509_store; /* anchors indexed by subject; decoded only when a chain names them */
struct x509_store *x509_store_new(void);
struct x509_store *x509_store_hold(struct x509_store *s);                          /* one holder more; NULL is fine */
void x509_store_free(struct x509_store *s);                                        /* gone with the last holder */
int x509_store_add_pem(struct x509_store *s, struct str pem, struct error *error); /* count or -1 */
int x509_store_load_file(struct x509_store *s, const char *path, struct error *error); /* count or -1 */
/* The system's bundle (/etc/ssl/certs/ca-certificates.crt, SSL_CERT_FILE). */
int x509_store_load_system(struct x509_store *s, struct error *error);
size_t x509_store_count(const struct x509_store *s);

/* ---- judgement ---- */
enum x509_fault {
	X509_OK = 0,
	X509_EXPIRED,
	X509_NOT_YET_VALID,
	X509_UNKNOWN_ISSUER,
	X509_MISSING_INTERMEDIATE,
	X509_SELF_SIGNED,
	X509_HOST_MISMATCH,
	X509_BAD_SIGNATURE,
	X509_WEAK_SIGNATURE,
	X509_WEAK_KEY,
	X509_UNSUPPORTED_ALGORITHM,
	X509_NOT_CA,
	X509_PATH_LENGTH,
	X509_KEY_USAGE,
	X509_EXTENDED_KEY_USAGE,
	X509_NAME_CONSTRAINT,
	X509_CRITICAL_EXTENSION,
	X509_MALFORMED,
	X509_PIN_MISMATCH,
	X509_REVOKED,
	X509_EMPTY_CHAIN,
	X509_TOO_MUCH_WORK,
	X509_NO_NAMES,
	X509_STAPLE,
	X509_POLICY,
	X509_LIMIT /* a fixed limit of net/x509 */
};
const char *x509_fault_name(enum x509_fault fault); /* stable word: "expired" */

/* A stapled OCSP response, judged (RFC 6960 section 3.2). Invalid ones count as none: who can forge or delay them can
 * also leave them out. */
enum x509_staple { X509_STAPLE_NONE, X509_STAPLE_GOOD, X509_STAPLE_REVOKED, X509_STAPLE_UNKNOWN, X509_STAPLE_INVALID };
const char *x509_staple_name(enum x509_staple staple); /* "good" */

struct x509_reason {
	enum x509_fault fault;
	int index;  /* certificate's place in the chain as sent, -1 = anchor or none */
	char *text; /* for a person: "expired 12 days ago (2026-11-12 ...)" */
};

struct x509_policy {
	const struct x509_store *anchors;
	const char *host; /* DNS name (ASCII) or numeric address, no brackets; NULL = do not check */
	int64_t now;      /* unix seconds */
	bool allow_sha1;  /* default: refused */
	/* also the rules of RFC 5280's profile for CAs that say nothing about whom to trust: key identifiers, serial
	 * numbers, which extensions are critical. Private CAs break them. */
	bool strict;
	unsigned min_rsa_bits; /* 0 = 2048 */
	bool check_host_off;
	struct str staple;   /* OCSP response that came with chain[0]; empty = none */
	bool staple_asked;   /* status_request was sent: a certificate that demands a staple (RFC 7633) must have one */
	bool staple_ignored; /* what it says is told, never a reason */
	struct work work;    /* its deadline and its interrupt are obeyed; left 0 = X509_MAX_WORK */
	const char *const *pins; /* "sha256/..." any certificate of the path, its anchor too, may match */
	size_t n_pins;
};

struct x509_verdict {
	struct x509_reason *reasons; /* all of them; none = accepted */
	size_t n_reasons;
	int path[X509_MAX_CHAIN]; /* indices into the chain, leaf first, then -1 = the anchor */
	size_t n_path;
	char *anchor; /* subject of the anchor the path ends at, or NULL */
	enum x509_staple staple;
	char *staple_text;   /* what it says, or why it is invalid; NULL when there is none */
	unsigned signatures; /* checked */
	uint64_t work;       /* units spent */
	enum work_end ended; /* why there is no verdict: the deadline, the interrupt, or too much work */
};

/* Judges chain[0] (the leaf) with the others as material for paths, in any order. Fills verdict with every reason; 0
 * accepted, -1 refused (then error holds the first as one sentence, or that it was interrupted or came too late). */
int x509_judge(struct x509_cert *const *chain, size_t n, const struct x509_policy *policy, struct x509_verdict *verdict,
    struct error *error);
void x509_verdict_release(struct x509_verdict *v);

/* 0 when the key of what a server sent could be read, which a handshake needs; else -1 with what keeps it from that. */
int x509_key_refused(const struct x509_cert *c, struct error *error);

/* ---- signatures (shared with net/tls) ---- */
/* Whether signatures by the key can be verified here at all: RSA up to 16384 bits with an exponent of 64, EC on P-224,
 * P-256, P-384, P-521, Ed25519, Ed448. */
bool x509_key_usable(const struct x509_key *key);
/* PKCS#1 v1.5 (md5sha1: 36 bytes without an OID), PSS with salt = hash length or another one (bytes), ECDSA with DER
 * signatures.
 * hash: the digest. True when valid. */
bool x509_verify_pkcs1(const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature);
bool x509_verify_pss(const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature);
bool
x509_verify_pss_salt(const struct x509_key *k, enum x509_hash h, size_t salt, struct str hash, struct str signature);
bool x509_verify_ecdsa(const struct x509_key *k, struct str hash, struct str signature);
/* Ed25519 or Ed448 by the key's type, of the message itself (RFC 8032, "pure", without a context). */
bool x509_verify_eddsa(const struct x509_key *k, struct str message, struct str signature);

#endif
