/* Key exchange groups: RFC 7748 and 8448 vectors, both sides agree, bad public keys. */
#include "net/tls/group.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"
#include "tests/unit/tls/group_peer.h"

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

static size_t
secret_size(uint16_t id)
{
	switch (id) {
	case GROUP_X25519:
		return 32;
	case GROUP_X448:
		return 56;
	case GROUP_X25519MLKEM768:
		return 64;
	default:
		return (group_public_size(id) - 1) / 2;
	}
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
		uint8_t value[GROUP_MAX_PUBLIC], x[GROUP_MAX_SECRET], y[GROUP_MAX_SECRET];
		size_t size, n, m;

		assert_int_equal(group_keygen(&a, id, &random, NULL), 0);
		assert_int_equal(group_keygen(&b, id, &random, NULL), 0);
		assert_int_equal(a.public_len, group_public_size(id));
		assert_memory_not_equal(a.public_key, b.public_key, a.public_len);
		m = group_peer(&a, &random, value, &size, y);
		assert_int_equal(group_shared(&a, str_from(value, size), x, &n, NULL), 0);
		assert_int_equal(n, secret_size(id));
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
	for (size_t i = 0; tls_group_at(i) != NULL; i++) {
		uint16_t id = tls_group_at(i)->id;
		struct group_key k, peer;
		struct str point;

		if (id > GROUP_P521)
			continue;
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

/* RFC 7748 sections 5.2 and 6.2; the points of small order of curve448, 0, 1 and p - 1. */
static void
x448(void **state)
{
	static const char *const cases[][3] = {
		{ "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121"
		  "700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
		    "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9"
		    "814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
		    "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f"
		    "e14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f" },
		{ "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
		  "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
		    "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
		    "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
		    "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
		    "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d" },
	};
	struct group_key k = { .group = GROUP_X448, .scalar_len = 56 };
	uint8_t point[56] = { 0 }, secret[GROUP_MAX_SECRET];
	size_t n;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct hex scalar = hex(cases[i][0]), peer = hex(cases[i][1]);

		memcpy(k.scalar, scalar.p, scalar.n);
		assert_int_equal(group_shared(&k, HEX_STR(peer), secret, &n, NULL), 0);
		assert_hex(secret, n, cases[i][2]);
	}
	refused(&k, str_from(point, sizeof point));
	point[0] = 1;
	refused(&k, str_from(point, sizeof point));
	memset(point, 0xFF, sizeof point);
	point[0] = point[28] = 0xFE;
	refused(&k, str_from(point, sizeof point));
	refused(&k, str_from(point, sizeof point - 1));
}

/* NIST's CAVP, KAS_ECC_CDH_PrimitiveTest, P-224, COUNT 0. The scalar is kept as limbs. */
static void
p224(void **state)
{
	struct hex d = hex("8346a60fc6f293ca5a0d2af68ba71d1dd389e5e40837942df3e43cbd");
	struct hex peer =
	    hex("04af33cd0629bc7e996320a3f40368f74de8704fa37b8fab69abaae280"
		"882092ccbba7930f419a8a4f9bb16978bbc3838729992559a6f2e2d7");
	struct group_key k = { .group = GROUP_P224, .scalar_len = 32 };
	uint8_t secret[GROUP_MAX_SECRET];
	size_t n;

	(void)state;
	for (size_t i = 0; i < d.n; i++) {
		uint64_t limb;

		memcpy(&limb, k.scalar + i / 8 * 8, sizeof limb);
		limb |= (uint64_t)d.p[d.n - 1 - i] << 8 * (i % 8);
		memcpy(k.scalar + i / 8 * 8, &limb, sizeof limb);
	}
	assert_int_equal(group_shared(&k, HEX_STR(peer), secret, &n, NULL), 0);
	assert_hex(secret, n, "7d96f9a3bd3c05cf5cc37feb8b9d5209d5c2597464dec3e9983743e8");
}

/* X25519MLKEM768: a value of another length, one whose X25519 half is of small order, and one that is not for our key:
 * that gives another secret, as FIPS 203 wants it, and the Finished messages will not fit. */
static void
hybrid(void **state)
{
	uint8_t value[GROUP_MAX_PUBLIC], secret[GROUP_MAX_SECRET], other[GROUP_MAX_SECRET];
	struct random random;
	struct group_key k;
	size_t n, size;

	(void)state;
	random_init_fixed(&random, "hybrid", 6);
	assert_int_equal(group_keygen(&k, GROUP_X25519MLKEM768, &random, NULL), 0);
	assert_int_equal(k.public_len, 1216);
	group_peer(&k, &random, value, &size, secret);
	assert_int_equal(size, 1120);
	refused(&k, str_from(value, size - 1));
	refused(&k, str_from(value, MLKEM_CIPHERTEXT));
	refused(&k, str_from(value + MLKEM_CIPHERTEXT, 32));
	refused(&k, str_from(value, sizeof value));
	value[3] ^= 1;
	assert_int_equal(group_shared(&k, str_from(value, size), other, &n, NULL), 0);
	assert_memory_not_equal(other, secret, 32);
	assert_memory_equal(other + 32, secret + 32, 32);
	memset(value + MLKEM_CIPHERTEXT, 0, 32);
	refused(&k, str_from(value, size));
}

/* What is offered follows the newest version: P-224 is none of TLS 1.3 (RFC 8446 section 4.2.7), the hybrid of no
 * other. */
static void
versions(void **state)
{
	uint16_t ids[TLS_MAX_GROUPS];

	(void)state;
	assert_true(group_fits(GROUP_X448, TLS_1_0) && group_fits(GROUP_X448, TLS_1_3));
	assert_true(group_fits(GROUP_P224, TLS_1_2) && !group_fits(GROUP_P224, TLS_1_3));
	assert_true(!group_fits(GROUP_X25519MLKEM768, TLS_1_2) && group_fits(GROUP_X25519MLKEM768, TLS_1_3));
	for (unsigned version = SSL_3_0; version <= TLS_1_3; version++) {
		size_t n = group_defaults(version, ids, TLS_MAX_GROUPS);

		assert_int_equal(n, GROUP_COUNT - 1);
		assert_int_equal(ids[0], GROUP_X25519);
		assert_int_equal(ids[n - 1], version == TLS_1_3 ? GROUP_X25519MLKEM768 : GROUP_P224);
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
	assert_false(group_supported(26) || group_fits(26, TLS_1_2));
	assert_int_equal(group_public_size(26), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(x25519_vectors), cmocka_unit_test(x25519_public_key),
		cmocka_unit_test(both_sides_agree), cmocka_unit_test(x25519_small_order), cmocka_unit_test(bad_points),
		cmocka_unit_test(x448), cmocka_unit_test(p224), cmocka_unit_test(hybrid), cmocka_unit_test(versions),
		cmocka_unit_test(unknown_group) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
