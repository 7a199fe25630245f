/* `show tls`: everything that is known of the session's last connection, also of one that failed. */
#include <stdlib.h>

#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/print.h"
#include "commands/show/card.h"

enum { LABEL = 12 };

void
show_facts(const struct facts *f, int indent, int width, FILE *out)
{
	for (size_t k = 0; k < f->n; k++) {
		int part = f->rows[k].part ? 2 : 0;

		if (f->rows[k].brief)
			continue;
		fprintf(out, "%*s%-*s ", indent + part, "", width - part, f->rows[k].label);
		print_safe(out, str_of(f->rows[k].value));
		fputc('\n', out);
	}
}

static void
show_cause(const struct session *s, const struct connection *c, FILE *out)
{
	const struct cause *cause = cause_of(s, c);
	char *cure;

	if (cause == NULL)
		return;
	cure = cause_cure(cause, s, c);
	fprintf(out, "%-*s %s (%s)\n", LABEL, "cause", cause->sentence, cause->id);
	fprintf(out, "%-*s %s\n", LABEL, "seen in", cause->evidence);
	if (cure != NULL)
		fprintf(out, "%-*s %s\n", LABEL, "try", cure);
	else if (cause->mend != NULL)
		fprintf(out, "%-*s %s\n", LABEL, "mend", cause->mend);
	free(cure);
}

void
show_tls(const struct session *s, FILE *out)
{
	const struct connection *c = session_attempt(s);
	struct facts f = { NULL, 0 };

	facts_of(s, c, &f);
	show_facts(&f, 0, LABEL, out);
	facts_release(&f);
	show_cause(s, c, out);
}
