/* What is told of a connection - messages, keys, the key log - and the change of keys. */
#include "net/tls/handshake.h"

void
report_message(struct tls *t, bool sent, unsigned content_type, unsigned type, bool encrypted, struct str data)
{
	struct tls_message_info detail = {
		.content_type = content_type,
		.version = t->version,
		.encrypted = encrypted,
		.suite = t->info.suite,
	};
	struct event event = {
		.kind = EVENT_TLS_MESSAGE,
		.sent = sent,
		.code = (int)(type & 0xff),
		.data = data,
		.detail = &detail,
	};

	event.text = content_type == CONTENT_ALERT ? tls_alert_name(type) : message_name(type);
	event_report(t->hooks.observer, event);
}

void
note_time(int64_t *at_us)
{
	if (*at_us == 0)
		*at_us = now_us();
}

static void
report_keys(struct tls *t, bool sent, const char *what)
{
	event_report(t->hooks.observer, (struct event){ .kind = EVENT_TLS_KEYS, .sent = sent, .text = what });
}

/* The format of NSS's key log files, which Wireshark reads. */
void
keylog_secret(struct tls *t, const char *label, const uint8_t client_random[RANDOM_SIZE], struct str secret)
{
	struct buf line;

	if (t->hooks.keylog == NULL)
		return;
	buf_init(&line, 512);
	buf_addf(&line, "%s ", label);
	buf_add_hex(&line, str_from(client_random, RANDOM_SIZE));
	buf_add_char(&line, ' ');
	buf_add_hex(&line, secret);
	t->hooks.keylog(t->hooks.context, (const char *)line.data);
	buf_wipe_release(&line);
}

struct protect_params
protect_params_for(struct tls *t, bool sealing)
{
	return (struct protect_params){ .crypto = &t->crypto,
		.suite = t->suite,
		.version = t->version,
		.sealing = sealing,
		.encrypt_then_mac = t->info.etm,
		.random = &t->random };
}

int
keys_for_reading(struct tls *t, struct protect *p, const char *what, struct error *error)
{
	/* RFC 8446 section 5.1: handshake messages MUST NOT span key changes. Implementations MUST verify that all
	 * messages immediately preceding a key change align with a record boundary; if not, then they MUST terminate
	 * the connection with an "unexpected_message" alert. */
	if (t->messages.len > 0) {
		protect_free(p);
		return refuse(error, TLS_EXCESS_DATA,
		    "server sent %zu bytes behind the last message before a key change", t->messages.len);
	}
	record_set_read(&t->records, p);
	t->read_protected = true;
	report_keys(t, false, what);
	return 0;
}

void
keys_for_writing(struct tls *t, struct protect *p, const char *what)
{
	record_set_write(&t->records, p);
	t->write_protected = true;
	report_keys(t, true, what);
}
