/* HKDF and the TLS 1.3 key schedule against RFC 5869 and RFC 8448. */
#include "net/tls/protect.h"
#include "net/tls/schedule13.h"
#include "net/tls/transcript.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

static void
rfc5869(void **state)
{
	static const struct {
		const char *ikm, *salt, *info, *prk, *okm;
	} cases[] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
		    "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
		    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865" },
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
		    "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
		    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct hex ikm = hex(cases[i].ikm), salt = hex(cases[i].salt), info = hex(cases[i].info);
		uint8_t prk[32], okm[42];

		hkdf_extract(X509_SHA256, HEX_STR(salt), HEX_STR(ikm), prk);
		assert_hex(prk, sizeof prk, cases[i].prk);
		hkdf_expand(X509_SHA256, str_from(prk, sizeof prk), HEX_STR(info), okm, sizeof okm);
		assert_hex(okm, sizeof okm, cases[i].okm);
	}
}

#define HASH_TO_SERVER_HELLO "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8"
#define HASH_TO_CERTIFICATE_VERIFY "edb7725fa7a3473b031ec8ef65a2485493900138a2b91291407d7951a06110ed"
#define HASH_TO_SERVER_FINISHED "9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13"
#define HASH_TO_CLIENT_FINISHED "209145a96ee8e2a122ff810047cc952684658d6049e86429426db87c54ad143d"
#define RESUMPTION_PSK "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3"

/* The schedule of RFC 8448 section 3 up to the resumption secret. */
static struct schedule13
simple_handshake(void)
{
	struct hex ecdhe = hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
	struct schedule13 s;

	schedule13_early(&s, X509_SHA256, NULL);
	schedule13_handshake(&s, HEX_STR(ecdhe), hex(HASH_TO_SERVER_HELLO).p);
	schedule13_master(&s, hex(HASH_TO_SERVER_FINISHED).p);
	schedule13_resumption_secret(&s, hex(HASH_TO_CLIENT_FINISHED).p);
	return s;
}

static void
rfc8448_secrets(void **state)
{
	struct schedule13 s;
	struct hex ecdhe = hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");

	(void)state;
	schedule13_early(&s, X509_SHA256, NULL);
	assert_hex(s.current.bytes, s.size, "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
	schedule13_handshake(&s, HEX_STR(ecdhe), hex(HASH_TO_SERVER_HELLO).p);
	assert_hex(s.current.bytes, s.size, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
	assert_hex(s.client_handshake.bytes, s.size,
	    "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
	assert_hex(s.server_handshake.bytes, s.size,
	    "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
	s = simple_handshake();
	assert_hex(s.current.bytes, s.size, "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");
	assert_hex(s.client_traffic.bytes, s.size, "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
	assert_hex(s.server_traffic.bytes, s.size, "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");
	assert_hex(s.exporter.bytes, s.size, "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50");
	assert_hex(s.resumption.bytes, s.size, "7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c");
}

static void
rfc8448_finished(void **state)
{
	struct schedule13 s = simple_handshake();
	uint8_t mac[32];

	(void)state;
	schedule13_finished(&s, &s.server_handshake, hex(HASH_TO_CERTIFICATE_VERIFY).p, mac);
	assert_hex(mac, sizeof mac, "9b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718");
	schedule13_finished(&s, &s.client_handshake, hex(HASH_TO_SERVER_FINISHED).p, mac);
	assert_hex(mac, sizeof mac, "a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
}

/* RFC 8448 section 4: the ticket's key and the binder of the second connection. */
static void
rfc8448_resumption(void **state)
{
	struct schedule13 s = simple_handshake();
	uint8_t psk[32], binder[32];
	struct str view = str_from(psk, sizeof psk);

	(void)state;
	schedule13_ticket_psk(&s, STR("\0\0"), psk);
	assert_hex(psk, sizeof psk, RESUMPTION_PSK);
	schedule13_early(&s, X509_SHA256, &view);
	assert_hex(s.current.bytes, s.size, "9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c");
	schedule13_binder(&s, false, hex("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14").p, binder);
	assert_hex(binder, sizeof binder, "3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d");
}

/* RFC 8448 section 3: the client's Finished as a record. */
static void
rfc8448_record(void **state)
{
	struct schedule13 s = simple_handshake();
	struct hex message = hex("14000020 a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
	struct crypto crypto;
	struct protect_params params = {
		.crypto = &crypto,
		.suite = suite_find(0x1301),
		.version = TLS_1_3,
		.sealing = true,
	};
	struct protect *p;
	uint8_t record[256];
	struct str plain;
	unsigned type = CONTENT_APPLICATION_DATA;
	size_t total;

	(void)state;
	crypto_init(&crypto);
	p = protect_from_secret(&params, str_from(s.client_handshake.bytes, s.size));
	memcpy(record + RECORD_HEADER, message.p, message.n);
	assert_int_equal(protect_seal(p, CONTENT_HANDSHAKE, TLS_1_2, record, message.n, &total, NULL), 0);
	protect_free(p);
	assert_hex(record, total,
	    "1703030035 75ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f8"
	    "0338ac98fc46deb384bd1caeacab6867d726c40546");
	params.sealing = false;
	p = protect_from_secret(&params, str_from(s.client_handshake.bytes, s.size));
	assert_int_equal(protect_open(p, &type, record, record + RECORD_HEADER, total - RECORD_HEADER, &plain, NULL),
	    0);
	assert_int_equal(type, CONTENT_HANDSHAKE);
	assert_true(str_eq(plain, HEX_STR(message)));
	protect_free(p);
}

/* RFC 8446 section 4.4.1: a HelloRetryRequest turns ClientHello1 into message_hash. */
static void
retry_transcript(void **state)
{
	struct transcript t;
	uint8_t hash[HASH_MAX];

	(void)state;
	transcript_init(&t, TRANSCRIPT_ALL);
	transcript_add(&t, "ClientHello1", 12);
	transcript_retry(&t, X509_SHA256);
	transcript_add(&t, "HelloRetryRequest", 17);
	assert_int_equal(transcript_hash(&t, X509_SHA384, hash), 0);
	assert_hex(hash, transcript_hash(&t, X509_SHA256, hash),
	    "7acd2d6ff96178f20c33284e0496b55a0f10de4fbb08f33865b90ddbf9fa6194");
	/* asking does not end it */
	assert_hex(hash, transcript_hash(&t, X509_SHA256, hash),
	    "7acd2d6ff96178f20c33284e0496b55a0f10de4fbb08f33865b90ddbf9fa6194");
}

/* RFC 8446 section 7.2 and 7.5, reference values computed with Python's hmac. */
static void
update_and_export(void **state)
{
	struct schedule13 s = simple_handshake();
	uint8_t out[40];
	struct error error;

	(void)state;
	assert_int_equal(schedule13_export(&s, STR("EXPORTER-test"), STR("context"), out, sizeof out, &error), 0);
	assert_hex(out, sizeof out, "6b42f9f9156843559fc98feed480120e49314d669b27529015fe4759a5284e6ae158bb66c2d12a60");
	schedule13_update(&s, &s.client_traffic);
	assert_hex(s.client_traffic.bytes, s.size, "fcdfcc72725aaee48bf64e4fd8b749cdbdbab39d90da0b26e2245ca6ea167207");
	assert_int_equal(schedule13_export(&s, STR("x"), STR(""), out, 255 * 32 + 1, &error), -1);
	schedule13_release(&s);
	assert_int_equal(s.size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rfc5869), cmocka_unit_test(rfc8448_secrets),
		cmocka_unit_test(rfc8448_finished), cmocka_unit_test(rfc8448_resumption),
		cmocka_unit_test(rfc8448_record), cmocka_unit_test(retry_transcript),
		cmocka_unit_test(update_and_export) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
