/* What BearSSL lacks, from nettle and GMP. */
#include "net/x509/nettle.h"

#include <stdlib.h>
#include <string.h>

#include <gmp.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>

_Static_assert((int)ED25519_BYTES == ED25519_KEY_SIZE && (int)ED448_BYTES == ED448_KEY_SIZE &&
	(int)ED25519_SIGNED == ED25519_SIGNATURE_SIZE && (int)ED448_SIGNED == ED448_SIGNATURE_SIZE,
    "nettle's sizes");

enum { P224_BYTES = 28 };

/* ---- GMP's memory ---- */
static void *
take(size_t n)
{
	return mem_alloc(n);
}

static void
give(void *p, size_t n)
{
	mem_wipe(p, n);
	free(p);
}

static void *
change(void *p, size_t before, size_t n)
{
	void *moved = mem_alloc(n);

	memcpy(moved, p, before < n ? before : n);
	give(p, before);
	return moved;
}

void
nettle_begin(void)
{
	mp_set_memory_functions(take, change, give);
}

/* ---- EdDSA ---- */
static const uint8_t *
bytes(struct str s)
{
	return (const uint8_t *)s.p;
}

/* RFC 8032 section 5.2.7: S is below the order, so its last byte is 0; nettle 3.8 does not look at it. */
static bool
ed448_verify(struct str key, struct str message, struct str signature)
{
	return key.n == ED448_BYTES && signature.n == ED448_SIGNED && signature.p[ED448_SIGNED - 1] == 0 &&
	    ed448_shake256_verify(bytes(key), message.n, bytes(message), bytes(signature)) == 1;
}

bool
x509_verify_eddsa(const struct x509_key *k, struct str message, struct str signature)
{
	nettle_begin();
	if (k->type == X509_KEY_ED25519)
		return k->point.n == ED25519_BYTES && signature.n == ED25519_SIGNED &&
		    ed25519_sha512_verify(bytes(k->point), message.n, bytes(message), bytes(signature)) == 1;
	return k->type == X509_KEY_ED448 && ed448_verify(k->point, message, signature);
}

void
nettle_eddsa_public(enum x509_key_type type, const uint8_t *private_key, uint8_t *public_key)
{
	nettle_begin();
	if (type == X509_KEY_ED25519)
		ed25519_sha512_public_key(public_key, private_key);
	else
		ed448_shake256_public_key(public_key, private_key);
}

void
nettle_eddsa_sign(enum x509_key_type type, const uint8_t *private_key, struct str message, uint8_t *signature)
{
	uint8_t public_key[ED448_BYTES];

	nettle_eddsa_public(type, private_key, public_key);
	if (type == X509_KEY_ED25519)
		ed25519_sha512_sign(public_key, private_key, message.n, bytes(message), signature);
	else
		ed448_shake256_sign(public_key, private_key, message.n, bytes(message), signature);
}

/* ---- ECDSA on P-224 ---- */
static void
import(mpz_t number, struct str s)
{
	mpz_import(number, s.n, 1, 1, 1, 0, s.p);
}

bool
nettle_p224_verify(struct str point, struct str hash, struct str r, struct str s)
{
	struct dsa_signature signature;
	struct ecc_point key;
	mpz_t x, y;
	bool good;

	if (point.n != 1 + 2 * P224_BYTES || point.p[0] != 4 || r.n > P224_BYTES + 1 || s.n > P224_BYTES + 1)
		return false;
	nettle_begin();
	mpz_inits(x, y, NULL);
	dsa_signature_init(&signature);
	ecc_point_init(&key, nettle_get_secp_224r1());
	import(x, str_slice(point, 1, 1 + P224_BYTES));
	import(y, str_slice(point, 1 + P224_BYTES, point.n));
	import(signature.r, r);
	import(signature.s, s);
	good = ecc_point_set(&key, x, y) == 1 && ecdsa_verify(&key, hash.n, bytes(hash), &signature) == 1;
	ecc_point_clear(&key);
	dsa_signature_clear(&signature);
	mpz_clears(x, y, NULL);
	return good;
}

/* ---- powers of large numbers ---- */
enum { LIMB = sizeof(mp_limb_t) };

/* A number of n limbs, the least significant first, from bytes that fit. */
static void
limbs_from(mp_limb_t *limbs, mp_size_t n, struct str s)
{
	memset(limbs, 0, (size_t)n * LIMB);
	for (size_t i = 0; i < s.n; i++)
		limbs[i / LIMB] |= (mp_limb_t)(uint8_t)s.p[s.n - 1 - i] << 8 * (i % LIMB);
}

static void
limbs_to(uint8_t *out, size_t size, const mp_limb_t *limbs)
{
	for (size_t i = 0; i < size; i++)
		out[size - 1 - i] = (uint8_t)(limbs[i / LIMB] >> 8 * (i % LIMB));
}

static mp_size_t
limbs_of(struct str s)
{
	return (mp_size_t)((s.n + LIMB - 1) / LIMB);
}

static bool
all_zero(struct str s)
{
	unsigned any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (uint8_t)s.p[i];
	return any == 0;
}

bool
nettle_power(struct str base, struct str exponent, struct str modulus, uint8_t *out)
{
	mp_size_t n = limbs_of(modulus), e = limbs_of(exponent), room;
	mp_limb_t *at, *work;

	if (modulus.n == 0 || modulus.n > X509_MAX_RSA_BITS / 8 || modulus.p[0] == 0 ||
	    (modulus.p[modulus.n - 1] & 1) == 0 || base.n != modulus.n || all_zero(base) ||
	    memcmp(base.p, modulus.p, base.n) >= 0 || exponent.n == 0)
		return false;
	room = mpn_sec_powm_itch(n, 8 * exponent.n, n);
	at = work = mem_alloc((size_t)(3 * n + e + room) * LIMB);
	limbs_from(at, n, base);
	limbs_from(at + n, n, modulus);
	limbs_from(at + 3 * n, e, exponent);
	mpn_sec_powm(at + 2 * n, at, n, at + 3 * n, 8 * exponent.n, at + n, n, at + 3 * n + e);
	limbs_to(out, modulus.n, at + 2 * n);
	mem_wipe(work, (size_t)(3 * n + e + room) * LIMB);
	free(work);
	return true;
}
