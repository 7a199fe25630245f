/*
 * The library's own br_x509_minimal as an oracle: on chains of what it supports both must agree. Where they differ, by
 * a rule that minimal lacks or by one of its own, stands in a list that is checked too.
 */
#include <bearssl.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/x509.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

enum { MAX = 6, RANDOM_CHAINS = 250 };
#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)
#define HOST "www.example.com"

/* minimal counts days from the year 0. */
static bool
minimal_accepts(const struct made *root, const struct made *chain, size_t n, const char *host)
{
	br_x509_minimal_context mc;
	br_x509_trust_anchor ta = { .flags = BR_X509_TA_CA };
	struct buf dn;
	uint8_t point[65];
	unsigned error;

	buf_init(&dn, 0);
	make_name(&dn, root->subject);
	make_point(root->key, point);
	ta.dn.data = dn.data;
	ta.dn.len = dn.len;
	ta.pkey.key_type = BR_KEYTYPE_EC;
	ta.pkey.key.ec = (br_ec_public_key){ BR_EC_secp256r1, point, sizeof point };
	br_x509_minimal_init_full(&mc, &ta, 1);
	br_x509_minimal_set_time(&mc, MAKE_NOW / MAKE_DAY + 719528, MAKE_NOW % MAKE_DAY);
	mc.vtable->start_chain(&mc.vtable, host);
	for (size_t i = 0; i < n; i++) {
		struct buf der = make_cert(&chain[i]);

		mc.vtable->start_cert(&mc.vtable, (uint32_t)der.len);
		mc.vtable->append(&mc.vtable, der.data, der.len);
		mc.vtable->end_cert(&mc.vtable);
		buf_release(&der);
	}
	error = mc.vtable->end_chain(&mc.vtable);
	buf_release(&dn);
	return error == 0;
}

static bool
we_accept(const struct made *root, const struct made *chain, size_t n, const char *host, struct error *error)
{
	struct buf anchor = make_cert(root);
	struct x509_store *store = x509_store_new();
	struct x509_cert *certs[MAX];
	struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .host = host };
	struct x509_verdict v;
	bool accepted;

	assert_int_equal(x509_store_add_pem(store, buf_str(&anchor), NULL), 1);
	for (size_t i = 0; i < n; i++) {
		struct buf der = make_cert(&chain[i]);

		certs[i] = x509_cert_new(buf_str(&der), NULL);
		assert_non_null(certs[i]);
		buf_release(&der);
	}
	accepted = x509_judge(certs, n, &policy, &v, error) == 0;
	x509_verdict_release(&v);
	for (size_t i = 0; i < n; i++)
		x509_cert_free(certs[i]);
	x509_store_free(store);
	buf_release(&anchor);
	return accepted;
}

static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* One thing wrong, or right but unusual, that minimal knows too. */
static void
change(struct made *m, bool leaf, uint32_t *state)
{
	switch (next(state) % (leaf ? 9 : 11)) {
	case 0:
		m->until = MAKE_NOW - MAKE_DAY;
		break;
	case 1:
		m->from = MAKE_NOW + MAKE_DAY;
		break;
	case 2:
		m->broken = true;
		break;
	case 3:
		m->signer = 9;
		break;
	case 4:
		m->issuer = "CN=Somebody";
		break;
	case 5:
		m->more[0] = (struct made_extension){ "2a0304", true, "0500" };
		break;
	case 6:
		m->more[0] = (struct made_extension){ "2a0304", false, "0500" };
		break;
	case 7:
		m->names = leaf ? "DNS:*.example.com" : NULL;
		break;
	case 8:
		m->names = leaf ? "DNS:example.com,DNS:a.www.example.com" : NULL;
		break;
	case 9:
		m->usage = X509_USAGE_SIGN;
		break;
	default:
		m->ca = -1;
	}
}

static void
agree(void **state)
{
	static const char *const subjects[] = { "CN=leaf", "CN=Sub 1", "CN=Sub 2", "CN=Sub 3" };
	uint32_t random = 20260601;
	unsigned accepted = 0;

	(void)state;
	for (unsigned round = 0; round < RANDOM_CHAINS; round++) {
		size_t n = 1 + next(&random) % 4;
		struct made root = { .subject = "CN=CA", .key = 1, .ca = 1, .usage = CA_USAGE }, chain[MAX];
		struct error error = { 0 };
		bool ours, theirs;

		for (unsigned i = 0; i < n; i++)
			chain[i] = (struct made){
				.subject = subjects[i],
				.key = 2 + i,
				.issuer = i + 1 < n ? subjects[i + 1] : "CN=CA",
				.signer = i + 1 < n ? 3 + i : 1,
				.names = i == 0 ? "DNS:" HOST : NULL,
				.ca = i == 0 ? 0 : 1,
				.usage = i == 0 ? X509_USAGE_SIGN : CA_USAGE,
				.path_len = i > 0 && next(&random) % 3 == 0 ? (int)(1 + next(&random) % 3) : 0,
			};
		if (next(&random) % 4 != 0) {
			size_t i = next(&random) % n;

			change(&chain[i], i == 0, &random);
		}
		ours = we_accept(&root, chain, n, HOST, &error);
		theirs = minimal_accepts(&root, chain, n, HOST);
		if (ours != theirs)
			fail_msg("round %u, %zu certificates: minimal %s, we %s: %s", round, n,
			    theirs ? "accepts" : "refuses", ours ? "accept" : "refuse", error.text);
		accepted += ours;
	}
	print_message("%u of %d accepted by both\n", accepted, RANDOM_CHAINS);
	assert_in_range(accepted, RANDOM_CHAINS / 5, RANDOM_CHAINS * 4 / 5);
}

#define ROOT \
	{ \
		.subject = "CN=CA", .key = 1, .ca = 1, .usage = CA_USAGE \
	}
#define ROOT_WITH(...) \
	{ \
		.subject = "CN=CA", .key = 1, .ca = 1, .usage = CA_USAGE, __VA_ARGS__ \
	}
#define SUB(...) \
	{ \
		.subject = "CN=Sub", .key = 3, .ca = 1, .usage = CA_USAGE, __VA_ARGS__ \
	}
#define LEAF(...) \
	{ \
		.names = "DNS:" HOST, __VA_ARGS__ \
	}
#define FROM_SUB .issuer = "CN=Sub", .signer = 3

/* Where br_x509_minimal and we differ. It accepts what RFC 5280 and 6125 forbid: a purpose other than a server's, a
 * wildcard below a top-level domain, an anchor that is expired or violates its own limits; it does not know addresses
 * as names, name constraints, RSASSA-PSS, chains out of order, names that differ in case or string type. */
static const struct {
	const char *what;
	bool ours; /* we accept, minimal refuses; else the other way */
	struct made root, chain[3];
	size_t n;
	const char *host;
} differences[] = {
	{ "extKeyUsage without serverAuth", false, ROOT, { LEAF(.eku = "client") }, 1, HOST },
	{ "a wildcard below a top-level domain", false, ROOT, { { .names = "DNS:*.com" } }, 1, "example.com" },
	{ "an expired anchor", false, ROOT_WITH(.until = MAKE_NOW - MAKE_DAY), { LEAF(.key = 2) }, 1, HOST },
	{ "an anchor's path length", false, ROOT_WITH(.path_len = 1), { LEAF(FROM_SUB), SUB(.signer = 1) }, 2, HOST },
	{ "an anchor's name constraints", false, ROOT_WITH(.permitted = "DNS:example.org"), { LEAF(.key = 2) }, 1,
	    HOST },
	{ "constraints that are not critical", false, ROOT,
	    { LEAF(FROM_SUB),
		SUB(.more = { { "551d1e", false,
			"3010a00e300c820a"
			"6578616d706c652e6465" } }) },
	    2, HOST },
	{ "the same extension twice", false, ROOT,
	    { LEAF(.more = { { "2a0304", false, "0500" }, { "2a0304", false, "0500" } }) }, 1, HOST },
	{ "keyUsage of the leaf only for CRLs", false, ROOT, { LEAF(.usage = X509_USAGE_CRL_SIGN) }, 1, HOST },
	{ "key identifiers that do not fit", false, ROOT_WITH(.ski = 1), { LEAF(.aki = 2) }, 1, HOST },
	{ "an IP address", true, ROOT, { { .names = "IP:192.0.2.7" } }, 1, "192.0.2.7" },
	{ "a final dot", true, ROOT, { LEAF(.key = 2) }, 1, HOST "." },
	{ "critical extKeyUsage", true, ROOT, { LEAF(.more = { { "551d25", true, "300a06082b06010505070301" } }) }, 1,
	    HOST },
	{ "constraints that are critical and kept", true, ROOT, { LEAF(FROM_SUB), SUB(.permitted = "DNS:example.com") },
	    2, HOST },
	{ "out of order", true, ROOT,
	    { LEAF(.issuer = "CN=Low", .signer = 4), SUB(.signer = 1),
		{ .subject = "CN=Low", .key = 4, .ca = 1, .usage = CA_USAGE, FROM_SUB } },
	    3, HOST },
	{ "a superfluous certificate", true, ROOT,
	    { LEAF(FROM_SUB), { .subject = "CN=Other", .key = 8 }, SUB(.signer = 1) }, 3, HOST },
	{ "a name that differs by case", true, ROOT, { LEAF(.issuer = "CN=ca") }, 1, HOST },
};

static void
differ(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
		struct error error = { 0 };
		bool ours = we_accept(&differences[i].root, differences[i].chain, differences[i].n, differences[i].host,
		    &error);
		bool theirs =
		    minimal_accepts(&differences[i].root, differences[i].chain, differences[i].n, differences[i].host);

		if (ours == theirs || ours != differences[i].ours) {
			print_error("%s: minimal %s, we %s: %s\n", differences[i].what, theirs ? "accepts" : "refuses",
			    ours ? "accept" : "refuse", error.text);
			good = false;
		}
	}
	assert_true(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(agree), cmocka_unit_test(differ) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
