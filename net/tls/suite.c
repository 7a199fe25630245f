/* Cipher suites: the table and what follows from a row. */
#include "net/tls/suite.h"

#define NO_MAC X509_MD5SHA1

/* In the order of preference where AES is fast. */
/* clang-format off */
static const struct suite suites[] = {
	/* TLS 1.3 */
	{ { 0x1301, "TLS_AES_128_GCM_SHA256", NULL,
	    TLS_1_3, TLS_1_3, false }, KX_TLS13, AUTH_ANY, CIPHER_AES_128_GCM, NO_MAC, X509_SHA256, false },
	{ { 0x1302, "TLS_AES_256_GCM_SHA384", NULL,
	    TLS_1_3, TLS_1_3, false }, KX_TLS13, AUTH_ANY, CIPHER_AES_256_GCM, NO_MAC, X509_SHA384, false },
	{ { 0x1303, "TLS_CHACHA20_POLY1305_SHA256", NULL,
	    TLS_1_3, TLS_1_3, false }, KX_TLS13, AUTH_ANY, CIPHER_CHACHA20_POLY1305, NO_MAC, X509_SHA256, false },
	{ { 0x1304, "TLS_AES_128_CCM_SHA256", NULL,
	    TLS_1_3, TLS_1_3, false }, KX_TLS13, AUTH_ANY, CIPHER_AES_128_CCM, NO_MAC, X509_SHA256, false },
	{ { 0x1305, "TLS_AES_128_CCM_8_SHA256", NULL,
	    TLS_1_3, TLS_1_3, true }, KX_TLS13, AUTH_ANY, CIPHER_AES_128_CCM_8, NO_MAC, X509_SHA256, false },
	/* TLS 1.2, AEAD with forward secrecy */
	{ { 0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_128_GCM, NO_MAC, X509_SHA256, false },
	{ { 0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_256_GCM, NO_MAC, X509_SHA384, false },
	{ { 0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_ECDSA, CIPHER_CHACHA20_POLY1305, NO_MAC, X509_SHA256, false },
	{ { 0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_RSA, CIPHER_AES_128_GCM, NO_MAC, X509_SHA256, false },
	{ { 0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_RSA, CIPHER_AES_256_GCM, NO_MAC, X509_SHA384, false },
	{ { 0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_RSA, CIPHER_CHACHA20_POLY1305, NO_MAC, X509_SHA256, false },
	{ { 0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256",
	    TLS_1_2, TLS_1_2, false }, KX_DHE, AUTH_RSA, CIPHER_AES_128_GCM, NO_MAC, X509_SHA256, false },
	{ { 0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384",
	    TLS_1_2, TLS_1_2, false }, KX_DHE, AUTH_RSA, CIPHER_AES_256_GCM, NO_MAC, X509_SHA384, false },
	{ { 0xCCAA, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "DHE-RSA-CHACHA20-POLY1305",
	    TLS_1_2, TLS_1_2, false }, KX_DHE, AUTH_RSA, CIPHER_CHACHA20_POLY1305, NO_MAC, X509_SHA256, false },
	{ { 0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", "ECDHE-ECDSA-AES128-CCM",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_128_CCM, NO_MAC, X509_SHA256, false },
	{ { 0xC0AD, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", "ECDHE-ECDSA-AES256-CCM",
	    TLS_1_2, TLS_1_2, false }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_256_CCM, NO_MAC, X509_SHA256, false },
	{ { 0xC09E, "TLS_DHE_RSA_WITH_AES_128_CCM", "DHE-RSA-AES128-CCM",
	    TLS_1_2, TLS_1_2, false }, KX_DHE, AUTH_RSA, CIPHER_AES_128_CCM, NO_MAC, X509_SHA256, false },
	{ { 0xC09F, "TLS_DHE_RSA_WITH_AES_256_CCM", "DHE-RSA-AES256-CCM",
	    TLS_1_2, TLS_1_2, false }, KX_DHE, AUTH_RSA, CIPHER_AES_256_CCM, NO_MAC, X509_SHA256, false },
	/* legacy: no forward secrecy, a short tag or no AEAD; the better first */
	{ { 0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE-ECDSA-AES128-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_128_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0xC0AF, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", "ECDHE-ECDSA-AES256-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_256_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0xC0A2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", "DHE-RSA-AES128-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_128_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0xC0A3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", "DHE-RSA-AES256-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_256_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_128_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_256_CBC, X509_SHA384, X509_SHA384, false },
	{ { 0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384",
	    TLS_1_2, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA384, X509_SHA384, false },
	{ { 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_128_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_AES_256_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_128_GCM, NO_MAC, X509_SHA256, false },
	{ { 0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_256_GCM, NO_MAC, X509_SHA384, false },
	{ { 0xC09C, "TLS_RSA_WITH_AES_128_CCM", "AES128-CCM",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_128_CCM, NO_MAC, X509_SHA256, false },
	{ { 0xC09D, "TLS_RSA_WITH_AES_256_CCM", "AES256-CCM",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_256_CCM, NO_MAC, X509_SHA256, false },
	{ { 0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8", "AES128-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_128_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8", "AES256-CCM8",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_256_CCM_8, NO_MAC, X509_SHA256, false },
	{ { 0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA256, X509_SHA256, false },
	{ { 0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_128_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_AES_256_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", "ECDHE-ECDSA-DES-CBC3-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_3DES_EDE_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "ECDHE-RSA-DES-CBC3-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_3DES_EDE_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", "DHE-RSA-DES-CBC3-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_DHE, AUTH_RSA, CIPHER_3DES_EDE_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_3DES_EDE_CBC, X509_SHA1, X509_SHA256, false },
	{ { 0xC007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", "ECDHE-ECDSA-RC4-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_RC4_128, X509_SHA1, X509_SHA256, false },
	{ { 0xC011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", "ECDHE-RSA-RC4-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_RC4_128, X509_SHA1, X509_SHA256, false },
	{ { 0x0005, "TLS_RSA_WITH_RC4_128_SHA", "RC4-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_RC4_128, X509_SHA1, X509_SHA256, false },
	{ { 0x0004, "TLS_RSA_WITH_RC4_128_MD5", "RC4-MD5",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_RC4_128, X509_MD5, X509_SHA256, false },
	/* offered only when named: 56 bits, or no encryption at all */
	{ { 0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA", "DHE-RSA-DES-CBC-SHA",
	    SSL_3_0, TLS_1_1, true }, KX_DHE, AUTH_RSA, CIPHER_DES_CBC, X509_SHA1, X509_SHA256, true },
	{ { 0x0009, "TLS_RSA_WITH_DES_CBC_SHA", "DES-CBC-SHA",
	    SSL_3_0, TLS_1_1, true }, KX_RSA, AUTH_RSA, CIPHER_DES_CBC, X509_SHA1, X509_SHA256, true },
	{ { 0xC006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", "ECDHE-ECDSA-NULL-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_ECDSA, CIPHER_NULL, X509_SHA1, X509_SHA256, true },
	{ { 0xC010, "TLS_ECDHE_RSA_WITH_NULL_SHA", "ECDHE-RSA-NULL-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_ECDHE, AUTH_RSA, CIPHER_NULL, X509_SHA1, X509_SHA256, true },
	{ { 0x0002, "TLS_RSA_WITH_NULL_SHA", "NULL-SHA",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_NULL, X509_SHA1, X509_SHA256, true },
	{ { 0x003B, "TLS_RSA_WITH_NULL_SHA256", "NULL-SHA256",
	    TLS_1_2, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_NULL, X509_SHA256, X509_SHA256, true },
	{ { 0x0001, "TLS_RSA_WITH_NULL_MD5", "NULL-MD5",
	    SSL_3_0, TLS_1_2, true }, KX_RSA, AUTH_RSA, CIPHER_NULL, X509_MD5, X509_SHA256, true },
};
/* clang-format on */

enum { SUITES = sizeof suites / sizeof suites[0] };

/* clang-format off */
static const struct cipher_info ciphers[] = {
	[CIPHER_NULL] = { CIPHER_KIND_STREAM, 0, 0, 0, 0, 0 },
	[CIPHER_RC4_128] = { CIPHER_KIND_STREAM, 16, 0, 0, 0, 0 },
	[CIPHER_DES_CBC] = { CIPHER_KIND_CBC, 8, 8, 0, 0, 0 },
	[CIPHER_3DES_EDE_CBC] = { CIPHER_KIND_CBC, 24, 8, 0, 0, 0 },
	[CIPHER_AES_128_CBC] = { CIPHER_KIND_CBC, 16, 16, 0, 0, 0 },
	[CIPHER_AES_256_CBC] = { CIPHER_KIND_CBC, 32, 16, 0, 0, 0 },
	[CIPHER_AES_128_GCM] = { CIPHER_KIND_GCM, 16, 0, 16, 4, 8 },
	[CIPHER_AES_256_GCM] = { CIPHER_KIND_GCM, 32, 0, 16, 4, 8 },
	[CIPHER_AES_128_CCM] = { CIPHER_KIND_CCM, 16, 0, 16, 4, 8 },
	[CIPHER_AES_256_CCM] = { CIPHER_KIND_CCM, 32, 0, 16, 4, 8 },
	[CIPHER_AES_128_CCM_8] = { CIPHER_KIND_CCM, 16, 0, 8, 4, 8 },
	[CIPHER_AES_256_CCM_8] = { CIPHER_KIND_CCM, 32, 0, 8, 4, 8 },
	[CIPHER_CHACHA20_POLY1305] = { CIPHER_KIND_CHACHA20, 32, 0, 16, 12, 0 }
};
/* clang-format on */

const struct cipher_info *
cipher_info(enum suite_cipher c)
{
	return &ciphers[c];
}

const struct suite *
suite_find(uint16_t id)
{
	for (size_t i = 0; i < SUITES; i++)
		if (suites[i].info.id == id)
			return &suites[i];
	return NULL;
}

const struct tls_suite_info *
tls_suite_at(size_t index)
{
	return index < SUITES ? &suites[index].info : NULL;
}

const struct tls_suite_info *
tls_suite_find(uint16_t id)
{
	const struct suite *s = suite_find(id);

	return s != NULL ? &s->info : NULL;
}

bool
suite_is_cbc(const struct suite *s)
{
	return ciphers[s->cipher].kind == CIPHER_KIND_CBC;
}

bool
suite_is_aead(const struct suite *s)
{
	return ciphers[s->cipher].tag != 0;
}

bool
suite_fits(const struct suite *s, unsigned min_version, unsigned max_version)
{
	return s->info.min_version <= max_version && s->info.max_version >= min_version;
}

size_t
suite_key_block(const struct suite *s, unsigned version)
{
	const struct cipher_info *c = &ciphers[s->cipher];
	size_t mac = c->tag == 0 ? hash_size(s->mac) : 0;
	/* TLS 1.1 and 1.2 send the CBC IV with each record */
	size_t iv = c->tag != 0 ? c->salt : version <= TLS_1_0 ? c->block : 0;

	return 2 * (mac + c->key + iv);
}

size_t
suite_defaults(const struct crypto *c, unsigned min_version, unsigned max_version, bool legacy, uint16_t *ids,
    size_t max)
{
	size_t n = 0;

	/* two rounds: what is fast here, then the rest */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < SUITES && n < max; i++) {
			const struct suite *s = &suites[i];
			bool first = c->fast_aes || s->cipher == CIPHER_CHACHA20_POLY1305;

			if (first != (round == 0) || s->only_named || (s->info.legacy && !legacy) ||
			    !suite_fits(s, min_version, max_version))
				continue;
			ids[n++] = s->info.id;
		}
	return n;
}
