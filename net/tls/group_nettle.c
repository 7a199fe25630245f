/* The groups that nettle computes, for BearSSL has them not: X448, and ECDH on P-224. */
#include <string.h>

#include <nettle/curve448.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "net/tls/crypto.h"
#include "net/tls/group_kinds.h"
#include "net/x509/nettle.h"

enum { P224_BYTES = 28, UNCOMPRESSED = 4, LIMB = sizeof(mp_limb_t), LIMB_BITS = 8 * LIMB };

_Static_assert((int)GROUP_MAX_SCALAR >= P224_BYTES + LIMB && (int)GROUP_MAX_SCALAR >= CURVE448_SIZE, "room for them");

static bool
x448_keygen(const struct group *g, struct group_key *k, struct random *r)
{
	(void)g;
	nettle_begin();
	k->scalar_len = CURVE448_SIZE;
	random_bytes(r, k->scalar, k->scalar_len);
	curve448_mul_g(k->public_key, k->scalar);
	return true;
}

static enum group_result
x448_shared(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret)
{
	static const uint8_t zero[CURVE448_SIZE];

	nettle_begin();
	curve448_mul(secret, k->scalar, peer);
	return bytes_equal(secret, zero, g->secret_size) ? GROUP_SMALL_ORDER : GROUP_GOOD;
}

/* ---- P-224 ---- */
/* Numbers go to and fro as limbs, for in an mpz_t their size would depend on them. */
static void
big_endian(uint8_t *out, const mp_limb_t *limbs)
{
	for (size_t i = 0; i < P224_BYTES; i++)
		out[P224_BYTES - 1 - i] = (uint8_t)(limbs[i / LIMB] >> 8 * (i % LIMB));
}

static void
put_coordinates(uint8_t *x, uint8_t *y, const struct ecc_point *p)
{
	big_endian(x, p->p);
	if (y != NULL)
		big_endian(y, p->p + ecc_size(p->ecc));
}

static void
generate(void *r, size_t n, uint8_t *out)
{
	random_bytes(r, out, n);
}

/* scalar: the limbs of the number. */
static bool
p224_keygen(const struct group *g, struct group_key *k, struct random *r)
{
	const struct ecc_curve *curve = nettle_get_secp_224r1();
	struct ecc_scalar scalar;
	struct ecc_point point;

	(void)g;
	nettle_begin();
	ecc_scalar_init(&scalar, curve);
	ecc_point_init(&point, curve);
	ecc_scalar_random(&scalar, r, generate);
	ecc_point_mul_g(&point, &scalar);
	k->scalar_len = (size_t)ecc_size(curve) * LIMB;
	memcpy(k->scalar, scalar.p, k->scalar_len);
	k->public_key[0] = UNCOMPRESSED;
	put_coordinates(k->public_key + 1, k->public_key + 1 + P224_BYTES, &point);
	ecc_scalar_clear(&scalar);
	ecc_point_clear(&point);
	return true;
}

static bool
read_point(struct ecc_point *p, const uint8_t *bytes)
{
	mpz_t x, y;
	bool good;

	mpz_inits(x, y, NULL);
	mpz_import(x, P224_BYTES, 1, 1, 1, 0, bytes + 1);
	mpz_import(y, P224_BYTES, 1, 1, 1, 0, bytes + 1 + P224_BYTES);
	good = ecc_point_set(p, x, y) == 1;
	mpz_clears(x, y, NULL);
	return good;
}

static enum group_result
p224_shared(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret)
{
	const struct ecc_curve *curve = nettle_get_secp_224r1();
	struct ecc_scalar scalar;
	struct ecc_point point;
	bool good;

	(void)g;
	if (peer[0] != UNCOMPRESSED)
		return GROUP_NOT_UNCOMPRESSED;
	nettle_begin();
	ecc_scalar_init(&scalar, curve);
	ecc_point_init(&point, curve);
	good = read_point(&point, peer);
	if (good) {
		memcpy(scalar.p, k->scalar, k->scalar_len);
		ecc_point_mul(&point, &scalar, &point);
		put_coordinates(secret, NULL, &point);
	}
	ecc_scalar_clear(&scalar);
	ecc_point_clear(&point);
	return good ? GROUP_GOOD : GROUP_OFF_CURVE;
}

const struct group_kind group_x448 = { x448_keygen, x448_shared };
const struct group_kind group_p224 = { p224_keygen, p224_shared };
