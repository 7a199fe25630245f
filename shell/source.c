/* `source`: the commands of a file. */
#include <string.h>

#include "shell/shell.h"
#include "shell/table.h"

static int
run_source(struct call *call)
{
	struct shell *sh = call->shell;
	const char *path = call->args[0];
	int status;

	if (sh->depth >= SHELL_MAX_DEPTH)
		return fail(call->error, ERROR_LIMIT, 0, "files source each other more than %d deep", SHELL_MAX_DEPTH);
	sh->depth++;
	if (strcmp(path, "-") == 0 && !call_says(call, 0, "-"))
		path = "./-"; /* only a written - is standard input */
	status = script_run_file(sh, path, call->error);
	sh->depth--;
	return status;
}

static const struct arg file_args[] = { { "FILE", ARG_FILE, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_source = {
	.name = "source",
	.alias = ".",
	.group = "script",
	.summary = "Run the commands of a file.",
	.details = "It ends with the first command that fails, unless set on-error continue.",
	.example =
	    "!echo 'echo from a file' > /tmp/httpsh-example.hsh\nsource /tmp/httpsh-example.hsh\n| from a file\n"
	    "!rm /tmp/httpsh-example.hsh\n",
	.args = file_args,
	.flags = CMD_LINES,
	.run = run_source,
};
