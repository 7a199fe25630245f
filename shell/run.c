/* Running one parsed command: expanding its words, finding it, where its content goes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "commands/session/exchange.h"
#include "commands/settings/settings.h"
#include "commands/show/view.h"
#include "net/mem.h"
#include "shell/child.h"
#include "shell/prepare.h"
#include "shell/record.h"
#include "shell/shell.h"
#include "shell/signals.h"
#include "shell/sink.h"

/* Something that is not there yet; how: a remark. */
static int
fail_need(const struct call *call, const char *what, const char *how, struct error *error)
{
	fail(error, ERROR_OTHER, 0, "%s%s%s needs %s", call->parent != NULL ? call->parent : "",
	    call->parent != NULL ? " " : "", call->command->name, what);
	return remark(error, "%s", how);
}

/* The body broke off, or was cut by a limit: what there is of the page is not it. */
static int
fail_part(const struct exchange *x, struct error *error)
{
	if (x->body.length == 0)
		return fail(error, ERROR_LIMIT, 0, "the page was read in part: nothing of it came");
	fail(error, ERROR_LIMIT, 0, "the page was read in part: only %" PRIu64 " bytes of it came", x->body.length);
	return hint_why(error, "to take the part for the whole", "set partial on");
}

static unsigned
needs_of(const struct call *call)
{
	return call->command->flags | (call->command->needs != NULL ? call->command->needs(call) : 0);
}

/* The one place where it is looked at. */
static int
check_needs(const struct call *call, struct error *error)
{
	unsigned needs = needs_of(call);

	if ((needs & CMD_PAGE) != 0 && !session_has_page(call->session) && session_has_response(call->session) &&
	    !session_last(call->session)->done)
		return fail_part(session_last(call->session), error);
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

/* When the last request got no answer, what a command tells is of one before it: says of which. */
static void
name_answer(const struct call *call, int status)
{
	const struct exchange *x = session_last(call->session);
	char *url;

	if (!session_unanswered(call->session) || x == NULL || (needs_of(call) & (CMD_RESPONSE | CMD_PAGE)) == 0 ||
	    (status != 0 && (call->error->code == ENODATA || call->error->kind == ERROR_USAGE)))
		return; /* it says so itself, or speaks of the words */
	url = url_shown(&x->url, false);
	if (status == 0)
		fprintf(call->err, "this is of %s %s: the last request got no answer\n", x->method, url);
	else
		error_add(call->error, "; this is of %s %s: the last request got no answer", x->method, url);
	free(url);
}

/* worked, when not NULL: the command itself did, also when its output could not go where it belongs. */
static int
run_words(struct shell *sh, struct expanded w, struct buf *capture, bool *worked, struct error *error)
{
	struct call call = {
		.session = sh->session,
		.view = sh->view,
		.err = sh->err,
		.content_wanted = capture != NULL || sh->line->pipe != NULL || sh->line->redirect != REDIRECT_NONE,
		.captured = capture != NULL && sh->line->pipe == NULL && sh->line->redirect == REDIRECT_NONE,
		.heredoc = sh->heredoc,
		.error = error,
		.shell = sh,
	};
	struct sink k = { .out = NULL };
	int status = call_prepare(&call, w);

	if (status != 0) {
		call_release(&call);
		return -1;
	}
	status = check_needs(&call, error);
	if (status == 0 && call_runs(&call).n > 0)
		sink_standard(sh, &k);
	else if (status == 0)
		status = sink_open(sh, sh->line, capture, &k, error);
	call.out = k.out;
	call.out_is_terminal = k.terminal;
	view_set_shown(sh->view, k.terminal ? k.out : NULL);
	if (status == 0) {
		status = call.command->run(&call);
		name_answer(&call, status);
	}
	view_set_shown(sh->view, NULL);
	if (status == 0 && !only_asks(&call))
		sh->changed |= call.command->flags & (CMD_STATE | CMD_NETWORK | CMD_ANSWER);
	if (status == 0 && call.content_wanted && !call.captured)
		sh->changed |= CMD_ANSWER;
	if ((call.command->flags & CMD_LINES) != 0)
		sh->changed = 0;
	/* whoever failed must have said why; if not, it is a failure all the same */
	if (status != 0 && error->kind == ERROR_NONE)
		fail(error, ERROR_OTHER, 0, "%s failed without a reason", call.command->name);
	if (worked != NULL)
		*worked = status == 0;
	call_release(&call);
	return sink_close(&k, status, error);
}

int
run_inner(struct call *call, struct inner which, struct buf *capture, struct error *error)
{
	struct shell *sh = call->shell;
	struct expanded w = { call->words + which.first, call->marks + which.first, which.n };
	int status;

	sh->inside++;
	status = run_words(sh, w, capture, NULL, error);
	sh->inside--;
	sh->unknown_word = 0;
	return status;
}

static int
run_escape(const char *text, struct error *error)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN }, interrupt, quit;
	struct child child;
	int ended;

	fflush(stdout);
	if (child_start(&child, text, 0) != 0)
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

int
shell_judge_memory(int status, struct error *error)
{
	if (!mem_missed() || (status != 0 && (error->kind == ERROR_INTERRUPTED || mem_failed(error))))
		return status;
	return mem_fail(error, "the command could not be finished");
}

/* What runs inside has its own line: source, let, expect. */
static int
run_with(struct shell *sh, const struct line_command *c, struct expanded words, struct str heredoc, bool *worked,
    struct error *error)
{
	const struct line_command *outer = sh->line;
	struct str outer_heredoc = sh->heredoc;
	int status;

	sh->line = c;
	sh->heredoc = heredoc;
	status = run_words(sh, words, NULL, worked, error);
	sh->line = outer;
	sh->heredoc = outer_heredoc;
	return shell_judge_memory(status, error);
}

/* worked: the command did, though its output may not have got where it belongs. */
static void
record_outcome(struct shell *sh, const struct line_command *c, struct recorded recorded, int status, bool worked)
{
	unsigned kept = status == 0 ? CMD_STATE | CMD_NETWORK | CMD_ANSWER : worked ? CMD_STATE | CMD_NETWORK : 0;

	if ((sh->changed & kept) != 0)
		record_commit(sh, c, recorded, sh->changed, status == 0);
	else
		record_discard(sh, recorded);
}

static int
run_expanded(struct shell *sh, const struct line_command *c, struct error *error)
{
	struct expanded words;
	struct recorded recorded;
	char *heredoc = NULL;
	bool worked = false;
	int status = 0;

	if (c->escape != NULL)
		return run_escape(c->escape, error);
	if (expanded_make(&words, sh, c, shell_value, error) != 0)
		return -1;
	if (c->has_heredoc)
		status = (heredoc = heredoc_make(sh, c, shell_value, error)) != NULL ? 0 : -1;
	sh->changed = 0;
	sh->unknown_word = 0;
	recorded = record_compose(sh, c);
	if (status == 0)
		status =
		    run_with(sh, c, words, heredoc != NULL ? str_of(heredoc) : (struct str){ NULL, 0 }, &worked, error);
	place_unknown_word(sh, c);
	record_outcome(sh, c, recorded, status, worked);
	if (heredoc != NULL)
		mem_wipe(heredoc, strlen(heredoc));
	free(heredoc);
	expanded_release(&words);
	return status;
}

int
run_command(struct shell *sh, const struct line_command *c, struct error *error)
{
	int status = shell_judge_memory(run_expanded(sh, c, error), error);

	mem_settle();
	return status;
}
