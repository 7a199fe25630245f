/* Signature schemes: the table, what is signed in each version, verification. */
#include "net/tls/scheme.h"

#include <stdlib.h>
#include <string.h>

#include "net/tls/group.h"
#include "net/tls/names.h"

/* In the order of preference. */
static const struct scheme schemes[] = {
	{ { 0x0403, "ecdsa_secp256r1_sha256" }, SCHEME_ECDSA, X509_SHA256, GROUP_P256, false },
	{ { 0x0804, "rsa_pss_rsae_sha256" }, SCHEME_PSS_RSAE, X509_SHA256, 0, false },
	{ { 0x0401, "rsa_pkcs1_sha256" }, SCHEME_PKCS1, X509_SHA256, 0, false },
	{ { 0x0503, "ecdsa_secp384r1_sha384" }, SCHEME_ECDSA, X509_SHA384, GROUP_P384, false },
	{ { 0x0805, "rsa_pss_rsae_sha384" }, SCHEME_PSS_RSAE, X509_SHA384, 0, false },
	{ { 0x0501, "rsa_pkcs1_sha384" }, SCHEME_PKCS1, X509_SHA384, 0, false },
	{ { 0x0603, "ecdsa_secp521r1_sha512" }, SCHEME_ECDSA, X509_SHA512, GROUP_P521, false },
	{ { SCHEME_ED25519, "ed25519" }, SCHEME_EDDSA, X509_SHA512, 0, false },
	{ { SCHEME_ED448, "ed448" }, SCHEME_EDDSA, X509_SHA512, 0, false },
	{ { 0x0806, "rsa_pss_rsae_sha512" }, SCHEME_PSS_RSAE, X509_SHA512, 0, false },
	{ { 0x0601, "rsa_pkcs1_sha512" }, SCHEME_PKCS1, X509_SHA512, 0, false },
	{ { 0x0809, "rsa_pss_pss_sha256" }, SCHEME_PSS_PSS, X509_SHA256, 0, false },
	{ { 0x080A, "rsa_pss_pss_sha384" }, SCHEME_PSS_PSS, X509_SHA384, 0, false },
	{ { 0x080B, "rsa_pss_pss_sha512" }, SCHEME_PSS_PSS, X509_SHA512, 0, false },
	{ { 0x0303, "ecdsa_sha224" }, SCHEME_ECDSA, X509_SHA224, 0, true },
	{ { 0x0301, "rsa_pkcs1_sha224" }, SCHEME_PKCS1, X509_SHA224, 0, true },
	{ { 0x0203, "ecdsa_sha1" }, SCHEME_ECDSA, X509_SHA1, 0, true },
	{ { 0x0201, "rsa_pkcs1_sha1" }, SCHEME_PKCS1, X509_SHA1, 0, true },
	{ { 0x0101, "rsa_pkcs1_md5" }, SCHEME_PKCS1, X509_MD5, 0, true },
};

enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

/* Names of what we cannot verify. */
static const struct tls_name others[] = {
	{ 0x0102, "dsa_md5" },
	{ 0x0202, "dsa_sha1" },
	{ 0x0302, "dsa_sha224" },
	{ 0x0402, "dsa_sha256" },
	{ 0x0502, "dsa_sha384" },
	{ 0x0602, "dsa_sha512" },
	{ 0x0103, "ecdsa_md5" },
	{ 0x0420, "rsa_pkcs1_sha256_legacy" },
	{ 0x0520, "rsa_pkcs1_sha384_legacy" },
	{ 0x0620, "rsa_pkcs1_sha512_legacy" },
	{ 0x0704, "eccsi_sha256" },
	{ 0x0708, "sm2sig_sm3" },
	{ 0x0709, "gostr34102012_256a" },
	{ 0x081A, "ecdsa_brainpoolP256r1tls13_sha256" },
	{ 0x081B, "ecdsa_brainpoolP384r1tls13_sha384" },
	{ 0x081C, "ecdsa_brainpoolP512r1tls13_sha512" },
	{ 0x0904, "mldsa44" },
	{ 0x0905, "mldsa65" },
	{ 0x0906, "mldsa87" },
};

const struct scheme *
scheme_find(uint16_t id)
{
	for (size_t i = 0; i < SCHEMES; i++)
		if (schemes[i].name.id == id)
			return &schemes[i];
	return NULL;
}

const struct tls_name *
tls_scheme_at(size_t index)
{
	return index < SCHEMES ? &schemes[index].name : NULL;
}

const char *
tls_scheme_name(uint16_t id)
{
	const struct scheme *s = scheme_find(id);

	return s != NULL ? s->name.name : name_in(others, sizeof others / sizeof others[0], id);
}

bool
tls_scheme_by_name(struct str name, uint16_t *id)
{
	for (size_t i = 0; i < SCHEMES; i++)
		if (str_is_nocase(name, schemes[i].name.name)) {
			*id = schemes[i].name.id;
			return true;
		}
	return number_in(others, sizeof others / sizeof others[0], name, id);
}

size_t
scheme_defaults(unsigned min_version, unsigned max_version, bool legacy, uint16_t *ids, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < SCHEMES && n < max; i++) {
		if (schemes[i].legacy && (max_version < TLS_1_2 || (min_version >= TLS_1_2 && !legacy)))
			continue;
		/* MD5 signatures can be forged: only who names the scheme gets it */
		if (schemes[i].hash != X509_MD5)
			ids[n++] = schemes[i].name.id;
	}
	return n;
}

bool
scheme_fits(const struct scheme *s, unsigned version, const struct x509_key *key)
{
	size_t hash = hash_size(s->hash);

	switch (s->kind) {
	case SCHEME_PKCS1:
		/* RFC 8446 section 4.2.3: these "refer solely to signatures which appear in certificates ... and are
		 * not defined for use in signed TLS handshake messages" */
		return key->type == X509_KEY_RSA && version < TLS_1_3;
	case SCHEME_PSS_RSAE:
	case SCHEME_PSS_PSS:
		return key->type == (s->kind == SCHEME_PSS_RSAE ? X509_KEY_RSA : X509_KEY_RSA_PSS) &&
		    (key->bits + 6) / 8 >= 2 * hash + 2;
	case SCHEME_ECDSA:
		return key->type == X509_KEY_EC && (version < TLS_1_3 || (s->curve != 0 && s->curve == key->curve));
	case SCHEME_EDDSA:
		return key->type == (s->name.id == SCHEME_ED25519 ? X509_KEY_ED25519 : X509_KEY_ED448);
	}
	return false;
}

enum x509_hash
scheme_hash(const struct x509_key *key, uint16_t scheme)
{
	const struct scheme *s = scheme_find(scheme);

	if (s != NULL)
		return s->hash;
	return key->type == X509_KEY_EC ? X509_SHA1 : X509_MD5SHA1;
}

static int
unsupported_key(const struct x509_key *key, struct error *error)
{
	char *name = x509_key_text(key);

	fail(error, ERROR_TLS, TLS_UNSUPPORTED_KEY, "the server signs with a key that is not supported here: %s", name);
	free(name);
	return -1;
}

/* RFC 8032 signs the message itself: the parts in a row. */
static bool
verify_message(const struct x509_key *key, const struct str *parts, size_t n, struct str signature)
{
	struct buf message;
	bool good;

	buf_init(&message, 0);
	for (size_t i = 0; i < n; i++)
		buf_add(&message, parts[i].p, parts[i].n);
	good = x509_verify_eddsa(key, buf_str(&message), signature);
	buf_release(&message);
	return good;
}

/* s: NULL below TLS 1.2. */
static bool
verify(const struct x509_key *key, const struct scheme *s, const struct str *parts, size_t n, struct str signature)
{
	enum x509_hash h = scheme_hash(key, s != NULL ? s->name.id : 0);
	uint8_t digest[HASH_MAX];
	struct str hash = str_from(digest, hash_size(h));

	if (s != NULL && s->kind == SCHEME_EDDSA)
		return verify_message(key, parts, n, signature);
	hash_parts(h, parts, n, digest);
	if (key->type == X509_KEY_EC)
		return x509_verify_ecdsa(key, hash, signature);
	if (s != NULL && s->kind != SCHEME_PKCS1)
		return x509_verify_pss(key, h, hash, signature);
	return x509_verify_pkcs1(key, h, hash, signature);
}

/* "RSA", "ECDSA", "Ed25519" */
static const char *
signer_name(const struct x509_key *key)
{
	switch (key->type) {
	case X509_KEY_EC:
		return "ECDSA";
	case X509_KEY_ED25519:
		return "Ed25519";
	case X509_KEY_ED448:
		return "Ed448";
	default:
		return "RSA";
	}
}

int
scheme_verify(const struct x509_key *key, unsigned version, uint16_t scheme, const struct str *parts, size_t n,
    struct str signature, struct error *error)
{
	const struct scheme *s = scheme != 0 ? scheme_find(scheme) : NULL;

	if (!x509_key_usable(key))
		return unsupported_key(key, error);
	/* Before TLS 1.2 a signature is of RSA or ECDSA. */
	if (scheme != 0 ? s == NULL || !scheme_fits(s, version, key) :
			  key->type != X509_KEY_RSA && key->type != X509_KEY_EC)
		return fail(error, ERROR_TLS, TLS_WRONG_SCHEME,
		    "the server signed with %s, which does not fit its %s key in %s",
		    scheme != 0 ? tls_scheme_name(scheme) : hash_name(scheme_hash(key, 0)), signer_name(key),
		    tls_version_name(version));
	if (!verify(key, s, parts, n, signature))
		return fail(error, ERROR_TLS, TLS_BAD_SIGNATURE, "the server's %s signature is wrong",
		    scheme != 0 ? tls_scheme_name(scheme) : signer_name(key));
	return 0;
}

size_t
scheme_tls13_content(bool server, struct str transcript_hash, uint8_t out[SCHEME_TLS13_CONTENT_MAX])
{
	static const char *const context[2] = { "TLS 1.3, client CertificateVerify",
		"TLS 1.3, server CertificateVerify" };
	enum { SPACES = 64, CONTEXT = 33 };

	memset(out, ' ', SPACES);
	memcpy(out + SPACES, context[server], CONTEXT + 1);
	memcpy(out + SPACES + CONTEXT + 1, transcript_hash.p, transcript_hash.n);
	return SPACES + CONTEXT + 1 + transcript_hash.n;
}
