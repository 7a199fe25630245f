/* Secrets in commands: by what the command is, and a line without them. */
#include "shell/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/secret.h"
#include "shell/lookup.h"

/* ---- words and commands ---- */

static int
add_variable_mark(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context, (void)name, (void)error;
	return buf_add_char(out, SECRET_VARIABLE);
}

void
flat_init(struct flat *f, const struct word *w)
{
	uint8_t *marks = NULL;
	size_t where;

	*f = (struct flat){ .word = w };
	f->text = str_of(word_expand_marked(w, add_variable_mark, NULL, &marks, &where, NULL));
	f->marks = marks;
}

void
flat_release(struct flat *f)
{
	if (f->text.p != NULL)
		mem_wipe((void *)(uintptr_t)f->text.p, f->text.n);
	free((void *)(uintptr_t)f->text.p);
	free((void *)(uintptr_t)f->marks);
}

bool
flat_next(struct flat *f, size_t *from, size_t to, struct str *text, const char **variable)
{
	size_t end = *from;

	if (*from >= to)
		return false;
	while (end < to && (f->marks[end] & MARK_KIND) != MARK_VALUE)
		end++;
	*text = str_slice(f->text, *from, end);
	*variable = NULL;
	for (; end < to && *variable == NULL; f->part++)
		if (f->word->parts[f->part].variable)
			*variable = f->word->parts[f->part].text;
	*from = end + (*variable != NULL);
	return true;
}

static struct str
plain(const struct line_command *c, size_t i)
{
	const struct word *w = i < c->n_words ? &c->words[i] : NULL;

	return w != NULL && w->n_parts == 1 && !w->parts[0].variable ? str_from(w->parts[0].text, w->parts[0].length) :
								       str_of("");
}

/* What words 0 and 1 name, unique prefixes included; *used: how many of them. A command alone that has sub-commands:
 * none of them is named, or not yet. */
static const struct command *
named(const struct command *const *commands, const struct line_command *c, size_t *used)
{
	const struct command *command = command_find(commands, plain(c, 0), "", NULL), *sub = NULL;

	*used = 1;
	if (command != NULL && command->subcommands != NULL)
		sub = command_find(command->subcommands, plain(c, 1), "", NULL);
	*used += sub != NULL;
	return sub != NULL ? sub : command;
}

/* The row of the argument that begins the index-th word behind the name: what is too much belongs to the last. NULL:
 * there is none. */
static const struct arg *
row_of(const struct command *command, size_t index)
{
	const struct arg *a = command->args;

	if (a == NULL || a->name == NULL)
		return NULL;
	while (index-- > 0 && a[1].name != NULL)
		a++;
	return a;
}

/* The secret of word i, the first argument of the command being word `first`. */
static size_t
secret_of_argument(const struct command *const *commands, const struct command *command, const struct line_command *c,
    size_t first, size_t i)
{
	const struct arg *a = row_of(command, i - first);
	struct str word = plain(c, i);
	ptrdiff_t colon = str_find_char(word, ':');

	if (a == NULL)
		return SIZE_MAX;
	if ((a->flags & ARG_SECRET) != 0)
		return 0;
	if ((a->flags & ARG_SECRET_TAIL) != 0 && colon >= 0 && (size_t)colon + 1 < word.n)
		return (size_t)colon + 1;
	if ((a->flags & ARG_SECRET_NAMED) != 0 && secret_name(plain(c, first + (size_t)(a - command->args) - 1)))
		return 0;
	if (a->kind == ARG_ASSIGNMENT && i == first + 2 && c->n_words == first + 3 && secret_name(plain(c, first)) &&
	    !(command_runs_alone(commands, word) && marks_bare(c->words[i].parts[0].marks, word.n)))
		return 0;
	return SIZE_MAX;
}

size_t
secret_of_command(const struct command *const *commands, const struct line_command *c, size_t i)
{
	size_t first, secret = SIZE_MAX;
	const struct command *command = named(commands, c, &first);

	if (command == NULL || plain(c, i).n == 0 || i < first)
		return SIZE_MAX;
	if (command->subcommands == NULL && row_of(command, 0) != NULL)
		return secret_of_argument(commands, command, c, first, i);
	/* mistyped, ambiguous, or one that takes nothing: the word may be meant for any of its siblings */
	command = command_find(commands, plain(c, 0), "", NULL);
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL && i >= 2; sub++) {
		size_t one = secret_of_argument(commands, *sub, c, 2, i);

		secret = one < secret ? one : secret;
	}
	return secret;
}

bool
secret_asked_for(const struct command *const *commands, const struct line_command *c)
{
	size_t first;
	const struct command *command = named(commands, c, &first);
	const struct arg *a = command != NULL && c->n_words >= first ? row_of(command, c->n_words - first) : NULL;

	if (a == NULL || (a->flags & ARG_SECRET) == 0 || (a->flags & ARG_OPTIONAL) == 0 ||
	    first + (size_t)(a - command->args) != c->n_words)
		return false;
	for (size_t i = first; i < c->n_words; i++)
		if (c->words[i].n_parts != 1 || secret_of_command(commands, c, i) != SIZE_MAX)
			return false;
	return true;
}

const struct word *
assigned_name(const struct command *const *commands, const struct line_command *c)
{
	size_t first;
	const struct command *command = named(commands, c, &first);
	const struct arg *a = command != NULL ? row_of(command, 0) : NULL;

	return a != NULL && a->kind == ARG_ASSIGNMENT && c->n_words > first && c->words[first].n_parts > 0 &&
		!c->words[first].parts[0].variable ?
	    &c->words[first] :
	    NULL;
}

/* ---- errors ---- */

static void
mask(char *line, size_t from, size_t to)
{
	memset(line + from, '*', to - from);
}

static void
mask_command(char *line, const struct command *const *commands, const struct line_command *c)
{
	for (size_t i = 0; i < c->n_words; i++) {
		size_t secret = secret_of_command(commands, c, i);

		/* in quotes the offset would be another one: then all of the word */
		if (secret != SIZE_MAX && c->words[i].end - c->words[i].at == c->words[i].parts[0].length)
			mask(line, c->words[i].at + secret, c->words[i].end);
		else if (secret != SIZE_MAX)
			mask(line, c->words[i].at, c->words[i].end);
	}
}

char *
secret_masked(const struct command *const *commands, struct str text, size_t at)
{
	char *copy = mem_dup(text.p, text.n), *start = copy + (at < text.n ? at : text.n), *end = start;
	size_t next = 0, where, from = 0, to;
	struct line parsed;
	struct str line;
	bool incomplete;

	while (start > copy && start[-1] != '\n')
		start--;
	while (end < copy + text.n && *end != '\n')
		end++;
	line = str_from(start, (size_t)(end - start));
	while (next < line.n && line_parse(&parsed, line, &next, &where, &incomplete, NULL) == 0) {
		for (size_t i = 0; i < parsed.n_commands; i++)
			mask_command(start, commands, &parsed.commands[i]);
		line_release(&parsed);
	}
	for (; secret_find(line, false, &from, &to); from = to)
		if (start[from] != '$')
			mask(start, from, to);
	return copy;
}

/* ---- history ---- */

/* What is kept of a word, until a variable comes. */
struct kept {
	const struct command *const *commands;
	struct buf text, marks;
};

static void
put_kept(struct kept *k, struct buf *out)
{
	buf_add_char(&k->marks, MARK_BARE);
	if (k->text.len > 0)
		word_source(buf_str(&k->text), k->marks.data, command_runs_alone(k->commands, buf_str(&k->text)), out);
	buf_clear(&k->text);
	buf_clear(&k->marks);
}

/* The bytes [from, to) of the flat text stay. */
static void
keep(struct kept *k, struct flat *f, size_t from, size_t to, struct buf *out)
{
	const char *variable;
	struct str text;

	for (size_t at = from; flat_next(f, &at, to, &text, &variable); from = at) {
		buf_add_str(&k->text, text);
		buf_add(&k->marks, f->marks + from, text.n);
		if (variable == NULL)
			continue;
		put_kept(k, out);
		buf_addf(out, "${%s}", variable);
	}
}

/* The word again as source without its secrets; false when it has none. */
static bool
clean_word(const struct command *const *commands, const struct word *w, size_t secret, struct buf *out)
{
	struct kept k = { .commands = commands };
	struct flat f;
	size_t from = 0, to, at = 0;
	bool found = secret != SIZE_MAX;

	buf_init(&k.text, WORDS_MAX_TEXT);
	buf_init(&k.marks, WORDS_MAX_TEXT + 1);
	flat_init(&f, w);
	if (found) {
		keep(&k, &f, 0, secret > 0 && f.text.p[secret - 1] == ':' ? secret - 1 : secret, out);
	} else {
		for (; secret_find(f.text, true, &from, &to); from = at = to, found = true)
			keep(&k, &f, at, from, out);
		if (found)
			keep(&k, &f, at, f.text.n, out);
	}
	if (found)
		put_kept(&k, out);
	flat_release(&f);
	buf_wipe_release(&k.text);
	buf_release(&k.marks);
	return found;
}

/* Appends the command's source from *at on, without its secrets. */
static bool
clean_command(const struct command *const *commands, struct str line, const struct line_command *c, size_t *at,
    struct buf *out)
{
	size_t from = 0, to;
	struct flat body;
	bool hidden;

	flat_init(&body, &c->heredoc);
	hidden = secret_in_shell(str_of(c->pipe)) || secret_in_shell(str_of(c->escape)) ||
	    secret_find(body.text, false, &from, &to);
	flat_release(&body);
	if (hidden)
		return false;
	for (size_t i = 0; i < c->n_words; i++) {
		size_t secret = secret_of_command(commands, c, i);
		struct str before = str_slice(line, *at, c->words[i].at);

		if (secret != 0)
			buf_add_str(out, before);
		if (!clean_word(commands, &c->words[i], secret, out))
			buf_add_str(out, str_slice(line, c->words[i].at, c->words[i].end));
		*at = c->words[i].end;
	}
	return true;
}

char *
secret_free_line(const struct command *const *commands, struct str line)
{
	struct buf out;
	size_t next = 0, at = 0, where;
	bool keep = line.n > 0 && line.p[0] != ' ' && line.p[0] != '\t', incomplete;

	buf_init(&out, WORDS_MAX_TEXT);
	while (keep && next < line.n) {
		struct line parsed;

		/* what cannot be read is kept only when nothing in it looks like a secret */
		if (line_parse(&parsed, line, &next, &where, &incomplete, NULL) != 0) {
			keep = !secret_in_shell(str_slice(line, at, line.n));
			break;
		}
		for (size_t i = 0; i < parsed.n_commands && keep; i++)
			keep = clean_command(commands, line, &parsed.commands[i], &at, &out);
		line_release(&parsed);
	}
	buf_add_str(&out, str_slice(line, at, line.n));
	if (keep)
		return buf_take(&out);
	buf_wipe_release(&out);
	return NULL;
}
