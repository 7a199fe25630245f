#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/auth.h"

static void
test_basic(void **state)
{
	/* RFC 7617 section 2 and 2.1, RFC 4648 section 10 */
	static const struct { const char *user, *password, *value; } rows[] = {
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
	static const char *const odd[] = { "", ",,,", "Basic realm=\"never ends", "=x", "Basic =", "a=b", "\"x\"", "Basic realm=" };
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basic), cmocka_unit_test(test_bearer), cmocka_unit_test(test_challenges),
		cmocka_unit_test(test_odd_challenges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
