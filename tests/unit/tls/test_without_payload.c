/*
 * What a server sends after the handshake that is no payload, of each kind and of all in turn: it has a bound that only
 * payload moves. And tickets of any length: one that is too large for the hello is not offered, and breaks nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/tls/handshake.h"
#include "net/tls/message_hello.h"
#include "tests/fuzz/tls/flight.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

/* ---- flights ---- */
static void
put_item(struct buf *b, enum flight_item kind, struct str data)
{
	size_t at;

	put_u8(b, kind);
	at = put_open(b, 2);
	put_str(b, data);
	put_close(b, at, 2);
}

static void
put_hex(struct buf *b, enum flight_item kind, const char *text)
{
	struct hex h = hex(text);

	put_item(b, kind, HEX_STR(h));
}

#define RANDOM "5353535353535353535353535353535353535353535353535353535353535353"
#define POINT "0900000000000000000000000000000000000000000000000000000000000000"

/* A resumed handshake up to the end. */
static void
put_handshake(struct buf *b, bool tls13)
{
	static const uint8_t settings[2][FLIGHT_SETTINGS] = { { 3, FLIGHT_SESSION_ID }, { 4, FLIGHT_SESSION_TICKET } };

	buf_init(b, 8 << 20);
	put_str(b, str_from(settings[tls13], FLIGHT_SETTINGS));
	if (tls13) {
		put_hex(b, ITEM_HELLO,
		    "02 00005c 0303" RANDOM "00 1301 00 0034 002b0002 0304 00290002 0000 00330024 001d 0020" POINT);
		put_hex(b, ITEM_HANDSHAKE, "08 000002 0000");
	} else {
		put_hex(b, ITEM_HELLO, "02 00002d 0303" RANDOM "00 009c 00 0005 ff01 0001 00");
		put_item(b, ITEM_CCS, STR("\1"));
	}
	put_item(b, ITEM_FINISHED, STR(""));
}

enum { EMPTY, WARNING, REQUEST, UPDATE, UPDATE_ASKED, TICKET, PAYLOAD };

static void
put_ticket(struct buf *b, size_t n)
{
	struct buf message;
	size_t body, ticket;

	buf_init(&message, 1 << 20);
	body = message_open(&message, NEW_SESSION_TICKET);
	put_u32(&message, 7200);
	put_u32(&message, 1);
	put_u16(&message, 0x0100); /* a nonce of one byte */
	ticket = put_open(&message, 2);
	while (n-- > 0)
		put_u8(&message, 't');
	put_close(&message, ticket, 2);
	put_u16(&message, 0);
	message_close(&message, body);
	for (struct str rest = buf_str(&message); rest.n > 0; rest = str_slice(rest, 16000, rest.n))
		put_item(b, ITEM_PART, str_slice(rest, 0, rest.n < 16000 ? rest.n : 16000));
	buf_release(&message);
}

static void
put_kind(struct buf *b, int kind, size_t ticket)
{
	if (kind == EMPTY || kind == PAYLOAD)
		put_item(b, ITEM_DATA, kind == PAYLOAD ? STR("x") : STR(""));
	else if (kind == WARNING)
		put_item(b, ITEM_ALERT, STR("\1\132")); /* user_canceled, which all versions have */
	else if (kind == REQUEST)
		put_hex(b, ITEM_HANDSHAKE, "00 000000");
	else if (kind == UPDATE || kind == UPDATE_ASKED)
		put_hex(b, ITEM_HANDSHAKE, kind == UPDATE ? "18 000001 00" : "18 000001 01");
	else
		put_ticket(b, ticket);
}

/* The kinds in turn, so often, then payload. "" or a part of the error; what came after it is not read. */
static void
check(bool tls13, const int *kinds, size_t n, size_t ticket, size_t times, const char *error)
{
	struct flight_outcome o;
	struct buf b;
	size_t payloads = 1;

	put_handshake(&b, tls13);
	for (size_t i = 0; i < times; i++)
		for (size_t k = 0; k < n; k++) {
			put_kind(&b, kinds[k], ticket);
			payloads += kinds[k] == PAYLOAD;
		}
	put_kind(&b, PAYLOAD, 0);
	assert_false(b.full);
	flight_run(b.data, b.len, &o);
	if (error[0] != '\0' ? strstr(o.error, error) == NULL :
			       o.error[0] != '\0' || !o.connected || o.data != payloads)
		fail_msg("%s, kinds %d %d ..., %zu times: \"%s\" instead of \"%s\", %zu bytes came",
		    tls13 ? "TLS 1.3" : "TLS 1.2", kinds[0], kinds[n - 1], times, o.error, error, o.data);
	buf_release(&b);
}

#define CHECK(tls13, ticket, times, error, ...) \
	check(tls13, (const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int), ticket, times, \
	    error)

static const char whole[] = "more than 1048576 bytes without data", updates[] = "more than 32 KeyUpdates",
		  warnings[] = "more than 4 warning", requests[] = "more than 4 HelloRequests",
		  empties[] = "more than 32 empty records";

/* An empty record, or anything else that is no payload, gives no new count. */
static void
test_bounds(void **state)
{
	(void)state;
	CHECK(true, 0, 32, "", UPDATE);
	CHECK(true, 0, 33, updates, UPDATE);
	CHECK(true, 0, 33, updates, UPDATE, EMPTY);
	CHECK(true, 0, 17, updates, UPDATE_ASKED, EMPTY, UPDATE, EMPTY);
	CHECK(true, 100, 33, updates, TICKET, UPDATE, EMPTY);
	CHECK(true, 100, 5, warnings, WARNING, TICKET);
	CHECK(true, 100, 5, warnings, WARNING, UPDATE, EMPTY);
	CHECK(true, 0, 33, empties, EMPTY);
	CHECK(true, 1000, 2000, whole, TICKET, EMPTY);
	CHECK(true, 65535, 20, whole, TICKET);
	CHECK(false, 0, 4, "", REQUEST);
	CHECK(false, 0, 5, requests, REQUEST);
	CHECK(false, 0, 5, requests, REQUEST, EMPTY);
	CHECK(false, 0, 5, requests, EMPTY, EMPTY, REQUEST, EMPTY);
	CHECK(false, 0, 5, warnings, WARNING, EMPTY);
	CHECK(false, 0, 33, empties, EMPTY);
}

/* Payload does; and 200 tickets in a row are met in the wild. */
static void
test_payload(void **state)
{
	(void)state;
	CHECK(true, 0, 200, "", UPDATE, PAYLOAD);
	CHECK(true, 0, 200, "", WARNING, EMPTY, PAYLOAD);
	CHECK(true, 60000, 40, "", TICKET, PAYLOAD);
	CHECK(true, 300, 200, "", TICKET);
	CHECK(true, 4000, 200, "", TICKET);
	CHECK(false, 0, 200, "", REQUEST, EMPTY, PAYLOAD);
	CHECK(false, 0, 200, "", WARNING, EMPTY, PAYLOAD);
}

/* Whatever the order: it ends, and no later than the bound on bytes. */
static void
test_any_order(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 60; round++) {
		bool tls13 = round % 3 != 0;
		int tickets = round % 4 == 0 ? 1 : 60; /* of so many there is one that is something else */
		size_t sent = 0, before;
		struct flight_outcome o;
		struct buf b;

		put_handshake(&b, tls13);
		before = b.len;
		while (sent < TLS_MAX_WITHOUT_PAYLOAD + 65536 && b.len - before < 6 << 20) {
			size_t at = b.len;
			int kind = (int)((random = random * 1664525 + 1013904223) >> 16) % 6;

			if (tls13 && (random >> 8) % (unsigned)tickets != 0)
				kind = TICKET;
			if (tls13 ? kind == REQUEST : kind > REQUEST)
				continue;
			put_kind(&b, kind, (random >> 12) % 3000);
			sent += b.len - at;
		}
		flight_run(b.data, b.len, &o);
		if (o.error[0] == '\0')
			fail_msg("round %d: %zu bytes without payload are taken", round, sent);
		buf_release(&b);
	}
}

/* ---- tickets of any length ---- */
static struct tls_session
session_with(uint16_t version, const uint8_t *ticket, size_t n)
{
	struct tls_session s = {
		.version = version,
		.lifetime = 7200,
		.secret_len = version >= TLS_1_3 ? 32 : MASTER_SECRET,
		.suite = version >= TLS_1_3 ? 0x1301 : 0xC02F,
		.ems = true,
		.ticket = (uint8_t *)(uintptr_t)ticket,
		.ticket_len = n,
	};
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	s.received_us = (int64_t)now.tv_sec * 1000000;
	return s;
}

/* The hello is whole, and the ticket is in it when the session counts as offered. */
static void
check_hello(struct tls *t, uint16_t version, size_t n)
{
	const struct extension *x;
	struct extension_list list;
	struct client_hello m;
	struct buf message;
	struct rd r = rd_str(tls_output(t));

	buf_init(&message, 1 << 20);
	while (rd_left(&r) > 0) {
		struct rd record;

		assert_int_equal(rd_u8(&r), CONTENT_HANDSHAKE);
		rd_u16(&r);
		record = rd_vec16(&r);
		assert_false(r.bad);
		put_str(&message, rd_rest(&record));
	}
	assert_true(client_hello_decode(&m, str_slice(buf_str(&message), MESSAGE_HEADER, message.len)));
	assert_true(extension_list_decode(&list, m.extensions));
	x = extension_find(&list, version >= TLS_1_3 ? EXT_PRE_SHARED_KEY : EXT_SESSION_TICKET);
	assert_int_equal(x != NULL && x->body.n >= n, tls_info(t)->offered.session_offered);
	if (x != NULL && version >= TLS_1_3)
		assert_int_equal(x->body.n, 2 + 2 + n + 4 + 2 + 1 + 32);
	buf_release(&message);
}

static void
test_hello_with_ticket(void **state)
{
	static const size_t lengths[] = { 1, 300, 16384, 60000, 65000, 65200, 65300, 65400, 65450, 65480, 65490, 65491,
		65492, 65493, 65494, 65495, 65496, 65500, 65520, 65534, 65535 };
	static const uint8_t ticket[65535];

	(void)state;
	for (unsigned version = TLS_1_2; version <= TLS_1_3; version++)
		for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
			size_t n = lengths[i / 2];
			struct tls_session s = session_with((uint16_t)version, ticket, n);
			struct tls_config config;
			struct error error = { .kind = ERROR_NONE };
			struct tls *t;

			tls_config_init(&config);
			config.grease = i % 2 != 0;
			t = tls_new(&config, NULL);
			tls_offer_session(t, &s);
			if (tls_start(t, &error) != 0)
				fail_msg("a ticket of %zu bytes: %s", n, error.text);
			if (n <= 60000 || n == 65535)
				assert_int_equal(tls_info(t)->offered.session_offered, n <= 60000);
			check_hello(t, (uint16_t)version, n);
			tls_free(t);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bounds), cmocka_unit_test(test_payload),
		cmocka_unit_test(test_any_order), cmocka_unit_test(test_hello_with_ticket) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
