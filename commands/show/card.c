/*
 * The card after a failed TLS attempt. In nearly every story of somebody who found out why a handshake fails, one of
 * six facts decided, so that all six are on the first screen: how far it came and who ended it; what was offered and
 * negotiated; which name was sent to which address; the first bytes, if they were no TLS; what the server sent; what
 * one changed setting did.
 */
#include <string.h>

#include "commands/capture.h"
#include "commands/command.h"
#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/print.h"
#include "commands/show/card.h"
#include "commands/show/view.h"

enum { CARD_LABEL = 14 };

static const char *const shown[] = { "stage", "ended by", "offered", "negotiated", "address", "first bytes",
	"server sent", "tcp", "before" };

/* TCP is of interest where it failed. */
static bool
tells_nothing(const struct connection *c, const char *label)
{
	return strcmp(label, "tcp") == 0 && c->failure.kind != ERROR_NETWORK;
}

static void
put_card(const struct session *s, const struct connection *c, FILE *out)
{
	const struct cause *cause = cause_of(c);
	struct facts f = { NULL, 0 };

	facts_of(s, c, &f);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		for (size_t k = 0; k < f.n && !tells_nothing(c, shown[i]); k++)
			if (strcmp(f.rows[k].label, shown[i]) == 0)
				fprintf(out, "  %-11s %s\n", f.rows[k].label, f.rows[k].value);
	if (cause != NULL)
		fprintf(out, "  %-11s %s\n", "cause", cause->sentence);
	facts_release(&f);
}

void
card_print(const struct call *call, const struct connection *c, FILE *out)
{
	struct capture text;

	put_card(call->session, c, capture_open(&text));
	print_lines(out, capture_close(&text), CARD_LABEL, view_width(call->view, out));
	capture_release(&text);
}
