/*
 * The server of the fuzz target `flight` in all its handshakes: each reaches the end. With a folder as argument the
 * flights are written there, as the fuzzer's first corpus.
 */
#include "tests/support/corpus.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls/extension.h"
#include "net/tls/group.h"
#include "net/tls/mlkem.h"
#include "tests/fuzz/tls/flight.h"
#include "tests/support/hex.h"

enum {
	RESUMED = 1,
	TICKET = 2,
	STATUS = 4,
	REQUEST = 8,
	RETRY = 16,
	RENEGOTIATED = 32,
	EMS = 64,
	ETM = 128,
	SPLIT = 256,
	UPDATES = 512,
	UNFIT = 1024,    /* asks for what our certificate is not */
	HYBRID = 2048,   /* a share of X25519MLKEM768 */
	POST_AUTH = 4096 /* asks after the handshake */
};

static const struct recipe {
	uint16_t version, suite;
	const char *key;
	unsigned how;
	uint8_t settings[FLIGHT_SETTINGS];
} recipes[] = {
	{ SSL_3_0, 0x002F, "rsa", 0, { 0 } },
	{ SSL_3_0, 0x000A, "rsa", REQUEST, { 0 } },
	{ SSL_3_0, 0x0005, "rsa", REQUEST, { FLIGHT_RSA_CLIENT } },
	{ SSL_3_0, 0x0005, "rsa", REQUEST | UNFIT, { FLIGHT_EC_CLIENT } },
	{ SSL_3_0, 0x0033, "rsa", RENEGOTIATED, { FLIGHT_RENEGOTIATION } },
	{ SSL_3_0, 0x002F, "rsa", RESUMED, { 0, FLIGHT_SESSION_ID } },
	{ SSL_3_0, 0x0035, "rsa", 0, { FLIGHT_UP_TO_13 } },
	{ TLS_1_0, 0x002F, "rsa", EMS | ETM, { 1 } },
	{ TLS_1_0, 0x0039, "rsa", REQUEST | SPLIT, { 1 | FLIGHT_EC_CLIENT } },
	{ TLS_1_0, 0xC013, "rsa", TICKET | STATUS, { FLIGHT_UP_TO_13 } },
	{ TLS_1_0, 0x002F, "rsa", RESUMED | TICKET, { 1, FLIGHT_SESSION_TICKET } },
	{ TLS_1_0, 0x0004, "rsa", RENEGOTIATED | REQUEST, { 1 | FLIGHT_RENEGOTIATION | FLIGHT_RSA_CLIENT } },
	{ TLS_1_1, 0xC009, "p256", EMS, { 2, FLIGHT_GREASE } },
	{ TLS_1_1, 0x0033, "rsa", ETM | REQUEST, { 2 | FLIGHT_RSA_CLIENT } },
	{ TLS_1_1, 0x0033, "rsa", REQUEST | UNFIT, { 2 | FLIGHT_EC_CLIENT } },
	{ TLS_1_1, 0x002F, "rsa", RESUMED, { 2, FLIGHT_SESSION_ID } },
	{ TLS_1_2, 0x009C, "rsa", 0, { 3, FLIGHT_NO_EXTENSIONS } },
	{ TLS_1_2, 0xC02F, "rsa", EMS | TICKET | STATUS, { FLIGHT_UP_TO_13 } },
	{ TLS_1_2, 0xC02B, "p256", EMS | REQUEST, { 3 | FLIGHT_EC_CLIENT } },
	{ TLS_1_2, 0x009E, "rsa", REQUEST | SPLIT, { 3 | FLIGHT_RSA_CLIENT } },
	{ TLS_1_2, 0x009E, "rsa", REQUEST | UNFIT, { 3 | FLIGHT_EC_CLIENT } },
	{ TLS_1_2, 0xCCA9, "p256", EMS | RENEGOTIATED,
	    { 3 | FLIGHT_RENEGOTIATION, 0, FLIGHT_STRICT_EMS | FLIGHT_STRICT_5746 } },
	{ TLS_1_2, 0xC030, "rsa", REQUEST | RENEGOTIATED | TICKET, { 3 | FLIGHT_RENEGOTIATION | FLIGHT_RSA_CLIENT } },
	{ TLS_1_2, 0x003C, "rsa", ETM, { 3, 0, FLIGHT_STRICT_ETM } },
	{ TLS_1_2, 0xC0AC, "p256", STATUS, { 3 } },
	{ TLS_1_2, 0x009C, "rsa", RESUMED, { 3, FLIGHT_SESSION_ID } },
	{ TLS_1_2, 0xC02F, "rsa", RESUMED | TICKET | EMS,
	    { 3, FLIGHT_SESSION_TICKET | FLIGHT_SESSION_EMS | FLIGHT_SESSION_OTHER_SUITE } },
	{ TLS_1_3, 0x1301, "rsa", 0, { 4 } },
	{ TLS_1_3, 0x1302, "p256", STATUS | TICKET | UPDATES, { 4 | FLIGHT_UP_TO_13, FLIGHT_GREASE } },
	{ TLS_1_3, 0x1303, "p256", REQUEST, { 4 } },
	{ TLS_1_3, 0x1301, "rsa", REQUEST | TICKET, { 4 | FLIGHT_RSA_CLIENT } },
	{ TLS_1_3, 0x1301, "rsa", POST_AUTH | TICKET, { 4 | FLIGHT_RSA_CLIENT } },
	{ TLS_1_3, 0x1302, "p256", POST_AUTH | UNFIT | UPDATES, { 4 | FLIGHT_EC_CLIENT } },
	{ TLS_1_3, 0x1301, "rsa", REQUEST | UNFIT, { 4 | FLIGHT_EC_CLIENT } },
	{ TLS_1_3, 0x1304, "p256", REQUEST | SPLIT, { 4 | FLIGHT_EC_CLIENT } },
	{ TLS_1_3, 0x1301, "p256", RETRY | UPDATES, { 4, FLIGHT_NO_KEY_SHARE } },
	{ TLS_1_3, 0x1302, "rsa", RETRY | REQUEST, { 4 | FLIGHT_EC_CLIENT } },
	{ TLS_1_3, 0x1301, "rsa", RETRY | HYBRID, { 4 } },
	{ TLS_1_3, 0x1301, "rsa", RESUMED | TICKET, { 4, FLIGHT_SESSION_TICKET } },
	{ TLS_1_3, 0x1302, "rsa", RESUMED | RETRY, { 4, FLIGHT_SESSION_TICKET | FLIGHT_SESSION_OTHER_SUITE } },
	{ TLS_1_2, 0x009C, "rsa", TICKET, { 3, FLIGHT_SESSION_TICKET, FLIGHT_LARGE_TICKET } },
	{ TLS_1_3, 0x1301, "p256", TICKET | UPDATES, { 4, FLIGHT_SESSION_TICKET, FLIGHT_LARGE_TICKET } },
	{ TLS_1_3, 0x1301, "p256", RETRY | TICKET,
	    { 4, FLIGHT_SESSION_TICKET | FLIGHT_NO_KEY_SHARE, FLIGHT_LARGE_TICKET } },
};

enum { RECIPES = sizeof recipes / sizeof recipes[0] };

/* ---- items ---- */
static void
put_hex(struct buf *b, const char *text)
{
	struct hex h = hex(text);

	put_str(b, HEX_STR(h));
}

static void
put_item(struct buf *b, enum flight_item kind, struct str data)
{
	size_t at;

	put_u8(b, kind);
	at = put_open(b, 2);
	put_str(b, data);
	put_close(b, at, 2);
}

/* A message in one record or, split, in two. */
static void
put_message(struct buf *b, enum flight_item kind, unsigned type, const struct buf *body, bool split)
{
	struct buf message;
	struct str whole;
	size_t at;

	buf_init(&message, 0);
	at = message_open(&message, type);
	put_str(&message, buf_str(body));
	message_close(&message, at);
	whole = buf_str(&message);
	if (split) {
		put_item(b, ITEM_PART, str_slice(whole, 0, whole.n / 2));
		put_item(b, ITEM_PART, str_slice(whole, whole.n / 2, whole.n));
	} else {
		put_item(b, kind, whole);
	}
	buf_release(&message);
}

static void
put_extension(struct buf *b, unsigned id, const char *body)
{
	size_t at;

	put_u16(b, id);
	at = put_open(b, 2);
	put_hex(b, body);
	put_close(b, at, 2);
}

static const char point_p256[] =
    "04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
static const char point_x25519[] = "0900000000000000000000000000000000000000000000000000000000000000";

/* ---- hellos ---- */
static void
legacy_extensions(struct buf *b, const struct recipe *r, bool again)
{
	char connection[2 + 2 * 72 + 1] = "00";

	if (r->version == SSL_3_0 && !again && (r->how & RENEGOTIATED) == 0)
		return;
	if (again)
		memset(connection, '0', r->version == SSL_3_0 ? 2 + 2 * 72 : 2 + 2 * 24);
	put_extension(b, EXT_RENEGOTIATION_INFO, connection);
	if (r->version == SSL_3_0 || (r->settings[1] & FLIGHT_NO_EXTENSIONS) != 0)
		return;
	if ((r->how & EMS) != 0)
		put_extension(b, EXT_EXTENDED_MASTER_SECRET, "");
	if ((r->how & ETM) != 0)
		put_extension(b, EXT_ENCRYPT_THEN_MAC, "");
	if ((r->how & TICKET) != 0)
		put_extension(b, EXT_SESSION_TICKET, "");
	if ((r->how & STATUS) != 0 && (r->how & RESUMED) == 0)
		put_extension(b, EXT_STATUS_REQUEST, "");
	if (!again)
		put_extension(b, EXT_ALPN, "0009 08 687474702f312e31");
	put_extension(b, EXT_SCT, "0006 0004 00010203");
}

static void
extensions_13(struct buf *b, const struct recipe *r, bool retry)
{
	bool hybrid = (r->how & HYBRID) != 0, p256 = (r->how & RETRY) != 0 && !hybrid;
	size_t size = hybrid ? MLKEM_CIPHERTEXT + 32 : p256 ? 65 : 32;

	put_extension(b, EXT_SUPPORTED_VERSIONS, "0304");
	if (retry) {
		put_extension(b, EXT_KEY_SHARE, hybrid ? "11ec" : "0017");
		put_extension(b, EXT_COOKIE, "0004 c00c1e00");
		return;
	}
	if ((r->how & RESUMED) != 0)
		put_extension(b, EXT_PRE_SHARED_KEY, "0000");
	put_u16(b, EXT_KEY_SHARE);
	put_u16(b, (unsigned)(4 + size));
	put_u16(b, hybrid ? GROUP_X25519MLKEM768 : p256 ? GROUP_P256 : GROUP_X25519);
	put_u16(b, (unsigned)size);
	for (size_t i = 0; hybrid && i < MLKEM_CIPHERTEXT; i++)
		put_u8(b, 0);
	put_hex(b, p256 ? point_p256 : point_x25519);
}

static void
put_hello(struct buf *b, const struct recipe *r, bool retry, bool again)
{
	bool tls13 = r->version >= TLS_1_3, echo = tls13 || again || (r->how & RESUMED) != 0;
	struct buf body;
	size_t at;

	buf_init(&body, 0);
	put_u16(&body, tls13 ? TLS_1_2 : r->version);
	put_hex(&body,
	    retry ? "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c" :
		    "5353535353535353535353535353535353535353535353535353535353535353");
	put_u8(&body, 4);
	put_u32(&body, 0x11223344);
	put_u16(&body, r->suite);
	put_u8(&body, 0);
	at = put_open(&body, 2);
	if (tls13)
		extensions_13(&body, r, retry);
	else
		legacy_extensions(&body, r, again);
	put_close(&body, at, 2);
	if (body.len == at + 2)
		body.len = at; /* none: no block */
	put_message(b, echo ? ITEM_HELLO : ITEM_HANDSHAKE, 2, &body, false);
	buf_release(&body);
}

/* ---- the messages behind it ---- */
static void
put_certificate(struct buf *b, const struct recipe *r)
{
	const struct x509_cert *c = flight_certificate(r->key);
	bool tls13 = r->version >= TLS_1_3;
	size_t list, at, block;
	struct buf body;

	buf_init(&body, 0);
	if (tls13)
		put_u8(&body, 0);
	list = put_open(&body, 3);
	for (int i = 0; i < ((r->how & STATUS) != 0 ? 2 : 1); i++) {
		at = put_open(&body, 3);
		put_str(&body, str_from(c->der, c->der_len));
		put_close(&body, at, 3);
		block = tls13 ? put_open(&body, 2) : 0;
		if (tls13 && i == 0 && (r->how & STATUS) != 0) {
			put_extension(&body, EXT_STATUS_REQUEST, "01 000005 30030a0101");
			put_extension(&body, EXT_SCT, "0006 0004 00010203");
		}
		if (tls13)
			put_close(&body, block, 2);
	}
	put_close(&body, list, 3);
	put_message(b, ITEM_HANDSHAKE, CERTIFICATE, &body, (r->how & SPLIT) != 0);
	buf_release(&body);
}

static void
put_hex_message(struct buf *b, unsigned type, const char *text)
{
	struct buf body;

	buf_init(&body, 0);
	put_hex(&body, text);
	put_message(b, ITEM_HANDSHAKE, type, &body, false);
	buf_release(&body);
}

static bool
is_rsa(const struct recipe *r)
{
	return strcmp(r->key, "rsa") == 0;
}

/* The 1024-bit group of RFC 2409 section 6.2. */
static const char dh_prime[] =
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff";

static void
put_vec16(struct buf *b, struct str s)
{
	put_u16(b, (unsigned)s.n);
	put_str(b, s);
}

static void
put_key_exchange(struct buf *b, const struct recipe *r)
{
	const struct tls_suite_info *suite = tls_suite_find(r->suite);
	struct hex prime = hex(dh_prime);
	uint8_t ys[128];
	struct buf body;

	buf_init(&body, 0);
	put_u8(&body, SERVER_KEY_EXCHANGE);
	if (strstr(suite->iana, "_ECDHE_") != NULL) {
		bool x25519 = r->version == TLS_1_2;

		put_u8(&body, 3);
		put_u16(&body, (r->how & HYBRID) != 0 ? GROUP_X25519MLKEM768 : x25519 ? GROUP_X25519 : GROUP_P256);
		put_u8(&body, x25519 ? 32 : 65);
		put_hex(&body, x25519 ? point_x25519 : point_p256);
	} else {
		memset(ys, 0x5A, sizeof ys);
		put_vec16(&body, HEX_STR(prime));
		put_vec16(&body, STR("\2"));
		put_vec16(&body, str_from(ys, sizeof ys));
	}
	if (r->version == TLS_1_2)
		put_u16(&body, is_rsa(r) ? 0x0401 : 0x0403);
	put_item(b, ITEM_SIGNED, buf_str(&body));
	buf_release(&body);
}

static const char a_name[] = "3012 3110 300e 06035504 03 0c07 4120 6e616d6521";

static void
put_legacy_request(struct buf *b, const struct recipe *r)
{
	char text[256];

	snprintf(text, sizeof text, "%s %s 0016 0014 %s", (r->how & UNFIT) != 0 ? "01 01" : "02 01 40",
	    r->version == TLS_1_2 ? "0006 0401 0403 0804" : "", a_name);
	put_hex_message(b, CERTIFICATE_REQUEST, text);
}

static void
put_end(struct buf *b, const struct recipe *r)
{
	if ((r->how & TICKET) != 0)
		put_hex_message(b, NEW_SESSION_TICKET, "00000e10 0004 7469636b");
	put_item(b, ITEM_CCS, STR("\1"));
	put_item(b, ITEM_FINISHED, STR(""));
	put_item(b, ITEM_DATA, STR("HTTP/1.0 200 ok\r\n\r\n"));
}

static void
legacy(struct buf *b, const struct recipe *r, bool again)
{
	put_hello(b, r, false, again);
	if ((r->how & RESUMED) == 0) {
		put_certificate(b, r);
		if ((r->how & STATUS) != 0)
			put_hex_message(b, CERTIFICATE_STATUS, "01 000005 30030a0101");
		if (strstr(tls_suite_find(r->suite)->iana, "DHE_") != NULL)
			put_key_exchange(b, r);
		if ((r->how & REQUEST) != 0)
			put_legacy_request(b, r);
		put_hex_message(b, SERVER_HELLO_DONE, "");
	}
	put_end(b, r);
}

static void
put_request_13(struct buf *b, const struct recipe *r, const char *context)
{
	char text[256];

	snprintf(text, sizeof text, "%s 002a 000d 000a 0008 %s 0804 0401 0503 002f 0018 0016 0014 %s", context,
	    (r->how & UNFIT) != 0 ? "0203" : "0403", a_name);
	put_hex_message(b, CERTIFICATE_REQUEST, text);
}

static void
tls13(struct buf *b, const struct recipe *r)
{
	uint8_t verify[3] = { CERTIFICATE_VERIFY, is_rsa(r) ? 0x08 : 0x04, is_rsa(r) ? 0x04 : 0x03 };

	if ((r->how & RETRY) != 0)
		put_hello(b, r, true, false);
	put_hello(b, r, false, false);
	put_item(b, ITEM_CCS, STR("\1"));
	put_hex_message(b, ENCRYPTED_EXTENSIONS, "0013 0010 000b 0009 08 687474702f312e31 0000 0000");
	if ((r->how & RESUMED) == 0) {
		if ((r->how & REQUEST) != 0)
			put_request_13(b, r, "00");
		put_certificate(b, r);
		put_item(b, ITEM_SIGNED, str_from(verify, sizeof verify));
	}
	put_item(b, ITEM_FINISHED, STR(""));
	if ((r->how & TICKET) != 0)
		put_hex_message(b, NEW_SESSION_TICKET, "00001c20 01020304 01 00 0004 7469636b 0008 002a 0004 00000000");
	if ((r->how & UPDATES) != 0) {
		put_hex_message(b, KEY_UPDATE, "01");
		put_hex_message(b, KEY_UPDATE, "00");
	}
	if ((r->how & POST_AUTH) != 0) {
		put_request_13(b, r, "03 010203");
		put_request_13(b, r, "01 77");
	}
	put_item(b, ITEM_DATA, STR("HTTP/1.0 200 ok\r\n\r\n"));
}

static void
build(struct buf *b, const struct recipe *r)
{
	buf_init(b, 0);
	put_str(b, str_from(r->settings, FLIGHT_SETTINGS));
	if (r->version >= TLS_1_3) {
		tls13(b, r);
	} else {
		legacy(b, r, false);
		if ((r->how & RENEGOTIATED) != 0) {
			put_hex_message(b, HELLO_REQUEST, "");
			legacy(b, r, true);
		}
	}
	put_item(b, ITEM_ALERT, STR("\1\0"));
}

static void
test_flights(void **state)
{
	(void)state;
	for (size_t i = 0; i < RECIPES; i++) {
		const struct recipe *r = &recipes[i];
		bool client = (r->settings[0] & (FLIGHT_RSA_CLIENT | FLIGHT_EC_CLIENT)) != 0 &&
		    (r->how & (REQUEST | POST_AUTH)) != 0 && (r->how & UNFIT) == 0;
		struct flight_outcome o;
		struct buf b;

		build(&b, r);
		flight_run(b.data, b.len, &o);
		if (!o.connected || !o.closed)
			fail_msg("%zu: %s %s: %s", i, tls_version_name(r->version), tls_suite_name(r->suite), o.error);
		assert_int_equal(o.version, r->version);
		assert_int_equal(o.suite, r->suite);
		assert_int_equal(o.resumed, (r->how & RESUMED) != 0);
		assert_int_equal(o.retried, (r->how & RETRY) != 0);
		assert_int_equal(o.renegotiated, (r->how & RENEGOTIATED) != 0);
		assert_int_equal(o.sent_certificate, client);
		assert_int_equal(o.data, (r->how & RENEGOTIATED) != 0 ? 38 : 19);
		buf_release(&b);
	}
}

/* RFC 8446 section 4.6.2: who has not offered it, for want of a certificate, refuses the request. */
static void
test_post_auth_not_offered(void **state)
{
	static const struct recipe r = { TLS_1_3, 0x1301, "rsa", POST_AUTH, { 4 } };
	struct flight_outcome o;
	struct buf b;

	(void)state;
	build(&b, &r);
	flight_run(b.data, b.len, &o);
	assert_false(o.connected);
	assert_string_equal(o.error, "server asked for a certificate after the handshake, which was not offered");
	buf_release(&b);
}

/* Every mutation that keeps the lengths is described again without loss: the tree reaches into the certificates. */
static void
test_grammar(void **state)
{
	static struct tree tree;

	(void)state;
	for (size_t i = 0; i < RECIPES; i++) {
		bool inside = false;
		struct buf b;

		build(&b, &recipes[i]);
		flight_describe(&tree, b.data, b.len);
		for (int k = 0; k < tree.n; k++) {
			assert_true(
			    tree.nodes[k].start <= tree.nodes[k].content && tree.nodes[k].content <= tree.nodes[k].end);
			assert_true(tree.nodes[k].end <= b.len);
			inside |= tree.nodes[k].der;
		}
		assert_true(inside || (recipes[i].how & (RESUMED | SPLIT)) != 0);
		buf_release(&b);
	}
}

static void
build_seed(struct buf *out, size_t i)
{
	build(out, &recipes[i]);
}

/* A hello that spans versions has groups of all of them: a server of TLS 1.2 must not choose one of TLS 1.3. */
static void
test_group_of_another_version(void **state)
{
	static const struct recipe r = { TLS_1_2, 0xC02F, "rsa", HYBRID, { FLIGHT_UP_TO_13 } };
	struct flight_outcome o;
	struct buf b;

	(void)state;
	build(&b, &r);
	flight_run(b.data, b.len, &o);
	assert_false(o.connected);
	assert_string_equal(o.error, "server chose the group X25519MLKEM768, which is not for TLSv1.2");
	buf_release(&b);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flights),
		cmocka_unit_test(test_group_of_another_version),
		cmocka_unit_test(test_post_auth_not_offered),
		cmocka_unit_test(test_grammar),
	};

	if (argc > 1)
		return corpus_write(argv[1], "flight", RECIPES, build_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
