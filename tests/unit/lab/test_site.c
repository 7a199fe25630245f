/* The site, used as a person would use it, with curl. */
#include "tests/unit/lab/lab_client.h"

#define SITE "https://ok.lab.test"

/* The value of the form's hidden field in `output`. */
static char *
token(void)
{
	const char *at = strstr(output, "name=\"csrf\" value=\"");

	assert_non_null(at);
	at += strlen("name=\"csrf\" value=\"");
	return str_dup(str_from(at, strcspn(at, "\"")));
}

/* Sends the login form with what the page gave; the answer's head is in `output`. */
static void
post_login(const char *user, const char *password, const char *csrf)
{
	char *arguments =
	    str_printf("-i -b jar -c jar -d user=%s -d password=%s -d csrf=%s " SITE "/login", user, password, csrf);

	assert_int_equal(curl(arguments), 0);
	free(arguments);
}

static void
log_in(void)
{
	char *csrf;

	assert_int_equal(curl("-b jar -c jar " SITE "/login"), 0);
	csrf = token();
	post_login("demo", "secret", csrf);
	free(csrf);
}

static void
test_login(void **state)
{
	char *csrf, *old;

	(void)state;
	assert_int_equal(curl("-i -b jar -c jar " SITE "/results"), 0);
	expect_output("HTTP/1.1 303 See Other");
	expect_output("Location: /login\r\n");
	assert_int_equal(curl("-i -b jar -c jar " SITE "/login"), 0);
	expect_output("; Path=/; Secure; HttpOnly; SameSite=Lax\r\n");
	expect_output("<form id=\"login\" method=\"post\" action=\"/login\">");
	csrf = token();
	assert_int_equal(strlen(csrf), 32);
	assert_int_equal(curl("-b jar -c jar " SITE "/login"), 0);
	expect_output(csrf); /* same session, same token */
	assert_int_equal(run("cat jar"), 0);
	old = str_dup(str_of(strstr(output, "sid\t") + 4));

	post_login("demo", "wrong", csrf);
	expect_output("HTTP/1.1 403 Forbidden");
	expect_output("User or password is wrong");
	post_login("demo", "secret", "00000000000000000000000000000000");
	expect_output("HTTP/1.1 403 Forbidden");
	expect_output("hidden field");
	assert_int_equal(curl("-i -b jar -d user=demo -d password=secret " SITE "/login"), 0);
	expect_output("hidden field");
	post_login("demo", "secret", csrf);
	expect_output("HTTP/1.1 303 See Other");
	expect_output("Location: /results\r\n");
	assert_false(output_has(old)); /* the id known before the login is not the one after it */
	assert_int_equal(curl("-b jar " SITE "/results"), 0);
	expect_output("Logged in as demo");
	free(csrf);
	free(old);
}

static void
test_login_without_cookie(void **state)
{
	(void)state;
	assert_int_equal(curl("-i -d user=demo -d password=secret -d csrf=1 " SITE "/login"), 0);
	expect_output("HTTP/1.1 403 Forbidden");
	expect_output("load /login first");
	assert_int_equal(curl("-i -b sid=0123 -d user=demo " SITE "/login"), 0);
	expect_output("load /login first");
	assert_int_equal(curl("-i -F user=demo " SITE "/login"), 0);
	expect_output("HTTP/1.1 415 ");
}

static void
test_results(void **state)
{
	(void)state;
	log_in();
	assert_int_equal(curl("-b jar " SITE "/results"), 0);
	expect_output("<table id=\"results\">");
	expect_output("<td class=\"item\">Copper kettle</td><td class=\"price\">24.90</td>");
	expect_output("<a class=\"next\" href=\"?page=2\">");
	assert_false(output_has("class=\"previous\""));
	assert_int_equal(curl("-b jar '" SITE "/results?page=2'"), 0);
	expect_output("<a class=\"next\" href=\"?page=3\">");
	expect_output("<a class=\"previous\" href=\"?page=1\">");
	assert_int_equal(curl("-b jar '" SITE "/results?x=1&page=3'"), 0);
	expect_output("Wall clock");
	assert_false(output_has("class=\"next\""));
	assert_int_equal(curl("-i -b jar '" SITE "/results?page=4'"), 0);
	expect_output("HTTP/1.1 404");
	assert_int_equal(curl("-i -b jar '" SITE "/results?page=0'"), 0);
	expect_output("HTTP/1.1 404");
	assert_int_equal(curl("-i -b jar -c jar " SITE "/logout"), 0);
	expect_output("Max-Age=0");
	expect_output("Location: /\r\n");
	assert_int_equal(curl("-i -b jar " SITE "/results"), 0);
	expect_output("Location: /login");
}

/* More visitors than the table holds: the oldest session is forgotten, the newest works. */
static void
test_sessions_are_bounded(void **state)
{
	(void)state;
	log_in();
	assert_int_equal(curl("-b jar " SITE "/results"), 0);
	expect_output("Logged in");
	assert_int_equal(curl("-o /dev/null '" SITE "/login?[1-70]'"), 0);
	assert_int_equal(curl("-i -b jar " SITE "/results"), 0);
	expect_output("Location: /login");
	log_in();
	assert_int_equal(curl("-b jar " SITE "/results"), 0);
	expect_output("Logged in");
}

static void
test_download(void **state)
{
	(void)state;
	assert_int_equal(curl("-O -J -D - " SITE "/download/report.csv && cat report.csv"), 0);
	expect_output("Content-Disposition: attachment; filename=\"report.csv\"\r\n");
	expect_output("item,price,stock\r\n\"Copper kettle\",24.90,12\r\n");
}

static void
test_echo(void **state)
{
	(void)state;
	assert_int_equal(curl("-X PATCH -H 'X-One: a b' -d 'body=1' '" SITE "/echo?q=2'"), 0);
	assert_memory_equal(output, "PATCH /echo?q=2 HTTP/1.1\r\nHost: ok.lab.test\r\n", 45);
	expect_output("\r\nX-One: a b\r\n");
	expect_output("\r\n\r\nbody=1");
	assert_int_equal(curl("-T - -H 'Expect: 100-continue' " SITE "/echo < curlrc"), 0);
	expect_output("Transfer-Encoding: chunked");
	expect_output("max-time = 20");
	assert_int_equal(run("head -c 200000 /dev/zero | tr '\\0' x > big && curl -q -K curlrc -T big " SITE
			     "/echo | wc -c"),
	    0);
	assert_true(atoi(output) > 200000 && atoi(output) < 200500);
	assert_int_equal(run("head -c 300000 /dev/zero > big"), 0);
	assert_int_equal(curl("-i -T big " SITE "/echo"), 0);
	expect_output("HTTP/1.1 413");
	assert_int_equal(curl("-i -T - -H 'Expect:' " SITE "/echo < big"), 0);
	expect_output("HTTP/1.1 413");
}

static void
test_tools(void **state)
{
	(void)state;
	assert_int_equal(curl("-L --max-redirs 3 -w '%{num_redirects} %{num_connects}' -o /dev/null " SITE
			      "/redirect/3"),
	    0);
	expect_output("3 1"); /* kept alive */
	assert_int_equal(curl("-i " SITE "/redirect/x"), 0);
	expect_output("HTTP/1.1 404");
	assert_int_equal(curl("-i " SITE "/status/503"), 0);
	expect_output("HTTP/1.1 503 Service Unavailable\r\n");
	expect_output("Retry-After: 1\r\n");
	assert_int_equal(curl("-i " SITE "/status/599 " SITE "/status/204 " SITE "/status/304 " SITE "/status/205"), 0);
	expect_output("HTTP/1.1 599 Lab\r\n");
	assert_int_equal(curl("-i " SITE "/status/101"), 0);
	expect_output("HTTP/1.1 404");
	assert_int_equal(curl("-i " SITE "/status/308"), 0);
	expect_output("Location: /\r\n");
	assert_int_equal(curl("-i --raw " SITE "/chunked"), 0);
	expect_output("Transfer-Encoding: chunked\r\n");
	expect_output("\r\n3e8\r\nline 1 of");
	expect_output("\r\n0\r\nLab-Lines: 100\r\n\r\n");
	assert_int_equal(curl("-0 -i " SITE "/chunked"), 0);
	assert_false(output_has("Transfer-Encoding"));
	expect_output("Connection: close\r\n");
	assert_int_equal(curl("-m 2.5 " SITE "/slow"), 28);
	expect_output("..");
	assert_int_equal(curl("-I " SITE "/slow"), 0);
	expect_output("Content-Length: 600\r\n");
	assert_int_equal(curl(SITE "/messy"), 0);
	expect_output("Caf\xc3\xa9");
}

static void
test_methods_and_errors(void **state)
{
	(void)state;
	assert_int_equal(curl("-i '" SITE "/no/<b>such'"), 0);
	expect_output("HTTP/1.1 404 Not Found\r\n");
	expect_output("/no/&lt;b&gt;such");
	assert_int_equal(curl("-I " SITE "/nothing"), 0);
	expect_output("HTTP/1.1 404");
	assert_false(output_has("<html"));
	assert_int_equal(curl("-i -X DELETE " SITE "/"), 0);
	expect_output("HTTP/1.1 405");
	expect_output("Allow: GET, HEAD, OPTIONS\r\n");
	assert_int_equal(curl("-i -X OPTIONS " SITE "/login"), 0);
	expect_output("HTTP/1.1 204");
	expect_output("Allow: GET, HEAD, POST, OPTIONS\r\n");
}

static void
test_private(void **state)
{
	(void)state;
	assert_int_equal(curl("-i " SITE "/private"), 0);
	expect_output("HTTP/1.1 401");
	expect_output("WWW-Authenticate: Basic realm=\"lab\"");
	assert_int_equal(curl("-u demo:secret " SITE "/private"), 0);
	expect_output("Authenticated as demo.");
	assert_int_equal(curl("-i -u demo:secreT " SITE "/private"), 0);
	expect_output("HTTP/1.1 401");
	assert_int_equal(curl("-i -H 'Authorization: Basic ****' " SITE "/private"), 0);
	expect_output("HTTP/1.1 401");
}

/* The same site behind the old versions, at its largest answer. */
static void
test_old_versions(void **state)
{
	(void)state;
	assert_int_equal(run("head -c 200000 /dev/urandom > big; curl -q -K curlrc --tlsv1.0 --tls-max 1.0 --ciphers "
			     "DEFAULT@SECLEVEL=0 -T big https://rollback.lab.test/echo | tail -c 200000 | cmp - big"),
	    0);
}

static void
test_in_parallel(void **state)
{
	(void)state;
	assert_int_equal(curl("-Z --parallel-max 20 '" SITE
			      "/login?[1-60]' > pages 2>/dev/null; grep -c name=.csrf pages"),
	    0);
	assert_int_equal(atoi(output), 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_login_without_cookie),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_sessions_are_bounded),
		cmocka_unit_test(test_download),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_tools),
		cmocka_unit_test(test_methods_and_errors),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_old_versions),
		cmocka_unit_test(test_in_parallel),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
