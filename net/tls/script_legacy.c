/* SSL 3.0 (RFC 6101 section 5.5) to TLS 1.2 (RFC 5246 section 7.3), after ServerHello: full and resumed. */
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_key_exchange.h"

enum { DEFAULT_MIN_DH_BITS = 1024 };

/* ---- conditions ---- */
static bool
status_expected(const struct tls *t)
{
	return t->hs->status_expected;
}

static bool
ephemeral(const struct tls *t)
{
	return t->suite->kx != KX_RSA;
}

static bool
sends_certificate(const struct tls *t)
{
	return t->hs->requested && (t->version > SSL_3_0 || t->hs->have_credentials);
}

/* RFC 6101 section 5.6.6: if no suitable certificate is available, the client should send a no_certificate alert
 * instead. */
static bool
says_no_certificate(const struct tls *t)
{
	return t->hs->requested && t->version == SSL_3_0 && !t->hs->have_credentials;
}

static bool
sends_verify(const struct tls *t)
{
	return t->hs->requested && t->hs->have_credentials;
}

static bool
ticket_expected(const struct tls *t)
{
	return t->hs->ticket_expected;
}

/* ---- the server's flight ---- */
static int
certificate_status(struct tls *t, struct str body, struct error *error)
{
	struct certificate_status m;

	if (!certificate_status_decode(&m, body))
		return refuse(error, TLS_DECODE_ERROR, "server's CertificateStatus message is malformed");
	if (m.type != STATUS_TYPE_OCSP)
		return refuse(error, TLS_DECODE_ERROR, "server's CertificateStatus has the unknown type %u", m.type);
	note_ocsp(t, m.response);
	return 0;
}

static int
check_signature(struct tls *t, const struct server_key_exchange *m, struct error *error)
{
	const struct str parts[] = { str_from(t->hs->client_random, RANDOM_SIZE),
		str_from(t->hs->server_random, RANDOM_SIZE), m->params };

	/* RFC 5246 section 7.4.3: the signature algorithm and hash algorithm MUST be a pair offered in the
	 * "signature_algorithms" extension. */
	if (t->version == TLS_1_2 && !scheme_offered(t, m->scheme))
		return refuse_scheme(t, m->scheme, error);
	t->info.scheme = m->scheme;
	return scheme_verify(server_key(t), t->version, m->scheme, parts, 3, m->signature, error);
}

static int
agree_ecdhe(struct tls *t, const struct server_key_exchange *m, struct error *error)
{
	struct handshake *hs = t->hs;
	struct group_key key;
	int result;

	t->info.group = m->group;
	if (group_keygen(&key, m->group, &t->random, error) != 0)
		return -1;
	result = group_shared(&key, m->point, hs->premaster, &hs->premaster_len, error);
	memcpy(hs->public_value, key.public_key, key.public_len);
	hs->public_len = key.public_len;
	group_key_release(&key);
	return result;
}

static int
agree_dhe(struct tls *t, const struct server_key_exchange *m, struct error *error)
{
	const struct dhe_server server = { m->p, m->g, m->ys };
	unsigned min_bits = t->config.min_dh_bits > 0 ? t->config.min_dh_bits : DEFAULT_MIN_DH_BITS;
	struct handshake *hs = t->hs;
	struct dhe_result ours = { .bits = 0 };
	int result = dhe_agree(&t->random, &server, min_bits, &ours, error);

	t->info.dh_bits = ours.bits;
	if (result == 0) {
		memcpy(hs->public_value, ours.public_key, ours.public_len);
		hs->public_len = ours.public_len;
		memcpy(hs->premaster, ours.secret, ours.secret_len);
		hs->premaster_len = ours.secret_len;
	}
	dhe_result_release(&ours);
	return result;
}

/* RFC 8422 section 5.4: ECCurveType; curves of the server's own were never offered. */
static int
refuse_curve_type(struct tls *t, unsigned type, struct error *error)
{
	const char *name = type == CURVE_TYPE_EXPLICIT_PRIME ? "an explicit_prime" :
	    type == CURVE_TYPE_EXPLICIT_CHAR2                ? "an explicit_char2" :
							       "an unknown kind of";

	refuse(error, TLS_WRONG_GROUP, "server sent %s curve of its own, which was not offered", name);
	return add_offered(error, t->info.offered.groups, t->info.offered.n_groups, tls_group_name);
}

static int
server_key_exchange(struct tls *t, struct str body, struct error *error)
{
	bool ecdhe = t->suite->kx == KX_ECDHE;
	struct server_key_exchange m;

	if (!server_key_exchange_decode(&m, body, ecdhe, t->version)) {
		if (ecdhe && m.curve_type != CURVE_TYPE_NAMED && body.n > 0)
			return refuse_curve_type(t, m.curve_type, error);
		return refuse(error, TLS_DECODE_ERROR, "server's ServerKeyExchange message is malformed");
	}
	/* RFC 8422 section 5.4: a client that receives a curve it did not offer MUST abort. */
	if (ecdhe && !group_offered(t, m.group))
		return refuse_group(t, m.group, "server chose the group", error);
	if (ecdhe && group_supported(m.group) && !group_fits(m.group, t->version))
		return refuse(error, TLS_WRONG_GROUP, "server chose the group %s, which is not for %s",
		    tls_group_name(m.group), tls_version_name(t->version));
	if (check_signature(t, &m, error) != 0)
		return -1;
	return ecdhe ? agree_ecdhe(t, &m, error) : agree_dhe(t, &m, error);
}

static int
server_hello_done(struct tls *t, struct str body, struct error *error)
{
	if (body.n != 0)
		return refuse(error, TLS_DECODE_ERROR, "server's ServerHelloDone has %zu bytes", body.n);
	t->info.stage = TLS_STAGE_SERVER_DONE;
	note_time(&t->info.server_flight_us);
	return 0;
}

/* ---- our flight ---- */
static int
say_no_certificate(struct tls *t, struct error *error)
{
	(void)error;
	tls_send_alert(t, ALERT_WARNING, ALERT_NO_CERTIFICATE);
	return 0;
}

static unsigned
premaster_version(const struct tls *t)
{
	/* RFC 5246 section 7.4.7.1: client_version is the version offered in the ClientHello, not the one
	 * negotiated. */
	if (t->config.premaster_negotiated)
		return t->version;
	return t->info.offered.max_version < TLS_1_2 ? t->info.offered.max_version : TLS_1_2;
}

/* Encrypted, so that nobody else can tell. */
static void
report_premaster(struct tls *t)
{
	char *text = str_printf("RSA premaster secret with the version %s, the %s one",
	    tls_version_name(premaster_version(t)), t->config.premaster_negotiated ? "negotiated" : "offered");

	event_report(t->hooks.observer, (struct event){ .kind = EVENT_NOTE, .text = text });
	free(text);
}

static int
build_client_key_exchange(struct tls *t, struct buf *body, struct error *error)
{
	struct handshake *hs = t->hs;
	struct client_key_exchange m = { .form = t->suite->kx == KX_ECDHE ? CLIENT_KEY_ECDHE : CLIENT_KEY_DHE };

	if (t->suite->kx == KX_RSA) {
		m.form = CLIENT_KEY_RSA;
		rsa_premaster(&t->random, premaster_version(t), hs->premaster);
		report_premaster(t);
		hs->premaster_len = RSA_PREMASTER;
		if (rsa_encrypt(&t->random, server_key(t), hs->premaster, hs->public_value, &hs->public_len, error) !=
		    0)
			return -1;
	}
	m.value = str_from(hs->public_value, hs->public_len);
	client_key_exchange_encode(body, &m, t->version);
	return 0;
}

static void
expand_keys(struct tls *t)
{
	struct handshake *hs = t->hs;

	prf_key_block(t->version, t->suite->prf, t->master, hs->client_random, hs->server_random, hs->key_block,
	    suite_key_block(t->suite, t->version));
	keylog_secret(t, "CLIENT_RANDOM", hs->client_random, str_from(t->master, sizeof t->master));
}

static int
derive_master(struct tls *t, struct error *error)
{
	struct handshake *hs = t->hs;
	struct str premaster = str_from(hs->premaster, hs->premaster_len);

	(void)error;
	if (t->info.ems)
		prf_extended_master_secret(t->version, t->suite->prf, premaster, &hs->transcript, t->master);
	else
		prf_master_secret(t->version, t->suite->prf, premaster, hs->client_random, hs->server_random,
		    t->master);
	mem_wipe(hs->premaster, sizeof hs->premaster);
	expand_keys(t);
	return 0;
}

static int
restore_master(struct tls *t, struct error *error)
{
	(void)error;
	memcpy(t->master, t->hs->session->secret, sizeof t->master);
	t->info.group = t->hs->session->group;
	t->info.scheme = t->hs->session->scheme;
	expand_keys(t);
	return 0;
}

static int
write_keys(struct tls *t, struct error *error)
{
	struct protect_params params = protect_params_for(t, true);

	(void)error;
	keys_for_writing(t, protect_from_key_block(&params, true, t->hs->key_block), "client application traffic");
	return 0;
}

static int
read_keys(struct tls *t, struct error *error)
{
	struct protect_params params = protect_params_for(t, false);

	return keys_for_reading(t, protect_from_key_block(&params, false, t->hs->key_block),
	    "server application traffic", error);
}

static int
build_finished(struct tls *t, struct buf *body, struct error *error)
{
	struct finished m;

	(void)error;
	t->finished_len =
	    prf_finished(t->version, t->suite->prf, t->master, true, &t->hs->transcript, t->client_finished);
	m.verify_data = str_from(t->client_finished, t->finished_len);
	finished_encode(body, &m);
	return 0;
}

static int
flight_sent(struct tls *t, struct error *error)
{
	(void)error;
	t->info.stage = TLS_STAGE_FLIGHT_SENT;
	note_time(&t->info.flight_sent_us);
	return 0;
}

/* ---- the end ---- */
static int
new_session_ticket(struct tls *t, struct str body, struct error *error)
{
	struct new_session_ticket m;

	if (!new_session_ticket_decode(&m, body, false))
		return refuse(error, TLS_DECODE_ERROR, "server's NewSessionTicket message is malformed");
	buf_clear(&t->hs->ticket);
	buf_add_str(&t->hs->ticket, m.ticket);
	t->hs->ticket_lifetime = m.lifetime;
	t->info.ticket = m.ticket.n > 0;
	t->info.ticket_lifetime = m.lifetime;
	return 0;
}

static int
server_finished(struct tls *t, struct str body, struct error *error)
{
	size_t n = prf_finished(t->version, t->suite->prf, t->master, false, &t->hs->transcript, t->server_finished);
	struct finished m;

	note_time(&t->info.server_flight_us);
	/* RFC 5246 section 7.4.9: recipients of Finished messages MUST verify that the contents are correct. */
	if (!finished_decode(&m, body) || m.verify_data.n != n || !bytes_equal(m.verify_data.p, t->server_finished, n))
		return refuse(error, TLS_DIGEST_CHECK_FAILED,
		    "server's Finished does not match the handshake as we saw it");
	return 0;
}

static int
keep_session(struct tls *t, struct error *error)
{
	(void)error;
	note_time(&t->info.flight_sent_us);
	session_keep_legacy(t);
	return 0;
}

const struct step script_legacy_full[] = { RECEIVES(MUST, CERTIFICATE, NULL, server_certificate, NULL),
	RECEIVES(MAY, CERTIFICATE_STATUS, status_expected, certificate_status, NULL), DOES(NULL, judge_chain),
	RECEIVES(MUST, SERVER_KEY_EXCHANGE, ephemeral, server_key_exchange, NULL),
	RECEIVES(MAY, CERTIFICATE_REQUEST, NULL, certificate_request_legacy, NULL),
	RECEIVES(MUST, SERVER_HELLO_DONE, NULL, server_hello_done, NULL), DOES(says_no_certificate, say_no_certificate),
	SENDS(CERTIFICATE, sends_certificate, build_certificate, NULL),
	SENDS(CLIENT_KEY_EXCHANGE, NULL, build_client_key_exchange, derive_master),
	SENDS(CERTIFICATE_VERIFY, sends_verify, build_certificate_verify, NULL),
	SENDS(CHANGE_CIPHER_SPEC, NULL, NULL, write_keys), SENDS(FINISHED, NULL, build_finished, flight_sent),
	RECEIVES(MUST, NEW_SESSION_TICKET, ticket_expected, new_session_ticket, NULL),
	RECEIVES(MUST, CHANGE_CIPHER_SPEC, NULL, NULL, read_keys),
	RECEIVES(MUST, FINISHED, NULL, server_finished, keep_session), ENDS };

const struct step script_legacy_resumed[] = { DOES(NULL, restore_master),
	RECEIVES(MUST, NEW_SESSION_TICKET, ticket_expected, new_session_ticket, NULL),
	RECEIVES(MUST, CHANGE_CIPHER_SPEC, NULL, NULL, read_keys),
	RECEIVES(MUST, FINISHED, NULL, server_finished, NULL), SENDS(CHANGE_CIPHER_SPEC, NULL, NULL, write_keys),
	SENDS(FINISHED, NULL, build_finished, keep_session), ENDS };
