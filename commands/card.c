/* The card after a failed TLS attempt, and `show tls`: how far it came, who ended it, what was offered and negotiated. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/card.h"
#include "commands/session_private.h"

enum { ALERT_BAD_RECORD_MAC = 20, ALERT_HANDSHAKE_FAILURE = 40, ALERT_PROTOCOL_VERSION = 70, ALERT_INSUFFICIENT_SECURITY = 71,
	ALERT_UNRECOGNIZED_NAME = 112, ALERT_CERTIFICATE_REQUIRED = 116 };

static bool
is_rsa_key_exchange(uint16_t suite)
{
	const char *name = tls_suite_name(suite);

	return strncmp(name, "TLS_RSA_", 8) == 0 || strncmp(name, "SSL_RSA_", 8) == 0;
}

/* The rollback bug: RSA key exchange, negotiated below offered, and the server ends it before its Finished. */
static bool
is_rollback(const struct tls_info *i)
{
	return i->version != 0 && i->version < i->offered.max_version && is_rsa_key_exchange(i->suite) &&
	    i->stage < TLS_STAGE_FINISHED && i->stage >= TLS_STAGE_SERVER_DONE && ((i->alert_received &&
	    i->alert == ALERT_BAD_RECORD_MAC) || (!i->alert_received && !i->alert_sent && i->transport_ended));
}

static bool
looks_like_http(const struct tls_info *i)
{
	return i->n_first_bytes >= 5 && (memcmp(i->first_bytes, "HTTP/", 5) == 0 || memcmp(i->first_bytes, "<html", 5) == 0 ||
	    memcmp(i->first_bytes, "<!DOC", 5) == 0);
}

/* One sentence of what the facts prove, and the command that cures it; NULL when they prove nothing. */
static const char *
cause(const struct connection *c, const struct tls_info *i, char *fix, size_t size)
{
	fix[0] = '\0';
	if (is_rollback(i)) {
		snprintf(fix, size, "tls proto %s", tls_version_setting(i->version));
		return "the server compares the version inside the RSA premaster secret with the negotiated version instead of the"
		    " offered one (the rollback bug); offering only what it speaks avoids it";
	}
	if (looks_like_http(i)) {
		snprintf(fix, size, "get http://%s:%u/", c->host, c->port);
		return "the server speaks plain HTTP on this port";
	}
	if (i->n_first_bytes == 0 && !i->alert_received && i->transport_ended) {
		snprintf(fix, size, "tls proto tls1.0..tls1.2");
		return "the server closed at once after the hello, without an alert: it does not like something in it";
	}
	if (i->alert_received && i->alert == ALERT_PROTOCOL_VERSION) {
		snprintf(fix, size, "tls proto ssl3..tls1.3");
		return "the server speaks none of the versions that were offered";
	}
	if (i->alert_received && (i->alert == ALERT_HANDSHAKE_FAILURE || i->alert == ALERT_INSUFFICIENT_SECURITY) &&
	    i->stage == TLS_STAGE_HELLO_SENT) {
		snprintf(fix, size, "tls ciphers all");
		return "the server found no cipher suite, group, signature (Ed25519 is not supported here) or version in common";
	}
	if (i->alert_received && i->alert == ALERT_UNRECOGNIZED_NAME)
		return snprintf(fix, size, "tls sni off"), "the server does not know the name that was sent (SNI)";
	if (i->alert_received && (i->alert == ALERT_CERTIFICATE_REQUIRED || (i->certificate_requested && !i->sent_certificate)))
		return snprintf(fix, size, "tls cert FILE KEY"), "the server wants a client certificate";
	return NULL;
}

void
card_hint(const struct connection *c, struct error *error)
{
	const struct tls_info *i = connection_tls(c);
	char fix[200];

	if (error == NULL || error->hint[0] != '\0' || i == NULL || error->kind == ERROR_CERTIFICATE)
		return;
	if (cause(c, i, fix, sizeof(fix)) != NULL && fix[0] != '\0')
		hint(error, "%s", fix);
}

static void
print_range(FILE *out, uint16_t low, uint16_t high)
{
	if (low == high)
		fprintf(out, "%s", tls_version_name(low));
	else
		fprintf(out, "%s to %s", tls_version_name(low), tls_version_name(high));
}

static void
print_end(const struct tls_info *i, FILE *out)
{
	if (i->alert_received)
		fprintf(out, "the server sent the alert %s (%u)", tls_alert_name(i->alert), i->alert);
	else if (i->alert_sent)
		fprintf(out, "we sent the alert %s (%u)", tls_alert_name(i->alert), i->alert);
	else if (i->transport_ended)
		fputs("the server closed the connection without an alert", out);
	else
		fputs("nobody sent an alert", out);
}

void
card_print(const struct session *s, const struct connection *c, FILE *out)
{
	const struct tls_info *i = connection_tls(c);
	char fix[200];
	const char *why = cause(c, i, fix, sizeof(fix));

	(void)s;
	fprintf(out, "  stage       %s", tls_stage_name(i->stage));
	if (i->expected != NULL)
		fprintf(out, ", awaiting %s", i->expected);
	fputs("\n  ended by    ", out);
	print_end(i, out);
	fputs("\n  offered     ", out);
	print_range(out, i->offered.min_version, i->offered.max_version);
	fprintf(out, ", %zu cipher suites\n", i->offered.n_suites);
	if (i->version != 0)
		fprintf(out, "  negotiated  %s, %s\n", tls_version_name(i->version), i->suite != 0 ? tls_suite_name(i->suite) : "no suite yet");
	else
		fputs("  negotiated  nothing\n", out);
	if (why != NULL)
		fprintf(out, "  cause       %s\n", why);
}

/* ---- show tls ---- */

static void
print_ids(FILE *out, const char *label, const uint16_t *ids, size_t n, const char *(*name)(uint16_t))
{
	if (n == 0)
		return;
	fprintf(out, "%-12s", label);
	for (size_t k = 0; k < n; k++)
		fprintf(out, " %s", name(ids[k]));
	fputc('\n', out);
}

static const char *
extension_name(uint16_t id)
{
	return tls_extension_name(id);
}

static void
print_time(FILE *out, const char *label, int64_t from, int64_t to)
{
	if (from > 0 && to >= from)
		fprintf(out, " %s %.1f ms", label, (double)(to - from) / 1000);
}

static void
print_negotiated(const struct connection *c, const struct tls_info *i, FILE *out)
{
	fprintf(out, "%-12s %s %s", "negotiated", tls_version_name(i->version), i->suite != 0 ? tls_suite_name(i->suite) : "");
	if (i->group != 0)
		fprintf(out, " %s", tls_group_name(i->group));
	if (i->dh_bits != 0)
		fprintf(out, " DH %u bits", i->dh_bits);
	if (i->scheme != 0)
		fprintf(out, " %s", tls_scheme_name(i->scheme));
	fputc('\n', out);
	fprintf(out, "%-12s resumed %s, extended_master_secret %s, encrypt_then_mac %s, renegotiation_info %s%s\n", "", i->resumed ? "yes" : "no",
	    i->ems ? "yes" : "no", i->etm ? "yes" : "no", i->secure_renegotiation ? "yes" : "no",
	    i->hello_retry ? ", after HelloRetryRequest" : "");
	if (i->alpn[0] != '\0') {
		fprintf(out, "%-12s ", "alpn");
		print_safe(out, str_of(i->alpn));
		fputc('\n', out);
	}
	print_ids(out, "answered", i->server_extensions, i->n_server_extensions, extension_name);
	if (c->trust != NULL)
		fprintf(out, "%-12s %s (%s)\n", "certificate", c->accepted ? "accepted" : "refused by the judge", c->trust);
	if (i->certificate_requested)
		fprintf(out, "%-12s requested, %s\n", "client cert", i->sent_certificate ? "sent" : "not sent");
	if (i->requested_names != NULL && i->requested_names[0] != '\0')
		fprintf(out, "%-12s %s\n", "accepted CAs", i->requested_names);
	show_staples(c, 12, out);
}

void
show_tls(const struct session *s, FILE *out)
{
	const struct connection *c = s->attempt;
	const struct tls_info *i = connection_tls(c);
	char fix[200];
	const char *why;

	fprintf(out, "%-12s %s:%u", "server", c->host, c->port);
	if (c->address != NULL)
		fprintf(out, " (%s)", c->address);
	if (c->sni[0] != '\0')
		fprintf(out, ", SNI %s", c->sni);
	fputc('\n', out);
	if (i == NULL) {
		fprintf(out, "%-12s none: plain HTTP\n", "tls");
		return;
	}
	fprintf(out, "%-12s ", "offered");
	print_range(out, i->offered.min_version, i->offered.max_version);
	fprintf(out, ", ClientHello of %zu bytes%s\n", i->offered.hello_bytes, i->offered.session_offered ? ", a session" : "");
	print_ids(out, "  suites", i->offered.suites, i->offered.n_suites, tls_suite_name);
	print_ids(out, "  groups", i->offered.groups, i->offered.n_groups, tls_group_name);
	print_ids(out, "  key shares", i->offered.key_shares, i->offered.n_key_shares, tls_group_name);
	print_ids(out, "  schemes", i->offered.schemes, i->offered.n_schemes, tls_scheme_name);
	print_ids(out, "  extensions", i->offered.extensions, i->offered.n_extensions, extension_name);
	if (i->version != 0)
		print_negotiated(c, i, out);
	else
		fprintf(out, "%-12s nothing\n", "negotiated");
	fprintf(out, "%-12s %s\n", "stage", tls_stage_name(i->stage));
	if (i->alert_received || i->alert_sent) {
		fprintf(out, "%-12s ", "ended by");
		print_end(i, out);
		fputc('\n', out);
	}
	fprintf(out, "%-12s", "timing");
	print_time(out, "resolve", c->tcp_timing.start_us, c->tcp_timing.resolved_us);
	print_time(out, "connect", c->tcp_timing.resolved_us, c->tcp_timing.connected_us);
	print_time(out, "first byte", i->hello_sent_us, i->first_byte_us);
	print_time(out, "handshake", i->hello_sent_us, i->connected_us);
	fprintf(out, "\n%-12s in %" PRIu64 " (%" PRIu64 " records), out %" PRIu64 " (%" PRIu64 " records)\n", "bytes", i->bytes_in, i->records_in, i->bytes_out,
	    i->records_out);
	if (c->failure.kind != ERROR_NONE) {
		fprintf(out, "%-12s %s\n", "failure", c->failure.text);
		why = cause(c, i, fix, sizeof(fix));
		if (why != NULL)
			fprintf(out, "%-12s %s\n", "cause", why);
		if (why != NULL && fix[0] != '\0')
			fprintf(out, "%-12s %s\n", "try", fix);
	}
}
