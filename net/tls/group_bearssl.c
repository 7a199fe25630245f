/* The groups that BearSSL computes: X25519, and ECDH on P-256, P-384, P-521. */
#include <string.h>

#include "net/tls/crypto.h"
#include "net/tls/group_kinds.h"

enum { UNCOMPRESSED = 4 };

/* The library takes the scalar as RFC 7748 writes it, little-endian, and clamps it itself. */
static bool
x25519_keygen(const struct group *g, struct group_key *k, struct random *r)
{
	k->scalar_len = g->secret_size;
	random_bytes(r, k->scalar, k->scalar_len);
	return br_ec_get_default()->mulgen(k->public_key, k->scalar, k->scalar_len, g->curve) == g->public_size;
}

static enum group_result
x25519_shared(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret)
{
	static const uint8_t zero[32];

	memcpy(secret, peer, g->peer_size);
	br_ec_get_default()->mul(secret, g->peer_size, k->scalar, k->scalar_len, g->curve);
	return bytes_equal(secret, zero, g->secret_size) ? GROUP_SMALL_ORDER : GROUP_GOOD;
}

static bool
ecdh_keygen(const struct group *g, struct group_key *k, struct random *r)
{
	const br_ec_impl *ec = br_ec_get_default();
	uint8_t room[BR_EC_KBUF_PRIV_MAX_SIZE];
	br_ec_private_key key;

	k->scalar_len = br_ec_keygen(&r->vtable, ec, &key, room, g->curve);
	if (k->scalar_len == 0 || k->scalar_len > sizeof k->scalar)
		return false;
	memcpy(k->scalar, key.x, key.xlen);
	mem_wipe(room, sizeof room);
	return ec->mulgen(k->public_key, k->scalar, k->scalar_len, g->curve) == g->public_size;
}

static enum group_result
ecdh_shared(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret)
{
	uint8_t point[GROUP_MAX_POINT];
	bool good;

	if (peer[0] != UNCOMPRESSED)
		return GROUP_NOT_UNCOMPRESSED;
	memcpy(point, peer, g->peer_size);
	good = br_ec_get_default()->mul(point, g->peer_size, k->scalar, k->scalar_len, g->curve) == 1;
	memcpy(secret, point + 1, g->secret_size);
	mem_wipe(point, sizeof point);
	return good ? GROUP_GOOD : GROUP_OFF_CURVE;
}

const struct group_kind group_x25519 = { x25519_keygen, x25519_shared };
const struct group_kind group_ecdh = { ecdh_keygen, ecdh_shared };
