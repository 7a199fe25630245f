/* Bytes no honest client sends: broken requests in the clear, broken records under TLS. The lab answers or
 * ends; it goes on. */
#include "tests/unit/lab/lab_client.h"

#include "net/buf.h"
#include "net/bytes.h"
#include "net/lab/request.h"

/* Sends text to the room without TLS and reads to the end. */
static void
ask(struct str text)
{
	int fd = raw_connect("plain.lab.test");

	assert_int_equal(send(fd, text.p, text.n, MSG_NOSIGNAL), text.n);
	shutdown(fd, SHUT_WR);
	assert_true(raw_read_all(fd) >= 0);
	close(fd);
}

static void
expect_status(struct str request, const char *status)
{
	ask(request);
	if (strncmp(output, "HTTP/1.1 ", 9) != 0 || strncmp(output + 9, status, 3) != 0)
		fail_msg("not %s for:\n%.*s\n%.200s", status, STR_ARG(request), output);
}

static void
test_requests(void **state)
{
	static const struct {
		const char *request, *status;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200" },
		{ "\r\n\r\nGET / HTTP/1.1\nHost: a\n\n", "200" },
		{ "GET http://plain.lab.test/status/203?a HTTP/1.1\r\n\r\n", "203" },
		{ "GET http://plain.lab.test HTTP/1.1\r\n\r\n", "200" },
		{ "GET /status/203 HTTP/1.0\r\n\r\n", "203" },
		{ "OPTIONS * HTTP/1.1\r\n\r\n", "204" },
		{ "GET /\r\n\r\n", "400" },
		{ "GET  / HTTP/1.1\r\n\r\n", "400" },
		{ "GET / HTTP/1.1 \r\n\r\n", "200" },
		{ "GET / HTTP/2.0\r\n\r\n", "505" },
		{ "GET / FTP/1.1\r\n\r\n", "400" },
		{ "GET index HTTP/1.1\r\n\r\n", "400" },
		{ "G@T / HTTP/1.1\r\n\r\n", "400" },
		{ "{}", "400" },
		{ "GET / HTTP/1.1\r\nno colon\r\n\r\n", "400" },
		{ "GET / HTTP/1.1\r\nName : x\r\n\r\n", "400" },
		{ "GET / HTTP/1.1\r\n folded: x\r\n\r\n", "400" },
		{ "GET / HTTP/1.1\r\n: x\r\n\r\n", "400" },
		{ "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "400" },
		{ "GET / HTTP/1.1\r\nHost: a\r\n", "408" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "200" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "200" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 3x\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 4\r\n\r\nabc", "400" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n", "413" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 262145\r\n\r\n", "413" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n", "200" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", "413" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\nExpect: tea\r\nContent-Length: 3\r\n\r\nabc", "417" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_status(str_of(rows[i].request), rows[i].status);
	expect_status(STR("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n"), "400");
	expect_status(STR("\x16\x03\x01\x00\x64\x01"), "400");
	ask(STR(""));
	assert_string_equal(output, "");
}

/* A request of `head` and n times `piece`, with an end. */
static void
expect_status_of_long(const char *head, const char *piece, size_t n, const char *end, const char *status)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add_str(&b, str_of(head));
	for (size_t i = 0; i < n; i++)
		buf_add_str(&b, str_of(piece));
	buf_add_str(&b, str_of(end));
	ask(buf_str(&b));
	assert_memory_equal(output, "HTTP/1.1 ", 9);
	assert_memory_equal(output + 9, status, 3);
	buf_release(&b);
}

static void
test_limits(void **state)
{
	const char *chunked = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

	(void)state;
	expect_status_of_long("GET /", "x", REQUEST_MAX_TARGET - 1, " HTTP/1.1\r\n\r\n", "404");
	expect_status_of_long("GET /", "x", REQUEST_MAX_TARGET, " HTTP/1.1\r\n\r\n", "414");
	expect_status_of_long("GET /", "x", 100000, " HTTP/1.1\r\n\r\n", "431");
	expect_status_of_long("GET / HTTP/1.1\r\n", "a: b\r\n", 100, "\r\n", "200");
	expect_status_of_long("GET / HTTP/1.1\r\n", "a: b\r\n", 101, "\r\n", "431");
	expect_status_of_long("GET / HTTP/1.1\r\n", "a: bcdefgh\r\n", 10000, "\r\n", "431");
	expect_status_of_long(chunked, "1\r\nx\r\n", 30000, "0\r\n\r\n", "200");
	expect_status_of_long(chunked, "1\r\nx\r\n", LAB_MAX_BODY + 1, "0\r\n\r\n", "413");
	expect_status_of_long(chunked, "0", 300, "\r\n\r\n", "400");
	expect_status_of_long("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "a: b\r\n", 102, "\r\n",
	    "431");
}

/* Requests sent at once are answered in order; a body left over is not taken for a request. */
static void
test_pipeline(void **state)
{
	const char *first, *second, *third;

	(void)state;
	ask(
	    STR("POST /echo HTTP/1.1\r\nContent-Length: 5\r\n\r\nfirstGET /status/404 HTTP/1.1\r\n\r\n"
		"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nthird\r\n0\r\n\r\nGET / HTTP/1.1\r\n"
		"Connection: close\r\n"
		"\r\nGET /echo HTTP/1.1\r\n\r\n"));
	first = strstr(output, "\r\n\r\nfirstHTTP/1.1 404");
	assert_non_null(first);
	second = strstr(first, "</html>\nHTTP/1.1 200");
	assert_non_null(second);
	third = strstr(second, "\r\n\r\nthirdHTTP/1.1 200");
	assert_non_null(third);
	third = strstr(third, "<h1>httpsh lab</h1>");
	assert_non_null(third);
	assert_null(strstr(third, "HTTP/1.1"));
}

/* ---- records ---- */
static void
client_hello(struct buf *b)
{
	size_t record, message;

	put_u8(b, 22);
	put_u16(b, 0x0301);
	record = put_open(b, 2);
	put_u8(b, 1);
	message = put_open(b, 3);
	put_u16(b, 0x0301);
	put_str(b, STR("0123456789abcdef0123456789abcdef"));
	put_u8(b, 0);
	put_u16(b, 2);
	put_u16(b, 0x002f); /* TLS_RSA_WITH_AES_128_CBC_SHA */
	put_u16(b, 0x0100); /* compression: none */
	put_close(b, message, 3);
	put_close(b, record, 2);
}

/* A ClientKeyExchange with a premaster that does not decrypt, ChangeCipherSpec, and n bytes for a
 * Finished. */
static void
second_flight(struct buf *b, size_t n)
{
	size_t record, message;

	put_u8(b, 22);
	put_u16(b, 0x0301);
	record = put_open(b, 2);
	put_u8(b, 16);
	message = put_open(b, 3);
	put_u16(b, 256);
	for (size_t i = 0; i < 256; i++)
		put_u8(b, i == 0 ? 0 : 0x5a);
	put_close(b, message, 3);
	put_close(b, record, 2);
	put_str(b, STR("\x14\x03\x01\x00\x01\x01"));
	put_u8(b, 22);
	put_u16(b, 0x0301);
	put_u16(b, (unsigned)n);
	for (size_t i = 0; i < n; i++)
		put_u8(b, 0xa5);
}

/* What comes after the server's flight when the client's Finished has n bytes of rubbish; step: bytes sent
 * at a time. */
static size_t
answer_to_finished(size_t n, size_t step)
{
	int fd = raw_connect("rollback.lab.test");
	struct buf b;
	size_t have = 0;
	ssize_t got;

	buf_init(&b, 0);
	client_hello(&b);
	assert_int_equal(send(fd, b.data, b.len, MSG_NOSIGNAL), b.len);
	do {
		got = recv(fd, output + have, sizeof output - have, 0);
		assert_true(got > 0);
		have += (size_t)got;
	} while (have < 4 || memcmp(output + have - 4, "\x0e\x00\x00\x00", 4) != 0); /* ServerHelloDone */
	buf_clear(&b);
	second_flight(&b, n);
	for (size_t i = 0; i < b.len; i += step)
		send(fd, b.data + i, b.len - i < step ? b.len - i : step, MSG_NOSIGNAL);
	buf_release(&b);
	got = raw_read_all(fd);
	close(fd);
	assert_true(got >= 0);
	return (size_t)got;
}

/* A length that is no multiple of the block never reaches BearSSL, which would write outside the record. */
static void
test_cbc_lengths(void **state)
{
	(void)state;
	for (size_t n = 1; n < 130; n += 7) {
		size_t got = answer_to_finished(n, n % 2 == 0 ? 1 : 1000);

		if (n % 16 != 0)
			assert_int_equal(got, 0);
	}
	assert_int_equal(answer_to_finished(16384 + 1, 1000), 0);
	assert_int_equal(answer_to_finished(48, 1), 7);
	assert_memory_equal(output, "\x15\x03\x01\x00\x02\x02\x14", 7);
	assert_int_equal(answer_to_finished(48, 1000), 7);
	assert_memory_equal(output, "\x15\x03\x01\x00\x02\x02\x14", 7);
}

/* Rubbish instead of a hello, of every length up to 64 and of every first byte. */
static void
test_rubbish(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t bytes[64];
		int fd = raw_connect(i % 2 == 0 ? "ok.lab.test" : "rollback.lab.test");

		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (uint8_t)(j == 0 ? i : i * 7 + j * j * 13);
		send(fd, bytes, 1 + i % 64, MSG_NOSIGNAL);
		shutdown(fd, SHUT_WR);
		assert_true(raw_read_all(fd) >= 0);
		close(fd);
	}
	assert_int_equal(curl("-o /dev/null https://ok.lab.test/"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_cbc_lengths),
		cmocka_unit_test(test_rubbish),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
