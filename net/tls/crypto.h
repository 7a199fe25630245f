/*
 * Which implementation of each BearSSL primitive this machine gets, found once per engine, and hashes by their
 * number. Hash numbers are enum x509_hash everywhere: 0 is MD5 followed by SHA-1, 1 to 6 are the TLS registry's.
 */
#ifndef NET_TLS_CRYPTO_H
#define NET_TLS_CRYPTO_H

#include <bearssl.h>

#include "net/x509/x509.h"

struct crypto {
	bool fast_aes;                         /* AES instructions: AES-GCM is preferred to ChaCha20 */
	const br_block_ctr_class *aes_ctr;
	const br_block_ctrcbc_class *aes_ctrcbc;
	const br_block_cbcenc_class *aes_cbcenc;
	const br_block_cbcdec_class *aes_cbcdec;
	br_ghash ghash;
	br_chacha20_run chacha20;
	br_poly1305_run poly1305;
};

void crypto_init(struct crypto *c);

enum { HASH_MAX = 64, HASH_MD5SHA1_SIZE = 36 };

/* NULL for X509_MD5SHA1 and unknown numbers. */
const br_hash_class *hash_class(enum x509_hash h);
size_t hash_size(enum x509_hash h);        /* bytes; 36 for X509_MD5SHA1 */
const char *hash_name(enum x509_hash h);   /* "SHA-256" */
/* Digest of the parts in a row; out has hash_size(h) bytes. Works for X509_MD5SHA1 too. */
void hash_parts(enum x509_hash h, const struct str *parts, size_t n, uint8_t *out);
/* HMAC (RFC 2104) of the parts in a row. */
void hmac_parts(enum x509_hash h, struct str key, const struct str *parts, size_t n, uint8_t *out);

/* Constant-time: true when the n bytes are equal. */
bool bytes_equal(const void *a, const void *b, size_t n);

#endif
