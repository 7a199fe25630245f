/* The table of commands, walked: what a row of arguments calls a secret is left out of the history and of
 * recordings. */
#include <stdlib.h>
#include <string.h>

#include "shell/record.h"
#include "shell/secrets.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/support/unit.h"

#define HIDDEN "Zq7-hidden"

static unsigned checked;

static void
parse(const char *source, struct line *line)
{
	size_t at = 0, where;
	bool incomplete;

	if (line_parse(line, str_of(source), &at, &where, &incomplete, NULL) != 0 || line->n_commands != 1)
		fail_msg("%s is not one command", source);
}

/* HIDDEN stands in the line: history and a recording do not have it; shown: all that stands before it stays. */
static void
assert_hidden(const char *source)
{
	size_t before = (size_t)(strstr(source, HIDDEN) - source), secret = SIZE_MAX;
	char *kept = secret_free_line(command_table(), str_of(source));
	char *masked = secret_masked(command_table(), str_of(source), 0);
	struct line line;

	if (kept == NULL || strstr(kept, HIDDEN) != NULL)
		fail_msg("history: \"%s\" is kept as \"%s\"", source, kept != NULL ? kept : "");
	while (before > 0 && strchr(" :", source[before - 1]) != NULL)
		before--;
	assert_memory_equal(kept, source, before);
	if (str_find(str_from(masked, strlen(source)), STR(HIDDEN)) >= 0)
		fail_msg("errors: \"%s\" is shown as \"%.*s\"", source, (int)strlen(source), masked);
	/* what a recording writes as ${secret1} */
	parse(source, &line);
	for (size_t i = 0; i < line.commands[0].n_words && secret == SIZE_MAX; i++)
		secret = secret_of_command(command_table(), &line.commands[0], i);
	if (secret == SIZE_MAX)
		fail_msg("\"%s\": no word is a secret", source);
	line_release(&line);
	free(kept);
	free(masked);
	checked++;
}

/* The words of a command up to the argument a; the one before it has a secret's name when named. */
static char *
line_up_to(const char *command, const struct arg *args, const struct arg *a, bool named, const char *value)
{
	struct buf out;

	buf_init(&out, 0);
	buf_add_str(&out, str_of(command));
	for (const struct arg *before = args; before < a; before++)
		buf_add_str(&out, named && before + 1 == a ? STR(" X-Api-Key") : STR(" word"));
	buf_addf(&out, " %s", value);
	return buf_take(&out);
}

static void
check_line(const char *command, const struct arg *args, const struct arg *a, bool named, const char *value)
{
	char *source = line_up_to(command, args, a, named, value);

	assert_hidden(source);
	free(source);
}

static void
check_command(const struct command *command, const char *name)
{
	for (const struct arg *a = command->args; a != NULL && a->name != NULL; a++) {
		bool secret =
		    (a->flags & (ARG_SECRET | ARG_SECRET_TAIL | ARG_SECRET_NAMED)) != 0 || a->kind == ARG_ASSIGNMENT;

		if (secret && command->opts != NULL && command->opts[0].name != NULL)
			fail_msg("%s has a secret argument and options", name);
		if ((a->flags & ARG_SECRET) != 0)
			check_line(name, command->args, a, false, HIDDEN);
		if ((a->flags & ARG_SECRET_TAIL) != 0)
			check_line(name, command->args, a, false, "user:" HIDDEN);
		if ((a->flags & ARG_SECRET_NAMED) != 0)
			check_line(name, command->args, a, true, HIDDEN);
		if (a->kind == ARG_ASSIGNMENT)
			check_line(name, command->args, a, false, "password = " HIDDEN);
		if (a->kind == ARG_ITEM) {
			char *kept = str_printf("%s https://x.example/ password=" HIDDEN " X-Api-Key:" HIDDEN, name);
			char *text = secret_free_line(command_table(), str_of(kept));

			assert_null(strstr(text, HIDDEN));
			free(kept);
			free(text);
		}
	}
}

static void
test_table(void **state)
{
	(void)state;
	for (const struct command *const *c = command_table(); *c != NULL; c++) {
		check_command(*c, (*c)->name);
		for (const struct command *const *sub = (*c)->subcommands; sub != NULL && *sub != NULL; sub++) {
			char *name = str_printf("%s %s", (*c)->name, (*sub)->name);

			check_command(*sub, name);
			free(name);
		}
	}
	assert_int_equal(checked, 9); /* three of auth with a user have two each; bearer, header set and let */
}

/* The kind is mistyped, ambiguous or takes nothing: the word may be what was meant for another. */
static void
test_mistyped(void **state)
{
	char *kept = secret_free_line(command_table(), STR("auth basic user word " HIDDEN));

	(void)state;
	assert_string_equal(kept, "auth basic user");
	free(kept);
	assert_hidden("auth baerer " HIDDEN);
	assert_hidden("auth b " HIDDEN);
	assert_hidden("auth off " HIDDEN);
	assert_hidden("auth ba user:" HIDDEN);
	assert_hidden("header st Authorization " HIDDEN);
}

/* What the same words are elsewhere stays. */
static void
test_kept(void **state)
{
	static const char *const lines[] = { "auth basic user", "header set X-Team red", "header unset Authorization",
		"let name = word", "let token = title", "let token = extract input @value", "echo auth bearer",
		"cookies delete sid" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char *kept = secret_free_line(command_table(), str_of(lines[i]));

		assert_string_equal(kept, lines[i]);
		free(kept);
	}
}

static bool
asked_for(const char *source)
{
	struct line line;
	bool asked;

	parse(source, &line);
	asked = secret_asked_for(command_table(), &line.commands[0]);
	line_release(&line);
	return asked;
}

static void
test_asked_for(void **state)
{
	(void)state;
	assert_true(asked_for("auth bearer"));
	assert_true(asked_for("auth basic user"));
	assert_true(asked_for("auth di $user"));
	assert_false(asked_for("auth"));
	assert_false(asked_for("auth off"));
	assert_false(asked_for("auth basic"));
	assert_false(asked_for("auth basic user:word"));
	assert_false(asked_for("auth basic user word"));
	assert_false(asked_for("auth bearer word"));
	assert_false(asked_for("header set Authorization"));
	assert_false(asked_for("let password ="));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_mistyped),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
