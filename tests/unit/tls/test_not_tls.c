/* What comes where a record of TLS should: clear text, an alert of no version, a ChangeCipherSpec too early. */
#include <string.h>

#include "net/tls/handshake.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

#define WARNING "15 0303 0002 0170" /* unrecognized_name */
#define CCS "14 0303 0001 01"

/* The engine after its hello, with these bytes for an answer; NULL ends the input. */
static struct tls *
answered(uint16_t max_version, const char *hello, const char *text, struct error *error)
{
	struct tls_config config;
	struct hex h = hex(hello);
	struct tls *t;
	size_t room;
	uint8_t *at;

	tls_config_init(&config);
	config.max_version = max_version;
	t = tls_new(&config, NULL);
	assert_int_equal(tls_start(t, error), 0);
	tls_output_sent(t, tls_output(t).n);
	at = tls_input_room(t, &room);
	memcpy(at, h.p, h.n);
	memcpy(at + h.n, text, strlen(text));
	tls_input_added(t, h.n + strlen(text));
	return t;
}

static void
clear_text(void **state)
{
	static const struct {
		const char *before, *text, *sentence;
		enum tls_code code;
		bool ends;
	} cases[] = {
		{ "", "HTTP/1.1 400 Bad Request, and this line is so long that it has to be cut somewhere\r\n",
		    "the server answered with plain HTTP instead of TLS: "
		    "HTTP/1.1 400 Bad Request, and this line is so long that it has t",
		    TLS_NOT_TLS, false },
		{ "", "\r\n220 ftp ready\n",
		    "the server answered with a greeting as of SMTP or FTP instead of TLS: 220 ftp ready", TLS_NOT_TLS,
		    false },
		{ "", "hello there", "the server answered with clear text instead of TLS: hello there", TLS_NOT_TLS,
		    false },
		{ "", "hi\n", "the server answered with clear text instead of TLS: hi", TLS_NOT_TLS, true },
		{ "", "\x1b[31mred", "the server's first bytes are no TLS record: \\x1B[31mred", TLS_NOT_TLS, false },
		{ WARNING, "HTTP/1.1 502 \x1b[31m\r\nA: b",
		    "the server sent plain HTTP in the clear, where a TLS record was to come: HTTP/1.1 502 \\x1B[31m",
		    TLS_CLEAR_TEXT, false },
		{ WARNING, "SSH-2.0-x\r\n",
		    "the server sent SSH in the clear, where a TLS record was to come: SSH-2.0-x", TLS_CLEAR_TEXT,
		    false },
		{ WARNING, "bye", "the server sent text in the clear, where a TLS record was to come: bye",
		    TLS_CLEAR_TEXT, true },
		{ WARNING, "\x17\x04\x01\x01\x01", "a record from the server has version 0x0401 instead of 0x03xx",
		    TLS_UNSUPPORTED_VERSION, false },
		{ WARNING, "\x99\x03\x01\x01\x01", "a record from the server is of no known kind: content type 153",
		    TLS_UNEXPECTED_MESSAGE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		struct tls *t = answered(TLS_1_2, cases[i].before, cases[i].text, &error);

		if (cases[i].ends)
			tls_input_end(t);
		assert_int_equal(tls_process(t, &error), -1);
		assert_string_equal(error.text, cases[i].sentence);
		assert_int_equal(error.code, cases[i].code);
		assert_int_equal(tls_info(t)->alert_sent, cases[i].code != TLS_NOT_TLS);
		tls_free(t);
	}
}

/* Of servers that will have nothing of the hello: what counts is the alert. */
static void
alert_without_version(void **state)
{
	static const struct {
		const char *record;
		unsigned alert; /* 0: refused by us */
	} cases[] = {
		{ "15 0000 0002 0228", ALERT_HANDSHAKE_FAILURE },
		{ "15 0000 0002 0246", ALERT_PROTOCOL_VERSION },
		{ "15 0200 0002 0250", ALERT_INTERNAL_ERROR },
		{ "15 0000 0003 022800", 0 },
		{ "16 0000 0002 0228", 0 },
		{ "15 0000 0002 0728", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		struct tls *t = answered(TLS_1_3, cases[i].record, "", &error);

		assert_int_equal(tls_process(t, &error), -1);
		assert_int_equal(tls_info(t)->alert_received, cases[i].alert != 0);
		assert_int_equal(error.code == TLS_PEER_ALERT, cases[i].alert != 0);
		if (cases[i].alert != 0)
			assert_int_equal(tls_info(t)->alert, cases[i].alert);
		tls_free(t);
	}
}

/* RFC 8446 section 5: dropped from the first ClientHello on, when it is exactly 0x01; the version is not known yet. */
static void
early_change_cipher_spec(void **state)
{
	static const struct {
		uint16_t max_version;
		const char *records;
		int result;
	} cases[] = {
		{ TLS_1_3, CCS, 0 },
		{ TLS_1_3, CCS CCS CCS, 0 },
		{ TLS_1_3, "14 0303 0001 00", -1 },
		{ TLS_1_3, "14 0303 0002 0101", -1 },
		{ TLS_1_3, "14 0303 0000", -1 },
		{ TLS_1_2, CCS, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		struct tls *t = answered(cases[i].max_version, cases[i].records, "", &error);

		assert_int_equal(tls_process(t, &error), cases[i].result);
		if (cases[i].result != 0) {
			assert_int_equal(error.code, TLS_UNEXPECTED_MESSAGE);
			assert_int_equal(tls_info(t)->alert, ALERT_UNEXPECTED_MESSAGE);
		}
		tls_free(t);
	}
}

/* A server may not fill the time with them, nor choose a version that knows none of this. */
static void
too_many_or_an_old_version(void **state)
{
	static const char hello[] =
	    "16 0303 002a 02 000026 0303"
	    "5353535353535353535353535353535353535353535353535353535353535353 00 c02f 00";
	struct error error = { .kind = ERROR_NONE };
	struct tls *t = answered(TLS_1_3, CCS, "", &error);

	(void)state;
	for (int i = 1; i <= TLS_MAX_EMPTY_RECORDS; i++) {
		struct hex h = hex(CCS);
		size_t room;

		assert_int_equal(tls_process(t, &error), 0);
		memcpy(tls_input_room(t, &room), h.p, h.n);
		tls_input_added(t, h.n);
	}
	assert_int_equal(tls_process(t, &error), -1);
	assert_int_equal(error.code, TLS_TOO_MANY_EMPTY_RECORDS);
	tls_free(t);
	for (int early = 0; early < 2; early++) {
		struct buf text;

		buf_init(&text, 0);
		buf_addf(&text, "%s%s", early ? CCS : "", hello);
		error_clear(&error);
		t = answered(TLS_1_3, (const char *)text.data, "", &error);
		assert_int_equal(tls_process(t, &error), early ? -1 : 0);
		assert_int_equal(error.code, early ? TLS_UNEXPECTED_MESSAGE : 0);
		assert_true(tls_info(t)->server_hello);
		tls_free(t);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clear_text),
		cmocka_unit_test(alert_without_version),
		cmocka_unit_test(early_change_cipher_spec),
		cmocka_unit_test(too_many_or_an_old_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
