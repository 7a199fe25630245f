#include "shell/words.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX_HEREDOCS = 16 };

struct lexer {
	struct str text;
	size_t at;
	size_t *where;
	bool *incomplete;
	struct error *error;
	struct buf plain, marks;                /* text part being collected */
	bool empty;                             /* '' stands in front of its next byte */
	size_t plain_at;
	bool plain_open;                        /* also an empty '' makes a part */
	struct { size_t command; char *end; bool literal; } pending[WORDS_MAX_HEREDOCS];
	size_t n_pending;
};

static int
fail_at(struct lexer *l, size_t at, const char *message)
{
	*l->where = at;
	return fail(l->error, ERROR_USAGE, 0, "%s", message);
}

static int
fail_open(struct lexer *l, size_t at, const char *message)
{
	*l->incomplete = true;
	return fail_at(l, at, message);
}

static int
peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.n ? (unsigned char)l->text.p[l->at + ahead] : -1;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* ---- words ---- */
static void
word_release(struct word *w)
{
	for (size_t i = 0; i < w->n_parts; i++) {
		mem_wipe(w->parts[i].text, w->parts[i].length);
		free(w->parts[i].text);
		free(w->parts[i].marks);
	}
	free(w->parts);
	*w = (struct word){ .parts = NULL };
}

/* marks: NULL for a variable */
static void
add_part(struct word *w, struct str text, uint8_t *marks, size_t at)
{
	w->parts = mem_resize(w->parts, (w->n_parts + 1) * sizeof *w->parts);
	w->parts[w->n_parts++] = (struct word_part){ marks == NULL, str_dup(text), marks, text.n, at };
}

static void
close_plain(struct lexer *l, struct word *w)
{
	if (l->plain_open) {
		buf_add_char(&l->marks, l->empty ? MARK_EMPTY : 0);
		add_part(w, buf_str(&l->plain), (uint8_t *)buf_take(&l->marks), l->plain_at);
	}
	buf_clear(&l->plain);
	l->plain_open = l->empty = false;
}

static void
open_plain(struct lexer *l)
{
	if (!l->plain_open)
		l->plain_at = l->at;
	l->plain_open = true;
}

static void
add_plain(struct lexer *l, char c, int mark)
{
	open_plain(l);
	buf_add_char(&l->plain, c);
	buf_add_char(&l->marks, (char)(mark | (l->empty ? MARK_EMPTY : 0)));
	l->empty = false;
}

/* mark: of a $ that begins none */
static int
read_variable(struct lexer *l, struct word *w, int mark)
{
	struct str rest = str_slice(l->text, l->at + 1, l->text.n);
	bool braces = rest.n > 0 && rest.p[0] == '{';
	size_t n = variable_name_length(braces ? str_slice(rest, 1, rest.n) : rest, braces);

	if (!braces && rest.n > 0 && rest.p[0] == '(') {
		fail_at(l, l->at, "$(...) is not known here");
		return remark(l->error, "let NAME = COMMAND, then $NAME");
	}
	if (braces && (n == 0 || n + 1 >= rest.n || rest.p[n + 1] != '}'))
		return fail_at(l, l->at, "a variable is written ${name}");
	if (n == 0) {
		add_plain(l, '$', mark);
		l->at++;
		return 0;
	}
	close_plain(l, w);
	add_part(w, str_slice(rest, braces, braces + n), NULL, l->at);
	l->at += 1 + n + (braces ? 2 : 0);
	return 0;
}

/* The next byte inside double quotes or a body. XCU 2.2.3: a backslash is special only before these; with a newline it is
 * nothing. */
static void
take_plain(struct lexer *l, const char *special)
{
	int next = peek(l, 1);
	bool escaped = peek(l, 0) == '\\' && next >= 0 && strchr(special, next) != NULL;

	if (escaped)
		l->at++;
	if (!escaped || next != '\n')
		add_plain(l, l->text.p[l->at], escaped ? MARK_ESCAPED : MARK_QUOTED);
	l->at++;
}

static int
read_single(struct lexer *l)
{
	size_t start = l->at;

	open_plain(l);
	for (l->at++; peek(l, 0) != '\''; l->at++) {
		if (peek(l, 0) < 0)
			return fail_open(l, start, "this quote is never closed");
		add_plain(l, l->text.p[l->at], MARK_QUOTED);
	}
	l->empty = l->empty || l->at == start + 1;
	l->at++;
	return 0;
}

static int
read_double(struct lexer *l, struct word *w)
{
	size_t start = l->at;

	open_plain(l);
	l->at++;
	while (peek(l, 0) != '"') {
		if (peek(l, 0) < 0)
			return fail_open(l, start, "this quote is never closed");
		if (peek(l, 0) == '$') {
			if (read_variable(l, w, MARK_QUOTED) < 0)
				return -1;
			continue;
		}
		take_plain(l, "$`\"\\\n");
	}
	l->empty = l->empty || l->at == start + 1;
	l->at++;
	return 0;
}

static int
read_backslash(struct lexer *l)
{
	size_t skip = peek(l, 1) == '\r' && peek(l, 2) == '\n' ? 2 : 1;
	/* what would be the shell's own is only kept from it, as by quotes: X-Empty\; */
	bool own = peek(l, 1) > 0 && strchr(";|<>", peek(l, 1)) != NULL;

	if (l->at + skip >= l->text.n)
		return fail_open(l, l->at, "the line ends with a backslash and nothing follows");
	if (l->text.p[l->at + skip] != '\n')
		add_plain(l, l->text.p[l->at + skip], own ? MARK_QUOTED : MARK_ESCAPED);
	l->at += skip + 1;
	return 0;
}

static bool
ends_word(const struct lexer *l, bool compare)
{
	int c = peek(l, 0);

	if (c < 0 || is_blank(c) || c == '\n' || c == ';' || c == '|')
		return true;
	if (compare)
		return false;
	return c == '>' || (c == '<' && peek(l, 1) == '<');
}

/* compare: > and < are ordinary bytes */
static int
read_word(struct lexer *l, struct word *w, bool compare)
{
	*w = (struct word){ .at = l->at };
	while (!ends_word(l, compare)) {
		int c = peek(l, 0), result = 0;

		if (c == '\'') {
			result = read_single(l);
		} else if (c == '"') {
			result = read_double(l, w);
		} else if (c == '$') {
			result = read_variable(l, w, MARK_BARE);
		} else if (c == '\\') {
			result = read_backslash(l);
		} else if (c == '\0') {
			result = fail_at(l, l->at, "a NUL byte");
		} else {
			add_plain(l, (char)c, MARK_BARE);
			l->at++;
		}
		if (result < 0) {
			close_plain(l, w);
			return -1;
		}
	}
	close_plain(l, w);
	w->end = l->at;
	return 0;
}

bool
word_is(const struct word *word, const char *text)
{
	return word->n_parts == 1 && !word->parts[0].variable && strcmp(word->parts[0].text, text) == 0;
}

/* ---- operators ---- */
static void
skip_blanks(struct lexer *l)
{
	for (;;) {
		if (is_blank(peek(l, 0)))
			l->at++;
		else if (peek(l, 0) == '\\' && peek(l, 1) == '\n')
			l->at += 2;
		else if (peek(l, 0) == '\\' && peek(l, 1) == '\r' && peek(l, 2) == '\n')
			l->at += 3;
		else
			return;
	}
}

static void
skip_comment(struct lexer *l)
{
	if (peek(l, 0) == '#')
		while (peek(l, 0) >= 0 && peek(l, 0) != '\n')
			l->at++;
}

static int
read_redirect(struct lexer *l, struct line_command *c)
{
	size_t start = l->at++;

	if (c->redirect != REDIRECT_NONE)
		return fail_at(l, start, "the output has a file already");
	c->redirect = REDIRECT_WRITE;
	if (peek(l, 0) == '>') {
		c->redirect = REDIRECT_APPEND;
		l->at++;
	}
	skip_blanks(l);
	if (ends_word(l, false))
		return fail_at(l, start, "a file name must follow");
	return read_word(l, &c->target, false);
}

static int
read_heredoc_start(struct lexer *l, struct line_command *c, size_t index)
{
	size_t start = l->at;
	struct word end;
	int result;

	l->at += 2;
	skip_blanks(l);
	if (c->has_heredoc || l->n_pending == WORDS_MAX_HEREDOCS)
		return fail_at(l, start, "one << for a command");
	if (ends_word(l, false))
		return fail_at(l, start, "the word that ends the text must follow: <<EOF");
	result = read_word(l, &end, false);
	if (result == 0 && (end.n_parts != 1 || end.parts[0].variable))
		result = fail_at(l, end.at, "the word that ends the text cannot have variables");
	if (result == 0) {
		c->has_heredoc = true;
		l->pending[l->n_pending].command = index;
		l->pending[l->n_pending].end = str_dup(str_of(end.parts[0].text));
		/* written with any quote, the body is literal (XCU 2.7.4) */
		l->pending[l->n_pending].literal = end.end - end.at != end.parts[0].length;
		l->n_pending++;
	}
	word_release(&end);
	return result;
}

/* The raw text for `sh -c`; quotes hide a ; when stop_at_semicolon. */
static int
read_shell_text(struct lexer *l, bool stop_at_semicolon, char **out)
{
	size_t operator = l->at++, start = l->at;
	struct str text;
	int quote = 0;

	for (; peek(l, 0) >= 0 && (quote != 0 || peek(l, 0) != '\n'); l->at++) {
		int c = peek(l, 0);

		if (c == '\\' && quote != '\'' && peek(l, 1) >= 0)
			l->at++;
		else if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == ';' && stop_at_semicolon)
			break;
	}
	if (quote != 0)
		return fail_open(l, operator, "a quote behind this is never closed");
	text = str_trim(str_slice(l->text, start, l->at));
	if (text.n == 0)
		return fail_at(l, operator, "a command for the system's shell must follow");
	if (memchr(text.p, '\0', text.n) != NULL)
		return fail_at(l, operator, "a NUL byte");
	*out = str_dup(text);
	return 0;
}

/* ---- heredoc bodies ---- */
static void
skip_line(struct lexer *l, struct str *line)
{
	struct str rest = str_slice(l->text, l->at, l->text.n);

	*line = str_cut(&rest, '\n');
	l->at += line->n + (rest.p != NULL ? 1 : 0);
}

/* The body from l->at to `to` with $ and \ as in double quotes, but " is itself. */
static int
read_body(struct lexer *l, struct word *w, size_t to)
{
	struct str whole = l->text;
	int result = 0;

	l->text.n = to;
	while (result == 0 && peek(l, 0) >= 0) {
		if (peek(l, 0) == '$') {
			result = read_variable(l, w, MARK_QUOTED);
			continue;
		}
		take_plain(l, "$`\\\n");
	}
	close_plain(l, w);
	l->text = whole;
	return result;
}

static void
read_literal_body(struct lexer *l, struct word *w, size_t to)
{
	for (open_plain(l); l->at < to; l->at++)
		add_plain(l, l->text.p[l->at], MARK_QUOTED);
	close_plain(l, w);
}

static int
read_heredocs(struct lexer *l, struct line *line)
{
	for (size_t i = 0; i < l->n_pending; i++) {
		struct word *body = &line->commands[l->pending[i].command].heredoc;
		size_t start = l->at, end = l->at, after;
		struct str text;
		bool found = false;

		while (!found && l->at < l->text.n) {
			end = l->at;
			skip_line(l, &text);
			if (str_ends(text, STR("\r")))
				text.n--;
			found = str_is(text, l->pending[i].end);
		}
		if (!found)
			return fail_open(l, line->commands[l->pending[i].command].at, "the text behind << has no end");
		after = l->at;
		body->at = start;
		body->end = end;
		l->at = start;
		if (l->pending[i].literal)
			read_literal_body(l, body, end);
		else if (read_body(l, body, end) < 0)
			return -1;
		l->at = after;
	}
	return 0;
}

/* ---- lines ---- */
static void
command_release(struct line_command *c)
{
	for (size_t i = 0; i < c->n_words; i++)
		word_release(&c->words[i]);
	free(c->words);
	word_release(&c->target);
	word_release(&c->heredoc);
	free(c->pipe);
	free(c->escape);
}

void
line_release(struct line *line)
{
	for (size_t i = 0; i < line->n_commands; i++)
		command_release(&line->commands[i]);
	free(line->commands);
	*line = (struct line){ .commands = NULL };
}

static int
add_word(struct lexer *l, struct line_command *c, bool compare)
{
	if (c->n_words == WORDS_MAX_WORDS)
		return fail_at(l, l->at, "too many words");
	if ((c->n_words & (c->n_words - 1)) == 0)
		c->words = mem_resize(c->words, (c->n_words > 0 ? 2 * c->n_words : 1) * sizeof *c->words);
	return read_word(l, &c->words[c->n_words++], compare);
}

static int
read_command(struct lexer *l, struct line *line)
{
	size_t index = line->n_commands;
	struct line_command *c;

	if (index == WORDS_MAX_COMMANDS)
		return fail_at(l, l->at, "too many commands on a line");
	line->commands = mem_resize(line->commands, (index + 1) * sizeof *line->commands);
	c = &line->commands[line->n_commands++];
	*c = (struct line_command){ .at = l->at };
	if (peek(l, 0) == '!') {
		if (read_shell_text(l, false, &c->escape) < 0)
			return -1;
		c->end = l->at;
		return 0;
	}
	for (;;) {
		bool compare = c->n_words > 0 && word_is(&c->words[0], "expect");
		int ch = peek(l, 0), result;

		c->end = l->at;
		skip_blanks(l);
		skip_comment(l);
		ch = peek(l, 0);
		if (ch < 0 || ch == '\n' || ch == ';')
			break;
		if (ch == '|')
			result = read_shell_text(l, true, &c->pipe);
		else if (ch == '>' && !compare && peek(l, 1) != '=')
			result = read_redirect(l, c);
		else if (ch == '<' && !compare && peek(l, 1) == '<')
			result = read_heredoc_start(l, c, index);
		else if (ch == '&' && peek(l, 1) == '&')
			return fail_at(l, l->at, "&& is not known here: ; separates commands, and a script stops at the first that fails");
		else
			result = add_word(l, c, compare || ch == '>');
		if (result < 0)
			return -1;
		if (c->n_words == 0)
			return fail_at(l, c->at, "a command must stand here");
	}
	return 0;
}

int
line_parse(struct line *line, struct str text, size_t *at, size_t *where, bool *incomplete, struct error *error)
{
	struct lexer l = { .text = text, .at = *at, .where = where, .incomplete = incomplete, .error = error };
	int result = 0;

	*line = (struct line){ .commands = NULL };
	*incomplete = false;
	*where = *at;
	buf_init(&l.plain, WORDS_MAX_TEXT);
	buf_init(&l.marks, WORDS_MAX_TEXT + 1);
	while (result == 0) {
		skip_blanks(&l);
		skip_comment(&l);
		if (peek(&l, 0) < 0 || peek(&l, 0) == '\n')
			break;
		if (peek(&l, 0) == ';')
			l.at++;
		else
			result = read_command(&l, line);
	}
	if (peek(&l, 0) == '\n')
		l.at++;
	if (result == 0)
		result = read_heredocs(&l, line);
	if (result == 0 && l.plain.full)
		result = fail_at(&l, *at, "the line is too long");
	for (size_t i = 0; i < l.n_pending; i++)
		free(l.pending[i].end);
	buf_wipe_release(&l.plain);
	buf_release(&l.marks);
	if (result < 0)
		line_release(line);
	*at = l.at;
	return result;
}
