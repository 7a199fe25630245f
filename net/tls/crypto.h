/*
 * Private to net/tls. Which implementation of each BearSSL primitive this machine gets, found once per engine, and
 * HMAC. Hash functions by number: net/x509/hash.h.
 */
#ifndef NET_TLS_CRYPTO_H
#define NET_TLS_CRYPTO_H

#include "net/x509/hash.h"

struct crypto {
	bool fast_aes; /* AES instructions: AES-GCM is preferred to ChaCha20 */
	const br_block_ctr_class *aes_ctr;
	const br_block_ctrcbc_class *aes_ctrcbc;
	const br_block_cbcenc_class *aes_cbcenc;
	const br_block_cbcdec_class *aes_cbcdec;
	br_ghash ghash;
	br_chacha20_run chacha20;
	br_poly1305_run poly1305;
};

void crypto_init(struct crypto *c);

/* HMAC (RFC 2104) of the parts in a row. */
void hmac_parts(enum x509_hash h, struct str key, const struct str *parts, size_t n, uint8_t *out);

/* Constant-time: true when the n bytes are equal. */
bool bytes_equal(const void *a, const void *b, size_t n);

#endif
