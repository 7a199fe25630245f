/*
 * Private to net/tls. Cipher suites: one row each. The rows' public part is declared in tls.h (tls_suite_at,
 * tls_suite_find ...).
 */
#ifndef NET_TLS_SUITE_H
#define NET_TLS_SUITE_H

#include "net/tls/crypto.h"
#include "net/tls/names.h"
#include "net/tls/tls.h"

enum suite_kx { KX_RSA, KX_DHE, KX_ECDHE, KX_TLS13 };
enum suite_auth { AUTH_RSA, AUTH_ECDSA, AUTH_ANY };
enum suite_cipher {
	CIPHER_NULL,
	CIPHER_RC4_128,
	CIPHER_DES_CBC,
	CIPHER_3DES_EDE_CBC,
	CIPHER_AES_128_CBC,
	CIPHER_AES_256_CBC,
	CIPHER_AES_128_GCM,
	CIPHER_AES_256_GCM,
	CIPHER_AES_128_CCM,
	CIPHER_AES_256_CCM,
	CIPHER_AES_128_CCM_8,
	CIPHER_AES_256_CCM_8,
	CIPHER_CHACHA20_POLY1305
};
enum cipher_kind { CIPHER_KIND_STREAM, CIPHER_KIND_CBC, CIPHER_KIND_GCM, CIPHER_KIND_CCM, CIPHER_KIND_CHACHA20 };

struct suite {
	struct tls_suite_info info; /* id, names, versions, legacy */
	enum suite_kx kx;
	enum suite_auth auth;
	enum suite_cipher cipher;
	enum x509_hash mac; /* of NULL, stream and CBC suites; X509_MD5SHA1 for AEAD */
	enum x509_hash prf; /* of TLS 1.2 and 1.3 */
	bool only_named;    /* not in any default list, nor in "all" and "legacy" */
};

struct cipher_info {
	enum cipher_kind kind;
	unsigned key, block, tag;      /* bytes; block 0 unless CBC, tag 0 unless AEAD */
	unsigned salt, explicit_nonce; /* TLS 1.2: bytes from the key block, and in each record */
};

const struct suite *suite_find(uint16_t id); /* NULL when we cannot speak it */
const struct cipher_info *cipher_info(enum suite_cipher c);
bool suite_is_cbc(const struct suite *s);
bool suite_is_aead(const struct suite *s);
bool suite_fits(const struct suite *s, unsigned min_version, unsigned max_version); /* some version in common */
/* Bytes of the key block of SSL 3.0 to TLS 1.2 (RFC 5246 section 6.3). */
size_t suite_key_block(const struct suite *s, unsigned version);

/* The suites to offer when the user named none. AES-GCM first with fast_aes, else ChaCha20. Up to TLS 1.2 only
 * forward-secret AEAD; `legacy` adds what else fits the versions, the better first, but those only_named. The count. */
size_t suite_defaults(const struct crypto *c, unsigned min_version, unsigned max_version, bool legacy, uint16_t *ids,
    size_t max);

#endif
