/* A client certificate and its key: loaded from files, a scheme chosen, a digest signed. */
#include "net/tls/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "net/file.h"
#include "net/x509/nettle.h"

static int
load_chain(struct tls_credentials *c, const char *path, struct error *error)
{
	struct buf text;
	int n;

	buf_init(&text, CREDENTIALS_MAX_FILE);
	n = file_read(path, &text, error) != 0 ? -1 : x509_read_pem(buf_str(&text), &c->chain, error);
	buf_wipe_release(&text);
	if (n < 0)
		return -1;
	c->n_chain = (size_t)n;
	if (n == 0)
		return fail(error, ERROR_OTHER, 0, "%s: no certificate in it", path);
	if (n > X509_MAX_CHAIN)
		return fail(error, ERROR_LIMIT, X509_LIMIT, "%s: %d certificates, more than %d, the limit here", path,
		    n, X509_MAX_CHAIN);
	if (x509_key_refused(c->chain[0], error) != 0)
		return -1;
	c->key = &c->chain[0]->key;
	return 0;
}

bool
credentials_sign_messages(const struct tls_credentials *c)
{
	return c != NULL && (c->type == X509_KEY_ED25519 || c->type == X509_KEY_ED448);
}

static size_t
eddsa_size(const struct tls_credentials *c)
{
	return c->type == X509_KEY_ED25519 ? ED25519_SIGNED : ED448_SIGNED;
}

/* A signature that the certificate's key verifies: the key belongs to it, and its parts to each other. */
static bool
matches(const struct tls_credentials *c)
{
	static const uint8_t digest[32] = { 1 };
	struct str hash = str_from(digest, sizeof digest);
	uint8_t signature[CREDENTIALS_MAX_SIGNATURE];
	size_t n;

	if (credentials_sign_messages(c)) {
		if (c->type != c->key->type)
			return false;
		nettle_eddsa_sign(c->type, c->secret, hash, signature);
		return x509_verify_eddsa(c->key, hash, str_from(signature, eddsa_size(c)));
	}
	if (c->type == X509_KEY_RSA) {
		n = (c->rsa.n_bitlen + 7) / 8;
		return n == c->key->n.n &&
		    br_rsa_pkcs1_sign_get_default()(hash_oid(X509_SHA256), digest, hash.n, &c->rsa, signature) == 1 &&
		    x509_verify_pkcs1(c->key, X509_SHA256, hash, str_from(signature, n));
	}
	if (c->key->type != X509_KEY_EC || (int)c->key->curve != c->ec.curve)
		return false;
	n = br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, digest, &c->ec, signature);
	return n > 0 && x509_verify_ecdsa(c->key, hash, str_from(signature, n));
}

static int
load_key(struct tls_credentials *c, const char *cert_path, const char *key_path, struct error *error)
{
	struct buf text;
	int result;

	buf_init(&text, CREDENTIALS_MAX_FILE);
	result = file_read(key_path, &text, error) != 0 ? -1 : credentials_read_key(c, buf_str(&text), key_path, error);
	buf_wipe_release(&text);
	if (result == 0 && !matches(c))
		return fail(error, ERROR_OTHER, 0, "%s: the private key does not belong to the certificate in %s",
		    key_path, cert_path);
	return result;
}

struct tls_credentials *
tls_credentials_load(const char *cert_path, const char *key_path, struct error *error)
{
	struct tls_credentials *c = mem_alloc(sizeof *c);

	c->references = 1;
	if (load_chain(c, cert_path, error) != 0 ||
	    load_key(c, cert_path, key_path != NULL ? key_path : cert_path, error) != 0) {
		tls_credentials_drop(c);
		return NULL;
	}
	return c;
}

struct tls_credentials *
tls_credentials_hold(struct tls_credentials *c)
{
	if (c != NULL)
		c->references++;
	return c;
}

void
tls_credentials_drop(struct tls_credentials *c)
{
	if (c == NULL || --c->references > 0)
		return;
	for (size_t i = 0; i < c->n_chain; i++)
		x509_cert_free(c->chain[i]);
	free(c->chain);
	if (c->secret != NULL)
		mem_wipe(c->secret, c->secret_len);
	free(c->secret);
	mem_wipe(c, sizeof *c);
	free(c);
}

static bool
can_sign(const struct tls_credentials *c, unsigned version, uint16_t id, const uint16_t *peer, size_t n)
{
	const struct scheme *s = scheme_find(id);

	/* no transcript is kept for SHA-224, and MD5 is no signature any more */
	if (s == NULL || s->hash == X509_SHA224 || s->hash == X509_MD5 || !scheme_fits(s, version, c->key))
		return false;
	for (size_t i = 0; i < n; i++)
		if (peer[i] == id)
			return true;
	return false;
}

uint16_t
credentials_choose_scheme(const struct tls_credentials *c, unsigned version, const uint16_t *first, size_t n_first,
    const uint16_t *peer, size_t n)
{
	const struct tls_name *row;

	for (size_t i = 0; i < n_first; i++)
		if (can_sign(c, version, first[i], peer, n))
			return first[i];
	for (size_t i = 0; (row = tls_scheme_at(i)) != NULL; i++)
		if (can_sign(c, version, row->id, peer, n))
			return row->id;
	return 0;
}

/* EMSA-PSS-ENCODE (RFC 8017 section 9.1.1) with a salt as long as the hash, then the private operation. */
static bool
sign_pss(const struct tls_credentials *c, enum x509_hash h, struct str digest, struct random *r, uint8_t *out, size_t n)
{
	const unsigned bits = c->rsa.n_bitlen - 1;
	const size_t em_len = (bits + 7) / 8, size = digest.n, db = em_len - size - 1;
	uint8_t *em = out + n - em_len, salt[HASH_MAX];

	if (em_len < 2 * size + 2)
		return false;
	random_bytes(r, salt, size);
	memset(out, 0, n);
	em[db - size - 1] = 0x01;
	memcpy(em + db - size, salt, size);
	hash_parts(h, (const struct str[]){ STR("\0\0\0\0\0\0\0\0"), digest, str_from(salt, size) }, 3, em + db);
	mgf1_xor(h, em + db, em, db);
	em[0] = (uint8_t)(em[0] & (0xFF >> (8 * em_len - bits)));
	em[em_len - 1] = 0xBC;
	return br_rsa_private_get_default()(out, &c->rsa) == 1;
}

/* A faulty signature would give the key away (Boneh, DeMillo, Lipton): it is verified before it is sent. */
static bool
sign_rsa(const struct tls_credentials *c, const struct scheme *s, enum x509_hash h, struct str digest, struct random *r,
    uint8_t *out, size_t *n)
{
	*n = c->key->n.n;
	if (s != NULL && s->kind != SCHEME_PKCS1)
		return sign_pss(c, h, digest, r, out, *n) && x509_verify_pss(c->key, h, digest, str_from(out, *n));
	return br_rsa_pkcs1_sign_get_default()(hash_oid(h), (const uint8_t *)digest.p, digest.n, &c->rsa, out) == 1 &&
	    x509_verify_pkcs1(c->key, h, digest, str_from(out, *n));
}

int
credentials_sign(const struct tls_credentials *c, uint16_t scheme, struct str digest, struct random *r,
    uint8_t signature[CREDENTIALS_MAX_SIGNATURE], size_t *n, struct error *error)
{
	const struct scheme *s = scheme_find(scheme);
	enum x509_hash h = scheme_hash(c->key, scheme);
	bool done;

	if (credentials_sign_messages(c)) {
		*n = eddsa_size(c);
		nettle_eddsa_sign(c->type, c->secret, digest, signature);
		return 0;
	}
	if (digest.n != hash_size(h))
		return fail(error, ERROR_TLS, TLS_INTERNAL, "a digest of %zu bytes is no %s", digest.n, hash_name(h));
	if (c->type == X509_KEY_RSA) {
		done = sign_rsa(c, s, h, digest, r, signature, n);
	} else {
		*n = br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), hash_class(h), digest.p, &c->ec, signature);
		done = *n > 0;
	}
	if (!done)
		return fail(error, ERROR_TLS, TLS_INTERNAL, "the client certificate's key failed to sign");
	return 0;
}
