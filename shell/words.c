/* Lines of text into commands: words, redirections, pipes, bodies. */
#include "shell/words.h"

#include <stdlib.h>
#include <string.h>

#include "shell/lexer.h"

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
		if (lexer_is_blank(lexer_peek(l, 0)))
			l->at++;
		else if (lexer_peek(l, 0) == '\\' && lexer_peek(l, 1) == '\n')
			l->at += 2;
		else if (lexer_peek(l, 0) == '\\' && lexer_peek(l, 1) == '\r' && lexer_peek(l, 2) == '\n')
			l->at += 3;
		else
			return;
	}
}

static void
skip_comment(struct lexer *l)
{
	if (lexer_peek(l, 0) == '#')
		while (lexer_peek(l, 0) >= 0 && lexer_peek(l, 0) != '\n')
			l->at++;
}

static int
read_redirect(struct lexer *l, struct line_command *c)
{
	size_t start = l->at++;

	if (c->redirect != REDIRECT_NONE)
		return lexer_fail(l, start, "the output has a file already");
	c->redirect = REDIRECT_WRITE;
	if (lexer_peek(l, 0) == '>') {
		c->redirect = REDIRECT_APPEND;
		l->at++;
	}
	skip_blanks(l);
	if (lexer_ends_word(l, false))
		return lexer_fail(l, start, "a file name must follow");
	return lexer_word(l, &c->target, false);
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
		return lexer_fail(l, start, "one << for a command");
	if (lexer_ends_word(l, false))
		return lexer_fail(l, start, "the word that ends the text must follow: <<EOF");
	result = lexer_word(l, &end, false);
	if (result == 0 && (end.n_parts != 1 || end.parts[0].variable))
		result = lexer_fail(l, end.at, "the word that ends the text cannot have variables");
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
	size_t operator= l->at++, start = l->at;
	struct str text;
	int quote = 0;

	for (; lexer_peek(l, 0) >= 0 && (quote != 0 || lexer_peek(l, 0) != '\n'); l->at++) {
		int c = lexer_peek(l, 0);

		if (c == '\\' && quote != '\'' && lexer_peek(l, 1) >= 0)
			l->at++;
		else if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == ';' && stop_at_semicolon)
			break;
	}
	if (quote != 0)
		return lexer_fail_open(l, operator, "a quote behind this is never closed");
	text = str_trim(str_slice(l->text, start, l->at));
	if (text.n == 0)
		return lexer_fail(l, operator, "a command for the system's shell must follow");
	if (memchr(text.p, '\0', text.n) != NULL)
		return lexer_fail(l, operator, "a NUL byte");
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
	while (result == 0 && lexer_peek(l, 0) >= 0) {
		if (lexer_peek(l, 0) == '$') {
			result = lexer_variable(l, w, MARK_QUOTED);
			continue;
		}
		lexer_take(l, "$`\\\n");
	}
	lexer_close(l, w);
	l->text = whole;
	return result;
}

static void
read_literal_body(struct lexer *l, struct word *w, size_t to)
{
	for (lexer_open(l); l->at < to; l->at++)
		lexer_add(l, l->text.p[l->at], MARK_QUOTED);
	lexer_close(l, w);
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
			return lexer_fail_open(l, line->commands[l->pending[i].command].at,
			    "the text behind << has no end");
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
		return lexer_fail(l, l->at, "too many words");
	if ((c->n_words & (c->n_words - 1)) == 0)
		c->words = mem_resize(c->words, (c->n_words > 0 ? 2 * c->n_words : 1) * sizeof *c->words);
	return lexer_word(l, &c->words[c->n_words++], compare);
}

/* Behind expect > and < are no redirections, but for the command that expect fail runs. */
static bool
compares(const struct line_command *c)
{
	return c->n_words > 0 && word_is(&c->words[0], "expect") && !(c->n_words > 1 && word_is(&c->words[1], "fail"));
}

static int
read_command(struct lexer *l, struct line *line)
{
	size_t index = line->n_commands;
	struct line_command *c;

	if (index == WORDS_MAX_COMMANDS)
		return lexer_fail(l, l->at, "too many commands on a line");
	line->commands = mem_resize(line->commands, (index + 1) * sizeof *line->commands);
	c = &line->commands[line->n_commands++];
	*c = (struct line_command){ .at = l->at };
	if (lexer_peek(l, 0) == '!') {
		if (read_shell_text(l, false, &c->escape) < 0)
			return -1;
		c->end = l->at;
		return 0;
	}
	for (;;) {
		bool compare = compares(c);
		int ch = lexer_peek(l, 0), result;

		c->end = l->at;
		skip_blanks(l);
		skip_comment(l);
		ch = lexer_peek(l, 0);
		if (ch < 0 || ch == '\n' || ch == ';')
			break;
		if (ch == '|')
			result = read_shell_text(l, true, &c->pipe);
		else if (ch == '>' && !compare && lexer_peek(l, 1) != '=')
			result = read_redirect(l, c);
		else if (ch == '<' && !compare && lexer_peek(l, 1) == '<')
			result = read_heredoc_start(l, c, index);
		else if (ch == '&' && lexer_peek(l, 1) == '&')
			return lexer_fail(l, l->at,
			    "&& is not known here: ; separates commands, and a script stops at the first that fails");
		else
			result = add_word(l, c, compare || ch == '>');
		if (result < 0)
			return -1;
		if (c->n_words == 0)
			return lexer_fail(l, c->at, "a command must stand here");
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
		if (lexer_peek(&l, 0) < 0 || lexer_peek(&l, 0) == '\n')
			break;
		if (lexer_peek(&l, 0) == ';')
			l.at++;
		else
			result = read_command(&l, line);
	}
	if (lexer_peek(&l, 0) == '\n')
		l.at++;
	if (result == 0)
		result = read_heredocs(&l, line);
	if (result == 0 && l.plain.full)
		result = lexer_fail(&l, *at, "the line is too long");
	for (size_t i = 0; i < l.n_pending; i++)
		free(l.pending[i].end);
	buf_wipe_release(&l.plain);
	buf_release(&l.marks);
	if (result < 0)
		line_release(line);
	*at = l.at;
	return result;
}
