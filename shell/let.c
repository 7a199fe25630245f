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

/* As in sh: let name=value. False when it is not that. */
static bool
is_short(const struct call *call, struct str *name, struct str *value)
{
	const uint8_t *marks = call_word_marks(call, 0), *rest = marks;

	*value = str_of(call->words[0]);
	*name = marks_cut(value, &rest, '=');
	return call->n_words == 1 && value->p != NULL && name->n > 0 && marks_written(marks, name->n);
}

static struct inner
let_runs(const struct call *call)
{
	const struct shell *sh = call->shell;
	bool alone = call->n_words == 3 && command_runs_alone(sh->commands, str_of(call->words[2])) &&
	    marks_bare(call_word_marks(call, 2), strlen(call->words[2]));

	return call->n_words > 3 || alone ? (struct inner){ 2, call->n_words - 2, true } :
					    (struct inner){ 0, 0, false };
}

static int
check_let(struct call *call)
{
	struct str name, value;

	if (call->n_words == 0)
		return 0;
	if (call->content_wanted && call_runs(call).n == 0) {
		fail(call->error, ERROR_USAGE, 0, "| and > take what a command prints: a value prints nothing");
		return remark(call->error, "let NAME = echo VALUE | FILTER");
	}
	if (is_short(call, &name, &value))
		return variable_check_name(name, call->error);
	if (call->n_words < 2 || !call_word_says(call, 1, "=")) {
		fail(call->error, ERROR_USAGE, 0, "let NAME = VALUE, or let NAME = COMMAND");
		return hint(call->error, "let token = extract 'input[name=csrf]' @value");
	}
	if (!marks_written(call_word_marks(call, 0), strlen(call->words[0])))
		return fail(call->error, ERROR_USAGE, 0,
		    "a variable's name is written: what another one holds is a value");
	return variable_check_name(str_of(call->words[0]), call->error);
}

static int
run_let(struct call *call)
{
	struct shell *sh = call->shell;
	struct inner inner = call_runs(call);
	struct str name, text;
	struct buf value;
	int status;

	if (call->n_words == 0)
		return list_variables(sh, call->out), 0;
	if (is_short(call, &name, &text))
		return variables_set(&sh->variables, name, text, call->error);
	buf_init(&value, WORDS_MAX_TEXT);
	status = inner.n > 0 ? run_inner(call, inner, &value, call->error) : 0;
	text = inner.n > 0 ? buf_str(&value) : str_of(call->n_words > 2 ? call->words[2] : "");
	if (status == 0)
		status = variables_set(&sh->variables, str_of(call->words[0]), text, call->error);
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
	    "let NAME = COMMAND ... takes the command's output without its last newline; a single match of extract "
	    "keeps its bytes, newlines too. | FILTER and > FILE behind it belong to the command: of a filter's "
	    "output all newlines at the end go, as in sh, and what > takes is not in the variable. When the command "
	    "or the filter fails, the variable is what it was. A lone word is a command only when that needs no "
	    "arguments and it is written without quotes (let NAME = echo WORD otherwise); what a variable holds is "
	    "never one. $NAME and ${NAME} stand for the value. Without words the variables are listed.",
	.example =
	    "let greeting = 'hello there'\necho $greeting\n| hello there\nget https://ok.lab.test/\nlet t = title\n"
	    "echo $t\n| httpsh lab\n",
	.args = let_args,
	.flags = CMD_RAW | CMD_STATE,
	.check = check_let,
	.runs = let_runs,
	.run = run_let,
};
