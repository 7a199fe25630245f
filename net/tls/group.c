/* Named groups: the table, a key made, the secret shared; what is the same in all of them is checked here. */
#include <string.h>

#include "net/tls/group_kinds.h"
#include "net/tls/mlkem.h"

/* In the order of preference. RFC 8446 section 4.2.7 has no P-224; the hybrid stands last, for who prefers it says so,
 * and its share is three times the rest of a hello. */
/* clang-format off */
static const struct group groups[GROUP_COUNT] = {
	{ { GROUP_X25519, "x25519" }, &group_x25519, BR_EC_curve25519, 32, 32, 32, SSL_3_0, TLS_1_3 },
	{ { GROUP_P256, "secp256r1" }, &group_ecdh, BR_EC_secp256r1, 65, 65, 32, SSL_3_0, TLS_1_3 },
	{ { GROUP_P384, "secp384r1" }, &group_ecdh, BR_EC_secp384r1, 97, 97, 48, SSL_3_0, TLS_1_3 },
	{ { GROUP_P521, "secp521r1" }, &group_ecdh, BR_EC_secp521r1, 133, 133, 66, SSL_3_0, TLS_1_3 },
	{ { GROUP_X448, "x448" }, &group_x448, 0, 56, 56, 56, SSL_3_0, TLS_1_3 },
	{ { GROUP_P224, "secp224r1" }, &group_p224, 0, 57, 57, 28, SSL_3_0, TLS_1_2 },
	{ { GROUP_X25519MLKEM768, "X25519MLKEM768" }, &group_x25519_mlkem, 0, MLKEM_KEY + 32, MLKEM_CIPHERTEXT + 32,
	    MLKEM_SECRET + 32, TLS_1_3, TLS_1_3 },
};
/* clang-format on */

static const struct group *
group_find(uint16_t id)
{
	for (size_t i = 0; i < GROUP_COUNT; i++)
		if (groups[i].name.id == id)
			return &groups[i];
	return NULL;
}

const struct tls_name *
tls_group_at(size_t index)
{
	return index < GROUP_COUNT ? &groups[index].name : NULL;
}

bool
group_supported(uint16_t id)
{
	return group_find(id) != NULL;
}

bool
group_fits(uint16_t id, unsigned version)
{
	const struct group *g = group_find(id);

	return g != NULL && g->min_version <= version && version <= g->max_version;
}

size_t
group_public_size(uint16_t id)
{
	const struct group *g = group_find(id);

	return g != NULL ? g->public_size : 0;
}

size_t
group_defaults(unsigned max_version, uint16_t *ids, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < GROUP_COUNT && n < max; i++)
		if (group_fits(groups[i].name.id, max_version))
			ids[n++] = groups[i].name.id;
	return n;
}

int
group_keygen(struct group_key *k, uint16_t group, struct random *r, struct error *error)
{
	const struct group *g = group_find(group);

	if (g == NULL)
		return fail(error, ERROR_TLS, TLS_WRONG_GROUP, "the group %s is not supported", tls_group_name(group));
	memset(k, 0, sizeof *k);
	if (!g->kind->keygen(g, k, r))
		return fail(error, ERROR_TLS, TLS_INTERNAL, "no key for the group %s", g->name.name);
	k->public_len = g->public_size;
	k->group = group;
	return 0;
}

int
group_shared(const struct group_key *k, struct str peer, uint8_t secret[GROUP_MAX_SECRET], size_t *n,
    struct error *error)
{
	const struct group *g = group_find(k->group);
	static const char *const why[] = {
		[GROUP_NOT_UNCOMPRESSED] = "it is not an uncompressed point",
		[GROUP_OFF_CURVE] = "the point is not on the curve",
		[GROUP_SMALL_ORDER] = "it is a point of small order",
	};
	enum group_result result;

	if (g == NULL)
		return fail(error, ERROR_TLS, TLS_INTERNAL, "a key exchange without a key");
	if (peer.n != g->peer_size)
		return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY,
		    "the server's %s public key has %zu bytes instead of %zu", g->name.name, peer.n, g->peer_size);
	result = g->kind->shared(g, k, (const uint8_t *)peer.p, secret);
	if (result != GROUP_GOOD) {
		mem_wipe(secret, g->secret_size);
		return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY, "the server's %s public key is invalid: %s",
		    g->name.name, why[result]);
	}
	*n = g->secret_size;
	return 0;
}

void
group_key_release(struct group_key *k)
{
	mem_wipe(k, sizeof *k);
}
