/* zsh: specifications for _arguments. */
#include <string.h>

#include "completions/completions.h"
#include "shell/options.h"

static const char head[] =
    "#compdef httpsh\n"
    "# zsh completion for httpsh, made from its table of options\n"
    "\n"
    "_httpsh_sessions() {\n"
    "\tsetopt localoptions extendedglob\n"
    "\tlocal -a names\n"
    "\tnames=(${XDG_STATE_HOME:-$HOME/.local/state}/httpsh/*(N-/:t))\n"
    "\tcompadd -- ${(M)names:#[A-Za-z0-9_-][A-Za-z0-9._-]#}     # a folder with another name is none\n"
    "}\n"
    "\n"
    "_httpsh() {\n"
    "\t_arguments -s -S \\\n";

/* Between single quotes, where : [ ] and \ mean something to _arguments. */
static void
put_text(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fprintf(out, "%s%c", strchr(":[]\\", *text) != NULL ? "\\" : "", *text);
	}
}

static void
put_value(const struct opt *o, FILE *out)
{
	fputc(':', out);
	put_text(o->value, out);
	fputs(o->kind == ARG_SESSION ? ":_httpsh_sessions" : o->kind == ARG_FILE ? ":_files" : ": ", out);
}

int
write_zsh(FILE *out, struct error *error)
{
	(void)error;
	fputs(head, out);
	for (const struct opt *o = program.opts; o->name != NULL; o++) {
		const char *equals = o->value != NULL ? "=" : "";

		if (o->letter != 0)
			fprintf(out, "\t\t'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name, o->letter,
			    o->value != NULL ? "+" : "", o->name, equals);
		else
			fprintf(out, "\t\t'(--%s)--%s%s[", o->name, o->name, equals);
		put_text(o->summary, out);
		fputc(']', out);
		if (o->value != NULL)
			put_value(o, out);
		fputs("' \\\n", out);
	}
	fputs("\t\t'(-)1:file:_files' \\\n\t\t'(-)*:argument:_files'\n}\n\n_httpsh \"$@\"\n", out);
	return 0;
}
