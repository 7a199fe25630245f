/* `quit`. */
#include "shell/shell.h"
#include "shell/table.h"

static int
check_quit(struct call *call)
{
	const char *given = call_arg(call, 0);
	uint64_t status;

	if (given == NULL || !call_known(call, 0) || str_to_u64(str_of(given), 255, &status))
		return 0;
	return fail(call->error, ERROR_USAGE, 0, "quit takes a status from 0 to 255, not %s", given);
}

static int
run_quit(struct call *call)
{
	struct shell *sh = call->shell;
	uint64_t status = (uint64_t)sh->last_status;

	str_to_u64(str_of(call_arg(call, 0)), 255, &status);
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
	.check = check_quit,
	.run = run_quit,
};
