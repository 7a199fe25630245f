/* A handshake's beginning and end, and its messages in both directions: framed, hashed, reported. */
#include "net/tls/handshake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CERT_LIST = 100 * 1024, MESSAGES_MAX = 1 << 20 };

static struct handshake *
handshake_new(const struct step *script)
{
	struct handshake *hs = mem_alloc(sizeof *hs);

	hs->step = script;
	buf_init(&hs->cookie, UINT16_MAX);
	buf_init(&hs->request_context, UINT8_MAX);
	buf_init(&hs->ticket, UINT16_MAX);
	buf_init(&hs->messages, MESSAGES_MAX);
	return hs;
}

void
handshake_begin(struct tls *t, bool renegotiation)
{
	t->hs = handshake_new(script_hello);
	t->hs->renegotiation = renegotiation;
	transcript_init(&t->hs->transcript, TRANSCRIPT_ALL);
}

/* RFC 8446 section 4.4.1: the handshake context is ClientHello ... client Finished + CertificateRequest, whatever came
 * between. */
void
handshake_begin_post_auth(struct tls *t, struct str whole)
{
	struct handshake *hs = handshake_new(script_post_auth);

	hs->post_auth = true;
	hs->transcript = *t->to_finished;
	transcript_add(&hs->transcript, whole.p, whole.n);
	memcpy(hs->client_random, t->client_random, RANDOM_SIZE);
	memcpy(hs->server_random, t->server_random, RANDOM_SIZE);
	t->hs = hs;
}

void
handshake_drop(struct tls *t)
{
	struct handshake *hs = t->hs;

	if (hs == NULL)
		return;
	for (size_t i = 0; i < hs->n_shares; i++)
		group_key_release(&hs->shares[i]);
	buf_release(&hs->cookie);
	buf_release(&hs->request_context);
	buf_release(&hs->ticket);
	buf_release(&hs->messages);
	mem_wipe(hs, sizeof *hs);
	free(hs);
	t->hs = NULL;
}

void
handshake_end(struct tls *t)
{
	char *text = str_printf("%s %s", tls_version_name(t->version), tls_suite_name(t->info.suite));
	bool handshake = !t->hs->post_auth;

	memcpy(t->client_random, t->hs->client_random, RANDOM_SIZE);
	memcpy(t->server_random, t->hs->server_random, RANDOM_SIZE);
	handshake_drop(t);
	t->connected = true;
	t->info.stage = TLS_STAGE_FINISHED;
	if (t->info.connected_us == 0)
		t->info.connected_us = now_us();
	if (handshake)
		event_report(t->hooks.observer, (struct event){ .kind = EVENT_TLS_DONE, .text = text });
	free(text);
}

void
note_message(struct tls *t, struct str message)
{
	transcript_add(&t->hs->transcript, message.p, message.n);
	if (credentials_sign_messages(t->config.credentials))
		put_str(&t->hs->messages, message);
}

int
send_message(struct tls *t, unsigned type, struct str body, struct error *error)
{
	struct buf message;
	size_t at;
	int result = 0;

	buf_init(&message, TLS_MAX_HANDSHAKE + MESSAGE_HEADER);
	at = message_open(&message, type);
	put_str(&message, body);
	message_close(&message, at);
	if (message.full)
		result = refuse(error, TLS_TOO_LARGE, "our %s message is too large", message_name(type));
	if (result == 0) {
		if (t->hs != NULL)
			note_message(t, buf_str(&message));
		report_message(t, true, CONTENT_HANDSHAKE, type, t->write_protected, buf_str(&message));
		result = record_write(&t->records, CONTENT_HANDSHAKE, message.data, message.len, error);
	}
	buf_wipe_release(&message);
	return result;
}

/* Too large by its header, so that it is not waited for. */
static int
refuse_size(struct tls *t, unsigned type, size_t n, size_t max, struct error *error)
{
	char size[24];

	t->alert = ALERT_ILLEGAL_PARAMETER;
	fail(error, ERROR_LIMIT, TLS_TOO_LARGE, "server's %s message has %zu bytes, more than %zu", message_name(type),
	    n, max);
	if (type != CERTIFICATE || n > TLS_MAX_HANDSHAKE)
		return -1;
	snprintf(size, sizeof size, "%zu", n);
	return hint(error, "tls max-cert-list %s", size);
}

int
message_peek(struct tls *t, unsigned *type, struct str *whole, struct error *error)
{
	struct rd r = rd_str(buf_str(&t->messages));
	size_t n, max = TLS_MAX_HANDSHAKE;

	*type = rd_u8(&r);
	n = rd_u24(&r);
	if (r.bad)
		return 0;
	if (*type == CERTIFICATE)
		max = t->config.max_cert_list > 0 ? t->config.max_cert_list : DEFAULT_CERT_LIST;
	if (n > max)
		return refuse_size(t, *type, n, max, error);
	if (rd_left(&r) < n)
		return 0;
	*whole = str_slice(buf_str(&t->messages), 0, MESSAGE_HEADER + n);
	return 1;
}
