/*
 * Private to net/tls. Signature schemes (RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1) and signing and verifying
 * with them in every version. Before TLS 1.2 there is no scheme on the wire: pass 0, the key decides (RSA: MD5 and
 * SHA-1; EC: SHA-1).
 */
#ifndef NET_TLS_SCHEME_H
#define NET_TLS_SCHEME_H

#include "net/tls/crypto.h"
#include "net/tls/random.h"
#include "net/tls/tls.h"

enum scheme_kind { SCHEME_PKCS1, SCHEME_PSS_RSAE, SCHEME_PSS_PSS, SCHEME_ECDSA, SCHEME_EDDSA };

struct scheme {
	struct tls_name name; /* id and name */
	enum scheme_kind kind;
	enum x509_hash hash; /* EdDSA hashes by itself */
	uint16_t curve;      /* ECDSA: the curve TLS 1.3 binds it to, 0 = not usable in TLS 1.3 */
	bool legacy;         /* not offered by default */
};

const struct scheme *scheme_find(uint16_t id); /* NULL when we cannot verify it */
/* What to offer; SHA-1 schemes only when min_version is below TLS 1.2 or `legacy`. The count. */
size_t scheme_defaults(unsigned min_version, unsigned max_version, bool legacy, uint16_t *ids, size_t max);
/* May a handshake signature of this version use the scheme with this key? (PKCS#1 not in TLS 1.3, the curve bound
 * there, rsae and pss key types, a modulus large enough for the PSS hash.) */
bool scheme_fits(const struct scheme *s, unsigned version, const struct x509_key *key);

/* Verifies a handshake signature over the parts in a row. The caller has checked that the scheme was offered.
 * TLS_WRONG_SCHEME: does not fit the version or key. TLS_BAD_SIGNATURE. TLS_UNSUPPORTED_KEY: a key we cannot use at
 * all, such as DSA or RSA above 16384 bits, named in the text. */
int scheme_verify(const struct x509_key *key, unsigned version, uint16_t scheme, const struct str *parts, size_t n,
    struct str signature, struct error *error);
/* The hash a signature of this kind is made over (scheme 0: by the key). */
enum x509_hash scheme_hash(const struct x509_key *key, uint16_t scheme);

/* RFC 8446 section 4.4.3: 64 spaces, the context string, a zero, the transcript hash. out has room for it. */
enum { SCHEME_TLS13_CONTENT_MAX = 64 + 33 + 1 + HASH_MAX };
size_t scheme_tls13_content(bool server, struct str transcript_hash, uint8_t out[SCHEME_TLS13_CONTENT_MAX]);

#endif
