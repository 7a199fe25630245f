/* Key exchange groups: RFC 7748 and 8448 vectors, both sides agree, bad public keys. */
#include "net/tls/group.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

static struct group_key
x25519_key(const char *scalar)
{
	struct group_key k = { .group = GROUP_X25519 };
	struct hex h = hex(scalar);

	memcpy(k.scalar, h.p, h.n);
	k.scalar_len = h.n;
	return k;
}

static void
x25519_vectors(void **state)
{
	static const struct {
		const char *scalar, *peer, *secret;
	} cases[] = {
		/* RFC 7748 section 5.2; RFC 8448 section 3 */
		{ "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		    "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
		    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
		{ "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
		    "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
		    "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
		{ "b1580eeadf6dd589b8ef4f2d5652578cc810e9980191ec8d058308cea216a21e",
		    "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c",
		    "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct group_key k = x25519_key(cases[i].scalar);
		struct hex peer = hex(cases[i].peer);
		uint8_t secret[GROUP_MAX_SECRET];
		size_t n;

		assert_int_equal(group_shared(&k, HEX_STR(peer), secret, &n, NULL), 0);
		assert_hex(secret, n, cases[i].secret);
	}
}

/* The public key is the scalar times the base point, 9. */
static void
x25519_public_key(void **state)
{
	struct random random;
	struct group_key k;
	uint8_t base[32] = { 9 }, product[GROUP_MAX_SECRET];
	size_t n;

	(void)state;
	random_init_fixed(&random, "base", 4);
	assert_int_equal(group_keygen(&k, GROUP_X25519, &random, NULL), 0);
	assert_int_equal(group_shared(&k, str_from(base, sizeof base), product, &n, NULL), 0);
	assert_memory_equal(product, k.public_key, 32);
}

static void
both_sides_agree(void **state)
{
	struct random random;

	(void)state;
	random_init_fixed(&random, "groups", 6);
	for (size_t i = 0; tls_group_at(i) != NULL; i++) {
		uint16_t id = tls_group_at(i)->id;
		struct group_key a, b;
		uint8_t x[GROUP_MAX_SECRET], y[GROUP_MAX_SECRET];
		size_t n, m;

		assert_int_equal(group_keygen(&a, id, &random, NULL), 0);
		assert_int_equal(group_keygen(&b, id, &random, NULL), 0);
		assert_int_equal(a.public_len, group_public_size(id));
		assert_memory_not_equal(a.public_key, b.public_key, a.public_len);
		assert_int_equal(group_shared(&a, str_from(b.public_key, b.public_len), x, &n, NULL), 0);
		assert_int_equal(group_shared(&b, str_from(a.public_key, a.public_len), y, &m, NULL), 0);
		assert_int_equal(n, id == GROUP_X25519 ? 32 : (group_public_size(id) - 1) / 2);
		assert_int_equal(n, m);
		assert_memory_equal(x, y, n);
		group_key_release(&a);
		assert_int_equal(a.group, 0);
	}
}

static void
refused(const struct group_key *k, struct str peer)
{
	uint8_t secret[GROUP_MAX_SECRET];
	struct error error;
	size_t n;

	assert_int_equal(group_shared(k, peer, secret, &n, &error), -1);
	assert_int_equal(error.code, TLS_BAD_PUBLIC_KEY);
}

/* The points of small order, all of which lead to the all-zero secret. */
static void
x25519_small_order(void **state)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct random random;
	struct group_key k;

	(void)state;
	random_init_fixed(&random, "small", 5);
	assert_int_equal(group_keygen(&k, GROUP_X25519, &random, NULL), 0);
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
		struct hex h = hex(points[i]);

		refused(&k, HEX_STR(h));
	}
}

static void
bad_points(void **state)
{
	struct random random;

	(void)state;
	random_init_fixed(&random, "bad", 3);
	for (uint16_t id = GROUP_P256; id <= GROUP_P521; id++) {
		struct group_key k, peer;
		struct str point;

		assert_int_equal(group_keygen(&k, id, &random, NULL), 0);
		assert_int_equal(group_keygen(&peer, id, &random, NULL), 0);
		point = str_from(peer.public_key, peer.public_len);
		refused(&k, str_slice(point, 0, point.n - 1));
		refused(&k, str_slice(point, 0, 1 + (point.n - 1) / 2));
		refused(&k, str_slice(point, 0, 0));
		/* compressed and hybrid forms, then a point beside the curve, then the zero point */
		peer.public_key[0] = 2;
		refused(&k, point);
		peer.public_key[0] = 6;
		refused(&k, point);
		peer.public_key[0] = 4;
		peer.public_key[point.n - 1] ^= 1;
		refused(&k, point);
		memset(peer.public_key + 1, 0, point.n - 1);
		refused(&k, point);
		memset(peer.public_key + 1, 0xFF, point.n - 1);
		refused(&k, point);
	}
}

static void
unknown_group(void **state)
{
	struct random random;
	struct group_key k;
	struct error error;

	(void)state;
	random_init_fixed(&random, "u", 1);
	assert_int_equal(group_keygen(&k, 256, &random, &error), -1);
	assert_int_equal(error.code, TLS_WRONG_GROUP);
	assert_string_equal(error.text, "the group ffdhe2048 is not supported");
	assert_false(group_supported(30));
	assert_int_equal(group_public_size(30), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(x25519_vectors), cmocka_unit_test(x25519_public_key),
		cmocka_unit_test(both_sides_agree), cmocka_unit_test(x25519_small_order), cmocka_unit_test(bad_points),
		cmocka_unit_test(unknown_group) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
