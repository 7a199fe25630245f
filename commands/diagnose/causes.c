/* The rows of causes that are neither of a refused chain (causes_chain.c) nor of a refused hello (causes_hello.c). */
#include <string.h>

#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/diagnose/private.h"

enum { PORT_HTTPS = 443 };

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

/* JSSE 17 in SSL 3.0: it looks for the length in front of the encrypted premaster when TLS was offered. */
static bool
framing_of_theirs(const struct connection *c, const struct tls_info *i)
{
	return refuses_premaster(i) && i->version == SSL_3_0 && facts_refused(c, i, ALERT_HANDSHAKE_FAILURE);
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
	return facts_refused(c, i, ALERT_CERTIFICATE_REQUIRED) ||
	    (facts_refused(c, i, i->alert) && i->version >= TLS_1_3 && i->certificate_requested &&
		!i->sent_certificate);
}

/* Ours does not fit what was asked for, so none was sent. */
static bool
wants_another_certificate(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, i->alert) && i->certificate_requested && !i->sent_certificate &&
	    i->unfit != TLS_FITS;
}

static bool
refuses_certificate(const struct connection *c, const struct tls_info *i)
{
	static const unsigned alerts[] = { ALERT_BAD_CERTIFICATE, ALERT_UNSUPPORTED_CERTIFICATE,
		ALERT_CERTIFICATE_REVOKED, ALERT_CERTIFICATE_EXPIRED, ALERT_CERTIFICATE_UNKNOWN, ALERT_UNKNOWN_CA,
		ALERT_ACCESS_DENIED };

	for (size_t k = 0; k < sizeof alerts / sizeof *alerts; k++)
		if (facts_refused(c, i, alerts[k]))
			return i->sent_certificate;
	return false;
}

static bool
wants_certificate(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, i->alert) && i->certificate_requested && !i->sent_certificate;
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

/* ---- the network ---- */
static bool
lost_on_the_way(const struct connection *c, const struct tls_info *i)
{
	struct tcp_facts tcp = connection_tcp(c);

	(void)i;
	return facts_timed_out(c) && tcp_facts_silence(&tcp) != NULL && tcp.unacknowledged > 0;
}

/* ---- K11: what is offered again ---- */
/* A session is offered under the settings that it was made under: they worked. What differs is the session. */
static bool
session_to_blame(const struct connection *c, const struct tls_info *i)
{
	enum error_kind kind = c->failure.kind;
	bool ours = i->alert_sent && (c->failure.code == TLS_UNSUPPORTED_VERSION || c->failure.code == TLS_DOWNGRADE);

	if (!i->offered.session_offered ||
	    (kind != ERROR_TLS && kind != ERROR_NETWORK && !(kind == ERROR_HTTP && i->transport_ended)))
		return false;
	if (facts_at_hello(i))
		return !(kind == ERROR_TLS && ours);
	return i->resumed && c->exchanges == 0 && !facts_refused(c, i, ALERT_CERTIFICATE_REQUIRED);
}

/* RFC 8446 appendix D.4: the id is random, and names no session. */
static bool
echoes_random_id(const struct connection *c, const struct tls_info *i)
{
	return facts_we_refused(c, TLS_RESUMPTION_MISMATCH) && facts_at_hello(i) && i->version < TLS_1_3 &&
	    i->offered.max_version >= TLS_1_3;
}

static bool
drops_random_id(const struct connection *c, const struct tls_info *i)
{
	return facts_we_refused(c, TLS_ILLEGAL_PARAMETER) && facts_at_hello(i) && i->version == TLS_1_3;
}

/* ---- the table ---- */
/* Sentences of several rows: the cure is what differs. */
static const char says_plain_http[] = "the server speaks plain HTTP on this port";
static const char says_no_certificate[] = "the server wants a client certificate";
static const char certificate_mend[] =
    "who runs the server gives certificates that it accepts: \"tls cert FILE KEY\" shows one";

const struct cause causes[] = {
	{ "K2", premaster_of_ours,
	    "the RSA premaster secret carried the negotiated version (tls premaster negotiated), and the server"
	    " rightly wants the offered one",
	    "offered, negotiated, ended by", "tls premaster offered", NULL, NULL },
	{ "K1", premaster_of_theirs,
	    "the server compares the version inside the RSA premaster secret with the negotiated version"
	    " instead of the offered one (the rollback bug); offering only what it speaks avoids it",
	    "offered, negotiated, ended by", "tls proto VERSION", NULL, NULL },
	{ "K3", framing_of_theirs,
	    "the server reads the key exchange of SSL 3.0 by the version that was offered, not by the chosen one;"
	    " offering only what it speaks avoids it",
	    "offered, negotiated, ended by", "tls proto VERSION", NULL, NULL },
	{ "A2", http_on_443, says_plain_http, "first bytes", NULL, NULL,
	    CAUSE_OWNER
	    ": TLS belongs on port 443 (a URL with http and this port is answered, for everybody on the way to "
	    "read and change)" },
	{ "A2", http_elsewhere, says_plain_http, "first bytes", "get URL", NULL, NULL },
	{ "A3", not_tls, "what came is no TLS: another protocol answers on this port", "first bytes", NULL, NULL,
	    "TLS may be spoken on another port; here " CAUSE_OWNER },
	{ "K10", hello_request_unsafe,
	    "the server asked for a renegotiation (HelloRequest), but does not know the safe one of"
	    " RFC 5746: it was declined",
	    "negotiated, failure", NULL, NULL, CAUSE_OWNER ": it needs the renegotiation of RFC 5746" },
	{ "K10", hello_request,
	    "the server asked for a renegotiation (HelloRequest), often to see a client certificate; it was"
	    " declined (tls renegotiation off)",
	    "failure", "tls renegotiation on", NULL, NULL },

	{ "A7", lost_on_the_way,
	    "our bytes do not arrive: they were sent again and never acknowledged; smaller segments may get through",
	    "ended by, tcp", "set max-segment 536", NULL, NULL },

	{ "K11", session_to_blame,
	    "the server does not get along with the session that was offered to it: the same settings worked without "
	    "one",
	    "offered, ended by", "tls resume off", "the session is forgotten: the same again works, too", NULL },
	{ "K11", echoes_random_id,
	    "the server takes the session id, which a hello with TLS 1.3 has for the sake of old middleboxes, for a "
	    "session, and resumes it",
	    "offered, negotiated, failure", "tls session-id-13 off", NULL, NULL },
	{ "B21", drops_random_id,
	    "the server does not send back the session id, which a hello with TLS 1.3 has for the sake of old "
	    "middleboxes",
	    "offered, negotiated, failure", "tls session-id-13 off", NULL, NULL },
	{ "K14", wants_another_certificate,
	    "the server wants a client certificate, and ours does not fit what it asks for: none was sent",
	    "client cert, ended by", NULL, NULL, certificate_mend },
	{ "K9", refuses_certificate, "the server refuses our client certificate", "client cert, ended by", NULL, NULL,
	    certificate_mend },
	{ "K8", wants_certificate_13, says_no_certificate, "client cert, ended by", NULL, NULL, certificate_mend },
	{ "K7", wants_certificate, says_no_certificate, "client cert, ended by", NULL, NULL, certificate_mend },
};
const size_t n_causes = sizeof causes / sizeof *causes;
