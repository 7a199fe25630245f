/* The tokenizer against html5lib-tests. What differs on purpose is listed with its reason. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/html/tokens.h"
#include "net/buf.h"
#include "tests/support/suites.h"

static const struct {
	const char *name, *reason;
} exceptions[] = {
	{ "xmlViolation:0:Data", "of XML violation mode, which the standard no longer has: U+FFFF stays" },
	{ "xmlViolation:1:Data", "the same: a form feed stays" },
	{ "xmlViolation:2:Data", "the same: -- in a comment stays" },
};

/* Text tokens in a row are one. */
static void
serialise(const struct tokens *t, size_t from, struct buf *out)
{
	for (size_t i = from; i < t->n; i++) {
		const struct token *k = &t->items[i];

		if (k->kind == TOKEN_TEXT && i > from && k[-1].kind == TOKEN_TEXT)
			out->len--;
		else
			buf_add_char(out, "TSECD"[k->kind]);
		if (k->kind == TOKEN_TEXT || k->kind == TOKEN_COMMENT)
			buf_add_str(out, k->text);
		if (k->kind == TOKEN_START || k->kind == TOKEN_END)
			buf_add_str(out, k->name);
		if (k->kind == TOKEN_START && k->self_closing)
			buf_add_char(out, '/');
		for (uint32_t a = 0; k->kind == TOKEN_START && a < k->n_attrs; a++) {
			buf_add_char(out, '\1');
			buf_add_str(out, t->attrs[k->first_attr + a].name);
			buf_add_char(out, '\2');
			buf_add_str(out, t->attrs[k->first_attr + a].value);
		}
		buf_add_char(out, '\3');
	}
}

static struct str
from_hex(struct str word)
{
	uint8_t *bytes = mem_alloc(word.n + 1);
	size_t n = 0;

	if (!str_is(word, "-"))
		assert_true(hex_read(word, bytes, word.n, &n));
	return str_from(bytes, n);
}

static void
show(const char *what, struct str s)
{
	char text[400];

	print_message("  %s %s\n", what, str_printable(s, text, sizeof text));
}

static bool
is_exception(struct str name)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
		if (str_is(name, exceptions[i].name))
			return true;
	return false;
}

/* Whether it agrees, or is an exception that still differs. */
static bool
check_case(struct str line)
{
	struct str name = str_cut(&line, ' '), before = str_cut(&line, ' '), source = from_hex(str_cut(&line, ' '));
	struct str expected = from_hex(line);
	struct tokens t = { .n = 0 };
	struct buf got;
	bool same, as_listed;
	char shown[100];

	buf_init(&got, 0);
	tokens_read(&t, source, NULL);
	serialise(&t, before.p[0] == '1' && t.n > 0, &got);
	same = str_eq(buf_str(&got), expected);
	as_listed = same != is_exception(name);
	if (!as_listed) {
		print_message("%s\n", str_printable(name, shown, sizeof shown));
		show("source  ", source);
		show("expected", expected);
		show("got     ", buf_str(&got));
	}
	tokens_release(&t);
	buf_release(&got);
	free((void *)(uintptr_t)source.p);
	free((void *)(uintptr_t)expected.p);
	return as_listed;
}

static void
test_html5lib(void **state)
{
	unsigned total = 0, different = 0;
	struct buf text;
	struct str rest;

	(void)state;
	if (suite_read("tokenizer_suite.py", "html5lib-tokenizer.json.gz", &text) != 0)
		skip();
	for (rest = buf_str(&text); rest.n > 0;) {
		total++;
		different += !check_case(str_cut(&rest, '\n'));
	}
	print_message("%u cases, %zu exceptions, %u not as listed\n", total, sizeof exceptions / sizeof exceptions[0],
	    different);
	assert_int_equal(total, 7036); /* 6,810 of the suite, some in several states */
	buf_release(&text);
	assert_int_equal(different, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html5lib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
