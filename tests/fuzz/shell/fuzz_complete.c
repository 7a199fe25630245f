/*
 * Tab: a line, NUL, a page, NUL, the head of the answer that it came in. Whatever the page, its headers and cookies are
 * called: what is offered can be shown, is no option that nobody began, and taken into the line it stays one word with
 * these bytes: no new command, redirection, pipe or body begins.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/session/state.h"
#include "net/marks.h"
#include "shell/complete.h"
#include "shell/table.h"

enum { TAKEN_MAX = 12, LINE_MAX_BYTES = 2000, PAGE_MAX = 8000 };

/* Two answers in one: what names Tab can offer comes from here. */
static void
set_answer(struct session *s, struct str page, struct str head)
{
	struct exchange *last = mem_alloc(sizeof *last);
	struct http_response *r = &last->response;

	url_init(&last->url);
	url_parse(&last->url, STR("https://a.example/x"), NULL, NULL);
	body_store_init(&last->body);
	body_store_add(&last->body, (const uint8_t *)page.p, page.n, NULL);
	r->status = 200;
	http_headers_add(&r->headers, STR("Content-Type"), STR("text/html"), NULL);
	while (head.n > 0 && r->headers.n < 40) {
		struct str line = str_cut(&head, '\n'), name = str_cut(&line, ':');

		if (http_headers_add(&r->headers, name, line, NULL) == 0 && str_is_nocase(name, "set-cookie"))
			jar_receive(&s->jar, &last->url, str_trim(line), (int64_t)time(NULL), NULL);
	}
	last->done = true;
	s->last = last;
}

/* How the text reads: commands, and what is not words of them. */
struct reading {
	bool whole; /* no error, nothing open */
	size_t commands, words, pipes, escapes, redirects, bodies;
	char *last; /* the last word's bytes, NULL when a variable is in it */
};

static char *
last_word(const struct line_command *c)
{
	const struct word *last = c->n_words > 0 ? &c->words[c->n_words - 1] : NULL;

	if (c->redirect != REDIRECT_NONE && (last == NULL || c->target.at > last->at))
		last = &c->target;
	return last != NULL ? word_plain(last) : NULL;
}

static struct reading
read_line(struct str text)
{
	struct reading r = { .whole = true };
	struct line line;
	size_t at = 0, where;
	bool incomplete;

	while (at < text.n) {
		if (line_parse(&line, text, &at, &where, &incomplete, NULL) != 0) {
			r.whole = false;
			return r;
		}
		for (size_t i = 0; i < line.n_commands; i++) {
			const struct line_command *c = &line.commands[i];

			r.commands++;
			r.words += c->n_words;
			r.pipes += c->pipe != NULL;
			r.escapes += c->escape != NULL;
			r.redirects += c->redirect != REDIRECT_NONE;
			r.bodies += c->has_heredoc;
			free(r.last);
			r.last = last_word(c);
		}
		line_release(&line);
	}
	return r;
}

/* The item taken, and a word behind it: the same commands, one more word at the most. */
static void
check_taken(struct str text, const struct completions *c, const char *item)
{
	struct reading before, after;
	struct buf line;
	size_t more;

	buf_init(&line, 0);
	buf_add_str(&line, text);
	completion_source(c, str_of("x"), true, &line);
	before = read_line(buf_str(&line)); /* as if a plain letter had been typed */
	buf_clear(&line);
	buf_add_str(&line, text);
	completion_source(c, str_slice(str_of(item), c->typed.n, strlen(item)), true, &line);
	after = read_line(buf_str(&line));
	more = after.words - before.words;
	if (before.whole &&
	    (!after.whole || after.commands != before.commands || after.pipes != before.pipes ||
		after.escapes != before.escapes || after.redirects != before.redirects ||
		after.bodies != before.bodies || more > 0))
		abort();
	if (before.whole && after.last != NULL && strchr(after.last, '$') == NULL &&
	    !str_ends(str_of(after.last), str_of(item)))
		abort();
	free(before.last);
	free(after.last);
	buf_release(&line);
}

static void
check(struct str text, const struct completions *c)
{
	if (c->n > COMPLETIONS_MAX)
		abort();
	for (size_t i = 0; i < c->n; i++) {
		struct str item = str_of(c->items[i]);

		if (!str_starts(item, c->typed) || (c->typed.n == 0 && item.n > 0 && item.p[0] == '-'))
			abort();
		for (size_t k = 0, n; k < item.n; k += n)
			if ((n = str_showable(str_slice(item, k, item.n))) == 0)
				abort();
		if (i < TAKEN_MAX)
			check_taken(text, c, c->items[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from(data, size), text = str_cut(&rest, '\0'), page = str_cut(&rest, '\0');
	struct shell sh = { .commands = command_table() };
	struct completions c;

	if (text.n > LINE_MAX_BYTES || page.n > PAGE_MAX || memchr(text.n > 0 ? text.p : "", '\n', text.n) != NULL)
		return 0;
	sh.session = session_new();
	set_answer(sh.session, page, rest);
	complete_line(&sh, text, &c);
	check(text, &c);
	completions_release(&c);
	session_free(sh.session);
	return 0;
}
