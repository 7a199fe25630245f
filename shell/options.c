/* httpsh's own options. */
#include "shell/options.h"

static const struct opt options[] = {
	{ "command", 'c', "TEXT", ARG_TEXT, "run these commands and leave", NULL },
	{ "session", 0, "NAME", ARG_SESSION, "the session on disk (default: default)", NULL },
	{ "no-session", 0, NULL, ARG_TEXT, "start empty, keep nothing", NULL },
	{ "echo", 0, NULL, ARG_TEXT, "show each command before it runs", NULL },
	{ "check", 'n', NULL, ARG_TEXT, "tell what would be a usage error, run nothing", NULL },
	{ "version", 0, NULL, ARG_TEXT, "print the version and leave", NULL },
	{ "help", 'h', NULL, ARG_TEXT, "print this and leave", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg arguments[] = {
	{ "FILE", ARG_FILE, ARG_OPTIONAL, NULL },
	{ "ARGUMENT", ARG_FILE, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};

const struct command program = {
	.name = "httpsh",
	.summary = "An interactive shell for HTTPS sessions.",
	.details =
	    "Without --command and FILE it reads commands from the terminal, or from standard input when that is no "
	    "terminal; the FILE - is standard input too. The arguments are $1, $2 ... there.",
	.opts = options,
	.args = arguments,
	.flags = CMD_OPTIONS_FIRST,
};

int
options_parse(struct options *o, int argc, char **argv, struct error *error)
{
	*o = (struct options){ .call = { .error = error } };
	if (call_parse(&o->call, &program, (const char *const *)(argv + 1), argc > 0 ? (size_t)argc - 1 : 0) != 0)
		return -1;
	o->text = call_value(&o->call, "command");
	o->session = call_value(&o->call, "session");
	if (o->session == NULL)
		o->session = "default";
	if (call_flag(&o->call, "no-session"))
		o->session = NULL;
	o->rest = o->call.args;
	o->n_rest = o->call.n_args;
	o->echo = call_flag(&o->call, "echo");
	o->check = call_flag(&o->call, "check");
	o->help = call_flag(&o->call, "help");
	o->version = call_flag(&o->call, "version");
	return 0;
}

void
options_release(struct options *o)
{
	call_release(&o->call);
}
