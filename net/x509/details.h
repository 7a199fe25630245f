/* Private to net/x509. What a decoded certificate holds besides the public fields of struct x509_cert. */
#ifndef NET_X509_DETAILS_H
#define NET_X509_DETAILS_H

#include "net/x509/der.h"
#include "net/x509/x509.h"

enum { X509_MAX_DEFECTS = 16, X509_MAX_EXTENSIONS = 128, X509_MAX_ATTRIBUTES = 64, X509_MIN_RSA_BITS = 2048 };

enum signature_kind { SIGNATURE_UNKNOWN, SIGNATURE_PKCS1, SIGNATURE_PSS, SIGNATURE_ECDSA, SIGNATURE_EDDSA };

struct signature_algorithm {
	enum signature_kind kind;
	enum x509_hash hash;
	const char *name; /* of the table, or NULL */
	struct str oid;
	bool malformed;  /* no AlgorithmIdentifier */
	const char *why; /* kind is unknown for its parameters: "whose ..."; or NULL */
	unsigned salt;   /* of SIGNATURE_PSS, bytes */
};

/* A distinguished name ready for comparison by RFC 5280 section 7.1: string types, case and inner spaces do not matter.
 * Equal names have equal bytes, and a name's first RDNs are its first bytes. Made once, when a certificate is
 * decoded. */
struct x509_name {
	struct str folded; /* owned; p NULL: malformed, which equals nothing */
	uint64_t hash;
	bool too_many; /* attributes in one RDN; malformed then */
};
bool x509_name_read(struct str der, struct x509_name *out); /* false when malformed; release either way */
void x509_name_release(struct x509_name *n);
bool x509_name_eq(const struct x509_name *a, const struct x509_name *b);
/* base's RDNs are the first of name's */
bool x509_name_within(const struct x509_name *name, const struct x509_name *base);

/* GeneralName (RFC 5280 section 4.2.1.6): the context tag's number and its contents. */
enum general_name_type { NAME_OTHER = 0, NAME_MAIL = 1, NAME_DNS = 2, NAME_DIRECTORY = 4, NAME_URI = 6, NAME_IP = 7 };
struct general_name {
	unsigned type;
	struct str value;
	struct x509_name name; /* of NAME_DIRECTORY */
};
struct general_names {
	struct general_name *items;
	size_t n;
	bool too_many;
};

/* What the judgement asks of a certificate. A part that is there and cannot be read (or is missing where it must be) is
 * named by a defect, which refuses the certificate; what would follow from its absence is then no reason of its own. */
enum x509_part {
	PART_VERSION = 1 << 0,
	PART_SERIAL = 1 << 1,
	PART_ALGORITHM = 1 << 2, /* one of the two */
	PART_ISSUER = 1 << 3,
	PART_NOT_BEFORE = 1 << 4,
	PART_NOT_AFTER = 1 << 5,
	PART_SUBJECT = 1 << 6,
	PART_KEY = 1 << 7,
	PART_SIGNATURE = 1 << 8,
	PART_EXTENSIONS = 1 << 9, /* some of them, nobody knows which */
	PART_NAMES = 1 << 10,     /* this and the next are extensions */
	PART_BASIC = 1 << 11,
	PART_USAGE = 1 << 12,
	PART_EKU = 1 << 13,
	PART_SUBJECT_KEY = 1 << 14,
	PART_AUTHORITY_KEY = 1 << 15,
	PART_CONSTRAINTS = 1 << 16,
	PART_POLICIES = 1 << 17
};

/* Something wrong with the certificate itself, found while decoding; profile: a rule of RFC 5280's profile that says
 * nothing about whom to trust, looked at only by a strict policy. */
struct x509_defect {
	enum x509_fault fault;
	bool profile;
	unsigned parts; /* enum x509_part: those that are unread for it */
	char *text;
};

struct x509_details {
	unsigned version; /* 1, 2, 3 */
	struct x509_name issuer, subject;
	bool self_issued;                 /* these two are the same */
	bool odd_common_name, underscore; /* !x509_common_name_ok(), x509_names_have_underscore() */
	struct general_names mails;       /* of the subject */
	bool odd_mail;                    /* one of them is no IA5String */
	struct str inner_algorithm;       /* DER; the one of the signed part */
	struct signature_algorithm algorithm;
	struct str signature;
	struct general_names names;      /* subjectAltName */
	struct str ski, aki;             /* key identifiers; aki.p NULL when the field is absent */
	struct general_names aki_issuer; /* authorityCertIssuer */
	struct str aki_serial;           /* authorityCertSerialNumber, or empty */
	bool has_ski, has_aki;
	bool serial_ok;                          /* positive, at most 20 bytes */
	bool server_auth, any_use, ocsp_signing; /* of extKeyUsage */
	struct str eku;                          /* contents of its SEQUENCE */
	bool has_constraints;
	struct general_names permitted, excluded;
	struct str policies, mappings; /* contents of certificatePolicies and policyMappings, checked; or empty */
	int require_explicit, inhibit_mapping, inhibit_any; /* certificates to skip; -1: not said */
	struct str points;                                  /* contents of cRLDistributionPoints */
	bool too_many;                                      /* names in an extension that is not kept */
	struct str issuer_url;                              /* of authorityInfoAccess, or empty */
	struct str sct_list;
	bool must_staple;
	bool no_netscape_server; /* has a netscapeCertType without TLS servers */
	/* The worst first, those of the profile last. What does not fit is dropped, but broken tells: it is set by
	 * every defect that counts under any policy. */
	struct x509_defect defects[X509_MAX_DEFECTS];
	size_t n_defects;
	bool broken;
	unsigned unread; /* enum x509_part */
	/* It has not the structure that ASN.1 gives a certificate: worse than what is wrong inside of a name, a key or
	 * an extension. */
	bool torn;
};

struct x509_extension {
	struct str oid, value;
	bool critical;
};

/* Whether any of the parts is unread; an extension may be also when others could not be told apart. */
bool x509_unread(const struct x509_cert *c, unsigned parts);
/* Adds a defect of X509_MALFORMED for which the parts (or none that is asked for: 0) are unread. */
void
x509_unreadable(struct x509_details *d, unsigned parts, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same, of X509_LIMIT: it may be right, but is more than is read here. */
void
x509_over_limit(struct x509_details *d, unsigned parts, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* x509_unreadable() of the structure itself. */
void x509_torn(struct x509_details *d, unsigned parts, const char *format, ...) __attribute__((format(printf, 3, 4)));
void x509_add_defect(struct x509_details *d, enum x509_fault fault, bool profile, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Reads TBSCertificate (its contents) into c; what is wrong becomes a defect. */
void x509_read_tbs(struct x509_cert *c, struct rd tbs);
/* The same of extensions (contents of the SEQUENCE). */
void x509_read_extensions(struct x509_cert *c, struct rd extensions);
/* One GeneralName, or all that are left, added to out; false when malformed or too many. */
bool x509_read_general_name(struct rd *r, struct general_names *out);
bool x509_read_general_names(struct rd *r, struct general_names *out);
bool x509_add_name(struct general_names *out, unsigned type, struct str value);
void x509_general_names_release(struct general_names *names);
/* The hash of an AlgorithmIdentifier, an enum x509_hash; -1 when it is unknown, or malformed: then r is bad. */
int x509_read_hash(struct rd *r);
struct signature_algorithm x509_signature_algorithm(struct str algorithm_identifier);
/* Spends what it costs; false when that is too much. */
bool x509_signed_by(const struct x509_key *key, const struct signature_algorithm *a, struct str tbs,
    struct str signature, struct work *work);
/* Whether the key is of the type that such signatures are made with. */
bool x509_could_sign(const struct x509_key *key, const struct signature_algorithm *a);
/* NULL, or what is wrong; key->type is then X509_KEY_UNKNOWN unless the key can be used all the same. */
const char *x509_read_key(struct str spki, struct x509_key *key);
void x509_add_general_name(struct buf *out, const struct general_name *name); /* "DNS:example.com" */
char *x509_first_names_text(const struct x509_cert *c, size_t most); /* of x509_names_text(), some most bytes */
char *x509_hex_text(struct str bytes);                               /* pairs with colons */
char *x509_span_text(int64_t seconds);                               /* "12 days"; caller frees */
char *x509_oid_text(struct str oid);                                 /* "1.2.840.113549"; caller frees */

bool x509_name_empty(struct str name);
bool x509_rdn_ok(struct str contents); /* of a RelativeDistinguishedName's SET */
/* Of the last RDN that has one; empty when none. */
struct str x509_common_name(struct str name);
/* Every emailAddress, as NAME_MAIL; false when one is no IA5String. */
bool x509_read_mail_addresses(struct str name, struct general_names *out);
/* The text of parts of c, marked when they are unread. Takes text. */
char *x509_marked_text(const struct x509_cert *c, unsigned parts, char *text);

/* RFC 9525: whether the certificate is one for the host (DNS name or numeric address). */
bool x509_host_matches(const struct x509_cert *c, const char *host);
/* For one that is not: why a name that looks like the host does not count, and which one (NULL: the common name); NULL
 * when none does. */
const char *x509_host_fault(const struct x509_cert *c, const char *host, const struct general_name **which);
/* A common name that is an IP address is written as RFC 3986 and RFC 5952 have it; other common names may be
 * anything. */
bool x509_common_name_ok(const struct x509_cert *c);
bool x509_dns_name_ok(struct str name, bool wildcard);
bool x509_names_have_underscore(const struct x509_cert *c);
bool x509_dns_within(struct str name, struct str base);

/* Name constraints of `ca` on `c` (RFC 5280 section 4.2.1.10). NULL when kept, and when the work ended before it was
 * clear; else a sentence (caller frees). */
char *x509_constraints_broken(const struct x509_cert *ca, const struct x509_cert *c, struct work *work);

/* Policies (section 4.2.1.4 and others) into c; false when malformed. */
bool x509_read_policies(struct x509_cert *c, const struct x509_extension *e, struct rd value);
bool x509_read_policy_mappings(struct x509_cert *c, const struct x509_extension *e, struct rd value);
bool x509_read_policy_constraints(struct x509_cert *c, const struct x509_extension *e, struct rd value);
bool x509_read_inhibit_any(struct x509_cert *c, const struct x509_extension *e, struct rd value);
bool x509_read_points(struct x509_cert *c, const struct x509_extension *e, struct rd value);
/* Walks x509_details.policies and .mappings; false at the end. */
bool x509_next_policy(struct rd *policies, struct str *oid);
bool x509_next_mapping(struct rd *mappings, struct str *from, struct str *to);

/* One anchor of the store by subject: calls found for each until it returns false. */
void x509_store_each(const struct x509_store *s, const struct x509_name *subject, struct work *work,
    bool (*found)(void *context, const struct x509_cert *anchor), void *context);

#endif
