/* `source`: the commands of a file. */
#include <string.h>
#include <unistd.h>

#include "shell/shell.h"
#include "shell/table.h"

enum { CHECK_MAX_FILES = 256 /* that files name, each time */ };

/* --check: the lines of a file that stands there already; of another one it is not known which names it defines. */
static int
check_source(struct call *call)
{
	struct shell *sh = call->shell;
	int status;

	if (!call->checking)
		return 0;
	if (!call_known(call, 0) || call_says(call, 0, "-") || access(call->args[0], R_OK) != 0) {
		sh->names_unknown = true;
		return 0;
	}
	if (sh->depth >= SHELL_MAX_DEPTH || sh->checked_files++ >= CHECK_MAX_FILES)
		return 0;
	sh->depth++;
	status = script_run_file(sh, call->args[0], call->error);
	sh->depth--;
	return status;
}

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
	.check = check_source,
	.run = run_source,
};
