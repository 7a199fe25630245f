/* Messages after the handshake: NewSessionTicket, CertificateRequest and KeyUpdate (RFC 8446 section 4.6), HelloRequest
 * (RFC 5246). */
#include "net/tls/handshake.h"
#include "net/tls/message_finish.h"

static struct protect *
next_generation(struct tls *t, bool sealing, struct secret13 *secret)
{
	struct protect_params params = protect_params_for(t, sealing);

	schedule13_update(&t->schedule, secret);
	return protect_from_secret(&params, str_from(secret->bytes, t->schedule.size));
}

int
tls_key_update(struct tls *t, bool request_peer, struct error *error)
{
	struct key_update m = { request_peer ? UPDATE_REQUESTED : UPDATE_NOT_REQUESTED };
	struct buf body;
	int result;

	if (!t->connected || t->version < TLS_1_3 || t->close_sent)
		return refuse_with(t, error, TLS_INTERNAL, ALERT_NONE,
		    "keys can be updated on an open TLS 1.3 connection only");
	buf_init(&body, 1);
	key_update_encode(&body, &m);
	result = send_message(t, KEY_UPDATE, buf_str(&body), error);
	buf_release(&body);
	t->update_owed = false;
	if (result == 0)
		keys_for_writing(t, next_generation(t, true, &t->schedule.client_traffic),
		    "client application traffic");
	return result;
}

static int
key_update(struct tls *t, struct str body, struct error *error)
{
	struct key_update m;

	if (!key_update_decode(&m, body))
		return refuse(error, TLS_DECODE_ERROR, "server's KeyUpdate message is malformed");
	/* RFC 8446 section 4.6.3: if an implementation receives any other value, it MUST terminate the connection with
	 * an "illegal_parameter" alert. */
	if (m.request > UPDATE_REQUESTED)
		return refuse_with(t, error, TLS_DECODE_ERROR, ALERT_ILLEGAL_PARAMETER,
		    "server's KeyUpdate has the unknown request %u", m.request);
	if (++t->without_payload.key_updates > TLS_MAX_KEY_UPDATES)
		return refuse(error, TLS_TOO_MANY_KEY_UPDATES,
		    "server sent more than %d KeyUpdates without data between", TLS_MAX_KEY_UPDATES);
	return 0;
}

static int
after_key_update(struct tls *t, bool requested, struct error *error)
{
	if (keys_for_reading(t, next_generation(t, false, &t->schedule.server_traffic), "server application traffic",
		error) != 0)
		return -1;
	/* RFC 8446 section 4.6.3: the receiver MUST send a KeyUpdate of its own prior to its next application data
	 * record. So it goes out with that one, and answers all requests that came before. */
	t->update_owed |= requested;
	return 0;
}

static int
hello_request(struct tls *t, struct str body, struct error *error)
{
	if (body.n != 0)
		return refuse(error, TLS_DECODE_ERROR, "server's HelloRequest has %zu bytes", body.n);
	if (++t->without_payload.hello_requests > TLS_MAX_HELLO_REQUESTS)
		return refuse(error, TLS_NO_RENEGOTIATION, "server sent more than %d HelloRequests",
		    TLS_MAX_HELLO_REQUESTS);
	if (t->close_sent)
		return 0;
	if (t->config.renegotiation && t->info.secure_renegotiation) {
		handshake_begin(t, true);
		return 0;
	}
	t->info.renegotiation_declined = true;
	/* RFC 5246 section 7.4.1.1: the client may respond with a no_renegotiation alert. SSL 3.0 has no such alert. */
	if (t->version > SSL_3_0)
		tls_send_alert(t, ALERT_WARNING, ALERT_NO_RENEGOTIATION);
	return 0;
}

static int
new_session_ticket(struct tls *t, struct str body, struct error *error)
{
	struct new_session_ticket m;
	struct extension_values v;

	if (!new_session_ticket_decode(&m, body, true))
		return refuse(error, TLS_DECODE_ERROR, "server's NewSessionTicket message is malformed");
	if (extensions_parse(t, &m.extensions, IN_TICKET, &v, error) != 0)
		return -1;
	t->info.ticket = true;
	t->info.ticket_lifetime = m.lifetime;
	session_keep_ticket13(t, &m);
	return 0;
}

static int
certificate_request(struct tls *t, struct str whole, struct error *error)
{
	/* RFC 8446 section 4.6.2: a client that receives a post-handshake CertificateRequest message without having
	 * sent the "post_handshake_auth" extension MUST send an "unexpected_message" fatal alert. */
	if (t->to_finished == NULL)
		return refuse(error, TLS_UNEXPECTED_MESSAGE,
		    "server asked for a certificate after the handshake, which was not offered");
	if (++t->certificate_requests > TLS_MAX_CERTIFICATE_REQUESTS)
		return refuse(error, TLS_TOO_MANY_CERTIFICATE_REQUESTS,
		    "server asked for a certificate more than %d times", TLS_MAX_CERTIFICATE_REQUESTS);
	if (t->close_sent)
		return 0;
	handshake_begin_post_auth(t, whole);
	return certificate_request_13(t, str_slice(whole, MESSAGE_HEADER, whole.n), error);
}

int
post_handshake(struct tls *t, unsigned type, struct str whole, struct error *error)
{
	struct str body = str_slice(whole, MESSAGE_HEADER, whole.n);
	bool tls13 = t->version >= TLS_1_3;
	bool requested = body.n == 1 && body.p[0] == UPDATE_REQUESTED;
	int result;

	if (type == HELLO_REQUEST && !tls13)
		result = hello_request(t, body, error);
	else if (type == NEW_SESSION_TICKET && tls13)
		result = new_session_ticket(t, body, error);
	else if (type == CERTIFICATE_REQUEST && tls13)
		result = certificate_request(t, whole, error);
	else if (type == KEY_UPDATE && tls13)
		result = key_update(t, body, error);
	else
		result = refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent %s (type %u) after the handshake",
		    message_name(type), type);
	buf_drop(&t->messages, whole.n);
	return result == 0 && type == KEY_UPDATE ? after_key_update(t, requested, error) : result;
}
