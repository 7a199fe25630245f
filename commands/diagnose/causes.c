/* The table of causes: what must hold of a failed attempt's facts. Those of a refused chain: causes_chain.c. */
#include <errno.h>
#include <string.h>

#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/diagnose/private.h"

#define OWNER "only who runs the server can mend it"

enum { PORT_HTTPS = 443 };

/* ---- what happened ---- */
static bool
timed_out(const struct connection *c)
{
	return c->failure.kind == ERROR_NETWORK && c->failure.code == ETIMEDOUT;
}

/* The server ended it with this alert. */
static bool
refused(const struct connection *c, const struct tls_info *i, unsigned alert)
{
	return i->alert_received && i->alert == alert && !timed_out(c);
}

static bool
at_hello(const struct tls_info *i)
{
	return i->stage == TLS_STAGE_HELLO_SENT;
}

/* Every version is offered up to this one. */
static bool
offers_all_to(const struct tls_info *i, unsigned version)
{
	return i->offered.min_version <= SSL_3_0 && i->offered.max_version >= version;
}

/* ---- K: behind the server's flight ---- */
/* RSA key exchange, negotiated below offered, and the server ends it before its Finished. */
static bool
refuses_premaster(const struct tls_info *i)
{
	return i->version != 0 && i->version < i->offered.max_version && facts_is_rsa_key_exchange(i->suite) &&
	    i->stage < TLS_STAGE_FINISHED && i->stage >= TLS_STAGE_SERVER_DONE &&
	    ((i->alert_received && (i->alert == ALERT_BAD_RECORD_MAC || i->alert == ALERT_HANDSHAKE_FAILURE)) ||
		(!i->alert_received && !i->alert_sent && i->transport_ended));
}

static bool
premaster_of_ours(const struct connection *c, const struct tls_info *i)
{
	return refuses_premaster(i) && c->premaster_negotiated;
}

/* Whoever checks the version badly goes on with a random premaster: the Finished fails, and that is no alert 40. */
static bool
premaster_of_theirs(const struct connection *c, const struct tls_info *i)
{
	return refuses_premaster(i) && !c->premaster_negotiated &&
	    !(i->alert_received && i->alert == ALERT_HANDSHAKE_FAILURE);
}

static bool
hello_request_unsafe(const struct connection *c, const struct tls_info *i)
{
	(void)c;
	return i->renegotiation_declined && !i->secure_renegotiation;
}

static bool
hello_request(const struct connection *c, const struct tls_info *i)
{
	(void)c;
	return i->renegotiation_declined;
}

/* TLS 1.3 servers say so when our handshake is over, with an alert of its own. */
static bool
wants_certificate_13(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_CERTIFICATE_REQUIRED) ||
	    (refused(c, i, i->alert) && i->version >= TLS_1_3 && i->certificate_requested && !i->sent_certificate);
}

/* Ours does not fit what was asked for, so none was sent. */
static bool
wants_another_certificate(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, i->alert) && i->certificate_requested && !i->sent_certificate && i->unfit != TLS_FITS;
}

static bool
refuses_certificate(const struct connection *c, const struct tls_info *i)
{
	static const unsigned alerts[] = { ALERT_BAD_CERTIFICATE, ALERT_UNSUPPORTED_CERTIFICATE,
		ALERT_CERTIFICATE_REVOKED, ALERT_CERTIFICATE_EXPIRED, ALERT_CERTIFICATE_UNKNOWN, ALERT_UNKNOWN_CA,
		ALERT_ACCESS_DENIED };

	for (size_t k = 0; k < sizeof alerts / sizeof *alerts; k++)
		if (refused(c, i, alerts[k]))
			return i->sent_certificate;
	return false;
}

static bool
wants_certificate(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, i->alert) && i->certificate_requested && !i->sent_certificate;
}

/* ---- A: no TLS ---- */
static bool
answers_in_http(const struct tls_info *i)
{
	static const char *const begins[] = { "HTTP/", "<html", "<!DOC" };

	for (size_t k = 0; k < sizeof begins / sizeof *begins; k++)
		if (i->n_first_bytes >= strlen(begins[k]) && memcmp(i->first_bytes, begins[k], strlen(begins[k])) == 0)
			return true;
	return false;
}

/* On the port of https there is no scheme to correct: who goes on without TLS gives away what was to be protected. */
static bool
http_on_443(const struct connection *c, const struct tls_info *i)
{
	return answers_in_http(i) && c->port == PORT_HTTPS;
}

static bool
http_elsewhere(const struct connection *c, const struct tls_info *i)
{
	return answers_in_http(i) && c->port != PORT_HTTPS;
}

static bool
not_tls(const struct connection *c, const struct tls_info *i)
{
	(void)c;
	return !facts_is_tls(i);
}

/* ---- silence: TCP tells whose ---- */
static bool
lost_on_the_way(const struct connection *c, const struct tls_info *i)
{
	struct tcp_facts tcp = connection_tcp(c);

	(void)i;
	return timed_out(c) && tcp_facts_silence(&tcp) != NULL && tcp.unacknowledged > 0;
}

static bool
server_is_silent(const struct connection *c, const struct tls_info *i)
{
	struct tcp_facts tcp = connection_tcp(c);

	(void)i;
	return timed_out(c) && tcp_facts_silence(&tcp) != NULL && tcp.unacknowledged == 0;
}

static bool
silent_at_tls13(const struct connection *c, const struct tls_info *i)
{
	return server_is_silent(c, i) && at_hello(i) && i->offered.max_version >= TLS_1_3;
}

/* ---- B: the hello, answered by the end of the connection ---- */
static bool
closed_at_hello(const struct connection *c, const struct tls_info *i)
{
	return i->n_first_bytes == 0 && at_hello(i) && !i->alert_received && !timed_out(c) &&
	    (i->transport_ended || (c->failure.kind == ERROR_NETWORK && c->failure.code == ECONNRESET));
}

static bool
closed_at_tls13(const struct connection *c, const struct tls_info *i)
{
	return closed_at_hello(c, i) && i->offered.max_version >= TLS_1_3;
}

static bool
closed_at_range(const struct connection *c, const struct tls_info *i)
{
	return closed_at_hello(c, i) && i->offered.min_version > SSL_3_0;
}

static bool
closed_at_extensions(const struct connection *c, const struct tls_info *i)
{
	return closed_at_hello(c, i) && i->offered.n_extensions > 0;
}

/* ---- B: the hello, answered by an alert ---- */
static bool
chose_older(const struct connection *c, const struct tls_info *i)
{
	return c->failure.kind == ERROR_TLS && c->failure.code == TLS_UNSUPPORTED_VERSION && i->version >= SSL_3_0 &&
	    i->version < i->offered.min_version;
}

static bool
no_version_below_13(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_PROTOCOL_VERSION) && i->offered.max_version < TLS_1_3;
}

static bool
no_version(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_PROTOCOL_VERSION) && !offers_all_to(i, TLS_1_3);
}

static bool
refuses_newest(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_PROTOCOL_VERSION);
}

static bool
fallback_was_needless(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_INAPPROPRIATE_FALLBACK);
}

static bool
no_protocol(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_NO_APPLICATION_PROTOCOL);
}

static bool
name_unknown(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] != '\0';
}

/* An address cannot be sent as a name (RFC 6066 section 3). */
static bool
no_name_for_address(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] == '\0' && url_host_is_address(c->host);
}

static bool
name_missing(const struct connection *c, const struct tls_info *i)
{
	return refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] == '\0';
}

static bool
nothing_in_common(const struct connection *c, const struct tls_info *i)
{
	return at_hello(i) && (refused(c, i, ALERT_HANDSHAKE_FAILURE) || refused(c, i, ALERT_INSUFFICIENT_SECURITY));
}

/* tls ciphers named some, not all of them. */
static bool
few_suites(const struct connection *c, const struct tls_info *i)
{
	uint16_t all[TLS_MAX_SUITES];
	int n = tls_parse_suites(STR("all"), all, TLS_MAX_SUITES, NULL);

	return nothing_in_common(c, i) && c->n_suites > 0 && n > 0 && c->n_suites < (size_t)n;
}

static bool
few_versions(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && !offers_all_to(i, TLS_1_2);
}

static bool
few_groups(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && c->chose_groups;
}

static bool
few_schemes(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && c->chose_schemes;
}

/* ---- the table ---- */
/* Sentences of several rows: the cure is what differs. */
static const char says_silence[] = "everything we sent has arrived: the silence is the server's, not the network's";
static const char says_closed[] =
    "the server closed at once after the hello, without an alert: it does not like something in it";
static const char says_no_versions[] = "the server speaks none of the versions that were offered";
static const char says_no_name[] = "the server wants a name (SNI), and none was sent";
static const char says_nothing[] = "the server found no version, cipher suite, group or signature in common";
static const char says_plain_http[] = "the server speaks plain HTTP on this port";
static const char says_no_certificate[] = "the server wants a client certificate";

static const struct cause causes[] = {
	{ "K2", premaster_of_ours,
	    "the RSA premaster secret carried the negotiated version (tls premaster negotiated), and the server"
	    " rightly wants the offered one",
	    "offered, negotiated, ended by", "tls premaster offered", NULL, NULL },
	{ "K1", premaster_of_theirs,
	    "the server compares the version inside the RSA premaster secret with the negotiated version"
	    " instead of the offered one (the rollback bug); offering only what it speaks avoids it",
	    "offered, negotiated, ended by", "tls proto VERSION", NULL, NULL },
	{ "A2", http_on_443, says_plain_http, "first bytes", NULL, NULL,
	    OWNER ": TLS belongs on port 443 (a URL with http and this port is answered, for everybody on the way to "
		  "read and change)" },
	{ "A2", http_elsewhere, says_plain_http, "first bytes", "get URL", NULL, NULL },
	{ "A3", not_tls, "what came is no TLS: another protocol answers on this port", "first bytes", NULL, NULL,
	    "TLS may be spoken on another port; here " OWNER },
	{ "K10", hello_request_unsafe,
	    "the server asked for a renegotiation (HelloRequest), but does not know the safe one of"
	    " RFC 5746: it was declined",
	    "negotiated, failure", NULL, NULL, OWNER ": it needs the renegotiation of RFC 5746" },
	{ "K10", hello_request,
	    "the server asked for a renegotiation (HelloRequest), often to see a client certificate; it was"
	    " declined (tls renegotiation off)",
	    "failure", "tls renegotiation on", NULL, NULL },

	{ "A7", lost_on_the_way,
	    "our bytes do not arrive: they were sent again and never acknowledged; smaller segments may get through",
	    "ended by, tcp", "set max-segment 536", NULL, NULL },
	{ "B1", silent_at_tls13, says_silence, "offered, ended by, tcp", "tls proto tls1.0..tls1.2", NULL, NULL },
	{ "E11", server_is_silent, says_silence, "ended by, tcp", NULL, NULL, OWNER },
	{ "B1", closed_at_tls13, says_closed, "offered, ended by", "tls proto tls1.0..tls1.2", NULL, NULL },
	{ "B1", closed_at_range, says_closed, "offered, ended by", "tls proto ssl3..tls1.0", NULL, NULL },
	{ "B5", closed_at_extensions, says_closed, "offered, extensions, ended by", "tls extensions off", NULL, NULL },
	{ "A6", closed_at_hello,
	    "the server closed at once, without an alert, although the hello was as small and old as can be: it"
	    " serves nobody from here, or expects something before TLS (the PROXY protocol of a load balancer)",
	    "offered, ended by", NULL, NULL,
	    OWNER "; \"tls proto default; tls extensions default\" takes back what was tried" },

	{ "B3", chose_older, "the server speaks nothing newer than what it chose", "offered, negotiated",
	    "tls proto VERSION..NEWEST", NULL, NULL },
	{ "B2", no_version_below_13, says_no_versions, "offered, ended by", "tls proto ssl3..tls1.3", NULL, NULL },
	{ "B3", no_version, says_no_versions, "offered, ended by", "tls proto ssl3..tls1.3", NULL, NULL },
	{ "B1", refuses_newest,
	    "the server refuses the newest version that was offered instead of choosing an older one",
	    "offered, ended by", "tls proto ssl3..tls1.0", NULL, NULL },
	{ "B19", fallback_was_needless,
	    "TLS_FALLBACK_SCSV was sent, and the server speaks a newer version than the newest one offered",
	    "offered, ended by", "tls fallback-scsv off", NULL, NULL },
	{ "B18", no_protocol, "the server speaks none of the application protocols that were offered (ALPN)",
	    "alpn, ended by", "tls alpn off", NULL, NULL },
	{ "B8", name_unknown, "the server does not know the name that was sent (SNI)", "server, ended by",
	    "tls sni off", NULL, NULL },
	{ "B7", no_name_for_address, says_no_name, "server, ended by", NULL, NULL,
	    "a URL with the host's name helps: an address cannot be sent as one" },
	{ "B7", name_missing, says_no_name, "server, ended by", "tls sni auto", NULL, NULL },
	{ "B13", few_suites, says_nothing, "suites, ended by", "tls ciphers all", NULL, NULL },
	{ "B3", few_versions, says_nothing, "offered, ended by", "tls proto ssl3..tls1.2", NULL, NULL },
	{ "B14", few_groups, says_nothing, "groups, ended by", "tls groups auto", NULL, NULL },
	{ "B15", few_schemes, says_nothing, "schemes, ended by", "tls schemes auto", NULL, NULL },
	{ "B15", nothing_in_common,
	    "the server found nothing in common in all that is spoken here: perhaps it wants a group of its"
	    " own, or has a certificate of a kind that few know (DSA, GOST, a brainpool curve)",
	    "offered, ended by", NULL, NULL, OWNER },
	{ "K14", wants_another_certificate,
	    "the server wants a client certificate, and ours does not fit what it asks for: none was sent",
	    "client cert, ended by", "tls cert FILE KEY", NULL, NULL },
	{ "K9", refuses_certificate, "the server refuses our client certificate", "client cert, ended by",
	    "tls cert FILE KEY", NULL, NULL },
	{ "K8", wants_certificate_13, says_no_certificate, "client cert, ended by", "tls cert FILE KEY", NULL, NULL },
	{ "K7", wants_certificate, says_no_certificate, "client cert, ended by", "tls cert FILE KEY", NULL, NULL },
};

/* Those of the chain hold for refused chains only, and no other does then. */
const struct cause *
cause_at(size_t i)
{
	if (i < n_chain_causes)
		return &chain_causes[i];
	i -= n_chain_causes;
	return i < sizeof causes / sizeof *causes ? &causes[i] : NULL;
}

const struct cause *
cause_of(const struct connection *c)
{
	const struct tls_info *info = connection_tls(c);
	const struct cause *cause;

	if (info == NULL || c->failure.kind == ERROR_NONE)
		return NULL;
	for (size_t i = 0; (cause = cause_at(i)) != NULL; i++)
		if (cause->holds(c, info))
			return cause;
	return NULL;
}

const struct cause *
cause_find(const char *id)
{
	const struct cause *cause;

	for (size_t i = 0; (cause = cause_at(i)) != NULL; i++)
		if (strcmp(cause->id, id) == 0)
			return cause;
	return NULL;
}
