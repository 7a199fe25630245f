/* `echo`: words. */
#include "shell/table.h"

static int
run_echo(struct call *call)
{
	for (size_t i = 0; i < call->n_words; i++)
		fprintf(call->out, "%s%s", i > 0 ? " " : "", call->words[i]);
	fputc('\n', call->out);
	return 0;
}

static const struct arg words_args[] = {
	{ "WORD", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
const struct command command_echo = {
	.name = "echo",
	.group = "script",
	.summary = "Print words.",
	.example = "echo one 'two  three'\n| one two  three\n",
	.args = words_args,
	.flags = CMD_RAW,
	.run = run_echo,
};
