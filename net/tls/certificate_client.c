/* The request for our certificate, and the answer to it. */
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"

enum { NAMES_MAX = 64 * 1024 };

/* ---- the request ---- */
static size_t
schemes_from_pairs(struct str pairs, uint16_t *ids, size_t max)
{
	struct rd r = rd_str(pairs);
	size_t n = 0;

	while (rd_left(&r) >= 2 && n < max)
		ids[n++] = rd_u16(&r);
	return n;
}

static char *
names_of(struct str authorities)
{
	struct rd r = rd_str(authorities);
	struct str name;
	struct buf text;

	buf_init(&text, NAMES_MAX);
	while (certificate_authority_next(&r, &name)) {
		char *line = x509_name_text(name);

		buf_addf(&text, "%s%s", text.len > 0 ? "\n" : "", line);
		free(line);
	}
	return buf_take(&text);
}

static void
note_request(struct tls *t, struct str types, struct str schemes, struct str authorities)
{
	struct tls_info *i = &t->info;

	t->hs->requested = i->certificate_requested = true;
	i->sent_certificate = false;
	i->own_scheme = 0;
	i->n_requested_types = types.n < sizeof i->requested_types ? types.n : sizeof i->requested_types;
	memcpy(i->requested_types, types.n > 0 ? types.p : "", i->n_requested_types);
	i->n_requested_schemes = schemes_from_pairs(schemes, i->requested_schemes, TLS_MAX_SCHEMES);
	free(i->requested_names);
	i->requested_names = names_of(authorities);
}

/* ---- the choice ---- */
static void
note_ours(struct tls *t)
{
	const struct x509_cert *leaf = t->config.credentials->chain[0];
	char *key = x509_key_text(&leaf->key), *issuer = x509_issuer_text(leaf);

	free(t->info.own_certificate);
	t->info.own_certificate = str_printf("%s, issued by %s", key, issuer);
	free(key);
	free(issuer);
}

/* With which scheme; whether at all. The issuer is no reason: the list is advice (RFC 8446 section 4.4.2.3), and
 * whoever named the certificate may know better. */
static enum tls_unfit
judge_ours(struct tls *t, struct str types)
{
	const struct tls_credentials *c = t->config.credentials;
	const struct tls_info *i = &t->info;
	bool rsa = c->key->type == X509_KEY_RSA || c->key->type == X509_KEY_RSA_PSS;

	/* RFC 8422 section 5.5: ecdsa_sign stands for EdDSA, too. */
	if (types.n > 0 && str_find_char(types, rsa ? CERTIFICATE_TYPE_RSA_SIGN : CERTIFICATE_TYPE_ECDSA_SIGN) < 0)
		return TLS_UNFIT_TYPE;
	if (t->version < TLS_1_2)
		return c->key->type == X509_KEY_RSA || c->key->type == X509_KEY_EC ? TLS_FITS : TLS_UNFIT_VERSION;
	t->hs->own_scheme = credentials_choose_scheme(c, t->version, t->config.schemes, t->config.n_schemes,
	    i->requested_schemes, i->n_requested_schemes);
	return t->hs->own_scheme != 0 ? TLS_FITS : TLS_UNFIT_SCHEMES;
}

/* RFC 5246 section 7.4.6: if no suitable certificate is available, the client MUST send a certificate message
 * containing no certificates; RFC 8446 section 4.4.2 likewise. */
static void
choose_ours(struct tls *t, struct str types)
{
	if (t->config.credentials == NULL)
		return;
	note_ours(t);
	t->info.unfit = judge_ours(t, types);
	t->hs->have_credentials = t->info.unfit == TLS_FITS;
}

int
certificate_request_legacy(struct tls *t, struct str body, struct error *error)
{
	struct certificate_request m;

	if (!certificate_request_decode(&m, body, t->version))
		return refuse(error, TLS_DECODE_ERROR, "server's CertificateRequest message is malformed");
	note_request(t, m.types, m.schemes, m.authorities);
	choose_ours(t, m.types);
	return 0;
}

int
certificate_request_13(struct tls *t, struct str body, struct error *error)
{
	struct certificate_request m;
	struct extension_values v;

	if (!certificate_request_decode(&m, body, TLS_1_3))
		return refuse(error, TLS_DECODE_ERROR, "server's CertificateRequest message is malformed");
	/* RFC 8446 section 4.3.2: this field SHALL be zero length unless used for post-handshake authentication. */
	if (m.context.n > 0 && !t->hs->post_auth)
		return refuse(error, TLS_DECODE_ERROR,
		    "server's CertificateRequest has a context during the handshake");
	if (extensions_parse(t, &m.extensions, IN_REQUEST, &v, error) != 0)
		return -1;
	/* RFC 8446 section 4.3.2: the "signature_algorithms" extension MUST be specified. */
	if (!v.signature_algorithms)
		return refuse(error, TLS_MISSING_EXTENSION, "server's CertificateRequest has no signature_algorithms");
	note_request(t, STR(""), v.schemes, v.authorities);
	t->info.requested_later = t->hs->post_auth;
	buf_add_str(&t->hs->request_context, m.context);
	choose_ours(t, STR(""));
	return 0;
}

/* ---- the answer ---- */
int
build_certificate(struct tls *t, struct buf *body, struct error *error)
{
	const struct tls_credentials *c = t->config.credentials;
	struct certificate_message *m = mem_alloc(sizeof *m);

	(void)error;
	m->context = buf_str(&t->hs->request_context);
	if (t->hs->have_credentials)
		for (; m->n < c->n_chain && m->n < X509_MAX_CHAIN; m->n++)
			m->entry[m->n].der = str_from(c->chain[m->n]->der, c->chain[m->n]->der_len);
	t->info.sent_certificate = m->n > 0;
	certificate_encode(body, m, t->version >= TLS_1_3);
	free(m);
	return 0;
}

enum { SIGNED_MAX = SCHEME_TLS13_CONTENT_MAX };

/* What is signed: a digest (RFC 8446 section 4.4.3, RFC 5246 section 7.4.8, RFC 6101 section 5.6.8), or what it would
 * be of (RFC 8422 section 5.8). */
static struct str
verify_digest(struct tls *t, uint8_t digest[SIGNED_MAX])
{
	const struct x509_key *key = t->config.credentials->key;
	enum x509_hash h = scheme_hash(key, t->hs->own_scheme);

	if (t->version >= TLS_1_3) {
		uint8_t hash[HASH_MAX], content[SCHEME_TLS13_CONTENT_MAX];
		size_t n = transcript_hash(&t->hs->transcript, t->suite->prf, hash);
		struct str part = str_from(content, scheme_tls13_content(false, str_from(hash, n), content));

		if (credentials_sign_messages(t->config.credentials)) {
			memcpy(digest, content, part.n);
			return str_from(digest, part.n);
		}
		hash_parts(h, &part, 1, digest);
		return str_from(digest, hash_size(h));
	}
	if (credentials_sign_messages(t->config.credentials))
		return buf_str(&t->hs->messages);
	if (t->version == SSL_3_0) {
		prf_ssl3_certificate_verify(t->master, &t->hs->transcript, digest);
		return key->type == X509_KEY_EC ? str_from(digest + 16, 20) : str_from(digest, HASH_MD5SHA1_SIZE);
	}
	return str_from(digest, transcript_hash(&t->hs->transcript, h, digest));
}

int
build_certificate_verify(struct tls *t, struct buf *body, struct error *error)
{
	uint8_t digest[SIGNED_MAX], signature[CREDENTIALS_MAX_SIGNATURE];
	struct certificate_verify m = { .scheme = t->hs->own_scheme };

	if (t->hs->messages.full)
		return refuse(error, TLS_TOO_LARGE, "the handshake is too large to be signed");
	if (credentials_sign(t->config.credentials, t->hs->own_scheme, verify_digest(t, digest), &t->random, signature,
		&m.signature.n, error) != 0)
		return -1;
	t->info.own_scheme = t->hs->own_scheme;
	m.signature.p = (const char *)signature;
	certificate_verify_encode(body, &m, t->version);
	return 0;
}
