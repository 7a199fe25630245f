/* The command that words name, among the commands that are given. */
#include "shell/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "commands/settings/settings.h"

enum { SLIP = 1 };

/* Whether the word is meant as a sub-command of c: its own name, or, when it is no setting (those are used more), a
 * prefix or a slip of the finger; and any word, when c takes nothing else. */
static bool
names_subcommand(const struct command *c, struct str word)
{
	bool begins = false;

	if (c->settings == NULL && (c->args == NULL || c->args->name == NULL))
		return !str_starts(word, STR("-"));

	for (const struct command *const *sub = c->subcommands; *sub != NULL; sub++) {
		if (str_is(word, (*sub)->name) || ((*sub)->alias != NULL && str_is(word, (*sub)->alias)))
			return true;
		begins = begins || (word.n > 0 && str_starts(str_of((*sub)->name), word)) ||
		    (c->settings != NULL && str_distance(word, str_of((*sub)->name)) <= SLIP);
	}
	return begins && (c->settings == NULL || setting_find(c->settings, word, NULL) == NULL);
}

static const struct command *
find_subcommand(const struct command *c, const char *word, struct error *error)
{
	const struct command *sub;
	char *what = str_printf("%s command", c->name);

	sub = command_find(c->subcommands, str_of(word), what, error);
	if (sub == NULL && error != NULL && error->command[0] == '\0' && error->why[0] == '\0') {
		char *usage = command_usage(c, NULL);

		remark(error, "usage: %s", usage);
		free(usage);
	}
	free(what);
	return sub;
}

/* What an unknown word may be when it is like no command: a setting, or one of another program's. */
static void
hint_instead(struct str word, struct error *error)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (str_is(word, row->name)) {
			hint(error, "%s %s", row->group, row->name);
			return;
		}
	if (error != NULL && error->command[0] == '\0' && error->why[0] == '\0')
		hint(error, "help");
}

const struct command *
command_lookup(const struct command *const *commands, const char *const *words, size_t n, size_t *used,
    struct error *error)
{
	const struct command *c = command_find(commands, str_of(words[0]), "command", error);
	char *usage;

	*used = 1;
	if (c == NULL) {
		hint_instead(str_of(words[0]), error);
		return NULL;
	}
	if (c->subcommands == NULL)
		return c;
	if (n > 1 && (c->run == NULL || names_subcommand(c, str_of(words[1])))) {
		*used = 2;
		return find_subcommand(c, words[1], error);
	}
	if (c->run != NULL)
		return c;
	usage = command_usage(c, NULL);
	fail(error, ERROR_USAGE, 0, "%s: which one?", c->name);
	remark(error, "usage: %s", usage);
	free(usage);
	return NULL;
}

static int
check_written(const char *word, const uint8_t *marks, const char *what, struct error *error)
{
	char shown[80];

	if (marks_written(marks, strlen(word)))
		return 0;
	return fail(error, ERROR_USAGE, 0, "the name of a %s is written, \"%s\" is a value", what,
	    str_printable(str_of(word), shown, sizeof shown));
}

const struct command *
command_lookup_written(const struct command *const *commands, const char *const *words, const uint8_t *const *marks,
    size_t n, size_t *used, struct error *error)
{
	const struct command *c;

	*used = 1;
	if (check_written(words[0], marks[0], "command", error) != 0)
		return NULL;
	c = command_lookup(commands, words, n, used, error);
	return c != NULL && *used > 1 && check_written(words[1], marks[1], "sub-command", error) != 0 ? NULL : c;
}

bool
command_runs_alone(const struct command *const *commands, struct str word)
{
	for (; *commands != NULL; commands++) {
		const struct command *c = *commands;

		if (str_is(word, c->name))
			return c->run != NULL &&
			    (c->args == NULL || c->args[0].name == NULL || (c->args[0].flags & ARG_OPTIONAL) != 0);
	}
	return false;
}
