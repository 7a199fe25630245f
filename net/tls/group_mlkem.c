/* X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem): ML-KEM-768 and X25519 in a row, in values, scalars and secret. */
#include <string.h>

#include "net/tls/group_kinds.h"
#include "net/tls/mlkem.h"

enum { X25519_SIZE = 32 };

static const struct group x25519 = {
	.curve = BR_EC_curve25519,
	.public_size = X25519_SIZE,
	.peer_size = X25519_SIZE,
	.secret_size = X25519_SIZE,
};

_Static_assert((int)GROUP_MAX_SCALAR >= MLKEM_SEED + X25519_SIZE && (int)GROUP_MAX_PUBLIC >= MLKEM_KEY + X25519_SIZE &&
	(int)GROUP_MAX_SECRET >= MLKEM_SECRET + X25519_SIZE,
    "room for both");

static bool
keygen(const struct group *g, struct group_key *k, struct random *r)
{
	struct group_key other = { .group = 0 };
	bool good = group_x25519.keygen(&x25519, &other, r);

	(void)g;
	random_bytes(r, k->scalar, MLKEM_SEED);
	mlkem_keygen(k->scalar, k->public_key);
	memcpy(k->scalar + MLKEM_SEED, other.scalar, X25519_SIZE);
	memcpy(k->public_key + MLKEM_KEY, other.public_key, X25519_SIZE);
	k->scalar_len = MLKEM_SEED + X25519_SIZE;
	mem_wipe(&other, sizeof other);
	return good;
}

static enum group_result
shared(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret)
{
	struct group_key other = { .scalar_len = X25519_SIZE };
	enum group_result result;

	(void)g;
	mlkem_decapsulate(k->scalar, k->public_key, peer, secret);
	memcpy(other.scalar, k->scalar + MLKEM_SEED, X25519_SIZE);
	result = group_x25519.shared(&x25519, &other, peer + MLKEM_CIPHERTEXT, secret + MLKEM_SECRET);
	mem_wipe(&other, sizeof other);
	return result;
}

const struct group_kind group_x25519_mlkem = { keygen, shared };
