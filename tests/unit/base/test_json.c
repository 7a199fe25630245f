/* JSON: what is some, and strings. */
#include <string.h>

#include "net/json.h"
#include "tests/support/unit.h"

static void
test_valid(void **state)
{
	static const char *const yes[] = { "0", "-1.5e+3", "\"\"", " [ ] ",
		"{\"a\": [1, true, null, {\"\\u00e9\": \"\\n\"}]}", "false" };
	static const char *const no[] = { "", "01", "1.", "+1", "'a'", "[1,]", "{\"a\"}", "{a: 1}", "\"\\x\"", "\"\n\"",
		"nul", "1 2", "[1" };

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!json_is_valid(str_of(yes[i])))
			fail_msg("%s is JSON", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (json_is_valid(str_of(no[i])))
			fail_msg("%s is no JSON", no[i]);
}

static void
test_depth(void **state)
{
	char text[2 * (JSON_MAX_DEPTH + 2)];

	(void)state;
	for (size_t depth = JSON_MAX_DEPTH; depth <= JSON_MAX_DEPTH + 2; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		assert_int_equal(json_is_valid(str_from(text, 2 * depth)), depth <= JSON_MAX_DEPTH + 1);
	}
}

static void
is_string(struct str text, const char *want)
{
	struct buf out;

	buf_init(&out, 0);
	json_add_string(&out, text);
	assert_string_equal((const char *)out.data, want);
	assert_true(json_is_valid(buf_str(&out)));
	buf_release(&out);
}

static void
test_strings(void **state)
{
	(void)state;
	is_string(STR(""), "\"\"");
	is_string(STR("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
	is_string(STR("\n\t\r\x1b"), "\"\\n\\t\\u000d\\u001b\"");
	is_string(STR("\xE6\x97\xA5\x7f"), "\"\xE6\x97\xA5\x7f\"");
	is_string(STR("a\xE6\x97"
		      "b\xff"),
	    "\"a\\ufffd\\ufffdb\\ufffd\"");
	is_string(str_from("a\0b", 3), "\"a\\u0000b\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_valid), cmocka_unit_test(test_depth),
		cmocka_unit_test(test_strings) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
