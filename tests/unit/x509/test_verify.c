/* Signature verification against signatures that openssl made. */
#include "net/x509/hash.h"
#include "net/x509/nettle.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"
#include "tests/unit/x509/verify_vectors.h"

#define COUNT(table) (sizeof table / sizeof table[0])

static struct str
digest(enum x509_hash h, uint8_t out[HASH_MAX])
{
	struct str message = STR("what is signed");

	hash_parts(h, &message, 1, out);
	return str_from(out, hash_size(h));
}

static struct hex
modulus(unsigned bits)
{
	for (size_t i = 0; i < COUNT(rsa_keys); i++)
		if (rsa_keys[i].bits == bits)
			return hex(rsa_keys[i].n);
	return hex("");
}

static struct x509_key
rsa_key(unsigned bits, const struct hex *n)
{
	return (struct x509_key){ .type = X509_KEY_RSA, .bits = bits, .n = HEX_STR(*n), .e = STR("\x01\x00\x01") };
}

static bool
verify_rsa(enum signature_kind kind, const struct x509_key *k, enum x509_hash h, struct str hash, struct str signature)
{
	return kind == PSS ? x509_verify_pss(k, h, hash, signature) : x509_verify_pkcs1(k, h, hash, signature);
}

static void
rsa(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rsa_signatures); i++) {
		struct hex n = modulus(rsa_signatures[i].bits), signature = hex(rsa_signatures[i].signature);
		struct x509_key k = rsa_key(rsa_signatures[i].bits, &n);
		enum x509_hash h = rsa_signatures[i].hash;
		uint8_t bytes[HASH_MAX];
		struct str hash = digest(h, bytes), s = HEX_STR(signature);

		assert_true(verify_rsa(rsa_signatures[i].kind, &k, h, hash, s));
		k.type = X509_KEY_RSA_PSS;
		assert_true(verify_rsa(rsa_signatures[i].kind, &k, h, hash, s));
		/* another kind, another hash, one bit, one byte less */
		assert_false(verify_rsa(rsa_signatures[i].kind == PSS ? PKCS1 : PSS, &k, h, hash, s));
		assert_false(
		    verify_rsa(rsa_signatures[i].kind, &k, h == X509_SHA256 ? X509_SHA384 : X509_SHA256, hash, s));
		assert_false(verify_rsa(rsa_signatures[i].kind, &k, h, hash, str_slice(s, 0, s.n - 1)));
		bytes[0] ^= 1;
		assert_false(verify_rsa(rsa_signatures[i].kind, &k, h, hash, s));
		bytes[0] ^= 1;
		for (size_t at = 0; at < signature.n; at += 7) {
			signature.p[at] ^= 1;
			assert_false(verify_rsa(rsa_signatures[i].kind, &k, h, hash, s));
			signature.p[at] ^= 1;
		}
	}
}

static void
pss_salt_length(void **state)
{
	struct hex n = modulus(1024), signature = hex(other_salt);
	struct x509_key k = rsa_key(1024, &n);
	uint8_t bytes[HASH_MAX];

	(void)state;
	assert_false(x509_verify_pss(&k, X509_SHA256, digest(X509_SHA256, bytes), HEX_STR(signature)));
}

/* An exponent of 1 would let everybody sign; a huge one would cost much. */
static void
rsa_keys_refused(void **state)
{
	struct hex n = modulus(1024), signature = hex(rsa_signatures[3].signature);
	static const struct {
		const char *e;
		size_t len;
	} exponents[] = {
		{ "", 0 },
		{ "\x01", 1 },
		{ "\x02", 1 },
		{ "\x10\x00", 2 },
		{ "\x01\x00\x00\x00\x00\x00\x00\x00\x01", 9 },
	};
	uint8_t bytes[HASH_MAX], everyone[128];
	struct str hash = digest(X509_SHA256, bytes);
	struct x509_key k = rsa_key(1024, &n);

	(void)state;
	assert_int_equal(rsa_signatures[3].hash, X509_SHA256);
	assert_true(x509_verify_pkcs1(&k, X509_SHA256, hash, HEX_STR(signature)));
	for (size_t i = 0; i < COUNT(exponents); i++) {
		k.e = str_from(exponents[i].e, exponents[i].len);
		assert_false(x509_verify_pkcs1(&k, X509_SHA256, hash, HEX_STR(signature)));
		assert_false(x509_verify_pss(&k, X509_SHA256, hash, HEX_STR(signature)));
	}
	/* with e = 1 the encoded message itself would verify */
	memset(everyone, 0xFF, sizeof everyone);
	memcpy(everyone, "\0\1", 2);
	memcpy(everyone + 128 - 52, "\0\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
	    20);
	memcpy(everyone + 128 - 32, bytes, 32);
	k.e = STR("\x01");
	assert_false(x509_verify_pkcs1(&k, X509_SHA256, hash, str_from(everyone, 128)));
	k = rsa_key(1024, &n);
	k.type = X509_KEY_EC;
	assert_false(x509_verify_pkcs1(&k, X509_SHA256, hash, HEX_STR(signature)));
}

static struct x509_key
ec_key(size_t i, const struct hex *point)
{
	return (struct x509_key){ .type = X509_KEY_EC, .curve = ecdsa_signatures[i].curve, .point = HEX_STR(*point) };
}

static void
ecdsa(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ecdsa_signatures); i++) {
		struct hex point = hex(ecdsa_signatures[i].point), signature = hex(ecdsa_signatures[i].signature);
		struct x509_key k = ec_key(i, &point);
		uint8_t bytes[HASH_MAX];
		struct str hash = digest(ecdsa_signatures[i].hash, bytes);

		assert_true(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
		for (size_t at = 0; at < signature.n; at++) {
			signature.p[at] ^= 1;
			assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
			signature.p[at] ^= 1;
			assert_false(x509_verify_ecdsa(&k, hash, str_from(signature.p, at)));
		}
		bytes[0] ^= 1;
		assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
		bytes[0] ^= 1;
		point.p[5] ^= 1;
		assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
		point.p[5] ^= 1;
		k.curve = k.curve == 23 ? 24 : 23;
		assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
		k.curve = 22;
		assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(signature)));
	}
}

static void
eddsa(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(eddsa_signatures); i++) {
		struct hex key = hex(eddsa_signatures[i].key), message = hex(eddsa_signatures[i].message),
			   signature = hex(eddsa_signatures[i].signature);
		struct x509_key k = { .type = eddsa_signatures[i].type, .point = HEX_STR(key) };

		assert_true(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
		assert_false(x509_verify_eddsa(&k, STR("another"), HEX_STR(signature)));
		for (size_t bit = 0; bit < 8 * signature.n; bit++) {
			signature.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
			signature.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_false(x509_verify_eddsa(&k, HEX_STR(message), str_from(signature.p, signature.n - 1)));
		key.p[0] ^= 1;
		assert_false(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
		key.p[0] ^= 1;
		k.point.n--;
		assert_false(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
		k.point.n++;
		k.type = k.type == X509_KEY_ED448 ? X509_KEY_ED25519 : X509_KEY_ED448;
		assert_false(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
		k.type = X509_KEY_EC;
		assert_false(x509_verify_eddsa(&k, HEX_STR(message), HEX_STR(signature)));
	}
}

/* Powers modulo numbers above 4096 bits: 2^(2^12 + 1) = 2^4097, and what is refused. */
static void
large_powers(void **state)
{
	uint8_t modulus[1024] = { 0 }, base[1024] = { 0 }, out[1024], wanted[1024] = { 0 };
	struct str m = str_from(modulus, sizeof modulus), b = str_from(base, sizeof base);

	(void)state;
	memset(modulus, 0xFF, sizeof modulus);
	base[1023] = 2;
	wanted[1023 - 4097 / 8] = 1 << 4097 % 8;
	assert_true(nettle_power(b, STR("\x10\x01"), m, out));
	assert_memory_equal(out, wanted, sizeof out);
	assert_false(nettle_power(b, STR(""), m, out));
	assert_false(nettle_power(str_slice(b, 1, b.n), STR("\x03"), m, out));
	assert_false(nettle_power(m, STR("\x03"), m, out));
	base[1023] = 0;
	assert_false(nettle_power(b, STR("\x03"), m, out));
	base[1023] = 2;
	modulus[1023] = 0xFE;
	assert_false(nettle_power(b, STR("\x03"), m, out));
	modulus[1023] = 0xFF;
	modulus[0] = 0;
	assert_false(nettle_power(b, STR("\x03"), m, out));
}

/* Signatures in other than DER: zeros in front, a long length, bytes behind, zero and negative numbers. */
static void
ecdsa_sloppy(void **state)
{
	static const char *const forms[] = { "", "30", "3000", "3006020100020100", "3006020101020101ff",
		"300602010102018100", "3080020101020101", "308106020101020101", "30820006020101020101",
		"3007020101020200ff00", "300702020001020101", "30050201010200", "300602018102017f" };
	struct hex point = hex(ecdsa_signatures[1].point), good = hex(ecdsa_signatures[1].signature), padded;
	struct x509_key k = ec_key(1, &point);
	uint8_t bytes[HASH_MAX];
	struct str hash = digest(X509_SHA256, bytes);

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct hex h = hex(forms[i]);

		assert_false(x509_verify_ecdsa(&k, hash, HEX_STR(h)));
	}
	/* the good one with a superfluous zero in front of r */
	memcpy(padded.p, good.p, 4);
	padded.p[1]++;
	padded.p[3]++;
	padded.p[4] = 0;
	memcpy(padded.p + 5, good.p + 4, good.n - 4);
	assert_false(x509_verify_ecdsa(&k, hash, str_from(padded.p, good.n + 1)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rsa), cmocka_unit_test(pss_salt_length),
		cmocka_unit_test(rsa_keys_refused), cmocka_unit_test(ecdsa), cmocka_unit_test(eddsa),
		cmocka_unit_test(large_powers), cmocka_unit_test(ecdsa_sloppy) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
