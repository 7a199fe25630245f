/* The manual page in man(7): the prose of httpsh.1.in, and lists made from the tables. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/session.h"
#include "commands/settings/settings.h"
#include "commands/table.h"
#include "completions/completions.h"
#include "net/buf.h"
#include "shell/help.h"
#include "shell/options.h"
#include "shell/shell.h"
#include "shell/table.h"

enum { TEMPLATE_MAX = 1 << 20 };

/* ---- troff ---- */

static void
put_char(char c, FILE *out)
{
	static const char special[] = "\\-'`^~\"";
	static const char *const names[] = { "\\e", "\\-", "\\(aq", "\\(ga", "\\(ha", "\\(ti", "\\(dq" };
	const char *at = c != '\0' ? strchr(special, c) : NULL;

	if (at != NULL)
		fputs(names[at - special], out);
	else
		fputc(c, out);
}

static void
put_text(struct str text, FILE *out)
{
	if (text.n > 0 && text.p[0] == '.')
		fputs("\\&", out);
	for (size_t i = 0; i < text.n; i++)
		put_char(text.p[i], out);
}

static void
put_line(struct str text, FILE *out)
{
	put_text(text, out);
	fputc('\n', out);
}

static bool
is_literal(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '-' || (word.p[i] >= 'a' && word.p[i] <= 'z'))
			return true;
	return false;
}

/* A usage line: what is typed as it stands bold, what stands for something italic, the punctuation plain. */
static void
put_usage(struct str text, FILE *out)
{
	static const char between[] = " []|,";

	for (size_t i = 0; i < text.n;) {
		size_t end = i;
		struct str word;

		while (end < text.n && strchr(between, text.p[end]) == NULL)
			end++;
		word = str_slice(text, i, end);
		if (word.n > 0 && !str_is(word, "...")) {
			fputs(is_literal(word) ? "\\fB" : "\\fI", out);
			put_text(word, out);
			fputs("\\fR", out);
		} else {
			put_text(word, out);
		}
		for (i = end; i < text.n && strchr(between, text.p[i]) != NULL; i++)
			put_char(text.p[i], out);
	}
}

enum { INDENT = 7, INDENT_WIDE = 16 }; /* of the text behind an entry's name */

/* An entry of a list; its text follows. */
static void
put_tag(struct str tag, int indent, FILE *out)
{
	fprintf(out, ".TP %d\n", indent);
	put_usage(tag, out);
	fputc('\n', out);
}

static void
put_details(const char *details, FILE *out)
{
	struct str rest = str_of(details);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n'), name, text;

		if (help_entry(line, &name, &text)) {
			fprintf(out, ".TP %d\n", INDENT_WIDE);
			put_line(name, out);
			line = text;
		} else {
			fputs(".PP\n", out);
		}
		put_line(line, out);
	}
}

static void
put_example(const char *example, FILE *out)
{
	struct str rest = str_of(example), line;

	if (example == NULL)
		return;
	fputs(".PP\n.EX\n", out);
	while (rest.n > 0) {
		line = str_cut(&rest, '\n');
		if (str_starts(line, STR("| "))) {
			put_line(str_slice(line, 2, line.n), out);
		} else {
			fputs("httpsh> \\fB", out);
			put_text(line, out);
			fputs("\\fR\n", out);
		}
	}
	fputs(".EE\n", out);
}

static void
put_options(const struct opt *opts, FILE *out)
{
	for (const struct opt *o = opts; o != NULL && o->name != NULL; o++) {
		char *name = help_option(o);

		put_tag(str_trim(str_of(name)), INDENT, out);
		put_line(str_of(o->summary), out);
		free(name);
	}
}

/* ---- lists ---- */

static int
list_title(struct str argument, FILE *out)
{
	(void)argument;
	fputs(".TH HTTPSH 1 \"\" \"httpsh " HTTPSH_VERSION "\" \"User Commands\"\n.nr HY 0\n.nh\n.ad l\n", out);
	return 0;
}

static int
list_options(struct str argument, FILE *out)
{
	(void)argument;
	put_options(program.opts, out);
	return 0;
}

/* The verbs share details and the options that post has: told once, in the section on the language. */
static int
list_items(struct str argument, FILE *out)
{
	(void)argument;
	put_details(command_get.details, out);
	put_options(command_post.opts, out);
	return 0;
}

static void
put_command(const struct command *c, FILE *out)
{
	char *usage = command_usage(c, NULL);
	const struct opt *own = c->opts;

	if (c->details == command_get.details)
		for (const struct opt *o = command_post.opts; o->name != NULL; o++)
			own++;
	put_tag(str_of(usage), INDENT, out);
	free(usage);
	put_line(str_of(c->summary), out);
	if (c->alias != NULL)
		fprintf(out, "Also called \\fB%s\\fR.\n", c->alias);
	if (c->details == command_get.details)
		fputs("See \\fIItems behind a URL\\fR.\n", out);
	fputs(".RS\n", out);
	if (c->details != command_get.details)
		put_details(c->details, out);
	put_options(own, out);
	for (const struct command *const *sub = c->subcommands; sub != NULL && *sub != NULL; sub++) {
		usage = command_usage(*sub, c->name);
		put_tag(str_of(usage), INDENT, out);
		free(usage);
		put_line(str_of((*sub)->summary), out);
		if ((*sub)->opts != NULL) {
			fputs(".RS\n", out);
			put_options((*sub)->opts, out);
			fputs(".RE\n", out);
		}
	}
	if (c->settings != NULL)
		fprintf(out, ".PP\nIts settings are listed in \\fBSETTINGS\\fR.\n");
	put_example(c->example, out);
	fputs(".RE\n", out);
}

static int
list_commands(struct str argument, FILE *out)
{
	(void)argument;
	for (const struct command_group *g = command_groups; g->name != NULL; g++) {
		fprintf(out, ".SS %s\n", g->title);
		for (const struct command *const *c = command_table(); *c != NULL; c++)
			if (strcmp((*c)->group, g->name) == 0)
				put_command(*c, out);
	}
	return 0;
}

static int
list_settings(struct str group, FILE *out)
{
	const struct setting *row;
	int status = -1;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		char *values, *range, *tag;

		if (!str_is(group, row->group))
			continue;
		values = setting_values(row);
		range = setting_range(row);
		tag = str_printf("%s %s", row->name, values);
		put_tag(str_of(tag), INDENT, out);
		put_line(str_of(row->summary), out);
		fputs("Default: \\fB", out);
		put_text(str_of(row->initial), out);
		fprintf(out, "\\fR%s%s.\n", range != NULL ? "; range: " : "", range != NULL ? range : "");
		free(values);
		free(range);
		free(tag);
		status = 0;
	}
	return status;
}

static int
list_variables(struct str argument, FILE *out)
{
	(void)argument;
	for (size_t i = 0; session_variable_name(i) != NULL; i++) {
		put_tag(str_of(session_variable_name(i)), INDENT_WIDE, out);
		put_line(str_of(session_variable_summary(i)), out);
	}
	return 0;
}

static int
list_exit_statuses(struct str argument, FILE *out)
{
	(void)argument;
	for (size_t i = 0; error_kind_at(i) != NULL; i++) {
		const struct error_kind_info *k = error_kind_at(i);

		fprintf(out, ".TP %d\n\\fB%d\\fR (%s)\n", INDENT_WIDE, k->status, k->name);
		put_line(str_of(k->what), out);
	}
	return 0;
}

/* ---- the page ---- */

static const struct {
	const char *name;
	int (*write)(struct str argument, FILE *out);
} lists[] = {
	{ "title", list_title },
	{ "options", list_options },
	{ "items", list_items },
	{ "commands", list_commands },
	{ "settings", list_settings },
	{ "variables", list_variables },
	{ "exit", list_exit_statuses },
};

static int
write_list(struct str name, struct str argument, FILE *out, struct error *error)
{
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (str_is(name, lists[i].name) && lists[i].write(argument, out) == 0)
			return 0;
	return fail(error, ERROR_USAGE, 0, "there is no list \"%.*s %.*s\"", STR_ARG(name), STR_ARG(argument));
}

static int
read_template(struct buf *text, struct error *error)
{
	FILE *f = fopen(MAN_TEMPLATE, "re");
	size_t n = 1;

	if (f == NULL)
		return fail_errno(error, ERROR_OTHER, "cannot read %s", MAN_TEMPLATE);
	while (n > 0) {
		uint8_t *room = buf_room(text, 4096);

		n = room != NULL ? fread(room, 1, 4096, f) : 0;
		buf_added(text, n);
	}
	fclose(f);
	return text->full ? fail(error, ERROR_LIMIT, 0, "%s is longer than %d bytes", MAN_TEMPLATE, TEMPLATE_MAX) : 0;
}

int
write_man(FILE *out, struct error *error)
{
	const struct str mark = STR(".\\\"= ");
	struct buf text;
	struct str rest;
	int status;

	buf_init(&text, TEMPLATE_MAX);
	status = read_template(&text, error);
	rest = buf_str(&text);
	while (status == 0 && rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, mark)) {
			struct str argument = str_slice(line, mark.n, line.n), name = str_cut(&argument, ' ');

			status = write_list(name, argument, out, error);
		} else {
			fprintf(out, "%.*s\n", STR_ARG(line));
		}
	}
	buf_release(&text);
	return status;
}
