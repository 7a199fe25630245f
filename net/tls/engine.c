/* Bytes in and out: the loop over records, what each kind of record does, and failure. */
#include "net/tls/handshake.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGES_MAX = TLS_MAX_HANDSHAKE + MESSAGE_HEADER + RECORD_MAX_PLAIN };

/* ---- life ---- */
struct tls *
tls_new(const struct tls_config *config, const struct tls_hooks *hooks)
{
	struct tls *t = mem_alloc(sizeof *t);

	t->config = *config;
	tls_credentials_hold(t->config.credentials);
	if (hooks != NULL)
		t->hooks = *hooks;
	t->alert = ALERT_NONE;
	crypto_init(&t->crypto);
	t->random_state = random_init(&t->random, &t->failure);
	record_init(&t->records);
	t->records.observer = t->hooks.observer;
	t->records.split = !config->no_record_split;
	if (config->max_record > 0 && config->max_record < RECORD_MAX_PLAIN)
		t->records.max_fragment = config->max_record;
	buf_init(&t->messages, MESSAGES_MAX);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	handshake_drop(t);
	info_release(&t->info);
	record_release(&t->records);
	random_release(&t->random);
	schedule13_release(&t->schedule);
	free(t->to_finished);
	buf_wipe_release(&t->messages);
	tls_session_free(t->offered);
	tls_session_free(t->fresh);
	tls_credentials_drop(t->config.credentials);
	mem_wipe(t, sizeof *t);
	free(t);
}

/* ---- messages ---- */
/* Everything that is whole: the handshake's messages, then those after it. */
static int
run_messages(struct tls *t, struct error *error)
{
	for (;;) {
		unsigned type;
		struct str whole;
		int got;

		if (t->hs != NULL && steps_run(t, error) != 0)
			return -1;
		if (t->hs != NULL)
			return 0;
		got = message_peek(t, &type, &whole, error);
		if (got <= 0)
			return got;
		report_message(t, false, CONTENT_HANDSHAKE, type, t->read_protected, whole);
		if (post_handshake(t, type, whole, error) != 0)
			return -1;
	}
}

/* ---- records ---- */
/* RFC 8446 section 5: an implementation may receive an unencrypted record of type change_cipher_spec consisting of
 * the single byte value 0x01 at any time after the first ClientHello and before the peer's Finished and MUST simply
 * drop it. If it receives any other change_cipher_spec value or a protected one, it MUST abort with an
 * "unexpected_message" alert. */
static int
drop_change_cipher_spec(struct tls *t, const struct record *r, struct error *error)
{
	if (r->encrypted || t->hs == NULL || r->payload.n != 1 || r->payload.p[0] != 1)
		return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent a ChangeCipherSpec where TLS 1.3 forbids it");
	if (++t->ignored_ccs > TLS_MAX_EMPTY_RECORDS)
		return refuse(error, TLS_TOO_MANY_EMPTY_RECORDS, "server sent more than %d ChangeCipherSpec records",
		    TLS_MAX_EMPTY_RECORDS);
	return 0;
}

static int
change_cipher_spec_received(struct tls *t, const struct record *r, struct error *error)
{
	report_message(t, false, CONTENT_CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC, r->encrypted, r->payload);
	/* Before ServerHello the version is not known yet: an older one refuses then what was dropped. */
	if (t->version >= TLS_1_3 || (t->version == 0 && offers_13(t)))
		return drop_change_cipher_spec(t, r, error);
	if (r->payload.n != 1 || r->payload.p[0] != 1)
		return refuse(error, TLS_ILLEGAL_PARAMETER, "server sent a malformed ChangeCipherSpec");
	if (t->hs == NULL || t->messages.len > 0)
		return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent a ChangeCipherSpec %s",
		    t->hs == NULL ? "outside a handshake" : "within a message");
	return steps_change_cipher_spec(t, error) != 0 ? -1 : run_messages(t, error);
}

static int
handshake_received(struct tls *t, const struct record *r, struct error *error)
{
	if (r->payload.n == 0 && t->version >= TLS_1_3)
		return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent an empty handshake record");
	if (buf_add_str(&t->messages, r->payload) != 0)
		return refuse(error, TLS_TOO_LARGE, "server sent more than %d bytes of handshake messages",
		    MESSAGES_MAX);
	return run_messages(t, error);
}

static int
data_received(struct tls *t, struct error *error)
{
	if (!t->connected)
		return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent application data during the handshake");
	/* RFC 8446 section 5.1: handshake messages MUST NOT be interleaved with other record types. */
	if (t->messages.len > 0)
		return refuse(error, TLS_EXCESS_DATA, "server sent application data within a handshake message");
	return 0;
}

/* Whoever sends what is no payload keeps us busy; so it has a bound, which only payload moves. */
static int
count_payload(struct tls *t, const struct record *r, struct error *error)
{
	if (!t->connected)
		return 0;
	if (r->type == CONTENT_APPLICATION_DATA && r->payload.n > 0) {
		memset(&t->without_payload, 0, sizeof t->without_payload);
		return 0;
	}
	t->without_payload.bytes += r->size;
	if (t->without_payload.bytes <= TLS_MAX_WITHOUT_PAYLOAD)
		return 0;
	return refuse(error, TLS_TOO_MUCH_WITHOUT_PAYLOAD, "server sent more than %d bytes without data in them",
	    TLS_MAX_WITHOUT_PAYLOAD);
}

static int
dispatch(struct tls *t, const struct record *r, struct error *error)
{
	if (count_payload(t, r, error) != 0)
		return -1;
	switch (r->type) {
	case CONTENT_HANDSHAKE:
		return handshake_received(t, r, error);
	case CONTENT_CHANGE_CIPHER_SPEC:
		return change_cipher_spec_received(t, r, error);
	case CONTENT_ALERT:
		return alert_received(t, r->payload, r->encrypted, error);
	case CONTENT_APPLICATION_DATA:
		return data_received(t, error);
	default:
		return refuse(error, TLS_UNEXPECTED_MESSAGE, "server sent a record of the unknown type %u", r->type);
	}
}

static int
end_of_input(struct tls *t, struct error *error)
{
	if (!t->input_ended || t->peer_closed || record_data(&t->records).n > 0)
		return 0;
	t->info.transport_ended = true;
	if (record_rest(&t->records, error) != 0)
		return -1;
	if (t->connected)
		return refuse(error, TLS_TRUNCATED, "the connection ended without close_notify");
	return refuse(error, TLS_TRUNCATED, "server closed the connection where %s was expected",
	    t->info.expected != NULL ? t->info.expected : "more");
}

static int
process(struct tls *t, struct error *error)
{
	struct record record;
	int got;

	while (!t->peer_closed && (got = record_next(&t->records, &record, error)) != 0) {
		if (got < 0 || dispatch(t, &record, error) != 0)
			return -1;
	}
	return end_of_input(t, error);
}

static void
info_sync(struct tls *t)
{
	t->info.bytes_in = t->records.bytes_in;
	t->info.bytes_out = t->records.bytes_out;
	t->info.records_in = t->records.records_in;
	t->info.records_out = t->records.records_out;
	t->info.n_first_bytes = t->records.n_first_bytes;
	memcpy(t->info.first_bytes, t->records.first_bytes, sizeof t->info.first_bytes);
}

/* Ends the connection when something failed: the alert goes out, and the same error is told from then on. */
static int
settle(struct tls *t, int result, struct error *error)
{
	if (result != 0 && !t->failed) {
		t->failed = true;
		alert_for_failure(t, &t->failure);
	}
	info_sync(t);
	if (!t->failed)
		return 0;
	if (error != NULL)
		*error = t->failure;
	return -1;
}

/* ---- the interface ---- */
int
tls_start(struct tls *t, struct error *error)
{
	if (t->random_state != 0)
		return settle(t, -1, error);
	handshake_begin(t, false);
	return settle(t, steps_run(t, &t->failure), error);
}

int
tls_process(struct tls *t, struct error *error)
{
	return settle(t, t->failed ? -1 : process(t, &t->failure), error);
}

uint8_t *
tls_input_room(struct tls *t, size_t *n)
{
	return record_room(&t->records, n);
}

void
tls_input_added(struct tls *t, size_t n)
{
	if (n > 0 && t->info.first_byte_us == 0)
		t->info.first_byte_us = now_us();
	record_added(&t->records, n);
}

void
tls_input_end(struct tls *t)
{
	t->input_ended = true;
}

struct str
tls_output(struct tls *t)
{
	return record_output(&t->records);
}

void
tls_output_sent(struct tls *t, size_t n)
{
	if (t->info.hello_sent_us == 0)
		t->info.hello_sent_us = now_us();
	record_sent(&t->records, n);
	info_sync(t);
}

bool
tls_connected(const struct tls *t)
{
	return t->connected;
}

bool
tls_busy(const struct tls *t)
{
	return t->hs != NULL && !t->failed;
}

bool
tls_peer_closed(const struct tls *t)
{
	return t->peer_closed;
}

struct str
tls_app_data(struct tls *t)
{
	return record_data(&t->records);
}

void
tls_app_consume(struct tls *t, size_t n)
{
	record_consume(&t->records, n);
}

static int
app_write(struct tls *t, const void *p, size_t n, struct error *error)
{
	if (!t->connected || t->hs != NULL || t->close_sent)
		return refuse_with(t, error, TLS_INTERNAL, ALERT_NONE, "application data cannot be sent %s",
		    t->close_sent ? "after close_notify" : "during a handshake");
	if (t->version >= TLS_1_3 && (t->update_owed || protect_worn(t->records.write)) &&
	    tls_key_update(t, false, error) != 0)
		return -1;
	return record_write(&t->records, CONTENT_APPLICATION_DATA, p, n, error);
}

int
tls_app_write(struct tls *t, const void *p, size_t n, struct error *error)
{
	struct error local;

	if (t->failed)
		return settle(t, -1, error);
	/* What the caller did wrong, or too much at once, does not end the connection. */
	error_clear(&local);
	if (app_write(t, p, n, &local) == 0) {
		info_sync(t);
		return 0;
	}
	if (error != NULL)
		*error = local;
	return -1;
}

const struct tls_info *
tls_info(const struct tls *t)
{
	return &t->info;
}
