/* Records under AES-GCM, AES-CCM and ChaCha20-Poly1305. */
#include "net/tls/protect_class.h"

#include <string.h>

/*
 * AEAD ciphers in TLS 1.2 (RFC 5246 section 6.2.3.3, RFC 5288, RFC 6655, RFC 7905) and TLS 1.3 (RFC 8446 section 5.2):
 * the versions differ in the nonce, the additional data and where the content type stands.
 */
enum { NONCE = 12, TAG_MAX = 16, AAD_MAX = 13 };

struct aead_protect {
	struct protect base;
	uint8_t iv[NONCE];
	union {
		struct {
			br_gcm_context context;
			br_aes_gen_ctr_keys keys;
		} gcm;
		struct {
			br_ccm_context context;
			br_aes_gen_ctrcbc_keys keys;
		} ccm;
		struct {
			uint8_t key[32];
			br_chacha20_run chacha20;
			br_poly1305_run poly1305;
		} chacha;
	} u;
};

static void
init(struct protect *p, const struct protect_params *params)
{
	struct aead_protect *a = (struct aead_protect *)p;
	const struct crypto *crypto = params->crypto;

	memcpy(a->iv, params->iv.p, params->iv.n);
	if (p->version < TLS_1_3)
		p->front = p->cipher->explicit_nonce;
	switch (p->cipher->kind) {
	case CIPHER_KIND_GCM:
		crypto->aes_ctr->init(&a->u.gcm.keys.vtable, params->key.p, params->key.n);
		br_gcm_init(&a->u.gcm.context, &a->u.gcm.keys.vtable, crypto->ghash);
		break;
	case CIPHER_KIND_CCM:
		crypto->aes_ctrcbc->init(&a->u.ccm.keys.vtable, params->key.p, params->key.n);
		br_ccm_init(&a->u.ccm.context, &a->u.ccm.keys.vtable);
		break;
	default:
		memcpy(a->u.chacha.key, params->key.p, params->key.n);
		a->u.chacha.chacha20 = crypto->chacha20;
		a->u.chacha.poly1305 = crypto->poly1305;
		break;
	}
}

/* Encrypts or decrypts the n bytes in place and computes the tag. */
static void
run(struct aead_protect *a, bool encrypt, const uint8_t *nonce, struct str aad, uint8_t *data, size_t n, uint8_t *tag)
{
	br_gcm_context *gcm = &a->u.gcm.context;
	br_ccm_context *ccm = &a->u.ccm.context;

	switch (a->base.cipher->kind) {
	case CIPHER_KIND_GCM:
		br_gcm_reset(gcm, nonce, NONCE);
		br_gcm_aad_inject(gcm, aad.p, aad.n);
		br_gcm_flip(gcm);
		br_gcm_run(gcm, encrypt, data, n);
		br_gcm_get_tag(gcm, tag);
		break;
	case CIPHER_KIND_CCM:
		br_ccm_reset(ccm, nonce, NONCE, aad.n, n, a->base.cipher->tag);
		br_ccm_aad_inject(ccm, aad.p, aad.n);
		br_ccm_flip(ccm);
		br_ccm_run(ccm, encrypt, data, n);
		br_ccm_get_tag(ccm, tag);
		break;
	default:
		a->u.chacha.poly1305(a->u.chacha.key, nonce, data, n, aad.p, aad.n, tag, a->u.chacha.chacha20, encrypt);
		break;
	}
}

/* RFC 8446 section 5.3 and RFC 7905 section 2: the sequence number xored to the IV. The older ciphers send half of it:
 * salt and explicit part. */
static void
make_nonce(const struct aead_protect *a, const uint8_t *explicit_part, uint8_t nonce[NONCE])
{
	uint8_t sequence[8];

	memcpy(nonce, a->iv, NONCE);
	if (explicit_part != NULL) {
		memcpy(nonce + NONCE - 8, explicit_part, 8);
		return;
	}
	put_sequence(sequence, a->base.sequence);
	for (size_t i = 0; i < 8; i++)
		nonce[NONCE - 8 + i] ^= sequence[i];
}

/* RFC 5246 section 6.2.3.3: seq_num + type + version + length of the plaintext; TLS 1.3: the record's header. */
static struct str
make_aad(const struct aead_protect *a, const uint8_t *header, size_t n, uint8_t aad[AAD_MAX])
{
	if (a->base.version == TLS_1_3) {
		memcpy(aad, header, RECORD_HEADER);
		return str_from(aad, RECORD_HEADER);
	}
	put_sequence(aad, a->base.sequence);
	record_header(aad + 8, header[0], (unsigned)(header[1] << 8 | header[2]), n);
	return str_from(aad, AAD_MAX);
}

static size_t
seal(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n)
{
	struct aead_protect *a = (struct aead_protect *)p;
	uint8_t *data = record + RECORD_HEADER + p->front, nonce[NONCE], aad[AAD_MAX], tag[TAG_MAX];
	size_t total;

	if (p->version == TLS_1_3) {
		data[n++] = (uint8_t)type;
		type = CONTENT_APPLICATION_DATA;
		version = TLS_1_2;
	}
	if (p->front > 0)
		put_sequence(record + RECORD_HEADER, p->sequence);
	total = p->front + n + p->cipher->tag;
	record_header(record, type, version, total);
	make_nonce(a, p->front > 0 ? record + RECORD_HEADER : NULL, nonce);
	run(a, true, nonce, make_aad(a, record, n, aad), data, n, tag);
	memcpy(data + n, tag, p->cipher->tag);
	return RECORD_HEADER + total;
}

/* RFC 8446 section 5.4: the content type is the last byte that is not zero. "If a receiving implementation does not
 * find a non-zero octet in the cleartext, it MUST terminate the connection with an 'unexpected_message' alert." */
static int
take_inner_type(uint8_t *data, size_t n, unsigned *type, struct str *plain, struct error *error)
{
	if (n > RECORD_MAX_PLAIN + 1)
		return fail(error, ERROR_TLS, TLS_RECORD_OVERFLOW,
		    "a record from the server has %zu bytes of plaintext: too many", n - 1);
	while (n > 0 && data[n - 1] == 0)
		n--;
	if (n == 0)
		return fail(error, ERROR_TLS, TLS_UNEXPECTED_MESSAGE,
		    "a record from the server holds nothing but padding");
	*type = data[n - 1];
	*plain = str_from(data, n - 1);
	return 0;
}

static int
open_record(struct protect *p, unsigned *type, const uint8_t *header, uint8_t *payload, size_t n, struct str *plain,
    struct error *error)
{
	struct aead_protect *a = (struct aead_protect *)p;
	const size_t explicit_nonce = p->front, tag_len = p->cipher->tag;
	uint8_t *data = payload + explicit_nonce, nonce[NONCE], aad[AAD_MAX], tag[TAG_MAX];

	if (n < explicit_nonce + tag_len)
		return bad_record_mac(error);
	n -= explicit_nonce + tag_len;
	make_nonce(a, explicit_nonce > 0 ? payload : NULL, nonce);
	run(a, false, nonce, make_aad(a, header, n, aad), data, n, tag);
	if (!bytes_equal(tag, data + n, tag_len))
		return bad_record_mac(error);
	if (p->version == TLS_1_3)
		return take_inner_type(data, n, type, plain, error);
	*plain = str_from(data, n);
	return 0;
}

const struct protect_class protect_aead = { sizeof(struct aead_protect), init, seal, open_record };
