/* `let`: variables, from values and from what commands print. */
#include <string.h>

#include "shell/lookup.h"
#include "shell/shell.h"
#include "shell/table.h"

static void
list_variables(const struct shell *sh, FILE *out)
{
	struct buf text;

	buf_init(&text, WORDS_MAX_TEXT);
	for (size_t i = 0; i < sh->variables.n; i++) {
		buf_addf(&text, "let %s = ", sh->variables.items[i].name);
		let_quote(sh->commands, str_of(sh->variables.items[i].value), &text);
		buf_add_char(&text, '\n');
	}
	fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, out);
	buf_release(&text);
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
		return fail(call->error, ERROR_USAGE, 0,
		    "a variable's name is written: what another one holds is a value");
	buf_init(&value, WORDS_MAX_TEXT);
	if (call->n_words > 3 ||
	    (call->n_words == 3 && command_runs_alone(sh->commands, str_of(call->words[2])) &&
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

static const struct arg let_args[] = {
	{ "NAME = VALUE", ARG_ASSIGNMENT, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
const struct command command_let = {
	.name = "let",
	.group = "script",
	.summary = "Give a variable a value, or what a command prints.",
	.details =
	    "let NAME = COMMAND ... takes the command's output without its last newline; a lone word is a command only "
	    "when that needs no arguments and it is written without quotes (let NAME = echo WORD otherwise); what a "
	    "variable holds is never one. $NAME and ${NAME} stand for the value. Without words the "
	    "variables are listed.",
	.example =
	    "let greeting = 'hello there'\necho $greeting\n| hello there\nget https://ok.lab.test/\nlet t = title\n"
	    "echo $t\n| httpsh lab\n",
	.args = let_args,
	.flags = CMD_RAW | CMD_STATE,
	.run = run_let,
};
