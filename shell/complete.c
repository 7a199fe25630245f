/* Tab: what stands before the cursor, and so what may stand there. */
#include "shell/complete.h"

#include <stdlib.h>
#include <string.h>

#include "shell/complete_offers.h"
#include "shell/lookup.h"
#include "shell/table.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
offer_options(struct completions *c, const struct command *command)
{
	for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++)
		offer_taken(c, str_printf("--%s", o->name));
}

/* The value of the option that the word in front names. */
static bool
offer_option_value(struct shell *sh, struct completions *c, const struct command *command, const char *before)
{
	for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++) {
		struct arg value = { o->value, o->kind, 0, o->choices };

		if (o->value == NULL || strncmp(before, "--", 2) != 0 || strcmp(before + 2, o->name) != 0)
			continue;
		offer_argument(sh, c, &value);
		return true;
	}
	return false;
}

static void offer_for(struct shell *sh, struct completions *c, const char *const *words, size_t n);

/* let NAME = COMMAND ..., expect fail KIND COMMAND ..., expect WHAT ... */
static void
offer_let(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	if (n == 1)
		for (size_t i = 0; i < sh->variables.n; i++)
			offer(c, str_of(sh->variables.items[i].name));
	if (n >= 3)
		offer_for(sh, c, words + 3, n - 3);
}

static void
offer_kinds(struct completions *c)
{
	for (size_t i = 1; error_kind_at(i) != NULL; i++)
		offer_choices(c, error_kind_at(i)->name);
	offer_choices(c, "any");
}

static void
offer_expect(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	if (n >= 2 && strcmp(words[1], "fail") == 0) {
		if (n == 2)
			offer_kinds(c);
		else
			offer_for(sh, c, words + 3, n - 3);
	} else if (n == 1) {
		offer_choices(c, "fail|header|extract");
		offer_variables(sh, c);
	} else if (n == 2 && strcmp(words[1], "header") == 0) {
		offer_headers(sh, c, "");
	} else if (n == 2 && strcmp(words[1], "extract") == 0) {
		offer_selectors(sh, c);
	}
}

static void
offer_setting(struct completions *c, const struct command *command, const char *const *words, size_t n)
{
	if (n == 0)
		offer_settings(c, command->settings);
	else
		offer_setting_value(c, command->settings, words[0]);
	if (n == 0 && strcmp(command->settings, "trust") == 0)
		offer_choices(c, "on|off|ask");
}

/* words: those before the one being typed. */
static void
offer_for(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	size_t used = 1;
	const struct command *command;
	const struct arg *a;

	if (n == 0) {
		offer_commands(sh, c);
		return;
	}
	command = command_lookup(sh->commands, words, n, &used, NULL);
	if (command == NULL) {
		command = command_find(sh->commands, str_of(words[0]), "command", NULL);
		used = 1;
	}
	if (command == NULL)
		return;
	if (command == &command_let || command == &command_expect) {
		(command == &command_let ? offer_let : offer_expect)(sh, c, words, n);
		return;
	}
	if (c->typed.n > 0 && c->typed.p[0] == '-') {
		offer_options(c, command);
		return;
	}
	if (n > used && offer_option_value(sh, c, command, words[n - 1]))
		return;
	if (n == used && command->subcommands != NULL)
		for (const struct command *const *sub = command->subcommands; *sub != NULL; sub++)
			offer(c, str_of((*sub)->name));
	if (command->settings != NULL) {
		offer_setting(c, command, words + used, n - used);
		return;
	}
	a = command->args;
	for (size_t i = used; a != NULL && a->name != NULL && i < n; i++)
		if (words[i][0] != '-' && (a->flags & ARG_REPEAT) == 0)
			a++;
	if (a != NULL && a->name != NULL)
		offer_argument(sh, c, a);
}

/* ---- where the cursor stands ---- */

/* Behind the text up to the cursor, so that it can be parsed: closes what may be open. The mark is found again in the
 * word. */
#define MARK '\1'
static const struct ending {
	const char *text;
	char quote;
	bool braces;
} endings[] = {
	{ "\1", '\0', false },
	{ "\1'", '\'', false },
	{ "\1\"", '"', false },
	{ "_}\1", '\0', true },
	{ "_}\1\"", '"', true },
};

/* The last command of the text with an ending behind it. */
static bool
parse_with(struct str text, const struct ending *ending, struct line *line)
{
	struct buf all;
	size_t at = 0, where;
	bool incomplete, done = false;

	buf_init(&all, WORDS_MAX_TEXT);
	buf_add_str(&all, text);
	buf_add_str(&all, str_of(ending->text));
	while (!all.full && at < all.len && line_parse(line, buf_str(&all), &at, &where, &incomplete, NULL) == 0) {
		done = at == all.len;
		if (!done)
			line_release(line);
	}
	buf_release(&all);
	return done && line->n_commands > 0;
}

/* The words in front of the last one, as they were written. */
static void
offer_words(struct shell *sh, struct completions *c, const struct line_command *command)
{
	size_t n = command->n_words - 1;
	char **words = mem_alloc((n + 1) * sizeof *words);

	for (size_t i = 0; i < n; i++)
		words[i] = word_plain(&command->words[i]);
	offer_for(sh, c, (const char *const *)words, n);
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
}

/* A variable's name is being typed when the mark stands directly behind one, or behind a lone $. */
static bool
takes_variable(struct completions *c, const struct word *w, const struct ending *ending, struct str text)
{
	const struct word_part *last = &w->parts[w->n_parts - 1], *name = w->n_parts > 1 ? last - 1 : NULL;
	bool behind =
	    last->length == 1 && name != NULL && name->variable && (ending->braces || text.p[text.n - 1] != '}');

	if (behind)
		c->word = str_dup(str_from(name->text, name->length - ending->braces));
	else if (last->length >= 2 && last->text[last->length - 2] == '$' && ending->quote != '\'' &&
	    (text.n < 2 || text.p[text.n - 2] != '\\'))
		c->word = str_dup(STR(""));
	else
		return false;
	return true;
}

/* False when the mark stands in a comment behind the word. */
static bool
ends_in_mark(const struct word *w)
{
	const struct word_part *last = w->n_parts > 0 ? &w->parts[w->n_parts - 1] : NULL;

	return last != NULL && !last->variable && last->length > 0 && last->text[last->length - 1] == MARK;
}

/* A backslash at the end takes the meaning from what comes next: nothing can be offered in its place. */
static bool
ends_escaping(struct str text, char quote)
{
	size_t n = 0;

	while (n < text.n && text.p[text.n - 1 - n] == '\\')
		n++;
	return quote != '\'' && n % 2 == 1;
}

void
complete_line(struct shell *sh, struct str text, struct completions *out)
{
	const struct line_command *command;
	const struct word *w;
	struct line line;
	size_t i = 0;

	*out = (struct completions){ .finish = true };
	while (i < sizeof endings / sizeof *endings && !parse_with(text, &endings[i], &line))
		i++;
	if (i == sizeof endings / sizeof *endings)
		return;
	if (ends_escaping(text, endings[i].quote)) {
		line_release(&line);
		return;
	}
	command = &line.commands[line.n_commands - 1];
	w = command->redirect != REDIRECT_NONE && command->target.end > command->words[command->n_words - 1].end ?
	    &command->target :
	    command->n_words > 0 ? &command->words[command->n_words - 1] :
				   NULL;
	out->quote = endings[i].quote;
	if (command->escape != NULL || command->pipe != NULL || w == NULL || !ends_in_mark(w)) {
		/* text for the system's shell: nothing is known about it */
	} else if (takes_variable(out, w, &endings[i], text)) {
		out->typed = str_of(out->word);
		offer_variables(sh, out);
		out->finish = false;
	} else {
		out->word = word_plain(w);
		out->word[strlen(out->word) - 1] = '\0'; /* the mark */
		out->typed = str_of(out->word);
		if (w == &command->target)
			offer_files(out, false);
		else
			offer_words(sh, out, command);
	}
	line_release(&line);
	if (out->n > 0)
		qsort(out->items, out->n, sizeof *out->items, by_name);
}

void
completions_release(struct completions *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->items[i]);
	free(c->items);
	free(c->word);
	*c = (struct completions){ NULL, 0, NULL, { NULL, 0 }, '\0', false };
}

void
completion_source(const struct completions *c, struct str rest, bool finish, struct buf *out)
{
	const char *special = c->quote == '"' ? "$`\"\\" : " \t'\"\\$;|<>#";

	for (size_t i = 0; i < rest.n; i++) {
		if (c->quote == '\'' && rest.p[i] == '\'') {
			buf_add_str(out, STR("'\\''"));
			continue;
		}
		if (c->quote != '\'' && strchr(special, rest.p[i]) != NULL)
			buf_add_char(out, '\\');
		buf_add_char(out, rest.p[i]);
	}
	if (finish && c->quote != '\0')
		buf_add_char(out, c->quote);
	if (finish)
		buf_add_char(out, ' ');
}
