/* The runner of the step scripts: whose turn it is, which row a message belongs to. */
#include "net/tls/handshake.h"
#include "net/tls/message_hello.h"

static bool
applies(const struct tls *t, const struct step *s)
{
	return s->when == NULL || s->when(t);
}

/* The next row that applies. */
static const struct step *
current(struct tls *t)
{
	while (t->hs->step->who != STEP_END && !applies(t, t->hs->step))
		t->hs->step++;
	return t->hs->step;
}

/* The row is done: on to the next one, or to the script its hook chose. */
static int
done(struct tls *t, const struct step *s, struct error *error)
{
	if (s->then != NULL && s->then(t, error) != 0)
		return -1;
	t->hs->step = t->hs->next_script != NULL ? t->hs->next_script : s + 1;
	t->hs->next_script = NULL;
	return 0;
}

static int
send_step(struct tls *t, const struct step *s, struct error *error)
{
	static const uint8_t one = 1;
	struct buf body;
	int result;

	/* The server must have waited for us: nothing may be half sent. HelloRequests may have come in a row. */
	if (s->type != CLIENT_HELLO && !t->hs->post_auth && t->messages.len > 0)
		return refuse(error, TLS_EXCESS_DATA, "server sent %zu bytes where our %s was to come", t->messages.len,
		    message_name(s->type));
	if (s->type == CHANGE_CIPHER_SPEC) {
		report_message(t, true, CONTENT_CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC, false, str_from(&one, 1));
		if (record_write(&t->records, CONTENT_CHANGE_CIPHER_SPEC, &one, 1, error) != 0)
			return -1;
		return done(t, s, error);
	}
	if (s->type == CLIENT_HELLO)
		return client_hello_send(t, error) != 0 ? -1 : done(t, s, error);
	buf_init(&body, TLS_MAX_HANDSHAKE);
	result = s->build(t, &body, error);
	if (result == 0 && body.full)
		result = refuse(error, TLS_TOO_LARGE, "our %s message is too large", message_name(s->type));
	if (result == 0)
		result = send_message(t, s->type, buf_str(&body), error);
	buf_wipe_release(&body);
	return result != 0 ? -1 : done(t, s, error);
}

/* What a person is told that we wait for: the next message that must come, not one that may. */
static const char *
awaited(const struct tls *t, const struct step *s)
{
	const struct step *must = s;

	while (must->who == OURSELVES || !applies(t, must) || (must->who == FROM_SERVER && must->need == MAY))
		must++;
	return message_name(must->who == FROM_SERVER ? must->type : s->type);
}

static int
unexpected(struct tls *t, unsigned type, const struct step *s, struct error *error)
{
	t->info.expected = message_name(s->type);
	return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent %s (type %u) where %s was expected",
	    message_name(type), type & 0xff, message_name(s->type));
}

/* The row of the message: rows that MAY come are passed over. NULL when it is not its turn. */
static const struct step *
row_for(struct tls *t, unsigned type)
{
	const struct step *s = current(t);

	while (s->who == FROM_SERVER && s->type != type && s->need == MAY) {
		t->hs->step++;
		s = current(t);
	}
	return s;
}

static int
take_message(struct tls *t, struct str whole, struct error *error)
{
	const struct step *s = t->hs->step;
	struct str body = str_slice(whole, MESSAGE_HEADER, whole.n);

	t->info.expected = NULL;
	if (s->handle(t, body, error) != 0)
		return -1;
	note_message(t, whole);
	/* The hook may change keys: what is then left over of this flight is excess data. */
	buf_drop(&t->messages, whole.n);
	return done(t, s, error);
}

/* RFC 8446 section 4.1.4: a HelloRetryRequest looks like a ServerHello with a fixed random. */
static unsigned
type_in_script(const struct tls *t, unsigned type, struct str whole)
{
	if (type == SERVER_HELLO && t->hs->step->who == FROM_SERVER && t->info.offered.max_version >= TLS_1_3 &&
	    server_hello_is_retry(str_slice(whole, MESSAGE_HEADER, whole.n)))
		return HELLO_RETRY_REQUEST;
	return type;
}

/* RFC 5246 section 7.4.1.1: HelloRequest will be ignored by the client if the client is currently negotiating a
 * session, and MUST NOT be included in the message hashes. */
static bool
is_ignored_hello_request(struct tls *t, unsigned type, struct str whole)
{
	return type == HELLO_REQUEST && whole.n == MESSAGE_HEADER && t->version <= TLS_1_2 &&
	    ++t->without_payload.hello_requests <= TLS_MAX_HELLO_REQUESTS;
}

/* 1: a message was handled, 0: the server must send more. */
static int
receive_step(struct tls *t, struct error *error)
{
	const struct step *s;
	unsigned type;
	struct str whole;
	int got = message_peek(t, &type, &whole, error);

	if (got <= 0)
		return got;
	report_message(t, false, CONTENT_HANDSHAKE, type_in_script(t, type, whole), t->read_protected, whole);
	if (is_ignored_hello_request(t, type, whole)) {
		buf_drop(&t->messages, whole.n);
		return 1;
	}
	type = type_in_script(t, type, whole);
	while ((s = row_for(t, type))->who == OURSELVES)
		if (done(t, s, error) != 0)
			return -1;
	if (s->who != FROM_SERVER || s->type != type)
		return unexpected(t, type, s, error);
	return take_message(t, whole, error) != 0 ? -1 : 1;
}

int
steps_run(struct tls *t, struct error *error)
{
	while (t->hs != NULL) {
		const struct step *s = current(t);
		int result = 0;

		switch (s->who) {
		case OURSELVES:
			result = done(t, s, error);
			break;
		case FROM_CLIENT:
			result = send_step(t, s, error);
			break;
		case FROM_SERVER:
			t->info.expected = awaited(t, s);
			result = receive_step(t, error);
			if (result <= 0)
				return result;
			break;
		case STEP_END:
			t->info.expected = NULL;
			handshake_end(t);
			return 0;
		}
		if (result < 0)
			return -1;
	}
	return 0;
}

int
steps_change_cipher_spec(struct tls *t, struct error *error)
{
	const struct step *s;

	while ((s = row_for(t, CHANGE_CIPHER_SPEC))->who == OURSELVES)
		if (done(t, s, error) != 0)
			return -1;
	if (s->who != FROM_SERVER || s->type != CHANGE_CIPHER_SPEC)
		return unexpected(t, CHANGE_CIPHER_SPEC, s, error);
	return done(t, s, error);
}
