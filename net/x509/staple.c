/* The stapled OCSP response as a part of the judgement: who issued the leaf, what the staple says, what follows. */
#include <stdlib.h>

#include "net/x509/judge.h"
#include "net/x509/ocsp.h"

struct issuer_search {
	const struct x509_cert *leaf, *found;
	struct work *work;
	unsigned tried;
};

/* Goes on until the issuer is found. */
static bool
try_issuer(void *context, const struct x509_cert *candidate)
{
	struct issuer_search *s = context;
	const struct x509_cert *leaf = s->leaf;

	if (!x509_name_eq(&leaf->more->issuer, &candidate->more->subject) || s->tried == OCSP_MAX_ISSUERS)
		return true;
	s->tried++;
	if (x509_signed_by(&candidate->key, &leaf->more->algorithm, leaf->tbs, leaf->more->signature, s->work))
		s->found = candidate;
	return s->found == NULL;
}

/* The path knows it, unless it ended too early. */
static const struct x509_cert *
issuer_of(struct x509_cert *const *chain, size_t n, const struct x509_path *path, const struct x509_policy *policy,
    struct work *work)
{
	struct issuer_search s = { .leaf = chain[0], .work = work };

	if (path->n > 1 && path->verified[1])
		return path->certs[1];
	for (size_t i = 1; i < n && s.found == NULL; i++)
		try_issuer(&s, chain[i]);
	if (s.found == NULL)
		x509_store_each(policy->anchors, &chain[0]->more->issuer, work, try_issuer, &s);
	return s.found;
}

/* RFC 7633 section 4.2.3: a certificate with the TLS feature status_request must come with a response. */
static void
check_demand(const struct x509_verdict *v, struct reasons *out)
{
	if (v->staple == X509_STAPLE_NONE)
		reasons_add(out, X509_STAPLE, 0,
		    str_dup(STR("it must come with a stapled OCSP response (must-staple) and the server sent none")));
	else if (v->staple != X509_STAPLE_GOOD && v->staple != X509_STAPLE_REVOKED)
		reasons_add(out, X509_STAPLE, 0,
		    str_printf("it must come with a good stapled OCSP response (must-staple) and the one sent is not: "
			       "%s",
			v->staple_text));
}

void
staple_judge(struct x509_cert *const *chain, size_t n, const struct x509_path *path, const struct x509_policy *policy,
    struct work *work, struct x509_verdict *v, struct reasons *out)
{
	if (policy->staple.n > 0)
		v->staple = ocsp_judge(policy->staple, chain[0], issuer_of(chain, n, path, policy, work), policy, work,
		    &v->staple_text);
	if (policy->staple_ignored)
		return;
	if (v->staple == X509_STAPLE_REVOKED)
		reasons_add(out, X509_REVOKED, 0, str_printf("it is %s (stapled OCSP response)", v->staple_text));
	if (chain[0]->more->must_staple && (policy->staple_asked || policy->staple.n > 0))
		check_demand(v, out);
}

const char *
x509_staple_name(enum x509_staple staple)
{
	static const char *const names[] = { "none", "good", "revoked", "unknown", "invalid" };

	return names[staple];
}
