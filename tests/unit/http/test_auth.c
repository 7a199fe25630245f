/* Authorization: Basic, Bearer and Digest against the examples of their RFCs, and what a challenge may look like. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/auth.h"

static void
test_basic(void **state)
{
	/* RFC 7617 section 2 and 2.1, RFC 4648 section 10 */
	static const struct {
		const char *user, *password, *value;
	} rows[] = {
		{ "Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
		{ "test", "123\xc2\xa3", "Basic dGVzdDoxMjPCow==" },
		{ "", "", "Basic Og==" },
		{ "u", "a:b", "Basic dTphOmI=" },
	};
	char *value;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(auth_basic(str_of(rows[i].user), str_of(rows[i].password), &value, NULL), 0);
		assert_string_equal(value, rows[i].value);
		free(value);
	}
	assert_int_equal(auth_basic(STR("a:b"), STR("c"), &value, NULL), -1);
}

static void
test_bearer(void **state)
{
	char *value;

	(void)state;
	assert_int_equal(auth_bearer(STR("mF_9.B5f-4.1JqM=="), &value, NULL), 0);
	assert_string_equal(value, "Bearer mF_9.B5f-4.1JqM==");
	free(value);
	assert_int_equal(auth_bearer(STR("a b"), &value, NULL), -1);
	assert_int_equal(auth_bearer(STR("a\r\nb"), &value, NULL), -1);
	assert_int_equal(auth_bearer(STR(""), &value, NULL), -1);
	assert_int_equal(auth_bearer(STR("=="), &value, NULL), -1);
}

static void
test_challenges(void **state)
{
	struct http_headers h = { 0 };
	struct auth_challenges list;
	const struct auth_challenge *c;

	(void)state;
	http_headers_add(&h, STR("WWW-Authenticate"),
	    STR("Basic realm=\"a \\\"b\\\", c\" , charset=UTF-8, Negotiate,Digest realm = x,nonce=\"1=\""), NULL);
	http_headers_add(&h, STR("Proxy-Authenticate"), STR("Basic realm=proxy"), NULL);
	http_headers_add(&h, STR("www-authenticate"), STR("NTLM TlRMTVNTUAAC==, Custom"), NULL);
	auth_challenges_parse(&list, &h, "WWW-Authenticate");
	assert_int_equal(list.n, 5);
	c = auth_challenges_find(&list, "basic");
	assert_non_null(c);
	assert_string_equal(http_headers_get(&c->params, "realm"), "a \"b\", c");
	assert_string_equal(http_headers_get(&c->params, "charset"), "UTF-8");
	assert_string_equal(http_headers_get(&auth_challenges_find(&list, "digest")->params, "nonce"), "1=");
	assert_string_equal(http_headers_get(&auth_challenges_find(&list, "digest")->params, "realm"), "x");
	assert_string_equal(auth_challenges_find(&list, "NTLM")->token68, "TlRMTVNTUAAC==");
	assert_null(auth_challenges_find(&list, "negotiate")->token68);
	assert_null(auth_challenges_find(&list, "mutual"));
	auth_challenges_release(&list);
	http_headers_release(&h);
}

/* Nothing is an error, and the limits hold. */
static void
test_odd_challenges(void **state)
{
	static const char *const odd[] = { "", ",,,", "Basic realm=\"never ends", "=x", "Basic =", "a=b", "\"x\"",
		"Basic realm=" };
	struct http_headers h = { 0 };
	struct auth_challenges list;

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
		http_headers_add(&h, STR("WWW-Authenticate"), str_of(odd[i]), NULL);
	for (int i = 0; i < 50; i++)
		http_headers_add(&h, STR("WWW-Authenticate"), STR("Scheme a=b"), NULL);
	auth_challenges_parse(&list, &h, "WWW-Authenticate");
	assert_int_equal(list.n, AUTH_CHALLENGES_MAX);
	auth_challenges_release(&list);
	http_headers_release(&h);
}

/* ---- Digest: the hash is given by the caller; here a table of the texts that RFC 7616 section 3.9.1 hashes ---- */

#define REALM "http-auth@example.org"
#define NONCE "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define A1 "3d78807defe7de2157e2b0b6573a855f"
#define A2 "39aff3a2bab6126f332b942af96d3366"

static void
digest_by_table(struct str data, uint8_t *out)
{
	static const struct {
		const char *text, *md5;
	} rows[] = {
		{ "Mufasa:" REALM ":Circle of Life", A1 },
		{ "GET:/dir/index.html", A2 },
		{ A1 ":" NONCE ":00000001:" CNONCE ":auth:" A2, "8ca523f5e9506fed4657c9700eebdbec" },
	};
	size_t n;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (str_is(data, rows[i].text)) {
			hex_read(str_of(rows[i].md5), out, 16, &n);
			return;
		}
	print_error("not in the table: %.*s\n", STR_ARG(data));
	assert_true(false);
}

static void
test_digest(void **state)
{
	static const struct auth_hash md5 = { "MD5", 16, digest_by_table };
	struct http_headers h = { 0 };
	struct auth_challenges list;
	struct auth_digest d = { 0 };
	char *value;

	(void)state;
	http_headers_add(&h, STR("WWW-Authenticate"),
	    STR("Digest realm=\"" REALM "\", qop=\"auth, auth-int\", algorithm=SHA-256,"
		" nonce=\"" NONCE "\", opaque=\"FQhe\""),
	    NULL);
	auth_challenges_parse(&list, &h, "WWW-Authenticate");
	assert_int_equal(auth_digest_take(&d, &list, &md5, 1, NULL), -1);
	auth_challenges_release(&list);
	http_headers_add(&h, STR("WWW-Authenticate"),
	    STR("Digest realm=\"" REALM "\", qop=\"auth, auth-int\", algorithm=MD5,"
		" nonce=\"" NONCE "\", opaque=\"FQhe\", stale=true"),
	    NULL);
	auth_challenges_parse(&list, &h, "WWW-Authenticate");
	assert_int_equal(auth_digest_take(&d, &list, &md5, 1, NULL), 0);
	assert_int_equal(strlen(d.cnonce), 32);
	free(d.cnonce);
	d.cnonce = str_dup(STR(CNONCE));
	assert_false(auth_digest_is_stale(&list));
	assert_int_equal(auth_digest(&d, STR("Mufasa"), STR("Circle of Life"), "GET", "/dir/index.html", NULL, &value,
			     NULL),
	    0);
	assert_string_equal(value,
	    "Digest username=\"Mufasa\", realm=\"" REALM "\", nonce=\"" NONCE
	    "\", uri=\"/dir/index.html\", cnonce=\"" CNONCE
	    "\", nc=00000001, qop=auth, response=\"8ca523f5e9506fed4657c9700eebdbec\", opaque=\"FQhe\", algorithm=MD5");
	free(value);
	assert_int_equal(auth_digest(&d, STR("a:b"), STR(""), "GET", "/", NULL, &value, NULL), -1);
	auth_challenges_release(&list);
	http_headers_release(&h);
	auth_digest_release(&d);
}

/* What the server offers is named when it cannot be answered. */
static void
test_unanswerable(void **state)
{
	static const struct auth_hash md5 = { "MD5", 16, digest_by_table };
	static const struct {
		const char *challenge, *error;
	} rows[] = {
		{ "Negotiate, NTLM", "only Negotiate, NTLM" },
		{ "Digest realm=r, nonce=n, algorithm=SHA3-256", "Digest with SHA3-256" },
		{ "Digest realm=r, nonce=n, qop=\"x,y\"", "Digest with qop=x,y" },
		{ "Digest realm=r", "without realm or nonce" },
		{ "", "offers no way to authenticate" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct http_headers h = { 0 };
		struct auth_challenges list;
		struct auth_digest d = { 0 };
		struct error error = { 0 };

		http_headers_add(&h, STR("WWW-Authenticate"), str_of(rows[i].challenge), NULL);
		auth_challenges_parse(&list, &h, "WWW-Authenticate");
		assert_int_equal(auth_digest_take(&d, &list, &md5, 1, &error), -1);
		assert_non_null(strstr(error.text, rows[i].error));
		auth_challenges_release(&list);
		http_headers_release(&h);
	}
}

static void
test_next_nonce(void **state)
{
	struct http_headers h = { 0 };
	struct auth_digest d = { .nonce = str_dup(STR("old")), .count = 7 };

	(void)state;
	auth_digest_next(&d, &h);
	http_headers_add(&h, STR("Authentication-Info"), STR("rspauth=\"x\", nextnonce=\"ne\\\"w\", qop=auth"), NULL);
	assert_string_equal(d.nonce, "old");
	auth_digest_next(&d, &h);
	assert_string_equal(d.nonce, "ne\"w");
	assert_int_equal(d.count, 0);
	auth_digest_release(&d);
	http_headers_release(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_basic), cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_challenges), cmocka_unit_test(test_odd_challenges),
		cmocka_unit_test(test_unanswerable), cmocka_unit_test(test_next_nonce), cmocka_unit_test(test_digest) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
