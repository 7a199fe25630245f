/* The shell's own commands but expect and help: let, echo, source, record, history, quit. */
#include <stdlib.h>
#include <string.h>

#include "shell/history.h"
#include "shell/record.h"
#include "shell/shell.h"
#include "shell/table.h"

static const struct arg words_args[] = { { "WORD", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct arg let_args[] = { { "NAME = VALUE", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };

/* ---- let ---- */

static void
list_variables(const struct shell *sh, FILE *out)
{
	struct buf text;

	buf_init(&text, WORDS_MAX_TEXT);
	for (size_t i = 0; i < sh->variables.n; i++) {
		buf_addf(&text, "let %s = ", sh->variables.items[i].name);
		let_quote(str_of(sh->variables.items[i].value), &text);
		buf_add_char(&text, '\n');
	}
	fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, out);
	buf_release(&text);
}

bool
let_runs(struct str word)
{
	for (const struct command *const *c = command_table(); *c != NULL; c++)
		if (str_is(word, (*c)->name))
			return (*c)->run != NULL && ((*c)->args == NULL || (*c)->args[0].name == NULL || ((*c)->args[0].flags & ARG_OPTIONAL) != 0);
	return false;
}

void
let_quote(struct str value, struct buf *out)
{
	if (let_runs(value))
		buf_addf(out, "'%.*s'", STR_ARG(value));
	else
		word_quote(value, out);
}

/* As in sh: let name=value. 1 when it is that. */
static int
let_short(struct call *call)
{
	struct shell *sh = call->shell;
	struct str given = str_of(call->words[0]), name;
	const uint8_t *marks = call_word_marks(call, 0), *rest = marks;

	name = marks_cut(&given, &rest, '=');
	if (call->n_words != 1 || given.p == NULL || name.n == 0 || !marks_written(marks, name.n))
		return 0;
	return variables_set(&sh->variables, name, given, call->error) == 0 ? 1 : -1;
}

static int
run_let(struct call *call)
{
	struct shell *sh = call->shell;
	struct buf value;
	int status;

	if (call->n_words == 0)
		return list_variables(sh, call->out), 0;
	status = let_short(call);
	if (status != 0)
		return status < 0 ? -1 : 0;
	if (call->n_words < 2 || !call_word_says(call, 1, "=")) {
		fail(call->error, ERROR_USAGE, 0, "let NAME = VALUE, or let NAME = COMMAND");
		return hint(call->error, "let token = extract 'input[name=csrf]' @value");
	}
	if (!marks_written(call_word_marks(call, 0), strlen(call->words[0])))
		return fail(call->error, ERROR_USAGE, 0, "a variable's name is written: what another one holds is a value");
	buf_init(&value, WORDS_MAX_TEXT);
	if (call->n_words > 3 || (call->n_words == 3 && let_runs(str_of(call->words[2])) &&
	    marks_bare(call_word_marks(call, 2), strlen(call->words[2])))) {
		status = run_captured(call, 2, call->n_words - 2, &value, call->error);
		while (status == 0 && value.len > 0 && value.data[value.len - 1] == '\n')
			value.data[--value.len] = '\0';
	} else if (call->n_words == 3) {
		buf_add_str(&value, str_of(call->words[2]));
	}
	if (status == 0)
		status = variables_set(&sh->variables, str_of(call->words[0]), buf_str(&value), call->error);
	buf_wipe_release(&value);
	return status;
}

const struct command command_let = { .name = "let", .group = "script",
	.summary = "Give a variable a value, or what a command prints.",
	.details = "let NAME = COMMAND ... takes the command's output without its last newline; a lone word is a command only when "
	    "that needs no arguments and it is written without quotes (let NAME = echo WORD otherwise); what a variable holds is "
	    "never one. $NAME and ${NAME} stand for the value. Without words the "
	    "variables are listed.",
	.example = "let greeting = 'hello there'\necho $greeting\n| hello there\nget https://ok.lab.test/\nlet t = title\necho $t\n| httpsh lab\n",
	.args = let_args, .flags = CMD_RAW | CMD_STATE, .run = run_let };

/* ---- echo ---- */

static int
run_echo(struct call *call)
{
	for (size_t i = 0; i < call->n_words; i++)
		fprintf(call->out, "%s%s", i > 0 ? " " : "", call->words[i]);
	fputc('\n', call->out);
	return 0;
}

const struct command command_echo = { .name = "echo", .group = "script", .summary = "Print words.",
	.example = "echo one 'two  three'\n| one two  three\n", .args = words_args, .flags = CMD_RAW, .run = run_echo };

/* ---- source ---- */

static int
run_source(struct call *call)
{
	struct shell *sh = call->shell;
	int status;

	if (sh->depth >= SHELL_MAX_DEPTH)
		return fail(call->error, ERROR_LIMIT, 0, "files source each other more than %d deep", SHELL_MAX_DEPTH);
	sh->depth++;
	/* only a written - is standard input */
	status = script_run_file(sh, strcmp(call->args[0], "-") == 0 && !call_says(call, 0, "-") ? "./-" : call->args[0], call->error);
	sh->depth--;
	sh->changed = 0;          /* its lines are recorded, not itself */
	return status;
}

static const struct arg file_args[] = { { "FILE", ARG_FILE, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_source = { .name = "source", .alias = ".", .group = "script", .summary = "Run the commands of a file.",
	.details = "It ends with the first command that fails, unless set on-error continue.",
	.example = "!echo 'echo from a file' > /tmp/httpsh-example.hsh\nsource /tmp/httpsh-example.hsh\n| from a file\n"
	    "!rm /tmp/httpsh-example.hsh\n",
	.args = file_args, .run = run_source };

/* ---- record ---- */

static int
run_record(struct call *call)
{
	struct shell *sh = call->shell;
	const char *path = call_arg(call, 0);

	if (path == NULL) {
		fprintf(call->out, "%s\n", record_path(sh) != NULL ? record_path(sh) : "off");
		return 0;
	}
	if (call_says(call, 0, "off"))
		return record_stop(sh, call->error);
	return record_start(sh, path, call_flag(call, "force"), call->error);
}

static const struct opt force_option[] = { { "force", 'f', NULL, ARG_TEXT, "replace a file that exists", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
static const struct arg record_args[] = { { "FILE", ARG_FILE, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_record = { .name = "record", .group = "script",
	.summary = "Write the commands that change something into a file.",
	.details = "The file replays them, from the settings, sticky headers and base URL that held at its start; record off ends it, "
	    "record alone tells its name. Values of password-like fields become ${secret1} ...: the replay gets them by let secret1 = "
	    "... or from the environment.",
	.example = "record --force /tmp/httpsh-record.hsh\nset follow off\nrecord off\n!tail -1 /tmp/httpsh-record.hsh\n"
	    "| set follow off\nset follow default\n!rm /tmp/httpsh-record.hsh\n",
	.opts = force_option, .args = record_args, .run = run_record };

/* ---- history, quit ---- */

static int
run_history(struct call *call)
{
	struct shell *sh = call->shell;

	if (sh->history == NULL)
		return 0;
	if (call_flag(call, "clear"))
		return history_forget(sh->history, call->error);
	history_list(sh->history, call->out);
	return 0;
}

static const struct opt history_options[] = { { "clear", 'c', NULL, ARG_TEXT, "forget all lines", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
const struct command command_history = { .name = "history", .group = "shell", .summary = "List the lines typed before.",
	.details = "Lines that begin with a space, and the values of password-like fields, are not kept. Up and Ctrl-R bring "
	    "lines back.",
	.example = "history\n", .opts = history_options, .args = no_args, .run = run_history };

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
const struct command command_quit = { .name = "quit", .alias = "exit", .group = "shell", .summary = "Leave the shell.",
	.details = "STATUS is its exit status; without it that of the last command.",
	.example = "quit 0\n", .args = quit_args, .run = run_quit };
