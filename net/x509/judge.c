/*
 * Path building and validation (RFC 5280 section 6.1): a depth-first search from the leaf over anchors and the other
 * certificates, in any order. The first path without a reason against it is taken; else the one that failed best is
 * told.
 */
#include <stdlib.h>
#include <string.h>

#include "net/x509/judge.h"

enum { MAX_DEPTH = 20, MAX_STEPS = 2000, MAX_BLIND = 4 };

/* A signature that was checked. */
struct link {
	const struct x509_cert *child, *issuer;
	bool ok;
};

struct search {
	const struct x509_policy *policy;
	struct x509_cert *const *chain;
	size_t n;
	struct work work;
	bool host_fits;
	bool found, exhausted;
	struct link links[X509_MAX_SIGNATURES];
	unsigned signatures, steps;
	unsigned blind;              /* links that nobody can verify, gone on over to see what follows */
	struct x509_path path, best; /* best.n 0: none so far */
	size_t badness;              /* of the best */
};

static void
reasons_release(struct reasons *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->items[i].text);
	free(r->items);
	*r = (struct reasons){ .n = 0 };
}

void
x509_verdict_release(struct x509_verdict *v)
{
	struct reasons r = { v->reasons, v->n_reasons, true };

	reasons_release(&r);
	free(v->anchor);
	free(v->staple_text);
	*v = (struct x509_verdict){ .n_reasons = 0 };
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

static bool
ended(const struct search *s)
{
	return s->found || s->exhausted || s->work.ended != WORK_GOES_ON;
}

static struct reasons
reasons_against(struct search *s, const struct x509_path *path, bool told)
{
	struct reasons reasons = { .told = told };

	path_check(path, s->policy, s->host_fits, &s->work, &reasons);
	if (s->policy->n_pins > 0 && !pin_matches(s->policy, path))
		REASON(&reasons, X509_PIN_MISMATCH, 0, str_dup(STR("no certificate of its path has a pinned key")));
	return reasons;
}

/* Judges the path as it stands and keeps it when it is the best so far: fewer reasons are better, and a path that
 * reaches an anchor beats one that does not. */
static void
offer(struct search *s)
{
	struct reasons reasons = reasons_against(s, &s->path, false);
	size_t badness = reasons.n + (s->path.anchored ? 0 : 1000);

	if (s->best.n > 0 && s->badness <= badness)
		return;
	s->best = s->path;
	s->badness = badness;
	s->found = badness == 0 && s->work.ended == WORK_GOES_ON;
}

/* What cannot be verified here is told as that, not as the end of the path; it is never accepted. */
static bool
unverifiable(const struct x509_cert *child, const struct x509_cert *issuer)
{
	return child->more->algorithm.kind == SIGNATURE_UNKNOWN || !x509_key_usable(&issuer->key);
}

/* Each signature is checked once. */
static bool
issued(struct search *s, const struct x509_cert *child, const struct x509_cert *issuer)
{
	struct link *known = s->links;

	if (unverifiable(child, issuer) || !x509_could_sign(&issuer->key, &child->more->algorithm) ||
	    !work_spend(&s->work, 1 + s->signatures / 8))
		return false;
	for (; known < s->links + s->signatures; known++)
		if (known->child == child && known->issuer == issuer)
			return known->ok;
	if (s->signatures == X509_MAX_SIGNATURES) {
		s->exhausted = true;
		return false;
	}
	s->signatures++;
	*known = (struct link){ child, issuer,
		x509_signed_by(&issuer->key, &child->more->algorithm, child->tbs, child->more->signature, &s->work) };
	return known->ok;
}

/* An issuer that was met on the path already leads nowhere new. */
static bool
on_path(const struct x509_path *p, const struct x509_cert *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (memcmp(p->certs[i]->sha256, c->sha256, sizeof(c->sha256)) == 0 ||
		    (memcmp(p->certs[i]->spki_sha256, c->spki_sha256, sizeof(c->spki_sha256)) == 0 &&
			x509_name_eq(&p->certs[i]->more->subject, &c->more->subject)))
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
	p->verified[p->n] = verified; /* that the certificate below is signed by this one */
	p->n++;
}

static bool
try_anchor(void *context, const struct x509_cert *anchor)
{
	struct search *s = context;
	struct x509_path *p = &s->path;
	const struct x509_cert *child = p->certs[p->n - 1];

	if (memcmp(anchor->sha256, child->sha256, sizeof(anchor->sha256)) == 0)
		return true; /* seen by extend() */
	push(s, anchor, -1, issued(s, child, anchor));
	p->anchored = true;
	offer(s);
	p->anchored = false;
	p->n--;
	return !ended(s);
}

static bool
is_anchor_itself(void *context, const struct x509_cert *anchor)
{
	struct search *s = context;

	s->path.anchored = s->path.anchored ||
	    memcmp(anchor->sha256, s->path.certs[s->path.n - 1]->sha256, sizeof(anchor->sha256)) == 0;
	return !s->path.anchored;
}

/* Candidates whose key identifier fits and that are valid now come first, those that nobody can verify last. */
static int
rank(const struct search *s, const struct x509_cert *child, const struct x509_cert *c)
{
	int points = 0;

	if (unverifiable(child, c))
		return -3;
	if (child->more->aki.n > 0 && c->more->ski.n > 0)
		points += str_eq(child->more->aki, c->more->ski) ? 2 : -2;
	if (s->policy->now >= c->not_before && s->policy->now <= c->not_after)
		points += 1;
	return points;
}

/* Places in the chain of those that may have issued child, the best first. */
static size_t
candidates(struct search *s, const struct x509_cert *child, uint8_t out[X509_MAX_CHAIN])
{
	int points[X509_MAX_CHAIN];
	size_t n = 0;

	for (size_t i = 1; i < s->n; i++) {
		const struct x509_cert *c = s->chain[i];
		size_t at;

		if (!work_spend(&s->work, 1) || child->more->issuer.hash != c->more->subject.hash ||
		    !work_spend(&s->work, 1 + s->path.n + c->more->subject.folded.n / 64) ||
		    !x509_name_eq(&child->more->issuer, &c->more->subject) || on_path(&s->path, c))
			continue;
		for (at = n++; at > 0 && points[at - 1] < rank(s, child, c); at--) {
			points[at] = points[at - 1];
			out[at] = out[at - 1];
		}
		points[at] = rank(s, child, c);
		out[at] = (uint8_t)i;
	}
	return n;
}

static void
try_intermediates(struct search *s)
{
	struct x509_path *p = &s->path;
	const struct x509_cert *child = p->certs[p->n - 1];
	uint8_t places[X509_MAX_CHAIN];
	size_t n = candidates(s, child, places);

	for (size_t i = 0; i < n && !ended(s); i++) {
		const struct x509_cert *c = s->chain[places[i]];
		bool verified = issued(s, child, c);

		push(s, c, places[i], verified);
		if (verified || (unverifiable(child, c) && s->blind++ < MAX_BLIND))
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
	x509_store_each(s->policy->anchors, &last->more->subject, &s->work, is_anchor_itself, s);
	if (p->anchored) {
		offer(s);
		p->anchored = false;
		if (s->found)
			return;
	}
	x509_store_each(s->policy->anchors, &last->more->issuer, &s->work, try_anchor, s);
	if (!ended(s) && p->n < MAX_DEPTH)
		try_intermediates(s);
	if (!s->found)
		offer(s);
}

/* Tells of the best path. Without a good one there is always a reason. */
static void
tell(struct search *s, struct reasons *all)
{
	if (s->found)
		return;
	*all = reasons_against(s, &s->best, true);
	if (s->work.ended == WORK_INTERRUPTED)
		reasons_add(all, X509_TOO_MUCH_WORK, -1, str_dup(STR("judging it was interrupted")));
	else if (s->work.ended == WORK_LATE)
		reasons_add(all, X509_TOO_MUCH_WORK, -1, str_dup(STR("judging it took too long")));
	else if (s->exhausted || s->work.ended == WORK_SPENT || all->n == 0)
		reasons_add(all, X509_TOO_MUCH_WORK, -1,
		    str_dup(STR("finding a path takes more work than is allowed")));
}

static void
set_path(const struct x509_path *p, struct x509_verdict *v)
{
	v->n_path = p->n;
	for (size_t i = 0; i < p->n; i++)
		v->path[i] = p->index[i];
	if (p->anchored)
		v->anchor = x509_subject_text(p->certs[p->n - 1]);
}

static int
refused(const struct x509_cert *leaf, const struct x509_verdict *v, struct error *error)
{
	char *subject = leaf != NULL ? x509_subject_text(leaf) : str_dup(STR(""));

	fail(error, ERROR_CERTIFICATE, (int)v->reasons[0].fault, "the certificate%s%s is refused: %s%s",
	    subject[0] != '\0' ? " of " : "", subject, v->reasons[0].text, v->n_reasons > 1 ? " (and more)" : "");
	free(subject);
	return -1;
}

static struct search *
search_new(struct x509_cert *const *chain, size_t n, const struct x509_policy *policy)
{
	struct search *s = mem_alloc(sizeof *s);

	s->policy = policy;
	s->chain = chain;
	s->n = n < X509_MAX_CHAIN ? n : X509_MAX_CHAIN;
	s->work = policy->work;
	if (s->work.left == 0)
		s->work.left = X509_MAX_WORK;
	work_look(&s->work);
	s->host_fits = policy->host == NULL || policy->check_host_off || x509_host_matches(chain[0], policy->host);
	return s;
}

int
x509_judge(struct x509_cert *const *chain, size_t n, const struct x509_policy *policy, struct x509_verdict *verdict,
    struct error *error)
{
	struct reasons all = { .told = true };
	struct search *s;

	*verdict = (struct x509_verdict){ .n_reasons = 0 };
	if (n == 0) {
		reasons_add(&all, X509_EMPTY_CHAIN, -1, str_dup(STR("the server sent no certificate")));
		verdict->reasons = all.items;
		verdict->n_reasons = all.n;
		return refused(NULL, verdict, error);
	}
	s = search_new(chain, n, policy);
	push(s, chain[0], 0, true);
	extend(s);
	tell(s, &all);
	set_path(&s->best, verdict);
	staple_judge(chain, s->n, &s->best, policy, &s->work, verdict, &all);
	verdict->reasons = all.items;
	verdict->n_reasons = all.n;
	verdict->signatures = s->signatures;
	verdict->work = s->work.spent;
	verdict->ended = s->found ? WORK_GOES_ON : s->work.ended;
	if (verdict->ended == WORK_INTERRUPTED || verdict->ended == WORK_LATE)
		work_fail(&s->work, error, "judging the certificates");
	else if (verdict->n_reasons > 0)
		refused(chain[0], verdict, error);
	free(s);
	return verdict->n_reasons == 0 ? 0 : -1;
}
