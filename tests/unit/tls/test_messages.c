/* The message codecs: what they take, what they refuse, and that every truncation and every trailing byte is
 * refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls/extension.h"
#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_hello.h"
#include "net/tls/message_key_exchange.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

#define RANDOM_HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define RETRY_HEX "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"

static bool
client_hello(struct str s)
{
	struct client_hello m;

	return client_hello_decode(&m, s);
}

static bool
server_hello(struct str s)
{
	struct server_hello m;

	return server_hello_decode(&m, s);
}

static bool
encrypted_extensions(struct str s)
{
	struct encrypted_extensions m;

	return encrypted_extensions_decode(&m, s);
}

static bool
certificate_12(struct str s)
{
	struct certificate_message m;

	return certificate_decode(&m, s, false);
}

static bool
certificate_13(struct str s)
{
	struct certificate_message m;

	return certificate_decode(&m, s, true);
}

static bool
status(struct str s)
{
	struct certificate_status m;

	return certificate_status_decode(&m, s);
}

static bool
request_10(struct str s)
{
	struct certificate_request m;

	return certificate_request_decode(&m, s, TLS_1_0);
}

static bool
request_12(struct str s)
{
	struct certificate_request m;

	return certificate_request_decode(&m, s, TLS_1_2);
}

static bool
request_13(struct str s)
{
	struct certificate_request m;

	return certificate_request_decode(&m, s, TLS_1_3);
}

static bool
verify_10(struct str s)
{
	struct certificate_verify m;

	return certificate_verify_decode(&m, s, TLS_1_0);
}

static bool
verify_12(struct str s)
{
	struct certificate_verify m;

	return certificate_verify_decode(&m, s, TLS_1_2);
}

static bool
key_exchange_ecdhe(struct str s)
{
	struct server_key_exchange m;

	return server_key_exchange_decode(&m, s, true, TLS_1_2);
}

static bool
key_exchange_dhe(struct str s)
{
	struct server_key_exchange m;

	return server_key_exchange_decode(&m, s, false, TLS_1_0);
}

static bool
client_key_rsa(struct str s)
{
	struct client_key_exchange m;

	return client_key_exchange_decode(&m, s, CLIENT_KEY_RSA, TLS_1_0);
}

static bool
client_key_ecdhe(struct str s)
{
	struct client_key_exchange m;

	return client_key_exchange_decode(&m, s, CLIENT_KEY_ECDHE, TLS_1_2);
}

static bool
ticket_12(struct str s)
{
	struct new_session_ticket m;

	return new_session_ticket_decode(&m, s, false);
}

static bool
ticket_13(struct str s)
{
	struct new_session_ticket m;

	return new_session_ticket_decode(&m, s, true);
}

static bool
update(struct str s)
{
	struct key_update m;

	return key_update_decode(&m, s);
}

/* Whole messages. `optional_at`: where it may also end, because an extension block follows. */
/* clang-format off */
static const struct {
	const char *name;
	bool (*decode)(struct str s);
	const char *bytes;
	size_t optional_at;
} samples[] = {
	{ "ClientHello", client_hello,
	    "0303" RANDOM_HEX "02abcd" "0004c02f1301" "0100" "0008" "00170000" "ff0100" "00", 45 },
	{ "ServerHello", server_hello, "0303" RANDOM_HEX "02abcd" "c02f" "00" "0008" "00170000" "00230000", 40 },
	{ "EncryptedExtensions", encrypted_extensions, "000b" "0010" "0007" "0005" "0474657374", 0 },
	{ "Certificate", certificate_12, "000009" "000002" "3000" "000001" "30", 0 },
	{ "Certificate of TLS 1.3", certificate_13, "00" "00000d" "000002" "3000" "0000" "000001" "30" "0000", 0 },
	{ "CertificateStatus", status, "01" "000003" "300100", 0 },
	{ "CertificateRequest of TLS 1.0", request_10, "020140" "0006" "0004" "30020500", 0 },
	{ "CertificateRequest of TLS 1.2", request_12, "020140" "00040401" "0403" "0000", 0 },
	{ "CertificateRequest of TLS 1.3", request_13, "00" "0008" "000d0004" "00020403", 0 },
	{ "CertificateVerify of TLS 1.0", verify_10, "0003" "010203", 0 },
	{ "CertificateVerify", verify_12, "0804" "0003" "010203", 0 },
	{ "ServerKeyExchange with a curve", key_exchange_ecdhe, "03001d" "020102" "0804" "0002" "aabb", 0 },
	{ "ServerKeyExchange with a prime", key_exchange_dhe, "0002" "00fb" "0001" "02" "0001" "05" "0002" "aabb", 0 },
	{ "ClientKeyExchange with RSA", client_key_rsa, "0003" "010203", 0 },
	{ "ClientKeyExchange with a point", client_key_ecdhe, "03" "040102", 0 },
	{ "NewSessionTicket", ticket_12, "00000e10" "0003" "010203", 0 },
	{ "NewSessionTicket of TLS 1.3", ticket_13, "00000e10" "01020304" "0100" "0002" "abcd" "0004" "fafa0000", 0 },
	{ "KeyUpdate", update, "01", 0 },
};
/* clang-format on */

static void
test_truncations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		struct hex whole = hex(samples[i].bytes);
		uint8_t *longer = mem_alloc(whole.n + 1);

		if (!samples[i].decode(str_from(whole.p, whole.n)))
			fail_msg("%s is refused", samples[i].name);
		memcpy(longer, whole.p, whole.n);
		if (samples[i].decode(str_from(longer, whole.n + 1)))
			fail_msg("%s with a trailing byte is taken", samples[i].name);
		free(longer);
		for (size_t n = 0; n < whole.n; n++) {
			uint8_t *exact = mem_dup(whole.p, n); /* of its own size, for AddressSanitizer */

			if (samples[i].decode(str_from(exact, n)) != (n > 0 && n == samples[i].optional_at))
				fail_msg("%s cut to %zu bytes is judged wrongly", samples[i].name, n);
			free(exact);
		}
	}
}

static void
test_server_hello(void **state)
{
	struct hex plain = hex("0303" RANDOM_HEX
			       "00"
			       "009c"
			       "00"
			       "0004"
			       "00170000");
	struct hex retry = hex("0303" RETRY_HEX
			       "00"
			       "1301"
			       "00"
			       "0006"
			       "002b00020304");
	struct server_hello m;

	(void)state;
	assert_true(server_hello_decode(&m, str_from(plain.p, plain.n)));
	assert_int_equal(m.version, TLS_1_2);
	assert_int_equal(m.suite, 0x009c);
	assert_int_equal(m.extensions.n, 1);
	assert_non_null(extension_find(&m.extensions, EXT_EXTENDED_MASTER_SECRET));
	assert_null(extension_find(&m.extensions, EXT_ALPN));
	assert_false(m.retry);
	assert_true(server_hello_decode(&m, str_from(retry.p, retry.n)));
	assert_true(m.retry);
}

static void
test_session_id_too_long(void **state)
{
	struct hex m = hex("0303" RANDOM_HEX "21" RANDOM_HEX
			   "00"
			   "009c"
			   "00");

	(void)state;
	assert_false(server_hello(str_from(m.p, m.n)));
}

static void
test_too_many_extensions(void **state)
{
	struct buf b;
	struct extension_list list;

	(void)state;
	buf_init(&b, 4096);
	for (unsigned i = 0; i < MESSAGE_MAX_EXTENSIONS; i++) {
		put_u16(&b, i);
		put_u16(&b, 0);
	}
	assert_true(extension_list_decode(&list, buf_str(&b)));
	assert_int_equal(list.n, MESSAGE_MAX_EXTENSIONS);
	put_u32(&b, 0xffff0000);
	assert_false(extension_list_decode(&list, buf_str(&b)));
	buf_release(&b);
}

static void
test_too_many_certificates(void **state)
{
	struct certificate_message *m = mem_alloc(sizeof *m);
	struct buf b;
	size_t list;

	(void)state;
	buf_init(&b, 4096);
	list = put_open(&b, 3);
	for (unsigned i = 0; i <= X509_MAX_CHAIN; i++) {
		put_u24(&b, 1);
		put_u8(&b, 0x30);
	}
	put_close(&b, list, 3);
	assert_true(certificate_decode(m, buf_str(&b), false));
	assert_int_equal(m->n, X509_MAX_CHAIN);
	assert_int_equal(m->left_out, 1);
	buf_release(&b);
	free(m);
}

static void
test_ssl2_hello(void **state)
{
	struct hex random = hex(RANDOM_HEX), suites = hex("002f000a"),
		   expected =
		       hex("01"
			   "0302"
			   "0006"
			   "0000"
			   "0020"
			   "00002f"
			   "00000a" RANDOM_HEX);
	struct client_hello m = {
		.version = TLS_1_1,
		.random = str_from(random.p, random.n),
		.suites = str_from(suites.p, suites.n),
	};
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	client_hello_encode_v2(&b, &m);
	assert_int_equal(b.len, expected.n);
	assert_memory_equal(b.data, expected.p, expected.n);
	buf_release(&b);
}

static void
test_client_key_exchange_ssl3(void **state)
{
	struct client_key_exchange m = { CLIENT_KEY_RSA, STR("abc") };
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	client_key_exchange_encode(&b, &m, SSL_3_0);
	assert_int_equal(b.len, 3);
	buf_clear(&b);
	client_key_exchange_encode(&b, &m, TLS_1_0);
	assert_int_equal(b.len, 5);
	assert_true(client_key_exchange_decode(&m, buf_str(&b), CLIENT_KEY_RSA, TLS_1_0));
	assert_true(str_is(m.value, "abc"));
	buf_release(&b);
}

static void
test_other_curve_types(void **state)
{
	struct hex explicit_prime =
	    hex("01001d0201020804"
		"0002aabb");
	struct server_key_exchange m;

	(void)state;
	assert_false(server_key_exchange_decode(&m, str_from(explicit_prime.p, explicit_prime.n), true, TLS_1_2));
	assert_int_equal(m.curve_type, 1);
}

/* ---- extensions in the server's messages, as they are judged ---- */
static int
parse(const char *bytes, enum extension_place place, uint16_t offered, struct error *error, unsigned *alert)
{
	struct tls_config config;
	struct extension_list list;
	struct extension_values v;
	struct hex block = hex(bytes);
	struct tls *t;
	int result;

	tls_config_init(&config);
	t = tls_new(&config, NULL);
	t->info.offered.extensions[0] = offered;
	t->info.offered.n_extensions = 1;
	error_clear(error);
	assert_true(extension_list_decode(&list, str_from(block.p, block.n)));
	result = extensions_parse(t, &list, place, &v, error);
	*alert = t->alert != ALERT_NONE ? t->alert : tls_code_alert(error->code);
	tls_free(t);
	return result;
}

static void
test_extension_rules(void **state)
{
	static const struct {
		const char *what, *bytes;
		enum extension_place place;
		uint16_t offered;
		int code;
		unsigned alert;
	} cases[] = {
		{ "a good one", "00170000", IN_SERVER_HELLO_12, 23, 0, 0 },
		{ "repeated", "0017000000170000", IN_SERVER_HELLO_12, 23, TLS_DUPLICATE_EXTENSION,
		    ALERT_ILLEGAL_PARAMETER },
		{ "repeated and unknown", "fafa0000fafa0000", IN_ENCRYPTED, 23, TLS_DUPLICATE_EXTENSION,
		    ALERT_DECODE_ERROR },
		{ "not asked for", "00170000", IN_SERVER_HELLO_12, 16, TLS_UNSOLICITED_EXTENSION,
		    ALERT_UNSUPPORTED_EXTENSION },
		{ "unknown", "fafa0000", IN_ENCRYPTED, 16, TLS_UNSOLICITED_EXTENSION, ALERT_UNSUPPORTED_EXTENSION },
		{ "in the wrong message", "00170000", IN_ENCRYPTED, 23, TLS_UNSOLICITED_EXTENSION,
		    ALERT_ILLEGAL_PARAMETER },
		{ "malformed", "0017000100", IN_SERVER_HELLO_12, 23, TLS_DECODE_ERROR, ALERT_DECODE_ERROR },
		{ "a cookie nobody asked for", "002c0003000101", IN_RETRY, 0, 0, 0 },
		{ "an empty cookie", "002c00020000", IN_RETRY, 0, TLS_DECODE_ERROR, ALERT_DECODE_ERROR },
		{ "an unknown one in a request", "fafa0000", IN_REQUEST, 0, 0, 0 },
		{ "an unknown one with a ticket", "fafa0000", IN_TICKET, 0, 0, 0 },
		{ "two protocols", "0010000700050161016262", IN_ENCRYPTED, 16, TLS_DECODE_ERROR, ALERT_DECODE_ERROR },
		{ "groups in TLS 1.2", "000a00040002001d", IN_SERVER_HELLO_12, 0, 0, 0 },
		{ "a point format list without end", "000b00020200", IN_SERVER_HELLO_12, 11, TLS_DECODE_ERROR,
		    ALERT_DECODE_ERROR },
	};
	struct error error;
	unsigned alert;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int result = parse(cases[i].bytes, cases[i].place, cases[i].offered, &error, &alert);

		if ((result != 0) != (cases[i].code != 0) || error.code != cases[i].code)
			fail_msg("%s: %s", cases[i].what, tls_code_word(error.code));
		if (result != 0 && alert != cases[i].alert)
			fail_msg("%s: alert %s", cases[i].what, tls_alert_name(alert));
	}
}

/* ---- the trace ---- */
static char *
describe(unsigned version, const char *bytes)
{
	struct hex message = hex(bytes);
	struct tls_message_info info = { .content_type = CONTENT_HANDSHAKE,
		.version = (uint16_t)version,
		.suite = 0xc02f };
	struct event event = { .kind = EVENT_TLS_MESSAGE, .data = str_from(message.p, message.n), .detail = &info };
	struct buf out;

	buf_init(&out, 1 << 16);
	tls_describe(&out, &event);
	return buf_take(&out);
}

static void
test_describe(void **state)
{
	char *text = describe(TLS_1_2,
	    "02000032"
	    "0303" RANDOM_HEX
	    "02abcd"
	    "c02f"
	    "00"
	    "0008"
	    "00170000"
	    "00230000");

	(void)state;
	assert_non_null(strstr(text, "cipher suite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"));
	assert_non_null(strstr(text, "extension extended_master_secret: empty\n"));
	free(text);
	text = describe(TLS_1_2,
	    "0c00000d"
	    "03001d"
	    "020102"
	    "0804"
	    "0002"
	    "aabb");
	assert_non_null(strstr(text, "group: x25519\n"));
	assert_non_null(strstr(text, "signature scheme: rsa_pss_rsae_sha256\n"));
	free(text);
	text = describe(TLS_1_3, "04000001ff");
	assert_non_null(strstr(text, "not decodable\nbytes: 04000001ff\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_server_hello),
		cmocka_unit_test(test_session_id_too_long),
		cmocka_unit_test(test_too_many_extensions),
		cmocka_unit_test(test_too_many_certificates),
		cmocka_unit_test(test_ssl2_hello),
		cmocka_unit_test(test_client_key_exchange_ssl3),
		cmocka_unit_test(test_other_curve_types),
		cmocka_unit_test(test_extension_rules),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
