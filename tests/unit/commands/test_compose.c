/* The header rules of a request: what is given, sticky, a default, removed; what another origin gets of it. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/headers.h"
#include "commands/session/running.h"
#include "commands/settings/settings.h"
#include "tests/support/unit.h"

#define AGENT "User-Agent: httpsh/" HTTPSH_VERSION "|"
#define DEFAULTS AGENT "Accept: */*|Accept-Encoding: gzip, deflate, br, zstd|"

/* Words separated by commas: "Name:value" of a header, "-Name" of one that is not to be sent. */
struct given {
	const char *settings; /* "user-agent x" of the group set, or NULL */
	const char *sticky;   /* header set */
	const char *items;    /* of this request */
	const char *cookie;   /* of https://a.test/, or NULL */
	enum auth_kind auth;
	const char *url;      /* default https://a.test/p?q */
	const char *follows;  /* then redirected to this URL */
	const char *expected; /* lines joined by | */
};

static void
add_headers(const char *text, struct session *s, struct request *r)
{
	struct str rest = str_of(text != NULL ? text : "");

	while (rest.n > 0) {
		struct str value = str_cut(&rest, ','), name = str_cut(&value, ':');

		if (name.p[0] == '-') {
			r->removed = mem_resize(r->removed, (r->n_removed + 1) * sizeof *r->removed);
			r->removed[r->n_removed++] = str_dup(str_slice(name, 1, name.n));
		} else if (s != NULL) {
			sticky_header_set(s, name, value);
		} else {
			assert_int_equal(http_headers_add(&r->headers, name, value, NULL), 0);
		}
	}
}

static void
prepare(struct session *s, struct request *r, const struct given *g)
{
	struct str value = str_of(g->settings != NULL ? g->settings : "");
	struct url site;

	url_init(&site);
	request_init(r);
	r->method = str_dup(STR("GET"));
	assert_int_equal(url_parse(&r->url, str_of(g->url != NULL ? g->url : "https://a.test/p?q"), NULL, NULL), 0);
	if (value.n > 0) {
		struct str name = str_cut(&value, ' ');

		assert_int_equal(setting_set(session_settings(s), setting_find("set", name, NULL), value,
				     ORIGIN_COMMAND, NULL),
		    0);
	}
	add_headers(g->sticky, s, r);
	add_headers(g->items, NULL, r);
	if (g->auth != AUTH_OFF)
		session_set_auth(s, g->auth, "u", "pw");
	assert_int_equal(url_parse(&site, STR("https://a.test/"), NULL, NULL), 0);
	if (g->cookie != NULL)
		assert_int_equal(jar_receive(&s->jar, &site, str_of(g->cookie), 1000, NULL), 0);
	url_release(&site);
}

/* Composes the command's request, and when it is redirected the next one; its lines. */
static char *
composed(struct session *s, struct request *r, const char *follows)
{
	struct running e = { .s = s, .r = r, .by_hand = true, .x = { .method = r->method } };
	struct http_request q;
	struct buf out;

	url_copy(&e.x.url, &r->url);
	assert_int_equal(exchange_compose(&e, &q, NULL), 0);
	if (follows != NULL) {
		bool same;
		struct url next;

		url_init(&next);
		assert_int_equal(url_parse(&next, str_of(follows), NULL, NULL), 0);
		same = url_same_origin(&e.x.url, &next);
		url_copy(&e.x.url, &next);
		url_release(&next);
		http_request_release(&q);
		e.by_hand = e.by_hand && same;
		assert_int_equal(exchange_compose(&e, &q, NULL), 0);
	}
	buf_init(&out, 0);
	for (size_t i = 0; i < q.headers.n; i++)
		buf_addf(&out, "%s: %s|", q.headers.items[i].name, q.headers.items[i].value);
	http_request_release(&q);
	url_release(&e.x.url);
	return buf_take(&out);
}

static const struct given rows[] = {
	{ .expected = "Host: a.test|" DEFAULTS },
	{ .url = "http://[::1]:81/", .expected = "Host: [::1]:81|" DEFAULTS },
	/* given: in the place of a default or a sticky one; an empty value is a value */
	{ .items = "Accept:x,X-A:1,X-A:2",
	    .expected = "Host: a.test|" AGENT "Accept-Encoding: gzip, deflate, br, zstd|Accept: x|X-A: 1|X-A: 2|" },
	{ .sticky = "X-S:1,Accept:s",
	    .expected = "Host: a.test|X-S: 1|Accept: s|" AGENT "Accept-Encoding: gzip, deflate, br, zstd|" },
	{ .sticky = "X-S:1,x-t:2", .items = "x-s:9", .expected = "Host: a.test|x-t: 2|" DEFAULTS "x-s: 9|" },
	{ .items = "Accept:", .expected = "Host: a.test|" AGENT "Accept-Encoding: gzip, deflate, br, zstd|Accept: |" },
	/* removed: defaults, sticky ones, Host */
	{ .sticky = "X-S:1", .items = "-accept,-X-S,-User-Agent,-Accept-Encoding", .expected = "Host: a.test|" },
	{ .items = "-Host", .expected = DEFAULTS },
	{ .items = "-Host,Host:h", .expected = "Host: h|" DEFAULTS },
	/* Host stands first, once: given before sticky before the URL's */
	{ .sticky = "X-S:1,Host:s", .expected = "Host: s|X-S: 1|" DEFAULTS },
	{ .sticky = "Host:s", .items = "X-A:1,Host:h", .expected = "Host: h|" DEFAULTS "X-A: 1|" },
	/* settings */
	{ .settings = "user-agent me",
	    .expected = "Host: a.test|User-Agent: me|Accept: */*|"
			"Accept-Encoding: gzip, deflate, br, zstd|" },
	{ .settings = "decode off", .expected = "Host: a.test|" AGENT "Accept: */*|" },
	{ .settings = "keep-alive off", .expected = "Host: a.test|" DEFAULTS "Connection: close|" },
	{ .items = "Range:bytes=0-1",
	    .expected = "Host: a.test|" AGENT "Accept: */*|Accept-Encoding: identity|Range: bytes=0-1|" },
	/* cookies: the jar's, unless one is given by hand, or Cookie is removed, or they are off; by the Host given by
	 * hand */
	{ .cookie = "c=1", .expected = "Host: a.test|" DEFAULTS "Cookie: c=1|" },
	{ .cookie = "c=1", .items = "Cookie:d=2", .expected = "Host: a.test|" DEFAULTS "Cookie: d=2|" },
	{ .cookie = "c=1", .items = "-Cookie", .expected = "Host: a.test|" DEFAULTS },
	{ .cookie = "c=1", .settings = "cookies off", .expected = "Host: a.test|" DEFAULTS },
	{ .cookie = "c=1", .items = "Host:b.test", .expected = "Host: b.test|" DEFAULTS },
	{ .cookie = "c=1",
	    .url = "https://b.test/",
	    .items = "Host:A.test:9",
	    .expected = "Host: A.test:9|" DEFAULTS "Cookie: c=1|" },
	/* credentials: unless Authorization is given, sticky or removed */
	{ .auth = AUTH_BASIC, .expected = "Host: a.test|Authorization: Basic dTpwdw==|" DEFAULTS },
	{ .auth = AUTH_BASIC, .items = "Authorization:x", .expected = "Host: a.test|" DEFAULTS "Authorization: x|" },
	{ .auth = AUTH_BASIC, .sticky = "Authorization:x", .expected = "Host: a.test|Authorization: x|" DEFAULTS },
	{ .auth = AUTH_BASIC, .items = "-Authorization", .expected = "Host: a.test|" DEFAULTS },
	/* a redirect within the origin keeps all of it */
	{ .auth = AUTH_BASIC,
	    .sticky = "X-Api-Key:k",
	    .items = "X-Token:t,X-A:1,Host:h",
	    .follows = "https://a.test/n",
	    .expected = "Host: h|X-Api-Key: k|Authorization: Basic dTpwdw==|" DEFAULTS "X-Token: t|X-A: 1|" },
	/* to another one: nothing that is secret, no Host, no cookies; the rest goes along */
	{ .auth = AUTH_BASIC,
	    .cookie = "c=1",
	    .sticky = "X-Api-Key:k,X-S:1",
	    .items = "X-Token:t,X-A:1,Host:h",
	    .follows = "https://b.test/",
	    .expected = "Host: b.test|X-S: 1|" DEFAULTS "X-A: 1|" },
	{ .auth = AUTH_BASIC,
	    .items = "Authorization:x,Cookie:y",
	    .follows = "http://a.test/",
	    .expected = "Host: a.test|" DEFAULTS },
	{ .auth = AUTH_BASIC,
	    .items = "X-A:1",
	    .follows = "https://a.test:444/",
	    .expected = "Host: a.test:444|" DEFAULTS "X-A: 1|" },
};

static void
headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct session *s = session_new();
		struct request r;
		char *lines;

		prepare(s, &r, &rows[i]);
		lines = composed(s, &r, rows[i].follows);
		if (strcmp(lines, rows[i].expected) != 0)
			fail_msg("row %zu:\n%s\n%s", i, lines, rows[i].expected);
		free(lines);
		request_release(&r);
		session_free(s);
	}
}

/* A sticky secret belongs to the first origin that a person asks; the next origin does not get it. */
static void
first_origin(void **state)
{
	const struct given first = { .sticky = "X-Api-Key:k", .expected = "" };
	const struct given second = { .url = "https://b.test/", .expected = "" };
	struct session *s = session_new();
	struct request a, b;
	char *lines;

	(void)state;
	prepare(s, &a, &first);
	prepare(s, &b, &second);
	lines = composed(s, &a, NULL);
	assert_non_null(strstr(lines, "X-Api-Key: k|"));
	assert_string_equal(sticky_header_at(s, 0)->origin, "https://a.test");
	free(lines);
	lines = composed(s, &b, NULL);
	assert_string_equal(lines, "Host: b.test|" DEFAULTS);
	free(lines);
	request_release(&a);
	request_release(&b);
	session_free(s);
}

/* A body that does not go along leaves the fields behind that describe it. */
static void
without_body(void **state)
{
	const struct given g = { .items = "Content-Type:t,Content-Language:l,Expect:100-continue,X-A:1",
		.expected = "" };
	struct session *s = session_new();
	struct request r;
	char *lines;

	(void)state;
	prepare(s, &r, &g);
	lines = composed(s, &r, NULL);
	assert_string_equal(lines, "Host: a.test|" DEFAULTS "X-A: 1|");
	free(lines);
	request_release(&r);
	session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(headers), cmocka_unit_test(first_origin),
		cmocka_unit_test(without_body) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
