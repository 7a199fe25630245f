/* The facts of a connection: the hello, what was chosen, how it ended, how long it took. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/private.h"
#include "commands/session/attempts.h"
#include "commands/session/exchange.h"

enum { BEFORE_MAX = 3, FIRST_BYTES_HEX = 16 };

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static const char *
yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static const char *
extension_name(uint16_t id)
{
	return tls_extension_name(id);
}

/* ---- where, and what was offered ---- */
static void
add_server(struct facts *f, const struct connection *c)
{
	const char *name = c->sni[0] != '\0' ? "SNI " : "no SNI";

	if (c->address == NULL)
		facts_add(f, "server", str_printf("%s:%u, %s%s", c->host, c->port, name, c->sni));
	else if (c->address_port != c->port)
		facts_add(f, "server",
		    str_printf("%s:%u (%s port %u), %s%s", c->host, c->port, c->address, c->address_port, name,
			c->sni));
	else
		facts_add(f, "server", str_printf("%s:%u (%s), %s%s", c->host, c->port, c->address, name, c->sni));
	facts_add(f, "address",
	    str_printf("%s port %u, %s%s", c->address != NULL ? c->address : "none", c->address_port, name, c->sni))
	    ->brief = true;
}

static bool
is_in(const uint16_t *ids, size_t n, uint16_t id)
{
	for (size_t k = 0; k < n; k++)
		if (ids[k] == id)
			return true;
	return false;
}

/* Whether the hello had the extension of this number. */
static bool
sent(const struct tls_offer *o, uint16_t extension)
{
	return is_in(o->extensions, o->n_extensions, extension);
}

static void
add_offered(struct facts *f, const struct tls_offer *o)
{
	bool range = o->min_version != o->max_version;

	facts_add(f, "offered",
	    str_printf("%s%s%s, %zu cipher suite%s, a hello of %zu bytes%s", tls_version_name(o->min_version),
		range ? " to " : "", range ? tls_version_name(o->max_version) : "", o->n_suites, plural(o->n_suites),
		o->hello_bytes, o->session_offered ? ", a session" : ""));
	facts_add_ids(f, "suites", o->suites, o->n_suites, tls_suite_name);
	if (sent(o, EXT_SUPPORTED_GROUPS))
		facts_add_ids(f, "groups", o->groups, o->n_groups, tls_group_name);
	facts_add_ids(f, "key shares", o->key_shares, o->n_key_shares, tls_group_name);
	if (sent(o, EXT_SIGNATURE_ALGORITHMS))
		facts_add_ids(f, "schemes", o->schemes, o->n_schemes, tls_scheme_name);
	facts_add_ids(f, "extensions", o->extensions, o->n_extensions, extension_name);
}

/* ---- what was chosen ---- */
static void
add_answered(struct facts *f, const struct tls_info *i)
{
	if (i->n_server_extensions > 0)
		facts_add(f, "answered", facts_names(i->server_extensions, i->n_server_extensions, extension_name));
}

static void
add_negotiated(struct facts *f, const struct tls_info *i)
{
	struct buf text;

	if (i->version == 0) {
		facts_add(f, "negotiated", str_dup(STR("nothing")));
		return;
	}
	buf_init(&text, 0);
	buf_addf(&text, "%s, %s", tls_version_name(i->version),
	    i->suite != 0 ? tls_suite_name(i->suite) : "no suite yet");
	if (i->group != 0)
		buf_addf(&text, ", %s", tls_group_name(i->group));
	if (i->dh_bits != 0)
		buf_addf(&text, ", DH %u bits", i->dh_bits);
	if (i->scheme != 0)
		buf_addf(&text, ", %s", tls_scheme_name(i->scheme));
	facts_add(f, "negotiated", buf_take(&text));
	if (i->stage < TLS_STAGE_SERVER_HELLO) {
		add_answered(f, i);
		return;
	}
	buf_init(&text, 0);
	buf_addf(&text, "resumed %s", yes_no(i->resumed));
	if (i->version < TLS_1_3)
		buf_addf(&text, ", extended_master_secret %s, encrypt_then_mac %s, renegotiation_info %s",
		    yes_no(i->ems), yes_no(i->etm), yes_no(i->secure_renegotiation));
	buf_add_str(&text, i->hello_retry ? STR(", after HelloRetryRequest") : STR(""));
	facts_add(f, "", buf_take(&text));
	add_answered(f, i);
}

static void
add_alpn(struct facts *f, const struct connection *c, const struct tls_info *i)
{
	if (c->alpn != NULL && sent(&i->offered, EXT_ALPN))
		facts_add(f, "alpn",
		    str_printf("%s offered, %s chosen", c->alpn, i->alpn[0] != '\0' ? i->alpn : "none"));
}

/* "ServerHello, 2 certificates" */
static char *
server_sent(const struct tls_info *i)
{
	struct buf text;

	if (i->bytes_in == 0)
		return str_dup(STR("nothing"));
	if (i->version == 0)
		return str_printf("%s, %" PRIu64 " bytes in %" PRIu64 " record%s",
		    i->server_hello    ? "a ServerHello that cannot be read" :
			i->hello_retry ? "HelloRetryRequest" :
					 "no ServerHello",
		    i->bytes_in, i->records_in, plural(i->records_in));
	buf_init(&text, 0);
	buf_addf(&text, "%sServerHello", i->hello_retry ? "HelloRetryRequest, " : "");
	if (i->n_chain > 0)
		buf_addf(&text, ", %zu certificate%s", i->n_chain, plural(i->n_chain));
	buf_add_str(&text, i->certificate_requested ? STR(", CertificateRequest") : STR(""));
	if (i->stage >= TLS_STAGE_SERVER_DONE || i->resumed)
		buf_addf(&text, ", %s", i->resumed ? "resumes the session" : "no resumption");
	if (i->version < TLS_1_3)
		buf_addf(&text, ", %s renegotiation_info",
		    is_in(i->server_extensions, i->n_server_extensions, EXT_RENEGOTIATION_INFO) ? "with" : "without");
	buf_add_str(&text, i->renegotiation_declined ? STR(", HelloRequest (declined)") : STR(""));
	return buf_take(&text);
}

/* ---- how it ended ---- */
static const char *
who_ended(const struct connection *c, const struct tls_info *i)
{
	if (i->transport_ended)
		return "the server closed the connection without an alert";
	if (c->failure.kind == ERROR_NETWORK && c->failure.code == ETIMEDOUT)
		return "nobody: we waited in vain and gave up";
	if (c->failure.kind == ERROR_NETWORK && c->failure.code == ECONNRESET)
		return "a reset of the TCP connection, by the server or something before it";
	if (c->failure.kind == ERROR_INTERRUPTED)
		return "Ctrl-C";
	return c->failure.kind != ERROR_NONE ? "us, without an alert" : "nobody yet";
}

static void
add_end(struct facts *f, const struct connection *c, const struct tls_info *i)
{
	bool awaits = i->expected != NULL && i->stage < TLS_STAGE_FINISHED;
	bool warning = i->alert_level == ALERT_WARNING && i->alert != 0;

	facts_add(f, "stage",
	    str_printf("%s%s%s", tls_stage_name(i->stage), awaits ? ", awaiting " : "", awaits ? i->expected : ""));
	if (i->alert_received || (i->alert_sent && !warning))
		facts_add(f, "ended by",
		    str_printf("%s sent the alert %s (%u)", i->alert_received ? "the server" : "we",
			tls_alert_name(i->alert), i->alert));
	else if (c->failure.kind != ERROR_NONE)
		facts_add(f, "ended by", str_dup(str_of(who_ended(c, i))));
	if (!i->alert_received && warning)
		facts_add(f, "warned",
		    str_printf("%s sent the warning %s (%u)", i->alert_sent ? "we" : "the server",
			tls_alert_name(i->alert), i->alert));
}

/* In hex and as text. */
static void
add_first_bytes(struct facts *f, const struct tls_info *i)
{
	struct buf text;

	buf_init(&text, 0);
	for (size_t k = 0; k < i->n_first_bytes && k < FIRST_BYTES_HEX; k++)
		buf_addf(&text, "%02x ", i->first_bytes[k]);
	buf_add_char(&text, '"');
	for (size_t k = 0; k < i->n_first_bytes; k++)
		buf_add_char(&text,
		    i->first_bytes[k] >= ' ' && i->first_bytes[k] < 0x7f ? (char)i->first_bytes[k] : '.');
	buf_add_char(&text, '"');
	facts_add(f, "first bytes", buf_take(&text));
}

/* ---- time, bytes, TCP ---- */
static void
add_span(struct buf *text, const char *name, int64_t from, int64_t to)
{
	if (from > 0 && to >= from)
		buf_addf(text, "%s%s %.1f ms", text->len > 0 ? "  " : "", name, (double)(to - from) / 1000);
}

/* Flight by flight: each begins where the one before ended. */
static void
add_timing(struct facts *f, const struct session *s, const struct connection *c, const struct tls_info *i)
{
	const struct exchange *last = session_last(s);
	struct buf text;

	buf_init(&text, 0);
	add_span(&text, "resolve", c->tcp_timing.start_us, c->tcp_timing.resolved_us);
	add_span(&text, "tcp connect", c->tcp_timing.resolved_us, c->tcp_timing.connected_us);
	if (i != NULL) {
		add_span(&text, "hello to first byte", i->hello_sent_us, i->first_byte_us);
		add_span(&text, "server's flight", i->first_byte_us, i->server_flight_us);
		if (i->version != 0 && i->version < TLS_1_3 && !i->resumed)
			add_span(&text, "our flight to finished", i->flight_sent_us, i->connected_us);
		add_span(&text, "handshake", i->hello_sent_us, i->connected_us);
	}
	if (last != NULL && last->connection == c)
		add_span(&text, "request to response", last->response.sent_us, last->response.first_byte_us);
	facts_add(f, "timing", buf_take(&text));
}

/* How much of it arrived counts where the network failed. */
static void
add_tcp(struct facts *f, const struct connection *c)
{
	struct tcp_facts tcp = connection_tcp(c);
	struct buf text;

	if (!tcp.known)
		return;
	buf_init(&text, 0);
	tcp_facts_text(&tcp, &text);
	if (c->failure.kind == ERROR_NETWORK)
		buf_addf(&text, "; %" PRIu64 " of %" PRIu64 " bytes acknowledged",
		    tcp.bytes_acknowledged < tcp.bytes_sent ? tcp.bytes_acknowledged : tcp.bytes_sent, tcp.bytes_sent);
	facts_add(f, "tcp", buf_take(&text));
}

static void
add_tls(struct facts *f, const struct connection *c, const struct tls_info *i)
{
	add_offered(f, &i->offered);
	add_negotiated(f, i);
	add_alpn(f, c, i);
	facts_of_certificate(f, c, i);
	add_end(f, c, i);
	if (facts_is_tls(i))
		facts_add(f, "server sent", server_sent(i))->brief = true;
	else
		add_first_bytes(f, i);
}

void
facts_of(const struct session *s, const struct connection *c, struct facts *f)
{
	const struct tls_info *i = connection_tls(c);
	const struct attempt_note *n;

	add_server(f, c);
	if (i != NULL)
		add_tls(f, c, i);
	else
		facts_add(f, "tls",
		    str_printf("none: %s", c->tcp_timing.connected_us != 0 ? "plain HTTP" : "not connected"));
	add_timing(f, s, c, i);
	if (i != NULL)
		facts_add(f, "bytes",
		    str_printf("in %" PRIu64 " (%" PRIu64 " record%s), out %" PRIu64 " (%" PRIu64 " record%s)",
			i->bytes_in, i->records_in, plural(i->records_in), i->bytes_out, i->records_out,
			plural(i->records_out)));
	add_tcp(f, c);
	if (c->failure.kind == ERROR_NONE)
		return;
	facts_add(f, "failure", str_dup(str_of(c->failure.text)));
	for (size_t k = 0; k < BEFORE_MAX && (n = attempts_before(s, c, k)) != NULL; k++)
		facts_add(f, "before", str_printf("%s: %s", n->settings, n->outcome));
}
