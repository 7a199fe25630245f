/*
 * Keys and certificates (RFC 5280) made on the spot: EC P-256 or RSA 2048, signed with ecdsa-with-SHA256.
 */
#ifndef NET_LAB_CERTIFICATE_H
#define NET_LAB_CERTIFICATE_H

#include <bearssl.h>

#include "net/buf.h"

enum { LAB_RSA_BITS = 2048, LAB_MAX_CERTIFICATE = 4096 };

struct lab_key {
	bool rsa;
	br_ec_private_key ec;
	br_ec_public_key ec_public;
	br_rsa_private_key rsa_private;
	br_rsa_public_key rsa_public;
	/* what the above point into: a key is not to be copied */
	uint8_t private_bytes[BR_RSA_KBUF_PRIV_SIZE(LAB_RSA_BITS)];
	uint8_t public_bytes[BR_RSA_KBUF_PUB_SIZE(LAB_RSA_BITS)];
};

/* About 0.2 ms for EC, 10 to 200 ms for RSA. False when the library refuses. */
bool lab_key_make(struct lab_key *key, bool rsa, const br_prng_class **random);
void lab_key_release(struct lab_key *key); /* wipes */

struct lab_certificate {
	const char *subject; /* common name */
	const char *dns;     /* subjectAltName; NULL for a CA */
	const struct lab_key *key;
	const char *issuer;               /* common name; the subject's for a self-signed one */
	const struct lab_key *issuer_key; /* EC */
	bool ca;                          /* constrained to names below lab.test */
	int64_t not_before, not_after;    /* unix seconds */
};

/* Appends the DER; false when it did not fit. */
bool lab_certificate_write(struct buf *der, const struct lab_certificate *c, const br_prng_class **random);

#endif
