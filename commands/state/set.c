/* `set`: settings of requests and of the shell. */
#include "commands/state/settings.h"
#include "commands/table.h"

static int
run_set(struct call *call)
{
	if (call->n_args == 0)
		return settings_print(call, "set");
	return settings_change(call, "set", call->args, call->arg_marks, call->n_args);
}

static int
check_set(struct call *call)
{
	return settings_check(call, "set");
}

const struct command command_set = {
	.name = "set",
	.group = "session",
	.summary = "Settings of requests and of the shell.",
	.details =
	    "Without a name all are listed with value, origin and default. NAME shows one, NAME VALUE sets it, NAME "
	    "default resets it.",
	.example = "set follow off\nset follow\n| off\nset follow default\n",
	.opts = settings_options,
	.args = settings_args,
	.flags = CMD_STATE | CMD_KEPT,
	.check = check_set,
	.run = run_set,
	.settings = "set",
};
