/* The server of the TLS fuzz targets, which knows the keys: who it is, and how it protects what it sends. */
#include "tests/fuzz/tls/flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/tls/message_hello.h"
#include "tests/fuzz/tls/fuzz_client.h"

struct server {
	struct tls *client;
	struct protect *keys;
	struct secret13 secret; /* of the keys, in TLS 1.3 */
	bool in_13, renegotiated;
	size_t data;
};

/* ---- who is who ---- */
static struct tls_credentials *
identity(const char *name)
{
	static struct tls_credentials *rsa, *p256;
	struct tls_credentials **place = strcmp(name, "rsa") == 0 ? &rsa : &p256;
	struct error error;
	char *cert, *key;

	if (*place != NULL)
		return *place;
	cert = str_printf("%s/tests/data/tls/%s.crt", SOURCE_DIR, name);
	key = str_printf("%s/tests/data/tls/%s.key", SOURCE_DIR, name);
	*place = tls_credentials_load(cert, key, &error);
	if (*place == NULL)
		abort();
	free(cert);
	free(key);
	return *place;
}

const struct x509_cert *
flight_certificate(const char *name)
{
	return identity(name)->chain[0];
}

static uint16_t
session_suite(unsigned version, bool other)
{
	if (version >= TLS_1_3)
		return other ? 0x1302 : 0x1301;
	if (version == TLS_1_2)
		return other ? 0xC02F : 0x009C;
	return other ? 0x0005 : 0x002F;
}

/* One that an earlier connection might have left. */
static void
offer_session(struct tls *t, unsigned settings, bool large)
{
	static uint8_t ticket[UINT16_MAX] = "a ticket of the server";
	struct tls_session s = {
		.version = t->config.max_version,
		.lifetime = 7200,
		.age_add = 12345,
		.secret_len = MASTER_SECRET,
	};
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	s.received_us = (int64_t)now.tv_sec * 1000000;
	s.suite = session_suite(s.version, settings & FLIGHT_SESSION_OTHER_SUITE);
	s.ems = settings & FLIGHT_SESSION_EMS;
	memcpy(s.sni, t->config.sni, sizeof s.sni);
	memset(s.secret, 7, sizeof s.secret);
	if (s.version >= TLS_1_3)
		s.secret_len = hash_size(suite_find(s.suite)->prf);
	if (s.version >= TLS_1_3 || (settings & FLIGHT_SESSION_TICKET) != 0) {
		s.ticket = ticket;
		s.ticket_len = large ? sizeof ticket : sizeof "a ticket of the server";
	} else {
		s.id_len = sizeof s.id;
		memset(s.id, 9, sizeof s.id);
	}
	tls_offer_session(t, &s);
}

static void
describe_event(void *context, const struct event *event)
{
	struct buf *out = context;

	if (event->kind != EVENT_TLS_MESSAGE)
		return;
	buf_clear(out);
	tls_describe(out, event);
}

static struct tls *
client_for(const uint8_t settings[FLIGHT_SETTINGS], const struct tls_hooks *hooks)
{
	struct tls_config c;
	struct tls *t;

	fuzz_config(&c, settings[0]);
	if ((settings[0] & (FLIGHT_RSA_CLIENT | FLIGHT_EC_CLIENT)) != 0)
		c.credentials = identity(settings[0] & FLIGHT_RSA_CLIENT ? "rsa" : "p256");
	c.resume = true;
	c.no_key_share = settings[1] & FLIGHT_NO_KEY_SHARE;
	c.grease = settings[1] & FLIGHT_GREASE;
	c.sslv2_hello = settings[1] & FLIGHT_SSLV2;
	c.no_extensions = settings[1] & FLIGHT_NO_EXTENSIONS;
	c.ems = settings[2] & FLIGHT_STRICT_EMS ? TLS_ON : TLS_AUTO;
	c.etm = settings[2] & FLIGHT_STRICT_ETM ? TLS_ON : TLS_AUTO;
	c.renegotiation_info = settings[2] & FLIGHT_STRICT_5746 ? TLS_ON : TLS_AUTO;
	c.tickets_off = settings[2] & FLIGHT_NO_TICKETS;
	c.min_dh_bits = settings[2] & FLIGHT_SMALL_DH ? 512 : 0;
	t = fuzz_engine(&c, hooks);
	if ((settings[1] & (FLIGHT_SESSION_ID | FLIGHT_SESSION_TICKET)) != 0)
		offer_session(t, settings[1], settings[2] & FLIGHT_LARGE_TICKET);
	return t;
}

/* ---- the server's keys ---- */
static struct protect_params
params(struct server *s)
{
	struct protect_params p = protect_params_for(s->client, true);

	p.sealing = true;
	return p;
}

/* The client's idea of the server's keys changed: follow. */
static void
follow_13(struct server *s)
{
	struct tls *t = s->client;
	struct protect_params p = params(s);
	const struct secret13 *now = t->connected ? &t->schedule.server_traffic : &t->schedule.server_handshake;

	if (t->version < TLS_1_3 || t->suite == NULL || (s->in_13 && bytes_equal(now, &s->secret, sizeof *now)))
		return;
	s->in_13 = true;
	s->secret = *now;
	protect_free(s->keys);
	s->keys = protect_from_secret(&p, str_from(now->bytes, t->schedule.size));
}

static void
follow_legacy(struct server *s)
{
	struct tls *t = s->client;
	struct protect_params p;

	if (t->hs == NULL || t->suite == NULL || t->version >= TLS_1_3)
		return;
	p = params(s);
	protect_free(s->keys);
	s->keys = protect_from_key_block(&p, false, t->hs->key_block);
}

static void
give_record(struct server *s, unsigned type, struct str data)
{
	static uint8_t record[RECORD_HEADER + PROTECT_FRONT_MAX + RECORD_MAX_PLAIN + PROTECT_BEHIND];
	unsigned version = s->client->version != 0 && s->client->version < TLS_1_3 ? s->client->version : TLS_1_2;
	size_t n = data.n < RECORD_MAX_PLAIN ? data.n : RECORD_MAX_PLAIN, total;

	if (n > 0)
		memcpy(record + RECORD_HEADER + protect_front(s->keys), data.p, n);
	if (protect_seal(s->keys, type, version, record, n, &total, NULL) == 0)
		s->data += fuzz_give(s->client, record, total);
	s->renegotiated |= s->client->hs != NULL && s->client->hs->renegotiation;
}

/* In TLS 1.3 it goes in the clear and means nothing. */
static void
give_ccs(struct server *s, struct str data)
{
	struct protect *keys = s->keys;

	if (s->in_13)
		s->keys = NULL;
	give_record(s, CONTENT_CHANGE_CIPHER_SPEC, data);
	s->keys = keys;
	follow_legacy(s);
}

static void
give_finished(struct server *s)
{
	struct tls *t = s->client;
	uint8_t message[MESSAGE_HEADER + HASH_MAX] = { FINISHED }, hash[HASH_MAX];
	size_t n;

	if (t->hs == NULL || t->suite == NULL)
		return;
	if (t->version >= TLS_1_3) {
		transcript_hash(&t->hs->transcript, t->suite->prf, hash);
		schedule13_finished(&t->schedule, &t->schedule.server_handshake, hash, message + MESSAGE_HEADER);
		n = t->schedule.size;
	} else {
		n = prf_finished(t->version, t->suite->prf, t->master, false, &t->hs->transcript,
		    message + MESSAGE_HEADER);
	}
	message[3] = (uint8_t)n;
	give_record(s, CONTENT_HANDSHAKE, str_from(message, MESSAGE_HEADER + n));
}

/* ---- messages that depend on the client's ---- */

/* renegotiation_info of the right size gets the right contents. */
static void
fill_renegotiation_info(const struct tls *t, struct buf *message)
{
	struct server_hello m;
	const struct extension *x;
	uint8_t *at;

	if (t->hs == NULL || !t->hs->renegotiation ||
	    !server_hello_decode(&m, str_slice(buf_str(message), MESSAGE_HEADER, message->len)))
		return;
	x = extension_find(&m.extensions, EXT_RENEGOTIATION_INFO);
	if (x == NULL || x->body.n != 1 + 2 * t->finished_len)
		return;
	at = message->data + (x->body.p - (const char *)message->data);
	*at = (uint8_t)(2 * t->finished_len);
	memcpy(at + 1, t->client_finished, t->finished_len);
	memcpy(at + 1 + t->finished_len, t->server_finished, t->finished_len);
}

static void
give_hello(struct server *s, struct str data)
{
	const struct tls *t = s->client;
	struct rd r = rd_str(data);
	struct buf message;
	struct str front;
	size_t at, id;

	buf_init(&message, RECORD_MAX_PLAIN);
	rd_bytes(&r, MESSAGE_HEADER);
	front = rd_bytes(&r, 2 + MESSAGE_RANDOM);
	rd_vec8(&r);
	if (!r.bad && t->hs != NULL) {
		at = message_open(&message, (unsigned char)data.p[0]);
		put_str(&message, front);
		id = put_open(&message, 1);
		put_str(&message, str_from(t->hs->session_id, t->hs->session_id_len));
		put_close(&message, id, 1);
		put_str(&message, rd_rest(&r));
		message_close(&message, at);
		fill_renegotiation_info(t, &message);
		data = buf_str(&message);
	}
	give_record(s, CONTENT_HANDSHAKE, data);
	buf_release(&message);
}

/* The digest that a signature over the contents is made of. */
static size_t
digest_for(struct tls *t, const struct x509_key *key, uint16_t scheme, struct str contents, uint8_t digest[HASH_MAX])
{
	enum x509_hash h = scheme_hash(key, scheme);
	const struct str parts[] = { str_from(t->hs->client_random, RANDOM_SIZE),
		str_from(t->hs->server_random, RANDOM_SIZE), contents };

	if (t->version >= TLS_1_3) {
		uint8_t hash[HASH_MAX], content[SCHEME_TLS13_CONTENT_MAX];
		size_t n = transcript_hash(&t->hs->transcript, t->suite->prf, hash);
		struct str part = str_from(content, scheme_tls13_content(true, str_from(hash, n), content));

		hash_parts(h, &part, 1, digest);
	} else {
		hash_parts(h, parts, 3, digest);
	}
	return hash_size(h);
}

/* ServerKeyExchange: parameters, then from TLS 1.2 on the scheme. CertificateVerify: the scheme. */
static void
give_signed(struct server *s, struct str data)
{
	struct tls *t = s->client;
	const struct tls_credentials *c;
	uint8_t digest[HASH_MAX], signature[CREDENTIALS_MAX_SIGNATURE];
	struct buf message;
	size_t at, n = 0, scheme_len;
	uint16_t scheme = 0;

	if (t->hs == NULL || t->suite == NULL || data.n < 3)
		return;
	c = identity(t->info.n_chain > 0 && t->info.chain[0]->key.type == X509_KEY_EC ? "p256" : "rsa");
	scheme_len = t->version >= TLS_1_2 ? 2 : 0;
	if (scheme_len > 0)
		scheme = (uint16_t)((unsigned char)data.p[data.n - 2] << 8 | (unsigned char)data.p[data.n - 1]);
	if (scheme == 0 || scheme_find(scheme) != NULL) {
		struct str contents = str_slice(data, 1, data.n - scheme_len);
		size_t digest_len = digest_for(t, c->key, scheme, contents, digest);

		if (credentials_sign(c, scheme, str_from(digest, digest_len), &t->random, signature, &n, NULL) != 0)
			n = 0;
	}
	buf_init(&message, RECORD_MAX_PLAIN);
	at = message_open(&message, (unsigned char)data.p[0]);
	put_str(&message, str_slice(data, 1, data.n));
	put_u16(&message, (unsigned)n);
	put_str(&message, str_from(signature, n));
	message_close(&message, at);
	give_record(s, CONTENT_HANDSHAKE, buf_str(&message));
	buf_release(&message);
}

/* ---- items ---- */
static void
give_item(struct server *s, enum flight_item kind, struct str data)
{
	switch (kind) {
	case ITEM_HANDSHAKE:
	case ITEM_PART:
		give_record(s, CONTENT_HANDSHAKE, data);
		break;
	case ITEM_FINISHED:
		give_finished(s);
		break;
	case ITEM_CCS:
		give_ccs(s, data);
		break;
	case ITEM_ALERT:
		give_record(s, CONTENT_ALERT, data);
		break;
	case ITEM_DATA:
		give_record(s, CONTENT_APPLICATION_DATA, data);
		break;
	case ITEM_RAW:
		s->data += fuzz_give(s->client, data.p, data.n);
		break;
	case ITEM_HELLO:
		give_hello(s, data);
		break;
	case ITEM_SIGNED:
		give_signed(s, data);
		break;
	case ITEM_KINDS:
		break;
	}
	follow_13(s);
}

static void
note_outcome(const struct server *s, struct flight_outcome *o)
{
	const struct tls_info *info = tls_info(s->client);

	o->connected = tls_connected(s->client) && !tls_busy(s->client) && !s->client->failed;
	o->resumed = info->resumed;
	o->retried = info->hello_retry;
	o->renegotiated = s->renegotiated && o->connected;
	o->sent_certificate = info->sent_certificate;
	o->closed = tls_peer_closed(s->client);
	o->version = info->version;
	o->suite = info->suite;
	o->data = s->data;
	snprintf(o->error, sizeof o->error, "%s", s->client->failed ? s->client->failure.text : "");
}

/* What must hold of any connection. */
static void
check(const struct tls *t)
{
	const struct tls_info *info = &t->info;

	if (t->failed && (t->failure.kind == ERROR_NONE || t->failure.text[0] == '\0'))
		abort();
	if (t->connected &&
	    (t->version < t->config.min_version || t->version > t->config.max_version || t->suite == NULL))
		abort();
	if (t->connected && t->config.ems == TLS_ON && t->version >= TLS_1_0 && t->version < TLS_1_3 && !info->ems)
		abort();
	if (t->connected && t->config.renegotiation_info == TLS_ON && t->version < TLS_1_3 &&
	    !info->secure_renegotiation)
		abort();
	if (t->failed && t->failure.code == TLS_TOO_LARGE && t->info.stage < TLS_STAGE_HELLO_SENT)
		abort(); /* no ticket keeps a hello from being sent */
	for (const char *p = t->failure.text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

static void
export_something(struct tls *t)
{
	struct str context = STR("context");
	uint8_t out[40];

	tls_export(t, STR("EXPORTER-fuzz"), &context, out, sizeof out, NULL);
	tls_export(t, STR("EXPORTER-fuzz"), NULL, out, sizeof out, NULL);
	tls_key_update(t, true, NULL);
}

void
flight_run(const uint8_t *input, size_t size, struct flight_outcome *outcome)
{
	struct rd r = rd_of(input, size);
	struct str settings = rd_bytes(&r, FLIGHT_SETTINGS);
	struct buf described;
	struct observer observer = { describe_event, &described };
	struct tls_hooks hooks = { .observer = &observer };
	struct server s = { .client = NULL };

	*outcome = (struct flight_outcome){ .data = 0 };
	if (r.bad)
		return;
	buf_init(&described, 1 << 20);
	s.client = client_for((const uint8_t *)settings.p, &hooks);
	tls_start(s.client, NULL);
	check(s.client);
	if (!s.client->failed)
		while (rd_left(&r) > 0) {
			enum flight_item kind = rd_u8(&r) % ITEM_KINDS;
			struct rd item = rd_vec16(&r);

			give_item(&s, kind, rd_rest(&item));
			check(s.client);
		}
	note_outcome(&s, outcome);
	if (tls_connected(s.client))
		export_something(s.client);
	fuzz_client_end(s.client);
	protect_free(s.keys);
	buf_release(&described);
}
