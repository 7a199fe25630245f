/* Which redirects are followed, by which method, and what is left out on the way. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/redirect.h"

static const struct {
	unsigned status;
	const char *method, *from, *location; /* NULL: no Location */
	int result;
	const char *to, *next_method;
	bool drop_body, cross_origin, downgrade;
} rows[] = {
	{ 301, "GET", "http://a.test/x/y", "z", 1, "http://a.test/x/z", "GET", false, false, false },
	{ 302, "HEAD", "http://a.test/x/y", "/z?q", 1, "http://a.test/z?q", "HEAD", false, false, false },
	{ 301, "POST", "http://a.test/", "/z", 1, "http://a.test/z", "GET", true, false, false },
	{ 302, "POST", "http://a.test/", "/z", 1, "http://a.test/z", "GET", true, false, false },
	{ 302, "PUT", "http://a.test/", "/z", 1, "http://a.test/z", "PUT", false, false, false },
	{ 303, "POST", "http://a.test/", "/z", 1, "http://a.test/z", "GET", true, false, false },
	{ 303, "PUT", "http://a.test/", "/z", 1, "http://a.test/z", "GET", true, false, false },
	{ 303, "HEAD", "http://a.test/", "/z", 1, "http://a.test/z", "HEAD", false, false, false },
	{ 307, "POST", "http://a.test/", "/z", 1, "http://a.test/z", "POST", false, false, false },
	{ 308, "DELETE", "http://a.test/", "/z", 1, "http://a.test/z", "DELETE", false, false, false },
	/* bytes above 0x7F as they are */
	{ 302, "GET", "http://a.test/", "/caf\xe9?q=\xfc#\xff", 1, "http://a.test/caf%E9?q=%FC#%FF", "GET", false,
	    false, false },
	{ 302, "GET", "http://a.test/", "/caf\xc3\xa9?\xe9", 1, "http://a.test/caf%C3%A9?%E9", "GET", false, false,
	    false },
	{ 302, "GET", "http://a.test/",
	    "http://b\xc3\xbc"
	    "cher.test/\xe9",
	    1, "http://xn--bcher-kva.test/%E9", "GET", false, true, false },
	{ 302, "GET", "http://a.test/",
	    "http://b\xfc"
	    "cher.test/",
	    -1, NULL, NULL, false, false, false },
	/* origins */
	{ 302, "GET", "https://a.test/", "//b.test/", 1, "https://b.test/", "GET", false, true, false },
	{ 302, "GET", "https://a.test/", "https://a.test:8443/", 1, "https://a.test:8443/", "GET", false, true, false },
	{ 302, "GET", "https://a.test:443/", "https://A.test/b", 1, "https://a.test/b", "GET", false, false, false },
	{ 302, "GET", "https://a.test/", "http://a.test/", 1, "http://a.test/", "GET", false, true, true },
	{ 302, "GET", "http://a.test/", "https://a.test/", 1, "https://a.test/", "GET", false, true, false },
	/* fragments */
	{ 302, "GET", "http://a.test/#top", "/b", 1, "http://a.test/b#top", "GET", false, false, false },
	{ 302, "GET", "http://a.test/#top", "/b#c", 1, "http://a.test/b#c", "GET", false, false, false },
	{ 302, "GET", "http://a.test/#top", "/b#", 1, "http://a.test/b#", "GET", false, false, false },
	/* nothing to follow */
	{ 200, "GET", "http://a.test/", "/z", 0, NULL, NULL, false, false, false },
	{ 300, "GET", "http://a.test/", "/z", 0, NULL, NULL, false, false, false },
	{ 304, "GET", "http://a.test/", "/z", 0, NULL, NULL, false, false, false },
	{ 302, "GET", "http://a.test/", NULL, 0, NULL, NULL, false, false, false },
	{ 302, "GET", "http://a.test/", " ", 0, NULL, NULL, false, false, false },
	/* not to be followed */
	{ 302, "GET", "http://a.test/", "http://[", -1, NULL, NULL, false, false, false },
	{ 302, "GET", "http://a.test/", "file:///etc/passwd", -1, NULL, NULL, false, false, false },
	{ 302, "GET", "http://a.test/", "javascript:alert(1)", -1, NULL, NULL, false, false, false },
	{ 302, "GET", "http://a.test/", "ftp://a.test/", -1, NULL, NULL, false, false, false },
};

static void
test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct http_response response = { .status = rows[i].status };
		struct redirect r;
		struct url from;
		char *to;

		url_init(&from);
		assert_int_equal(url_parse(&from, str_of(rows[i].from), NULL, NULL), 0);
		if (rows[i].location != NULL)
			http_headers_add(&response.headers, STR("location"), str_of(rows[i].location), NULL);
		assert_int_equal(redirect_next(&r, &response, rows[i].method, &from, NULL), rows[i].result);
		if (rows[i].result > 0) {
			to = url_text(&r.url);
			assert_string_equal(to, rows[i].to);
			assert_string_equal(r.method, rows[i].next_method);
			assert_int_equal(r.drop_body, rows[i].drop_body);
			assert_int_equal(r.cross_origin, rows[i].cross_origin);
			assert_int_equal(r.downgrade, rows[i].downgrade);
			free(to);
		}
		redirect_release(&r);
		url_release(&from);
		http_headers_release(&response.headers);
	}
}

static void
test_dropped_headers(void **state)
{
	(void)state;
	assert_true(redirect_drops_header("content-type") && redirect_drops_header("Content-Length"));
	assert_true(redirect_drops_header("Transfer-Encoding"));
	assert_false(redirect_drops_header("Accept") || redirect_drops_header("Cookie"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rules), cmocka_unit_test(test_dropped_headers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
