/* Record protection: which kind a suite and version get, and what all kinds have in common. */
#include "net/tls/protect_class.h"

#include <stdlib.h>
#include <string.h>

#include "net/tls/schedule13.h"

/* RFC 8446 section 5.5: about 2^24.5 full records under one AES-GCM key. */
static const uint64_t WORN = (uint64_t)1 << 24;

static const struct protect_class *
class_of(const struct suite *s)
{
	switch (cipher_info(s->cipher)->kind) {
	case CIPHER_KIND_STREAM:
		return &protect_stream;
	case CIPHER_KIND_CBC:
		return &protect_cbc;
	default:
		return &protect_aead;
	}
}

struct protect *
protect_new(const struct protect_params *params)
{
	const struct protect_class *class = class_of(params->suite);
	struct protect *p = mem_alloc(class->size);

	p->class = class;
	p->suite = params->suite;
	p->cipher = cipher_info(params->suite->cipher);
	p->version = params->version;
	class->init(p, params);
	return p;
}

struct protect *
protect_from_key_block(const struct protect_params *params, bool client_keys, const uint8_t *key_block)
{
	const struct cipher_info *c = cipher_info(params->suite->cipher);
	struct protect_params full = *params;
	size_t mac = c->tag == 0 ? hash_size(params->suite->mac) : 0;
	size_t iv = c->tag != 0 ? c->salt : params->version <= TLS_1_0 ? c->block : 0;
	size_t second = client_keys ? 0 : 1;

	full.mac_key = str_from(key_block + second * mac, mac);
	key_block += 2 * mac;
	full.key = str_from(key_block + second * c->key, c->key);
	key_block += 2 * c->key;
	full.iv = str_from(key_block + second * iv, iv);
	return protect_new(&full);
}

struct protect *
protect_from_secret(const struct protect_params *params, struct str secret)
{
	enum { IV = 12, KEY_MAX = 32 };
	const struct cipher_info *c = cipher_info(params->suite->cipher);
	struct protect_params full = *params;
	uint8_t key[KEY_MAX], iv[IV];
	struct protect *p;

	hkdf_expand_label(params->suite->prf, secret, STR("key"), STR(""), key, c->key);
	hkdf_expand_label(params->suite->prf, secret, STR("iv"), STR(""), iv, IV);
	full.key = str_from(key, c->key);
	full.iv = str_from(iv, IV);
	p = protect_new(&full);
	mem_wipe(key, sizeof key);
	mem_wipe(iv, sizeof iv);
	return p;
}

void
protect_free(struct protect *p)
{
	if (p == NULL)
		return;
	mem_wipe(p, p->class->size);
	free(p);
}

size_t
protect_front(const struct protect *p)
{
	return p != NULL ? p->front : 0;
}

bool
protect_splits(const struct protect *p)
{
	return p != NULL && p->version <= TLS_1_0 && suite_is_cbc(p->suite);
}

uint64_t
protect_sequence(const struct protect *p)
{
	return p != NULL ? p->sequence : 0;
}

bool
protect_worn(const struct protect *p)
{
	return p != NULL && p->version == TLS_1_3 && p->sequence >= WORN;
}

size_t
protect_limit(const struct protect *p)
{
	if (p == NULL)
		return RECORD_MAX_PLAIN;
	return p->version == TLS_1_3 ? RECORD_MAX_PAYLOAD13 : RECORD_MAX_PAYLOAD;
}

/* RFC 8446 section 5.3: "the sequence numbers ... MUST NOT wrap"; so all versions. */
static int
exhausted(const struct protect *p, struct error *error)
{
	if (p == NULL || p->sequence < UINT64_MAX)
		return 0;
	return fail(error, ERROR_TLS, TLS_SEQUENCE_EXHAUSTED,
	    "the record sequence numbers of this connection are used up");
}

int
protect_seal(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n, size_t *total,
    struct error *error)
{
	if (exhausted(p, error) != 0)
		return -1;
	if (p == NULL) {
		record_header(record, type, version, n);
		*total = RECORD_HEADER + n;
		return 0;
	}
	*total = p->class->seal(p, type, version, record, n);
	p->sequence++;
	return 0;
}

static int
overflow(const char *what, size_t n, struct error *error)
{
	return fail(error, ERROR_TLS, TLS_RECORD_OVERFLOW, "a record from the server has %zu bytes of %s: too many", n,
	    what);
}

int
protect_open(struct protect *p, unsigned *type, const uint8_t header[RECORD_HEADER], uint8_t *payload, size_t n,
    struct str *plain, struct error *error)
{
	/* RFC 8446 section 5.2: "The length MUST NOT exceed 2^14 + 256 bytes. An endpoint that receives a record that
	 * exceeds this length MUST terminate the connection with a 'record_overflow' alert." 2^14 + 2048 before. */
	if (n > protect_limit(p))
		return overflow("payload", n, error);
	if (exhausted(p, error) != 0)
		return -1;
	if (p == NULL) {
		*plain = str_from(payload, n);
		return 0;
	}
	if (p->class->open(p, type, header, payload, n, plain, error) != 0)
		return -1;
	p->sequence++;
	return plain->n > RECORD_MAX_PLAIN ? overflow("plaintext", plain->n, error) : 0;
}
