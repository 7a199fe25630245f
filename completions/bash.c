/* bash: a function that fills COMPREPLY, without the package bash-completion. */
#include "completions/completions.h"
#include "shell/options.h"

static const char head[] =
    "# bash completion for httpsh, made from its table of options\n"
    "\n"
    "# the sessions that begin with $1; a folder with another name is none, whatever that would do on a command line\n"
    "_httpsh_sessions() {\n"
    "\tlocal LC_ALL=C folder name\n"
    "\tfor folder in \"${XDG_STATE_HOME:-$HOME/.local/state}\"/httpsh/*/; do\n"
    "\t\tname=${folder%/}\n"
    "\t\tname=${name##*/}\n"
    "\t\tcase $name in\n"
    "\t\t*[!A-Za-z0-9._-]*|.*) ;;\n"
    "\t\t\"$1\"*) COMPREPLY+=(\"$name\") ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "}\n"
    "\n"
    "_httpsh() {\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} word waiting= ended= i\n"
    "\tCOMPREPLY=()\n"
    "\t[ \"$cur\" != = ] || cur=          # --name=value comes as three words\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tword=${COMP_WORDS[i]}\n"
    "\t\tif [ -n \"$waiting\" ]; then\n"
    "\t\t\t[ \"$word\" = = ] || waiting=\n"
    "\t\t\tcontinue\n"
    "\t\tfi\n"
    "\t\tcase $word in\n";

static const char middle[] =
    "\t\t--) ended=1 ;;\n"
    "\t\t-?*) ;;\n"
    "\t\t*) ended=1 ;;\n"
    "\t\tesac\n"
    "\t\t[ -z \"$ended\" ] || break\n"
    "\tdone\n"
    "\tcase $waiting in\n"
    "\t'')\n"
    "\t\tif [ -z \"$ended\" ] && [[ $cur == -* ]]; then\n"
    "\t\t\tmapfile -t COMPREPLY < <(compgen -W '";

static const char tail[] =
    "' -- \"$cur\")\n"
    "\t\telse\n"
    "\t\t\tcompopt -o default 2>/dev/null     # file names, as readline itself completes them\n"
    "\t\tfi ;;\n";

/* "-c|--command" */
static void
put_names(const struct opt *o, FILE *out)
{
	if (o->letter != 0)
		fprintf(out, "-%c|", o->letter);
	fprintf(out, "--%s", o->name);
}

static void
put_value(const struct opt *o, FILE *out)
{
	fputc('\t', out);
	put_names(o, out);
	if (o->kind == ARG_SESSION)
		fputs(") _httpsh_sessions \"$cur\" ;;\n", out);
	else
		fputs(o->kind == ARG_FILE ? ") compopt -o default 2>/dev/null ;;\n" : ") ;;\n", out);
}

int
write_bash(FILE *out, struct error *error)
{
	const char *separator = "\t\t";

	(void)error;
	fputs(head, out);
	for (const struct opt *o = program.opts; o->name != NULL; o++)
		if (o->value != NULL) {
			fputs(separator, out);
			put_names(o, out);
			separator = "|";
		}
	fputs(") waiting=$word ;;\n", out);
	fputs(middle, out);
	separator = "";
	for (const struct opt *o = program.opts; o->name != NULL; o++) {
		if (o->letter != 0)
			fprintf(out, "%s-%c", separator, o->letter), separator = " ";
		fprintf(out, "%s--%s", separator, o->name);
		separator = " ";
	}
	fputs(tail, out);
	for (const struct opt *o = program.opts; o->name != NULL; o++)
		if (o->value != NULL)
			put_value(o, out);
	fputs("\tesac\n}\ncomplete -F _httpsh httpsh\n", out);
	return 0;
}
