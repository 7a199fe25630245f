/* `show tls`: everything that is known of the session's last connection, also of one that failed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/print.h"
#include "commands/session/exchange.h"
#include "commands/show/card.h"

/* A line's label; the lines under it begin with "". */
static void
label(FILE *out, const char *name)
{
	fprintf(out, "%-12s ", name);
}

static void
print_ids(FILE *out, const char *name, const uint16_t *ids, size_t n, const char *(*text)(uint16_t))
{
	if (n == 0)
		return;
	fprintf(out, "%-12s", name);
	for (size_t k = 0; k < n; k++)
		fprintf(out, " %s", text(ids[k]));
	fputc('\n', out);
}

static const char *
extension_name(uint16_t id)
{
	return tls_extension_name(id);
}

static void
print_server(const struct connection *c, FILE *out)
{
	label(out, "server");
	fprintf(out, "%s:%u", c->host, c->port);
	if (c->address != NULL)
		fprintf(out, c->address_port != c->port ? " (%s port %u)" : " (%s)", c->address, c->address_port);
	fprintf(out, "%s%s\n", c->sni[0] != '\0' ? ", SNI " : ", no SNI", c->sni);
}

/* Whether the hello had the extension of this number. */
static bool
sent(const struct tls_offer *o, uint16_t extension)
{
	for (size_t k = 0; k < o->n_extensions; k++)
		if (o->extensions[k] == extension)
			return true;
	return false;
}

static void
print_offered(const struct tls_info *i, FILE *out)
{
	const struct tls_offer *o = &i->offered;

	label(out, "offered");
	card_versions(o->min_version, o->max_version, out);
	fprintf(out, ", ClientHello of %zu bytes%s\n", o->hello_bytes, o->session_offered ? ", a session" : "");
	print_ids(out, "  suites", o->suites, o->n_suites, tls_suite_name);
	if (sent(o, EXT_SUPPORTED_GROUPS))
		print_ids(out, "  groups", o->groups, o->n_groups, tls_group_name);
	print_ids(out, "  key shares", o->key_shares, o->n_key_shares, tls_group_name);
	if (sent(o, EXT_SIGNATURE_ALGORITHMS))
		print_ids(out, "  schemes", o->schemes, o->n_schemes, tls_scheme_name);
	print_ids(out, "  extensions", o->extensions, o->n_extensions, extension_name);
}

static const char *
yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void
print_negotiated(const struct tls_info *i, FILE *out)
{
	label(out, "negotiated");
	if (i->version == 0) {
		fputs("nothing\n", out);
		return;
	}
	fprintf(out, "%s %s", tls_version_name(i->version), i->suite != 0 ? tls_suite_name(i->suite) : "no suite yet");
	if (i->group != 0)
		fprintf(out, " %s", tls_group_name(i->group));
	if (i->dh_bits != 0)
		fprintf(out, " DH %u bits", i->dh_bits);
	if (i->scheme != 0)
		fprintf(out, " %s", tls_scheme_name(i->scheme));
	fputc('\n', out);
	label(out, "");
	fprintf(out, "resumed %s", yes_no(i->resumed));
	if (i->version < TLS_1_3)
		fprintf(out, ", extended_master_secret %s, encrypt_then_mac %s, renegotiation_info %s", yes_no(i->ems), yes_no(i->etm),
		    yes_no(i->secure_renegotiation));
	fprintf(out, "%s\n", i->hello_retry ? ", after HelloRetryRequest" : "");
	print_ids(out, "answered", i->server_extensions, i->n_server_extensions, extension_name);
}

static void
print_alpn(const struct connection *c, const struct tls_info *i, FILE *out)
{
	if (c->alpn == NULL || !sent(&i->offered, EXT_ALPN))
		return;
	label(out, "alpn");
	print_safe(out, str_of(c->alpn));
	fputs(" offered, ", out);
	print_safe(out, str_of(i->alpn[0] != '\0' ? i->alpn : "none"));
	fputs(" chosen\n", out);
}

/* RFC 5280 section 4.2.1.3 */
static void
print_usage_bits(const struct x509_cert *leaf, FILE *out)
{
	static const struct { unsigned bit; const char *name; } bits[] = { { X509_USAGE_SIGN, "digitalSignature" },
		{ X509_USAGE_ENCIPHER, "keyEncipherment" }, { X509_USAGE_AGREE, "keyAgreement" },
		{ X509_USAGE_CERT_SIGN, "keyCertSign" }, { X509_USAGE_CRL_SIGN, "cRLSign" } };

	if (!leaf->has_usage)
		fputs(" any", out);
	for (size_t k = 0; leaf->has_usage && k < sizeof bits / sizeof bits[0]; k++)
		if ((leaf->usage & bits[k].bit) != 0)
			fprintf(out, " %s", bits[k].name);
}

/* The leaf's key, and whether its keyUsage allows what this key exchange does with it. */
static void
print_key(const struct connection *c, const struct tls_info *i, FILE *out)
{
	size_t n;
	struct x509_cert *const *chain = connection_chain(c, &n);
	bool enciphers = strncmp(tls_suite_name(i->suite), "TLS_RSA_", 8) == 0;
	char *key;

	if (n == 0 || i->suite == 0)
		return;
	key = x509_key_text(&chain[0]->key);
	label(out, "server key");
	fprintf(out, "%s, key usage", key);
	print_usage_bits(chain[0], out);
	fprintf(out, ": %s %s\n", !chain[0]->has_usage || (chain[0]->usage & (enciphers ? X509_USAGE_ENCIPHER : X509_USAGE_SIGN)) != 0
	    ? "allows" : "DOES NOT ALLOW", enciphers ? "to decrypt the premaster secret" : "to sign the handshake");
	free(key);
}

static void
print_client_certificate(const struct tls_info *i, FILE *out)
{
	struct str names = str_of(i->requested_names);

	if (!i->certificate_requested)
		return;
	label(out, "client cert");
	fprintf(out, "requested, %s", i->sent_certificate ? "sent" : "not sent");
	for (size_t k = 0; k < i->n_requested_types; k++)
		fprintf(out, "%s %s", k == 0 ? "; types" : "", tls_certificate_type_name(i->requested_types[k]));
	fputc('\n', out);
	print_ids(out, "  schemes", i->requested_schemes, i->n_requested_schemes, tls_scheme_name);
	if (names.n == 0)
		fprintf(out, "%-12s any\n", "  issuers");
	for (bool first = true; names.n > 0; first = false) {
		label(out, first ? "  issuers" : "");
		print_safe(out, str_cut(&names, '\n'));
		fputc('\n', out);
	}
}

static void
print_certificate(const struct connection *c, const struct tls_info *i, FILE *out)
{
	size_t n;

	connection_chain(c, &n);
	if (n > 0) {
		label(out, "certificate");
		fprintf(out, "%zu%s, %s", n, i->resumed ? " of the first connection" : n > 1 ? " sent" : " sent",
		    c->accepted ? "accepted" : c->judged || c->first != NULL ? "refused" : "not judged");
		fprintf(out, "%s%s%s\n", c->trust != NULL ? " (" : "", c->trust != NULL ? c->trust : "", c->trust != NULL ? ")" : "");
	}
	print_key(c, i, out);
	show_staples(c, 12, out);
	print_client_certificate(i, out);
	if (i->ticket)
		fprintf(out, "%-12s ticket, lifetime %" PRIu32 " s\n", "session", i->ticket_lifetime);
}

static void
print_span(FILE *out, const char *name, int64_t from, int64_t to)
{
	if (from > 0 && to >= from)
		fprintf(out, "  %s %.1f ms", name, (double)(to - from) / 1000);
}

/* Flight by flight: each begins where the one before ended. */
static void
print_timing(const struct session *s, const struct connection *c, const struct tls_info *i, FILE *out)
{
	const struct exchange *last = session_last(s);
	const struct http_response *r = last != NULL && last->connection == c ? &last->response : NULL;

	fprintf(out, "%-11s", "timing");
	print_span(out, "resolve", c->tcp_timing.start_us, c->tcp_timing.resolved_us);
	print_span(out, "tcp connect", c->tcp_timing.resolved_us, c->tcp_timing.connected_us);
	if (i != NULL) {
		print_span(out, "hello to first byte", i->hello_sent_us, i->first_byte_us);
		print_span(out, "server's flight", i->first_byte_us, i->server_flight_us);
		if (i->version != 0 && i->version < TLS_1_3 && !i->resumed)
			print_span(out, "our flight to finished", i->flight_sent_us, i->connected_us);
		print_span(out, "handshake", i->hello_sent_us, i->connected_us);
	}
	if (r != NULL)
		print_span(out, "request to response", r->sent_us, r->first_byte_us);
	fputc('\n', out);
}

static void
print_tcp(const struct connection *c, FILE *out)
{
	struct tcp_facts tcp = connection_tcp(c);
	struct buf text;

	if (!tcp.known)
		return;
	buf_init(&text, 0);
	tcp_facts_text(&tcp, &text);
	label(out, "tcp");
	fprintf(out, "%.*s\n", STR_ARG(buf_str(&text)));
	buf_release(&text);
}

static void
print_failure(const struct session *s, const struct connection *c, FILE *out)
{
	char fix[200];
	const char *why = connection_tls(c) != NULL ? card_cause(c, fix, sizeof fix) : NULL;

	if (c->failure.kind == ERROR_NONE)
		return;
	label(out, "failure");
	print_safe(out, str_of(c->failure.text));
	fputc('\n', out);
	if (why != NULL)
		fprintf(out, "%-12s %s\n", "cause", why);
	if (why != NULL && fix[0] != '\0')
		fprintf(out, "%-12s %s\n", "try", fix);
	card_before(s, c, "before       ", out);
}

void
show_tls(const struct session *s, FILE *out)
{
	const struct connection *c = session_attempt(s);
	const struct tls_info *i = connection_tls(c);
	bool warning = i != NULL && i->alert_level == ALERT_WARNING && i->alert != 0;

	print_server(c, out);
	if (i == NULL) {
		fprintf(out, "%-12s %s\n", "tls", c->tcp_timing.connected_us != 0 ? "none: plain HTTP" : "none: not connected");
		print_timing(s, c, NULL, out);
		print_tcp(c, out);
		print_failure(s, c, out);
		return;
	}
	print_offered(i, out);
	print_negotiated(i, out);
	print_alpn(c, i, out);
	print_certificate(c, i, out);
	label(out, "stage");
	fprintf(out, "%s%s%s\n", tls_stage_name(i->stage), i->expected != NULL && i->stage < TLS_STAGE_FINISHED ? ", awaiting " : "",
	    i->expected != NULL && i->stage < TLS_STAGE_FINISHED ? i->expected : "");
	if (c->failure.kind != ERROR_NONE || i->alert_received || (i->alert_sent && !warning)) {
		label(out, "ended by");
		card_end(c, i, out);
		fputc('\n', out);
	}
	if (!i->alert_received && warning)
		fprintf(out, "%-12s %s sent the warning %s (%u)\n", "warned", i->alert_sent ? "we" : "the server",
		    tls_alert_name(i->alert), i->alert);
	if (!card_is_tls(i)) {
		label(out, "first bytes");
		card_first_bytes(i, out);
		fputc('\n', out);
	}
	print_timing(s, c, i, out);
	label(out, "bytes");
	fprintf(out, "in %" PRIu64 " (%" PRIu64 " record%s), out %" PRIu64 " (%" PRIu64 " record%s)\n", i->bytes_in, i->records_in,
	    i->records_in == 1 ? "" : "s", i->bytes_out, i->records_out, i->records_out == 1 ? "" : "s");
	print_tcp(c, out);
	print_failure(s, c, out);
}
