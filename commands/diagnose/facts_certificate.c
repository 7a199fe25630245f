/* The facts of a connection that are about certificates: the server's, what was stapled to it, the client's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/private.h"
#include "net/x509/ocsp.h"
#include "net/x509/sct.h"

static const char no_log_list[] = "(the signature is not verified: no list of logs is kept here)";

/* RFC 5280 section 4.2.1.3 */
static void
add_usage_bits(struct buf *text, const struct x509_cert *leaf)
{
	static const struct {
		unsigned bit;
		const char *name;
	} bits[] = {
		{ X509_USAGE_SIGN, "digitalSignature" },
		{ X509_USAGE_ENCIPHER, "keyEncipherment" },
		{ X509_USAGE_AGREE, "keyAgreement" },
		{ X509_USAGE_CERT_SIGN, "keyCertSign" },
		{ X509_USAGE_CRL_SIGN, "cRLSign" },
	};

	if (!leaf->has_usage)
		buf_add_str(text, STR(" any"));
	for (size_t k = 0; leaf->has_usage && k < sizeof bits / sizeof *bits; k++)
		if ((leaf->usage & bits[k].bit) != 0)
			buf_addf(text, " %s", bits[k].name);
}

/* The leaf's key, and whether its keyUsage allows what this key exchange does with it. */
static void
add_key(struct facts *f, const struct x509_cert *leaf, uint16_t suite)
{
	bool enciphers = facts_is_rsa_key_exchange(suite);
	bool allowed = !leaf->has_usage || (leaf->usage & (enciphers ? X509_USAGE_ENCIPHER : X509_USAGE_SIGN)) != 0;
	char *key = x509_own_key_text(leaf);
	struct buf text;

	buf_init(&text, 0);
	buf_addf(&text, "%s, key usage", key);
	add_usage_bits(&text, leaf);
	buf_addf(&text, ": %s %s", allowed ? "allows" : "DOES NOT ALLOW",
	    enciphers ? "to decrypt the premaster secret" : "to sign the handshake");
	free(key);
	facts_add(f, "server key", buf_take(&text));
}

/* What was asked for, and what ours is: where they do not fit, nothing was sent. */
static void
add_client_certificate(struct facts *f, const struct tls_info *i)
{
	static const char *const unfit[] = { [TLS_FITS] = "",
		[TLS_UNFIT_TYPE] = ": the key of ours is of none of the types asked for",
		[TLS_UNFIT_SCHEMES] = ": the key of ours can sign with none of the schemes asked for",
		[TLS_UNFIT_VERSION] = ": the key of ours can sign from TLS 1.2 on" };
	struct str names = str_of(i->requested_names);
	struct buf text;

	if (!i->certificate_requested)
		return;
	buf_init(&text, 0);
	buf_addf(&text, "requested%s, %s%s", i->requested_later ? " after the handshake" : "",
	    i->sent_certificate ? "sent" : "not sent", unfit[i->unfit]);
	for (size_t k = 0; k < i->n_requested_types; k++)
		buf_addf(&text, "%s %s", k == 0 ? "; types" : "", tls_certificate_type_name(i->requested_types[k]));
	facts_add(f, "client cert", buf_take(&text));
	if (i->own_certificate != NULL)
		facts_add(f, "ours",
		    str_printf("%s%s%s", i->own_certificate, i->own_scheme != 0 ? ", signed with " : "",
			i->own_scheme != 0 ? tls_scheme_name(i->own_scheme) : ""))
		    ->part = true;
	facts_add_ids(f, "accepts", i->requested_schemes, i->n_requested_schemes, tls_scheme_name);
	facts_add(f, "issuers", str_dup(names.n > 0 ? str_cut(&names, '\n') : STR("any")))->part = true;
	while (names.n > 0)
		facts_add(f, "", str_dup(str_cut(&names, '\n')));
}

/* ---- what was stapled ---- */
void
facts_of_timestamps(const char *label, struct str list, struct facts *f)
{
	struct sct scts[SCT_MAX];
	int n = list.n > 0 ? sct_decode_list(list, scts) : 0;

	if (n < 0)
		facts_add(f, label, str_printf("malformed, %zu bytes", list.n));
	for (int i = 0; i < n; i++)
		facts_add(f, label, sct_text(&scts[i]));
	if (n > 0)
		facts_add(f, "", str_dup(str_of(no_log_list)));
}

/* Who answered, and what, when that could not be believed. */
static void
add_answer(struct facts *f, const struct ocsp_response *r, bool believed)
{
	static const char *const status[] = { "good", "revoked", "unknown" };
	char *at = x509_time_text(r->produced_at), *responder = ocsp_responder_text(r);

	facts_add(f, "", str_printf("by %s at %s", responder, at));
	free(responder);
	free(at);
	for (size_t i = 0; i < r->n_singles && !believed; i++) {
		at = x509_time_text(r->singles[i].this_update);
		facts_add(f, "", str_printf("it says %s from %s", status[r->singles[i].status], at));
		free(at);
	}
}

void
facts_of_staples(const struct connection *c, struct facts *f)
{
	const struct tls_info *info = connection_tls(c);
	const struct x509_verdict *v = &c->verdict;
	bool believed = v->staple == X509_STAPLE_GOOD || v->staple == X509_STAPLE_REVOKED;
	struct ocsp_response *r = mem_alloc(sizeof *r);

	if (info->ocsp_response.n > 0) {
		bool decoded = ocsp_decode(info->ocsp_response, r) && r->status == 0;

		facts_add(f, "OCSP",
		    str_printf("%s%s%s", believed ? "" : x509_staple_name(v->staple), believed ? "" : ": ",
			v->staple_text != NULL ? v->staple_text : "not judged"));
		if (decoded)
			add_answer(f, r, believed);
		for (size_t i = 0; decoded && i < r->n_singles; i++)
			facts_of_timestamps("SCT (OCSP)", r->singles[i].sct_list, f);
	}
	facts_of_timestamps("SCT (TLS)", info->sct_list, f);
	free(r);
}

void
facts_of_certificate(struct facts *f, const struct connection *c, const struct tls_info *i)
{
	size_t n;
	struct x509_cert *const *chain = connection_chain(c, &n);

	if (n > 0)
		facts_add(f, "certificate",
		    str_printf("%zu%s, %s%s%s%s", n, i->resumed ? " of the first connection" : " sent",
			c->accepted                       ? "accepted" :
			    c->judged || c->first != NULL ? "refused" :
							    "not judged",
			c->trust != NULL ? " (" : "", c->trust != NULL ? c->trust : "", c->trust != NULL ? ")" : ""));
	if (n > 0 && i->suite != 0)
		add_key(f, chain[0], i->suite);
	facts_of_staples(c, f);
	add_client_certificate(f, i);
	if (i->ticket)
		facts_add(f, "session", str_printf("ticket, lifetime %" PRIu32 " s", i->ticket_lifetime));
}
