/* Client certificates: every form of key, what is refused and how it is said, signing in every version. */
#include <stdio.h>
#include <stdlib.h>

#include "net/tls/credentials.h"
#include "net/tls/prf.h"
#include "tests/support/unit.h"

#define DATA SOURCE_DIR "/tests/data/tls/"

static struct tls_credentials *
load(const char *cert, const char *key, struct error *error)
{
	char cert_path[256], key_path[256];

	snprintf(cert_path, sizeof cert_path, DATA "%s", cert);
	snprintf(key_path, sizeof key_path, DATA "%s", key != NULL ? key : "");
	return tls_credentials_load(cert_path, key != NULL ? key_path : NULL, error);
}

static const struct {
	const char *cert, *key;
	enum x509_key_type type;
} good[] = {
	{ "rsa.crt", "rsa.key", X509_KEY_RSA },
	{ "rsa.crt", "rsa-pkcs1.key", X509_KEY_RSA },
	{ "rsa.crt", "rsa.der", X509_KEY_RSA },
	{ "pss.crt", "pss.key", X509_KEY_RSA },
	{ "rsa4096.crt", "rsa4096.key", X509_KEY_RSA },
	{ "p256.crt", "p256.key", X509_KEY_EC },
	{ "p256.crt", "p256-sec1.key", X509_KEY_EC },
	{ "p384.crt", "p384-sec1.key", X509_KEY_EC },
	{ "p384-both.pem", NULL, X509_KEY_EC },
	{ "p521.crt", "p521.key", X509_KEY_EC },
	{ "p521.crt", "p521-sec1.key", X509_KEY_EC },
	{ "ed25519.crt", "ed25519.key", X509_KEY_ED25519 },
	{ "ed448.crt", "ed448.key", X509_KEY_ED448 },
};

static void
every_form_of_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		struct tls_credentials *c = load(good[i].cert, good[i].key, &error);

		assert_string_equal(error.text, "");
		assert_non_null(c);
		assert_int_equal(c->n_chain, 1);
		assert_int_equal(c->type, good[i].type);
		tls_credentials_drop(c);
	}
}

/* As other systems end lines; with spaces behind them; with what `openssl pkcs12` writes before a block. */
static void
other_lines(void **state)
{
	static const char *const ends[] = { "\r\n", " \n", "\n" };
	FILE *f = fopen(DATA "p256-sec1.key", "r");
	char text[2000];
	size_t n = fread(text, 1, sizeof text, f);

	(void)state;
	fclose(f);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct tls_credentials c = { .n_chain = 0 };
		struct str rest = str_from(text, n);
		struct error error = { .kind = ERROR_NONE };
		struct buf other;

		buf_init(&other, 0);
		buf_addf(&other, "Bag Attributes%s    localKeyID: 59 DD%s", ends[i], ends[i]);
		while (rest.n > 0) {
			struct str line = str_cut(&rest, '\n');

			buf_addf(&other, "%.*s%s", STR_ARG(line), ends[i]);
		}
		assert_int_equal(credentials_read_key(&c, buf_str(&other), "key", &error), 0);
		assert_int_equal(c.type, X509_KEY_EC);
		free(c.secret);
		buf_release(&other);
	}
}

static void
what_is_refused(void **state)
{
	static const struct {
		const char *cert, *key, *text, *hint;
	} cases[] = {
		{ "rsa.crt", "rsa-encrypted.key", "the private key is encrypted", "openssl pkey -in" },
		{ "rsa.crt", "rsa-encrypted-pkcs1.key", "the private key is encrypted", "openssl pkey -in" },
		{ "rsa.crt", "p256.key", "does not belong to the certificate", "" },
		{ "p256.crt", "p521.key", "does not belong to the certificate", "" },
		{ "rsa.crt", "rsa4096.key", "does not belong to the certificate", "" },
		{ "p256.crt", "k256.key", "curve is not supported", "" },
		{ "p256.crt", "k256-sec1.key", "curve is not supported", "" },
		{ "rsa.crt", "ed25519.key", "does not belong to the certificate", "" },
		{ "ed25519.crt", "ed448.key", "does not belong to the certificate", "" },
		{ "ed448.crt", "ed25519.key", "does not belong to the certificate", "" },
		{ "rsa.crt", "rsa8192.key", "above 4096 bits", "" },
		{ "rsa.crt", "rsa.crt", "no private key", "" },
		{ "rsa.crt", "missing.key", "No such file", "" },
		{ "missing.crt", "rsa.key", "No such file", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error error = { .kind = ERROR_NONE };

		assert_null(load(cases[i].cert, cases[i].key, &error));
		assert_int_equal(error.kind, ERROR_OTHER);
		assert_non_null(strstr(error.text, cases[i].text));
		assert_true(strstr(error.command, cases[i].hint) != NULL || strstr(error.why, cases[i].hint) != NULL);
	}
	assert_null(load("rsa.key", "rsa.key", NULL));
}

/* What is signed with a scheme verifies with the certificate, in each version that allows the scheme. */
static void
signs_with_every_scheme(void **state)
{
	struct random random;
	struct str message = STR("transcript");
	unsigned done = 0;

	(void)state;
	random_init_fixed(&random, "sign", 4);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct tls_credentials *c = load(good[i].cert, good[i].key, NULL);

		for (size_t k = 0; tls_scheme_at(k) != NULL; k++)
			for (unsigned version = TLS_1_2; version <= TLS_1_3; version++) {
				uint16_t id = tls_scheme_at(k)->id;
				uint8_t digest[HASH_MAX], signature[CREDENTIALS_MAX_SIGNATURE];
				struct error error;
				struct str hash;
				size_t n;

				if (!scheme_fits(scheme_find(id), version, c->key))
					continue;
				hash_parts(scheme_hash(c->key, id), &message, 1, digest);
				hash = str_from(digest, hash_size(scheme_hash(c->key, id)));
				if (credentials_sign_messages(c))
					hash = message;
				assert_int_equal(credentials_sign(c, id, hash, &random, signature, &n, NULL), 0);
				assert_int_equal(scheme_verify(c->key, version, id, &message, 1, str_from(signature, n),
						     NULL),
				    0);
				signature[n / 2] ^= 1;
				assert_int_equal(scheme_verify(c->key, version, id, &message, 1, str_from(signature, n),
						     &error),
				    -1);
				assert_int_equal(error.code, TLS_BAD_SIGNATURE);
				done++;
			}
		tls_credentials_drop(c);
	}
	assert_true(done > 50);
}

/* SSL 3.0 to TLS 1.1: no scheme, RSA signs MD5 and SHA-1, ECDSA signs SHA-1. */
static void
signs_in_old_versions(void **state)
{
	static const char *const names[][2] = { { "rsa.crt", "rsa.key" }, { "p256.crt", "p256.key" } };
	struct random random;
	struct str message = STR("transcript");

	(void)state;
	random_init_fixed(&random, "sign", 4);
	for (size_t i = 0; i < 2; i++) {
		struct tls_credentials *c = load(names[i][0], names[i][1], NULL);
		enum x509_hash h = scheme_hash(c->key, 0);
		uint8_t digest[HASH_MAX], signature[CREDENTIALS_MAX_SIGNATURE];
		struct error error;
		size_t n;

		hash_parts(h, &message, 1, digest);
		assert_int_equal(hash_size(h), i == 0 ? 36 : 20);
		assert_int_equal(credentials_sign(c, 0, str_from(digest, hash_size(h)), &random, signature, &n, NULL),
		    0);
		assert_int_equal(scheme_verify(c->key, TLS_1_0, 0, &message, 1, str_from(signature, n), NULL), 0);
		assert_int_equal(credentials_sign(c, 0, str_from(digest, 5), &random, signature, &n, &error), -1);
		tls_credentials_drop(c);
	}
}

/* The order is ours, not the server's: SHA-1 comes last, however early it stands in the request. */
static void
chooses_a_scheme(void **state)
{
	static const uint16_t peer[] = { 0x0201, 0x0203, 0x0807, 0x0301, 0x0101, 0x0503, 0x0403, 0x0401, 0x0804 };
	static const struct {
		const char *cert, *key;
		unsigned version;
		size_t n_first;
		uint16_t first[2];
		size_t from, n;
		uint16_t chosen;
	} cases[] = {
		{ "rsa.crt", "rsa.key", TLS_1_2, 0, { 0 }, 0, 9, 0x0804 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 0, { 0 }, 0, 8, 0x0401 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 0, { 0 }, 0, 7, 0x0201 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 0, { 0 }, 1, 6, 0 },
		{ "rsa.crt", "rsa.key", TLS_1_3, 0, { 0 }, 0, 8, 0 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 2, { 0x0403, 0x0401 }, 0, 9, 0x0401 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 2, { 0x0601, 0x0201 }, 0, 9, 0x0201 },
		{ "rsa.crt", "rsa.key", TLS_1_2, 1, { 0x0601 }, 0, 9, 0x0804 },
		{ "p384.crt", "p384-sec1.key", TLS_1_2, 0, { 0 }, 0, 9, 0x0403 },
		{ "p384.crt", "p384-sec1.key", TLS_1_2, 0, { 0 }, 0, 5, 0x0203 },
		{ "p384.crt", "p384-sec1.key", TLS_1_3, 0, { 0 }, 0, 9, 0x0503 },
		{ "p384.crt", "p384-sec1.key", TLS_1_3, 0, { 0 }, 6, 3, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct tls_credentials *c = load(cases[i].cert, cases[i].key, NULL);
		uint16_t chosen = credentials_choose_scheme(c, cases[i].version, cases[i].first, cases[i].n_first,
		    peer + cases[i].from, cases[i].n);

		if (chosen != cases[i].chosen)
			fail_msg("case %zu: %s", i, tls_scheme_name(chosen));
		tls_credentials_drop(c);
	}
}

static void
schemes_that_do_not_fit(void **state)
{
	struct tls_credentials *c = load("rsa.crt", "rsa.key", NULL);
	struct x509_key ed = { .type = X509_KEY_ED25519, .bits = 256 }, dsa = { .type = X509_KEY_DSA };
	struct str message = STR("transcript"), signature = STR("0123456789");
	struct error error;

	(void)state;
	assert_int_equal(scheme_verify(c->key, TLS_1_2, 0x0403, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_WRONG_SCHEME);
	assert_int_equal(scheme_verify(c->key, TLS_1_3, 0x0401, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_WRONG_SCHEME);
	assert_int_equal(scheme_verify(&ed, TLS_1_3, SCHEME_ED25519, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_BAD_SIGNATURE);
	assert_int_equal(scheme_verify(&ed, TLS_1_2, SCHEME_ED448, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_WRONG_SCHEME);
	assert_int_equal(scheme_verify(&ed, TLS_1_1, 0, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_WRONG_SCHEME);
	assert_int_equal(scheme_verify(&dsa, TLS_1_2, 0x0202, &message, 1, signature, &error), -1);
	assert_int_equal(error.code, TLS_UNSUPPORTED_KEY);
	tls_credentials_drop(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_form_of_key), cmocka_unit_test(other_lines),
		cmocka_unit_test(what_is_refused), cmocka_unit_test(signs_with_every_scheme),
		cmocka_unit_test(signs_in_old_versions), cmocka_unit_test(chooses_a_scheme),
		cmocka_unit_test(schemes_that_do_not_fit) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
