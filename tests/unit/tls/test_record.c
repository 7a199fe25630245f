/* The record layer: framing, limits, pending data, splitting, and what is no TLS. */
#include <stdlib.h>

#include "net/tls/record.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

static void
feed(struct record_layer *l, const void *p, size_t n)
{
	while (n > 0) {
		size_t room;
		uint8_t *at = record_room(l, &room);
		size_t take = n < room ? n : room;

		assert_true(take > 0);
		memcpy(at, p, take);
		record_added(l, take);
		p = (const uint8_t *)p + take;
		n -= take;
	}
}

static void
feed_text(struct record_layer *l, const char *hexadecimal)
{
	struct hex h = hex(hexadecimal);

	feed(l, h.p, h.n);
}

/* The error code that the bytes lead to, 0 when none. */
static int
code_after(const char *hexadecimal)
{
	struct record_layer l;
	struct record r;
	struct error error = { .kind = ERROR_NONE };

	record_init(&l);
	feed_text(&l, hexadecimal);
	while (record_next(&l, &r, &error) == 1)
		record_consume(&l, SIZE_MAX);
	record_release(&l);
	return error.code;
}

static void
byte_by_byte(void **state)
{
	struct hex h = hex("16 0301 0003 616263  15 0303 0002 0228");
	struct record_layer l;
	struct record r;
	size_t seen = 0;

	(void)state;
	record_init(&l);
	for (size_t i = 0; i < h.n; i++) {
		feed(&l, h.p + i, 1);
		if (record_next(&l, &r, NULL) == 0)
			continue;
		if (seen++ == 0) {
			assert_int_equal(i, 7);
			assert_int_equal(r.type, CONTENT_HANDSHAKE);
			assert_int_equal(r.version, TLS_1_0);
			assert_true(str_is(r.payload, "abc"));
			assert_false(r.encrypted);
			assert_true(record_input_empty(&l));
		} else {
			assert_int_equal(r.type, CONTENT_ALERT);
		}
	}
	assert_int_equal(seen, 2);
	assert_int_equal(l.records_in, 2);
	assert_int_equal(l.bytes_in, h.n);
	assert_memory_equal(l.first_bytes, h.p, h.n);
	assert_int_equal(l.n_first_bytes, h.n);
	record_release(&l);
}

static void
what_is_no_tls(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "HTTP/1.1 400 Bad Request\r\n",
		    "the server answered with plain HTTP instead of TLS: HTTP/1.1 400 Bad Request" },
		{ "SSH-2.0-OpenSSH_9.2\r\n", "the server answered with SSH instead of TLS: SSH-2.0-OpenSSH_9.2" },
		{ "\x1b[31mred", "the server's first bytes are no TLS record: \\x1B[31mred" },
		{ "\x80\x2e\x04\x01\x00", "the server answered with SSL 2.0, which is not supported" },
		{ "\x16\x16\x01\x01\x01", "the server's first bytes are no TLS record: \\x16\\x16\\x01\\x01\\x01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record_layer l;
		struct record r;
		struct error error;

		record_init(&l);
		feed(&l, cases[i].bytes, i == 3 ? 5 : strlen(cases[i].bytes));
		assert_int_equal(record_next(&l, &r, &error), -1);
		assert_int_equal(error.code, TLS_NOT_TLS);
		assert_string_equal(error.text, cases[i].text);
		record_release(&l);
	}
}

static void
headers(void **state)
{
	(void)state;
	assert_int_equal(code_after("16 0301 0001 00"), 0);
	assert_int_equal(code_after("16 03ff 0001 00"), 0);
	assert_int_equal(code_after("16 0301 0001 00 16 0201 0001 00"), TLS_UNSUPPORTED_VERSION);
	assert_int_equal(code_after("16 0301 0001 00 18 0301 0001 00"), TLS_UNEXPECTED_MESSAGE);
	/* too long already in the header: nobody waits for the payload */
	assert_int_equal(code_after("16 0303 4000"), 0);
	assert_int_equal(code_after("16 0303 4001"), TLS_RECORD_OVERFLOW);
	assert_int_equal(code_after("16 0303 ffff"), TLS_RECORD_OVERFLOW);
}

static void
empty_records(void **state)
{
	struct record_layer l;
	struct record r;
	struct error error;
	unsigned n = 0;

	(void)state;
	record_init(&l);
	for (int i = 0; i < 2 * TLS_MAX_EMPTY_RECORDS; i++)
		feed_text(&l, i == TLS_MAX_EMPTY_RECORDS ? "17 0303 0001 00" : "17 0303 0000");
	feed_text(&l, "17 0303 0000 17 0303 0000");
	while (record_next(&l, &r, &error) == 1) {
		record_consume(&l, SIZE_MAX);
		n++;
	}
	assert_int_equal(error.code, TLS_TOO_MANY_EMPTY_RECORDS);
	assert_int_equal(n, 2 * TLS_MAX_EMPTY_RECORDS + 1);
	record_release(&l);
}

/* Pending data stop record_next and survive record_room. */
static void
pending_data(void **state)
{
	struct record_layer l;
	struct record r;
	uint8_t big[RECORD_HEADER + RECORD_MAX_PLAIN] = { 23, 3, 3, 0x40, 0 };

	(void)state;
	memset(big + RECORD_HEADER, 'x', RECORD_MAX_PLAIN);
	record_init(&l);
	for (int i = 0; i < 14; i++)
		feed(&l, big, sizeof big);
	for (int i = 0; i < 59; i++) {
		assert_int_equal(record_next(&l, &r, NULL), 1);
		assert_int_equal(record_data(&l).n, RECORD_MAX_PLAIN);
		assert_int_equal(record_next(&l, &r, NULL), 0);
		record_consume(&l, 10);
		if (i < 45)
			feed(&l, big, sizeof big);
		assert_int_equal(record_data(&l).n, RECORD_MAX_PLAIN - 10);
		for (size_t k = 0; k < RECORD_MAX_PLAIN - 10; k++)
			assert_int_equal(record_data(&l).p[k], 'x');
		record_consume(&l, RECORD_MAX_PLAIN);
		assert_int_equal(record_data(&l).n, 0);
	}
	assert_int_equal(record_next(&l, &r, NULL), 0);
	assert_true(record_input_empty(&l));
	record_release(&l);
}

static void
fragments(void **state)
{
	struct record_layer l;

	(void)state;
	record_init(&l);
	l.write_version = TLS_1_0;
	l.max_fragment = 4;
	assert_int_equal(record_write(&l, CONTENT_HANDSHAKE, "abcdefghij", 10, NULL), 0);
	assert_hex(record_output(&l).p, record_output(&l).n,
	    "16 0301 0004 61626364  16 0301 0004 65666768  16 0301 0002 696a");
	assert_int_equal(l.records_out, 3);
	record_sent(&l, 1);
	l.max_fragment = 0;
	assert_int_equal(record_write(&l, CONTENT_ALERT, "", 0, NULL), 0);
	assert_int_equal(record_write_raw(&l, "raw", 3, NULL), 0);
	record_sent(&l, 24);
	assert_hex(record_output(&l).p, record_output(&l).n, "15 0301 0000 726177");
	assert_int_equal(l.bytes_out, 25);
	record_sent(&l, 100);
	assert_int_equal(record_output(&l).n, 0);
	record_release(&l);
}

static void
output_is_bounded(void **state)
{
	struct record_layer l;
	struct error error = { .kind = ERROR_NONE };
	uint8_t *chunk = mem_alloc(1 << 20);
	int written = 0;

	(void)state;
	record_init(&l);
	while (record_write(&l, CONTENT_APPLICATION_DATA, chunk, 1 << 20, &error) == 0)
		assert_in_range(++written, 1, 2);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_true(record_output(&l).n <= RECORD_OUTPUT_MAX);
	free(chunk);
	record_release(&l);
}

static void
set_keys(struct record_layer *l, bool sealing, uint16_t suite, unsigned version, struct random *random)
{
	struct crypto crypto;
	uint8_t secret[256] = { 1, 2, 3 };
	struct protect_params params = {
		.crypto = &crypto,
		.suite = suite_find(suite),
		.version = version,
		.sealing = sealing,
		.random = random,
	};
	struct protect *p;

	crypto_init(&crypto);
	p = version == TLS_1_3 ? protect_from_secret(&params, str_from(secret, 32)) :
				 protect_from_key_block(&params, true, secret);
	l->version = version;
	l->write_version = version == TLS_1_3 ? TLS_1_2 : version;
	if (sealing)
		record_set_write(l, p);
	else
		record_set_read(l, p);
}

/* Application data of CBC suites before TLS 1.1 go as 1 byte and the rest, unless switched off. */
static void
splitting(void **state)
{
	static const struct {
		unsigned version;
		bool split;
		size_t first;
	} cases[] = {
		{ SSL_3_0, true, 1 },
		{ TLS_1_0, true, 1 },
		{ TLS_1_0, false, 12 },
		{ TLS_1_1, true, 12 },
	};
	struct random random;

	(void)state;
	random_init_fixed(&random, "r", 1);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record_layer out, in;
		struct record r;

		record_init(&out);
		record_init(&in);
		out.split = cases[i].split;
		set_keys(&out, true, 0x002F, cases[i].version, &random);
		set_keys(&in, false, 0x002F, cases[i].version, &random);
		assert_int_equal(record_write(&out, CONTENT_APPLICATION_DATA, "Hello, world", 12, NULL), 0);
		feed(&in, record_output(&out).p, record_output(&out).n);
		assert_int_equal(record_next(&in, &r, NULL), 1);
		assert_int_equal(r.payload.n, cases[i].first);
		assert_true(r.encrypted);
		record_consume(&in, 12);
		assert_int_equal(record_next(&in, &r, NULL), cases[i].first == 1);
		record_release(&out);
		record_release(&in);
	}
}

/* What TLS 1.3 lets through unencrypted once keys are in force: change_cipher_spec only. */
static void
clear_records_in_tls13(void **state)
{
	static const struct {
		const char *bytes;
		int result;
	} cases[] = {
		{ "14 0303 0001 01", 1 },
		{ "15 0303 0002 0228", -1 },
		{ "16 0303 0001 00", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record_layer l;
		struct record r;
		struct error error;

		record_init(&l);
		set_keys(&l, false, 0x1301, TLS_1_3, NULL);
		feed_text(&l, cases[i].bytes);
		assert_int_equal(record_next(&l, &r, &error), cases[i].result);
		if (cases[i].result == 1)
			assert_false(r.encrypted);
		else
			assert_int_equal(error.code, TLS_UNEXPECTED_MESSAGE);
		record_release(&l);
	}
}

/* In encrypted TLS 1.3 records: no change_cipher_spec, no empty handshake. */
static void
inner_types_in_tls13(void **state)
{
	static const struct {
		unsigned type;
		size_t n;
		int result;
	} cases[] = {
		{ CONTENT_HANDSHAKE, 1, 1 },
		{ CONTENT_HANDSHAKE, 0, -1 },
		{ CONTENT_ALERT, 0, -1 },
		{ CONTENT_CHANGE_CIPHER_SPEC, 1, -1 },
		{ 24, 1, -1 },
		{ CONTENT_APPLICATION_DATA, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record_layer out, in;
		struct record r;
		struct error error;

		record_init(&out);
		record_init(&in);
		set_keys(&out, true, 0x1303, TLS_1_3, NULL);
		set_keys(&in, false, 0x1303, TLS_1_3, NULL);
		assert_int_equal(record_write(&out, cases[i].type, "\x01", cases[i].n, NULL), 0);
		feed(&in, record_output(&out).p, record_output(&out).n);
		assert_int_equal(record_next(&in, &r, &error), cases[i].result);
		if (cases[i].result < 0)
			assert_int_equal(error.code, TLS_UNEXPECTED_MESSAGE);
		record_release(&out);
		record_release(&in);
	}
}

static void
exact_version_under_keys(void **state)
{
	struct record_layer l;
	struct record r;
	struct error error;

	(void)state;
	record_init(&l);
	set_keys(&l, false, 0x002F, TLS_1_1, NULL);
	feed_text(&l, "17 0303 0020");
	assert_int_equal(record_next(&l, &r, &error), -1);
	assert_int_equal(error.code, TLS_UNSUPPORTED_VERSION);
	record_release(&l);
}

enum { PIECE = 64 * 1024 };

/* Writes the bytes from number `from` on; their count. */
static size_t
write_piece(struct record_layer *out, size_t from)
{
	static uint8_t piece[PIECE];

	for (size_t i = 0; i < PIECE; i++)
		piece[i] = (uint8_t)((from + i) % 251);
	assert_int_equal(record_write(out, CONTENT_APPLICATION_DATA, piece, PIECE, NULL), 0);
	return PIECE;
}

/* A long protected stream that comes in any pieces: tags and half records lie between what is pending and what is new
 * whenever the buffer's end is near. */
static void
long_protected_input(void **state)
{
	enum { TOTAL = 3 << 20 };
	const struct {
		uint16_t suite, version;
	} kinds[] = { { 0x1301, TLS_1_3 }, { 0xC02F, TLS_1_2 }, { 0x002F, TLS_1_1 } };

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct record_layer out, in;
		struct record r;
		struct random random;
		size_t written = 0, seen = 0, chunk = 1;

		random_init_fixed(&random, "r", 1);
		record_init(&out);
		record_init(&in);
		set_keys(&out, true, kinds[k].suite, kinds[k].version, &random);
		set_keys(&in, false, kinds[k].suite, kinds[k].version, NULL);
		while (seen < TOTAL) {
			struct str queued = record_output(&out), data;
			size_t room;
			uint8_t *at;

			if (queued.n < PIECE) {
				written += write_piece(&out, written);
				queued = record_output(&out); /* the input seldom ends with a record */
			}
			at = record_room(&in, &room);
			assert_in_range(room, 1, RECORD_INPUT);
			chunk = chunk * 7 % 65521;
			room = chunk < room ? chunk : room;
			room = queued.n < room ? queued.n : room;
			memcpy(at, queued.p, room);
			record_added(&in, room);
			record_sent(&out, room);
			while (record_next(&in, &r, NULL) == 1) {
				for (data = record_data(&in); data.n > 0; data = record_data(&in)) {
					assert_in_range(data.n, 1, RECORD_MAX_PLAIN);
					for (size_t i = 0; i < data.n; i++, seen++)
						if ((uint8_t)data.p[i] != seen % 251)
							fail_msg("byte %zu is wrong", seen);
					record_consume(&in, data.n);
				}
				record_room(&in, &room);
			}
			assert_int_equal(record_data(&in).n, 0);
		}
		record_release(&out);
		record_release(&in);
		random_release(&random);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(byte_by_byte), cmocka_unit_test(what_is_no_tls),
		cmocka_unit_test(headers), cmocka_unit_test(empty_records), cmocka_unit_test(pending_data),
		cmocka_unit_test(fragments), cmocka_unit_test(output_is_bounded), cmocka_unit_test(splitting),
		cmocka_unit_test(clear_records_in_tls13), cmocka_unit_test(inner_types_in_tls13),
		cmocka_unit_test(exact_version_under_keys), cmocka_unit_test(long_protected_input) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
