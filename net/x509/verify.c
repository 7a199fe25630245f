/* Signatures verified: PKCS#1 v1.5, PSS, ECDSA. */
#include "net/x509/hash.h"
#include "net/x509/tags.h"

#include <string.h>

enum { RSA_MAX_BYTES = 512, RSA_MIN_BYTES = 64, EC_MAX_POINT = 133 };

/* The library takes pointers to non-const bytes that it does not change. */
static unsigned char *
bytes_of(struct str s)
{
	union {
		const char *in;
		unsigned char *out;
	} p = { s.p };

	return p.out;
}

/* An odd exponent of 3 or more (RFC 8017 section 3.1) that does not cost more work than a signature should. */
static bool
exponent_ok(struct str e)
{
	return e.n > 0 && e.n <= X509_MAX_RSA_EXPONENT && ((uint8_t)e.p[e.n - 1] & 1) != 0 &&
	    (e.n > 1 || (uint8_t)e.p[0] >= 3);
}

/* A key the library can use, and RFC 8017 section 8.2.2: "If the length of the signature S is not k octets, output
 * 'invalid signature' and stop." */
static bool
rsa_ok(const struct x509_key *k, struct str signature)
{
	return (k->type == X509_KEY_RSA || k->type == X509_KEY_RSA_PSS) && k->n.n >= RSA_MIN_BYTES &&
	    k->n.n <= RSA_MAX_BYTES && exponent_ok(k->e) && signature.n == k->n.n;
}

static br_rsa_public_key
rsa_key(const struct x509_key *k)
{
	return (br_rsa_public_key){ bytes_of(k->n), k->n.n, bytes_of(k->e), k->e.n };
}

static bool
hash_ok(enum x509_hash h, struct str hash)
{
	return hash.n > 0 && hash.n == hash_size(h);
}

bool
x509_verify_pkcs1(const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature)
{
	br_rsa_public_key key = rsa_key(k);
	uint8_t signed_hash[HASH_MAX];

	if (!hash_ok(h, hash) || !rsa_ok(k, signature))
		return false;
	return br_rsa_pkcs1_vrfy_get_default()(bytes_of(signature), signature.n, hash_oid(h), hash.n, &key,
		   signed_hash) == 1 &&
	    memcmp(signed_hash, hash.p, hash.n) == 0;
}

/* EMSA-PSS-VERIFY (RFC 8017 section 9.1.2) of the encoded message em of `bits` bits, salt as long as the hash. */
static bool
pss_ok(enum x509_hash h, struct str hash, uint8_t *em, size_t n, unsigned bits)
{
	const size_t size = hash.n;
	const uint8_t top = (uint8_t)(0xFF >> (8 * n - bits)); /* the bits of em[0] that may be set */
	uint8_t again[HASH_MAX];
	size_t db;

	/* 3. "If emLen < hLen + sLen + 2, output 'inconsistent' and stop." 4. The trailer. 6. The leftmost bits. */
	if (n < 2 * size + 2 || em[n - 1] != 0xBC || (em[0] & ~top) != 0)
		return false;
	db = n - size - 1;
	mgf1_xor(h, em + db, em, db);
	em[0] &= top;
	/* 10. Zeros, then 0x01 before the salt. */
	for (size_t i = 0; i < db - size - 1; i++)
		if (em[i] != 0)
			return false;
	if (em[db - size - 1] != 0x01)
		return false;
	hash_parts(h, (const struct str[]){ STR("\0\0\0\0\0\0\0\0"), hash, str_from(em + db - size, size) }, 3, again);
	return memcmp(again, em + db, size) == 0;
}

static unsigned
modulus_bits(struct str n)
{
	unsigned bits = (unsigned)n.n * 8;

	for (uint8_t first = (uint8_t)n.p[0]; bits > 0 && (first & 0x80) == 0; first = (uint8_t)(first << 1)) {
		if (first == 0)
			return 0;
		bits--;
	}
	return bits;
}

bool
x509_verify_pss(const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature)
{
	br_rsa_public_key key = rsa_key(k);
	uint8_t em[RSA_MAX_BYTES];
	unsigned bits;
	size_t skip;

	if (h == X509_MD5SHA1 || (k->pss_limited && k->pss_hash != h) || !hash_ok(h, hash) || !rsa_ok(k, signature) ||
	    (bits = modulus_bits(k->n)) == 0)
		return false;
	memcpy(em, signature.p, signature.n);
	if (br_rsa_public_get_default()(em, signature.n, &key) != 1)
		return false;
	/* RFC 8017 section 8.1.2: "emLen will be one less than k if modBits - 1 is divisible by 8" */
	skip = bits % 8 == 1;
	if (skip && em[0] != 0)
		return false;
	return pss_ok(h, hash, em + skip, signature.n - skip, bits - 1);
}

/* One INTEGER of a signature: DER, positive. */
static bool
positive_integer(struct rd *r)
{
	struct rd v;

	if (rd_u8(r) != DER_INTEGER || rd_left(r) == 0 || r->p[0] > 0x7F)
		return false;
	v = rd_vec8(r);
	return !v.bad && rd_left(&v) > 0 && (v.p[0] & 0x80) == 0 &&
	    !(v.p[0] == 0 && (rd_left(&v) == 1 || (v.p[1] & 0x80) == 0));
}

/* ECDSA-Sig-Value (RFC 3279 section 2.2.3) in strict DER; the library would take sloppier forms. */
static bool
ecdsa_signature_ok(struct str signature)
{
	struct rd r = rd_str(signature), body;

	if (rd_u8(&r) != DER_SEQUENCE || rd_left(&r) < 2)
		return false;
	if (r.p[0] == 0x81) {
		if (r.p[1] < 0x80)
			return false;
		rd_u8(&r);
	} else if (r.p[0] >= 0x80) {
		return false;
	}
	body = rd_vec8(&r);
	return rd_done(&r) && positive_integer(&body) && positive_integer(&body) && rd_done(&body);
}

bool
x509_verify_ecdsa(const struct x509_key *k, struct str hash, struct str signature)
{
	br_ec_public_key key = { (int)k->curve, bytes_of(k->point), k->point.n };

	if (k->type != X509_KEY_EC || k->curve < BR_EC_secp256r1 || k->curve > BR_EC_secp521r1 ||
	    k->point.n > EC_MAX_POINT || hash.n == 0 || hash.n > HASH_MAX || !ecdsa_signature_ok(signature))
		return false;
	return br_ecdsa_vrfy_asn1_get_default()(br_ec_get_default(), hash.p, hash.n, &key, signature.p, signature.n) ==
	    1;
}
