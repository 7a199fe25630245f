/* Whether a stapled response may be believed (RFC 6960 section 3.2), and what it says. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/ocsp.h"

/* The contents of subjectPublicKey, which KeyHash and issuerKeyHash are of. */
static struct str
key_bits(const struct x509_cert *c)
{
	struct rd r = rd_str(c->spki), outer = der_enter(&r, DER_SEQUENCE);

	der_element(&outer, DER_SEQUENCE);
	return der_bits(&outer);
}

static bool
hash_is(enum x509_hash h, struct str of, struct str expected)
{
	uint8_t digest[HASH_MAX];

	hash_parts(h, &of, 1, digest);
	return str_eq(expected, str_from(digest, hash_size(h)));
}

static bool
ocsp_is_about(const struct ocsp_single *s, const struct x509_cert *leaf, const struct x509_cert *issuer)
{
	if (s->hash < 0 || !str_eq(s->serial, leaf->serial))
		return false;
	return (hash_is((enum x509_hash)s->hash, leaf->issuer, s->name_hash) ||
		   hash_is((enum x509_hash)s->hash, issuer->subject, s->name_hash)) &&
	    hash_is((enum x509_hash)s->hash, key_bits(issuer), s->key_hash);
}

struct signer {
	const struct ocsp_response *response;
	struct x509_name name; /* of the responder, when it is named */
	const struct x509_policy *policy;
	struct work *work;
};

static bool
is_responder(const struct signer *s, const struct x509_cert *c)
{
	return s->response->name.n > 0 ? x509_name_eq(&s->name, &c->more->subject) :
					 hash_is(X509_SHA1, key_bits(c), s->response->key_hash);
}

static bool
strong(const struct signature_algorithm *a, const struct x509_cert *signer, const struct x509_policy *policy)
{
	unsigned least = policy->min_rsa_bits != 0 ? policy->min_rsa_bits : X509_MIN_RSA_BITS;

	return a->hash != X509_MD5 && (a->hash != X509_SHA1 || policy->allow_sha1) &&
	    ((signer->key.type != X509_KEY_RSA && signer->key.type != X509_KEY_RSA_PSS) || signer->key.bits >= least);
}

/* Section 4.2.2.2: a certificate "issued directly by the CA" with id-kp-OCSPSigning. NULL when authorised, else why
 * not. */
static const char *
delegate_refused(const struct signer *s, const struct x509_cert *c, const struct x509_cert *issuer)
{
	if (!x509_name_eq(&c->more->issuer, &issuer->more->subject))
		return "its signer's certificate is not by the issuer of the server's";
	if (!c->has_eku || !c->more->ocsp_signing)
		return "its signer's certificate does not have the extended key usage OCSPSigning";
	if (c->has_usage && (c->usage & X509_USAGE_SIGN) == 0)
		return "its signer's keyUsage does not allow signatures";
	if (s->policy->now < c->not_before || s->policy->now > c->not_after)
		return "its signer's certificate is not valid now";
	if (c->more->broken)
		return "its signer's certificate is broken";
	if (!strong(&c->more->algorithm, issuer, s->policy))
		return "its signer's certificate has a weak signature";
	if (!x509_signed_by(&issuer->key, &c->more->algorithm, c->tbs, c->more->signature, s->work))
		return "its signer's certificate is not by the issuer of the server's";
	return NULL;
}

static const char *
signature_refused(const struct signer *s, const struct x509_cert *signer)
{
	const struct ocsp_response *r = s->response;
	struct signature_algorithm a = x509_signature_algorithm(r->algorithm);

	if (a.kind == SIGNATURE_UNKNOWN)
		return "its signature's algorithm is not supported here";
	if (!strong(&a, signer, s->policy))
		return "its signature is weak";
	return x509_signed_by(&signer->key, &a, r->tbs, r->signature, s->work) ? NULL : "its signature is wrong";
}

/* Section 4.2.2.2: the issuer itself, or one it delegated to. NULL when the signature counts. */
static const char *
signer_refused(const struct signer *s, const struct x509_cert *issuer)
{
	const struct ocsp_response *r = s->response;
	const char *why = "its signer is neither the issuer of the certificate nor one with a certificate by it";

	if (is_responder(s, issuer))
		why = signature_refused(s, issuer);
	for (size_t i = 0; i < r->n_certs && why != NULL; i++) {
		struct x509_cert *c = x509_cert_new(r->certs[i], NULL);

		if (c != NULL && is_responder(s, c) && !str_eq(c->spki, issuer->spki)) {
			why = delegate_refused(s, c, issuer);
			if (why == NULL)
				why = signature_refused(s, c);
		}
		x509_cert_free(c);
	}
	return work_spend(s->work, 0) ? why : "checking its signature takes too much work";
}

/* The answer about leaf; the first that says revoked wins over others. */
static const struct ocsp_single *
answer(const struct ocsp_response *r, const struct x509_cert *leaf, const struct x509_cert *issuer)
{
	const struct ocsp_single *found = NULL;

	for (size_t i = 0; i < r->n_singles; i++)
		if (ocsp_is_about(&r->singles[i], leaf, issuer) &&
		    (found == NULL || r->singles[i].status == OCSP_REVOKED))
			found = &r->singles[i];
	return found;
}

/* Section 4.2.2.1: thisUpdate and nextUpdate. NULL when it is fresh; else a sentence. */
static char *
stale(const struct ocsp_single *s, int64_t now)
{
	int64_t until = s->next_update != 0 ? s->next_update : s->this_update + OCSP_MAX_AGE;
	char *span, *text = NULL;

	if (s->this_update > now + OCSP_SKEW) {
		span = x509_span_text(s->this_update - now);
		text = str_printf("it is from the future: it begins in %s", span);
	} else if (until < s->this_update || until < now - OCSP_SKEW) {
		span = x509_span_text(now - until);
		text = str_printf("it is out of date: it ended %s ago", span);
	} else {
		return NULL;
	}
	free(span);
	return text;
}

static enum x509_staple
invalid(char **text, const char *why)
{
	*text = str_dup(str_of(why));
	return X509_STAPLE_INVALID;
}

static enum x509_staple
told(const struct ocsp_single *s, char **text)
{
	const char *reason = ocsp_reason_name(s->reason);
	char *at, *until;

	if (s->status == OCSP_REVOKED) {
		at = x509_time_text(s->revoked_at);
		*text = str_printf("revoked since %s%s%s", at, reason != NULL ? ", reason " : "",
		    reason != NULL ? reason : "");
		free(at);
		return X509_STAPLE_REVOKED;
	}
	if (s->status == OCSP_UNKNOWN) {
		*text = str_dup(STR("the responder does not know this certificate"));
		return X509_STAPLE_UNKNOWN;
	}
	at = x509_time_text(s->this_update);
	until = s->next_update != 0 ? x509_time_text(s->next_update) : str_dup(STR("the next one"));
	*text = str_printf("good, from %s until %s", at, until);
	free(at);
	free(until);
	return X509_STAPLE_GOOD;
}

enum x509_staple
ocsp_judge(struct str staple, const struct x509_cert *leaf, const struct x509_cert *issuer,
    const struct x509_policy *policy, struct work *work, char **text)
{
	struct ocsp_response r;
	struct signer signer = { &r, { .hash = 0 }, policy, work };
	const struct ocsp_single *single;
	const char *why;

	if (!ocsp_decode(staple, &r))
		return invalid(text, "it cannot be decoded");
	if (r.status != 0) {
		*text = str_printf("the responder answered %s", ocsp_status_name(r.status));
		return X509_STAPLE_INVALID;
	}
	if (issuer == NULL)
		return invalid(text, "the issuer of the certificate is not known, so that nobody's signature counts");
	single = answer(&r, leaf, issuer);
	if (single == NULL)
		return invalid(text, "it is about another certificate");
	if (r.name.n > 0)
		x509_name_read(r.name, &signer.name);
	why = signer_refused(&signer, issuer);
	x509_name_release(&signer.name);
	if (why == NULL && (r.critical || single->critical))
		why = "it has a critical extension that is unknown here";
	if (why != NULL)
		return invalid(text, why);
	*text = stale(single, policy->now);
	return *text != NULL ? X509_STAPLE_INVALID : told(single, text);
}
