/* Running one parsed command: expanding its words, finding it, where its content goes. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "commands/capture.h"
#include "commands/session/connection.h"
#include "commands/settings/settings.h"
#include "commands/show/view.h"
#include "net/mem.h"
#include "shell/child.h"
#include "shell/lookup.h"
#include "shell/record.h"
#include "shell/shell.h"
#include "shell/signals.h"
#include "shell/sink.h"

enum { CAPTURE_MAX = 64 << 20 };

/* A command's words with the values of their variables, and which bytes are what (net/marks.h). */
struct expanded {
	const char *const *words;
	const uint8_t *const *marks;
	size_t n;
};

/* Something that is not there yet; how: a remark. */
static int
fail_need(const struct call *call, const char *what, const char *how, struct error *error)
{
	fail(error, ERROR_OTHER, 0, "%s%s%s needs %s", call->parent != NULL ? call->parent : "",
	    call->parent != NULL ? " " : "", call->command->name, what);
	return remark(error, "%s", how);
}

/* The one place where it is looked at. */
static int
check_needs(const struct call *call, struct error *error)
{
	const struct command *c = call->command;
	unsigned needs = c->flags | (c->needs != NULL ? c->needs(call) : 0);

	if ((needs & CMD_PAGE) != 0 && !session_has_page(call->session))
		return fail_need(call, "a page, and none is loaded", "\"get URL\" fetches one", error);
	if ((needs & CMD_RESPONSE) != 0 && !session_has_response(call->session))
		return fail_need(call, "an answer, and there is none yet", "\"get URL\" fetches one", error);
	if ((needs & CMD_CONNECTION) != 0 && session_attempt(call->session) == NULL)
		return fail_need(call, "a connection, and there was none yet",
		    "\"get URL\" or \"tls connect URL\" makes one", error);
	return 0;
}

/* `set follow`, `open`, `let`: the value is shown, nothing changes. */
static bool
only_asks(const struct call *call)
{
	const struct command *c = call->command;
	bool may_ask = c->args != NULL && c->args[0].name != NULL && (c->args[0].flags & ARG_OPTIONAL) != 0;

	if (call->n_words == 0)
		return may_ask;
	return call->n_words == 1 && c->settings != NULL &&
	    (call->words[0][0] == '-' || setting_find(c->settings, str_of(call->words[0]), NULL) != NULL);
}

static int
run_words(struct shell *sh, struct expanded w, struct str heredoc, const struct sink *k, struct error *error)
{
	struct call call = {
		.session = sh->session,
		.view = sh->view,
		.out = k->out,
		.err = sh->err,
		.content_wanted = k->content,
		.out_is_terminal = k->terminal,
		.heredoc = heredoc,
		.error = error,
		.shell = sh,
	};
	size_t used;
	const struct command *c = command_lookup_written(sh->commands, w.words, w.marks, w.n, &used, error);
	int status;

	if (c == NULL) {
		sh->unknown_word = used;
		return -1;
	}
	call.parent = used > 1 ? command_find(sh->commands, str_of(w.words[0]), "command", NULL)->name : NULL;
	call.marks = w.marks + used;
	if (call_parse(&call, c, w.words + used, w.n - used) != 0) {
		call_release(&call);
		return -1;
	}
	status = check_needs(&call, error);
	view_set_shown(sh->view, k->terminal ? k->out : NULL);
	if (status == 0)
		status = c->run(&call);
	view_set_shown(sh->view, NULL);
	if (status == 0 && !only_asks(&call))
		sh->changed |= c->flags & (CMD_STATE | CMD_NETWORK);
	/* whoever failed must have said why; if not, it is a failure all the same */
	if (status != 0 && error->kind == ERROR_NONE)
		fail(error, ERROR_OTHER, 0, "%s failed without a reason", c->name);
	call_release(&call);
	return status;
}

int
run_captured(struct call *call, size_t first, size_t n, struct buf *capture, struct error *error)
{
	struct shell *sh = call->shell;
	struct expanded w = { call->words + first, call->marks + first, n };
	struct capture captured;
	struct sink k;
	struct str text;
	int status;

	if (capture == NULL) {
		sink_standard(sh, &k);
		status = run_words(sh, w, (struct str){ NULL, 0 }, &k, error);
		sh->unknown_word = 0;
		return sink_close(&k, status, error);
	}
	k = (struct sink){ .out = capture_open(&captured), .content = true };
	status = run_words(sh, w, (struct str){ NULL, 0 }, &k, error);
	sh->unknown_word = 0;
	text = capture_close(&captured);
	if (status == 0 && text.n > CAPTURE_MAX)
		status = fail(error, ERROR_LIMIT, 0, "the captured text has more than %d bytes", CAPTURE_MAX);
	if (status == 0 && buf_add_str(capture, text) != 0)
		status = fail(error, ERROR_LIMIT, 0, "the captured text has more than %zu bytes", capture->max);
	capture_release(&captured);
	return status;
}

static int
run_escape(const char *text, struct error *error)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN }, interrupt, quit;
	struct child child;
	int ended;

	fflush(stdout);
	if (child_start(&child, text, false) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot start sh");
	/* the keys are its own meanwhile, as system() has it */
	sigaction(SIGINT, &ignored, &interrupt);
	sigaction(SIGQUIT, &ignored, &quit);
	if (shell_interrupts != 0) /* a key that came between the two commands is the child's, too */
		kill(child.pid, SIGINT);
	ended = child_wait(&child);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (ended == 0)
		return 0;
	if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGINT)
		return fail(error, ERROR_INTERRUPTED, 0, "the command was interrupted");
	return fail(error, ERROR_OTHER, WIFEXITED(ended) ? WEXITSTATUS(ended) : 0, "the command ended with status %d",
	    WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended));
}

static void
release_words(struct expanded *w)
{
	for (size_t i = 0; i < w->n; i++) {
		mem_wipe((void *)(uintptr_t)w->words[i], strlen(w->words[i]));
		free((void *)(uintptr_t)w->words[i]);
		free((void *)(uintptr_t)w->marks[i]);
	}
	free((void *)(uintptr_t)w->words);
	free((void *)(uintptr_t)w->marks);
}

/* The words of a command with their variables' values; -1 with the place of the one that has none. */
static int
expand_words(struct shell *sh, const struct line_command *c, struct expanded *w, struct error *error)
{
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	const uint8_t **marks = mem_alloc((c->n_words + 1) * sizeof *marks);
	size_t where;

	*w = (struct expanded){ words, marks, 0 };
	for (; w->n < c->n_words; w->n++) {
		uint8_t *own = NULL;

		words[w->n] = word_expand_marked(&c->words[w->n], shell_value, sh, &own, &where, error);
		marks[w->n] = own;
		if (words[w->n] == NULL) {
			sh->place.at = where;
			sh->place.caret = true;
			release_words(w);
			return -1;
		}
	}
	return 0;
}

static char *
expand_heredoc(struct shell *sh, const struct line_command *c, struct error *error)
{
	size_t where;
	char *text = word_expand(&c->heredoc, shell_value, sh, &where, error);

	if (text == NULL) {
		sh->place.at = where;
		sh->place.caret = true;
	}
	return text;
}

int
shell_judge_memory(int status, struct error *error)
{
	if (!mem_missed() || (status != 0 && (error->kind == ERROR_INTERRUPTED || mem_failed(error))))
		return status;
	return mem_fail(error, "the command could not be finished");
}

static int
run_expanded(struct shell *sh, const struct line_command *c, struct error *error)
{
	char *heredoc = NULL, *recorded;
	struct expanded words;
	struct sink k = { .out = NULL };
	int status = 0;

	if (c->escape != NULL)
		return run_escape(c->escape, error);
	if (expand_words(sh, c, &words, error) != 0)
		return -1;
	if (c->has_heredoc)
		status = (heredoc = expand_heredoc(sh, c, error)) != NULL ? 0 : -1;
	if (status == 0)
		status = sink_open(sh, c, &k, error);
	sh->changed = 0;
	sh->unknown_word = 0;
	recorded = record_compose(sh, c);
	if (status == 0)
		status = run_words(sh, words, heredoc != NULL ? str_of(heredoc) : (struct str){ NULL, 0 }, &k, error);
	status = shell_judge_memory(status, error);
	if (sh->unknown_word > 0 && sh->unknown_word <= c->n_words) {
		sh->place.at = c->words[sh->unknown_word - 1].at;
		sh->place.caret = true;
	}
	if (status == 0 && sh->changed != 0)
		record_commit(sh, c, recorded, sh->changed);
	else
		record_discard(sh, recorded);
	status = sink_close(&k, status, error);
	if (heredoc != NULL)
		mem_wipe(heredoc, strlen(heredoc));
	free(heredoc);
	release_words(&words);
	return status;
}

int
run_command(struct shell *sh, const struct line_command *c, struct error *error)
{
	int status = shell_judge_memory(run_expanded(sh, c, error), error);

	mem_settle();
	return status;
}
