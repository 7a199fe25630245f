/*
 * Certificates made on the spot, with P-256 keys that are numbers (key 7 has the private scalar 7) and anything right
 * or wrong in them. Deterministic.
 */
#ifndef TESTS_SUPPORT_MAKE_CERT_H
#define TESTS_SUPPORT_MAKE_CERT_H

#include "net/bytes.h"
#include "net/x509/x509.h"

#define MAKE_NOW 1780272000 /* 2026-06-01 00:00:00 UTC */
#define MAKE_DAY 86400

enum { MAKE_EXTENSIONS = 8 };

/* The elements of a certificate in their order. */
enum make_field {
	MAKE_VERSION,
	MAKE_SERIAL,
	MAKE_INNER_ALGORITHM,
	MAKE_ISSUER,
	MAKE_VALIDITY,
	MAKE_SUBJECT,
	MAKE_KEY,
	MAKE_TAIL, /* the unique identifiers and extensions */
	MAKE_ALGORITHM,
	MAKE_SIGNATURE,
	MAKE_FIELDS
};

struct made_extension {
	const char *oid; /* hex of the OID's contents; NULL ends the list */
	bool critical;
	const char *value; /* hex of the value's DER */
};

/* What is left 0 or NULL gets a value that makes a good leaf of "CN=CA", key 1. */
struct made {
	/* "C=DE,O=Example,CN=leaf"; "" is the empty name, + joins attributes; default "CN=leaf", "CN=CA" */
	const char *subject, *issuer;
	unsigned key, signer; /* default 2, 1 */
	int64_t from, until;  /* default a month around MAKE_NOW */
	unsigned version;     /* default 3 */
	const char *serial;   /* hex of the INTEGER's contents */
	const char *names;    /* "DNS:a.example,IP:192.0.2.1,email:me@a.example,dir:C=DE"; NULL: no subjectAltName */
	bool names_critical;
	int ca;          /* 1: a CA, -1: basicConstraints that say it is none, 0: no basicConstraints */
	int path_len;    /* 1 more than the limit; 0: no limit */
	unsigned usage;  /* bits of enum x509_usage; 0: no keyUsage */
	const char *eku; /* "server,client,ocsp,any"; NULL: none */
	const char *permitted, *excluded; /* as names; IP:192.0.2.0/255.255.255.0 */
	unsigned ski, aki;                /* key identifiers of one byte; 0: none */
	struct made_extension more[MAKE_EXTENSIONS];
	const char *raw_extensions;   /* hex of what stands behind the extensions, right or wrong */
	const char *algorithm;        /* hex of the AlgorithmIdentifier; default ecdsa-with-SHA256 */
	const char *inner_algorithm;  /* of the signed part; default the same */
	const char *spki;             /* hex; default the key's */
	bool broken;                  /* the signature */
	unsigned rsa_signature;       /* a signature of so many bytes that nobody made */
	const char *raw[MAKE_FIELDS]; /* hex that stands in the field's place, right or wrong; NULL: the field */
};

/* DER of the certificate; release the buffer. */
struct buf make_cert(const struct made *m);
/* The same, decoded; x509_cert_free(). One that cannot be decoded ends the program. */
struct x509_cert *make_decoded(const struct made *m);
/* tag, length, contents */
void make_tlv(struct buf *out, unsigned tag, struct str contents);
void make_hex(struct buf *out, const char *hex);
void make_name(struct buf *out, const char *text);
void make_time(struct buf *out, int64_t at); /* GeneralizedTime */
void make_spki(struct buf *out, unsigned key);
void make_point(unsigned key, uint8_t out[65]);
/* ECDSA with SHA-256 of the bytes, as DER, by the key. */
struct buf make_signature(struct str bytes, unsigned key);
#define MAKE_ECDSA_SHA256 "300a06082a8648ce3d040302"

#endif
