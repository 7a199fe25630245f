#include "shell/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"
#include "shell/table.h"

/* ---- names and values ---- */

bool
secret_name(struct str name)
{
	static const char *const parts[] = { "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "apikey",
		"api_key", "api-key", "access_key", "access-key", "private_key", "authorization", "credential", "session", "sessid", NULL };
	static const char *const whole[] = { "pass", "pw", "pin", "otp", "auth", "sid", "jwt", "cookie", NULL };
	char lower[128];
	size_t n = name.n < sizeof(lower) - 1 ? name.n : sizeof(lower) - 1;

	for (size_t i = 0; i < n; i++)
		lower[i] = ascii_lower(name.p[i]);
	lower[n] = '\0';
	for (size_t i = 0; parts[i] != NULL; i++)
		if (strstr(lower, parts[i]) != NULL)
			return true;
	for (size_t i = 0; whole[i] != NULL; i++)
		if (strcmp(lower, whole[i]) == 0)
			return true;
	return false;
}

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool
is_one_of(struct str t, size_t i, const char *set)
{
	return i < t.n && t.p[i] != '\0' && strchr(set, t.p[i]) != NULL;
}

/* user:password@ behind the two slashes at start - 2 */
static bool
find_userinfo(struct str t, size_t start, size_t *from, size_t *to)
{
	size_t end = start, at = SIZE_MAX, colon = SIZE_MAX;

	for (; end < t.n && !is_one_of(t, end, "/?# \t\n\"'"); end++)
		if (t.p[end] == '@')
			at = end;
		else if (t.p[end] == ':' && colon == SIZE_MAX)
			colon = end;
	if (at == SIZE_MAX || colon >= at || colon + 1 == at)
		return false;
	*from = colon + 1;
	*to = at;
	return true;
}

/* The value behind the name [start, end). */
static bool
find_value(struct str t, bool item, size_t start, size_t end, size_t *from, size_t *to)
{
	bool quoted = is_one_of(t, end, "\"'"), bracket = false, first = start == 0, colon;
	size_t i = end + quoted;

	for (; is_one_of(t, i, "]"); i++)      /* user[password]=... */
		bracket = true;
	while (quoted && is_one_of(t, i, " \t"))
		i++;
	/* a colon is much else, too: a:hover, host:port */
	if (!is_one_of(t, i, "=:") || (t.p[i] == ':' && !quoted && (!first || bracket) && t.p[start - !first] != '\n'))
		return false;
	colon = t.p[i] == ':';
	while (is_one_of(t, i, "=:"))
		i++;
	while ((colon || quoted) && is_one_of(t, i, " \t"))
		i++;
	if (i == t.n || (t.p[i] == '@' && item))      /* name=@file */
		return false;
	*from = i;
	if (is_one_of(t, i, "\"'")) {
		for (*from = i + 1, *to = i + 1; *to < t.n && t.p[*to] != t.p[i]; (*to)++)
			if (t.p[*to] == '\\' && *to + 1 < t.n)
				(*to)++;
	} else if (item && first) {
		*to = t.n;
	} else {
		for (*to = i; *to < t.n && !is_one_of(t, *to, "&#,;}\n\"'") && (colon || !is_one_of(t, *to, " \t")); (*to)++)
			continue;
	}
	return *to > *from;
}

static bool
only_variables(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != SECRET_VARIABLE)
			return false;
	return true;
}

bool
secret_find(struct str t, bool item, size_t *from, size_t *to)
{
	size_t n, i = *from;

	for (; i < t.n; i += n > 0 ? n : 1) {
		bool authority = i >= 2 && t.p[i - 1] == '/' && t.p[i - 2] == '/';

		for (n = 0; i + n < t.n && is_name(t.p[i + n]); n++)
			continue;
		if (n == 0)
			continue;
		if (authority ? find_userinfo(t, i, from, to) :
		    secret_name(str_slice(t, i, i + n)) && find_value(t, item, i, i + n, from, to)) {
			if (!only_variables(str_slice(t, *from, *to)))
				return true;
			i = *to;
			n = 0;
		}
	}
	return false;
}

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

	return w != NULL && w->n_parts == 1 && !w->parts[0].variable ? str_from(w->parts[0].text, w->parts[0].length) : str_of("");
}

/* Whether words 0 and 1 name this command, unique prefixes included. */
static bool
names(const struct line_command *c, const char *name, const char *sub)
{
	const struct command *command = command_find(command_table(), plain(c, 0), "", NULL);

	if (command == NULL || strcmp(command->name, name) != 0)
		return false;
	if (sub != NULL)
		command = command->subcommands != NULL ? command_find(command->subcommands, plain(c, 1), "", NULL) : NULL;
	return command != NULL && (sub == NULL || strcmp(command->name, sub) == 0);
}

size_t
secret_of_command(const struct line_command *c, size_t i)
{
	struct str word = plain(c, i);
	bool literal = i < c->n_words && word.n > 0;

	if (!literal)
		return SIZE_MAX;
	if (i >= 2 && names(c, "auth", NULL)) {
		ptrdiff_t colon = str_find_char(word, ':');

		/* where no user is expected for sure, the word may be a token: also after a mistyped or ambiguous kind */
		if (i > 2 || !(names(c, "auth", "basic") || names(c, "auth", "digest") || names(c, "auth", "any")))
			return 0;
		return colon >= 0 && (size_t)colon + 1 < word.n ? (size_t)colon + 1 : SIZE_MAX;
	}
	if (i >= 3 && secret_name(plain(c, 2)) && names(c, "header", "set"))
		return 0;
	if (i == 3 && c->n_words == 4 && secret_name(plain(c, 1)) && names(c, "let", NULL) &&
	    !(let_runs(word) && marks_bare(c->words[3].parts[0].marks, word.n)))
		return 0;
	return SIZE_MAX;
}

/* ---- history ---- */

static bool
has_secret(struct str text)
{
	size_t from = 0, to;

	return secret_find(text, false, &from, &to);
}

/* What is kept of a word, until a variable comes. */
struct kept {
	struct buf text, marks;
};

static void
put_kept(struct kept *k, struct buf *out)
{
	buf_add_char(&k->marks, MARK_BARE);
	if (k->text.len > 0)
		word_source(buf_str(&k->text), k->marks.data, out);
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
clean_word(const struct word *w, size_t secret, struct buf *out)
{
	struct kept k;
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
clean_command(struct str line, const struct line_command *c, size_t *at, struct buf *out)
{
	struct flat body;
	bool hidden;

	flat_init(&body, &c->heredoc);
	hidden = has_secret(str_of(c->pipe)) || has_secret(str_of(c->escape)) || has_secret(body.text);
	flat_release(&body);
	if (hidden)
		return false;
	for (size_t i = 0; i < c->n_words; i++) {
		size_t secret = secret_of_command(c, i);
		struct str before = str_slice(line, *at, c->words[i].at);

		if (secret != 0)
			buf_add_str(out, before);
		if (!clean_word(&c->words[i], secret, out))
			buf_add_str(out, str_slice(line, c->words[i].at, c->words[i].end));
		*at = c->words[i].end;
	}
	return true;
}

char *
secret_free_line(struct str line)
{
	struct buf out;
	size_t next = 0, at = 0, where;
	bool keep = line.n > 0 && line.p[0] != ' ' && line.p[0] != '\t', incomplete;

	buf_init(&out, WORDS_MAX_TEXT);
	while (keep && next < line.n) {
		struct line parsed;

		/* what cannot be read is kept only when nothing in it looks like a secret */
		if (line_parse(&parsed, line, &next, &where, &incomplete, NULL) != 0) {
			keep = !has_secret(str_slice(line, at, line.n));
			break;
		}
		for (size_t i = 0; i < parsed.n_commands && keep; i++)
			keep = clean_command(line, &parsed.commands[i], &at, &out);
		line_release(&parsed);
	}
	buf_add_str(&out, str_slice(line, at, line.n));
	if (keep)
		return buf_take(&out);
	buf_wipe_release(&out);
	return NULL;
}
