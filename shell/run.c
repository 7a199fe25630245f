/* Running one parsed command: expanding its words, finding it, where its content goes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/secrets.h"
#include "shell/shell.h"
#include "shell/table.h"

enum { CAPTURE_MAX = 64 << 20 };

volatile sig_atomic_t shell_interrupts;

/* ---- variables ---- */

int
shell_value(void *context, struct str name, struct buf *out, struct error *error)
{
	struct shell *sh = context;
	const char *mine = variables_get(&sh->variables, name);
	uint64_t n;
	char shown[100];
	int found;

	if (mine != NULL)
		return buf_add_str(out, str_of(mine));
	if (str_to_u64(name, 1000, &n) && n > 0) {
		if (n <= sh->n_arguments)
			return buf_add_str(out, str_of(sh->arguments[n - 1]));
		return fail(error, ERROR_USAGE, 0, "the script was given %zu argument%s, so there is no $%u", sh->n_arguments,
		    sh->n_arguments == 1 ? "" : "s", (unsigned)n);
	}
	found = session_variable(sh->session, name, out, error);
	if (found > 0)
		return 0;
	if (found < 0)
		return -1;
	mine = getenv(str_printable(name, shown, sizeof(shown)));
	if (mine != NULL)
		return buf_add_str(out, str_of(mine));
	fail(error, ERROR_USAGE, 0, "$%s is not defined", shown);
	return hint(error, "let %s = VALUE; the last exchange has $status, ${header.NAME}, ${cookie.NAME}, ${tls.version} ...", shown);
}

/* ---- where the content goes ---- */

struct sink {
	FILE *out;
	char *path, *temporary;          /* of > FILE: written beside its place */
	bool pipe, content, terminal;
};

/* > on a regular file or a new one is written beside it and renamed, so that a failure leaves what was there. */
static int
open_target(struct sink *k, const char *path, bool append, struct error *error)
{
	struct stat st;
	bool plain = stat(path, &st) != 0 || S_ISREG(st.st_mode);

	k->content = true;
	if (append || !plain) {
		k->out = fopen(path, append ? "ae" : "we");
	} else {
		mode_t mask = umask(0);
		int fd;

		umask(mask);
		k->path = str_dup(str_of(path));
		k->temporary = str_printf("%s.httpsh-XXXXXX", path);
		fd = mkostemp(k->temporary, O_CLOEXEC);
		if (fd >= 0)
			fchmod(fd, 0666 & ~mask);
		k->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	}
	return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot write %s", path);
}

static int
open_sink(struct shell *sh, const struct line_command *c, struct sink *k, struct error *error)
{
	char *path;
	size_t where;
	int status;

	if (c->pipe != NULL) {
		fflush(stdout);
		k->pipe = k->content = true;
		k->out = popen(c->pipe, "we");
		return k->out != NULL ? 0 : fail_errno(error, ERROR_OTHER, "cannot start sh");
	}
	if (c->redirect == REDIRECT_NONE) {
		k->out = stdout;
		k->terminal = isatty(STDOUT_FILENO) != 0;
		return 0;
	}
	path = word_expand(&c->target, shell_value, sh, &where, error);
	if (path == NULL)
		return -1;
	status = open_target(k, path, c->redirect == REDIRECT_APPEND, error);
	free(path);
	return status;
}

static int
close_sink(struct sink *k, int status, struct error *error)
{
	if (k->out == NULL)
		return status;
	if (k->pipe) {
		int ended = pclose(k->out);

		if (status == 0 && ended != 0 && !(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPIPE))
			status = fail(error, ERROR_OTHER, WEXITSTATUS(ended), "the command behind | ended with status %d",
			    WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended));
	} else if (k->out != stdout) {
		if (fclose(k->out) != 0 && status == 0)
			status = fail_errno(error, ERROR_OTHER, "cannot write %s", k->path != NULL ? k->path : "the file");
	} else {
		fflush(stdout);
	}
	if (k->temporary != NULL) {
		if (status == 0 && rename(k->temporary, k->path) != 0)
			status = fail_errno(error, ERROR_OTHER, "cannot write %s", k->path);
		if (status != 0)
			unlink(k->temporary);
	}
	free(k->path);
	free(k->temporary);
	return status;
}

/* ---- the command ---- */

static int
check_needs(const struct shell *sh, const struct command *c, struct error *error)
{
	if ((c->flags & CMD_PAGE) != 0 && !session_has_page(sh->session)) {
		fail(error, ERROR_OTHER, 0, "%s needs a page, and none is loaded", c->name);
		return hint(error, "get URL");
	}
	if ((c->flags & CMD_RESPONSE) != 0 && !session_has_response(sh->session)) {
		fail(error, ERROR_OTHER, 0, "%s needs an answer, and there is none yet", c->name);
		return hint(error, "get URL");
	}
	return 0;
}

static int
run_words(struct shell *sh, const char *const *words, size_t n, struct str heredoc, const struct sink *k, struct error *error)
{
	struct call call = { .session = sh->session, .out = k->out, .err = stderr, .content_wanted = k->content,
		.out_is_terminal = k->terminal, .heredoc = heredoc, .error = error, .shell = sh };
	size_t used;
	const struct command *c = table_lookup(words, n, &used, error);
	int status;

	if (c == NULL)
		return -1;
	if (call_parse(&call, c, words + used, n - used) != 0) {
		call_release(&call);
		return -1;
	}
	status = check_needs(sh, c, error);
	if (status == 0)
		status = c->run(&call);
	if (status == 0 && (c->flags & (CMD_STATE | CMD_NETWORK)) != 0 && sh->record != NULL)
		record_words(sh, words, n);
	call_release(&call);
	return status;
}

int
run_captured(struct shell *sh, const char *const *words, size_t n, struct buf *capture, struct error *error)
{
	struct sink k = { .out = stdout, .terminal = isatty(STDOUT_FILENO) != 0 };
	char *text = NULL;
	size_t size = 0;
	int status;

	if (capture == NULL) {
		status = run_words(sh, words, n, (struct str){ NULL, 0 }, &k, error);
		fflush(stdout);
		return status;
	}
	k = (struct sink){ .out = open_memstream(&text, &size), .content = true };
	status = run_words(sh, words, n, (struct str){ NULL, 0 }, &k, error);
	fclose(k.out);
	if (status == 0 && size > CAPTURE_MAX)
		status = fail(error, ERROR_LIMIT, 0, "the captured text has more than %d bytes", CAPTURE_MAX);
	if (status == 0 && buf_add(capture, text, size) != 0)
		status = fail(error, ERROR_LIMIT, 0, "the captured text has more than %zu bytes", capture->max);
	if (text != NULL)
		mem_wipe(text, size);
	free(text);
	return status;
}

static int
run_escape(const char *text, struct error *error)
{
	int ended;

	fflush(stdout);
	ended = system(text);
	if (ended == 0)
		return 0;
	if (ended == -1)
		return fail_errno(error, ERROR_OTHER, "cannot start sh");
	return fail(error, ERROR_OTHER, WIFEXITED(ended) ? WEXITSTATUS(ended) : 0, "the command ended with status %d",
	    WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended));
}

static void
release_words(char **words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i] != NULL) {
			mem_wipe(words[i], strlen(words[i]));
			free(words[i]);
		}
	free(words);
}

int
run_command(struct shell *sh, const struct line_command *c, struct error *error)
{
	char **words = mem_alloc((c->n_words + 1) * sizeof(*words)), *heredoc = NULL;
	struct sink k = { .out = NULL };
	size_t where = 0;
	int status = 0;

	if (c->escape != NULL) {
		free(words);
		return run_escape(c->escape, error);
	}
	for (size_t i = 0; i < c->n_words && status == 0; i++) {
		words[i] = word_expand(&c->words[i], shell_value, sh, &where, error);
		if (words[i] == NULL) {
			sh->place.at = where;
			sh->place.caret = true;
			status = -1;
		}
	}
	if (status == 0 && c->has_heredoc) {
		heredoc = word_expand(&c->heredoc, shell_value, sh, &where, error);
		status = heredoc != NULL ? 0 : -1;
	}
	if (status == 0)
		status = open_sink(sh, c, &k, error);
	if (status == 0)
		status = run_words(sh, (const char *const *)words, c->n_words, heredoc != NULL ? str_of(heredoc) : (struct str){ NULL, 0 },
		    &k, error);
	status = close_sink(&k, status, error);
	free(heredoc);
	release_words(words, c->n_words);
	return status;
}
