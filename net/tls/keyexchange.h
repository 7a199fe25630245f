/*
 * Private to net/tls. RSA and finite-field Diffie-Hellman key exchange up to TLS 1.2. ECDHE is in group.h.
 */
#ifndef NET_TLS_KEYEXCHANGE_H
#define NET_TLS_KEYEXCHANGE_H

#include "net/tls/random.h"
#include "net/tls/tls.h"

enum {
	RSA_PREMASTER = 48,
	DHE_MAX_BYTES = 8192 / 8,              /* of the largest group of RFC 7919 */
	RSA_MAX_BYTES = X509_MAX_RSA_BITS / 8, /* of a server's key */
};

/* RFC 5246 section 7.4.7.1: the version, then 46 random bytes. */
void rsa_premaster(struct random *r, unsigned version, uint8_t premaster[RSA_PREMASTER]);
/* PKCS#1 v1.5 block type 2 under the server's key; *out is as long as the modulus, without a length in front (SSL 3.0
 * sends it bare). TLS_UNSUPPORTED_KEY when the key is no RSA key, is not between 512 and 16384
 * bits, or has an exponent above X509_MAX_RSA_EXPONENT bytes. */
int rsa_encrypt(struct random *r, const struct x509_key *key, const uint8_t premaster[RSA_PREMASTER],
    uint8_t out[RSA_MAX_BYTES], size_t *n, struct error *error);

/* What ServerKeyExchange carries: leading zeros allowed. */
struct dhe_server {
	struct str p, g, y;
};

struct dhe_result {
	unsigned bits;                     /* of the prime; set as soon as it is known */
	uint8_t public_key[DHE_MAX_BYTES]; /* padded to the prime's length */
	uint8_t secret[DHE_MAX_BYTES];     /* leading zeros stripped (RFC 5246 section 8.1.2) */
	size_t public_len, secret_len;
};

/* Checks p (odd, min_bits to 8192 bits), g and y (1 < v < p - 1), makes our half and the premaster secret.
 * TLS_DH_KEY_TOO_SMALL; TLS_BAD_PUBLIC_KEY; TLS_UNSUPPORTED_KEY with a hint when the prime is above 8192 bits. */
int dhe_agree(struct random *r, const struct dhe_server *server, unsigned min_bits, struct dhe_result *result,
    struct error *error);
void dhe_result_release(struct dhe_result *d); /* wipes */

#endif
