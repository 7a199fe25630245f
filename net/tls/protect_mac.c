/* The MAC over a record: HMAC, and the one that SSL 3.0 had instead. */
#include "net/tls/protect_class.h"

#include <string.h>

void
record_mac_init(struct record_mac *m, unsigned version, enum x509_hash h, struct str secret)
{
	m->hash = h;
	m->size = hash_size(h);
	m->ssl3 = version == SSL_3_0;
	if (m->ssl3)
		memcpy(m->secret, secret.p, secret.n);
	else
		br_hmac_key_init(&m->key, hash_class(h), secret.p, secret.n);
}

/* hash(secret + pad_2 + hash(secret + pad_1 + sequence + type + length + content)) */
static void
ssl3_mac(const struct record_mac *m, const uint8_t *head, size_t head_len, struct str content, uint8_t *out)
{
	const size_t pad = m->hash == X509_MD5 ? 48 : 40;
	struct str secret = str_from(m->secret, m->size);
	uint8_t pad1[48], pad2[48], inner[HASH_MAX];

	memset(pad1, 0x36, sizeof pad1);
	memset(pad2, 0x5C, sizeof pad2);
	hash_parts(m->hash, (const struct str[]){ secret, str_from(pad1, pad), str_from(head, head_len), content }, 4,
	    inner);
	hash_parts(m->hash, (const struct str[]){ secret, str_from(pad2, pad), str_from(inner, m->size) }, 3, out);
}

void
record_mac(const struct record_mac *m, uint64_t sequence, unsigned type, unsigned version, const uint8_t *p, size_t n,
    uint8_t *out)
{
	uint8_t head[8 + RECORD_HEADER];
	br_hmac_context c;

	put_sequence(head, sequence);
	record_header(head + 8, type, version, n);
	if (m->ssl3) {
		/* no version in it */
		head[9] = head[11];
		head[10] = head[12];
		ssl3_mac(m, head, 11, str_from(p, n), out);
		return;
	}
	br_hmac_init(&c, &m->key, 0);
	br_hmac_update(&c, head, sizeof head);
	br_hmac_update(&c, p, n);
	br_hmac_out(&c, out);
}
