/* The line on a terminal, by libedit. */
#include "shell/line_edit.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/complete.h"
#include "shell/signals.h"
#include "shell/typed.h"

struct line_edit {
	struct shell *shell;
	EditLine *el;
	History *history;
	char *prompt, *shown_prompt; /* shown: without colours, for its width */
	struct str before;           /* lines of the command above this one; borrowed */
	int signals;                 /* signalfd */
	enum line_end end;
	mbstate_t state;
	int columns;
};

/* ---- the prompt ---- */

static char *
current_prompt(EditLine *el)
{
	struct line_edit *e;

	el_get(el, EL_CLIENTDATA, &e);
	return e->prompt;
}

/* A long place loses its middle, so that there is room to type. */
static char *
fit_place(const char *place, size_t room)
{
	struct str all = str_of(place);
	size_t head, tail;

	if (text_columns(all) <= room)
		return str_dup(all);
	for (head = 0; text_columns(str_slice(all, 0, head)) < room / 2;)
		head += str_utf8(str_slice(all, head, all.n)) + (str_utf8(str_slice(all, head, all.n)) == 0);
	for (tail = all.n; tail > head &&
	     (text_columns(str_slice(all, tail, all.n)) < room - room / 2 - 3 ||
		 ((uint8_t)all.p[tail] & 0xC0) == 0x80);)
		tail--;
	return str_printf("%.*s...%s", (int)head, place, place + tail);
}

/* Host and path, and every danger. \1 brackets what has no width. */
static void
make_prompt(struct line_edit *e)
{
	struct shell *sh = e->shell;
	char *place = session_prompt_place(sh->session), *dangers = session_prompt_dangers(sh->session), *fitting;
	size_t used = dangers != NULL ? strlen(dangers) + 3 : 0, columns = e->columns > 0 ? (size_t)e->columns : 80;
	const char *red = sh->colour ? "\1\033[1;31m\1" : "", *plain = sh->colour ? "\1\033[0m\1" : "";

	free(e->prompt);
	free(e->shown_prompt);
	fitting = fit_place(place[0] != '\0' ? place : "httpsh", columns / 2 > used + 16 ? columns / 2 - used : 16);
	if (e->before.n > 0) {
		e->prompt = str_dup(STR("> "));
		e->shown_prompt = str_dup(STR("> "));
	} else if (dangers == NULL) {
		e->prompt = str_printf("%s> ", fitting);
		e->shown_prompt = str_dup(str_of(e->prompt));
	} else {
		e->prompt = str_printf("%s %s[%s]%s> ", fitting, red, dangers, plain);
		e->shown_prompt = str_printf("%s [%s]> ", fitting, dangers);
	}
	free(fitting);
	free(place);
	free(dangers);
}

/* ---- the screen ---- */

/* Columns from the prompt's first one to a place in the line. */
static size_t
columns_to(const struct line_edit *e, const char *place)
{
	const LineInfo *line = el_line(e->el);

	return text_columns(str_of(e->shown_prompt)) +
	    text_columns(str_from(line->buffer, (size_t)(place - line->buffer)));
}

/* The cursor goes below the last row of the line, for something else to be written. */
static void
leave_line(struct line_edit *e, const char *mark)
{
	const LineInfo *line = el_line(e->el);
	size_t width = e->columns > 0 ? (size_t)e->columns : 80, here = columns_to(e, line->cursor),
	       end = columns_to(e, line->lastchar);

	if (end / width > here / width)
		printf("\033[%zuB", end / width - here / width);
	printf("\033[%zuG%s\n", end % width + 1, mark);
	fflush(stdout);
}

/* The terminal has wrapped the line anew: from its first row on it is drawn again. */
static void
draw_again(struct line_edit *e)
{
	size_t rows;

	el_resize(e->el);
	el_get(e->el, EL_GETTC, "co", &e->columns, NULL);
	rows = columns_to(e, el_line(e->el)->cursor) / (e->columns > 0 ? (size_t)e->columns : 80);
	if (rows > 0)
		printf("\033[%zuA", rows);
	printf("\r\033[J");
	fflush(stdout);
	el_set(e->el, EL_REFRESH);
}

/* ---- keys and signals ---- */

static void
signal_set(sigset_t *set)
{
	static const int numbers[] = { SIGINT, SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaddset(set, numbers[i]);
}

/* Ctrl-Z: the terminal as it was before, then stopped like any other program. */
static void
stop(struct line_edit *e)
{
	sigset_t only;

	leave_line(e, "");
	el_set(e->el, EL_PREP_TERM, 0);
	sigemptyset(&only);
	sigaddset(&only, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &only, NULL); /* stops here */
	sigprocmask(SIG_BLOCK, &only, NULL);
}

/* By nohup(1): signalfd(2) brings it all the same. */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Whether the line goes on. */
static bool
on_signal(struct line_edit *e)
{
	struct signalfd_siginfo info;

	if (read(e->signals, &info, sizeof info) != (ssize_t)sizeof info)
		return true;
	switch (info.ssi_signo) {
	case SIGWINCH:
		draw_again(e);
		return true;
	case SIGTSTP:
		stop(e);
		return true;
	case SIGCONT:
		el_set(e->el, EL_PREP_TERM, 0);
		el_set(e->el, EL_PREP_TERM, 1);
		el_resize(e->el);
		el_get(e->el, EL_GETTC, "co", &e->columns, NULL);
		el_set(e->el, EL_REFRESH);
		return true;
	case SIGINT:
		e->end = LINE_INTERRUPTED;
		leave_line(e, "^C");
		return false;
	default:
		if (is_ignored((int)info.ssi_signo))
			return true;
		shell_ended = (int)info.ssi_signo;
		e->end = LINE_CLOSED;
		return false;
	}
}

/* libedit's source of characters: the terminal's bytes, and signals between them. */
static int
read_key(EditLine *el, wchar_t *out)
{
	struct line_edit *e;

	el_get(el, EL_CLIENTDATA, &e);
	for (;;) {
		struct pollfd ready[] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = e->signals, .events = POLLIN },
		};
		size_t n;
		char byte;

		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (ready[1].revents != 0 && !on_signal(e))
			return -1;
		if (ready[0].revents == 0)
			continue;
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 0;
		n = mbrtowc(out, &byte, 1, &e->state);
		if (n == (size_t)-1)
			memset(&e->state, 0, sizeof e->state);
		else if (n != (size_t)-2)
			return 1;
	}
}

enum line_end
line_edit_read(struct line_edit *e, struct str before, struct buf *out)
{
	const char *line;
	sigset_t set, old;
	int n = 0;

	e->before = before;
	e->end = LINE_TYPED;
	memset(&e->state, 0, sizeof e->state);
	signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (shell_ended != 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return LINE_CLOSED;
	}
	el_resize(e->el);
	el_get(e->el, EL_GETTC, "co", &e->columns, NULL);
	make_prompt(e);
	el_set(e->el, EL_PREP_TERM, 1); /* before the prompt shows: what is typed then is echoed once */
	line = el_gets(e->el, &n);
	if (line != NULL && n > 0)
		buf_add_str(out, str_from(line, (size_t)n - (line[n - 1] == '\n')));
	else if (e->end == LINE_TYPED)
		e->end = LINE_CLOSED;
	if (e->end != LINE_TYPED)
		el_reset(e->el);
	el_set(e->el, EL_PREP_TERM, 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return e->end;
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
	while (n > 0 && ((uint8_t)c->items[0][n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* As many rows as the screen has; the rest is counted. */
static void
list_completions(struct line_edit *e, const struct completions *c)
{
	size_t width = 0, per_row, shown, columns = e->columns > 0 ? (size_t)e->columns : 80;
	int rows = 24;

	el_get(e->el, EL_GETTC, "li", &rows, NULL);
	for (size_t i = 0; i < c->n; i++) {
		size_t w = text_columns(str_of(c->items[i])) + 2;

		width = w > width ? w : width;
	}
	per_row = width < columns ? columns / width : 1;
	shown = rows > 4 ? per_row * (size_t)(rows - 3) : c->n;
	leave_line(e, "");
	for (size_t i = 0; i < c->n && i < shown; i++) {
		bool last = (i + 1) % per_row == 0 || i + 1 == c->n || i + 1 == shown;

		printf("%s%*s", c->items[i], last ? 0 : (int)(width - text_columns(str_of(c->items[i]))), "");
		if (last)
			putchar('\n');
	}
	if (c->n > shown)
		printf("... and %zu more\n", c->n - shown);
	fflush(stdout);
}

static unsigned char
complete(EditLine *el, wint_t key)
{
	const LineInfo *line = el_line(el);
	struct line_edit *e;
	struct completions c;
	unsigned char result = CC_ERROR;
	struct buf text, more;
	size_t common;

	(void)key;
	el_get(el, EL_CLIENTDATA, &e);
	buf_init(&text, WORDS_MAX_TEXT);
	buf_init(&more, WORDS_MAX_TEXT);
	buf_add_str(&text, e->before);
	buf_add(&text, line->buffer, (size_t)(line->cursor - line->buffer));
	complete_line(e->shell, buf_str(&text), &c);
	common = c.n > 0 ? common_length(&c) : 0;
	if (common >= c.typed.n && c.n > 0)
		completion_source(&c, str_from(c.items[0] + c.typed.n, common - c.typed.n), c.n == 1 && c.finish,
		    &more);
	if (more.len > 0) {
		result = el_insertstr(el, (const char *)more.data) == 0 ? CC_REFRESH : CC_ERROR;
	} else if (c.n > 1) {
		list_completions(e, &c);
		result = CC_REDISPLAY;
	}
	buf_release(&text);
	buf_release(&more);
	completions_release(&c);
	return result;
}

/* ---- making and ending ---- */

void
line_edit_remember(struct line_edit *e, const char *line)
{
	HistEvent event;

	history(e->history, &event, H_ENTER, line);
}

struct line_edit *
line_edit_new(struct shell *sh)
{
	struct line_edit *e = mem_alloc(sizeof *e);
	HistEvent event;
	sigset_t set;

	signal_set(&set);
	e->shell = sh;
	e->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	e->el = el_init("httpsh", stdin, stdout, stderr);
	e->history = history_init();
	if (e->el == NULL || e->history == NULL || e->signals < 0) {
		line_edit_free(e);
		return NULL;
	}
	history(e->history, &event, H_SETSIZE, TYPED_MAX);
	history(e->history, &event, H_SETUNIQUE, 1);
	for (size_t i = 0; i < typed_count(sh->typed); i++)
		line_edit_remember(e, typed_at(sh->typed, i));
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_GETCFN, read_key);
	el_set(e->el, EL_SIGNAL, 0);
	el_set(e->el, EL_PROMPT_ESC, current_prompt, '\1');
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_HIST, history, e->history);
	/* the narrow call leaks both strings */
	el_wset(e->el, EL_ADDFN, L"httpsh-complete", L"complete the word", complete);
	el_set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_source(e->el, NULL); /* ~/.editrc: bind -v for vi's keys */
	el_set(e->el, EL_BIND, "^I", "httpsh-complete", NULL);
	return e;
}

void
line_edit_free(struct line_edit *e)
{
	if (e == NULL)
		return;
	if (e->el != NULL)
		el_end(e->el);
	if (e->history != NULL)
		history_end(e->history);
	if (e->signals >= 0)
		close(e->signals);
	free(e->prompt);
	free(e->shown_prompt);
	free(e);
}

/* ---- questions ---- */

static int
read_answer(int fd, struct buf *answer)
{
	for (;;) {
		char byte;

		if (shell_read(fd, &byte, 1) != 1)
			return -1;
		if (byte == '\n')
			return 0;
		if (buf_add_char(answer, byte) != 0)
			return -1;
	}
}

int
line_edit_ask(void *context, const char *prompt, bool echo, struct buf *answer)
{
	struct termios before, quiet;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), status;
	char shown[1024];

	(void)context;
	if (fd < 0)
		return -1;
	if (tcgetattr(fd, &before) != 0) {
		close(fd);
		return -1;
	}
	quiet = before;
	quiet.c_lflag |= ICANON | ISIG;
	if (!echo)
		quiet.c_lflag &= (tcflag_t) ~(ECHO | ECHONL);
	fflush(stdout);
	fflush(stderr);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s", str_printable(str_of(prompt), shown, sizeof shown));
	status = read_answer(fd, answer);
	tcsetattr(fd, TCSAFLUSH, &before);
	if (!echo || status != 0)
		dprintf(fd, "\n");
	close(fd);
	return status;
}
