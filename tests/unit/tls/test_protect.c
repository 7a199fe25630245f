/* Record protection: every suite in every version, tampering, and BearSSL's own record classes as the other side. */
#include <stdlib.h>

#include "tests/unit/tls/protect_pair.h"

static void
round_trips(const struct suite *suite, unsigned version, bool etm)
{
	static const size_t sizes[] = { 0, 1, 2, 15, 16, 17, 31, 32, 33, 100, 255, 256, 1000, RECORD_MAX_PLAIN };
	struct pair pair;

	pair_open(&pair, suite, version, etm);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		unsigned wanted = i % 2 == 0 ? CONTENT_APPLICATION_DATA : CONTENT_HANDSHAKE, type;
		size_t n = sizes[i], total = seal(&pair, wanted, n);
		struct str plain;

		assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, NULL), 0);
		assert_int_equal(type, wanted);
		assert_int_equal(plain.n, n);
		for (size_t k = 0; k < n; k++)
			assert_int_equal((uint8_t)plain.p[k], (uint8_t)(k * 7 + n));
	}
	assert_int_equal(protect_sequence(pair.in), sizeof sizes / sizeof sizes[0]);
	pair_close(&pair);
}

/* Each byte of the record changed, each shorter length: all refused as bad_record_mac. The padding of SSL 3.0 is not
 * authenticated, except for its last byte. */
static void
tampering(const struct suite *suite, unsigned version, bool etm)
{
	const size_t n = 20;
	const struct cipher_info *c = cipher_info(suite->cipher);
	bool loose = version == SSL_3_0 && c->block > 0;

	for (size_t at = 0; at < 200; at++) {
		struct pair pair;
		struct error error = { .kind = ERROR_NONE };
		struct str plain;
		unsigned type;
		size_t total;

		pair_open(&pair, suite, version, etm);
		total = seal(&pair, CONTENT_APPLICATION_DATA, n);
		if (at >= total) {
			pair_close(&pair);
			return;
		}
		/* the version is in no MAC of SSL 3.0, the length is whatever came */
		if (at != 3 && at != 4 && !(version == SSL_3_0 && (at == 1 || at == 2)) &&
		    !(loose && at + c->block >= total)) {
			pair.record[at] ^= 0x20;
			assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), -1);
			assert_int_equal(error.code, TLS_BAD_RECORD_MAC);
			pair.record[at] ^= 0x20;
		}
		pair_close(&pair);
		pair_open(&pair, suite, version, etm);
		total = seal(&pair, CONTENT_APPLICATION_DATA, n);
		if (at >= RECORD_HEADER) {
			assert_int_equal(open_sealed(&pair, pair.record, at, &type, &plain, &error), -1);
			assert_int_equal(error.code, TLS_BAD_RECORD_MAC);
		}
		pair_close(&pair);
	}
}

static void
replay(const struct suite *suite, unsigned version, bool etm)
{
	struct pair pair;
	struct error error;
	struct str plain;
	unsigned type;
	size_t total;
	uint8_t copy[256];

	pair_open(&pair, suite, version, etm);
	total = seal(&pair, CONTENT_APPLICATION_DATA, 20);
	memcpy(copy, pair.record, total);
	assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), 0);
	assert_int_equal(open_sealed(&pair, copy, total, &type, &plain, &error), -1);
	assert_int_equal(error.code, TLS_BAD_RECORD_MAC);
	pair_close(&pair);
}

static void
with_every_suite(void (*test)(const struct suite *suite, unsigned version, bool etm))
{
	for (size_t i = 0; tls_suite_at(i) != NULL; i++)
		for (unsigned version = SSL_3_0; version <= TLS_1_3; version++) {
			const struct suite *suite = suite_find(tls_suite_at(i)->id);

			if (!suite_fits(suite, version, version))
				continue;
			test(suite, version, false);
			if (suite_is_cbc(suite) && version >= TLS_1_0)
				test(suite, version, true);
		}
}

static void
every_suite_round_trips(void **state)
{
	(void)state;
	with_every_suite(round_trips);
}

static void
every_suite_refuses_changes(void **state)
{
	(void)state;
	with_every_suite(tampering);
}

static void
every_suite_refuses_replays(void **state)
{
	(void)state;
	with_every_suite(replay);
}

/* The library's classes as the independent other side: what it seals we open, what we seal it opens. */
union library_out {
	const br_sslrec_out_class *vtable;
	br_sslrec_out_cbc_context cbc;
	br_sslrec_gcm_context gcm;
	br_sslrec_ccm_context ccm;
	br_sslrec_chapol_context chapol;
};

union library_in {
	const br_sslrec_in_class *vtable;
	br_sslrec_in_cbc_context cbc;
	br_sslrec_gcm_context gcm;
	br_sslrec_ccm_context ccm;
	br_sslrec_chapol_context chapol;
};

static void
library_init(const struct suite *s, unsigned version, const uint8_t *mac, const uint8_t *key, const uint8_t *iv,
    union library_out *out, union library_in *in)
{
	const struct cipher_info *c = cipher_info(s->cipher);
	const void *first_iv = version == TLS_1_0 ? iv : NULL;
	bool des = c->block == 8;

	switch (c->kind) {
	case CIPHER_KIND_CBC:
		br_sslrec_out_cbc_vtable.init(&out->cbc.vtable,
		    des ? &br_des_tab_cbcenc_vtable : &br_aes_big_cbcenc_vtable, key, c->key, hash_class(s->mac), mac,
		    hash_size(s->mac), hash_size(s->mac), first_iv);
		br_sslrec_in_cbc_vtable.init(&in->cbc.vtable,
		    des ? &br_des_tab_cbcdec_vtable : &br_aes_big_cbcdec_vtable, key, c->key, hash_class(s->mac), mac,
		    hash_size(s->mac), hash_size(s->mac), first_iv);
		break;
	case CIPHER_KIND_GCM:
		br_sslrec_out_gcm_vtable.init(&out->gcm.vtable.out, &br_aes_big_ctr_vtable, key, c->key, br_ghash_ctmul,
		    iv);
		br_sslrec_in_gcm_vtable.init(&in->gcm.vtable.in, &br_aes_big_ctr_vtable, key, c->key, br_ghash_ctmul,
		    iv);
		break;
	case CIPHER_KIND_CCM:
		br_sslrec_out_ccm_vtable.init(&out->ccm.vtable.out, &br_aes_big_ctrcbc_vtable, key, c->key, iv, c->tag);
		br_sslrec_in_ccm_vtable.init(&in->ccm.vtable.in, &br_aes_big_ctrcbc_vtable, key, c->key, iv, c->tag);
		break;
	default:
		br_sslrec_out_chapol_vtable.init(&out->chapol.vtable.out, br_chacha20_ct_run, br_poly1305_ctmul_run,
		    key, iv);
		br_sslrec_in_chapol_vtable.init(&in->chapol.vtable.in, br_chacha20_ct_run, br_poly1305_ctmul_run, key,
		    iv);
		break;
	}
}

static void
against_library(const struct suite *s, unsigned version, bool etm)
{
	const struct cipher_info *c = cipher_info(s->cipher);
	const size_t mac = c->tag == 0 ? hash_size(s->mac) : 0;
	uint8_t key_block[256], room[1024], *record;
	union library_out out;
	union library_in in;
	struct pair pair;
	struct random random;

	if (c->kind == CIPHER_KIND_STREAM || version == SSL_3_0 || version == TLS_1_3 || etm)
		return;
	pair_open(&pair, s, version, false);
	random_init_fixed(&random, "pair", 4);
	random_bytes(&random, key_block, sizeof key_block);
	library_init(s, version, key_block, key_block + 2 * mac, key_block + 2 * mac + 2 * c->key, &out, &in);
	for (size_t n = 0; n < 300; n += 23) {
		size_t length = n, total;
		unsigned type;
		struct str plain;

		memset(room, (int)n, sizeof room);
		record = out.vtable->encrypt(&out.vtable, CONTENT_HANDSHAKE, version, room + 64, &length);
		assert_int_equal(open_sealed(&pair, record, length, &type, &plain, NULL), 0);
		assert_int_equal(plain.n, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal((uint8_t)plain.p[i], (uint8_t)n);

		total = seal(&pair, CONTENT_HANDSHAKE, n);
		length = total - RECORD_HEADER;
		assert_true(in.vtable->check_length(&in.vtable, length));
		record =
		    in.vtable->decrypt(&in.vtable, CONTENT_HANDSHAKE, version, pair.record + RECORD_HEADER, &length);
		assert_non_null(record);
		assert_int_equal(length, n);
	}
	pair_close(&pair);
}

static void
library_agrees(void **state)
{
	(void)state;
	with_every_suite(against_library);
}

/* RFC 6229, 128-bit key: the first bytes of the key stream, seen by encrypting zeros. The MACs, of SSL 3.0 and of TLS,
 * were computed with Python. */
static void
rc4_stream(void **state)
{
	static const struct {
		unsigned version;
		const char *mac;
	} cases[] = {
		{ SSL_3_0, "20cdba767dff7616a759e02d8143159a" },
		{ TLS_1_0, "84fac90b165956232a01197c03eded56" },
	};
	struct hex key = hex("0102030405060708090a0b0c0d0e0f10");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct protect_params params = {
			.suite = suite_find(0x0004),
			.version = cases[i].version,
			.sealing = true,
			.mac_key = str_from("0123456789abcdef", 16),
			.key = HEX_STR(key),
		};
		struct protect *p = protect_new(&params);
		uint8_t record[RECORD_HEADER + 32 + PROTECT_BEHIND] = { 0 };
		size_t total;

		assert_int_equal(protect_seal(p, CONTENT_APPLICATION_DATA, cases[i].version, record, 32, &total, NULL),
		    0);
		assert_int_equal(total, RECORD_HEADER + 32 + 16);
		assert_hex(record + RECORD_HEADER, 32,
		    "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");
		assert_hex(record + RECORD_HEADER + 32, 16, cases[i].mac);
		protect_free(p);
	}
}

/* A TLS 1.2 record computed with Python's cryptography: key 80..9f, IV 07000000 4041..47, sequence 0, "Ladies and
 * Gentlemen". */
static void
chacha20_record(void **state)
{
	struct hex key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
	struct hex iv = hex("070000004041424344454647");
	struct crypto crypto;
	struct protect_params params = {
		.crypto = &crypto,
		.suite = suite_find(0xCCA8),
		.version = TLS_1_2,
		.sealing = true,
		.key = HEX_STR(key),
		.iv = HEX_STR(iv),
	};
	uint8_t record[RECORD_HEADER + 21 + PROTECT_BEHIND];
	struct protect *p;
	size_t total;

	(void)state;
	crypto_init(&crypto);
	p = protect_new(&params);
	memcpy(record + RECORD_HEADER, "Ladies and Gentlemen ", 21);
	assert_int_equal(protect_seal(p, CONTENT_APPLICATION_DATA, TLS_1_2, record, 21, &total, NULL), 0);
	assert_hex(record, total,
	    "1703030025d31a8d34648e60db7b86afbc53ef7ec2a4aded51299541e2c1d058c34af62591ecf6e8ee44");
	protect_free(p);
}

/* ---- padding ---- */

/* Decrypts what was sealed, changes the padding and encrypts again with the same key and IV. */
static size_t
with_padding(struct pair *pair, size_t n, uint8_t length, uint8_t fill, size_t extra)
{
	struct hex key = hex("000102030405060708090a0b0c0d0e0f"), iv = hex("101112131415161718191a1b1c1d1e1f");
	struct str mac_key = str_from("0123456789abcdefghij", 20);
	struct protect_params params = {
		.crypto = &pair->crypto,
		.suite = suite_find(0x002F),
		.version = pair->version,
		.mac_key = mac_key,
		.key = HEX_STR(key),
		.iv = HEX_STR(iv),
	};
	struct record_mac mac;
	br_aes_big_cbcenc_keys aes;
	uint8_t *data = pair->record + RECORD_HEADER, chain[16];

	protect_free(pair->in);
	pair->in = protect_new(&params);
	memcpy(chain, iv.p, 16);
	memset(data, 'x', n);
	record_mac_init(&mac, pair->version, X509_SHA1, mac_key);
	record_mac(&mac, 0, CONTENT_APPLICATION_DATA, pair->version, data, n, data + n);
	n += 20;
	memset(data + n, fill, extra);
	data[n + extra - 1] = length;
	n += extra;
	br_aes_big_cbcenc_init(&aes, key.p, key.n);
	br_aes_big_cbcenc_run(&aes, chain, data, n);
	record_header(pair->record, CONTENT_APPLICATION_DATA, pair->version, n);
	return RECORD_HEADER + n;
}

static int
opens_with_padding(unsigned version, size_t n, uint8_t length, uint8_t fill, size_t extra)
{
	struct pair pair;
	struct str plain;
	unsigned type;
	size_t total;
	int result;

	pair_open(&pair, suite_find(0x002F), version, false);
	total = with_padding(&pair, n, length, fill, extra);
	result = open_sealed(&pair, pair.record, total, &type, &plain, NULL);
	if (result == 0)
		assert_int_equal(plain.n, n);
	pair_close(&pair);
	return result;
}

static void
padding_rules(void **state)
{
	(void)state;
	/* 12 bytes and a MAC of 20 fill two blocks: a whole block of padding follows */
	assert_int_equal(opens_with_padding(TLS_1_0, 12, 15, 15, 16), 0);
	assert_int_equal(opens_with_padding(SSL_3_0, 12, 15, 15, 16), 0);
	/* SSL 3.0 takes any bytes but no more than a block; TLS up to 255, each with the length */
	assert_int_equal(opens_with_padding(SSL_3_0, 12, 15, 0xA5, 16), 0);
	assert_int_equal(opens_with_padding(TLS_1_0, 12, 15, 0xA5, 16), -1);
	assert_int_equal(opens_with_padding(TLS_1_0, 12, 255, 255, 256), 0);
	assert_int_equal(opens_with_padding(SSL_3_0, 12, 31, 31, 32), -1);
	assert_int_equal(opens_with_padding(SSL_3_0, 12, 16, 16, 16), -1);
	/* longer than the record */
	assert_int_equal(opens_with_padding(TLS_1_0, 12, 60, 60, 16), -1);
	assert_int_equal(opens_with_padding(SSL_3_0, 12, 14, 15, 16), -1);
}

/* The library's check_length lets these through and then writes behind the record. */
static void
odd_lengths_of_cbc(void **state)
{
	(void)state;
	for (unsigned version = SSL_3_0; version <= TLS_1_2; version++)
		for (size_t n = 0; n < 200; n++) {
			struct pair pair;
			struct error error;
			struct str plain;
			unsigned type = CONTENT_APPLICATION_DATA;
			uint8_t *exact = mem_alloc(n), header[RECORD_HEADER];

			pair_open(&pair, suite_find(version == TLS_1_2 ? 0x000A : 0x002F), version, false);
			record_header(header, type, version, n);
			assert_int_equal(protect_open(pair.in, &type, header, exact, n, &plain, &error), -1);
			assert_int_equal(error.code, TLS_BAD_RECORD_MAC);
			pair_close(&pair);
			free(exact);
		}
}

/* ---- limits ---- */

static void
limits(void **state)
{
	struct pair pair;
	struct error error;
	struct str plain;
	unsigned type;
	size_t total;

	(void)state;
	pair_open(&pair, suite_find(0x1301), TLS_1_3, false);
	assert_int_equal(protect_limit(pair.in), 16384 + 256);
	assert_int_equal(protect_limit(NULL), 16384);
	total = seal(&pair, CONTENT_APPLICATION_DATA, RECORD_MAX_PLAIN + 1);
	assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), -1);
	assert_int_equal(error.code, TLS_RECORD_OVERFLOW);
	pair_close(&pair);

	pair_open(&pair, suite_find(0x002F), TLS_1_2, true);
	assert_int_equal(protect_limit(pair.in), 16384 + 2048);
	total = seal(&pair, CONTENT_APPLICATION_DATA, RECORD_MAX_PLAIN + 1);
	assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), -1);
	assert_int_equal(error.code, TLS_RECORD_OVERFLOW);
	pair_close(&pair);
}

/* RFC 8446 section 5.4 */
static void
only_padding_in_tls13(void **state)
{
	struct pair pair;
	struct error error;
	struct str plain;
	unsigned type;
	size_t total;

	(void)state;
	pair_open(&pair, suite_find(0x1301), TLS_1_3, false);
	memset(plain_place(&pair), 0, 10);
	assert_int_equal(protect_seal(pair.out, 0, TLS_1_2, pair.record, 10, &total, NULL), 0);
	assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), -1);
	assert_int_equal(error.code, TLS_UNEXPECTED_MESSAGE);
	pair_close(&pair);
	pair_open(&pair, suite_find(0x1301), TLS_1_3, false);
	memcpy(plain_place(&pair), "hello\x17\0\0\0\0", 10);
	assert_int_equal(protect_seal(pair.out, 0, TLS_1_2, pair.record, 10, &total, NULL), 0);
	assert_int_equal(open_sealed(&pair, pair.record, total, &type, &plain, &error), 0);
	assert_int_equal(type, CONTENT_APPLICATION_DATA);
	assert_true(str_is(plain, "hello"));
	pair_close(&pair);
}

static void
sequence_ends(void **state)
{
	struct pair pair;
	struct error error;
	struct str plain;
	unsigned type = CONTENT_APPLICATION_DATA;
	size_t total;

	(void)state;
	pair_open(&pair, suite_find(0x1301), TLS_1_3, false);
	assert_false(protect_worn(pair.out));
	pair.out->sequence = 1 << 24;
	assert_true(protect_worn(pair.out));
	pair.out->sequence = pair.in->sequence = UINT64_MAX;
	assert_int_equal(protect_seal(pair.out, type, TLS_1_2, pair.record, 1, &total, &error), -1);
	assert_int_equal(error.code, TLS_SEQUENCE_EXHAUSTED);
	assert_int_equal(protect_open(pair.in, &type, pair.record, pair.record + 5, 30, &plain, &error), -1);
	assert_int_equal(error.code, TLS_SEQUENCE_EXHAUSTED);
	pair_close(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_suite_round_trips),
		cmocka_unit_test(every_suite_refuses_changes), cmocka_unit_test(every_suite_refuses_replays),
		cmocka_unit_test(library_agrees), cmocka_unit_test(rc4_stream), cmocka_unit_test(chacha20_record),
		cmocka_unit_test(padding_rules), cmocka_unit_test(odd_lengths_of_cbc), cmocka_unit_test(limits),
		cmocka_unit_test(only_padding_in_tls13), cmocka_unit_test(sequence_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
