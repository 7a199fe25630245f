/* The server's chain, its key and its staple. */
#include "net/tls/message_certificate.h"

#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"

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

/* As it was sent, whatever can be read of it. */
static void
record_chain(struct tls *t, const struct certificate_message *m)
{
	drop_chain(t);
	t->info.chain = mem_alloc((m->n + 1) * sizeof(struct x509_cert *));
	for (size_t i = 0; i < m->n; i++)
		t->info.chain[t->info.n_chain++] = x509_cert_sent(m->entry[i].der);
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

static int
refuse_curve(struct tls *t, const struct x509_key *key, struct error *error)
{
	char *text = x509_key_text(key);

	refuse(error, TLS_WRONG_GROUP, "server's certificate has the key %s, whose curve was not offered", text);
	free(text);
	return add_offered(error, t->info.offered.groups, t->info.offered.n_groups, tls_group_name);
}

/* The leaf's key against the suite, the key usage and the curve rules. */
static int
check_server_key(struct tls *t, struct error *error)
{
	const struct x509_cert *leaf = t->info.chain[0];
	unsigned needed = t->suite->kx == KX_RSA ? X509_USAGE_ENCIPHER : X509_USAGE_SIGN;

	/* It is judged all the same: every reason is told. */
	if (x509_key_refused(leaf, NULL) != 0) {
		t->alert = ALERT_DECODE_ERROR;
		return judge_chain(t, error) != 0 ? -1 : x509_key_refused(leaf, error);
	}
	/* RFC 5246 section 7.4.2: the end entity certificate's public key MUST be compatible with the selected key
	 * exchange algorithm. */
	if (!key_type_fits(t->suite, leaf->key.type))
		return refuse_key_type(t, error);
	/* RFC 8422 section 5.3: the public key MUST use a curve and point format supported by the client. In TLS 1.3
	 * the signature scheme decides. */
	if (leaf->key.type == X509_KEY_EC && t->version < TLS_1_3 && extension_offered(t, EXT_SUPPORTED_GROUPS) &&
	    !group_offered(t, (uint16_t)leaf->key.curve))
		return refuse_curve(t, &leaf->key, error);
	/* RFC 5246 section 7.4.2: the keyEncipherment or digitalSignature bit MUST be set if the key usage extension is
	 * present. */
	if (leaf->has_usage && (leaf->usage & needed) == 0)
		return refuse(error, TLS_KEY_USAGE, "server's certificate is not for %s: its key usage lacks %s",
		    t->suite->kx == KX_RSA ? "RSA key exchange" : "signatures",
		    t->suite->kx == KX_RSA ? "keyEncipherment" : "digitalSignature");
	return 0;
}

static int
receive_chain(struct tls *t, const struct certificate_message *m, struct error *error)
{
	record_chain(t, m);
	if (m->left_out > 0) {
		t->alert = ALERT_BAD_CERTIFICATE;
		return fail(error, ERROR_LIMIT, X509_LIMIT,
		    "the server sent %zu certificates, more than %d, the limit here", m->n + m->left_out,
		    X509_MAX_CHAIN);
	}
	if (t->version >= TLS_1_3 && entry_extensions(t, m, error) != 0)
		return -1;
	return check_server_key(t, error);
}

int
server_certificate(struct tls *t, struct str body, struct error *error)
{
	struct certificate_message *m = mem_alloc(sizeof *m);
	bool tls13 = t->version >= TLS_1_3;
	int result;

	t->info.stage = TLS_STAGE_CERTIFICATE;
	if (!certificate_decode(m, body, tls13))
		result = refuse(error, TLS_DECODE_ERROR, "server's Certificate message is malformed");
	/* RFC 8446 section 4.4.2: in server authentication the certificate_request_context SHALL be zero length. */
	else if (m->context.n > 0)
		result = refuse(error, TLS_DECODE_ERROR, "server's Certificate message has a request context");
	/* RFC 8446 section 4.4.2.4: if the server supplies an empty Certificate message, the client MUST abort the
	 * handshake with a "decode_error" alert. */
	else if (m->n == 0)
		result = refuse(error, TLS_DECODE_ERROR, "server sent no certificate");
	else
		result = receive_chain(t, m, error);
	free(m);
	return result;
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
	if (error->kind == ERROR_LIMIT && t->alert == ALERT_NONE)
		t->alert = ALERT_CERTIFICATE_UNKNOWN;
	return -1;
}
