/* Data as words of a command: what stands there is read back as the word. */
#include <string.h>

#include "net/quote.h"
#include "tests/support/unit.h"

static void
same(const char *word, const char *wanted)
{
	struct buf out;

	buf_init(&out, 0);
	quote_word(&out, str_of(word));
	assert_int_equal(out.len, strlen(wanted));
	assert_memory_equal(out.data, wanted, out.len);
	buf_release(&out);
}

static void
test_words(void **state)
{
	(void)state;
	same("plain.html", "plain.html");
	same("a b", "'a b'");
	same("", "''");
	same("it's", "'it'\\''s'");
	same("$HOME;rm", "'$HOME;rm'");
	same("-o", "\\-'o'");
	same("-", "\\-");
	assert_true(quote_needless(STR("a b"), true));
	assert_false(quote_needless(STR("a -b"), true));
	assert_false(quote_needless(STR("a b"), false));
}

static void
test_hints(void **state)
{
	struct error error = { .kind = ERROR_NONE };
	char word[ERROR_COMMAND_MAX + 1];

	(void)state;
	assert_int_equal(hint_words(&error, "if it may go", "save", "--force", "a b", NULL), -1);
	assert_string_equal(error.command, "save --force 'a b'");
	assert_string_equal(error.why, "if it may go");
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	error_clear(&error);
	hint_words(&error, NULL, "save", word, NULL);
	assert_string_equal(error.command, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_hints) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
