/* `help`: what the tables know, as text in columns. */
#include "shell/help.h"

#include <stdlib.h>
#include <string.h>

#include "commands/settings/settings.h"
#include "shell/lookup.h"
#include "shell/shell.h"

enum { COLUMN_COMMANDS = 12, COLUMN_MAX = 26 }; /* where the second column of a list begins, at most */

const struct command_group command_groups[] = {
	{ "requests", "Requests" },
	{ "page", "The page" },
	{ "tls", "TLS" },
	{ "session", "The session" },
	{ "script", "Scripts" },
	{ "shell", "The shell" },
	{ NULL, NULL },
};

/* ---- text in columns ---- */

bool
help_entry(struct str line, struct str *name, struct str *text)
{
	struct str inner = str_trim(line);
	ptrdiff_t gap = str_find(inner, STR("  "));

	if (line.n == 0 || line.p[0] != ' ' || gap < 0)
		return false;
	*name = str_slice(inner, 0, (size_t)gap);
	*text = str_trim(str_slice(inner, (size_t)gap, inner.n));
	return true;
}

static void
put_paragraphs(const char *details, unsigned width, FILE *out)
{
	struct str rest = str_of(details);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n'), name, text;

		print_wrapped(out, line, 0, help_entry(line, &name, &text) ? (size_t)(text.p - line.p) : 0, width);
	}
}

/* A row of a list: a name, and its text at column, on the next line when the name is too long. */
static void
put_row(const char *name, const char *text, unsigned column, unsigned width, FILE *out)
{
	bool below = strlen(name) + 4 > column;
	char *line = below ? str_dup(str_of(text)) : str_printf("  %-*s%s", (int)column - 2, name, text);

	if (below)
		fprintf(out, "  %s\n", name);
	print_wrapped(out, str_of(line), below ? column : 0, column, width);
	free(line);
}

static void
widen(unsigned *column, const char *name)
{
	size_t n = strlen(name) + 4;

	if (n > *column && n <= COLUMN_MAX)
		*column = (unsigned)n;
}

/* ---- parts of a command's help ---- */

char *
help_option(const struct opt *o)
{
	char letter[] = { '-', o->letter, ',', ' ', '\0' };

	return str_printf("%s--%s%s%s", o->letter != 0 ? letter : "    ", o->name, o->value != NULL ? " " : "",
	    o->value != NULL ? o->value : "");
}

static void
put_options(const struct opt *opts, unsigned width, FILE *out)
{
	unsigned column = 0;

	if (opts == NULL || opts->name == NULL)
		return;
	fputs("\nOptions:\n", out);
	for (const struct opt *o = opts; o->name != NULL; o++) {
		char *name = help_option(o);

		widen(&column, name);
		free(name);
	}
	for (const struct opt *o = opts; o->name != NULL; o++) {
		char *name = help_option(o);

		put_row(name, o->summary, column, width, out);
		free(name);
	}
}

static void
put_subcommands(const struct command *c, unsigned width, FILE *out)
{
	unsigned column = 0;

	if (c->subcommands == NULL)
		return;
	fputs("\nCommands:\n", out);
	for (int pass = 0; pass < 2; pass++)
		for (const struct command *const *sub = c->subcommands; *sub != NULL; sub++) {
			char *usage = command_usage(*sub, c->name);

			if (pass == 0)
				widen(&column, usage);
			else
				put_row(usage, (*sub)->summary, column, width, out);
			free(usage);
		}
}

static void
put_settings(const char *group, unsigned width, FILE *out)
{
	const struct setting *row;

	fputs("\nSettings:\n", out);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		char *values, *name;

		if (strcmp(row->group, group) != 0)
			continue;
		values = setting_values(row);
		name = str_printf("%s %s", row->name, values);
		put_row(name, row->summary, COLUMN_MAX, width, out);
		free(name);
		free(values);
	}
	fprintf(out, "\n\"help %s NAME\" tells a setting's range, default and value.\n", group);
}

static void
put_example(const char *example, FILE *out)
{
	struct str rest = str_of(example), line;

	if (example == NULL)
		return;
	fputs("\nExample:\n", out);
	while (rest.n > 0) {
		line = str_cut(&rest, '\n');
		if (str_starts(line, STR("| ")))
			fprintf(out, "  %.*s\n", STR_ARG(str_slice(line, 2, line.n)));
		else
			fprintf(out, "  httpsh> %.*s\n", STR_ARG(line));
	}
}

void
help_command(const struct command *c, const struct command *parent, unsigned width, FILE *out)
{
	char *usage = command_usage(c, parent != NULL ? parent->name : NULL);

	fprintf(out, "usage: %s\n", usage);
	free(usage);
	if (c->alias != NULL)
		fprintf(out, "also:  %s%s%s\n", parent != NULL ? parent->name : "", parent != NULL ? " " : "",
		    c->alias);
	fputc('\n', out);
	put_paragraphs(c->summary, width, out);
	if (c->details != NULL) {
		fputc('\n', out);
		put_paragraphs(c->details, width, out);
	}
	put_options(c->opts, width, out);
	put_subcommands(c, width, out);
	if (c->settings != NULL)
		put_settings(c->settings, width, out);
	put_example(c->example == NULL && parent != NULL ? parent->example : c->example, out);
}

/* ---- the command ---- */

static void
put_commands(const struct command *const *commands, unsigned width, FILE *out)
{
	for (const struct command_group *g = command_groups; g->name != NULL; g++) {
		fprintf(out, "%s%s\n", g != command_groups ? "\n" : "", g->title);
		for (const struct command *const *c = commands; *c != NULL; c++)
			if (strcmp((*c)->group, g->name) == 0)
				put_row((*c)->name, (*c)->summary, COLUMN_COMMANDS, width, out);
	}
	fputc('\n', out);
	put_paragraphs(
	    "\"help COMMAND\" tells more, \"help tls proto\" about one setting, and \"man httpsh\" everything. Words "
	    "are "
	    "quoted as in sh; > FILE and | COMMAND take a command's output; $name is a variable, whose value is data: "
	    "no sign, option or command in it counts; Tab completes.",
	    width, out);
}

static void
put_setting(struct session *s, const struct setting *row, unsigned width, FILE *out)
{
	char *values = setting_values(row), *range = setting_range(row);
	struct str now = str_of(setting_text(session_settings(s), row));

	fprintf(out, "usage: %s %s %s\n\n", row->group, row->name, values);
	put_paragraphs(row->summary, width, out);
	fputc('\n', out);
	if (range != NULL)
		fprintf(out, "range    %s\n", range);
	fprintf(out, "default  %s\n", row->initial);
	do {
		char shown[200];

		fprintf(out, "now      %s (%s)\n", str_printable(str_cut(&now, '\n'), shown, sizeof shown),
		    setting_origin_name(setting_origin(session_settings(s), row)));
	} while (now.p != NULL);
	fprintf(out, "\n\"%s %s\" prints it, \"%s %s default\" resets it.\n", row->group, row->name, row->group,
	    row->name);
	free(values);
	free(range);
}

static unsigned
width_of(const struct call *call)
{
	const struct shell *sh = call->shell;
	unsigned columns = call->out_is_terminal && sh->columns > 0 ? sh->columns : HELP_WIDTH;

	return columns < HELP_WIDTH_MAX ? columns : HELP_WIDTH_MAX;
}

/* What help is asked for: a command, its sub-command, or a setting. */
struct topic {
	const struct command *command, *sub;
	const struct setting *row;
};

static int
find_topic(const struct call *call, struct topic *t)
{
	const struct shell *sh = call->shell;
	char shown[80];
	size_t used;

	*t = (struct topic){ .command = command_find(sh->commands, str_of(call->args[0]), "command", call->error) };
	if (t->command == NULL || call->n_args == 1)
		return t->command != NULL ? 0 : -1;
	t->sub = command_lookup(sh->commands, call->args, call->n_args, &used, call->error);
	if (t->sub == NULL || used == 2)
		return t->sub != NULL ? 0 : -1;
	t->sub = NULL;
	if (t->command->settings != NULL)
		t->row = setting_find(t->command->settings, str_of(call->args[1]), call->error);
	if (t->command->settings != NULL)
		return t->row != NULL ? 0 : -1;
	fail(call->error, ERROR_USAGE, 0, "there is nothing called \"%s %s\"", t->command->name,
	    str_printable(str_of(call->args[1]), shown, sizeof shown));
	return hint(call->error, "help %s", t->command->name);
}

static int
check_help(struct call *call)
{
	struct topic t;

	return call->checking && call->n_args > 0 && call_known(call, 0) && call_known(call, 1) ? find_topic(call, &t) :
												  0;
}

static int
run_help(struct call *call)
{
	unsigned width = width_of(call);
	const struct shell *sh = call->shell;
	struct topic t;

	if (call->n_args == 0)
		return put_commands(sh->commands, width, call->out), 0;
	if (find_topic(call, &t) != 0)
		return -1;
	if (t.row != NULL)
		put_setting(call->session, t.row, width, call->out);
	else
		help_command(t.sub != NULL ? t.sub : t.command, t.sub != NULL ? t.command : NULL, width, call->out);
	return 0;
}

static const struct arg help_args[] = {
	{ "COMMAND", ARG_COMMAND, ARG_OPTIONAL, NULL },
	{ "NAME", ARG_TEXT, ARG_OPTIONAL, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
const struct command command_help = {
	.name = "help",
	.alias = "?",
	.group = "shell",
	.summary = "What there is, and how it is used.",
	.details = "COMMAND alone tells all about a command; NAME is one of its sub-commands or settings.",
	.example =
	    "help save | head -1\n| usage: save [OPTION ...] [FILE]\n"
	    "help tls proto | tail -1\n| \"tls proto\" prints it, \"tls proto default\" resets it.\n",
	.args = help_args,
	.check = check_help,
	.run = run_help,
};
