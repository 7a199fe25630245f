/* `quit`. */
#include "shell/shell.h"
#include "shell/table.h"

static int
run_quit(struct call *call)
{
	struct shell *sh = call->shell;
	const char *given = call_arg(call, 0);
	uint64_t status = (uint64_t)sh->last_status;

	if (given != NULL && !str_to_u64(str_of(given), 255, &status))
		return fail(call->error, ERROR_USAGE, 0, "quit takes a status from 0 to 255, not %s", given);
	sh->quit = true;
	sh->quit_status = (int)status;
	return 0;
}

static const struct arg quit_args[] = { { "STATUS", ARG_NUMBER, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_quit = {
	.name = "quit",
	.alias = "exit",
	.group = "shell",
	.summary = "Leave the shell.",
	.details = "STATUS is its exit status; without it that of the last command.",
	.example = "quit 0\n",
	.args = quit_args,
	.run = run_quit,
};
