/* The lines of a session's file: settings and the like, never a program, a file that is written, or the network. */
#include <stdlib.h>
#include <string.h>

#include "shell/lookup.h"
#include "shell/shell.h"

static bool
is_plain(const struct word *w)
{
	for (size_t i = 0; i < w->n_parts; i++)
		if (w->parts[i].variable)
			return false;
	return true;
}

/* What else than a command and its words stands there; NULL: nothing. */
static const char *
more_than_words(const struct line_command *c)
{
	if (c->escape != NULL)
		return "!";
	if (c->pipe != NULL)
		return "|";
	if (c->redirect != REDIRECT_NONE)
		return ">";
	if (c->has_heredoc)
		return "<<";
	for (size_t i = 0; i < c->n_words; i++)
		if (!is_plain(&c->words[i]))
			return "$";
	return NULL;
}

static bool
is_one_of(const char *name, const char *const *list)
{
	while (*list != NULL && strcmp(name, *list) != 0)
		list++;
	return *list != NULL;
}

/* Whether the command sets something that a session keeps. words: at least one. */
static bool
only_sets(const struct shell *sh, const char *const *words, size_t n)
{
	static const char *const kept[] = { "set", "tls", "trust", "header", "open", "auth", NULL };
	size_t used;
	const struct command *c = command_lookup(sh->commands, words, n, &used, NULL);
	const struct command *first = command_find(sh->commands, str_of(words[0]), "", NULL);

	/* profile save writes a file, and it has one word more */
	return c != NULL && (c->flags & (CMD_STATE | CMD_NETWORK)) == CMD_STATE && is_one_of(first->name, kept) &&
	    !(c->settings == NULL && strcmp(first->name, "tls") == 0 && n > 3);
}

static int
check_command(const struct shell *sh, const struct line_command *c, struct error *error)
{
	const char *more = more_than_words(c);
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	char shown[40];
	bool known;

	for (size_t i = 0; i < c->n_words; i++)
		words[i] = word_plain(&c->words[i]);
	known = more == NULL && only_sets(sh, words, c->n_words);
	str_printable(str_of(c->n_words > 0 ? words[0] : ""), shown, sizeof shown);
	for (size_t i = 0; i < c->n_words; i++)
		free((void *)(uintptr_t)words[i]);
	free(words);
	if (more != NULL)
		return fail(error, ERROR_USAGE, 0, "a session's file cannot have %s: it only says what is set", more);
	return known ?
	    0 :
	    fail(error, ERROR_USAGE, 0,
		"a session's file cannot have this \"%s\", only what sets something by set, tls, trust, header, open "
		"and auth",
		shown);
}

/* One command a line: of several the first would take effect, and the line stay for the sake of the others. */
static int
check_line(const struct shell *sh, struct str text, struct error *error)
{
	struct line line = { NULL, 0 };
	size_t at = 0, where;
	bool incomplete;
	int status = line_parse(&line, text, &at, &where, &incomplete, error);

	if (status == 0 && line.n_commands > 1)
		status = fail(error, ERROR_USAGE, 0, "a session's file has one command a line");
	if (status == 0 && line.n_commands == 1)
		status = check_command(sh, &line.commands[0], error);
	line_release(&line);
	return status;
}

int
saved_line_run(void *context, const char *line, struct error *error)
{
	struct shell *sh = context;
	int status;

	if (check_line(sh, str_of(line), error) != 0)
		return -1;
	sh->depth++; /* its failures are told by the caller */
	status = script_run(sh, NULL, str_of(line), error);
	sh->depth--;
	return status;
}
