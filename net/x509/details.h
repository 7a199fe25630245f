/* What a decoded certificate holds besides the public fields of struct x509_cert. Private to net/x509. */
#ifndef NET_X509_DETAILS_H
#define NET_X509_DETAILS_H

#include "net/x509/der.h"
#include "net/x509/x509.h"

enum { X509_MAX_DEFECTS = 16, X509_MAX_EXTENSIONS = 128, X509_MIN_RSA_BITS = 2048 };

enum signature_kind { SIGNATURE_UNKNOWN, SIGNATURE_PKCS1, SIGNATURE_PSS, SIGNATURE_ECDSA };

struct signature_algorithm {
	enum signature_kind kind;
	enum x509_hash hash;
	const char *name;              /* of the table, or NULL */
	struct str oid;
};

/* GeneralName (RFC 5280 section 4.2.1.6): the context tag's number and its contents. */
enum general_name_type { NAME_OTHER = 0, NAME_MAIL = 1, NAME_DNS = 2, NAME_DIRECTORY = 4, NAME_URI = 6, NAME_IP = 7 };
struct general_name {
	unsigned type;
	struct str value;
};
struct general_names {
	struct general_name *items;
	size_t n;
};

/* Something wrong with the certificate itself, found while decoding; profile: a rule of RFC 5280's profile that says
 * nothing about whom to trust, looked at only by a strict policy. */
struct x509_defect {
	enum x509_fault fault;
	bool profile;
	char *text;
};

struct x509_details {
	unsigned version;              /* 1, 2, 3 */
	struct signature_algorithm algorithm;
	struct str signature;
	struct general_names names;    /* subjectAltName */
	bool has_names;
	struct str ski, aki;           /* key identifiers; aki.p NULL when the field is absent */
	struct str aki_issuer, aki_serial;       /* authorityCertIssuer (GeneralNames) and authorityCertSerialNumber, or empty */
	bool has_ski, has_aki;
	bool serial_ok;                           /* positive, at most 20 bytes */
	bool server_auth, any_use, ocsp_signing;  /* of extKeyUsage */
	struct str eku;                /* contents of its SEQUENCE */
	bool has_constraints;
	struct general_names permitted, excluded;
	struct str issuer_url;         /* of authorityInfoAccess, or empty */
	struct str sct_list;
	bool must_staple;
	struct x509_defect defects[X509_MAX_DEFECTS];
	size_t n_defects;
};

void x509_add_defect(struct x509_details *d, enum x509_fault fault, bool profile, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Reads extensions (contents of the SEQUENCE) into c; what is wrong becomes a defect. */
void x509_read_extensions(struct x509_cert *c, struct rd extensions);
/* GeneralNames; false when malformed. */
bool x509_read_general_names(struct rd *r, struct general_names *out);
/* The hash of an AlgorithmIdentifier, an enum x509_hash; -1 when it is unknown. */
int x509_read_hash(struct rd *r);
struct signature_algorithm x509_signature_algorithm(struct str algorithm_identifier);
bool x509_signed_by(const struct x509_key *key, const struct signature_algorithm *a, struct str tbs, struct str signature);
/* Whether signatures by the key can be verified here at all: RSA up to 4096 bits, EC on P-256, P-384, P-521. */
bool x509_key_usable(const struct x509_key *key);
bool x509_read_key(struct str spki, struct x509_key *key);
void x509_add_general_name(struct buf *out, const struct general_name *name);     /* "DNS:example.com" */
char *x509_hex_text(struct str bytes);                 /* pairs with colons */
char *x509_span_text(int64_t seconds);                 /* "12 days"; caller frees */
char *x509_oid_text(struct str oid);                   /* "1.2.840.113549"; caller frees */

/* Distinguished names, compared as RFC 5280 section 7.1 says: string types, case and inner spaces do not matter. */
bool x509_name_eq(struct str a, struct str b);
bool x509_name_within(struct str name, struct str base);     /* base's RDNs are the first of name's */
bool x509_name_empty(struct str name);
/* Of the last RDN that has one; empty when none. */
struct str x509_common_name(struct str name);
struct str x509_mail_address(struct str name);
char *x509_name_text(struct str name);

/* RFC 9525: whether the certificate is one for the host (DNS name or numeric address). */
bool x509_host_matches(const struct x509_cert *c, const char *host);
/* A common name that is an IP address is written as RFC 3986 and RFC 5952 have it; other common names may be anything. */
bool x509_common_name_ok(const struct x509_cert *c);
bool x509_dns_name_ok(struct str name, bool wildcard);
bool x509_names_have_underscore(const struct x509_cert *c);
bool x509_dns_within(struct str name, struct str base);

/* Name constraints of `ca` on `c` (RFC 5280 section 4.2.1.10). NULL when kept, else a sentence (caller frees). *work counts
 * comparisons; beyond the limit it stays NULL and *work tells. */
enum { X509_MAX_COMPARISONS = 200000 };
char *x509_constraints_broken(const struct x509_cert *ca, const struct x509_cert *c, unsigned *work);

/* One anchor of the store by subject: calls found for each until it returns false. */
void x509_store_each(const struct x509_store *s, struct str subject,
    bool (*found)(void *context, const struct x509_cert *anchor), void *context);

#endif
