/*
 * Certificate policies along a path (RFC 5280 section 6.1), with the inputs of a client that asks for none: the initial
 * set is anyPolicy, none has to be explicit, mapping and anyPolicy are not inhibited. The tree of section 6.1.2 is here
 * one set a level: with this input the only question is whether its last level is empty.
 */
#include <limits.h>
#include <stdlib.h>

#include "net/x509/judge.h"

#define ANY_POLICY STR("\x55\x1d\x20\x00")
#define QUALIFIER "\x2b\x06\x01\x05\x05\x07\x02" /* id-qt; 1 and 2 are for people */

/* ---- decoding ---- */
bool
x509_next_policy(struct rd *policies, struct str *oid)
{
	struct rd information;

	if (rd_left(policies) == 0 || policies->bad)
		return false;
	information = der_enter(policies, DER_SEQUENCE);
	*oid = der_oid(&information);
	return !information.bad;
}

bool
x509_next_mapping(struct rd *mappings, struct str *from, struct str *to)
{
	struct rd pair;

	if (rd_left(mappings) == 0 || mappings->bad)
		return false;
	pair = der_enter(mappings, DER_SEQUENCE);
	*from = der_oid(&pair);
	*to = der_oid(&pair);
	return rd_done(&pair);
}

/* PolicyQualifierInfo. Section 4.2.1.4: who reads a critical extension must be able to interpret them or refuse. */
static bool
read_qualifiers(struct x509_details *d, struct rd list, bool critical)
{
	if (rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd fields = der_enter(&list, DER_SEQUENCE);
		struct str oid = der_oid(&fields), contents;
		unsigned tag;

		if (!der_next(&fields, &tag, &contents, NULL) || !rd_done(&fields))
			return false;
		if (critical && !str_eq(oid, STR(QUALIFIER "\x01")) && !str_eq(oid, STR(QUALIFIER "\x02")))
			x509_add_defect(d, X509_POLICY, false,
			    "its critical certificatePolicies has a qualifier that is unknown here");
	}
	return !list.bad;
}

bool
x509_read_policies(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct str contents = der_element(&value, DER_SEQUENCE);
	struct rd list = rd_str(contents);

	if (!rd_done(&value) || contents.n == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd information = der_enter(&list, DER_SEQUENCE);

		der_oid(&information);
		if (rd_left(&information) > 0 &&
		    !read_qualifiers(c->more, der_enter(&information, DER_SEQUENCE), e->critical))
			return false;
		if (!rd_done(&information))
			return false;
	}
	c->more->policies = contents;
	return true;
}

bool
x509_read_policy_mappings(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct str contents = der_element(&value, DER_SEQUENCE), from, to;
	struct rd list = rd_str(contents);
	bool any = false;

	(void)e;
	if (!rd_done(&value) || contents.n == 0)
		return false;
	while (x509_next_mapping(&list, &from, &to))
		any = any || str_eq(from, ANY_POLICY) || str_eq(to, ANY_POLICY);
	if (!rd_done(&list))
		return false;
	if (any) /* section 6.1.4 (a) */
		x509_add_defect(c->more, X509_POLICY, false, "its policyMappings maps anyPolicy");
	c->more->mappings = contents;
	return true;
}

/* SkipCerts, INTEGER (0..MAX); no path is longer than an int. */
static int
read_skip(struct rd *r, unsigned tag)
{
	struct str number = der_element(r, tag);
	unsigned value = 0;

	if (r->bad || !der_integer_ok(number) || (number.p[0] & 0x80) != 0) {
		r->bad = true;
		return -1;
	}
	for (size_t i = 0; i < number.n; i++)
		value = value > INT_MAX >> 8 ? INT_MAX >> 8 : value << 8 | (uint8_t)number.p[i];
	return (int)value;
}

bool
x509_read_policy_constraints(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);

	/* section 4.2.1.11: never empty */
	if (rd_left(&fields) == 0)
		return false;
	if (der_peek(&fields) == DER_CONTEXT(0))
		c->more->require_explicit = read_skip(&fields, DER_CONTEXT(0));
	if (der_peek(&fields) == DER_CONTEXT(1))
		c->more->inhibit_mapping = read_skip(&fields, DER_CONTEXT(1));
	if (!e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its policyConstraints is not critical");
	return rd_done(&fields) && rd_done(&value);
}

bool
x509_read_inhibit_any(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	c->more->inhibit_any = read_skip(&value, DER_INTEGER);
	if (!e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its inhibitAnyPolicy is not critical");
	return rd_done(&value);
}

/* ---- along a path ---- */
/* Policies that are expected at the next certificate, or valid at this one. */
struct policies {
	struct str *items;
	size_t n, cap;
	bool any; /* and whichever else: the node of anyPolicy is in the tree */
};

struct walk {
	unsigned explicit_policy, policy_mapping, inhibit_any; /* the variables of section 6.1.2 (d) to (f) */
	struct policies expected;
	const struct x509_cert *demands; /* who made a policy a must */
	struct work *work;
};

static bool
has(const struct policies *set, struct str oid, struct work *work)
{
	for (size_t i = 0; i < set->n && work_spend(work, 1); i++)
		if (str_eq(set->items[i], oid))
			return true;
	return false;
}

static void
add(struct policies *set, struct str oid, struct work *work)
{
	struct str *more;

	if (has(set, oid, work) || !work_spend(work, 1))
		return;
	more = mem_more(set->items, &set->cap, set->n, sizeof *more);
	if (more == NULL)
		return;
	set->items = more;
	set->items[set->n++] = oid;
}

/* Section 6.1.3 (d) and (e): the nodes of this certificate's level. */
static struct policies
valid_policies(const struct walk *w, const struct x509_cert *c, bool last)
{
	struct rd list = rd_str(c->more->policies);
	struct policies valid = { .n = 0 };
	bool any = false;
	struct str oid;

	while (x509_next_policy(&list, &oid) && work_spend(w->work, 1))
		if (str_eq(oid, ANY_POLICY))
			any = w->inhibit_any > 0 || (!last && c->more->self_issued);
		else if (w->expected.any || has(&w->expected, oid, w->work))
			add(&valid, oid, w->work);
	for (size_t i = 0; any && i < w->expected.n; i++)
		add(&valid, w->expected.items[i], w->work);
	valid.any = any && w->expected.any;
	return valid;
}

/* Section 6.1.4 (b): what is expected below, by the certificate's mappings. */
static struct policies
mapped(const struct walk *w, const struct x509_cert *c, const struct policies *valid)
{
	struct policies expected = { .any = valid->any }, sources = { .n = 0 };
	struct rd list = rd_str(c->more->mappings);
	struct str from, to;

	while (x509_next_mapping(&list, &from, &to) && work_spend(w->work, 1)) {
		add(&sources, from, w->work);
		if (w->policy_mapping > 0 && (valid->any || has(valid, from, w->work)))
			add(&expected, to, w->work);
	}
	for (size_t i = 0; i < valid->n; i++)
		if (!has(&sources, valid->items[i], w->work))
			add(&expected, valid->items[i], w->work);
	free(sources.items);
	return expected;
}

static void
lower(unsigned *variable, int skip)
{
	if (skip >= 0 && (unsigned)skip < *variable)
		*variable = (unsigned)skip;
}

static void
count_down(unsigned *variable)
{
	*variable -= *variable > 0;
}

/* Section 6.1.4 (h) to (j). */
static void
prepare(struct walk *w, const struct x509_cert *c)
{
	unsigned before;

	if (!c->more->self_issued) {
		count_down(&w->explicit_policy);
		count_down(&w->policy_mapping);
		count_down(&w->inhibit_any);
	}
	before = w->explicit_policy;
	lower(&w->explicit_policy, c->more->require_explicit);
	lower(&w->policy_mapping, c->more->inhibit_mapping);
	lower(&w->inhibit_any, c->more->inhibit_any);
	if (w->explicit_policy < before)
		w->demands = c;
}

/* Section 6.1.5 (a) and (b). */
static void
wrap_up(struct walk *w, const struct x509_cert *leaf)
{
	count_down(&w->explicit_policy);
	if (leaf->more->require_explicit == 0 && w->explicit_policy > 0)
		w->demands = leaf;
	lower(&w->explicit_policy, leaf->more->require_explicit == 0 ? 0 : -1);
}

/* One certificate; false when a policy is a must and none is left. */
static bool
step(struct walk *w, const struct x509_cert *c, bool last)
{
	struct policies valid = valid_policies(w, c, last), expected = { .n = 0 };
	bool none = valid.n == 0 && !valid.any, good;

	good = !none || w->explicit_policy > 0;
	if (last) {
		wrap_up(w, c);
		good = !none || w->explicit_policy > 0;
	} else {
		expected = mapped(w, c, &valid);
		prepare(w, c);
	}
	free(valid.items);
	free(w->expected.items);
	w->expected = expected;
	return good;
}

/* Without requireExplicitPolicy on the path the tree may be empty. */
static bool
is_asked(const struct x509_path *p)
{
	bool asked = false;

	for (size_t i = 0; i + 1 < p->n; i++) {
		if (x509_unread(p->certs[i], PART_POLICIES))
			return false; /* refused for that */
		asked = asked || p->certs[i]->more->require_explicit >= 0;
	}
	return asked && p->anchored;
}

const struct x509_cert *
x509_policy_missing(const struct x509_path *p, struct work *work, size_t *at)
{
	unsigned n = (unsigned)p->n;
	struct walk w = { n, n, n, { .any = true }, NULL, work };
	bool good = true;

	if (!is_asked(p))
		return NULL;
	for (size_t i = p->n - 1; i > 0 && good; i--) {
		*at = i - 1;
		good = step(&w, p->certs[i - 1], i == 1);
	}
	free(w.expected.items);
	return good || !work_spend(work, 0) ? NULL : w.demands;
}
