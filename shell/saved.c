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

/* Whether the command sets something that a session keeps: its row says so, or its words do. words: at least one. */
static bool
only_sets(const struct shell *sh, const char *const *words, size_t n)
{
	struct call call = { .session = sh->session };
	size_t used;
	const struct command *c = command_lookup(sh->commands, words, n, &used, NULL);
	unsigned flags;

	if (c == NULL)
		return false;
	flags = c->flags;
	if (c->needs != NULL && call_parse(&call, c, words + used, n - used) == 0)
		flags |= c->needs(&call);
	call_release(&call);
	return (flags & CMD_KEPT) != 0;
}

/* "set, tls, trust": those of which something may stand there; caller frees. */
static char *
kept_names(const struct shell *sh)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; sh->commands[i] != NULL; i++) {
		const struct command *const *sub = sh->commands[i]->subcommands;
		unsigned flags = sh->commands[i]->flags;

		for (; sub != NULL && *sub != NULL; sub++)
			flags |= (*sub)->flags;
		if ((flags & CMD_KEPT) != 0)
			buf_addf(&out, "%s%s", out.len > 0 ? ", " : "", sh->commands[i]->name);
	}
	return buf_take(&out);
}

static int
check_command(const struct shell *sh, const struct line_command *c, struct error *error)
{
	const char *more = more_than_words(c);
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	char shown[40], *names;
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
	if (known)
		return 0;
	names = kept_names(sh);
	fail(error, ERROR_USAGE, 0, "a session's file cannot have this \"%s\", only what sets something: %s", shown,
	    names);
	free(names);
	return -1;
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
