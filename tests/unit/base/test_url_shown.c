/* URLs as they are shown, and whose user and password they keep. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/url.h"

static struct url
parsed(const char *text)
{
	struct url u;

	url_init(&u);
	assert_int_equal(url_parse(&u, str_of(text), NULL, NULL), 0);
	return u;
}

static void
test_shown(void **state)
{
	static const char *const rows[][2] = {
		{ "https://u:pw@h.test/a?b#c", "https://h.test/a?b#c" },
		{ "https://u@h.test/", "https://h.test/" },
		{ "https://:pw@h.test:8443/x", "https://h.test:8443/x" },
		{ "http://u:p@w@[::1]/", "http://[::1]/" },
		{ "https://h.test/a@b:c?d@e#f@g", "https://h.test/a@b:c?d@e#f@g" },
		{ "ftp://u:pw@h/x", "ftp://h/x" },
		{ "mailto:a@b", "mailto:a@b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url u = parsed(rows[i][0]);
		char *shown = url_shown(&u, true), *cut = url_shown(&u, false);

		assert_string_equal(shown, rows[i][1]);
		assert_int_equal(strlen(cut), strcspn(rows[i][1], "#"));
		free(shown);
		free(cut);
		url_release(&u);
	}
}

/* What is no URL is told, too. */
static void
test_hidden(void **state)
{
	static const char *const rows[][2] = {
		{ "https://u:pw@[/x", "https://[/x" },
		{ "http:\\\\u:pw@h\\x", "http:\\\\h\\x" },
		{ "http:u:pw@h", "http:h" },
		{ "//u:pw@h/", "//h/" },
		{ "u:p@w@h:99999", "u:h:99999" },
		{ "https://a b:c@d", "https://d" },
		{ "/a@b", "/a@b" },
		{ "https://h/a@b", "https://h/a@b" },
		{ "https://h?u@b", "https://h?u@b" },
		{ "https://h#u@b", "https://h#u@b" },
		{ "", "" },
		{ "@", "" },
		{ "https:///u:pw@h/", "https:///h/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf out;

		buf_init(&out, 0);
		url_hide_user(str_of(rows[i][0]), &out);
		if (!str_is(buf_str(&out), rows[i][1]))
			fail_msg("%s became %.*s", rows[i][0], STR_ARG(buf_str(&out)));
		buf_release(&out);
	}
}

static void
test_kept(void **state)
{
	static const struct {
		const char *from, *to, *want;
	} rows[] = {
		{ "https://u:pw@h/a", "https://h/b", "https://u:pw@h/b" },
		{ "https://u:pw@h/a", "https://h:443/", "https://u:pw@h/" },
		{ "https://u:pw@h/a", "http://h/b", "http://h/b" },
		{ "https://u:pw@h/a", "https://h:8443/", "https://h:8443/" },
		{ "https://u:pw@h/a", "https://i/", "https://i/" },
		{ "https://u:pw@h/a", "https://v@h/", "https://v@h/" },
		{ "https://h/a", "https://v:w@h/", "https://v:w@h/" },
		{ "https://:pw@h/a", "https://h/", "https://:pw@h/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url from = parsed(rows[i].from), to = parsed(rows[i].to);
		char *text;

		url_keep_user(&from, &to);
		text = url_text(&to);
		assert_string_equal(text, rows[i].want);
		free(text);
		url_release(&from);
		url_release(&to);
	}
}

/* RFC 6874 and RFC 9844: a person may say behind which interface an address is; a page or a server cannot. */
static void
test_zones(void **state)
{
	static const char *const rows[][3] = {
		{ "https://[fe80::1%25eth0]/a", "https://[fe80::1%25eth0]/a", "eth0" },
		{ "https://[FE80::1%eth0.7]:8443/", "https://[fe80::1%25eth0.7]:8443/", "eth0.7" },
		{ "[fe80::1%2]", "https://[fe80::1%252]/", "2" },
		{ "[fe80::1%25]", "https://[fe80::1%2525]/", "25" },
		{ "http://u:p@[fe80::1%25br-lan]/", "http://[fe80::1%25br-lan]/", "br-lan" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url u, again, page;
		char *shown, *header, *host;

		url_init(&u);
		url_init(&again);
		url_init(&page);
		assert_int_equal(url_parse_typed(&u, str_of(rows[i][0]), NULL, NULL), 0);
		shown = url_shown(&u, true);
		header = url_host_header(&u);
		host = url_host_plain(&u);
		assert_string_equal(shown, rows[i][1]);
		assert_string_equal(u.zone, rows[i][2]);
		assert_null(strchr(header, '%'));
		assert_string_equal(host, "fe80::1");
		assert_int_equal(url_parse_typed(&again, str_of(shown), NULL, NULL), 0);
		assert_true(url_same_origin(&u, &again));
		assert_int_equal(url_parse(&page, str_of(rows[i][1]), NULL, NULL), -1);
		assert_int_equal(url_parse_bytes(&page, str_of(rows[i][1]), &u, NULL), -1);
		/* what it links to stays behind the interface; another host does not */
		assert_int_equal(url_parse(&page, STR("/b"), &u, NULL), 0);
		assert_true(url_same_origin(&u, &page));
		free(shown);
		shown = str_printf("%s://%s/c", u.scheme, header);
		assert_int_equal(url_parse_bytes(&page, str_of(shown), &u, NULL), 0);
		assert_true(url_same_origin(&u, &page));
		assert_int_equal(url_parse_bytes(&page, STR("http://[fe80::2]/"), &u, NULL), 0);
		assert_null(page.zone);
		url_release(&u);
		url_release(&again);
		url_release(&page);
		free(shown);
		free(header);
		free(host);
	}
}

static void
test_no_zones(void **state)
{
	static const char *const bad[] = { "http://[fe80::1%]/", "http://[fe80::1%25a%2fb]/", "http://[fe80::1%a b]/",
		"http://[1.2.3.4%25lo]/", "http://a%25lo/", "http://[fe80::1]%25lo/", "http://[%25lo]/",
		"http://[fe80::1%25\x1b[2J]/",
		("http://[fe80::1%2501234567890123456789012345678901234567890123456789"
		 "012345678901234]/") };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct url u;

		url_init(&u);
		if (url_parse_typed(&u, str_of(bad[i]), NULL, NULL) == 0)
			fail_msg("%s is a URL", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shown), cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_zones), cmocka_unit_test(test_no_zones), cmocka_unit_test(test_kept) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
