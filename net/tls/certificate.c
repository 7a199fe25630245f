/* The server's chain, its key and staple; the request for our certificate, and the answer to it. */
#include "net/tls/message_certificate.h"

#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"

enum { NAMES_MAX = 64 * 1024 };

/* ---- the server's chain ---- */
static void
replace(struct str *place, struct str s)
{
	free((void *)(uintptr_t)place->p);
	*place = s.n > 0 ? str_from(mem_dup(s.p, s.n), s.n) : (struct str){ NULL, 0 };
}

void
note_ocsp(struct tls *t, struct str response)
{
	replace(&t->info.ocsp_response, response);
}

void
note_sct(struct tls *t, struct str list)
{
	replace(&t->info.sct_list, list);
}

static void
drop_chain(struct tls *t)
{
	for (size_t i = 0; i < t->info.n_chain; i++)
		x509_cert_free(t->info.chain[i]);
	free(t->info.chain);
	t->info.chain = NULL;
	t->info.n_chain = 0;
}

static int
record_chain(struct tls *t, const struct certificate_message *m, struct error *error)
{
	drop_chain(t);
	t->info.chain = mem_alloc(m->n * sizeof(struct x509_cert *));
	for (size_t i = 0; i < m->n; i++) {
		struct x509_cert *c = x509_cert_new(m->entry[i].der, error);

		if (c == NULL) {
			t->alert = i == 0 ? ALERT_DECODE_ERROR : ALERT_BAD_CERTIFICATE;
			return -1;
		}
		t->info.chain[t->info.n_chain++] = c;
	}
	return 0;
}

/* TLS 1.3: what was asked for in the hello comes with the certificate it belongs to. */
static int
entry_extensions(struct tls *t, const struct certificate_message *m, struct error *error)
{
	for (size_t i = 0; i < m->n; i++) {
		struct extension_list list;
		struct extension_values v;

		if (!extension_list_decode(&list, m->entry[i].extensions))
			return refuse(error, TLS_DECODE_ERROR,
			    "the extensions of the server's certificate %zu are malformed", i);
		if (extensions_parse(t, &list, IN_CERTIFICATE, &v, error) != 0)
			return -1;
		if (i == 0 && v.status_request)
			note_ocsp(t, v.ocsp_response);
		if (i == 0 && v.sct)
			note_sct(t, v.sct_list);
	}
	return 0;
}

const struct x509_key *
server_key(const struct tls *t)
{
	return &t->info.chain[0]->key;
}

static bool
key_type_fits(const struct suite *s, enum x509_key_type type)
{
	bool rsa = type == X509_KEY_RSA || type == X509_KEY_RSA_PSS;

	switch (s->auth) {
	case AUTH_RSA:
		return s->kx == KX_RSA ? type == X509_KEY_RSA : rsa;
	case AUTH_ECDSA:
		/* RFC 8422 section 5.3: these suites go with EdDSA too; its schemes are judged when the server
		 * signs. */
		return type == X509_KEY_EC || type == X509_KEY_ED25519 || type == X509_KEY_ED448;
	case AUTH_ANY:
		break;
	}
	return true;
}

static int
refuse_key_type(struct tls *t, struct error *error)
{
	const struct x509_key *key = server_key(t);
	char *text = x509_key_text(key);

	if (key->type != X509_KEY_UNKNOWN && key->type != X509_KEY_DSA)
		refuse(error, TLS_WRONG_CERTIFICATE_TYPE, "server's certificate has the key %s, which %s cannot use",
		    text, t->suite->info.iana);
	else
		refuse(error, TLS_UNSUPPORTED_KEY, "server's certificate has the key %s, which httpsh cannot use",
		    text);
	free(text);
	return -1;
}

/* The leaf's key against the suite, the key usage and the curve rules. */
static int
check_server_key(struct tls *t, struct error *error)
{
	const struct x509_cert *leaf = t->info.chain[0];
	unsigned needed = t->suite->kx == KX_RSA ? X509_USAGE_ENCIPHER : X509_USAGE_SIGN;

	/* RFC 5246 section 7.4.2: the end entity certificate's public key MUST be compatible with the selected key
	 * exchange algorithm. */
	if (!key_type_fits(t->suite, leaf->key.type))
		return refuse_key_type(t, error);
	/* RFC 8422 section 5.3: the public key MUST use a curve and point format supported by the client. In TLS 1.3
	 * the signature scheme decides. */
	if (leaf->key.type == X509_KEY_EC && t->version < TLS_1_3 && extension_offered(t, EXT_SUPPORTED_GROUPS) &&
	    !group_offered(t, (uint16_t)leaf->key.curve))
		return refuse(error, TLS_WRONG_GROUP, "server's certificate is on the curve %s, which was not offered",
		    tls_group_name((uint16_t)leaf->key.curve));
	/* RFC 5246 section 7.4.2: the keyEncipherment or digitalSignature bit MUST be set if the key usage extension is
	 * present. */
	if (leaf->has_usage && (leaf->usage & needed) == 0)
		return refuse(error, TLS_KEY_USAGE, "server's certificate is not for %s: its key usage lacks %s",
		    t->suite->kx == KX_RSA ? "RSA key exchange" : "signatures",
		    t->suite->kx == KX_RSA ? "keyEncipherment" : "digitalSignature");
	return 0;
}

int
server_certificate(struct tls *t, struct str body, struct error *error)
{
	struct certificate_message *m = mem_alloc(sizeof *m);
	bool tls13 = t->version >= TLS_1_3;
	int result;

	if (!certificate_decode(m, body, tls13))
		result = refuse(error, TLS_DECODE_ERROR, "server's Certificate message is malformed");
	/* RFC 8446 section 4.4.2: in server authentication the certificate_request_context SHALL be zero length. */
	else if (m->context.n > 0)
		result = refuse(error, TLS_DECODE_ERROR, "server's Certificate message has a request context");
	/* RFC 8446 section 4.4.2.4: if the server supplies an empty Certificate message, the client MUST abort the
	 * handshake with a "decode_error" alert. */
	else if (m->n == 0)
		result = refuse(error, TLS_DECODE_ERROR, "server sent no certificate");
	else if (tls13 && entry_extensions(t, m, error) != 0)
		result = -1;
	else
		result = record_chain(t, m, error);
	free(m);
	t->info.stage = TLS_STAGE_CERTIFICATE;
	return result != 0 ? -1 : check_server_key(t, error);
}

int
judge_chain(struct tls *t, struct error *error)
{
	if (t->hooks.judge == NULL)
		return 0;
	if (t->hooks.judge(t->hooks.context, t->info.chain, t->info.n_chain, t->info.ocsp_response, t->info.sct_list,
		error) == 0)
		return 0;
	if (error->kind == ERROR_NONE)
		fail(error, ERROR_CERTIFICATE, X509_OK, "the server's certificate was not accepted");
	return -1;
}

/* ---- ours ---- */
void
note_request(struct tls *t, struct str types, struct str authorities)
{
	struct tls_info *i = &t->info;
	struct rd r = rd_str(authorities);
	struct str name;
	struct buf text;

	i->n_requested_types = types.n < sizeof i->requested_types ? types.n : sizeof i->requested_types;
	memcpy(i->requested_types, types.n > 0 ? types.p : "", i->n_requested_types);
	i->n_requested_schemes = t->hs->n_peer_schemes;
	memcpy(i->requested_schemes, t->hs->peer_schemes, sizeof i->requested_schemes);
	buf_init(&text, NAMES_MAX);
	while (certificate_authority_next(&r, &name)) {
		struct x509_cert holder = { .subject = name }; /* x509_subject_text() looks at nothing else */
		char *line = x509_subject_text(&holder);

		buf_addf(&text, "%s%s", text.len > 0 ? "\n" : "", line);
		free(line);
	}
	free(i->requested_names);
	i->requested_names = buf_take(&text);
}

size_t
schemes_from_pairs(struct str pairs, uint16_t *ids, size_t max)
{
	struct rd r = rd_str(pairs);
	size_t n = 0;

	while (rd_left(&r) >= 2 && n < max)
		ids[n++] = rd_u16(&r);
	return n;
}

int
choose_credentials(struct tls *t, struct str types, struct error *error)
{
	const struct tls_credentials *c = t->config.credentials;
	struct handshake *hs = t->hs;
	bool ec;

	hs->requested = t->info.certificate_requested = true;
	if (c == NULL)
		return 0;
	/* Without the certificate the user named nothing would be as asked for: better say so. */
	ec = c->key->type == X509_KEY_EC;
	if (types.n > 0 && str_find_char(types, ec ? CERTIFICATE_TYPE_ECDSA_SIGN : CERTIFICATE_TYPE_RSA_SIGN) < 0)
		return refuse(error, TLS_NO_COMMON, "server accepts no client certificate with an %s key",
		    ec ? "EC" : "RSA");
	if (t->version < TLS_1_2 && c->key->type == X509_KEY_RSA_PSS)
		return refuse(error, TLS_NO_COMMON,
		    "the client certificate's RSASSA-PSS key can sign from TLS 1.2 on, and the server chose %s",
		    tls_version_name(t->version));
	if (t->version >= TLS_1_2) {
		hs->own_scheme = credentials_choose_scheme(c, t->version, hs->peer_schemes, hs->n_peer_schemes, error);
		if (hs->own_scheme == 0)
			return -1;
	}
	hs->have_credentials = true;
	return 0;
}

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

/* What is signed, as a digest (RFC 8446 section 4.4.3, RFC 5246 section 7.4.8, RFC 6101 section 5.6.8). */
static struct str
verify_digest(struct tls *t, uint8_t digest[HASH_MAX])
{
	const struct x509_key *key = t->config.credentials->key;
	enum x509_hash h = scheme_hash(key, t->hs->own_scheme);

	if (t->version >= TLS_1_3) {
		uint8_t hash[HASH_MAX], content[SCHEME_TLS13_CONTENT_MAX];
		size_t n = transcript_hash(&t->hs->transcript, t->suite->prf, hash);
		struct str part = str_from(content, scheme_tls13_content(false, str_from(hash, n), content));

		hash_parts(h, &part, 1, digest);
		return str_from(digest, hash_size(h));
	}
	if (t->version == SSL_3_0) {
		prf_ssl3_certificate_verify(t->master, &t->hs->transcript, digest);
		return key->type == X509_KEY_EC ? str_from(digest + 16, 20) : str_from(digest, HASH_MD5SHA1_SIZE);
	}
	return str_from(digest, transcript_hash(&t->hs->transcript, h, digest));
}

int
build_certificate_verify(struct tls *t, struct buf *body, struct error *error)
{
	uint8_t digest[HASH_MAX], signature[CREDENTIALS_MAX_SIGNATURE];
	struct certificate_verify m = { .scheme = t->hs->own_scheme };

	if (credentials_sign(t->config.credentials, t->hs->own_scheme, verify_digest(t, digest), &t->random, signature,
		&m.signature.n, error) != 0)
		return -1;
	m.signature.p = (const char *)signature;
	certificate_verify_encode(body, &m, t->version);
	return 0;
}
