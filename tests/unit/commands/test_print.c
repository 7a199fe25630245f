/* Lines broken at a width, in the columns that a terminal gives to their characters. */
#include <locale.h>

#include "commands/capture.h"
#include "commands/print.h"
#include "tests/support/unit.h"

static void
is_broken(const char *line, size_t indent, size_t hang, size_t width, const char *want)
{
	struct capture c;

	print_wrapped(capture_open(&c), str_of(line), indent, hang, width);
	if (!str_is(capture_close(&c), want))
		fail_msg("%s\n  is broken into\n%s  not\n%s", line, c.text, want);
	capture_release(&c);
}

static void
test_wrapped(void **state)
{
	(void)state;
	is_broken("one two three", 0, 0, 7, "one two\nthree\n");
	is_broken("one two three", 0, 0, 6, "one\ntwo\nthree\n");
	is_broken("one two three", 0, 2, 13, "one two three\n");
	is_broken("one two three", 2, 4, 10, "  one two\n    three\n");
	is_broken("seven-letters two", 0, 0, 6, "seven-letters\ntwo\n");
	is_broken("one two three", 0, 4, 8, "one two three\n"); /* too narrow */
	is_broken("one two three", 0, 4, 0, "one two three\n");
	is_broken("", 0, 4, 20, "\n");
	is_broken("a\x1b[1m b", 0, 0, 80, "a\\x1B[1m b\n");
}

static void
test_columns(void **state)
{
	(void)state;
	/* two bytes, one column */
	is_broken("\xC3\xA4\xC3\xA4\xC3\xA4 bb cc", 0, 0, 6, "\xC3\xA4\xC3\xA4\xC3\xA4 bb\ncc\n");
	/* three bytes, two columns */
	is_broken("\xE6\x97\xA5\xE6\x9C\xAC a b", 0, 0, 6, "\xE6\x97\xA5\xE6\x9C\xAC a\nb\n");
	/* a combining character has none */
	is_broken("e\xCC\x81 f g", 0, 0, 3, "e\xCC\x81 f\ng\n");
	assert_int_equal(text_columns(STR("gr\xC3\xBCn")), 4);
	assert_int_equal(text_columns(STR("\xE6\x97\xA5\xE6\x9C\xAC")), 4);
	assert_int_equal(text_columns(STR("e\xCC\x81")), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_wrapped), cmocka_unit_test(test_columns) };

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
