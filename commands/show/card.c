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

/* Only where the cause is seen in them. What may be long is left to show tls. */
static const char *const by_cause[] = { "alpn", "groups", "schemes", "client cert" };

enum { CARD_PARTS = 6 };

/* TCP is of interest where it failed. */
static bool
tells_nothing(const struct connection *c, const char *label)
{
	return strcmp(label, "tcp") == 0 && c->failure.kind != ERROR_NETWORK;
}

static bool
is_part(const struct fact *row)
{
	return row->part || row->label[0] == '\0';
}

static bool
names_label(struct str evidence, const char *label)
{
	while (evidence.p != NULL)
		if (str_is(str_trim(str_cut(&evidence, ',')), label))
			return true;
	return false;
}

/* The first row of the label, and its parts. */
static void
put_with_parts(const struct facts *f, const char *label, FILE *out)
{
	size_t k = 0, n;

	while (k < f->n && strcmp(f->rows[k].label, label) != 0)
		k++;
	if (k == f->n)
		return;
	fprintf(out, "  %-11s %s\n", label, f->rows[k].value);
	for (n = 1; !f->rows[k].part && k + n < f->n && is_part(&f->rows[k + n]); n++)
		if (n <= CARD_PARTS)
			fprintf(out, "    %-9s %s\n", f->rows[k + n].label, f->rows[k + n].value);
	if (n > CARD_PARTS + 1)
		fprintf(out, "    %-9s and %zu more: show tls\n", "", n - 1 - CARD_PARTS);
}

static void
put_card(const struct session *s, const struct connection *c, FILE *out)
{
	const struct cause *cause = cause_of(s, c);
	struct facts f = { NULL, 0 };

	facts_of(s, c, &f);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		for (size_t k = 0; k < f.n && !tells_nothing(c, shown[i]); k++)
			if (strcmp(f.rows[k].label, shown[i]) == 0)
				fprintf(out, "  %-11s %s\n", f.rows[k].label, f.rows[k].value);
	for (size_t i = 0; cause != NULL && i < sizeof by_cause / sizeof *by_cause; i++)
		if (names_label(str_of(cause->evidence), by_cause[i]))
			put_with_parts(&f, by_cause[i], out);
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
