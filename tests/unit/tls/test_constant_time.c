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

#if defined(__has_include) && !defined(__SANITIZE_ADDRESS__)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#ifndef VALGRIND_MAKE_MEM_UNDEFINED
#define VALGRIND_MAKE_MEM_UNDEFINED(p, n) ((void)(p), (void)(n))
#define VALGRIND_MAKE_MEM_DEFINED(p, n) ((void)(p), (void)(n))
#define VALGRIND_COUNT_ERRORS 0
#define RUNNING_ON_VALGRIND 1
#endif

enum { DATA = 200, MAC = 20, BLOCK = 16 };

static unsigned
complaints(void)
{
	return (unsigned)VALGRIND_COUNT_ERRORS;
}

static struct protect *
opening(const struct crypto *crypto, unsigned version)
{
	static const uint8_t keys[64] = "0123456789abcdefghij0123456789abcdef0123456789abcdef";
	struct protect_params params = { .crypto = crypto, .suite = suite_find(0x002F), .version = version,
		.mac_key = str_from(keys, MAC), .key = str_from(keys + MAC, BLOCK), .iv = str_from(keys + MAC + BLOCK, BLOCK) };

	return protect_new(&params);
}

/* A record whose decrypted last byte, the padding's length, takes every value; none of them has a good MAC. */
static void
cbc_padding(void **state)
{
	struct crypto crypto;
	struct random random;
	unsigned usual = 0;

	(void)state;
	crypto_init(&crypto);
	random_init_fixed(&random, "cbc", 3);
	for (unsigned round = 0; round < 300; round++) {
		struct protect *p = opening(&crypto, TLS_1_1);
		uint8_t record[RECORD_HEADER + BLOCK * 20];
		unsigned type = CONTENT_APPLICATION_DATA, before = complaints();
		struct str plain;

		random_bytes(&random, record, sizeof record);
		record_header(record, type, TLS_1_1, BLOCK * 20);
		VALGRIND_MAKE_MEM_UNDEFINED(record + RECORD_HEADER, BLOCK * 20);
		assert_int_equal(protect_open(p, &type, record, record + RECORD_HEADER, BLOCK * 20, &plain, NULL), -1);
		if (round == 0)
			usual = complaints() - before;
		assert_true(usual <= 1);
		assert_int_equal(complaints() - before, usual);
		protect_free(p);
	}
}

static void
rsa_premaster_secret(void **state)
{
	static const uint8_t e[3] = { 1, 0, 1 };
	uint8_t modulus[256] = { 0 }, premaster[RSA_PREMASTER], out[DHE_MAX_BYTES];
	struct x509_key key = { .type = X509_KEY_RSA, .bits = 2048, .n = str_from(modulus, sizeof modulus),
		.e = str_from(e, sizeof e) };
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
		struct group_key ours, theirs;
		uint8_t secret[GROUP_MAX_SECRET];
		unsigned before;
		size_t n;

		assert_int_equal(group_keygen(&ours, tls_group_at(i)->id, &random, NULL), 0);
		assert_int_equal(group_keygen(&theirs, tls_group_at(i)->id, &random, NULL), 0);
		before = complaints();
		VALGRIND_MAKE_MEM_UNDEFINED(ours.scalar, ours.scalar_len);
		assert_int_equal(group_shared(&ours, str_from(theirs.public_key, theirs.public_len), secret, &n, NULL), 0);
		assert_true(complaints() - before <= 1);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cbc_padding), cmocka_unit_test(rsa_premaster_secret), cmocka_unit_test(derivation),
		cmocka_unit_test(key_exchange),
	};

	(void)argc;
	if (!RUNNING_ON_VALGRIND) {
		execlp("valgrind", "valgrind", "-q", "--log-file=/dev/null", argv[0], (char *)NULL);
		puts("valgrind is not here: results only");
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
