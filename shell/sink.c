/* Where a command's content goes: the terminal and its pager, a file, a pipe. */
#include "shell/sink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/settings/values.h"
#include "net/mem.h"

/* ---- the terminal ---- */

enum { PAGED_MAX = 64 << 20 };

/* What comes here is safe to be shown. */
struct pager {
	char *command;      /* NULL: it cannot be started */
	struct child child; /* its input, once there is more than a screen */
	struct buf held;    /* until then */
	size_t rows, lines;
};

static size_t
terminal_rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

static void
start_pager(struct pager *p)
{
	fflush(stdout);
	child_start(&p->child, p->command, CHILD_INPUT);
	fwrite(p->held.data, 1, p->held.len, p->child.in != NULL ? p->child.in : stdout);
	buf_clear(&p->held);
	if (p->child.in == NULL) {
		free(p->command);
		p->command = NULL;
	}
}

static ssize_t
write_paged(void *cookie, const char *data, size_t n)
{
	struct pager *p = cookie;

	if (p->command == NULL)
		return (ssize_t)fwrite(data, 1, n, stdout);
	if (p->child.in != NULL) {
		fwrite(data, 1, n, p->child.in); /* who leaves it has seen enough */
		return (ssize_t)n;
	}
	buf_add(&p->held, data, n);
	for (size_t i = 0; i < n; i++)
		p->lines += data[i] == '\n';
	if (p->lines >= p->rows || p->held.len >= PAGED_MAX / 2)
		start_pager(p);
	return (ssize_t)n;
}

static int
close_paged(void *cookie)
{
	struct pager *p = cookie;

	if (p->child.in != NULL)
		child_wait(&p->child);
	else
		fwrite(p->held.data != NULL ? (const char *)p->held.data : "", 1, p->held.len, stdout);
	buf_release(&p->held);
	free(p->command);
	free(p);
	return fflush(stdout);
}

static FILE *
open_paged(const char *command)
{
	FILE *paged;
	static const cookie_io_functions_t functions = { .write = write_paged, .close = close_paged };
	struct pager *p = mem_alloc(sizeof *p);

	buf_init(&p->held, PAGED_MAX);
	p->rows = terminal_rows();
	p->command = str_dup(str_of(command));
	while ((paged = fopencookie(p, "w", functions)) == NULL)
		mem_find_room();
	return paged;
}

void
sink_standard(struct shell *sh, struct sink *k)
{
	const char *pager = session_settings(sh->session)->set.pager;

	*k = (struct sink){ .out = stdout, .terminal = isatty(STDOUT_FILENO) != 0 };
	if (!k->terminal)
		return;
	if (sh->interactive && strcmp(pager, "off") != 0 && pager[0] != '\0')
		k->behind = open_paged(pager);
	k->out = print_guard(k->behind != NULL ? k->behind : stdout);
}

/* ---- files and pipes ---- */

/* > on a regular file or a new one is written beside it and renamed, so that a failure leaves what was there. */
static int
open_target(struct sink *k, const char *path, bool append, struct error *error)
{
	struct stat st;
	bool exists = stat(path, &st) == 0, plain = !exists || (S_ISREG(st.st_mode) && strncmp(path, "/dev/", 5) != 0);

	if (append || !plain) {
		k->out = fopen(path, append ? "ae" : "we");
		if (k->out != NULL && isatty(fileno(k->out))) { /* > /dev/tty */
			k->behind = k->out;
			k->out = print_guard(k->behind);
		}
	} else {
		/* a link stays one: what it names is replaced */
		char *real = exists ? realpath(path, NULL) : NULL;
		int status = new_file_open(&k->file, real != NULL ? real : path,
		    exists ? st.st_mode & 07777 : FILE_MODE_USUAL, true, error);

		free(real);
		k->out = k->file.out;
		return status;
	}
	return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot write %s", path);
}

static int
open_pipe(struct sink *k, const char *command, struct error *error)
{
	fflush(stdout);
	k->pipe = true;
	if (k->answer == NULL && child_start(&k->child, command, CHILD_INPUT) == 0)
		k->out = k->child.in;
	else if (k->answer != NULL && (k->filter = filter_open(command, k->answer)) != NULL)
		k->out = filter_input(k->filter);
	return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot start sh");
}

int
sink_open(struct shell *sh, const struct line_command *c, struct buf *answer, struct sink *k, struct error *error)
{
	char *path;
	size_t where;
	int status;

	*k = (struct sink){ .answer = answer };
	if (c->pipe != NULL)
		return open_pipe(k, c->pipe, error);
	if (c->redirect == REDIRECT_NONE) {
		if (answer != NULL)
			k->out = capture_open(&k->captured);
		else
			sink_standard(sh, k);
		return 0;
	}
	path = word_expand(&c->target, shell_value, sh, &where, error);
	if (path == NULL) {
		sh->place.at = where;
		sh->place.caret = true;
		return -1;
	}
	status = open_target(k, path, c->redirect == REDIRECT_APPEND, error);
	free(path);
	return status;
}

static void
drop_newlines(struct buf *answer, bool all)
{
	while (answer->len > 0 && answer->data[answer->len - 1] == '\n') {
		answer->data[--answer->len] = '\0';
		if (!all)
			return;
	}
}

static int
fail_answer(const struct buf *answer, struct error *error)
{
	return fail(error, ERROR_LIMIT, 0, "the captured text has more than %zu bytes", answer->max);
}

static int
close_pipe(struct sink *k, int status, struct error *error)
{
	int ended = k->filter != NULL ? filter_close(k->filter) : child_wait(&k->child);

	/* who reads only the beginning has what he wanted, however much there was */
	if (status != 0 && error->kind == ERROR_OTHER && error->code == EPIPE) {
		error_clear(error);
		status = 0;
	}
	if (status == 0 && k->answer != NULL && k->answer->full)
		return fail_answer(k->answer, error);
	if (k->answer != NULL)
		drop_newlines(k->answer, true);
	if (status != 0 || ended == 0 || (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPIPE))
		return status;
	if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGINT)
		return fail(error, ERROR_INTERRUPTED, 0, "the command behind | was interrupted");
	return fail(error, ERROR_OTHER, WEXITSTATUS(ended), "the command behind | ended with status %d",
	    WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended));
}

static int
close_capture(struct sink *k, int status, struct error *error)
{
	struct str text = capture_close(&k->captured);

	if (status == 0 && (text.n > CAPTURE_MAX || buf_add_str(k->answer, text) != 0))
		status = fail_answer(k->answer, error);
	drop_newlines(k->answer, false);
	capture_release(&k->captured);
	return status;
}

int
sink_close(struct sink *k, int status, struct error *error)
{
	if (k->out == NULL) {
		/* never opened */
	} else if (k->pipe) {
		status = close_pipe(k, status, error);
	} else if (k->out == k->captured.out) {
		status = close_capture(k, status, error);
	} else if (k->out == k->file.out) {
		status = new_file_close(&k->file, status, error);
	} else if (k->out == stdout) {
		if (fflush(stdout) != 0 && status == 0)
			status = fail_errno(error, ERROR_OTHER, "cannot write to standard output");
	} else if (fclose(k->out) != 0 && status == 0) {
		status =
		    fail_errno(error, ERROR_OTHER, "cannot write %s", k->terminal ? "to standard output" : "the file");
	}
	if (k->behind != NULL && fclose(k->behind) != 0 && status == 0)
		status = fail_errno(error, ERROR_OTHER, "cannot write to the terminal");
	*k = (struct sink){ .out = NULL };
	return status;
}
