/* `show chain`: every certificate the server sent, what was stapled to it, every reason against it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/diagnose/facts.h"
#include "commands/show/card.h"
#include "net/x509/sct.h"

enum { INDENT = 3, LABEL = 10 };

/* A line of a certificate; an empty text is none. Takes text. */
static void
line(FILE *out, const char *label, char *text)
{
	if (text[0] != '\0')
		fprintf(out, "   %-10s %s\n", label, text);
	free(text);
}

static void
print_timestamps(const struct x509_cert *cert, FILE *out)
{
	struct facts f = { NULL, 0 };

	facts_of_timestamps("SCT", x509_sct_list(cert), &f);
	show_facts(&f, INDENT, LABEL, out);
	facts_release(&f);
}

static void
print_reasons(FILE *out, const struct x509_verdict *v, int index)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (v->reasons[i].index == index || (index < 0 && v->reasons[i].index < 0))
			fprintf(out, "   REFUSED    %s: %s\n", x509_fault_name(v->reasons[i].fault),
			    v->reasons[i].text);
}

static void
print_certificate(const struct x509_cert *cert, size_t index, const struct x509_verdict *v, FILE *out)
{
	char *subject = x509_subject_text(cert), *key = x509_own_key_text(cert);

	fprintf(out, "%-2zu subject    %s\n", index, subject[0] != '\0' ? subject : "(empty)");
	free(subject);
	line(out, "issuer", x509_issuer_text(cert));
	line(out, "names", x509_names_text(cert));
	line(out, "valid", x509_validity_text(cert, (int64_t)time(NULL)));
	fprintf(out, "   %-10s %s, signed with %s\n", "key", key, x509_signature_name(cert));
	free(key);
	line(out, "basic", x509_basic_text(cert));
	line(out, "usage", x509_usage_text(cert));
	line(out, "purposes", x509_eku_text(cert));
	line(out, "limits", x509_constraints_text(cert));
	line(out, "policies", x509_policies_text(cert));
	line(out, "CRLs", x509_points_text(cert));
	if (x509_must_staple(cert))
		fprintf(out, "   %-10s a stapled OCSP response (must-staple)\n", "demands");
	line(out, "serial", x509_serial_text(cert));
	line(out, "sha256", x509_fingerprint_text(cert, X509_SHA256));
	line(out, "sha1", x509_fingerprint_text(cert, X509_SHA1));
	line(out, "pin", x509_pin_text(cert));
	print_timestamps(cert, out);
	print_reasons(out, v, (int)index);
}

static void
print_staples(const struct connection *c, FILE *out)
{
	struct facts f = { NULL, 0 };

	facts_of_staples(c, &f);
	show_facts(&f, 0, LABEL, out);
	facts_release(&f);
}

static void
print_path(FILE *out, const struct x509_verdict *v)
{
	if (v->n_path == 0)
		return;
	fputs("path      ", out);
	for (size_t i = 0; i < v->n_path; i++)
		if (v->path[i] >= 0)
			fprintf(out, " %d", v->path[i]);
	fprintf(out, "%s%s\n", v->anchor != NULL ? " anchor " : ", which leads to no anchor",
	    v->anchor != NULL ? v->anchor : "");
}

/* The chain's own verdict, and what a pin or a setting made of it. */
static void
print_verdict(FILE *out, const struct connection *c, const struct x509_verdict *v)
{
	bool pin = c->failure.kind == ERROR_CERTIFICATE && c->failure.code == X509_PIN_MISMATCH;

	if (pin)
		fprintf(out, "   REFUSED    %s: %s\n", x509_fault_name(X509_PIN_MISMATCH), c->failure.text);
	fprintf(out, "verdict    %s", v->n_reasons == 0 && !pin ? "accepted" : "refused");
	if (v->n_reasons > 0 && c->ready_us != 0)
		fprintf(out, ", but the connection was made: %s", c->trust != NULL ? c->trust : "");
	fputc('\n', out);
}

int
show_chain(const struct session *s, FILE *out, struct error *error)
{
	const struct connection *c = session_attempt(s);
	const struct connection *judged = c->first != NULL ? c->first : c;
	const struct x509_verdict *v = &judged->verdict;
	size_t n;
	struct x509_cert *const *chain = connection_chain(c, &n);

	if (n == 0)
		return fail(error, ERROR_OTHER, 0, "the server sent no certificate");
	for (size_t i = 0; i < n; i++)
		print_certificate(chain[i], i, v, out);
	print_reasons(out, v, -1);
	print_path(out, v);
	print_staples(judged, out);
	print_verdict(out, c, v);
	return 0;
}
