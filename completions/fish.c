/* fish: a `complete` line for each option; file names come by themselves. */
#include "completions/completions.h"
#include "shell/options.h"

static const char head[] =
    "# fish completion for httpsh, made from its table of options\n"
    "\n"
    "function __httpsh_sessions\n"
    "\tset -l state ~/.local/state\n"
    "\ttest -n \"$XDG_STATE_HOME\"; and set state $XDG_STATE_HOME\n"
    "\tfor folder in $state/httpsh/*/\n"
    "\t\tset -l name (string split -r -m 2 -- / $folder)[-2]\n"
    "\t\tstring match -q -r -- '^[A-Za-z0-9_-][A-Za-z0-9._-]*\\z' $name; and printf '%s\\n' $name     # a folder with "
    "another name is none\n"
    "\tend\n"
    "end\n"
    "\n"
    "# until FILE or -- stands on the line\n"
    "function __httpsh_takes_options\n"
    "\tset -l waiting ''\n"
    "\tset -l words (commandline -opc)\n"
    "\tfor word in $words[2..]\n"
    "\t\tif test -n \"$waiting\"\n"
    "\t\t\tset waiting ''\n"
    "\t\t\tcontinue\n"
    "\t\tend\n"
    "\t\tswitch $word\n"
    "\t\t\tcase";

static const char middle[] =
    "\n"
    "\t\t\t\tset waiting $word\n"
    "\t\t\tcase --\n"
    "\t\t\t\treturn 1\n"
    "\t\t\tcase '-?*'\n"
    "\t\t\tcase '*'\n"
    "\t\t\t\treturn 1\n"
    "\t\tend\n"
    "\tend\n"
    "\treturn 0\n"
    "end\n"
    "\n";

static void
put_quoted(const char *text, FILE *out)
{
	fputc('\'', out);
	for (; *text != '\0'; text++)
		fprintf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
	fputc('\'', out);
}

static void
put_value(const struct opt *o, FILE *out)
{
	if (o->kind == ARG_SESSION)
		fputs(" -x -a '(__httpsh_sessions)'", out);
	else
		fputs(o->kind == ARG_FILE ? " -r -F" : " -x", out);
}

int
write_fish(FILE *out, struct error *error)
{
	(void)error;
	fputs(head, out);
	for (const struct opt *o = program.opts; o->name != NULL; o++) {
		if (o->value == NULL)
			continue;
		if (o->letter != 0)
			fprintf(out, " -%c", o->letter);
		fprintf(out, " --%s", o->name);
	}
	fputs(middle, out);
	for (const struct opt *o = program.opts; o->name != NULL; o++) {
		fputs("complete -c httpsh -n __httpsh_takes_options", out);
		if (o->letter != 0)
			fprintf(out, " -s %c", o->letter);
		fprintf(out, " -l %s", o->name);
		if (o->value != NULL)
			put_value(o, out);
		fputs(" -d ", out);
		put_quoted(o->summary, out);
		fputc('\n', out);
	}
	return 0;
}
