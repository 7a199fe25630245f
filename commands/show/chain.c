/* `show chain`: every certificate the server sent, what was stapled to it, every reason against it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/show/card.h"
#include "net/x509/ocsp.h"
#include "net/x509/sct.h"

static const char no_log_list[] = "the signature is not verified: no list of logs is kept here";

/* A line of a certificate; an empty text is none. Takes text. */
static void
line(FILE *out, const char *label, char *text)
{
	if (text[0] != '\0')
		fprintf(out, "   %-10s %s\n", label, text);
	free(text);
}

static void
print_timestamps(FILE *out, const char *indent, int width, const char *label, struct str list)
{
	struct sct scts[SCT_MAX];
	int n = list.n > 0 ? sct_decode_list(list, scts) : 0;

	if (n < 0)
		fprintf(out, "%s%-*s malformed, %zu bytes\n", indent, width, label, list.n);
	for (int i = 0; i < n; i++) {
		char *text = sct_text(&scts[i]);

		fprintf(out, "%s%-*s %s\n", indent, width, label, text);
		free(text);
	}
	if (n > 0)
		fprintf(out, "%s%-*s (%s)\n", indent, width, "", no_log_list);
}

static void
print_reasons(FILE *out, const struct x509_verdict *v, int index)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (v->reasons[i].index == index || (index < 0 && v->reasons[i].index < 0))
			fprintf(out, "   REFUSED    %s: %s\n", x509_fault_name(v->reasons[i].fault), v->reasons[i].text);
}

static void
print_certificate(const struct x509_cert *cert, size_t index, const struct x509_verdict *v, FILE *out)
{
	char *subject = x509_subject_text(cert), *key = x509_key_text(&cert->key);

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
	if (x509_must_staple(cert))
		fprintf(out, "   %-10s a stapled OCSP response (must-staple)\n", "demands");
	line(out, "serial", x509_serial_text(cert));
	line(out, "sha256", x509_fingerprint_text(cert, X509_SHA256));
	line(out, "sha1", x509_fingerprint_text(cert, X509_SHA1));
	line(out, "pin", x509_pin_text(cert));
	print_timestamps(out, "   ", 10, "SCT", x509_sct_list(cert));
	print_reasons(out, v, (int)index);
}

/* Who answered, and what, when that could not be believed. */
static void
print_answer(FILE *out, int width, const struct ocsp_response *r, bool believed)
{
	static const char *const status[] = { "good", "revoked", "unknown" };
	char *produced = x509_time_text(r->produced_at), *responder = ocsp_responder_text(r);

	fprintf(out, "%-*s by %s at %s\n", width, "", responder, produced);
	for (size_t i = 0; i < r->n_singles && !believed; i++) {
		char *at = x509_time_text(r->singles[i].this_update);

		fprintf(out, "%-*s it says %s from %s\n", width, "", status[r->singles[i].status], at);
		free(at);
	}
	free(responder);
	free(produced);
}

void
show_staples(const struct connection *c, int width, FILE *out)
{
	const struct tls_info *info = connection_tls(c);
	const struct x509_verdict *v = &c->verdict;
	bool believed = v->staple == X509_STAPLE_GOOD || v->staple == X509_STAPLE_REVOKED;
	struct ocsp_response *r = mem_alloc(sizeof *r);

	if (info->ocsp_response.n > 0) {
		bool decoded = ocsp_decode(info->ocsp_response, r) && r->status == 0;

		fprintf(out, "%-*s %s%s%s\n", width, "OCSP", believed ? "" : x509_staple_name(v->staple), believed ? "" : ": ",
		    v->staple_text != NULL ? v->staple_text : "not judged");
		if (decoded)
			print_answer(out, width, r, believed);
		for (size_t i = 0; decoded && i < r->n_singles; i++)
			print_timestamps(out, "", width, "SCT (OCSP)", r->singles[i].sct_list);
	}
	print_timestamps(out, "", width, "SCT (TLS)", info->sct_list);
	free(r);
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
	fprintf(out, "%s%s\n", v->anchor != NULL ? " anchor " : ", which leads to no anchor", v->anchor != NULL ? v->anchor : "");
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
	show_staples(judged, 10, out);
	print_verdict(out, c, v);
	return 0;
}
