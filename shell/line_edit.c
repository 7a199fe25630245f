/* The line on a terminal, by libedit. */
#include "shell/line_edit.h"

#include <errno.h>
#include <histedit.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "shell/complete.h"
#include "shell/secrets.h"

struct line_edit {
	struct shell *shell;
	EditLine *el;
	History *history;
	char *path;              /* of the history file; NULL with --no-session */
	char *prompt;
};

struct history {
	struct line_edit *edit;
};

/* ---- the prompt ---- */

static char *
current_prompt(EditLine *el)
{
	struct line_edit *e;

	el_get(el, EL_CLIENTDATA, &e);
	return e->prompt;
}

/* Host and path, and every danger. \1 brackets what has no width. */
static void
make_prompt(struct line_edit *e, bool continued)
{
	struct shell *sh = e->shell;
	char *place = session_prompt_place(sh->session), *dangers = session_prompt_dangers(sh->session);
	const char *red = sh->colour ? "\1\033[1;31m\1" : "", *plain = sh->colour ? "\1\033[0m\1" : "";

	free(e->prompt);
	if (continued)
		e->prompt = str_dup(STR("> "));
	else
		e->prompt = str_printf("%s%s%s%s%s%s%s%s> ", place[0] != '\0' ? place : "httpsh", dangers != NULL ? " " : "",
		    dangers != NULL ? red : "", dangers != NULL ? "[" : "", dangers != NULL ? dangers : "", dangers != NULL ? "]" : "",
		    dangers != NULL ? plain : "", "");
	free(place);
	free(dangers);
}

/* ---- Tab ---- */

static size_t
common_length(const struct completions *c)
{
	size_t n = strlen(c->items[0]);

	for (size_t i = 1; i < c->n; i++) {
		size_t k = 0;

		while (k < n && c->items[i][k] == c->items[0][k])
			k++;
		n = k;
	}
	return n;
}

static void
list_completions(const struct completions *c, unsigned columns)
{
	size_t width = 0, per_row;

	for (size_t i = 0; i < c->n; i++)
		width = strlen(c->items[i]) > width ? strlen(c->items[i]) : width;
	width += 2;
	per_row = width < columns ? columns / width : 1;
	putchar('\n');
	for (size_t i = 0; i < c->n; i++)
		printf("%-*s%s", (int)width, c->items[i], (i + 1) % per_row == 0 || i + 1 == c->n ? "\n" : "");
	fflush(stdout);
}

static unsigned char
complete(EditLine *el, int key)
{
	const LineInfo *line = el_line(el);
	struct line_edit *e;
	struct completions c;
	unsigned char result = CC_ERROR;
	int columns = 80;

	(void)key;
	el_get(el, EL_CLIENTDATA, &e);
	complete_line(e->shell, str_from(line->buffer, (size_t)(line->cursor - line->buffer)), &c);
	if (c.n > 0) {
		size_t common = common_length(&c);

		if (common > c.word.n || (c.n == 1 && c.space)) {
			char *more = str_printf("%.*s%s", (int)(common - c.word.n), c.items[0] + c.word.n, c.n == 1 && c.space ? " " : "");

			result = more[0] != '\0' && el_insertstr(el, more) == 0 ? CC_REFRESH : CC_ERROR;
			free(more);
		} else if (c.n > 1) {
			el_get(el, EL_GETTC, "co", &columns, NULL);
			list_completions(&c, columns > 0 ? (unsigned)columns : 80);
			result = CC_REDISPLAY;
		}
	}
	completions_release(&c);
	return result;
}

/* ---- making and ending ---- */

struct line_edit *
line_edit_new(struct shell *sh)
{
	struct line_edit *e = mem_alloc(sizeof(*e));
	HistEvent event;

	e->shell = sh;
	e->el = el_init("httpsh", stdin, stdout, stderr);
	e->history = history_init();
	if (e->el == NULL || e->history == NULL) {
		line_edit_free(e);
		return NULL;
	}
	history(e->history, &event, H_SETSIZE, HISTORY_MAX);
	history(e->history, &event, H_SETUNIQUE, 1);
	e->path = session_path(sh->session, "history");
	if (e->path != NULL)
		history(e->history, &event, H_LOAD, e->path);
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_PROMPT_ESC, current_prompt, '\1');
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_SIGNAL, 1);             /* window size, suspend: libedit repairs the terminal */
	el_set(e->el, EL_HIST, history, e->history);
	el_set(e->el, EL_ADDFN, "httpsh-complete", "complete the word", complete);
	el_set(e->el, EL_BIND, "^I", "httpsh-complete", NULL);
	el_set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_source(e->el, NULL);                  /* ~/.editrc */
	el_set(e->el, EL_BIND, "^I", "httpsh-complete", NULL);
	sh->history = mem_alloc(sizeof(*sh->history));
	sh->history->edit = e;
	return e;
}

void
line_edit_free(struct line_edit *e)
{
	if (e == NULL)
		return;
	if (e->shell->history != NULL && e->shell->history->edit == e) {
		free(e->shell->history);
		e->shell->history = NULL;
	}
	if (e->el != NULL)
		el_end(e->el);
	if (e->history != NULL)
		history_end(e->history);
	free(e->path);
	free(e->prompt);
	free(e);
}

char *
line_edit_read(struct line_edit *e, bool continued, bool *interrupted)
{
	const char *line;
	int n = 0;

	make_prompt(e, continued);
	shell_interrupts = 0;
	errno = 0;
	line = el_gets(e->el, &n);
	*interrupted = shell_interrupts > 0;
	if (*interrupted) {
		shell_interrupts = 0;
		el_reset(e->el);
		putchar('\n');
		return str_dup(STR(""));
	}
	if (line == NULL || n <= 0)
		return NULL;
	return str_dup(str_from(line, (size_t)n - (line[n - 1] == '\n')));
}

void
line_edit_keep(struct line_edit *e, struct str text)
{
	char *line = secret_free_line(str_trim(text).n > 0 && text.p[0] != ' ' ? str_trim(text) : (struct str){ NULL, 0 });
	HistEvent event;
	FILE *f;

	if (line == NULL)
		return;
	history(e->history, &event, H_ENTER, line);
	/* appended at once: two shells on one session lose nothing */
	f = e->path != NULL ? fopen(e->path, "ae") : NULL;
	if (f != NULL)
		fclose(f);
	if (e->path != NULL)
		history(e->history, &event, H_SAVE, e->path);
	free(line);
}

void
line_edit_history(struct shell *sh, FILE *out)
{
	HistEvent event;

	if (sh->history == NULL)
		return;
	for (int more = history(sh->history->edit->history, &event, H_LAST); more >= 0;
	    more = history(sh->history->edit->history, &event, H_PREV))
		fprintf(out, "%5d  %s\n", event.num, event.str);
}

void
line_edit_forget(struct shell *sh)
{
	HistEvent event;

	if (sh->history == NULL)
		return;
	history(sh->history->edit->history, &event, H_CLEAR);
	if (sh->history->edit->path != NULL)
		unlink(sh->history->edit->path);
}

int
line_edit_ask(void *context, const char *prompt, bool echo, struct buf *answer)
{
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	int c, status = 0;

	(void)context;
	if (!terminal)
		return -1;
	quiet = before;
	if (!echo)
		quiet.c_lflag &= (tcflag_t)~(ECHO | ECHONL);
	fflush(stdout);
	fputs(prompt, stderr);
	fflush(stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	shell_interrupts = 0;
	while (status == 0) {
		unsigned char byte;
		ssize_t n = read(STDIN_FILENO, &byte, 1);

		c = n == 1 ? byte : -1;
		if (c == '\n')
			break;
		if (c < 0)
			status = n < 0 && errno == EINTR && shell_interrupts == 0 ? 0 : -1;
		else
			status = buf_add_char(answer, (char)c);
	}
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	if (!echo)
		fputc('\n', stderr);
	return status;
}
