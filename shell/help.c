/* `help`: from the command table. */
#include <stdlib.h>
#include <string.h>

#include "commands/settings.h"
#include "shell/help.h"
#include "shell/table.h"

static const struct { const char *group, *title; } groups[] = { { "requests", "Requests" }, { "page", "The page" },
	{ "tls", "TLS" }, { "session", "The session" }, { "script", "Scripts" }, { "shell", "The shell" } };

static void
list_all(FILE *out)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(*groups); g++) {
		fprintf(out, "%s%s\n", g > 0 ? "\n" : "", groups[g].title);
		for (const struct command *const *c = command_table(); *c != NULL; c++)
			if (strcmp((*c)->group, groups[g].group) == 0)
				fprintf(out, "  %-9s %s\n", (*c)->name, (*c)->summary);
	}
	fputs("\nhelp COMMAND tells more. Words are quoted as in sh; > FILE and | COMMAND take a command's output; $name is a variable.\n",
	    out);
}

void
help_wrapped(FILE *out, const char *text, unsigned width)
{
	struct str rest = str_of(text);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');
		bool kept = line.n > 0 && line.p[0] == ' ';

		while (!kept && line.n > width) {
			size_t cut = width;

			while (cut > 0 && line.p[cut] != ' ')
				cut--;
			if (cut == 0)
				break;
			fprintf(out, "%.*s\n", (int)cut, line.p);
			line = str_slice(line, cut + 1, line.n);
		}
		fprintf(out, "%.*s\n", STR_ARG(line));
	}
}

static void
list_settings(const char *group, FILE *out)
{
	const struct setting *row;

	fputs("\nSettings:\n", out);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(row->group, group) == 0)
			fprintf(out, "  %-20s %s%s%s%s\n", row->name, row->summary, row->choices != NULL ? " (" : "",
			    row->choices != NULL ? row->choices : "", row->choices != NULL ? ")" : "");
}

static void
describe(const struct command *c, const char *prefix, FILE *out)
{
	char *usage = command_usage(c, prefix);

	fprintf(out, "usage: %s\n", usage);
	free(usage);
	if (c->alias != NULL)
		fprintf(out, "short: %s\n", c->alias);
	fprintf(out, "\n%s\n", c->summary);
	if (c->details != NULL) {
		fputc('\n', out);
		help_wrapped(out, c->details, 96);
	}
	for (const struct opt *o = c->opts; o != NULL && o->name != NULL; o++) {
		fprintf(out, "%s  --%s", o == c->opts ? "\nOptions:\n" : "", o->name);
		if (o->value != NULL)
			fprintf(out, " %s", o->value);
		if (o->letter != 0)
			fprintf(out, ", -%c", o->letter);
		fprintf(out, "   %s\n", o->summary);
	}
	for (const struct command *const *sub = c->subcommands; sub != NULL && *sub != NULL; sub++)
		fprintf(out, "%s  %s %-10s %s\n", sub == c->subcommands ? "\nCommands:\n" : "", c->name, (*sub)->name, (*sub)->summary);
	if (c->settings != NULL)
		list_settings(c->settings, out);
	if (c->example == NULL)
		return;
	fputs("\nExample:\n", out);
	for (struct str rest = str_of(c->example), line; rest.n > 0;) {
		line = str_cut(&rest, '\n');
		if (str_starts(line, STR("| ")))
			fprintf(out, "  %.*s\n", STR_ARG(str_slice(line, 2, line.n)));
		else
			fprintf(out, "  httpsh> %.*s\n", STR_ARG(line));
	}
}

static int
run_help(struct call *call)
{
	size_t used;
	const struct command *c;

	if (call->n_args == 0)
		return list_all(call->out), 0;
	c = command_find(command_table(), str_of(call->args[0]), "command", call->error);
	if (c == NULL)
		return -1;
	if (call->n_args > 1 && c->subcommands != NULL) {
		const struct command *sub = table_lookup(call->args, call->n_args, &used, call->error);

		if (sub == NULL)
			return -1;
		describe(sub, c->name, call->out);
		return 0;
	}
	describe(c, NULL, call->out);
	return 0;
}

static const struct arg help_args[] = { { "COMMAND", ARG_COMMAND, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_help = { .name = "help", .alias = "?", .group = "shell", .summary = "What there is, and how it is used.",
	.example = "help get | head -1\n| usage: get [--json] [--multipart] [--body TEXT] URL [ITEM ...]\n", .args = help_args,
	.run = run_help };
