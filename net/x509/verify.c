/* Signatures verified: PKCS#1 v1.5, PSS, ECDSA. */
#include "net/x509/hash.h"
#include "net/x509/nettle.h"
#include "net/x509/tags.h"

#include <string.h>

enum {
	RSA_MAX_BYTES = X509_MAX_RSA_BITS / 8,
	RSA_MIN_BYTES = 64,
	RSA_MAX_BEARSSL = 512,
	EC_MAX_POINT = 133,
	P224 = 21
};

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

/* A key that can be used, and RFC 8017 section 8.2.2: "If the length of the signature S is not k octets, output
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

/* RSAVP1 (RFC 8017 section 5.2.2): the message that was signed, as long as the modulus. */
static bool
rsa_public(const struct x509_key *k, struct str signature, uint8_t *em)
{
	br_rsa_public_key key = rsa_key(k);

	if (k->n.n > RSA_MAX_BEARSSL)
		return nettle_power(signature, k->e, k->n, em);
	memcpy(em, signature.p, signature.n);
	return br_rsa_public_get_default()(em, signature.n, &key) == 1;
}

/* EMSA-PKCS1-v1_5 (RFC 8017 section 9.2): 0, 1, at least eight bytes 0xFF, 0, and the DigestInfo, or the hash alone
 * where it has no name. */
static bool
pkcs1_ok(enum x509_hash h, struct str hash, const uint8_t *em, size_t n)
{
	const uint8_t *oid = hash_oid(h);
	uint8_t info[128];
	size_t at = 0, padding;

	if (oid != NULL) {
		const uint8_t head[] = { DER_SEQUENCE, (uint8_t)(oid[0] + 8 + hash.n), DER_SEQUENCE,
			(uint8_t)(oid[0] + 4), DER_OID };
		const uint8_t tail[] = { DER_NULL, 0, DER_OCTET_STRING, (uint8_t)hash.n };

		memcpy(info, head, sizeof head);
		memcpy(info + sizeof head, oid, oid[0] + 1);
		at = sizeof head + oid[0] + 1;
		memcpy(info + at, tail, sizeof tail);
		at += sizeof tail;
	}
	memcpy(info + at, hash.p, hash.n);
	at += hash.n;
	padding = n - at - 3;
	for (size_t i = 0; i < padding; i++)
		if (em[2 + i] != 0xFF)
			return false;
	return em[0] == 0 && em[1] == 1 && em[2 + padding] == 0 && memcmp(em + 3 + padding, info, at) == 0;
}

bool
x509_verify_pkcs1(const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature)
{
	br_rsa_public_key key = rsa_key(k);
	uint8_t signed_hash[HASH_MAX], em[RSA_MAX_BYTES];

	if (!hash_ok(h, hash) || !rsa_ok(k, signature))
		return false;
	if (k->n.n > RSA_MAX_BEARSSL)
		return rsa_public(k, signature, em) && pkcs1_ok(h, hash, em, k->n.n);
	return br_rsa_pkcs1_vrfy_get_default()(bytes_of(signature), signature.n, hash_oid(h), hash.n, &key,
		   signed_hash) == 1 &&
	    memcmp(signed_hash, hash.p, hash.n) == 0;
}

/* EMSA-PSS-VERIFY (RFC 8017 section 9.1.2) of the encoded message em of `bits` bits. */
static bool
pss_ok(enum x509_hash h, size_t salt, struct str hash, uint8_t *em, size_t n, unsigned bits)
{
	const size_t size = hash.n;
	const uint8_t top = (uint8_t)(0xFF >> (8 * n - bits)); /* the bits of em[0] that may be set */
	uint8_t again[HASH_MAX];
	size_t db;

	/* 3. "If emLen < hLen + sLen + 2, output 'inconsistent' and stop." 4. The trailer. 6. The leftmost bits. */
	if (salt > n || n - salt < size + 2 || em[n - 1] != 0xBC || (em[0] & ~top) != 0)
		return false;
	db = n - size - 1;
	mgf1_xor(h, em + db, em, db);
	em[0] &= top;
	/* 10. Zeros, then 0x01 before the salt. */
	for (size_t i = 0; i < db - salt - 1; i++)
		if (em[i] != 0)
			return false;
	if (em[db - salt - 1] != 0x01)
		return false;
	hash_parts(h, (const struct str[]){ STR("\0\0\0\0\0\0\0\0"), hash, str_from(em + db - salt, salt) }, 3, again);
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
	return x509_verify_pss_salt(k, h, hash_size(h), hash, signature);
}

bool
x509_verify_pss_salt(const struct x509_key *k, enum x509_hash h, size_t salt, struct str hash, struct str signature)
{
	uint8_t em[RSA_MAX_BYTES];
	unsigned bits;
	size_t skip;

	if (h == X509_MD5SHA1 || (k->pss_limited && (k->pss_hash != h || salt < k->pss_salt)) || !hash_ok(h, hash) ||
	    !rsa_ok(k, signature) || (bits = modulus_bits(k->n)) == 0)
		return false;
	if (!rsa_public(k, signature, em))
		return false;
	/* RFC 8017 section 8.1.2: "emLen will be one less than k if modBits - 1 is divisible by 8" */
	skip = bits % 8 == 1;
	if (skip && em[0] != 0)
		return false;
	return pss_ok(h, salt, hash, em + skip, signature.n - skip, bits - 1);
}

/* One INTEGER of a signature: DER, positive. */
static bool
positive_integer(struct rd *r, struct str *number)
{
	struct rd v;

	if (rd_u8(r) != DER_INTEGER || rd_left(r) == 0 || r->p[0] > 0x7F)
		return false;
	v = rd_vec8(r);
	*number = str_from(v.p, rd_left(&v));
	return !v.bad && rd_left(&v) > 0 && (v.p[0] & 0x80) == 0 &&
	    !(v.p[0] == 0 && (rd_left(&v) == 1 || (v.p[1] & 0x80) == 0));
}

/* ECDSA-Sig-Value (RFC 3279 section 2.2.3) in strict DER, its two numbers; the library would take sloppier forms. */
static bool
read_ecdsa_signature(struct str signature, struct str number[2])
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
	return rd_done(&r) && positive_integer(&body, &number[0]) && positive_integer(&body, &number[1]) &&
	    rd_done(&body);
}

bool
x509_verify_ecdsa(const struct x509_key *k, struct str hash, struct str signature)
{
	br_ec_public_key key = { (int)k->curve, bytes_of(k->point), k->point.n };
	struct str number[2];

	if (k->type != X509_KEY_EC || hash.n == 0 || hash.n > HASH_MAX || !read_ecdsa_signature(signature, number))
		return false;
	if (k->curve == P224)
		return nettle_p224_verify(k->point, hash, number[0], number[1]);
	if (k->curve < BR_EC_secp256r1 || k->curve > BR_EC_secp521r1 || k->point.n > EC_MAX_POINT)
		return false;
	return br_ecdsa_vrfy_asn1_get_default()(br_ec_get_default(), hash.p, hash.n, &key, signature.p, signature.n) ==
	    1;
}
