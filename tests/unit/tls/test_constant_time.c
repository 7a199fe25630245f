/*
 * No branch and no address depends on a secret: the secrets are marked as undefined memory, and valgrind's memcheck
 * reports each use of them in a condition or an address. What remains is the one public decision at the end of each
 * operation. Outside valgrind the program starts itself again under it; without valgrind it only checks the results.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/tls/group.h"
#include "net/tls/keyexchange.h"
#include "net/tls/prf.h"
#include "net/tls/protect_class.h"
#include "tests/support/unit.h"
#include "tests/unit/tls/group_peer.h"

#if defined(__has_include) && !defined(__SANITIZE_ADDRESS__)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#ifdef VALGRIND_MAKE_MEM_UNDEFINED
enum { TAINTS = 1 };
#else
enum { TAINTS = 0 };
#define VALGRIND_MAKE_MEM_UNDEFINED(p, n) ((void)(p), (void)(n))
#define VALGRIND_MAKE_MEM_DEFINED(p, n) ((void)(p), (void)(n))
#define VALGRIND_COUNT_ERRORS 0
#define RUNNING_ON_VALGRIND 1
#endif

enum { BLOCKS = 20, BLOCK_MAX = 16, MAX = BLOCK_MAX * BLOCKS };

static unsigned
complaints(void)
{
	return (unsigned)VALGRIND_COUNT_ERRORS;
}

/* The measure itself: a branch on tainted memory is seen, one on other memory is not. */
static void
the_measure_works(void **state)
{
	volatile uint8_t secret = 1, seen = 0;
	unsigned before = complaints();

	(void)state;
	if (secret != 0)
		seen++;
	assert_int_equal(complaints(), before);
	VALGRIND_MAKE_MEM_UNDEFINED(&secret, sizeof secret);
	if (secret != 0)
		seen++;
	assert_int_equal(complaints(), before + (TAINTS ? 1 : 0));
}

/* ---- CBC records ---- */
static const struct cbc {
	uint16_t suite;
	unsigned version;
	bool etm;
} cbcs[] = {
	{ 0x002F, TLS_1_0, false },
	{ 0x002F, TLS_1_1, false },
	{ 0x002F, TLS_1_2, false },
	{ 0x003C, TLS_1_2, false },
	{ 0xC028, TLS_1_2, false },
	{ 0x000A, TLS_1_0, false },
	{ 0x000A, TLS_1_2, false },
	{ 0x002F, TLS_1_0, true },
	{ 0x003C, TLS_1_2, true },
	{ 0xC028, TLS_1_2, true },
	{ 0x002F, SSL_3_0, false },
	{ 0x000A, SSL_3_0, false },
};

static struct protect *
cbc_protect(const struct cbc *c, const struct crypto *crypto, struct random *random, bool sealing)
{
	uint8_t block[256] = "0123456789abcdefghij0123456789abcdef0123456789abcdef";
	struct protect_params params = {
		.crypto = crypto,
		.suite = suite_find(c->suite),
		.version = c->version,
		.sealing = sealing,
		.encrypt_then_mac = c->etm,
		.random = random,
	};

	return protect_from_key_block(&params, true, block);
}

/* How many decisions the opening of one record took that depend on its content. */
static unsigned
opened(const struct cbc *c, struct protect *p, uint8_t *record, size_t n, int expected)
{
	const size_t clear = c->version == SSL_3_0 ? 2 * BLOCK_MAX : 0;
	unsigned type = CONTENT_APPLICATION_DATA, before = complaints();
	struct str plain;
	int result;

	/* In SSL 3.0 the padding is outside the MAC and so no secret to whoever changes it (POODLE): the last block is
	 * what tells its length, and is left out. All else there is the same. */
	VALGRIND_MAKE_MEM_UNDEFINED(record + RECORD_HEADER, n - RECORD_HEADER - clear);
	result = protect_open(p, &type, record, record + RECORD_HEADER, n - RECORD_HEADER, &plain, NULL);
	before = complaints() - before;
	VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
	assert_int_equal(result, expected);
	protect_free(p);
	return before;
}

/* Records whose decrypted last byte, the padding's length, takes many values; none of them has a good MAC. */
static void
cbc_damaged(void **state)
{
	struct crypto crypto;
	struct random random;

	(void)state;
	crypto_init(&crypto);
	random_init_fixed(&random, "cbc", 3);
	for (size_t i = 0; i < sizeof cbcs / sizeof cbcs[0]; i++)
		for (unsigned round = 0; round < 100; round++) {
			const struct cbc *c = &cbcs[i];
			size_t n = MAX + (c->etm ? hash_size(suite_find(c->suite)->mac) : 0);
			uint8_t record[RECORD_HEADER + MAX + HASH_MAX];
			unsigned decisions;

			random_bytes(&random, record, sizeof record);
			record_header(record, CONTENT_APPLICATION_DATA, c->version, n);
			decisions = opened(c, cbc_protect(c, &crypto, &random, false), record, RECORD_HEADER + n, -1);
			/* none when SSL 3.0's padding, which is known, is refused already */
			if (decisions != TAINTS && (c->version > SSL_3_0 || decisions > TAINTS))
				fail_msg("%s, version %x, etm %d: %u", tls_suite_name(c->suite), c->version, c->etm,
				    decisions);
		}
}

/* Genuine ones of every length of padding. What is decided is that they are good, and then that what they hold is not
 * too long; the encryption says nothing at all. */
static void
cbc_genuine(void **state)
{
	struct crypto crypto;
	struct random random;

	(void)state;
	crypto_init(&crypto);
	random_init_fixed(&random, "cbc", 3);
	for (size_t i = 0; i < sizeof cbcs / sizeof cbcs[0]; i++)
		for (size_t length = 200; length < 200 + BLOCK_MAX; length++) {
			const struct cbc *c = &cbcs[i];
			struct protect *out = cbc_protect(c, &crypto, &random, true);
			uint8_t record[RECORD_HEADER + PROTECT_FRONT_MAX + MAX + PROTECT_BEHIND] = { 0 };
			unsigned before = complaints(), decisions;
			size_t n;

			VALGRIND_MAKE_MEM_UNDEFINED(record + RECORD_HEADER + protect_front(out), length);
			assert_int_equal(protect_seal(out, CONTENT_APPLICATION_DATA, c->version, record, length, &n,
					     NULL),
			    0);
			assert_int_equal(complaints(), before);
			VALGRIND_MAKE_MEM_DEFINED(record, n);
			protect_free(out);
			decisions = opened(c, cbc_protect(c, &crypto, &random, false), record, n, 0);
			/* Behind a good MAC of RFC 7366 the padding is no secret any more. */
			if (decisions > 2 * TAINTS && !c->etm)
				fail_msg("%s, version %x, length %zu: %u", tls_suite_name(c->suite), c->version, length,
				    decisions);
		}
}

/* ---- keys ---- */
static void
rsa_premaster_secret(void **state)
{
	static const uint8_t e[3] = { 1, 0, 1 };
	uint8_t modulus[256] = { 0 }, premaster[RSA_PREMASTER], out[RSA_MAX_BYTES];
	struct x509_key key = {
		.type = X509_KEY_RSA,
		.bits = 2048,
		.n = str_from(modulus, sizeof modulus),
		.e = str_from(e, sizeof e),
	};
	struct random random;
	unsigned before;
	size_t n;

	(void)state;
	random_init_fixed(&random, "rsa", 3);
	random_bytes(&random, modulus, sizeof modulus);
	modulus[0] |= 0x80;
	modulus[255] |= 1;
	before = complaints();
	VALGRIND_MAKE_MEM_UNDEFINED(random.drbg.K, sizeof random.drbg.K);
	VALGRIND_MAKE_MEM_UNDEFINED(random.pool, sizeof random.pool);
	rsa_premaster(&random, TLS_1_2, premaster);
	/* the decision: was the padded secret below the modulus */
	assert_int_equal(rsa_encrypt(&random, &key, premaster, out, &n, NULL), 0);
	assert_true(complaints() - before <= 1);
}

static void
derivation(void **state)
{
	static const uint8_t seed[RANDOM_SIZE] = { 1 };
	uint8_t premaster[RSA_PREMASTER] = { 3, 3 }, master[MASTER_SECRET], keys[136];
	unsigned before = complaints();

	(void)state;
	VALGRIND_MAKE_MEM_UNDEFINED(premaster, sizeof premaster);
	for (unsigned version = SSL_3_0; version <= TLS_1_2; version++) {
		prf_master_secret(version, X509_SHA384, str_from(premaster, sizeof premaster), seed, seed, master);
		prf_key_block(version, X509_SHA384, master, seed, seed, keys, sizeof keys);
	}
	assert_int_equal(complaints(), before);
}

/* The secret scalar; what the decision reveals is that the peer's point was good. */
static void
key_exchange(void **state)
{
	struct random random;

	(void)state;
	random_init_fixed(&random, "ecdh", 4);
	for (size_t i = 0; tls_group_at(i) != NULL; i++) {
		uint8_t value[GROUP_MAX_PUBLIC], secret[GROUP_MAX_SECRET];
		struct group_key ours;
		unsigned before;
		size_t n;

		assert_int_equal(group_keygen(&ours, tls_group_at(i)->id, &random, NULL), 0);
		group_peer(&ours, &random, value, &n, secret);
		before = complaints();
		VALGRIND_MAKE_MEM_UNDEFINED(ours.scalar, ours.scalar_len);
		assert_int_equal(group_shared(&ours, str_from(value, n), secret, &n, NULL), 0);
		if (complaints() - before > 1)
			fail_msg("%s: %u decisions", tls_group_at(i)->name, complaints() - before);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_measure_works), cmocka_unit_test(cbc_damaged),
		cmocka_unit_test(cbc_genuine), cmocka_unit_test(rsa_premaster_secret), cmocka_unit_test(derivation),
		cmocka_unit_test(key_exchange) };

	(void)argc;
	if (!RUNNING_ON_VALGRIND) {
		execlp("valgrind", "valgrind", "-q", "--log-file=/dev/null",
		    "--suppressions=" SOURCE_DIR "/tests/support/assertions.supp", argv[0], (char *)NULL);
		puts("valgrind is not here: results only");
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
