/* The key schedule of TLS 1.3 over HKDF. */
#include "net/tls/schedule13.h"

#include <string.h>

static const uint8_t zeros[HASH_MAX];

void
hkdf_extract(enum x509_hash h, struct str salt, struct str ikm, uint8_t *prk)
{
	hmac_parts(h, salt, &ikm, 1, prk);
}

void
hkdf_expand(enum x509_hash h, struct str prk, struct str info, uint8_t *out, size_t n)
{
	size_t size = hash_size(h);
	uint8_t block[HASH_MAX], counter = 1;

	/* T(i) = HMAC(PRK, T(i - 1) | info | i), T(0) is empty */
	for (size_t have = 0; n > 0; counter++, have = size) {
		const struct str parts[] = { str_from(block, have), info, str_from(&counter, 1) };
		size_t take = n < size ? n : size;

		hmac_parts(h, prk, parts, 3, block);
		memcpy(out, block, take);
		out += take;
		n -= take;
	}
	mem_wipe(block, sizeof block);
}

/* struct { uint16 length; opaque label<7..255> = "tls13 " + Label; opaque context<0..255> } HkdfLabel */
void
hkdf_expand_label(enum x509_hash h, struct str secret, struct str label, struct str context, uint8_t *out, size_t n)
{
	uint8_t memory[2 + 1 + 255 + 1 + 255];
	size_t at = 0;

	if (label.n > 249)
		label.n = 249;
	if (context.n > 255)
		context.n = 255;
	memory[at++] = (uint8_t)(n >> 8);
	memory[at++] = (uint8_t)n;
	memory[at++] = (uint8_t)(6 + label.n);
	memcpy(memory + at, "tls13 ", 6);
	at += 6;
	if (label.n > 0)
		memcpy(memory + at, label.p, label.n);
	at += label.n;
	memory[at++] = (uint8_t)context.n;
	if (context.n > 0)
		memcpy(memory + at, context.p, context.n);
	hkdf_expand(h, secret, str_from(memory, at + context.n), out, n);
}

static void
expand(const struct schedule13 *s, const struct secret13 *secret, struct str label, const uint8_t *hash, uint8_t *out)
{
	hkdf_expand_label(s->hash, str_from(secret->bytes, s->size), label, str_from(hash, hash != NULL ? s->size : 0),
	    out, s->size);
}

static void
hash_of_nothing(const struct schedule13 *s, uint8_t *out)
{
	hash_parts(s->hash, NULL, 0, out);
}

/* One step down the figure: Derive-Secret(., "derived", "") is the salt of the next extraction. */
static void
descend(struct schedule13 *s, struct str ikm)
{
	uint8_t nothing[HASH_MAX], salt[HASH_MAX];

	hash_of_nothing(s, nothing);
	expand(s, &s->current, STR("derived"), nothing, salt);
	hkdf_extract(s->hash, str_from(salt, s->size), ikm, s->current.bytes);
	mem_wipe(salt, sizeof salt);
}

void
schedule13_early(struct schedule13 *s, enum x509_hash h, const struct str *psk)
{
	memset(s, 0, sizeof *s);
	s->hash = h;
	s->size = hash_size(h);
	hkdf_extract(h, str_from(NULL, 0), psk != NULL ? *psk : str_from(zeros, s->size), s->current.bytes);
}

void
schedule13_finished(const struct schedule13 *s, const struct secret13 *base, const uint8_t *hash, uint8_t *out)
{
	uint8_t key[HASH_MAX];
	struct str part = str_from(hash, s->size);

	expand(s, base, STR("finished"), NULL, key);
	hmac_parts(s->hash, str_from(key, s->size), &part, 1, out);
	mem_wipe(key, sizeof key);
}

void
schedule13_binder(const struct schedule13 *s, bool external, const uint8_t *truncated_hash, uint8_t *out)
{
	uint8_t nothing[HASH_MAX];
	struct secret13 key;

	hash_of_nothing(s, nothing);
	expand(s, &s->current, external ? STR("ext binder") : STR("res binder"), nothing, key.bytes);
	schedule13_finished(s, &key, truncated_hash, out);
	mem_wipe(&key, sizeof key);
}

void
schedule13_handshake(struct schedule13 *s, struct str ecdhe, const uint8_t *hash_to_server_hello)
{
	descend(s, ecdhe);
	expand(s, &s->current, STR("c hs traffic"), hash_to_server_hello, s->client_handshake.bytes);
	expand(s, &s->current, STR("s hs traffic"), hash_to_server_hello, s->server_handshake.bytes);
}

void
schedule13_master(struct schedule13 *s, const uint8_t *hash_to_server_finished)
{
	descend(s, str_from(zeros, s->size));
	expand(s, &s->current, STR("c ap traffic"), hash_to_server_finished, s->client_traffic.bytes);
	expand(s, &s->current, STR("s ap traffic"), hash_to_server_finished, s->server_traffic.bytes);
	expand(s, &s->current, STR("exp master"), hash_to_server_finished, s->exporter.bytes);
}

void
schedule13_resumption_secret(struct schedule13 *s, const uint8_t *hash_to_client_finished)
{
	expand(s, &s->current, STR("res master"), hash_to_client_finished, s->resumption.bytes);
}

void
schedule13_ticket_psk(const struct schedule13 *s, struct str nonce, uint8_t *psk)
{
	hkdf_expand_label(s->hash, str_from(s->resumption.bytes, s->size), STR("resumption"), nonce, psk, s->size);
}

void
schedule13_update(const struct schedule13 *s, struct secret13 *secret)
{
	struct secret13 next;

	expand(s, secret, STR("traffic upd"), NULL, next.bytes);
	*secret = next;
	mem_wipe(&next, sizeof next);
}

int
schedule13_export(const struct schedule13 *s, struct str label, struct str context, uint8_t *out, size_t n,
    struct error *error)
{
	uint8_t hash[HASH_MAX], nothing[HASH_MAX];
	struct secret13 secret;

	if (label.n > 249)
		return fail(error, ERROR_USAGE, 0, "an exporter label of %zu bytes is too long: at most 249", label.n);
	if (n > 255 * s->size)
		return fail(error, ERROR_USAGE, 0, "an exporter gives at most %zu bytes", 255 * s->size);
	hash_of_nothing(s, nothing);
	hash_parts(s->hash, &context, 1, hash);
	hkdf_expand_label(s->hash, str_from(s->exporter.bytes, s->size), label, str_from(nothing, s->size),
	    secret.bytes, s->size);
	hkdf_expand_label(s->hash, str_from(secret.bytes, s->size), STR("exporter"), str_from(hash, s->size), out, n);
	mem_wipe(&secret, sizeof secret);
	return 0;
}

void
schedule13_release(struct schedule13 *s)
{
	mem_wipe(s, sizeof *s);
}
