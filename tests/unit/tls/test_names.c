/* Names, lists as users type them, defaults, and that the tables are whole. */
#include "net/tls/group.h"
#include "net/tls/scheme.h"
#include "net/tls/suite.h"
#include "tests/support/unit.h"

static void
names(void **state)
{
	(void)state;
	assert_string_equal(tls_alert_name(20), "bad_record_mac");
	assert_string_equal(tls_alert_name(200), "alert_200");
	assert_string_equal(tls_alert_name(5), "alert_5");
	assert_string_equal(tls_version_name(SSL_3_0), "SSLv3");
	assert_string_equal(tls_version_setting(TLS_1_2), "tls1.2");
	assert_string_equal(tls_version_name(0x0305), "0x0305");
	assert_int_equal(tls_version_parse(STR("TLSv1.3")), TLS_1_3);
	assert_int_equal(tls_version_parse(STR("ssl3")), SSL_3_0);
	assert_int_equal(tls_version_parse(STR("tls1.4")), 0);
	assert_string_equal(tls_suite_name(0x1301), "TLS_AES_128_GCM_SHA256");
	assert_string_equal(tls_suite_name(0x0003), "TLS_RSA_EXPORT_WITH_RC4_40_MD5");
	assert_string_equal(tls_suite_name(0xC0B5), "TLS_SHA384_SHA384");
	assert_string_equal(tls_suite_name(0xBEEF), "0xBEEF");
	assert_string_equal(tls_group_name(29), "x25519");
	assert_string_equal(tls_group_name(4588), "X25519MLKEM768");
	assert_string_equal(tls_group_name(0), "0x0000");
	assert_string_equal(tls_scheme_name(0x0807), "ed25519");
	assert_string_equal(tls_scheme_name(0x0804), "rsa_pss_rsae_sha256");
	assert_string_equal(tls_extension_name(65281), "renegotiation_info");
	assert_string_equal(tls_extension_name(0xABCD), "0xABCD");
}

static void
every_code_has_word_and_alert(void **state)
{
	(void)state;
	for (int code = 0; code < TLS_CODE_LAST; code++) {
		assert_string_not_equal(tls_code_word(code), "unknown");
		for (int other = 0; other < code; other++)
			assert_string_not_equal(tls_code_word(code), tls_code_word(other));
		if (tls_code_alert(code) != ALERT_NONE)
			assert_in_range(tls_code_alert(code), 10, 121);
	}
	assert_string_equal(tls_code_word(TLS_BAD_RECORD_MAC), "bad_record_mac");
	assert_int_equal(tls_code_alert(TLS_BAD_RECORD_MAC), ALERT_BAD_RECORD_MAC);
	assert_int_equal(tls_code_alert(TLS_PEER_ALERT), ALERT_NONE);
	assert_string_equal(tls_code_word(TLS_CODE_LAST), "unknown");
}

/* Each row is found by its number and both names, its name says what it is, and it fits some version. */
static void
suites_are_consistent(void **state)
{
	(void)state;
	for (size_t i = 0; tls_suite_at(i) != NULL; i++) {
		const struct tls_suite_info *info = tls_suite_at(i);
		const struct suite *s = suite_find(info->id);
		uint16_t id;

		assert_ptr_equal(&s->info, info);
		assert_string_equal(tls_suite_name(info->id), info->iana);
		assert_true(tls_suite_by_name(str_of(info->iana), &id) && id == info->id);
		if (info->openssl != NULL)
			assert_true(tls_suite_by_name(str_of(info->openssl), &id) && id == info->id);
		else
			assert_int_equal(s->kx, KX_TLS13);
		assert_true(info->min_version <= info->max_version);
		assert_int_equal(s->kx == KX_TLS13, info->min_version == TLS_1_3);
		assert_int_equal(strstr(info->iana, "SHA384") != NULL, s->prf == X509_SHA384);
		assert_int_equal(strstr(info->iana, "_CBC_") != NULL, suite_is_cbc(s));
		assert_int_equal(suite_is_aead(s), cipher_info(s->cipher)->tag > 0);
		assert_int_equal(suite_key_block(s, TLS_1_2) % 2, 0);
	}
	assert_null(suite_find(0x0003));
	assert_null(tls_suite_find(0x0A0A));
	/* RFC 5246 section 6.3: AES_256_CBC_SHA256 needs 2 x 32 + 2 x 32, older versions with IVs more */
	assert_int_equal(suite_key_block(suite_find(0x003D), TLS_1_2), 128);
	assert_int_equal(suite_key_block(suite_find(0x0035), TLS_1_0), 136);
	assert_int_equal(suite_key_block(suite_find(0x009C), TLS_1_2), 40);
	assert_int_equal(suite_key_block(suite_find(0xCCA8), TLS_1_2), 88);
}

static void
default_suites(void **state)
{
	struct crypto crypto;
	uint16_t ids[TLS_MAX_SUITES];
	size_t n;

	(void)state;
	crypto_init(&crypto);
	crypto.fast_aes = true;
	n = suite_defaults(&crypto, TLS_1_2, TLS_1_3, false, ids, TLS_MAX_SUITES);
	assert_int_equal(ids[0], 0x1301);
	for (size_t i = 0; i < n; i++) {
		const struct suite *s = suite_find(ids[i]);

		assert_true(suite_is_aead(s) && s->kx != KX_RSA);
		assert_int_equal(cipher_info(s->cipher)->tag, 16);
	}
	crypto.fast_aes = false;
	assert_int_equal(suite_defaults(&crypto, TLS_1_2, TLS_1_3, false, ids, TLS_MAX_SUITES), n);
	assert_int_equal(ids[0], 0x1303);
	n = suite_defaults(&crypto, SSL_3_0, SSL_3_0, true, ids, TLS_MAX_SUITES);
	assert_true(n > 10);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(suite_find(ids[i])->info.min_version, SSL_3_0);
		assert_int_not_equal(suite_find(ids[i])->cipher, CIPHER_NULL);
		assert_int_not_equal(suite_find(ids[i])->cipher, CIPHER_DES_CBC);
	}
	assert_int_equal(suite_defaults(&crypto, SSL_3_0, SSL_3_0, false, ids, TLS_MAX_SUITES), 0);
}

static bool
contains(const uint16_t *ids, int n, uint16_t id)
{
	for (int i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void
suite_lists(void **state)
{
	uint16_t ids[TLS_MAX_SUITES];
	struct error error;
	int all, n;

	(void)state;
	assert_int_equal(tls_parse_suites(STR("AES128-SHA:TLS_AES_128_GCM_SHA256, 0xbeef aes128-sha"), ids, 256,
			     &error),
	    3);
	assert_int_equal(ids[0], 0x002F);
	assert_int_equal(ids[1], 0x1301);
	assert_int_equal(ids[2], 0xBEEF);
	assert_int_equal(tls_parse_suites(STR("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), ids, 256, &error), 1);
	all = tls_parse_suites(STR("all"), ids, 256, &error);
	n = tls_parse_suites(STR("all,-DHE"), ids, 256, &error);
	assert_true(n > 0 && n < all);
	assert_false(contains(ids, n, 0x0033));
	n = tls_parse_suites(STR("default,-TLS_AES_128_GCM_SHA256,RC4-SHA"), ids, 256, &error);
	assert_false(contains(ids, n, 0x1301));
	assert_int_equal(ids[n - 1], 0x0005);
	n = tls_parse_suites(STR("legacy"), ids, 256, &error);
	assert_true(contains(ids, n, 0x000A) && !contains(ids, n, 0xC02F) && !contains(ids, n, 0x0002));
	assert_int_equal(tls_parse_suites(STR("NULL-SHA"), ids, 256, &error), 1);
	assert_int_equal(tls_parse_suites(STR("AES128-SA"), ids, 256, &error), -1);
	assert_int_equal(error.kind, ERROR_USAGE);
	assert_string_equal(error.text, "unknown cipher suite: AES128-SA");
	assert_string_equal(error.why, "did you mean AES128-SHA?");
	assert_int_equal(tls_parse_suites(STR("a\x1b[1m"), ids, 256, &error), -1);
	assert_string_equal(error.text, "unknown cipher suite: a\\x1B[1m");
	assert_int_equal(tls_parse_suites(STR(" ,"), ids, 256, &error), -1);
	assert_int_equal(tls_parse_suites(STR("default,-default"), ids, 256, &error), -1);
	assert_int_equal(tls_parse_suites(STR("all"), ids, 3, &error), -1);
}

static void
group_and_scheme_lists(void **state)
{
	uint16_t ids[TLS_MAX_SCHEMES];
	struct error error;
	int n;

	(void)state;
	assert_int_equal(tls_parse_groups(STR("P-256:X25519,secp521r1"), ids, 32, &error), 3);
	assert_int_equal(ids[0], GROUP_P256);
	assert_int_equal(tls_parse_groups(STR("default"), ids, 32, &error), 6);
	assert_int_equal(ids[0], GROUP_X25519);
	assert_int_equal(tls_parse_groups(STR("all"), ids, 32, &error), 7);
	assert_int_equal(tls_parse_groups(STR("x25519mlkem768,x448"), ids, 32, &error), 2);
	assert_int_equal(ids[0], GROUP_X25519MLKEM768);
	assert_int_equal(tls_parse_groups(STR("default"), ids, 32, &error), 6);
	assert_int_equal(ids[0], GROUP_X25519);
	assert_int_equal(tls_parse_groups(STR("secp256r"), ids, 32, &error), -1);
	assert_string_equal(error.why, "did you mean secp256r1?");
	n = tls_parse_schemes(STR("default"), ids, 64, &error);
	assert_true(contains(ids, n, 0x0804) && !contains(ids, n, 0x0201));
	n = tls_parse_schemes(STR("legacy"), ids, 64, &error);
	assert_true(contains(ids, n, 0x0201) && !contains(ids, n, 0x0804) && !contains(ids, n, 0x0101));
	assert_int_equal(tls_parse_schemes(STR("ed25519"), ids, 64, &error), 1);
	assert_int_equal(tls_parse_schemes(STR("rsa"), ids, 64, &error), -1);
}

static void
schemes_fit(void **state)
{
	struct x509_key rsa = { .type = X509_KEY_RSA, .bits = 2048 }, pss = { .type = X509_KEY_RSA_PSS, .bits = 2048 };
	struct x509_key p256 = { .type = X509_KEY_EC, .bits = 256, .curve = GROUP_P256 };

	(void)state;
	assert_true(scheme_fits(scheme_find(0x0401), TLS_1_2, &rsa));
	assert_false(scheme_fits(scheme_find(0x0401), TLS_1_3, &rsa));
	assert_true(scheme_fits(scheme_find(0x0804), TLS_1_3, &rsa));
	assert_false(scheme_fits(scheme_find(0x0804), TLS_1_3, &pss));
	assert_true(scheme_fits(scheme_find(0x0809), TLS_1_2, &pss));
	assert_false(scheme_fits(scheme_find(0x0809), TLS_1_3, &rsa));
	assert_true(scheme_fits(scheme_find(0x0403), TLS_1_3, &p256));
	assert_true(scheme_fits(scheme_find(0x0503), TLS_1_2, &p256));
	assert_false(scheme_fits(scheme_find(0x0503), TLS_1_3, &p256));
	assert_false(scheme_fits(scheme_find(0x0203), TLS_1_3, &p256));
	assert_false(scheme_fits(scheme_find(0x0403), TLS_1_2, &rsa));
	/* RFC 8017 section 9.1.1: emLen of at least hLen + sLen + 2 */
	rsa.bits = 1024;
	assert_false(scheme_fits(scheme_find(0x0806), TLS_1_2, &rsa));
	assert_true(scheme_fits(scheme_find(0x0805), TLS_1_2, &rsa));
	rsa.bits = 130 * 8 + 1;
	assert_true(scheme_fits(scheme_find(0x0806), TLS_1_2, &rsa));
	rsa.bits = 130 * 8 - 7;
	assert_false(scheme_fits(scheme_find(0x0806), TLS_1_2, &rsa));
}

static void
tls13_content(void **state)
{
	uint8_t hash[32] = { 1 }, content[SCHEME_TLS13_CONTENT_MAX];

	(void)state;
	assert_int_equal(scheme_tls13_content(true, str_from(hash, sizeof hash), content), 64 + 33 + 1 + 32);
	assert_memory_equal(content,
	    "                                                                TLS 1.3, server CertificateVerify\0\x01",
	    99);
	scheme_tls13_content(false, str_from(hash, sizeof hash), content);
	assert_memory_equal(content + 64, "TLS 1.3, client CertificateVerify\0\x01", 35);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(every_code_has_word_and_alert),
		cmocka_unit_test(suites_are_consistent), cmocka_unit_test(default_suites),
		cmocka_unit_test(suite_lists), cmocka_unit_test(group_and_scheme_lists), cmocka_unit_test(schemes_fit),
		cmocka_unit_test(tls13_content) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
