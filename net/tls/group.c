/* Named groups: a key made, the secret shared; what the library does not check is checked here. */
#include "net/tls/group.h"

#include <string.h>

enum { X25519_SIZE = 32 };

static const struct group {
	struct tls_name name;
	int curve; /* BearSSL's number */
	size_t public_len, coordinate;
} groups[GROUP_COUNT] = {
	{ { GROUP_X25519, "x25519" }, BR_EC_curve25519, X25519_SIZE, X25519_SIZE },
	{ { GROUP_P256, "secp256r1" }, BR_EC_secp256r1, 65, 32 },
	{ { GROUP_P384, "secp384r1" }, BR_EC_secp384r1, 97, 48 },
	{ { GROUP_P521, "secp521r1" }, BR_EC_secp521r1, 133, 66 },
};

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

size_t
group_public_size(uint16_t id)
{
	const struct group *g = group_find(id);

	return g != NULL ? g->public_len : 0;
}

size_t
group_defaults(uint16_t *ids, size_t max)
{
	size_t n = 0;

	for (; n < GROUP_COUNT && n < max; n++)
		ids[n] = groups[n].name.id;
	return n;
}

int
group_keygen(struct group_key *k, uint16_t group, struct random *r, struct error *error)
{
	const struct group *g = group_find(group);
	const br_ec_impl *ec = br_ec_get_default();
	br_ec_private_key key;

	if (g == NULL)
		return fail(error, ERROR_TLS, TLS_WRONG_GROUP, "the group %s is not supported", tls_group_name(group));
	memset(k, 0, sizeof *k);
	if (g->curve == BR_EC_curve25519) {
		/* The library takes the scalar as RFC 7748 writes it, little-endian, and clamps it itself. */
		random_bytes(r, k->scalar, X25519_SIZE);
		k->scalar_len = X25519_SIZE;
	} else {
		uint8_t room[BR_EC_KBUF_PRIV_MAX_SIZE];

		k->scalar_len = br_ec_keygen(&r->vtable, ec, &key, room, g->curve);
		if (k->scalar_len == 0 || k->scalar_len > sizeof k->scalar)
			return fail(error, ERROR_TLS, TLS_INTERNAL, "no key for the group %s", g->name.name);
		memcpy(k->scalar, key.x, key.xlen);
		mem_wipe(room, sizeof room);
	}
	k->public_len = ec->mulgen(k->public_key, k->scalar, k->scalar_len, g->curve);
	k->group = group;
	return 0;
}

static int
bad_point(const struct group *g, const char *why, struct error *error)
{
	return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY, "the server's %s public key is invalid: %s", g->name.name,
	    why);
}

int
group_shared(const struct group_key *k, struct str peer, uint8_t secret[GROUP_MAX_SECRET], size_t *n,
    struct error *error)
{
	const struct group *g = group_find(k->group);
	uint8_t point[GROUP_MAX_PUBLIC];
	uint8_t any = 0;
	size_t offset, length;

	if (g == NULL)
		return fail(error, ERROR_TLS, TLS_INTERNAL, "a key exchange without a key");
	if (peer.n != g->public_len)
		return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY,
		    "the server's %s public key has %zu bytes instead of %zu", g->name.name, peer.n, g->public_len);
	/* RFC 8446 section 4.2.8.2: legacy_form is 4, uncompressed. */
	if (g->curve != BR_EC_curve25519 && peer.p[0] != 4)
		return bad_point(g, "it is not an uncompressed point", error);
	memcpy(point, peer.p, peer.n);
	if (br_ec_get_default()->mul(point, peer.n, k->scalar, k->scalar_len, g->curve) != 1)
		return bad_point(g, "the point is not on the curve", error);
	offset = g->curve == BR_EC_curve25519 ? 0 : 1;
	length = g->coordinate;
	for (size_t i = 0; i < length; i++)
		any |= point[offset + i];
	/* RFC 8446 section 7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared secret is
	 * the all-zero value and abort if so" */
	if (g->curve == BR_EC_curve25519 && any == 0) {
		mem_wipe(point, sizeof point);
		return bad_point(g, "it is a point of small order", error);
	}
	memcpy(secret, point + offset, length);
	*n = length;
	mem_wipe(point, sizeof point);
	return 0;
}

void
group_key_release(struct group_key *k)
{
	mem_wipe(k, sizeof *k);
}
