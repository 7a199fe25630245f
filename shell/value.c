/* The value of a variable: the user's, an argument of the script, of the last exchange, of the environment. */
#include <stdlib.h>

#include "shell/lookup.h"
#include "shell/shell.h"

#define FACTS "$status, ${header.NAME}, ${cookie.NAME}, ${tls.version} ..."

/* What is told of an answer is not there when the last request got none. */
static const char *
why_missing(const struct shell *sh, struct str name)
{
	bool known = str_starts(name, STR("header."));
	const char *fact;

	for (size_t i = 0; (fact = session_variable_name(i)) != NULL && !known; i++)
		known = str_is(name, fact);
	return known && session_unanswered(sh->session) ? ": the last request got no answer" : "";
}

int
shell_value(void *context, struct str name, struct buf *out, struct error *error)
{
	struct shell *sh = context;
	const char *mine = variables_get(&sh->variables, name);
	uint64_t n;
	char shown[100];
	int found;

	if (mine != NULL)
		return buf_add_str(out, str_of(mine));
	if (str_to_u64(name, 1000, &n) && n > 0) {
		if (n <= sh->n_arguments)
			return buf_add_str(out, str_of(sh->arguments[n - 1]));
		return fail(error, ERROR_USAGE, 0, "the script was given %zu argument%s, so there is no $%u",
		    sh->n_arguments, sh->n_arguments == 1 ? "" : "s", (unsigned)n);
	}
	found = session_variable(sh->session, name, out, error);
	if (found > 0)
		return 0;
	if (found < 0)
		return -1;
	mine = getenv(str_printable(name, shown, sizeof shown));
	if (mine != NULL)
		return buf_add_str(out, str_of(mine));
	/* a name with a dot is a fact of the last exchange */
	if (variable_name_length(name, false) != name.n) {
		fail(error, ERROR_USAGE, 0, "${%s} is not defined%s", shown, why_missing(sh, name));
		return remark(error, "the last exchange has " FACTS ": Tab behind ${");
	}
	fail(error, ERROR_USAGE, 0, "$%s is not defined%s", shown, why_missing(sh, name));
	return remark(error, "let %s = VALUE; the last exchange has " FACTS, shown);
}

void
let_quote(const struct command *const *commands, struct str value, struct buf *out)
{
	if (command_runs_alone(commands, value))
		buf_addf(out, "'%.*s'", STR_ARG(value));
	else
		word_quote(value, out);
}
