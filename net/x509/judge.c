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

static void
check(struct search *s, const struct x509_path *path, struct reasons *out)
{
	path_check(path, s->policy, s->host_fits, &s->work, out);
	if (s->policy->n_pins > 0 && !pin_matches(s->policy, path))
		REASON(out, X509_PIN_MISMATCH, 0, str_dup(STR("no certificate of its path has a pinned key")));
}

/* Judges the path as it stands and keeps it when it is the best so far: fewer reasons are better, and a path that
 * reaches an anchor beats one that does not. */
static void
offer(struct search *s)
{
	struct reasons reasons = { .told = false };
	size_t badness;

	check(s, &s->path, &reasons);
	badness = reasons.n + (s->path.anchored ? 0 : 1000);
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
		if (memcmp(p->certs[i]->sha256, c->sha256, sizeof c->sha256) == 0 ||
		    (memcmp(p->certs[i]->spki_sha256, c->spki_sha256, sizeof c->spki_sha256) == 0 &&
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

	if (memcmp(anchor->sha256, child->sha256, sizeof anchor->sha256) == 0)
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
	    memcmp(anchor->sha256, s->path.certs[s->path.n - 1]->sha256, sizeof anchor->sha256) == 0;
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
		int mine;

		if (!work_spend(&s->work, 1) || child->more->issuer.hash != c->more->subject.hash ||
		    !work_spend(&s->work, 1 + s->path.n + c->more->subject.folded.n / 64) ||
		    !x509_name_eq(&child->more->issuer, &c->more->subject) || on_path(&s->path, c))
			continue;
		mine = rank(s, child, c);
		for (at = n++; at > 0 && points[at - 1] < mine; at--) {
			points[at] = points[at - 1];
			out[at] = out[at - 1];
		}
		points[at] = mine;
		work_spend(&s->work, (n - at) / 8);
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

static bool
in_path(const struct x509_path *p, int index)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->index[i] == index)
			return true;
	return false;
}

/* What the server sent and nobody can read counts against the chain wherever it stands: it may be what a path lacks, or
 * what was meant for somebody else's eyes. A name that cannot be read counts when the path has no end. */
static void
tell_torn(const struct search *s, struct reasons *all)
{
	for (size_t i = 1; i < s->n; i++) {
		const struct x509_cert *c = s->chain[i];
		bool lacked = !s->best.anchored && x509_unread(c, PART_ISSUER | PART_SUBJECT);

		if ((c->more->torn || lacked) && !in_path(&s->best, (int)i))
			path_check_defects(c, (int)i, s->policy, true, all);
	}
}

/* Tells of the best path. Without a good one there is always a reason. */
static void
tell(struct search *s, struct reasons *all)
{
	tell_torn(s, all);
	if (s->found)
		return;
	check(s, &s->best, all);
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

/* Which certificate of the chain the reason is about, "certificate 1 (CN=Sub): "; empty: the first, or none. */
static char *
culprit(struct x509_cert *const *chain, const struct x509_reason *reason, const char *anchor)
{
	char *subject, *text;

	if (reason->index == 0 || reason->fault == X509_EMPTY_CHAIN || reason->fault == X509_TOO_MUCH_WORK)
		return str_dup(STR(""));
	if (reason->index < 0)
		return anchor != NULL ? str_printf("the anchor %s: ", anchor) : str_dup(STR(""));
	subject = x509_subject_text(chain[reason->index]);
	text = subject[0] != '\0' ? str_printf("certificate %d (%s): ", reason->index, subject) :
				    str_printf("certificate %d: ", reason->index);
	free(subject);
	return text;
}

static int
refused(struct x509_cert *const *chain, const struct x509_verdict *v, struct error *error)
{
	const struct x509_reason *first = &v->reasons[0];
	char *subject = chain != NULL ? x509_subject_text(chain[0]) : str_dup(STR(""));
	char *which = culprit(chain, first, v->anchor);
	bool limit = first->fault == X509_LIMIT || first->fault == X509_TOO_MUCH_WORK;

	fail(error, limit ? ERROR_LIMIT : ERROR_CERTIFICATE, (int)first->fault, "the %s%s%s is refused: %s%s%s",
	    which[0] != '\0' ? "chain" : "certificate", subject[0] != '\0' ? " of " : "", subject, which, first->text,
	    v->n_reasons > 1 ? " (and more)" : "");
	free(which);
	free(subject);
	return -1;
}

int
x509_key_refused(const struct x509_cert *c, struct error *error)
{
	const struct x509_details *d = c->more;
	size_t k = 0;

	if (!x509_unread(c, PART_KEY))
		return 0;
	while (k < d->n_defects && (d->defects[k].parts & PART_KEY) == 0)
		k++;
	return fail(error, k < d->n_defects && d->defects[k].fault == X509_LIMIT ? ERROR_LIMIT : ERROR_CERTIFICATE,
	    X509_MALFORMED, "the certificate cannot be used: %s",
	    k < d->n_defects ? d->defects[k].text : "its public key cannot be read");
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
	if (n > s->n)
		reasons_add(&all, X509_LIMIT, -1,
		    str_printf("there are %zu certificates, more than %d, the limit here", n, X509_MAX_CHAIN));
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
		refused(chain, verdict, error);
	free(s);
	return verdict->n_reasons == 0 ? 0 : -1;
}
