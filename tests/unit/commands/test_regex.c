/* Regular expressions: what they mean, and that no pattern and no text holds the shell. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "net/buf.h"
#include "net/event.h"
#include "net/regex.h"
#include "tests/support/unit.h"

static const struct {
	const char *pattern, *text;
	int found;
} rows[] = {
	{ "b+c", "abbc", 1 },
	{ "^b", "ab", 0 },
	{ "^a.*z$", "abz", 1 },
	{ "^$", "", 1 },
	{ "^$", "x", 0 },
	{ "", "x", 1 },
	{ "a|b", "xb", 1 },
	{ "^(a|b)$", "ab", 0 },
	{ "(ab){2}", "abab", 1 },
	{ "^(ab){2}$", "ababab", 0 },
	{ "a{2,}", "aa", 1 },
	{ "^a{2,3}$", "aaaa", 0 },
	{ "^a?$", "", 1 },
	{ "[[:alpha:]]", "1", 0 },
	{ "[[:alpha:]]", "x", 1 },
	{ "[[:digit:]]{3}", "a123", 1 },
	{ "^[^[:space:]]+$", "a b", 0 },
	{ "[]x]", "]", 1 },
	{ "[^]x]", "]x", 0 },
	{ "[a-c]", "d", 0 },
	{ "[x-]", "-", 1 },
	{ "[a\\]", "\\", 1 },
	{ "a\\.b", "axb", 0 },
	{ "a\\.b", "a.b", 1 },
	{ "\\(", "(", 1 },
	{ "^.$", "\xc3\xbc", 1 },
	{ "^..$", "\xc3\xbc", 0 },
	{ "\xc3\xbc+$", "\xc3\xbc\xc3\xbc", 1 },
	{ "^[\xc3\xa4-\xc3\xbc]$", "\xc3\xb6", 1 },
	{ "^a.b$",
	    "a\xff"
	    "b",
	    1 },
	{ "a.b", "a\nb", 1 },
	{ "b$", "b\nc", 0 },
};

static void
what_they_mean(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct error error = { 0 };
		int found = regex_search(str_of(rows[i].pattern), str_of(rows[i].text), NULL, &error);

		if (found != rows[i].found)
			fail_msg("\"%s\" in \"%s\": %d %s", rows[i].pattern, rows[i].text, found, error.text);
	}
}

static void
a_NUL_is_a_character(void **state)
{
	(void)state;
	assert_int_equal(regex_search(STR("b"), STR("a\0b"), NULL, NULL), 1);
	assert_int_equal(regex_search(STR("^a.b$"), STR("a\0b"), NULL, NULL), 1);
	assert_int_equal(regex_search(STR("^a$"), STR("a\0b"), NULL, NULL), 0);
}

static void
what_is_refused(void **state)
{
	static const struct {
		const char *pattern;
		enum error_kind kind;
	} refused[] = {
		{ "(", ERROR_USAGE },
		{ "[a", ERROR_USAGE },
		{ "a{2", ERROR_USAGE },
		{ "a)", ERROR_USAGE },
		{ "a\\\\)", ERROR_USAGE },
		{ "\\Q(\\E)", ERROR_USAGE },
		{ "(?i)a", ERROR_USAGE },
		{ "(()", ERROR_USAGE },
		{ "[[.].]()", ERROR_USAGE },
		{ "(a)\\1", ERROR_USAGE },
		{ "[[:nope:]]", ERROR_USAGE },
		{ "a{~1}", ERROR_USAGE },
		{ "(x{0,255}){0,255}", ERROR_LIMIT },
		{ "((x{1,20}){1,20}){1,20}", ERROR_LIMIT },
		{ "[[:alpha:]]{255}(ab[])]{9}){255}", ERROR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct error error = { 0 };

		if (regex_search(str_of(refused[i].pattern), STR("xx"), NULL, &error) != -1 ||
		    error.kind != refused[i].kind || error.text[0] == '\0')
			fail_msg("%s: %d %s", refused[i].pattern, error.kind, error.text);
	}
}

static struct buf
text_of(char c, size_t n)
{
	struct buf b;

	buf_init(&b, n);
	memset(buf_room(&b, n), c, n);
	buf_added(&b, n);
	return b;
}

/* A power of the text's length with a matcher that goes back: hours for the last one. */
static void
time_is_linear_in_the_text(void **state)
{
	static const char *const patterns[] = { "x.*x.*z", "(x+x+)+y", "^(x|xx)*$y", "(x*)*(x*)*y", "(x?){20}x{20}y",
		"x.*x.*x.*x.*z" };

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		uint64_t spent[2];

		for (int k = 0; k < 2; k++) {
			struct work work = { .left = 1 << 30 };
			struct buf text = text_of('x', (size_t)50000 << k);

			assert_int_equal(regex_search(str_of(patterns[i]), buf_str(&text), &work, NULL), 0);
			spent[k] = work.spent;
			buf_release(&text);
		}
		assert_true(spent[1] <= 2 * spent[0] + 100);
	}
}

static void
a_huge_text_ends(void **state)
{
	struct buf text = text_of('x', 16 << 20);
	struct work work = { .left = 4000000000u };
	int64_t start = now_us();

	(void)state;
	assert_int_equal(regex_search(STR("x.*x.*z"), buf_str(&text), &work, NULL), 0);
	assert_true(now_us() - start < 60000000);
	buf_release(&text);
}

static void
its_work_ends(void **state)
{
	struct buf text = text_of('x', 1 << 20);
	volatile sig_atomic_t flag = 1;
	struct work few = { .left = 1000 }, stopped = { .interrupted = &flag };
	struct error error = { 0 };

	(void)state;
	assert_int_equal(regex_search(STR("x.*z"), buf_str(&text), &few, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_non_null(strstr(error.text, "x.*z"));
	assert_int_equal(regex_search(STR("x.*z"), buf_str(&text), &stopped, &error), -1);
	assert_int_equal(error.kind, ERROR_INTERRUPTED);
	assert_true(stopped.spent <= 2 * WORK_PERIOD);
	buf_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_they_mean),
		cmocka_unit_test(a_NUL_is_a_character),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(time_is_linear_in_the_text),
		cmocka_unit_test(a_huge_text_ends),
		cmocka_unit_test(its_work_ends),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
