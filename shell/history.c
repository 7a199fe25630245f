/* `history`: the lines typed before. */
#include "shell/shell.h"
#include "shell/table.h"
#include "shell/typed.h"

static int
run_history(struct call *call)
{
	struct shell *sh = call->shell;

	if (sh->typed == NULL)
		return 0;
	if (call_flag(call, "clear"))
		return typed_forget(sh->typed, call->error);
	typed_list(sh->typed, call->out);
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct opt history_options[] = {
	{ "clear", 'c', NULL, ARG_TEXT, "forget all lines", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
const struct command command_history = {
	.name = "history",
	.group = "shell",
	.summary = "List the lines typed before.",
	.details =
	    "Lines that begin with a space, and the values of password-like fields, are not kept. Up and Ctrl-R bring "
	    "lines back.",
	.example = "history\n",
	.opts = history_options,
	.args = no_args,
	.run = run_history,
};
