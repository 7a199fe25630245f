/* One word: its quotes, escapes and variables. */
#include "shell/lexer.h"

#include <stdlib.h>
#include <string.h>

int
lexer_fail(struct lexer *l, size_t at, const char *message)
{
	*l->where = at;
	return fail(l->error, ERROR_USAGE, 0, "%s", message);
}

int
lexer_fail_open(struct lexer *l, size_t at, const char *message)
{
	*l->incomplete = true;
	return lexer_fail(l, at, message);
}

int
lexer_peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.n ? (unsigned char)l->text.p[l->at + ahead] : -1;
}

bool
lexer_is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

void
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

void
lexer_close(struct lexer *l, struct word *w)
{
	if (l->plain_open) {
		buf_add_char(&l->marks, l->empty ? MARK_EMPTY : 0);
		add_part(w, buf_str(&l->plain), (uint8_t *)buf_take(&l->marks), l->plain_at);
	}
	buf_clear(&l->plain);
	l->plain_open = l->empty = false;
}

void
lexer_open(struct lexer *l)
{
	if (!l->plain_open)
		l->plain_at = l->at;
	l->plain_open = true;
}

void
lexer_add(struct lexer *l, char c, int mark)
{
	lexer_open(l);
	buf_add_char(&l->plain, c);
	buf_add_char(&l->marks, (char)(mark | (l->empty ? MARK_EMPTY : 0)));
	l->empty = false;
}

int
lexer_variable(struct lexer *l, struct word *w, int mark)
{
	struct str rest = str_slice(l->text, l->at + 1, l->text.n);
	bool braces = rest.n > 0 && rest.p[0] == '{';
	size_t n = variable_name_length(braces ? str_slice(rest, 1, rest.n) : rest, braces);

	if (!braces && rest.n > 0 && rest.p[0] == '(') {
		lexer_fail(l, l->at, "$(...) is not known here");
		return remark(l->error, "let NAME = COMMAND, then $NAME");
	}
	if (braces && (n == 0 || n + 1 >= rest.n || rest.p[n + 1] != '}'))
		return lexer_fail(l, l->at, "a variable is written ${name}");
	if (n == 0) {
		lexer_add(l, '$', mark);
		l->at++;
		return 0;
	}
	lexer_close(l, w);
	add_part(w, str_slice(rest, braces, braces + n), NULL, l->at);
	l->at += 1 + n + (braces ? 2 : 0);
	return 0;
}

/* XCU 2.2.3 */
void
lexer_take(struct lexer *l, const char *special)
{
	int next = lexer_peek(l, 1);
	bool escaped = lexer_peek(l, 0) == '\\' && next >= 0 && strchr(special, next) != NULL;

	if (escaped)
		l->at++;
	if (!escaped || next != '\n')
		lexer_add(l, l->text.p[l->at], escaped ? MARK_ESCAPED : MARK_QUOTED);
	l->at++;
}

static int
read_single(struct lexer *l)
{
	size_t start = l->at;

	lexer_open(l);
	for (l->at++; lexer_peek(l, 0) != '\''; l->at++) {
		if (lexer_peek(l, 0) < 0)
			return lexer_fail_open(l, start, "this quote is never closed");
		lexer_add(l, l->text.p[l->at], MARK_QUOTED);
	}
	l->empty = l->empty || l->at == start + 1;
	l->at++;
	return 0;
}

static int
read_double(struct lexer *l, struct word *w)
{
	size_t start = l->at;

	lexer_open(l);
	l->at++;
	while (lexer_peek(l, 0) != '"') {
		if (lexer_peek(l, 0) < 0)
			return lexer_fail_open(l, start, "this quote is never closed");
		if (lexer_peek(l, 0) == '$') {
			if (lexer_variable(l, w, MARK_QUOTED) < 0)
				return -1;
			continue;
		}
		lexer_take(l, "$`\"\\\n");
	}
	l->empty = l->empty || l->at == start + 1;
	l->at++;
	return 0;
}

static int
read_backslash(struct lexer *l)
{
	size_t skip = lexer_peek(l, 1) == '\r' && lexer_peek(l, 2) == '\n' ? 2 : 1;
	/* what would be the shell's own is only kept from it, as by quotes: X-Empty\; */
	bool own = lexer_peek(l, 1) > 0 && strchr(";|<>", lexer_peek(l, 1)) != NULL;

	if (l->at + skip >= l->text.n)
		return lexer_fail_open(l, l->at, "the line ends with a backslash and nothing follows");
	if (l->text.p[l->at + skip] != '\n')
		lexer_add(l, l->text.p[l->at + skip], own ? MARK_QUOTED : MARK_ESCAPED);
	l->at += skip + 1;
	return 0;
}

bool
lexer_ends_word(const struct lexer *l, bool compare)
{
	int c = lexer_peek(l, 0);

	if (c < 0 || lexer_is_blank(c) || c == '\n' || c == ';' || c == '|')
		return true;
	if (compare)
		return false;
	return c == '>' || (c == '<' && lexer_peek(l, 1) == '<');
}

int
lexer_word(struct lexer *l, struct word *w, bool compare)
{
	*w = (struct word){ .at = l->at };
	while (!lexer_ends_word(l, compare)) {
		int c = lexer_peek(l, 0), result = 0;

		if (c == '\'') {
			result = read_single(l);
		} else if (c == '"') {
			result = read_double(l, w);
		} else if (c == '$') {
			result = lexer_variable(l, w, MARK_BARE);
		} else if (c == '\\') {
			result = read_backslash(l);
		} else if (c == '\0') {
			result = lexer_fail(l, l->at, "a NUL byte");
		} else {
			lexer_add(l, (char)c, MARK_BARE);
			l->at++;
		}
		if (result < 0) {
			lexer_close(l, w);
			return -1;
		}
	}
	lexer_close(l, w);
	w->end = l->at;
	return 0;
}
