/* Vectors of RFC 6229, 7748 and 8439 that no other file here has, and the edge cases of key exchange (RFC 5869 and
 * 8448: test_schedule13.c; points of small order and off the curve: test_group.c; finite fields:
 * test_keyexchange.c). */
#include "net/tls/group.h"
#include "net/tls/protect_class.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

/* RFC 6229, both 128-bit keys: the key stream at the offsets given there, seen by encrypting zeros. */
static void
rfc6229(void **state)
{
	static const size_t offsets[] = { 0, 240, 496, 752, 1008, 1520, 2032, 3056, 4080 };
	static const struct {
		const char *key, *stream[sizeof offsets / sizeof offsets[0]];
	} cases[] = {
		{ "0102030405060708090a0b0c0d0e0f10",
		    { "9ac7cc9a609d1ef7b2932899cde41b97 5248c4959014126a6e8a84f11d1a9e1c",
			"065902e4b620f6cc36c8589f66432f2b d39d566bc6bce3010768151549f3873f",
			"b6d1e6c4a5e4771cad79538df295fb11 c68c1d5c559a974123df1dbc52a43b89",
			"c5ecf88de897fd57fed301701b82a259 eccbe13de1fcc91c11a0b26c0bc8fa4d",
			"e7a72574f8782ae26aabcf9ebcd66065 bdf0324e6083dcc6d3cedd3ca8c53c16",
			"b40110c4190b5622a96116b0017ed297 ffa0b514647ec04f6306b892ae661181",
			"d03d1bc03cd33d70dff9fa5d71963ebd 8a44126411eaa78bd51e8d87a8879bf5",
			"fabeb76028ade2d0e48722e46c4615a3 c05d88abd50357f935a63c59ee537623",
			"ff38265c1642c1abe8d3c2fe5e572bf8 a36a4c301ae8ac13610ccbc12256cacc" } },
		{ "ebb46227c6cc8b37641910833222772a",
		    { "720c94b63edf44e131d950ca211a5a30 c366fdeacf9ca80436be7c358424d20b",
			"b3394a40aabf75cba42282ef25a0059f 4847d81da4942dbc249defc48c922b9f",
			"08128c469f275342adda202b2b58da95 970dacef40ad98723bac5d6955b81761",
			"3cb89993b07b0ced93de13d2a11013ac ef2d676f1545c2c13dc680a02f4adbfe",
			"b60595514f24bc9fe522a6cad7393644 b515a8c5011754f59003058bdb81514e",
			"3c70047e8cbc038e3b9820db601da495 1175da6ee756de46a53e2b075660b770",
			"00a542bba02111cc2c65b38ebdba587e 5865fdbb5b48064104e830b380f2aede",
			"34b21ad2ad44e999db2d7f0863f0d9b6 84a9218fc36e8a5f2ccfbeae53a27d25",
			"a2221a11b833ccb498a59540f0545f4a 5bbeb4787d59e5373fdbea6c6f75c29b" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct hex key = hex(cases[i].key);
		struct protect_params params = {
			.suite = suite_find(0x0004),
			.version = TLS_1_0,
			.sealing = true,
			.mac_key = str_from("0123456789abcdef", 16),
			.key = HEX_STR(key),
		};
		struct protect *p = protect_new(&params);
		uint8_t record[RECORD_HEADER + 4112 + PROTECT_BEHIND] = { 0 };
		size_t total;

		assert_int_equal(protect_seal(p, CONTENT_APPLICATION_DATA, TLS_1_0, record, 4112, &total, NULL), 0);
		for (size_t k = 0; k < sizeof offsets / sizeof offsets[0]; k++)
			assert_hex(record + RECORD_HEADER + offsets[k], 32, cases[i].stream[k]);
		protect_free(p);
	}
}

/* RFC 8439 section 2.8.2, with the functions that records use: 12 bytes of additional data cannot be had in a
 * record. */
static void
rfc8439(void **state)
{
	struct hex key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
	struct hex nonce = hex("070000004041424344454647"), more = hex("50515253c0c1c2c3c4c5c6c7");
	char text[] =
	    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
	    "would be it.";
	struct crypto crypto;
	uint8_t tag[16];

	(void)state;
	crypto_init(&crypto);
	crypto.poly1305(key.p, nonce.p, text, sizeof text - 1, more.p, more.n, tag, crypto.chacha20, 1);
	assert_hex(text, sizeof text - 1,
	    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
	    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
	    "3ff4def08e4b7a9de576d26586cec64b6116");
	assert_hex(tag, sizeof tag, "1ae10b594f09e26a7e902ecbd0600691");
}

/* RFC 7748 section 5.2: each result is the next scalar, each scalar the next point; 1,000 times. */
static void
x25519_iterated(void **state)
{
	uint8_t k[32] = { 9 }, u[32] = { 9 }, product[GROUP_MAX_SECRET];
	size_t n;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct group_key key = { .group = GROUP_X25519, .scalar_len = sizeof k };

		memcpy(key.scalar, k, sizeof k);
		assert_int_equal(group_shared(&key, str_from(u, sizeof u), product, &n, NULL), 0);
		memcpy(u, k, sizeof u);
		memcpy(k, product, sizeof k);
		if (i == 0)
			assert_hex(k, sizeof k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
	}
	assert_hex(k, sizeof k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

static void
x25519_of(const uint8_t u[32], uint8_t product[GROUP_MAX_SECRET])
{
	struct group_key key = { .group = GROUP_X25519, .scalar_len = 32, .scalar = { 0x48, 1, 2, 3 } };
	size_t n;

	key.scalar[31] = 0x40;
	assert_int_equal(group_shared(&key, str_from(u, 32), product, &n, NULL), 0);
	assert_int_equal(n, 32);
}

/* RFC 7748 section 5: implementations MUST mask the most significant bit in the final byte, and MUST accept
 * non-canonical values and process them as if they had been reduced modulo the field prime, 2^255 - 19. */
static void
x25519_not_canonical(void **state)
{
	uint8_t plain[32] = { 9 }, marked[32] = { 9 }, large[32], a[GROUP_MAX_SECRET], b[GROUP_MAX_SECRET];

	(void)state;
	memset(large, 0xff, sizeof large);
	large[0] = 0xed + 9; /* p + 9 */
	large[31] = 0x7f;
	marked[31] = 0x80;
	x25519_of(plain, a);
	x25519_of(marked, b);
	assert_memory_equal(a, b, 32);
	x25519_of(large, b);
	assert_memory_equal(a, b, 32);
}

/* RFC 8446 section 7.4.2 and RFC 8422 section 5.10: the x-coordinate as it is, leading zeros MUST NOT be truncated. */
static void
leading_zeros_stay(void **state)
{
	struct random random;
	unsigned met = 0;

	(void)state;
	random_init_fixed(&random, "zeros", 5);
	for (int round = 0; round < 1200; round++) {
		struct group_key ours, theirs;
		uint8_t one[GROUP_MAX_SECRET], other[GROUP_MAX_SECRET];
		size_t n, m;

		assert_int_equal(group_keygen(&ours, GROUP_P256, &random, NULL), 0);
		assert_int_equal(group_keygen(&theirs, GROUP_P256, &random, NULL), 0);
		assert_int_equal(group_shared(&ours, str_from(theirs.public_key, theirs.public_len), one, &n, NULL), 0);
		assert_int_equal(group_shared(&theirs, str_from(ours.public_key, ours.public_len), other, &m, NULL), 0);
		assert_int_equal(n, 32);
		assert_int_equal(m, 32);
		assert_memory_equal(one, other, 32);
		met += one[0] == 0;
	}
	assert_true(met > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rfc6229), cmocka_unit_test(rfc8439),
		cmocka_unit_test(x25519_iterated), cmocka_unit_test(x25519_not_canonical),
		cmocka_unit_test(leading_zeros_stay) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
