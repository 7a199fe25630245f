/*
 * Certificate policies along a path (RFC 5280 section 6.1): chains that turn on one rule each, and chains of which
 * every part is chosen at random, against OpenSSL with its policy check. POLICIES=N judges N of those.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/x509.h"
#include "tests/fuzz/x509/openssl_verify.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)

enum { RANDOM_CHAINS = 3000, DEPTH = 5, WORDS = 12 };

/* A certificate below the root; the first is the CA below it, the last one with `there` the server's. */
struct level {
	bool there;
	char policies[WORDS],
	    mappings[WORDS];             /* digits N of 1.2.3.N, 0 is anyPolicy; pairs of them; "": no extension */
	int require, no_mapping, no_any; /* one more than the certificates to skip; 0: not said */
	bool self_issued;
};

#define L(...) \
	{ \
		true, __VA_ARGS__ \
	}

static const struct row {
	const char *what;
	struct level levels[DEPTH];
	bool good;
} rows[] = {
	{ "none is asked for", { L("1", "", 0, 0, 0, false), L("", "", 0, 0, 0, false) }, true },
	{ "one is, and holds", { L("1", "", 1, 0, 0, false), L("1", "", 0, 0, 0, false) }, true },
	{ "one is, another is there", { L("1", "", 1, 0, 0, false), L("2", "", 0, 0, 0, false) }, false },
	{ "one is, none is there", { L("1", "", 1, 0, 0, false), L("", "", 0, 0, 0, false) }, false },
	{ "below the leaf only", { L("", "", 3, 0, 0, false), L("", "", 0, 0, 0, false) }, true },
	{ "from the leaf on", { L("", "", 2, 0, 0, false), L("", "", 0, 0, 0, false) }, false },
	{ "by the leaf itself", { L("", "", 0, 0, 0, false), L("", "", 1, 0, 0, false) }, false },
	{ "by the leaf, after others", { L("", "", 0, 0, 0, false), L("", "", 2, 0, 0, false) }, true },
	{ "the smaller number counts",
	    { L("", "", 5, 0, 0, false), L("", "", 1, 0, 0, false), L("", "", 0, 0, 0, false) }, false },
	{ "a larger one below changes nothing",
	    { L("", "", 1, 0, 0, false), L("", "", 9, 0, 0, false), L("", "", 0, 0, 0, false) }, false },
	{ "lost on the way", { L("12", "", 1, 0, 0, false), L("2", "", 0, 0, 0, false), L("1", "", 0, 0, 0, false) },
	    false },
	{ "kept on the way", { L("12", "", 1, 0, 0, false), L("2", "", 0, 0, 0, false), L("2", "", 0, 0, 0, false) },
	    true },
	{ "any of the CA", { L("0", "", 1, 0, 0, false), L("1", "", 0, 0, 0, false) }, true },
	{ "any of the server", { L("1", "", 1, 0, 0, false), L("0", "", 0, 0, 0, false) }, true },
	{ "any is inhibited", { L("0", "", 1, 0, 1, false), L("0", "", 0, 0, 0, false) }, false },
	{ "any is inhibited, one is named", { L("0", "", 1, 0, 1, false), L("1", "", 0, 0, 0, false) }, true },
	{ "any is inhibited later", { L("1", "", 1, 0, 2, false), L("0", "", 0, 0, 0, false) }, true },
	{ "any of a self-issued one",
	    { L("1", "", 1, 0, 1, false), L("0", "", 0, 0, 0, true), L("1", "", 0, 0, 0, false) }, true },
	{ "self-issued ones are not counted",
	    { L("", "", 3, 0, 0, false), L("", "", 0, 0, 0, true), L("", "", 0, 0, 0, false) }, true },
	{ "mapped", { L("1", "12", 1, 0, 0, false), L("2", "", 0, 0, 0, false) }, true },
	{ "mapped away", { L("1", "12", 1, 0, 0, false), L("1", "", 0, 0, 0, false) }, false },
	{ "mapped twice", { L("1", "12", 1, 0, 0, false), L("2", "23", 0, 0, 0, false), L("3", "", 0, 0, 0, false) },
	    true },
	{ "mapped to two", { L("1", "1213", 1, 0, 0, false), L("3", "", 0, 0, 0, false) }, true },
	{ "mapping is inhibited",
	    { L("1", "", 1, 1, 0, false), L("1", "12", 0, 0, 0, false), L("2", "", 0, 0, 0, false) }, false },
	{ "mapping is inhibited later",
	    { L("1", "", 1, 2, 0, false), L("1", "12", 0, 0, 0, false), L("2", "", 0, 0, 0, false) }, true },
	{ "mapped from any", { L("0", "12", 1, 0, 0, false), L("2", "", 0, 0, 0, false) }, true },
};

/* ---- making them ---- */
static void
add_policy(struct buf *out, char digit)
{
	char oid[] = "06032a030N";

	oid[sizeof oid - 2] = digit;
	make_hex(out, digit == '0' ? "0604551d2000" : oid);
}

/* SEQUENCE OF SEQUENCE of `each` policies. */
static void
add_list(struct buf *out, const char *digits, size_t each)
{
	struct buf list, item;

	buf_init(&list, 0);
	buf_init(&item, 0);
	for (size_t i = 0; i + each <= strlen(digits); i += each) {
		buf_clear(&item);
		for (size_t k = 0; k < each; k++)
			add_policy(&item, digits[i + k]);
		make_tlv(&list, 0x30, buf_str(&item));
	}
	make_tlv(out, 0x30, buf_str(&list));
	buf_release(&list);
	buf_release(&item);
}

/* Takes v. */
static void
add_extension(struct made *m, size_t *n, const char *oid, struct buf *v)
{
	struct buf hex;

	buf_init(&hex, 0);
	buf_add_hex(&hex, buf_str(v));
	m->more[*n] = (struct made_extension){ oid, true, buf_take(&hex) };
	++*n;
	buf_clear(v);
}

static void
add_skip(struct buf *out, unsigned tag, int skip)
{
	if (skip > 0)
		make_tlv(out, tag, str_from((const uint8_t[]){ (uint8_t)(skip - 1) }, 1));
}

static void
add_extensions(struct made *m, const struct level *l)
{
	struct buf v, inner;
	size_t n = 0;

	buf_init(&v, 0);
	buf_init(&inner, 0);
	if (l->policies[0] != '\0') {
		add_list(&v, l->policies, 1);
		add_extension(m, &n, "551d20", &v);
	}
	if (l->mappings[0] != '\0') {
		add_list(&v, l->mappings, 2);
		add_extension(m, &n, "551d21", &v);
	}
	add_skip(&inner, 0x80, l->require);
	add_skip(&inner, 0x81, l->no_mapping);
	if (inner.len > 0) {
		make_tlv(&v, 0x30, buf_str(&inner));
		add_extension(m, &n, "551d24", &v);
	}
	add_skip(&v, 0x02, l->no_any);
	if (v.len > 0)
		add_extension(m, &n, "551d36", &v);
	buf_release(&v);
	buf_release(&inner);
}

/* The certificate of level i of n; key i + 2, signed by i + 1. */
static struct buf
make_level(const struct level *levels, size_t i, size_t n)
{
	bool leaf = i + 1 == n;
	char subject[32], issuer[32];
	unsigned up = (unsigned)i;
	struct made m = { .key = (unsigned)i + 2,
		.signer = (unsigned)i + 1,
		.ski = (unsigned)i + 2,
		.aki = (unsigned)i + 1,
		.ca = leaf ? 0 : 1,
		.usage = leaf ? X509_USAGE_SIGN : CA_USAGE,
		.names = leaf ? "DNS:www.example.com" : NULL };
	struct buf der;

	while (up > 0 && levels[up - 1].self_issued)
		up--;
	snprintf(issuer, sizeof issuer, "CN=%s%u", up == 0 ? "CA" : "Level", up);
	snprintf(subject, sizeof subject, "CN=Level%zu", i + 1);
	m.issuer = issuer;
	m.subject = levels[i].self_issued ? issuer : subject;
	add_extensions(&m, &levels[i]);
	der = make_cert(&m);
	for (size_t k = 0; k < MAKE_EXTENSIONS; k++)
		free((void *)(uintptr_t)m.more[k].value);
	return der;
}

/* ---- judging them ---- */
static bool
accepted_here(struct buf *ders, size_t n, const struct buf *root)
{
	struct x509_store *store = x509_store_new();
	struct x509_cert *chain[DEPTH];
	struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .host = "www.example.com" };
	struct x509_verdict v;
	bool accepted;

	assert_int_equal(x509_store_add_pem(store, buf_str(root), NULL), 1);
	for (size_t i = 0; i < n; i++)
		chain[i] = x509_cert_new(buf_str(&ders[n - 1 - i]), NULL);
	accepted = x509_judge(chain, n, &policy, &v, NULL) == 0;
	/* of a root and a CA that has its name, the one that did not sign may be told */
	for (size_t i = 0; i < v.n_reasons; i++)
		assert_true(v.reasons[i].fault == X509_POLICY || v.reasons[i].fault == X509_UNKNOWN_ISSUER);
	x509_verdict_release(&v);
	for (size_t i = 0; i < n; i++)
		x509_cert_free(chain[i]);
	x509_store_free(store);
	return accepted;
}

static bool
accepted_there(struct buf *ders, size_t n, const struct buf *root)
{
	struct openssl_question q = { .now = MAKE_NOW,
		.host = "www.example.com",
		.anchor = buf_str(root),
		.policies = true };
	struct buf at;
	int error;

	for (size_t i = 0; i < n; i++)
		q.path[q.n++] = buf_str(&ders[n - 1 - i]);
	buf_init(&at, 0);
	error = openssl_verify(&q, &at);
	buf_release(&at);
	return error == OPENSSL_OK;
}

static void
print_levels(const struct level *levels)
{
	for (; levels->there; levels++)
		print_error("policies %s mappings %s require %d no mapping %d no any %d%s\n", levels->policies,
		    levels->mappings, levels->require - 1, levels->no_mapping - 1, levels->no_any - 1,
		    levels->self_issued ? " self-issued" : "");
}

/* Whether both say the same; *here is what it is. */
static bool
agreed(const struct level *levels, bool *here)
{
	struct buf root = make_cert(&(struct made){ .subject = "CN=CA0",
		       .issuer = "CN=CA0",
		       .key = 1,
		       .signer = 1,
		       .ski = 1,
		       .ca = 1,
		       .usage = CA_USAGE }),
		   ders[DEPTH];
	size_t n = 0;
	bool there;

	while (n < DEPTH && levels[n].there)
		n++;
	for (size_t i = 0; i < n; i++)
		ders[i] = make_level(levels, i, n);
	*here = accepted_here(ders, n, &root);
	there = accepted_there(ders, n, &root);
	for (size_t i = 0; i < n; i++)
		buf_release(&ders[i]);
	buf_release(&root);
	return *here == there;
}

static void
one_rule_each(void **state)
{
	bool good = true, here;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!agreed(rows[i].levels, &here) || here != rows[i].good) {
			print_error("%s: %s\n", rows[i].what, here ? "accepted" : "refused");
			good = false;
		}
	assert_true(good);
}

/* 0 to n - 1 (xorshift). */
static size_t
below(uint32_t *d, size_t n)
{
	*d ^= *d << 13;
	*d ^= *d >> 17;
	*d ^= *d << 5;
	return *d % n;
}

static void
random_digits(uint32_t *d, char out[WORDS], const char *from, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; from[i] != '\0' && n < most; i++)
		if (below(d, 2) == 0)
			out[n++] = from[i];
}

static void
random_level(uint32_t *d, struct level *l, bool leaf)
{
	static const char *const mappings[] = { "12", "21", "13", "23", "1223", "1213", "1323", "31" };

	*l = (struct level){ .there = true };
	if (below(d, 8) > 0)
		random_digits(d, l->policies, below(d, 2) == 0 ? "0123" : "123", 4);
	if (!leaf && below(d, 3) == 0)
		snprintf(l->mappings, sizeof l->mappings, "%s", mappings[below(d, sizeof mappings / sizeof *mappings)]);
	if (below(d, 3) == 0)
		l->require = 1 + (int)below(d, 4);
	if (!leaf && below(d, 4) == 0)
		l->no_mapping = 1 + (int)below(d, 3);
	if (!leaf && below(d, 4) == 0)
		l->no_any = 1 + (int)below(d, 3);
	l->self_issued = !leaf && below(d, 6) == 0;
}

/* OpenSSL makes a policy of each that is mapped beside anyPolicy, also where anyPolicy counts for nothing. */
static bool
maps_beside_any(const struct level *levels)
{
	for (; levels->there; levels++)
		if (levels->mappings[0] != '\0' && strchr(levels->policies, '0') != NULL)
			return true;
	return false;
}

static void
random_chains(void **state)
{
	const char *wanted = getenv("POLICIES");
	unsigned n = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : RANDOM_CHAINS, accepted = 0, different = 0,
		 known = 0;

	(void)state;
	for (unsigned seed = 1; seed <= n; seed++) {
		struct level levels[DEPTH + 1] = { { .there = false } };
		uint32_t d = seed * 2654435761u | 1;
		size_t depth = 2 + below(&d, DEPTH - 1);
		bool here;

		for (size_t i = 0; i < depth; i++)
			random_level(&d, &levels[i], i + 1 == depth);
		if (agreed(levels, &here)) {
			accepted += here;
		} else if (!here && maps_beside_any(levels)) {
			known++;
		} else {
			print_error("seed %u is %s here alone\n", seed, here ? "accepted" : "refused");
			print_levels(levels);
			different++;
		}
	}
	print_message("%u chains, %u accepted by both, %u differ for a known reason\n", n, accepted, known);
	assert_true(known <= n / 500);
	assert_int_equal(different, 0);
	assert_true(accepted > n / 10 && accepted < n - n / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_rule_each), cmocka_unit_test(random_chains) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
