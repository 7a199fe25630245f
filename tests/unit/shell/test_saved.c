/* A session's file: what the commands' rows say may stand there, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "commands/show/view.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/support/unit.h"

static struct shell shell;

/* ERROR_NONE: it ran. */
static struct error
saved(const char *line)
{
	struct error error = { .kind = ERROR_NONE };

	saved_line_run(&shell, line, &error);
	return error;
}

static void
assert_refused(const struct command *c, const char *name, const char *sub)
{
	char *line = str_printf("%s%s%s", name, sub != NULL ? " " : "", sub != NULL ? sub : ""), *why;
	struct error error = saved(line);

	why = str_printf("cannot have this \"%s\"", name);
	if (error.kind != ERROR_USAGE || strstr(error.text, why) == NULL)
		fail_msg("%s (flags %u): \"%s\"", line, c->flags, error.text);
	free(line);
	free(why);
}

/* What the row does not keep is refused before it runs, and the sentence names those that it may be. */
static void
test_the_table_is_asked(void **state)
{
	const struct command *const *all = command_table();
	struct error error = saved("lab start");
	size_t kept = 0;

	(void)state;
	for (; *all != NULL; all++) {
		bool any = ((*all)->flags & CMD_KEPT) != 0;

		if (!any && (*all)->needs == NULL)
			assert_refused(*all, (*all)->name, NULL);
		for (const struct command *const *sub = (*all)->subcommands; sub != NULL && *sub != NULL; sub++)
			if (((*sub)->flags & CMD_KEPT) != 0)
				any = true;
			else
				assert_refused(*all, (*all)->name, (*sub)->name);
		if (any)
			assert_non_null(strstr(error.text, (*all)->name));
		kept += any;
		/* nothing that is kept runs a program, writes a file or goes to the network */
		assert_false(any && ((*all)->flags & (CMD_NETWORK | CMD_RAW)) != 0);
	}
	assert_true(kept >= 6);
}

/* Of one command the words tell. */
static void
test_profiles(void **state)
{
	(void)state;
	assert_int_equal(saved("tls profile java8").kind, ERROR_NONE);
	assert_int_equal(saved("tls profile off").kind, ERROR_NONE);
	assert_non_null(strstr(saved("tls profile save mine").text, "cannot have"));
	assert_non_null(strstr(saved("tls profile show java8").text, "cannot have"));
}

/* The commands that a session is saved as may all stand in its file. */
static void
test_what_is_saved_is_read(void **state)
{
	static const char *const lines[] = { "set follow off", "tls proto tls1.2", "trust host a.test off",
		"header set X-A 'a b'", "open https://h.test/", "trust off" };
	struct str rest;
	struct buf out;
	size_t n = 0;

	(void)state;
	for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
		assert_int_equal(saved(lines[k]).kind, ERROR_NONE);
	buf_init(&out, 0);
	session_as_commands(shell.session, &out);
	rest = buf_str(&out);
	while (rest.n > 0) {
		char *line = str_dup(str_cut(&rest, '\n'));
		struct error error = saved(line);

		if (error.kind != ERROR_NONE)
			fail_msg("%s: %s", line, error.text);
		n += line[0] != '\0';
		free(line);
	}
	assert_true(n >= sizeof lines / sizeof *lines);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_the_table_is_asked), cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_what_is_saved_is_read) };
	int failed;

	shell = (struct shell){ .session = session_new(), .commands = command_table(), .err = stderr };
	shell.view = view_new(shell.session, stderr);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	view_free(shell.view);
	session_free(shell.session);
	return failed;
}
