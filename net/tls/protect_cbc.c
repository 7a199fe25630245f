/* Records under a block cipher in CBC mode with a MAC before or after the encryption. */
#include "net/tls/protect_class.h"

#include <string.h>

/*
 * Block ciphers in CBC mode, in all their variants: SSL 3.0 (own MAC, arbitrary padding), TLS 1.0 (the IV is the last
 * block of the record before), TLS 1.1 and 1.2 (explicit IV), and encrypt-then-MAC (RFC 7366). Opening a TLS record
 * with the MAC inside the encryption is left to BearSSL, which does it in constant time.
 */
enum cbc_variant { CBC_SSL3, CBC_TLS, CBC_ETM };

struct cbc_protect {
	struct protect base;
	enum cbc_variant variant;
	bool explicit_iv;
	struct random *random;
	struct record_mac mac;
	uint8_t iv[16];
	union {
		const br_block_cbcenc_class *enc;
		br_aes_gen_cbcenc_keys aes_enc;
		br_des_gen_cbcenc_keys des_enc;
		const br_block_cbcdec_class *dec;
		br_aes_gen_cbcdec_keys aes_dec;
		br_des_gen_cbcdec_keys des_dec;
	} keys;
	br_sslrec_in_cbc_context tls; /* opening CBC_TLS */
};

static struct cbc_protect *
cbc_of(struct protect *p)
{
	return (struct cbc_protect *)p;
}

static void
init_sealing(struct cbc_protect *c, const struct protect_params *params, bool aes)
{
	const br_block_cbcenc_class *class = aes ? params->crypto->aes_cbcenc : &br_des_ct_cbcenc_vtable;

	class->init(&c->keys.enc, params->key.p, params->key.n);
	c->random = params->random;
	c->base.front = c->explicit_iv ? c->base.cipher->block : 0;
}

static void
init_opening(struct cbc_protect *c, const struct protect_params *params, bool aes)
{
	const br_block_cbcdec_class *class = aes ? params->crypto->aes_cbcdec : &br_des_ct_cbcdec_vtable;

	if (c->variant == CBC_TLS)
		br_sslrec_in_cbc_vtable.init(&c->tls.vtable, class, params->key.p, params->key.n,
		    hash_class(c->mac.hash), params->mac_key.p, params->mac_key.n, c->mac.size,
		    c->explicit_iv ? NULL : params->iv.p);
	else
		class->init(&c->keys.dec, params->key.p, params->key.n);
}

static void
init(struct protect *p, const struct protect_params *params)
{
	struct cbc_protect *c = cbc_of(p);
	bool aes = p->suite->cipher == CIPHER_AES_128_CBC || p->suite->cipher == CIPHER_AES_256_CBC;

	c->variant = p->version == SSL_3_0 ? CBC_SSL3 : params->encrypt_then_mac ? CBC_ETM : CBC_TLS;
	c->explicit_iv = p->version >= TLS_1_1;
	record_mac_init(&c->mac, p->version, p->suite->mac, params->mac_key);
	if (!c->explicit_iv)
		memcpy(c->iv, params->iv.p, params->iv.n);
	if (params->sealing)
		init_sealing(c, params, aes);
	else
		init_opening(c, params, aes);
}

/* Pads the n bytes at p to whole blocks; the new length. RFC 5246 section 6.2.3.2: "Each uint8 in the padding data
 * vector MUST be filled with the padding length value." SSL 3.0 takes any, so it gets the same. */
static size_t
pad(uint8_t *p, size_t n, size_t block)
{
	size_t padding = block - n % block;

	memset(p + n, (int)(padding - 1), padding);
	return n + padding;
}

static size_t
seal(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n)
{
	struct cbc_protect *c = cbc_of(p);
	uint8_t *payload = record + RECORD_HEADER, *data = payload + p->front;

	if (c->variant != CBC_ETM) {
		record_mac(&c->mac, p->sequence, type, version, data, n, data + n);
		n += c->mac.size;
	}
	n = pad(data, n, p->cipher->block);
	if (c->explicit_iv) {
		random_bytes(c->random, c->iv, p->front);
		memcpy(payload, c->iv, p->front);
	}
	c->keys.enc->run(&c->keys.enc, c->iv, data, n);
	n += p->front;
	if (c->variant == CBC_ETM) {
		record_mac(&c->mac, p->sequence, type, version, payload, n, payload + n);
		n += c->mac.size;
	}
	record_header(record, type, version, n);
	return RECORD_HEADER + n;
}

/* RFC 6101 section 5.2.3.2. The padding is not covered by the MAC (which is the POODLE attack): there is no secret
 * left to keep, but a wrong padding still costs as much as a wrong MAC. */
static int
open_ssl3(struct cbc_protect *c, unsigned type, uint8_t *payload, size_t n, struct str *plain, struct error *error)
{
	const size_t block = c->base.cipher->block;
	size_t padding;
	uint8_t mac[HASH_MAX];
	bool good;

	if (n < c->mac.size + 1)
		return bad_record_mac(error);
	c->keys.dec->run(&c->keys.dec, c->iv, payload, n);
	padding = payload[n - 1];
	good = padding < block && padding + 1 + c->mac.size <= n;
	n -= c->mac.size + 1 + (good ? padding : 0);
	record_mac(&c->mac, c->base.sequence, type, SSL_3_0, payload, n, mac);
	if (!bytes_equal(mac, payload + n, c->mac.size) || !good)
		return bad_record_mac(error);
	*plain = str_from(payload, n);
	return 0;
}

/* RFC 7366 section 3: the MAC first; what it covers is then genuine, so the padding is no secret. */
static int
open_etm(struct cbc_protect *c, unsigned type, unsigned version, uint8_t *payload, size_t n, struct str *plain,
    struct error *error)
{
	const size_t block = c->base.cipher->block;
	uint8_t mac[HASH_MAX];
	size_t padding;

	n -= c->mac.size;
	record_mac(&c->mac, c->base.sequence, type, version, payload, n, mac);
	if (!bytes_equal(mac, payload + n, c->mac.size))
		return bad_record_mac(error);
	if (c->explicit_iv) {
		memcpy(c->iv, payload, block);
		payload += block;
		n -= block;
	}
	c->keys.dec->run(&c->keys.dec, c->iv, payload, n);
	padding = payload[n - 1];
	if (padding + 1 > n)
		return bad_record_mac(error);
	for (size_t i = n - 1 - padding; i < n; i++)
		if (payload[i] != padding)
			return bad_record_mac(error);
	*plain = str_from(payload, n - 1 - padding);
	return 0;
}

static int
open_tls(struct cbc_protect *c, unsigned type, unsigned version, uint8_t *payload, size_t n, struct str *plain,
    struct error *error)
{
	const br_sslrec_in_class *class = &c->tls.vtable->inner;
	const br_sslrec_in_class **context = (const br_sslrec_in_class **)(void *)&c->tls.vtable;
	uint8_t *data;

	if (!class->check_length(context, n) ||
	    (data = class->decrypt(context, (int)type, version, payload, &n)) == NULL)
		return bad_record_mac(error);
	*plain = str_from(data, n);
	return 0;
}

static int
open_record(struct protect *p, unsigned *type, const uint8_t *header, uint8_t *payload, size_t n, struct str *plain,
    struct error *error)
{
	struct cbc_protect *c = cbc_of(p);
	const size_t block = p->cipher->block, outside = c->variant == CBC_ETM ? c->mac.size : 0;
	unsigned version = (unsigned)(header[1] << 8 | header[2]);

	/* Whole blocks only: the library writes behind the record otherwise (its check_length does not look). */
	if (n < outside + block + (c->explicit_iv ? block : 0) || (n - outside) % block != 0)
		return bad_record_mac(error);
	switch (c->variant) {
	case CBC_SSL3:
		return open_ssl3(c, *type, payload, n, plain, error);
	case CBC_ETM:
		return open_etm(c, *type, version, payload, n, plain, error);
	default:
		return open_tls(c, *type, version, payload, n, plain, error);
	}
}

const struct protect_class protect_cbc = { sizeof(struct cbc_protect), init, seal, open_record };
