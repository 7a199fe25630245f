/* --check: a line as far as it can be judged without running it. */
#include "shell/check.h"

#include <stdlib.h>

#include "commands/capture.h"
#include "shell/prepare.h"
#include "shell/secrets.h"

#define UNKNOWN '?' /* stands for what a variable holds */

/* A fact of an exchange that is still to come, or an argument that was not given to --check. */
static bool
may_come(const struct shell *sh, struct str name)
{
	uint64_t number;

	if (sh->names_unknown || str_starts(name, STR("header.")) || str_starts(name, STR("cookie.")))
		return true;
	for (size_t i = 0; session_variable_name(i) != NULL; i++)
		if (str_is(name, session_variable_name(i)))
			return true;
	return sh->n_arguments == 0 && str_to_u64(name, UINT32_MAX, &number);
}

static int
value_of(void *context, struct str name, struct buf *out, struct error *error)
{
	struct shell *sh = context;
	struct buf value;
	int status;

	buf_init(&value, WORDS_MAX_TEXT);
	status = shell_value(sh, name, &value, error);
	buf_wipe_release(&value);
	if (status != 0 && !may_come(sh, name))
		return -1;
	error_clear(error);
	return buf_add_char(out, UNKNOWN);
}

static bool
all_known(const struct call *call)
{
	size_t i = 0;

	while (i < call->n_words && call_word_known(call, i))
		i++;
	return i == call->n_words;
}

/* Only a setting, and all of it known, with nobody to be asked. */
static bool
can_be_done(const struct call *call, const struct line_command *c)
{
	const struct shell *sh = call->shell;
	const struct command *command = call->command;
	unsigned flags = command->flags | (command->needs != NULL ? command->needs(call) : 0);

	return (flags & CMD_KEPT) != 0 && (flags & (CMD_PAGE | CMD_RESPONSE | CMD_CONNECTION)) == 0 &&
	    all_known(call) && !secret_asked_for(sh->commands, c);
}

/* What it prints is not wanted. */
static int
run_unseen(struct call *call)
{
	struct capture unseen;
	int status;

	call->out = call->err = capture_open(&unseen);
	status = call->command->run(call);
	capture_close(&unseen);
	capture_release(&unseen);
	return status;
}

static int
check_words(struct shell *sh, const struct line_command *c, struct expanded w, bool captured, struct error *error)
{
	struct call call = {
		.session = sh->session,
		.content_wanted = captured || c->pipe != NULL || c->redirect != REDIRECT_NONE,
		.captured = captured,
		.checking = true,
		.heredoc = c->has_heredoc ? STR("") : (struct str){ NULL, 0 },
		.error = error,
		.shell = sh,
	};
	int status = call_prepare(&call, w);
	struct inner inner = status == 0 ? call_runs(&call) : (struct inner){ 0, 0, false };

	if (inner.n > 0) {
		struct expanded more = { call.words + inner.first, call.marks + inner.first, inner.n };

		status = check_words(sh, c, more, inner.captured, error);
		sh->unknown_word = 0;
	} else if (status == 0 && can_be_done(&call, c)) {
		call.checking = false;
		status = run_unseen(&call);
	}
	call_release(&call);
	return status;
}

/* What a line defines, the next ones have. */
static void
define(struct shell *sh, const struct line_command *c)
{
	const struct word *assigned = assigned_name(sh->commands, c);
	struct str name = str_of(assigned != NULL ? assigned->parts[0].text : "");

	if (assigned != NULL)
		variables_set(&sh->variables, str_slice(name, 0, variable_name_length(name, false)), STR(""), NULL);
}

static int
check_target(struct shell *sh, const struct line_command *c, struct error *error)
{
	char *path = NULL;
	size_t where;

	if (c->redirect == REDIRECT_NONE)
		return 0;
	path = word_expand(&c->target, value_of, sh, &where, error);
	if (path == NULL) {
		sh->place.at = where;
		sh->place.caret = true;
	}
	free(path);
	return path != NULL ? 0 : -1;
}

int
check_command(struct shell *sh, const struct line_command *c, struct error *error)
{
	struct expanded words;
	char *heredoc = NULL;
	int status;

	if (c->escape != NULL)
		return 0;
	if (expanded_make(&words, sh, c, value_of, error) != 0)
		return -1;
	status = c->has_heredoc && (heredoc = heredoc_make(sh, c, value_of, error)) == NULL ? -1 : 0;
	free(heredoc);
	sh->unknown_word = 0;
	if (status == 0)
		status = check_target(sh, c, error);
	if (status == 0)
		status = check_words(sh, c, words, false, error);
	place_unknown_word(sh, c);
	expanded_release(&words);
	define(sh, c);
	if (status != 0 && error->kind == ERROR_USAGE)
		return -1;
	error_clear(error);
	return 0;
}
