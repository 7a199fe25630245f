/* Tab, without a terminal: what may stand at the end of a line. */
#include <stdlib.h>
#include <string.h>

#include "shell/complete.h"
#include "shell/table.h"
#include "tests/support/unit.h"

/* The items, each with a space behind it. */
static char *
offered(const char *line)
{
	struct shell sh = { .session = session_new(), .commands = command_table() };
	struct completions c;
	struct buf out;
	char *items;

	complete_line(&sh, str_of(line), &c);
	buf_init(&out, 0);
	for (size_t i = 0; i < c.n; i++)
		buf_addf(&out, "%s ", c.items[i]);
	completions_release(&c);
	session_free(sh.session);
	items = str_dup(buf_str(&out));
	buf_release(&out);
	return items;
}

/* A word that is empty in front of a comment: the cursor is not in it. The sanitizer sees who reads in front of the
 * word. */
static void
test_comments(void **state)
{
	static const char *const lines[] = { "trust '' #", "trust '' # c", "trust \"\" # c", "trust mode '' #\"", "# c",
		"''#", "'' # ''", "get '' #'", "trust mode '' | #", "trust on > '' # c", "trust $a # c",
		"trust ${a} # c", "trus\\", "trust \"mod\\", "trust mode \\" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char *items = offered(lines[i]);

		if (items[0] != '\0')
			fail_msg("%s: %s", lines[i], items);
		free(items);
	}
}

static void
test_words(void **state)
{
	static const struct {
		const char *line, *items;
	} cases[] = {
		{ "trust mod", "mode " },
		{ "trust '", "ask file host min-rsa mode off on pin sha1 staple " },
		{ "trust mode ''", "ask off on " },
		{ "trust mode \"\"", "ask off on " },
		{ "trus", "trust " },
		{ "set fail ", "off on " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *items = offered(cases[i].line);

		if (strcmp(items, cases[i].items) != 0)
			fail_msg("%s: %s instead of %s", cases[i].line, items, cases[i].items);
		free(items);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_comments), cmocka_unit_test(test_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
