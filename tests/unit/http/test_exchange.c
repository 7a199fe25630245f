/* One exchange over a scripted stream: answers whole and broken, limits. */
#include "tests/support/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/http/run.h"

/* A string literal may hold NUL. */
#define BYTES(literal) literal, sizeof literal - 1

struct reply {
	const char *method;
	const char *bytes;
	size_t n;
	const char *body;  /* NULL: it fails */
	const char *error; /* a part of the message */
	enum error_kind kind;
	bool keep;
};

static const struct reply replies[] = {
	/* framing */
	{ "GET", BYTES(OK "Content-Length: 5\r\n\r\nhello"), "hello", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Length: 5\r\n\r\nhelloX"), "hello", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Length: 0\r\n\r\n"), "", NULL, 0, true },
	{ "GET", BYTES(OK "\r\nhello"), "hello", NULL, 0, false },
	{ "GET", BYTES(OK "Connection: close\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0, false },
	{ "GET", BYTES(OK "Connection: foo, Close\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0, false },
	{ "GET", BYTES("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0, false },
	{ "GET", BYTES("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0,
	    true },
	{ "HEAD", BYTES(OK "Content-Length: 5\r\n\r\n"), "", NULL, 0, true },
	{ "HEAD", BYTES(OK "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"), "", NULL, 0, true },
	{ "GET", BYTES("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"), "", NULL, 0, true },
	{ "GET", BYTES("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"), "", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Length: 5, 05\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0, true },
	{ "GET", BYTES("HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx"), "x", NULL, 0, true },
	{ "GET", BYTES("HTTP/1.1 299 \r\nContent-Length: 1\r\n\r\nx"), "x", NULL, 0, true },
	{ "GET", BYTES("HTTP/1.1 200 OK\nContent-Length: 1\n\nx"), "x", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Length:\r\n 5\r\n\r\nhello"), "hello", NULL, 0, true },
	/* truncation and contradictions */
	{ "GET", BYTES(OK "Content-Length: 5\r\n\r\nhel"), NULL, "body ended after 3 of 5 bytes", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), NULL, "contradictory Content-Length",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Length: 5, 6\r\n\r\nhello"), NULL, "contradictory Content-Length", ERROR_HTTP,
	    false },
	{ "GET", BYTES(OK "Content-Length: -5\r\n\r\nhello"), NULL, "bad Content-Length \"-5\"", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Length: 5x\r\n\r\nhello"), NULL, "bad Content-Length", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Length: 99999999999999999999\r\n\r\nhello"), NULL, "bad Content-Length", ERROR_HTTP,
	    false },
	{ "GET", BYTES(OK "Location: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"), NULL, "contradictory Location",
	    ERROR_HTTP, false },
	/* chunks */
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=\"b\"\r\n world\r\n0\r\nX: y\r\n\r\n"),
	    "hello world", NULL, 0, true },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n"), "hello", NULL, 0, true },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "hello",
	    NULL, 0, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked, chunked\r\n\r\n000005 \r\nhello\r\n0\r\n\r\n"), "hello", NULL, 0,
	    true },
	{ "GET", BYTES(OK "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"), "hello", NULL, 0, true },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"), NULL,
	    "body ended inside chunk 1, after 3 of 5 bytes", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), NULL,
	    "body ended after 1 chunks, before the last chunk", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"), NULL, "inside the trailers",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n"), NULL,
	    "chunk 1 is longer than its size 5", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), NULL, "bad size of chunk 1", ERROR_HTTP,
	    false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n\r\n"), NULL, "bad size of chunk 1", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello"), NULL, "bad size of chunk 1", ERROR_HTTP,
	    false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n5xyz\r\nhello"), NULL,
	    "bad size of chunk 2: \"5x", ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n12345678123456789\r\n"), NULL, "bad size of chunk 1",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\rhello\r\n"), NULL, "bad size of chunk 1", ERROR_HTTP,
	    false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\0b\r\n\r\n"), NULL, "NUL or CR in a trailer",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n"), NULL, "without a colon",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), NULL, "chunked must come last",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Transfer-Encoding: moo\r\n\r\n"), NULL, "\"moo\" is not known", ERROR_HTTP, false },
	/* heads */
	{ "GET", BYTES(""), NULL, "without an answer", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 200 O"), NULL, "closed inside the answer's head", ERROR_HTTP, false },
	{ "GET", BYTES("SSH-2.0-OpenSSH_9.2\r\n"), NULL, "not HTTP: \"SSH-2.0-OpenSSH_9.2\"", ERROR_HTTP, false },
	{ "GET", BYTES("\x15\x03\x01\0\2\2\x50"), NULL, "speaks TLS", ERROR_HTTP, false },
	{ "GET", BYTES("\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x80"), NULL,
	    "HTTP/2 without having been asked to: its first frame is SETTINGS", ERROR_HTTP, false },
	{ "GET", BYTES("\0\0\0\4\0\0\0\0\0"), NULL, "first frame is SETTINGS", ERROR_HTTP, false },
	{ "GET", BYTES("\0\0\x8\7\0\0\0\0\0\0\0\0\0"), NULL, "first frame is GOAWAY", ERROR_HTTP, false },
	{ "GET", BYTES("\0\0\0\4\0\0\0\0\1"), NULL, "not HTTP", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/2 200 \r\n\r\n"), NULL, "bad status line", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/2.0 200 OK\r\n\r\n"), NULL, "HTTP version 2.0", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 -12 OK\r\n\r\n"), NULL, "bad status code", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 099 OK\r\n\r\n"), NULL, "bad status code", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 2000 OK\r\n\r\n"), NULL, "bad status code", ERROR_HTTP, false },
	{ "GET", BYTES(OK "no colon\r\n\r\n"), NULL, "without a colon: \"no colon\"", ERROR_HTTP, false },
	{ "GET", BYTES(OK "a b: c\r\n\r\n"), NULL, "bad header name", ERROR_HTTP, false },
	{ "GET", BYTES(OK ": c\r\n\r\n"), NULL, "bad header name", ERROR_HTTP, false },
	{ "GET", BYTES(OK " folded: c\r\n\r\n"), NULL, "starts with a blank", ERROR_HTTP, false },
	{ "GET", BYTES(OK "A: b\0c\r\n\r\n"), NULL, "NUL in a header line: \"A: b\\x00c\"", ERROR_HTTP, false },
	{ "GET", BYTES(OK "A: b\rc\r\n\r\n"), NULL, "CR without LF", ERROR_HTTP, false },
	/* informational answers */
	{ "GET", BYTES("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" OK "Content-Length: 1\r\n\r\nx"), "x", NULL, 0,
	    true },
	{ "GET", BYTES("HTTP/1.1 100 Continue\r\n\r\n"), NULL, "closed after 100 Continue and before the final",
	    ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 100 Continue\r\n\r\nData\n"), NULL, "not HTTP: \"Data\"", ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\nfoo"), NULL, "101 and changes to foo",
	    ERROR_HTTP, false },
	{ "GET", BYTES("HTTP/1.1 101 Switching Protocols\r\n\r\n"), NULL, "does not name", ERROR_HTTP, false },
	/* codings */
	{ "GET", BYTES(OK "Content-Encoding: none, identity\r\nContent-Length: 1\r\n\r\nx"), "x", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"), "", NULL, 0, true },
	{ "GET", BYTES(OK "Content-Encoding: lzma\r\nContent-Length: 1\r\n\r\nx"), NULL, "coded with \"lzma\"",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nplain"), NULL, "gzip data is corrupt",
	    ERROR_HTTP, false },
	{ "GET", BYTES(OK "Content-Encoding: gzip,gzip,gzip,gzip,gzip,gzip\r\nContent-Length: 1\r\n\r\nx"), NULL,
	    "more than 5 codings", ERROR_LIMIT, false },
};

static void
check_reply(const struct reply *reply, size_t piece)
{
	struct run r;

	run_init(&r, reply->method, str_from(reply->bytes, reply->n), piece);
	run_exchange(&r);
	if (reply->body != NULL) {
		if (r.result != 0)
			print_error("piece %zu of \"%.60s\": %s\n", piece, reply->bytes, r.error.text);
		assert_int_equal(r.result, 0);
		assert_true(str_is(buf_str(&r.body), reply->body));
		assert_true(r.response.complete);
		assert_int_equal(r.response.keep, reply->keep);
		assert_int_equal(r.response.body_bytes, strlen(reply->body));
	} else {
		if (r.result == 0 || strstr(r.error.text, reply->error) == NULL)
			print_error("piece %zu of \"%.60s\": %s\n", piece, reply->bytes, r.error.text);
		assert_int_equal(r.result, -1);
		assert_non_null(strstr(r.error.text, reply->error));
		assert_int_equal(r.error.kind, reply->kind);
		assert_false(r.response.keep || r.response.complete);
	}
	run_release(&r);
}

static void
test_replies(void **state)
{
	static const size_t pieces[] = { 0, 1, 2, 3, 7, 19 };

	(void)state;
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
		for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++)
			/* one byte of a TLS record does not tell what it is, and a sentence is known by its first */
			if (replies[i].error == NULL || pieces[k] == 0 ||
			    (strncmp(replies[i].error, "not HTTP", 8) != 0 &&
				strcmp(replies[i].error, "speaks TLS") != 0))
				check_reply(&replies[i], pieces[k]);
}

/* An Upgrade by hand may be answered. */
static void
test_upgrade(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "GET", STR("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\nfoo"), 0);
	http_headers_add(&r.request.headers, STR("Upgrade"), STR("foo"), NULL);
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.status, 101);
	run_release(&r);
}

/* A stream that breaks: the sentence says how far the answer came. */
static void
test_how_far(void **state)
{
	static const struct {
		const char *reply, *error;
	} rows[] = {
		{ "", "Connection reset by peer: no answer came" },
		{ "HTTP/1.1 20", "the answer's head broke off after \"HTTP/1.1 20\"" },
		{ "HTTP/1.1 103 Early Hints\r\n\r\n", "no final answer came after 103 Early Hints" },
		{ OK "Content-Length: 100\r\n\r\nhello\n", ": 6 of 100 bytes of the body came" },
		{ OK "\r\nhello", ": 5 bytes of the body came, and not its end" },
		{ OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\nd", ": 4 bytes of the body came" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t piece = 0; piece < 3; piece++) {
			struct run r;

			run_init(&r, "GET", str_of(rows[i].reply), piece);
			r.stream.end_error = ECONNRESET;
			run_exchange(&r);
			assert_int_equal(r.result, -1);
			if (strstr(r.error.text, rows[i].error) == NULL)
				print_error("%s\n", r.error.text);
			assert_non_null(strstr(r.error.text, rows[i].error));
			run_release(&r);
		}
}

static int
not_needed(void *context, const struct http_response *response, struct error *error)
{
	(void)context;
	(void)response;
	(void)error;
	return 1;
}

/* What is wrong with a body that nobody needs is no failure. */
static void
test_unneeded(void **state)
{
	static const struct {
		const char *reply;
		bool complete;
	} rows[] = {
		{ OK "Content-Length: 5\r\n\r\nhello", true },
		{ OK "Content-Length: 100\r\n\r\nhello", false },
		{ OK "\r\nhello", false },
		{ OK "Content-Encoding: lzma\r\nContent-Length: 1\r\n\r\nx", false },
		{ OK "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", false },
		{ OK "Content-Length: 4000000000\r\n\r\n", false },
		{ OK "Transfer-Encoding: chunked\r\n\r\n-1\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct run r;
		struct http_sink sink = { not_needed, NULL, NULL };

		run_init(&r, "GET", str_of(rows[i].reply), 0);
		r.stream.end_error = ECONNRESET;
		r.options.max_body = 2;
		r.result =
		    http_exchange(&r.stream.stream, &r.request, &r.options, &sink, &r.response, &r.unsent, &r.error);
		assert_int_equal(r.result, 0);
		assert_int_equal(r.response.complete, rows[i].complete);
		assert_int_equal(r.response.keep, rows[i].complete);
		run_release(&r);
	}
}

static void
test_head(void **state)
{
	static const char reply[] =
	    "HTTP/1.1 404 Not  Here\r\nServer : a\r\nX: one\r\n\ttwo \r\nx: three\r\nContent-Length: 0\r\n\r\n";
	struct run r;
	char *list;

	(void)state;
	run_init(&r, "GET", str_of(reply), 5);
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.status, 404);
	assert_string_equal(r.response.reason, "Not  Here");
	assert_string_equal(r.response.version, "HTTP/1.1");
	assert_string_equal(http_headers_get(&r.response.headers, "SERVER"), "a");
	list = http_headers_list(&r.response.headers, "x");
	assert_string_equal(list, "one two, three");
	free(list);
	assert_string_equal(r.response.raw_head, reply);
	assert_string_equal((const char *)r.stream.written.data, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
	run_release(&r);
}

/* ---- limits ---- */

static void
check_limit(const char *start, const char *unit, size_t times, const char *error)
{
	struct buf reply;
	struct run r;

	buf_init(&reply, 0);
	buf_add_str(&reply, str_of(start));
	for (size_t i = 0; i < times; i++)
		buf_add_str(&reply, str_of(unit));
	buf_add_str(&reply, STR("\r\n\r\n"));
	run_init(&r, "GET", buf_str(&reply), 4096);
	run_exchange(&r);
	assert_int_equal(r.result, -1);
	assert_int_equal(r.error.kind, ERROR_LIMIT);
	if (strstr(r.error.text, error) == NULL)
		print_error("%s\n", r.error.text);
	assert_non_null(strstr(r.error.text, error));
	run_release(&r);
	buf_release(&reply);
}

/* The limit is the head's, not that of what came together with its end. */
static void
test_head_before_much(void **state)
{
	struct buf reply;
	struct run r;

	(void)state;
	buf_init(&reply, 0);
	buf_add_str(&reply, STR(OK "Content-Length: 300000"));
	for (size_t i = 0; i <= 500000; i++)
		buf_add_str(&reply,
		    i == 200000                      ? STR("\r\n\r\n") :
			i < 200000 && i % 50000 == 0 ? STR("\r\nA: ") :
						       STR("b"));
	run_init(&r, "GET", buf_str(&reply), 190000);
	run_exchange(&r);
	if (r.result != 0)
		print_error("%s\n", r.error.text);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.headers.n, 5);
	assert_int_equal(r.body.len, 300000);
	run_release(&r);
	buf_release(&reply);
}

static void
test_limits(void **state)
{
	struct run r;

	(void)state;
	check_limit(OK "A: ", "b", HTTP_MAX_LINE, "a header line of");
	check_limit(OK "A: ", "b", HTTP_MAX_HEAD, "head is longer than");
	check_limit(OK, "A: b\r\n", HTTP_MAX_HEADERS + 1, "more than 1000 headers");
	check_limit(OK "A: b\r\n", " cccccccccccccccccccc\r\n", 7000, "with its folded lines");
	check_limit("", "HTTP/1.1 102 Processing\r\n\r\n", HTTP_MAX_INFORMATIONAL + 1, "more than 64 informational");
	check_limit(OK "Transfer-Encoding: chunked\r\n\r\n5;", "x", 20000, "size line longer than");
	check_limit(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: aaaaaaaaaaaaaaaaaaaaaaa\r\n", 12000,
	    "more than 1000 headers");
	check_limit(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n", "a", 110000, "trailers behind the last chunk");

	run_init(&r, "GET", STR(OK "Content-Length: 100\r\n\r\nx"), 0);
	r.options.max_body = 99;
	run_exchange(&r);
	assert_int_equal(r.error.kind, ERROR_LIMIT);
	run_release(&r);
	run_init(&r, "GET", STR(OK "\r\nxxxxxxxx"), 3);
	r.options.max_body = 7;
	run_exchange(&r);
	assert_int_equal(r.error.kind, ERROR_LIMIT);
	run_release(&r);
}

static void
test_http09(void **state)
{
	struct run r;

	(void)state;
	for (size_t piece = 0; piece < 4; piece++) {
		run_init(&r, "GET", STR("HTTXhello"), piece);
		r.options.http09 = true;
		run_exchange(&r);
		assert_int_equal(r.result, 0);
		assert_true(str_is(buf_str(&r.body), "HTTXhello"));
		assert_string_equal(r.response.version, "HTTP/0.9");
		assert_false(r.response.keep);
		run_release(&r);
	}
	run_init(&r, "HEAD", STR("hello"), 0);
	r.options.http09 = true;
	run_exchange(&r);
	assert_int_equal(r.result, -1);
	run_release(&r);
}

static void
test_raw(void **state)
{
	static const char chunks[] = "5\r\nhello\r\n0\r\nA: b\r\n\r\n";
	char reply[200];
	struct run r;

	(void)state;
	snprintf(reply, sizeof reply, OK "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n%s", chunks);
	for (size_t piece = 0; piece < 4; piece++) {
		run_init(&r, "GET", str_of(reply), piece);
		r.options.raw = true;
		r.stream.stays_open = true;
		run_exchange(&r);
		assert_int_equal(r.result, 0);
		assert_true(str_is(buf_str(&r.body), chunks));
		run_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_replies), cmocka_unit_test(test_head),
		cmocka_unit_test(test_upgrade), cmocka_unit_test(test_how_far), cmocka_unit_test(test_unneeded),
		cmocka_unit_test(test_limits), cmocka_unit_test(test_head_before_much), cmocka_unit_test(test_http09),
		cmocka_unit_test(test_raw) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
