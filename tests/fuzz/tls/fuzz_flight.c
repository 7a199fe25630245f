/*
 * A server that knows the keys: whole flights, message by message, each protected as the client expects it at that
 * point, so that the fuzzer works on the messages and not against the encryption. The input is the client's settings
 * (one byte) and items: kind, 2 bytes of length, data.
 */
#include <stdlib.h>

#include "tests/fuzz/tls/fuzz_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum item {
	ITEM_HANDSHAKE,      /* a whole message, header included */
	ITEM_FINISHED,       /* the right one, made here; the data are ignored */
	ITEM_CCS,            /* up to TLS 1.2 the keys change with it */
	ITEM_ALERT,
	ITEM_DATA,
	ITEM_RAW,            /* bytes as they are */
	ITEM_PART,           /* part of a message: its record ends in the middle */
	ITEM_KINDS
};

struct server {
	struct tls *client;
	struct protect *keys;
	struct secret13 secret;      /* of the keys, in TLS 1.3 */
	bool in_13;
};

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
		fuzz_give(s->client, record, total);
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
		n = prf_finished(t->version, t->suite->prf, t->master, false, &t->hs->transcript, message + MESSAGE_HEADER);
	}
	message[3] = (uint8_t)n;
	give_record(s, CONTENT_HANDSHAKE, str_from(message, MESSAGE_HEADER + n));
}

static void
give_item(struct server *s, enum item kind, struct str data)
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
		fuzz_give(s->client, data.p, data.n);
		break;
	case ITEM_KINDS:
		break;
	}
	follow_13(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_of(data, size);
	struct server s = { .client = fuzz_client(rd_u8(&r)) };

	if (tls_start(s.client, NULL) == 0)
		while (rd_left(&r) > 0) {
			enum item kind = rd_u8(&r) % ITEM_KINDS;
			struct rd item = rd_vec16(&r);

			give_item(&s, kind, rd_rest(&item));
		}
	fuzz_client_end(s.client);
	protect_free(s.keys);
	return 0;
}
