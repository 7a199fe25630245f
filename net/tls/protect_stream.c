/* Records under RC4 with a MAC. */
#include "net/tls/protect_class.h"

#include <string.h>

/*
 * RC4 (RFC 6229 has its vectors) or no encryption at all, with a MAC behind the plaintext:
 * RFC 5246 section 6.2.3.1, RFC 6101 section 5.2.3.1.
 */
struct stream_protect {
	struct protect base;
	struct record_mac mac;
	uint8_t s[256], i, j;
};

static void
rc4_init(struct stream_protect *c, struct str key)
{
	uint8_t j = 0;

	for (unsigned i = 0; i < 256; i++)
		c->s[i] = (uint8_t)i;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t old = c->s[i];

		j = (uint8_t)(j + old + (uint8_t)key.p[i % key.n]);
		c->s[i] = c->s[j];
		c->s[j] = old;
	}
	c->i = c->j = 0;
}

static void
rc4_run(struct stream_protect *c, uint8_t *p, size_t n)
{
	uint8_t i = c->i, j = c->j, *s = c->s;

	while (n-- > 0) {
		uint8_t a = s[++i], b;

		j = (uint8_t)(j + a);
		b = s[j];
		s[i] = b;
		s[j] = a;
		*p++ ^= s[(uint8_t)(a + b)];
	}
	c->i = i;
	c->j = j;
}

static void
encrypt(struct stream_protect *c, uint8_t *p, size_t n)
{
	if (c->base.suite->cipher == CIPHER_RC4_128)
		rc4_run(c, p, n);
}

static void
init(struct protect *p, const struct protect_params *params)
{
	struct stream_protect *c = (struct stream_protect *)p;

	record_mac_init(&c->mac, p->version, p->suite->mac, params->mac_key);
	if (p->suite->cipher == CIPHER_RC4_128)
		rc4_init(c, params->key);
}

static size_t
seal(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n)
{
	struct stream_protect *c = (struct stream_protect *)p;
	uint8_t *data = record + RECORD_HEADER;

	record_mac(&c->mac, p->sequence, type, version, data, n, data + n);
	encrypt(c, data, n + c->mac.size);
	record_header(record, type, version, n + c->mac.size);
	return RECORD_HEADER + n + c->mac.size;
}

static int
open_record(struct protect *p, unsigned *type, const uint8_t *header, uint8_t *payload, size_t n, struct str *plain,
    struct error *error)
{
	struct stream_protect *c = (struct stream_protect *)p;
	uint8_t mac[HASH_MAX];

	if (n < c->mac.size)
		return bad_record_mac(error);
	encrypt(c, payload, n);
	n -= c->mac.size;
	record_mac(&c->mac, p->sequence, *type, (unsigned)(header[1] << 8 | header[2]), payload, n, mac);
	if (!bytes_equal(mac, payload + n, c->mac.size))
		return bad_record_mac(error);
	*plain = str_from(payload, n);
	return 0;
}

const struct protect_class protect_stream = { sizeof(struct stream_protect), init, seal, open_record };
