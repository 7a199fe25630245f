/*
 * Path building and validation (RFC 5280 section 6.1): a depth-first search from the leaf over anchors and the other
 * certificates, in any order. The first path without a reason against it is taken; else the one that failed best is told.
 */
#include <stdlib.h>
#include <string.h>

#include "net/x509/judge.h"

enum { MAX_DEPTH = 20, MAX_STEPS = 2000, MAX_REASONS = 64 };

struct search {
	const struct x509_policy *policy;
	struct x509_cert *const *chain;
	size_t n;
	struct x509_verdict *verdict;        /* the best so far */
	bool found, any;
	unsigned signatures, steps, comparisons;
	bool exhausted;
	int8_t signed_by[X509_MAX_CHAIN][X509_MAX_CHAIN];    /* 0 unknown, 1 yes, -1 no */
	struct x509_path path;
};

void
reasons_add(struct reasons *r, enum x509_fault fault, int index, char *text)
{
	if (r->n == MAX_REASONS) {
		free(text);
		return;
	}
	r->items = mem_resize(r->items, (r->n + 1) * sizeof(*r->items));
	r->items[r->n++] = (struct x509_reason){ fault, index, text };
}

static void
reasons_release(struct reasons *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->items[i].text);
	free(r->items);
	*r = (struct reasons){ NULL, 0 };
}

void
x509_verdict_release(struct x509_verdict *v)
{
	struct reasons r = { v->reasons, v->n_reasons };

	reasons_release(&r);
	free(v->anchor);
	free(v->staple_text);
	*v = (struct x509_verdict){ .n_reasons = 0 };
}

/* How bad a set of reasons is: fewer is better, and a path that reaches an anchor beats one that does not. */
static size_t
badness(const struct x509_verdict *v)
{
	return v->n_reasons + (v->anchor == NULL ? 1000 : 0);
}

/* RFC 7469 section 2.6: what the server sends besides the validated chain does not count. */
static bool
pin_matches(const struct x509_policy *policy, const struct x509_path *path)
{
	bool matches = false;

	for (size_t i = 0; i < path->n && !matches; i++) {
		char *pin = x509_pin_text(path->certs[i]);

		for (size_t k = 0; k < policy->n_pins && !matches; k++)
			matches = strcmp(pin, policy->pins[k]) == 0;
		free(pin);
	}
	return matches;
}

/* Judges the path as it stands and keeps it when it is the best so far. */
static void
offer(struct search *s)
{
	struct reasons reasons = { NULL, 0 };
	struct x509_verdict v = { .n_reasons = 0 };

	path_check(&s->path, s->policy, &s->comparisons, &reasons);
	if (s->policy->n_pins > 0 && !pin_matches(s->policy, &s->path))
		reasons_add(&reasons, X509_PIN_MISMATCH, 0, str_dup(STR("no certificate of its path has a pinned key")));
	if (s->comparisons > X509_MAX_COMPARISONS) {
		s->exhausted = true;
		reasons_add(&reasons, X509_TOO_MUCH_WORK, -1, str_dup(STR("comparing its names with the name constraints takes too long")));
	}
	v.reasons = reasons.items;
	v.n_reasons = reasons.n;
	v.n_path = s->path.n;
	for (size_t i = 0; i < s->path.n && i < X509_MAX_CHAIN; i++)
		v.path[i] = s->path.index[i];
	if (s->path.anchored)
		v.anchor = x509_subject_text(s->path.certs[s->path.n - 1]);
	if (s->any && badness(s->verdict) <= badness(&v)) {
		x509_verdict_release(&v);
		return;
	}
	x509_verdict_release(s->verdict);
	*s->verdict = v;
	s->any = true;
	s->found = v.n_reasons == 0;
}

static bool
issued(struct search *s, const struct x509_cert *child, int child_index, const struct x509_cert *issuer, int issuer_index)
{
	int8_t *known = child_index >= 0 && issuer_index >= 0 ? &s->signed_by[child_index][issuer_index] : NULL;
	bool ok;

	if (known != NULL && *known != 0)
		return *known > 0;
	if (s->signatures >= X509_MAX_SIGNATURES) {
		s->exhausted = true;
		return false;
	}
	s->signatures++;
	ok = x509_signed_by(&issuer->key, &child->more->algorithm, child->tbs, child->more->signature);
	if (known != NULL)
		*known = ok ? 1 : -1;
	return ok;
}

/* An issuer that was met on the path already leads nowhere new. */
static bool
on_path(const struct x509_path *p, const struct x509_cert *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (memcmp(p->certs[i]->sha256, c->sha256, sizeof(c->sha256)) == 0 ||
		    (str_eq(p->certs[i]->spki, c->spki) && x509_name_eq(p->certs[i]->subject, c->subject)))
			return true;
	return false;
}

static void extend(struct search *s);

static void
push(struct search *s, const struct x509_cert *c, int index, bool verified)
{
	struct x509_path *p = &s->path;

	p->certs[p->n] = c;
	p->index[p->n] = index;
	p->verified[p->n] = verified;      /* that the certificate below is signed by this one */
	p->n++;
}

static bool
try_anchor(void *context, const struct x509_cert *anchor)
{
	struct search *s = context;
	struct x509_path *p = &s->path;
	const struct x509_cert *child = p->certs[p->n - 1];

	if (memcmp(anchor->sha256, child->sha256, sizeof(anchor->sha256)) == 0)
		return true;          /* seen by extend() */
	push(s, anchor, -1, issued(s, child, p->index[p->n - 1], anchor, -1));
	p->anchored = true;
	offer(s);
	p->anchored = false;
	p->n--;
	return !s->found && !s->exhausted;
}

static bool
is_anchor_itself(void *context, const struct x509_cert *anchor)
{
	struct search *s = context;

	s->path.anchored = s->path.anchored ||
	    memcmp(anchor->sha256, s->path.certs[s->path.n - 1]->sha256, sizeof(anchor->sha256)) == 0;
	return !s->path.anchored;
}

/* Candidates whose key identifier fits and that are valid now come first. */
static int
rank(const struct search *s, const struct x509_cert *child, const struct x509_cert *c)
{
	int points = 0;

	if (child->more->aki.n > 0 && c->more->ski.n > 0)
		points += str_eq(child->more->aki, c->more->ski) ? 2 : -2;
	if (s->policy->now >= c->not_before && s->policy->now <= c->not_after)
		points += 1;
	return points;
}

static void
try_intermediates(struct search *s)
{
	struct x509_path *p = &s->path;
	const struct x509_cert *child = p->certs[p->n - 1];

	for (int points = 3; points >= -2 && !s->found && !s->exhausted; points--)
		for (size_t i = 1; i < s->n && !s->found && !s->exhausted; i++) {
			const struct x509_cert *c = s->chain[i];

			if (rank(s, child, c) != points || !x509_name_eq(child->issuer, c->subject) || on_path(p, c))
				continue;
			push(s, c, (int)i, issued(s, child, p->index[p->n - 1], c, (int)i));
			/* what cannot be verified here is told as that, not as the end of the path; it is never accepted */
			if (p->verified[p->n - 1] || !x509_key_usable(&c->key) || child->more->algorithm.kind == SIGNATURE_UNKNOWN)
				extend(s);
			else
				offer(s);
			p->n--;
		}
}

/* Goes on from the last certificate of the path. */
static void
extend(struct search *s)
{
	struct x509_path *p = &s->path;
	const struct x509_cert *last = p->certs[p->n - 1];

	if (++s->steps > MAX_STEPS) {
		s->exhausted = true;
		return;
	}
	x509_store_each(s->policy->anchors, last->subject, is_anchor_itself, s);
	if (p->anchored) {
		offer(s);
		p->anchored = false;
		if (s->found)
			return;
	}
	x509_store_each(s->policy->anchors, last->issuer, try_anchor, s);
	if (!s->found && !s->exhausted && p->n < MAX_DEPTH)
		try_intermediates(s);
	if (!s->found)
		offer(s);
}

static int
refused(const struct x509_cert *leaf, const struct x509_verdict *v, struct error *error)
{
	char *subject = leaf != NULL ? x509_subject_text(leaf) : str_dup(STR(""));

	fail(error, ERROR_CERTIFICATE, (int)v->reasons[0].fault, "the certificate%s%s is refused: %s%s", subject[0] != '\0' ? " of " : "",
	    subject, v->reasons[0].text, v->n_reasons > 1 ? " (and more)" : "");
	free(subject);
	return -1;
}

int
x509_judge(struct x509_cert *const *chain, size_t n, const struct x509_policy *policy,
    struct x509_verdict *verdict, struct error *error)
{
	struct reasons all = { NULL, 0 };
	struct search *s;

	*verdict = (struct x509_verdict){ .n_reasons = 0 };
	if (n == 0) {
		reasons_add(&all, X509_EMPTY_CHAIN, -1, str_dup(STR("the server sent no certificate")));
		verdict->reasons = all.items;
		verdict->n_reasons = all.n;
		return refused(NULL, verdict, error);
	}
	s = mem_alloc(sizeof(*s));
	s->policy = policy;
	s->chain = chain;
	s->n = n < X509_MAX_CHAIN ? n : X509_MAX_CHAIN;
	s->verdict = verdict;
	push(s, chain[0], 0, true);
	extend(s);
	if (!s->any)
		offer(s);
	all = (struct reasons){ verdict->reasons, verdict->n_reasons };
	if (s->exhausted && !s->found)
		reasons_add(&all, X509_TOO_MUCH_WORK, -1, str_dup(STR("finding a path takes more work than is allowed")));
	staple_judge(chain, s->n, policy, verdict, &all);
	verdict->reasons = all.items;
	verdict->n_reasons = all.n;
	verdict->signatures = s->signatures;
	free(s);
	return verdict->n_reasons == 0 ? 0 : refused(chain[0], verdict, error);
}
