/* RSA and finite-field Diffie-Hellman key exchange. */
#include <stdio.h>

#include "net/tls/keyexchange.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

enum { RSA_BITS = 1024, RSA_BYTES = RSA_BITS / 8 };

/* A key made on the spot, both halves. */
struct rsa_pair {
	br_rsa_private_key private_key;
	br_rsa_public_key public_key;
	uint8_t private_room[BR_RSA_KBUF_PRIV_SIZE(RSA_BITS)], public_room[BR_RSA_KBUF_PUB_SIZE(RSA_BITS)];
	struct x509_key key;
};

static void
rsa_pair_make(struct rsa_pair *pair, struct random *random)
{
	assert_int_equal(br_rsa_keygen_get_default()(&random->vtable, &pair->private_key, pair->private_room,
			     &pair->public_key, pair->public_room, RSA_BITS, 65537),
	    1);
	pair->key = (struct x509_key){
		.type = X509_KEY_RSA,
		.bits = RSA_BITS,
		.n = str_from(pair->public_key.n, pair->public_key.nlen),
		.e = str_from(pair->public_key.e, pair->public_key.elen),
	};
}

static void
rsa_premaster_arrives(void **state)
{
	struct random random;
	struct rsa_pair pair;

	(void)state;
	random_init_fixed(&random, "rsa", 3);
	rsa_pair_make(&pair, &random);
	for (int round = 0; round < 20; round++) {
		uint8_t premaster[RSA_PREMASTER], out[RSA_MAX_BYTES];
		size_t n;

		rsa_premaster(&random, TLS_1_1, premaster);
		assert_int_equal(premaster[0], 3);
		assert_int_equal(premaster[1], 2);
		assert_int_equal(rsa_encrypt(&random, &pair.key, premaster, out, &n, NULL), 0);
		assert_int_equal(n, RSA_BYTES);
		assert_int_equal(br_rsa_private_get_default()(out, &pair.private_key), 1);
		assert_int_equal(out[0], 0);
		assert_int_equal(out[1], 2);
		for (size_t i = 2; i < n - RSA_PREMASTER - 1; i++)
			assert_int_not_equal(out[i], 0);
		assert_int_equal(out[n - RSA_PREMASTER - 1], 0);
		assert_memory_equal(out + n - RSA_PREMASTER, premaster, RSA_PREMASTER);
	}
}

static void
rsa_keys_refused(void **state)
{
	static const uint8_t big[RSA_MAX_BYTES + 1] = { 0xFF, [RSA_MAX_BYTES] = 0xFF }, long_e[9] = { 1, [8] = 1 },
						 even[128] = { 0xFF }, e[1] = { 3 };
	static const uint8_t odd[128] = { 0xFF, [127] = 0xFF }, one[1] = { 1 }, four[1] = { 4 };
	static const struct {
		struct x509_key key;
		int code;
	} cases[] = {
		{ { .type = X509_KEY_EC }, TLS_WRONG_CERTIFICATE_TYPE },
		{ { .type = X509_KEY_RSA_PSS }, TLS_WRONG_CERTIFICATE_TYPE },
		{ { .type = X509_KEY_RSA, .n = { (const char *)big, sizeof big }, .e = { (const char *)e, 1 } },
		    TLS_UNSUPPORTED_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)odd, 128 }, .e = { (const char *)long_e, 9 } },
		    TLS_UNSUPPORTED_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)big, 63 }, .e = { (const char *)e, 1 } },
		    TLS_UNSUPPORTED_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)even, 128 }, .e = { (const char *)e, 1 } },
		    TLS_BAD_PUBLIC_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)odd, 128 }, .e = { (const char *)one, 1 } },
		    TLS_BAD_PUBLIC_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)odd, 128 }, .e = { (const char *)four, 1 } },
		    TLS_BAD_PUBLIC_KEY },
		{ { .type = X509_KEY_RSA, .n = { (const char *)odd, 128 }, .e = { NULL, 0 } }, TLS_BAD_PUBLIC_KEY },
	};
	struct random random;

	(void)state;
	random_init_fixed(&random, "rsa", 3);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t premaster[RSA_PREMASTER] = { 0 }, out[RSA_MAX_BYTES];
		struct error error;
		size_t n;

		assert_int_equal(rsa_encrypt(&random, &cases[i].key, premaster, out, &n, &error), -1);
		assert_int_equal(error.code, cases[i].code);
	}
}

/* RFC 2409 section 6.2: the 1024-bit group, g = 2. */
static const char *const PRIME =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";

/* base^exponent mod p with the library's other implementation. */
static void
power_i31(struct hex *p, const uint8_t *base, uint8_t *exponent, size_t exponent_len, uint8_t *out)
{
	br_rsa_public_key key = { p->p, p->n, exponent, exponent_len };

	memcpy(out, base, p->n);
	assert_int_equal(br_rsa_i31_public(out, p->n, &key), 1);
}

/* The server's secret is 5: y = 32, and it gets our public value to the 5th. Hundreds of exchanges meet a secret with a
 * leading zero byte, which is stripped. */
static void
dhe_agrees(void **state)
{
	struct hex p = hex(PRIME);
	struct dhe_server server = { HEX_STR(p), STR("\x02"), STR("\x20") };
	struct random random;
	unsigned stripped = 0;
	uint8_t five[1] = { 5 };

	(void)state;
	random_init_fixed(&random, "dhe", 3);
	for (int round = 0; round < 700; round++) {
		struct dhe_result d;
		uint8_t z[DHE_MAX_BYTES];
		size_t zeros = 0;

		assert_int_equal(dhe_agree(&random, &server, 0, &d, NULL), 0);
		assert_int_equal(d.bits, 1024);
		assert_int_equal(d.public_len, p.n);
		power_i31(&p, d.public_key, five, 1, z);
		while (z[zeros] == 0)
			zeros++;
		assert_int_equal(d.secret_len, p.n - zeros);
		assert_memory_equal(d.secret, z + zeros, d.secret_len);
		stripped += zeros > 0;
		dhe_result_release(&d);
		assert_int_equal(d.secret_len, 0);
	}
	assert_true(stripped > 0);
}

static int
dhe_code(const char *p_text, const char *g_text, const char *y_text, unsigned min_bits, struct error *error)
{
	struct hex p = hex(p_text), g = hex(g_text), y = hex(y_text);
	struct dhe_server server = { HEX_STR(p), HEX_STR(g), HEX_STR(y) };
	struct dhe_result d;
	struct random random;

	random_init_fixed(&random, "dhe", 3);
	return dhe_agree(&random, &server, min_bits, &d, error) == 0 ? 0 : error->code;
}

static void
dhe_checks(void **state)
{
	char below[300], even[300], padded[300], big[2100];
	struct error error;

	(void)state;
	snprintf(padded, sizeof padded, "0000%s", PRIME);
	snprintf(even, sizeof even, "%s", PRIME);
	even[strlen(even) - 1] = 'E'; /* p - 1: also the largest forbidden value */
	snprintf(below, sizeof below, "%s", PRIME);
	below[strlen(below) - 1] = 'D';
	assert_int_equal(dhe_code(PRIME, "02", "04", 0, &error), 0);
	assert_int_equal(dhe_code(padded, "0002", "000004", 0, &error), 0);
	assert_int_equal(dhe_code(PRIME, "02", below, 0, &error), 0);
	assert_int_equal(dhe_code(even, "02", "04", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code("", "02", "04", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", even, 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", PRIME, 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", "00", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", "01", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", "", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "01", "04", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, even, "04", 0, &error), TLS_BAD_PUBLIC_KEY);
	assert_int_equal(dhe_code(PRIME, "02", "04", 1025, &error), TLS_DH_KEY_TOO_SMALL);
	assert_int_equal(dhe_code("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF1", "02", "04", 0, &error), TLS_DH_KEY_TOO_SMALL);
	memset(big, 'F', 2050);
	big[2048] = '\0';
	assert_int_equal(dhe_code(big, "02", "04", 0, &error), 0);
	big[2048] = 'F';
	big[2050] = '\0';
	assert_int_equal(dhe_code(big, "02", "04", 0, &error), TLS_DH_KEY_TOO_LARGE);
	assert_string_equal(error.text, "the server's Diffie-Hellman prime has 8200 bits: at most 8192 are supported");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rsa_premaster_arrives), cmocka_unit_test(rsa_keys_refused),
		cmocka_unit_test(dhe_agrees), cmocka_unit_test(dhe_checks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
