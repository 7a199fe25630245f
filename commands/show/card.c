/* The card after a failed TLS attempt: how far it came, who ended it, what was offered and negotiated. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/capture.h"
#include "commands/command.h"
#include "commands/print.h"
#include "commands/session/attempts.h"
#include "commands/show/card.h"
#include "commands/show/view.h"

enum { CARD_LABEL = 14, BEFORE_MAX = 3 };

static bool
is_rsa_key_exchange(uint16_t suite)
{
	const char *name = tls_suite_name(suite);

	return strncmp(name, "TLS_RSA_", 8) == 0 || strncmp(name, "SSL_RSA_", 8) == 0;
}

/* RSA key exchange, negotiated below offered, and the server ends it before its Finished. */
static bool
refuses_premaster(const struct tls_info *i)
{
	return i->version != 0 && i->version < i->offered.max_version && is_rsa_key_exchange(i->suite) &&
	    i->stage < TLS_STAGE_FINISHED && i->stage >= TLS_STAGE_SERVER_DONE && ((i->alert_received &&
	    (i->alert == ALERT_BAD_RECORD_MAC || i->alert == ALERT_HANDSHAKE_FAILURE)) ||
	    (!i->alert_received && !i->alert_sent && i->transport_ended));
}

bool
card_is_tls(const struct tls_info *i)
{
	return i->n_first_bytes < 3 || (i->first_bytes[0] >= 20 && i->first_bytes[0] <= 24 && i->first_bytes[1] == 3);
}

static bool
starts_with(const struct tls_info *i, const char *text)
{
	return i->n_first_bytes >= strlen(text) && memcmp(i->first_bytes, text, strlen(text)) == 0;
}

static bool
looks_like_http(const struct tls_info *i)
{
	return starts_with(i, "HTTP/") || starts_with(i, "<html") || starts_with(i, "<!DOC");
}

/* Nothing was heard of the server, and nothing is heard: it hangs. */
static const char *
cause_of_silence(const struct connection *c, const struct tls_info *i, char *fix, size_t size)
{
	struct tcp_facts tcp = connection_tcp(c);
	const char *why = tcp_facts_silence(&tcp);

	if (why != NULL && tcp.unacknowledged > 0)
		snprintf(fix, size, "set max-segment 536");
	else if (i->stage == TLS_STAGE_HELLO_SENT && i->offered.max_version >= TLS_1_3)
		snprintf(fix, size, "tls proto tls1.0..tls1.2");
	return why;
}

/* tls ciphers named some, not all of them. */
static bool
chose_few_suites(const struct connection *c)
{
	uint16_t all[TLS_MAX_SUITES];
	int n = tls_parse_suites(STR("all"), all, TLS_MAX_SUITES, NULL);

	return c->n_suites > 0 && n > 0 && c->n_suites < (size_t)n;
}

/* The server found nothing it likes in the hello: the next thing to offer, "" when everything was. A range that is named brings
 * all suites of its versions along. */
static const char *
offer_more(const struct connection *c, const struct tls_info *i)
{
	if (chose_few_suites(c))
		return "tls ciphers all";
	if (i->offered.min_version > SSL_3_0 || i->offered.max_version < TLS_1_2)
		return "tls proto ssl3..tls1.2";
	if (c->chose_groups)
		return "tls groups auto";
	return c->chose_schemes ? "tls schemes auto" : "";
}

/* The server ends it on the hello, without a word: the next thing to leave out. */
static const char *
offer_less(const struct tls_info *i)
{
	if (i->offered.max_version >= TLS_1_3)
		return "tls proto tls1.0..tls1.2";
	if (i->offered.min_version > SSL_3_0)
		return "tls proto ssl3..tls1.0";
	return i->offered.n_extensions > 0 ? "tls extensions off" : "";
}

static const char *
cause_of_version_alert(const struct tls_info *i, char *fix, size_t size)
{
	if (i->offered.min_version > SSL_3_0 || i->offered.max_version < TLS_1_3) {
		snprintf(fix, size, "tls proto ssl3..tls1.3");
		return "the server speaks none of the versions that were offered";
	}
	snprintf(fix, size, "tls proto ssl3..tls1.0");
	return "the server refuses the newest version that was offered instead of choosing an older one";
}

/* A HelloRequest that was not followed: the server waits for a handshake, or ends the connection. */
static const char *
cause_of_declining(const struct tls_info *i, char *fix, size_t size)
{
	if (!i->secure_renegotiation)
		return "the server asked for a renegotiation (HelloRequest), but does not know the safe one of RFC 5746: it was declined";
	snprintf(fix, size, "tls renegotiation on");
	return "the server asked for a renegotiation (HelloRequest), often to see a client certificate; it was declined"
	    " (tls renegotiation off)";
}

/* The server's own words: what its alert proves. */
static const char *
cause_of_alert(const struct connection *c, const struct tls_info *i, char *fix, size_t size)
{
	bool at_hello = i->stage == TLS_STAGE_HELLO_SENT;

	switch (i->alert) {
	case ALERT_PROTOCOL_VERSION:
		return cause_of_version_alert(i, fix, size);
	case ALERT_INAPPROPRIATE_FALLBACK:
		snprintf(fix, size, "tls fallback-scsv off");
		return "TLS_FALLBACK_SCSV was sent, and the server speaks a newer version than the newest one offered";
	case ALERT_NO_APPLICATION_PROTOCOL:
		snprintf(fix, size, "tls alpn off");
		return "the server speaks none of the application protocols that were offered (ALPN)";
	case ALERT_UNRECOGNIZED_NAME:
		snprintf(fix, size, "tls sni off");
		return c->sni[0] != '\0' ? "the server does not know the name that was sent (SNI)" :
		    "the server wants a name (SNI), and none was sent";
	default:
		break;
	}
	if ((i->alert == ALERT_HANDSHAKE_FAILURE || i->alert == ALERT_INSUFFICIENT_SECURITY) && at_hello) {
		snprintf(fix, size, "%s", offer_more(c, i));
		return fix[0] != '\0' ? "the server found no version, cipher suite, group or signature (Ed25519 is not supported here) in common" :
		    "the server found nothing in common in all that is spoken here: perhaps it wants a group of its own, or has an"
		    " Ed25519 or Ed448 certificate only (BearSSL has neither)";
	}
	if (i->alert == ALERT_CERTIFICATE_REQUIRED || (i->certificate_requested && !i->sent_certificate)) {
		snprintf(fix, size, "tls cert FILE KEY");
		return "the server wants a client certificate";
	}
	return NULL;
}

/* The same URL with http; without its path when that would have to be quoted. */
static void
fix_with_http(const struct connection *c, char *fix, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~%?=&+,:@";
	bool address6 = strchr(c->host, ':') != NULL, keep = strspn(c->target, plain) == strlen(c->target);
	int n = snprintf(fix, size, "get http://%s%s%s:%u", address6 ? "[" : "", c->host, address6 ? "]" : "", c->port);

	if (n < 0 || (size_t)n + 1 >= size)
		fix[0] = '\0';
	else
		snprintf(fix + n, size - (size_t)n, "%s", keep && strlen(c->target) < size - (size_t)n ? c->target : "/");
}

const char *
card_cause(const struct connection *c, char *fix, size_t size)
{
	const struct tls_info *i = connection_tls(c);

	fix[0] = '\0';
	if (refuses_premaster(i) && c->premaster_negotiated) {
		snprintf(fix, size, "tls premaster offered");
		return "the RSA premaster secret carried the negotiated version (tls premaster negotiated), and the server rightly wants"
		    " the offered one";
	}
	if (refuses_premaster(i) && !(i->alert_received && i->alert == ALERT_HANDSHAKE_FAILURE)) {
		snprintf(fix, size, "tls proto %s", tls_version_setting(i->version));
		return "the server compares the version inside the RSA premaster secret with the negotiated version instead of the"
		    " offered one (the rollback bug); offering only what it speaks avoids it";
	}
	if (looks_like_http(i)) {
		fix_with_http(c, fix, size);
		return "the server speaks plain HTTP on this port";
	}
	if (!card_is_tls(i))
		return "what came is no TLS: another protocol answers on this port";
	if (i->renegotiation_declined)
		return cause_of_declining(i, fix, size);
	if (c->failure.kind == ERROR_NETWORK && c->failure.code == ETIMEDOUT)
		return cause_of_silence(c, i, fix, size);
	if (i->n_first_bytes == 0 && i->stage == TLS_STAGE_HELLO_SENT && !i->alert_received && (i->transport_ended ||
	    (c->failure.kind == ERROR_NETWORK && c->failure.code == ECONNRESET))) {
		snprintf(fix, size, "%s", offer_less(i));
		return "the server closed at once after the hello, without an alert: it does not like something in it";
	}
	return i->alert_received ? cause_of_alert(c, i, fix, size) : NULL;
}

void
card_hint(const struct connection *c, struct error *error)
{
	char fix[200];

	if (error == NULL || error->command[0] != '\0' || connection_tls(c) == NULL || error->kind == ERROR_CERTIFICATE)
		return;
	if (card_cause(c, fix, sizeof(fix)) != NULL && fix[0] != '\0')
		hint(error, "%s", fix);
}

/* ---- the parts ---- */
void
card_versions(uint16_t low, uint16_t high, FILE *out)
{
	if (low == high)
		fprintf(out, "%s", tls_version_name(low));
	else
		fprintf(out, "%s to %s", tls_version_name(low), tls_version_name(high));
}

void
card_end(const struct connection *c, const struct tls_info *i, FILE *out)
{
	if (i->alert_received)
		fprintf(out, "the server sent the alert %s (%u)", tls_alert_name(i->alert), i->alert);
	else if (i->alert_sent && i->alert_level != ALERT_WARNING)
		fprintf(out, "we sent the alert %s (%u)", tls_alert_name(i->alert), i->alert);
	else if (i->transport_ended)
		fputs("the server closed the connection without an alert", out);
	else if (c->failure.kind == ERROR_NETWORK && c->failure.code == ETIMEDOUT)
		fputs("nobody: we waited in vain and gave up", out);
	else if (c->failure.kind == ERROR_NETWORK && c->failure.code == ECONNRESET)
		fputs("a reset of the TCP connection, by the server or something before it", out);
	else if (c->failure.kind == ERROR_INTERRUPTED)
		fputs("Ctrl-C", out);
	else if (c->failure.kind != ERROR_NONE)
		fputs("us, without an alert", out);
	else
		fputs("nobody yet", out);
}

void
card_server_sent(const struct tls_info *i, FILE *out)
{
	if (i->bytes_in == 0) {
		fputs("nothing", out);
		return;
	}
	if (i->version == 0) {
		fprintf(out, "%s, %" PRIu64 " bytes in %" PRIu64 " record%s", i->hello_retry ? "HelloRetryRequest" : "no ServerHello",
		    i->bytes_in, i->records_in, i->records_in == 1 ? "" : "s");
		return;
	}
	fprintf(out, "%sServerHello", i->hello_retry ? "HelloRetryRequest, " : "");
	if (i->n_chain > 0)
		fprintf(out, ", %zu certificate%s", i->n_chain, i->n_chain > 1 ? "s" : "");
	if (i->certificate_requested)
		fputs(", CertificateRequest", out);
	if (i->stage >= TLS_STAGE_SERVER_DONE || i->resumed)
		fprintf(out, ", %s", i->resumed ? "resumes the session" : "no resumption");
	if (i->version < TLS_1_3)
		fprintf(out, ", %s renegotiation_info", i->secure_renegotiation ? "with" : "without");
	if (i->renegotiation_declined)
		fputs(", HelloRequest (declined)", out);
}

void
card_first_bytes(const struct tls_info *i, FILE *out)
{
	for (size_t k = 0; k < i->n_first_bytes && k < 16; k++)
		fprintf(out, "%02x ", i->first_bytes[k]);
	fputc('"', out);
	for (size_t k = 0; k < i->n_first_bytes; k++)
		fputc(i->first_bytes[k] >= ' ' && i->first_bytes[k] < 0x7f ? i->first_bytes[k] : '.', out);
	fputc('"', out);
}

void
card_before(const struct session *s, const struct connection *c, const char *label, FILE *out)
{
	const struct attempt_note *n;

	for (size_t i = 0; i < BEFORE_MAX && (n = attempts_before(s, c, i)) != NULL; i++) {
		fputs(label, out);
		print_safe(out, str_of(n->settings));
		fputs(": ", out);
		print_safe(out, str_of(n->outcome));
		fputc('\n', out);
	}
}

/* ---- the card: the six facts that decide (DIAGNOSIS.md) ---- */
static void
print_tcp(const struct connection *c, FILE *out)
{
	struct tcp_facts tcp = connection_tcp(c);
	struct buf text;

	if (!tcp.known || c->failure.kind != ERROR_NETWORK)
		return;
	buf_init(&text, 0);
	tcp_facts_text(&tcp, &text);
	fprintf(out, "  tcp         %.*s; %" PRIu64 " of %" PRIu64 " bytes acknowledged\n", STR_ARG(buf_str(&text)),
	    tcp.bytes_acknowledged < tcp.bytes_sent ? tcp.bytes_acknowledged : tcp.bytes_sent, tcp.bytes_sent);
	buf_release(&text);
}

static void
put_facts(const struct session *s, const struct connection *c, FILE *out)
{
	const struct tls_info *i = connection_tls(c);
	char fix[200];
	const char *why = card_cause(c, fix, sizeof(fix));

	fprintf(out, "  stage       %s", tls_stage_name(i->stage));
	if (i->expected != NULL && i->stage < TLS_STAGE_FINISHED)
		fprintf(out, ", awaiting %s", i->expected);
	fputs("\n  ended by    ", out);
	card_end(c, i, out);
	fputs("\n  offered     ", out);
	card_versions(i->offered.min_version, i->offered.max_version, out);
	fprintf(out, ", %zu cipher suite%s, a hello of %zu bytes\n", i->offered.n_suites, i->offered.n_suites == 1 ? "" : "s",
	    i->offered.hello_bytes);
	if (i->version != 0)
		fprintf(out, "  negotiated  %s, %s\n", tls_version_name(i->version), i->suite != 0 ? tls_suite_name(i->suite) : "no suite yet");
	else
		fputs("  negotiated  nothing\n", out);
	fprintf(out, "  address     %s port %u, %s%s\n", c->address != NULL ? c->address : "none", c->address_port,
	    c->sni[0] != '\0' ? "SNI " : "no SNI", c->sni);
	if (!card_is_tls(i)) {
		fputs("  first bytes ", out);
		card_first_bytes(i, out);
		fputc('\n', out);
	} else {
		fputs("  server sent ", out);
		card_server_sent(i, out);
		fputc('\n', out);
	}
	print_tcp(c, out);
	card_before(s, c, "  before      ", out);
	if (why != NULL)
		fprintf(out, "  cause       %s\n", why);
}

void
card_print(const struct call *call, const struct connection *c, FILE *out)
{
	struct capture text;

	put_facts(call->session, c, capture_open(&text));
	print_lines(out, capture_close(&text), CARD_LABEL, view_width(call->view, out));
	capture_release(&text);
}
