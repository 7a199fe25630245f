/* What one exchange sends, over a scripted stream: requests as bytes, expectations, early answers, stale
 * connections. */
#include "tests/support/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/http/run.h"

static void
set_body(struct run *r, struct str bytes)
{
	r->request.has_body = true;
	r->request.body.bytes = bytes;
}

static void
test_small_body_is_one_write(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "POST", STR(OK "Content-Length: 0\r\n\r\n"), 0);
	set_body(&r, STR("a=1"));
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.stream.writes, 1);
	assert_string_equal((const char *)r.stream.written.data,
	    "POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 3\r\n\r\na=1");
	run_release(&r);
	/* an empty body is a body */
	run_init(&r, "POST", STR(OK "Content-Length: 0\r\n\r\n"), 0);
	set_body(&r, STR(""));
	run_exchange(&r);
	assert_non_null(strstr((const char *)r.stream.written.data, "Content-Length: 0\r\n\r\n"));
	run_release(&r);
}

static void
test_bad_requests(void **state)
{
	static const char *const targets[] = { "", "/a b", "/a\r\nX: y", "/\x7f" };
	struct run r;
	struct http_headers h = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
		run_init(&r, "GET", STR(OK), 0);
		free(r.request.target);
		r.request.target = str_dup(str_of(targets[i]));
		run_exchange(&r);
		assert_int_equal(r.error.kind, ERROR_USAGE);
		assert_int_equal(r.stream.written.len, 0);
		assert_false(r.unsent);
		run_release(&r);
	}
	run_init(&r, "G ET", STR(OK), 0);
	run_exchange(&r);
	assert_int_equal(r.error.kind, ERROR_USAGE);
	run_release(&r);
	assert_int_equal(http_headers_add(&h, STR("A"), STR("b\r\nC: d"), NULL), -1);
	assert_int_equal(http_headers_add(&h, STR("A b"), STR("c"), NULL), -1);
	assert_int_equal(http_headers_add(&h, STR(""), STR("c"), NULL), -1);
	assert_int_equal(http_headers_set(&h, STR("a"), STR("1"), NULL), 0);
	assert_int_equal(http_headers_set(&h, STR("A"), STR("2"), NULL), 0);
	assert_int_equal(h.n, 1);
	assert_true(http_headers_remove(&h, STR("A")));
	assert_false(http_headers_remove(&h, STR("A")));
	http_headers_release(&h);
}

static int
temporary_file(size_t n)
{
	char name[] = "/tmp/httpsh-test-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	for (size_t i = 0; i < n; i += 10)
		assert_int_equal(write(fd, "0123456789", n - i < 10 ? n - i : 10), n - i < 10 ? n - i : 10);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
test_file_body(void **state)
{
	enum { N = 200000 };
	struct run r;
	int fd = temporary_file(N);

	(void)state;
	/* twice from one descriptor: its position stays */
	for (int i = 0; i < 2; i++) {
		run_init(&r, "PUT", STR(OK "Content-Length: 0\r\n\r\n"), 0);
		r.request.has_body = true;
		r.request.body = (struct http_body){ .fd = fd, .length = N };
		r.stream.speaks_after = N;
		run_exchange(&r);
		assert_int_equal(r.result, 0);
		assert_true(r.response.keep);
		assert_true(str_ends(buf_str(&r.stream.written), STR("0123456789")));
		assert_non_null(strstr((const char *)r.stream.written.data, "Content-Length: 200000\r\n\r\n0123"));
		run_release(&r);
	}
	/* shorter than said */
	run_init(&r, "PUT", STR(OK), 0);
	r.request.has_body = true;
	r.request.body = (struct http_body){ .fd = fd, .length = N + 1 };
	r.stream.speaks_after = SIZE_MAX;
	run_exchange(&r);
	assert_int_equal(r.result, -1);
	assert_non_null(strstr(r.error.text, "ended after 200000 of 200001 bytes"));
	run_release(&r);
	close(fd);
}

static void
test_chunked_request(void **state)
{
	struct run r;
	int fd = temporary_file(25);

	(void)state;
	run_init(&r, "PUT", STR("HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 0\r\n\r\n"), 0);
	r.stream.pause_at = 25;
	r.stream.resume_after = 123;
	r.request.has_body = true;
	r.request.body = (struct http_body){ .fd = fd, .length = HTTP_UNTIL_END };
	run_exchange(&r);
	/* the announced body waits for 100 */
	assert_int_equal(r.result, 0);
	assert_string_equal((const char *)r.stream.written.data,
	    "PUT / HTTP/1.1\r\nHost: example.org\r\n"
	    "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n19\r\n0123456789012345678901234\r\n0\r\n\r\n");
	run_release(&r);
	close(fd);
}

/* ---- expectation, early answers, stale connections ---- */

static void
test_expect(void **state)
{
	char *large = mem_alloc(HTTP_EXPECT_BODY + 1);
	int64_t start;
	struct run r;

	(void)state;
	memset(large, 'x', HTTP_EXPECT_BODY + 1);
	/* refused: the body stays here */
	run_init(&r, "POST", STR("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno"), 0);
	set_body(&r, str_from(large, HTTP_EXPECT_BODY + 1));
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.status, 417);
	assert_false(r.response.keep);
	assert_true(str_ends(buf_str(&r.stream.written), STR("Expect: 100-continue\r\n\r\n")));
	run_release(&r);
	/* no answer: after a second the body goes anyway */
	run_init(&r, "POST", STR(OK "Content-Length: 0\r\n\r\n"), 0);
	set_body(&r, str_from(large, HTTP_EXPECT_BODY + 1));
	r.stream.speaks_after = HTTP_EXPECT_BODY + 1 + sizeof "POST / HTTP/1.1\r\nHost: example.org\r\n"
	    "Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n" - 1;
	start = now_us();
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_in_range(now_us() - start, HTTP_EXPECT_WAIT_US, 3 * HTTP_EXPECT_WAIT_US);
	assert_true(r.response.keep);
	run_release(&r);
	/* not announced */
	run_init(&r, "POST", STR(OK "Content-Length: 0\r\n\r\n"), 0);
	set_body(&r, str_from(large, HTTP_EXPECT_BODY + 1));
	r.options.no_expect = true;
	r.stream.speaks_after = HTTP_EXPECT_BODY + 1 + 60;
	start = now_us();
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_true(now_us() - start < HTTP_EXPECT_WAIT_US);
	assert_null(strstr((const char *)r.stream.written.data, "Expect"));
	run_release(&r);
	free(large);
}

static void
test_early_answer(void **state)
{
	char *large = mem_alloc(500000);
	struct run r;

	(void)state;
	memset(large, 'x', 500000);
	run_init(&r, "POST", STR("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"), 0);
	set_body(&r, str_from(large, 500000));
	r.stream.speaks_after = 150000;
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.status, 413);
	assert_true(str_is(buf_str(&r.body), "big"));
	assert_in_range(r.stream.written.len, 150000, 300000);
	assert_false(r.response.keep);
	run_release(&r);
	/* the server closes its receiving side, but has answered */
	run_init(&r, "POST", STR("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"), 0);
	set_body(&r, str_from(large, 500000));
	r.stream.speaks_after = 100000;
	r.stream.breaks_after = 140000;
	run_exchange(&r);
	assert_int_equal(r.result, 0);
	assert_int_equal(r.response.status, 413);
	run_release(&r);
	free(large);
}

static void
check_stale(const char *method, const char *reply, int end_error, size_t breaks_after, bool unsent)
{
	struct run r;

	run_init(&r, method, str_of(reply), 0);
	r.stream.end_error = end_error;
	r.stream.breaks_after = breaks_after;
	run_exchange(&r);
	assert_int_equal(r.result, -1);
	assert_int_equal(r.unsent, unsent);
	run_release(&r);
}

static void
test_stale(void **state)
{
	(void)state;
	check_stale("GET", "", 0, 0, true);
	check_stale("GET", "", ECONNRESET, 0, true);
	check_stale("GET", "", ECONNRESET, 10, true);
	check_stale("POST", "", 0, 0, false);
	check_stale("POST", "", 0, 10, true); /* never got out */
	check_stale("GET", "", ETIMEDOUT, 0, false);
	check_stale("GET", "HTTP/1.1 200", 0, 0, false);
	check_stale("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx", ECONNRESET, 0, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_body_is_one_write),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_file_body),
		cmocka_unit_test(test_chunked_request),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_early_answer),
		cmocka_unit_test(test_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
