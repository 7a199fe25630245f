#include "shell/sink.h"

#include "commands/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the terminal ---- */

enum { PAGED_MAX = 64 << 20, SHOWN_PIECE = 1 << 20 };

struct terminal_output {
	char *pager;                     /* NULL: none */
	FILE *paged;                     /* the pager, once there is more than a screen */
	struct buf held;                 /* until then */
	size_t rows, lines;
	char cut[4];                     /* the begin of a character whose rest has not come yet */
	size_t n_cut;
};

static size_t
terminal_rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

static void
show(struct terminal_output *t, struct str text)
{
	struct capture safe;
	struct str shown;

	if (t->pager == NULL || t->paged != NULL) {
		print_safe(t->paged != NULL ? t->paged : stdout, text);
		return;
	}
	print_safe(capture_open(&safe), text);
	shown = capture_close(&safe);
	buf_add_str(&t->held, shown);
	for (size_t i = 0; i < shown.n; i++)
		t->lines += shown.p[i] == '\n';
	capture_release(&safe);
	if (t->lines < t->rows && t->held.len < PAGED_MAX / 2)
		return;
	fflush(stdout);
	t->paged = popen(t->pager, "we");
	fwrite(t->held.data, 1, t->held.len, t->paged != NULL ? t->paged : stdout);
	buf_clear(&t->held);
	if (t->paged == NULL) {
		free(t->pager);
		t->pager = NULL;
	}
}

/* Bytes at the end that begin a character and do not end it. */
static size_t
cut_at_end(struct str text)
{
	for (size_t n = 1; n < 4 && n <= text.n; n++) {
		uint8_t c = (uint8_t)text.p[text.n - n];

		if (c >= 0xC0)
			return n < (c >= 0xF0 ? 4U : c >= 0xE0 ? 3U : 2U) ? n : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

static void
show_piece(struct terminal_output *t, struct str piece)
{
	struct buf all;
	size_t cut;

	buf_init(&all, SHOWN_PIECE + sizeof(t->cut));
	buf_add(&all, t->cut, t->n_cut);
	buf_add_str(&all, piece);
	cut = cut_at_end(buf_str(&all));
	if (all.len > cut)
		show(t, str_slice(buf_str(&all), 0, all.len - cut));
	memcpy(t->cut, all.data + all.len - cut, cut);
	t->n_cut = cut;
	buf_release(&all);
}

/* Large writes come past the buffer of stdio: in pieces, so that none is too large to be held. */
static ssize_t
write_terminal(void *cookie, const char *data, size_t n)
{
	for (struct str rest = str_from(data, n); rest.n > 0; rest = str_slice(rest, SHOWN_PIECE, rest.n))
		show_piece(cookie, str_slice(rest, 0, SHOWN_PIECE));
	return (ssize_t)n;
}

static int
close_terminal(void *cookie)
{
	struct terminal_output *t = cookie;

	show(t, str_from(t->cut, t->n_cut));
	if (t->paged != NULL)
		pclose(t->paged);
	else
		fwrite(t->held.data != NULL ? (const char *)t->held.data : "", 1, t->held.len, stdout);
	buf_release(&t->held);
	free(t->pager);
	free(t);
	return fflush(stdout);
}

void
sink_standard(struct shell *sh, struct sink *k)
{
	static const cookie_io_functions_t functions = { .write = write_terminal, .close = close_terminal };
	const char *pager = session_setting(sh->session, "pager");

	*k = (struct sink){ .out = stdout, .terminal = isatty(STDOUT_FILENO) != 0 };
	if (!k->terminal)
		return;
	k->shown = mem_alloc(sizeof(*k->shown));
	buf_init(&k->shown->held, PAGED_MAX);
	k->shown->rows = terminal_rows();
	if (sh->interactive && strcmp(pager, "off") != 0 && pager[0] != '\0')
		k->shown->pager = str_dup(str_of(pager));
	while ((k->out = fopencookie(k->shown, "w", functions)) == NULL)
		mem_find_room();
}

/* ---- files and pipes ---- */

/* > on a regular file or a new one is written beside it and renamed, so that a failure leaves what was there. */
static int
open_target(struct sink *k, const char *path, bool append, struct error *error)
{
	struct stat st;
	bool exists = stat(path, &st) == 0, plain = !exists || S_ISREG(st.st_mode);

	k->content = true;
	if (append || !plain) {
		k->out = fopen(path, append ? "ae" : "we");
	} else {
		mode_t mask = umask(0);
		int fd;

		umask(mask);
		/* a link stays one: what it names is replaced */
		k->path = exists ? realpath(path, NULL) : NULL;
		if (k->path == NULL)
			k->path = str_dup(str_of(path));
		k->temporary = str_printf("%s.httpsh-XXXXXX", k->path);
		fd = mkostemp(k->temporary, O_CLOEXEC);
		if (fd >= 0)
			fchmod(fd, exists ? st.st_mode & 07777 : 0666 & ~mask);
		k->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	}
	return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot write %s", path);
}

int
sink_open(struct shell *sh, const struct line_command *c, struct sink *k, struct error *error)
{
	char *path;
	size_t where;
	int status;

	*k = (struct sink){ .out = NULL };
	if (c->pipe != NULL) {
		fflush(stdout);
		k->pipe = k->content = true;
		k->out = popen(c->pipe, "we");
		return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot start sh");
	}
	if (c->redirect == REDIRECT_NONE) {
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

static int
close_pipe(FILE *pipe, int status, struct error *error)
{
	int ended = pclose(pipe);

	/* who reads only the beginning has what he wanted, however much there was */
	if (status != 0 && error->kind == ERROR_OTHER && error->code == EPIPE) {
		error_clear(error);
		status = 0;
	}
	if (status != 0 || ended == 0 || (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPIPE))
		return status;
	if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGINT)
		return fail(error, ERROR_INTERRUPTED, 0, "the command behind | was interrupted");
	return fail(error, ERROR_OTHER, WEXITSTATUS(ended), "the command behind | ended with status %d",
	    WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended));
}

int
sink_close(struct sink *k, int status, struct error *error)
{
	if (k->out == NULL) {
		/* never opened */
	} else if (k->pipe) {
		status = close_pipe(k->out, status, error);
	} else if (k->out == stdout) {
		if (fflush(stdout) != 0 && status == 0)
			status = fail_errno(error, ERROR_OTHER, "cannot write to standard output");
	} else if (fclose(k->out) != 0 && status == 0) {
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", k->path != NULL ? k->path : "the file");
	}
	if (k->temporary != NULL) {
		if (status == 0 && rename(k->temporary, k->path) != 0)
			status = fail_errno(error, ERROR_OTHER, "cannot write %s", k->path);
		if (status != 0)
			unlink(k->temporary);
	}
	free(k->path);
	free(k->temporary);
	*k = (struct sink){ .out = NULL };
	return status;
}
