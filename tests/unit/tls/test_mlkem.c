/* ML-KEM-768 and the functions of FIPS 202 below it: known answers of NIST and C2SP, ciphertexts that nobody made. */
#include <string.h>

#include "net/buf.h"
#include "net/tls/keccak.h"
#include "net/tls/mlkem.h"
#include "net/x509/digest.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"
#include "tests/unit/tls/mlkem_vectors.h"

#define EMPTY str_from("", 0)

/* FIPS 202, its examples; the last two are longer than a block of the rate. */
static void
fips_202(void **state)
{
	static uint8_t a200[200];
	const struct {
		enum keccak_function f;
		struct str text;
		const char *digest;
	} rows[] = {
		{ KECCAK_SHA3_256, EMPTY, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a" },
		{ KECCAK_SHA3_256, STR("abc"), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532" },
		{ KECCAK_SHA3_512, STR("abc"),
		    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
		    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0" },
		{ KECCAK_SHAKE128, EMPTY, "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26" },
		{ KECCAK_SHAKE256, EMPTY,
		    "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f"
		    "d75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be" },
		{ KECCAK_SHA3_256, str_from(a200, sizeof a200),
		    "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787" },
		{ KECCAK_SHA3_512, str_from(a200, sizeof a200),
		    "e76dfad22084a8b1467fcf2ffa58361bec7628edf5f3fdc0e4805dc48caeeca8"
		    "1b7c13c30adf52a3659584739a2df46be589c51ca1a4a8416df6545a1ce8ba00" },
	};

	(void)state;
	memset(a200, 0xA3, sizeof a200);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str halves[2] = { str_slice(rows[i].text, 0, rows[i].text.n / 2),
			str_slice(rows[i].text, rows[i].text.n / 2, rows[i].text.n) };
		struct hex wanted = hex(rows[i].digest);
		uint8_t out[64];

		keccak(rows[i].f, &rows[i].text, 1, out, wanted.n);
		assert_memory_equal(out, wanted.p, wanted.n);
		keccak(rows[i].f, halves, 2, out, wanted.n);
		assert_memory_equal(out, wanted.p, wanted.n);
	}
}

/* What is squeezed in pieces is what is squeezed at once. */
static void
squeezed_in_pieces(void **state)
{
	const struct str text = STR("pieces");
	uint8_t whole[1000], pieces[1000];
	struct keccak k;
	size_t at = 0;

	(void)state;
	keccak(KECCAK_SHAKE128, &text, 1, whole, sizeof whole);
	keccak_absorb(&k, KECCAK_SHAKE128, &text, 1);
	for (size_t n = 1; at < sizeof pieces; at += n, n = (n * 7 + 3) % 200)
		keccak_squeeze(&k, pieces + at, at + n < sizeof pieces ? n : sizeof pieces - at);
	assert_memory_equal(whole, pieces, sizeof whole);
}

/* NIST's ACVP server, ML-KEM-keyGen-FIPS203, tests 26 to 28: d and z, and SHA-256 of the key. */
static void
nist_keys(void **state)
{
	static const struct {
		const char *seed, *digest;
	} rows[] = {
		{ "e34a701c4c87582f42264ee422d3c684d97611f2523efe0c998af05056d693dc"
		  "a85768f3486bd32a01bf9a8f21ea938e648eae4e5448c34c3eb88820b159eedd",
		    "7799c9d8eef172aa78c073514f2f039c240de8c5cb61bca82ba0bc46041ce279" },
		{ "444f032dd19ae7518c4b35b0732a41dc567845aba8bd7b04a9c413a0cf2de0b5"
		  "df0f282411f4a071489a8f618e2ae5aef40131cac5233d6d731522720c2feb1c",
		    "9d027d1bffe13e5b754e793c6b54f92ce2f12858a3bf74421eba8622cd911670" },
		{ "092271d05ca63c60880af404d60bc4bb9539e2ea12969581898d56e0ac9a5a68"
		  "5aa6dc620a6e9a60cf19a7b4f0ff805bda8219522a548ee5857c3ff6060c7a2f",
		    "304a6fb283e56f116cc78afa3bfc772a178ea92747478108527582ea331b90f1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t ek[MLKEM_KEY], digest[DIGEST_SHA256_SIZE];
		struct hex seed = hex(rows[i].seed);

		assert_int_equal(seed.n, MLKEM_SEED);
		mlkem_keygen(seed.p, ek);
		digest_sha256(str_from(ek, sizeof ek), digest);
		assert_hex(digest, sizeof digest, rows[i].digest);
	}
}

static void
nist_encapsulation(void **state)
{
	struct hex ek = hex(encaps_key), m = hex(encaps_message);
	uint8_t ciphertext[MLKEM_CIPHERTEXT], secret[MLKEM_SECRET];

	(void)state;
	assert_int_equal(ek.n, MLKEM_KEY);
	mlkem_encapsulate(ek.p, m.p, ciphertext, secret);
	assert_hex(ciphertext, sizeof ciphertext, encaps_ciphertext);
	assert_hex(secret, sizeof secret, encaps_secret);
}

/* A hundred keys, encapsulations, decapsulations and refused ciphertexts of the bytes of SHAKE128(""), and SHAKE128 of
 * all that came of them, as C2SP's vectors accumulate the reference implementation's answers. */
static void
accumulated(void **state)
{
	uint8_t seed[MLKEM_SEED], ek[MLKEM_KEY], m[MLKEM_MESSAGE], ciphertext[MLKEM_CIPHERTEXT], secret[MLKEM_SECRET],
	    again[MLKEM_SECRET];
	struct keccak input;
	struct str all;
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	keccak_absorb(&input, KECCAK_SHAKE128, NULL, 0);
	for (int i = 0; i < 100; i++) {
		keccak_squeeze(&input, seed, sizeof seed);
		mlkem_keygen(seed, ek);
		buf_add(&out, ek, sizeof ek);
		keccak_squeeze(&input, m, sizeof m);
		mlkem_encapsulate(ek, m, ciphertext, secret);
		buf_add(&out, ciphertext, sizeof ciphertext);
		buf_add(&out, secret, sizeof secret);
		mlkem_decapsulate(seed, ek, ciphertext, again);
		assert_memory_equal(secret, again, sizeof secret);
		keccak_squeeze(&input, ciphertext, sizeof ciphertext);
		mlkem_decapsulate(seed, ek, ciphertext, secret);
		buf_add(&out, secret, sizeof secret);
	}
	all = buf_str(&out);
	keccak(KECCAK_SHAKE128, &all, 1, again, sizeof again);
	assert_hex(again, sizeof again, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415");
	buf_release(&out);
}

/* FIPS 203 algorithm 18, steps 7 to 11: one bit that is not the server's, and the secret is J(z || c). */
static void
implicit_rejection(void **state)
{
	uint8_t seed[MLKEM_SEED] = { 0 }, ek[MLKEM_KEY], ciphertext[MLKEM_CIPHERTEXT] = { 0 }, secret[MLKEM_SECRET],
		other[MLKEM_SECRET], wanted[MLKEM_SECRET];
	const struct str parts[] = { str_from(seed + 32, 32), str_from(ciphertext, sizeof ciphertext) };

	(void)state;
	memset(seed, 7, sizeof seed);
	mlkem_keygen(seed, ek);
	mlkem_encapsulate(ek, seed, ciphertext, secret);
	for (size_t bit = 0; bit < 8 * sizeof ciphertext; bit += 37) {
		ciphertext[bit / 8] ^= (uint8_t)(1 << bit % 8);
		mlkem_decapsulate(seed, ek, ciphertext, other);
		keccak(KECCAK_SHAKE256, parts, 2, wanted, sizeof wanted);
		assert_memory_equal(other, wanted, sizeof other);
		assert_memory_not_equal(other, secret, sizeof other);
		ciphertext[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	mlkem_decapsulate(seed, ek, ciphertext, other);
	assert_memory_equal(other, secret, sizeof other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fips_202),
		cmocka_unit_test(squeezed_in_pieces),
		cmocka_unit_test(nist_keys),
		cmocka_unit_test(nist_encapsulation),
		cmocka_unit_test(accumulated),
		cmocka_unit_test(implicit_rejection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
