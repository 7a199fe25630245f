/* Name constraints: RFC 5280 section 4.2.1.10. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

static const struct {
	const char *permitted, *excluded, *names, *subject;
	const char *broken; /* part of the sentence; NULL = kept */
} rows[] = {
	/* "a.example.com" is within "example.com", which is itself */
	{ "DNS:example.com", NULL, "DNS:example.com", NULL, NULL },
	{ "DNS:example.com", NULL, "DNS:www.example.com", NULL, NULL },
	{ "DNS:example.com", NULL, "DNS:a.b.EXAMPLE.com", NULL, NULL },
	{ "DNS:example.com", NULL, "DNS:wwwexample.com", NULL, "not permitted" },
	{ "DNS:example.com", NULL, "DNS:example.com.evil.org", NULL, "not permitted" },
	{ "DNS:example.com", NULL, "DNS:com", NULL, "not permitted" },
	{ "DNS:example.com", NULL, "DNS:www.example.com,DNS:example.org", NULL, "example.org" },
	{ "DNS:example.com,DNS:example.org", NULL, "DNS:www.example.com,DNS:example.org", NULL, NULL },
	{ "DNS:", NULL, "DNS:anything.example", NULL, NULL },
	{ NULL, "DNS:", "DNS:anything.example", NULL, "excluded" },
	{ NULL, "DNS:example.com", "DNS:www.example.com", NULL, "excluded" },
	{ NULL, "DNS:example.com", "DNS:example.org", NULL, NULL },
	{ "DNS:example.com", "DNS:bad.example.com", "DNS:www.example.com", NULL, NULL },
	{ "DNS:example.com", "DNS:bad.example.com", "DNS:x.bad.example.com", NULL, "excluded" },
	/* a dot in front, as private CAs write it: only what is below */
	{ "DNS:.example.com", NULL, "DNS:www.example.com", NULL, NULL },
	{ "DNS:.example.com", NULL, "DNS:example.com", NULL, "not permitted" },
	/* a wildcard stands for what is below it */
	{ "DNS:example.com", NULL, "DNS:*.example.com", NULL, NULL },
	{ "DNS:.example.com", NULL, "DNS:*.example.com", NULL, NULL },
	{ "DNS:www.example.com", NULL, "DNS:*.example.com", NULL, "not permitted" },
	{ "DNS:.www.example.com", NULL, "DNS:*.example.com", NULL, "not permitted" },
	{ NULL, "DNS:www.example.com", "DNS:*.example.com", NULL, "excluded" },
	{ NULL, "DNS:example.com", "DNS:*.com", NULL, "excluded" },
	{ NULL, "DNS:example.com", "DNS:*.example.com", NULL, "excluded" },
	/* what cannot be compared is not within */
	{ "DNS:example.com", NULL, "DNS:a..example.com", NULL, "malformed" },
	{ NULL, "DNS:example.com", "DNS:*", NULL, "malformed" },
	/* other types are not touched */
	{ "DNS:example.com", NULL, "IP:192.0.2.7", NULL, NULL },
	{ "IP:192.0.2.0/255.255.255.0", NULL, "DNS:example.com", NULL, NULL },
	{ "IP:192.0.2.0/255.255.255.0", NULL, "IP:192.0.2.7", NULL, NULL },
	{ "IP:192.0.2.0/255.255.255.0", NULL, "IP:192.0.3.7", NULL, "not permitted" },
	{ "IP:192.0.2.0/255.255.255.0", NULL, "IP:2001:db8::1", NULL, "not permitted" },
	{ NULL, "IP:192.0.2.0/255.255.255.0", "IP:192.0.2.7", NULL, "excluded" },
	{ NULL, "IP:0.0.0.0/0.0.0.0", "IP:192.0.2.7", NULL, "excluded" },
	{ "IP:2001:db8::/ffff:ffff::", NULL, "IP:2001:db8::7", NULL, NULL },
	{ "IP:2001:db8::/ffff:ffff::", NULL, "IP:2001:db9::7", NULL, "not permitted" },
	/* mail: a host, what is below a host, one mailbox */
	{ "email:example.com", NULL, "email:me@example.com", NULL, NULL },
	{ "email:example.com", NULL, "email:me@EXAMPLE.com", NULL, NULL },
	{ "email:example.com", NULL, "email:me@mail.example.com", NULL, "not permitted" },
	{ "email:.example.com", NULL, "email:me@mail.example.com", NULL, NULL },
	{ "email:.example.com", NULL, "email:me@example.com", NULL, "not permitted" },
	{ "email:me@example.com", NULL, "email:me@example.com", NULL, NULL },
	{ "email:me@example.com", NULL, "email:Me@example.com", NULL, "not permitted" },
	{ "email:me@example.com", NULL, "email:you@example.com", NULL, "not permitted" },
	{ NULL, "email:example.com", "email:me@example.com", NULL, "excluded" },
	/* directory names, the subject among them; the first RDNs count */
	{ "dir:C=DE", NULL, "DNS:a.example", "C=DE,CN=leaf", NULL },
	{ "dir:C=DE", NULL, "DNS:a.example", "C=de,CN=leaf", NULL },
	{ "dir:C=DE", NULL, "DNS:a.example", "C=FR,CN=leaf", "not permitted" },
	{ "dir:C=DE", NULL, "DNS:a.example", "CN=leaf,C=DE", "not permitted" },
	{ "dir:C=DE;O=Example", NULL, "DNS:a.example", "C=DE,CN=leaf", "not permitted" },
	{ "dir:C=DE", NULL, "dir:C=FR", "C=DE,CN=leaf", "not permitted" },
	{ NULL, "dir:C=DE", "DNS:a.example", "C=DE,CN=leaf", "excluded" },
	{ NULL, "dir:C=DE", "DNS:a.example", "", NULL },
	{ "dir:C=DE", NULL, "DNS:a.example", "", NULL },
	/* the mail address in the subject counts, the common name does not (RFC 9525) */
	{ "email:example.com", NULL, "DNS:a.example", "CN=leaf,E=me@example.com", NULL },
	{ "email:example.com", NULL, "DNS:a.example", "CN=leaf,E=me@example.org", "not permitted" },
	{ NULL, "email:example.org", "DNS:a.example", "CN=leaf,E=me@example.org", "excluded" },
	{ "email:example.com", NULL, "DNS:a.example", "E=me@example.org,E=me@example.com", "not permitted" },
	{ NULL, "email:example.org", "DNS:a.example", "E=me@example.org,E=me@example.com", "excluded" },
	{ NULL, "email:", "email:me@example.com", NULL, "excluded" },
	{ "email:example.com", NULL, "email:me@example.org@example.com", NULL, "malformed" },
	{ "DNS:example.com", NULL, "IP:192.0.2.7", "CN=www.example.org", NULL },
	/* not understood here: refused as soon as such a name is there */
	{ "URI:example.com", NULL, "URI:https://example.com/", NULL, "not permitted" },
	{ NULL, "URI:example.com", "URI:https://other.example/", NULL, "excluded" },
	{ NULL, "URI:example.com", "DNS:example.com", NULL, NULL },
};

static void
kept(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct made issuer = { .subject = "CN=CA",
			.key = 1,
			.ca = 1,
			.permitted = rows[i].permitted,
			.excluded = rows[i].excluded };
		struct made leaf = { .subject = rows[i].subject, .names = rows[i].names };
		struct x509_cert *ca = make_decoded(&issuer), *c = make_decoded(&leaf);
		struct work work = { .left = X509_MAX_WORK };
		char *broken = x509_constraints_broken(ca, c, &work);

		if ((broken == NULL) != (rows[i].broken == NULL) ||
		    (broken != NULL && strstr(broken, rows[i].broken) == NULL)) {
			print_error("row %zu (%s for %s): %s\n", i,
			    rows[i].permitted != NULL ? rows[i].permitted : rows[i].excluded, rows[i].names,
			    broken != NULL ? broken : "kept");
			good = false;
		}
		assert_true(work.spent > 0 || rows[i].broken == NULL);
		free(broken);
		x509_cert_free(ca);
		x509_cert_free(c);
	}
	assert_true(good);
}

static const struct {
	const char *value;
	bool profile, defect;
} malformed_values[] = {
	{ "3000", false, true }, /* "MUST NOT be an empty sequence" */
	{ "3002a000", false, true },
	{ "300fa00d300b8209"
	  "2e6578616d706c65"
	  "2e",
	    false, true }, /* ".example." */
	{ "300ea00c300a8208"
	  "2e6578616d706c65",
	    true, true }, /* ".example" */
	{ "300ea00c300a8708"
	  "c0000200ffffff00",
	    false, false },
	{ "300ea00c300a8708"
	  "c0000200ff00ff00",
	    false, true }, /* a mask with a hole */
	{ "300da00b30098707"
	  "c0000200ffffff",
	    false, true },
	{ "3008a0063004"
	  "82026162",
	    false, false },
	{ "3017a015"
	  "3013a411"
	  "300f310d300b0603550403"
	  "0c04"
	  "6c656166",
	    false, false },
	{ "3004a0023000", false, true }, /* no name */
	{ "300ca00a3008"
	  "82026162"
	  "82026364",
	    false, true }, /* two */
	{ "300ba0093007"
	  "82026162"
	  "800100",
	    false, true }, /* minimum */
	{ "300ba0093007"
	  "82026162"
	  "810100",
	    false, true }, /* maximum */
	{ "300aa0083006"
	  "a4040c026869",
	    false, true }, /* a directoryName that is no Name */
	{ "300aa0083006"
	  "82026162"
	  "82",
	    false, true },
	{ "3008a0063004"
	  "82026162"
	  "00",
	    false, true },
	{ "3009a1073005"
	  "8103406162",
	    false, true }, /* "@ab" */
	{ "300fa00630048202616206"
	  "a105300382"
	  "0261",
	    false, true }, /* the second list is cut off */
};

/* What a constraint must look like, and what it does to the CA that has another. */
static void
malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof malformed_values / sizeof *malformed_values; i++) {
		struct made m = { .ca = 1, .more = { { "551d1e", true, malformed_values[i].value } } };
		struct x509_cert *c = make_decoded(&m);

		if ((c->more->n_defects > 0) != malformed_values[i].defect)
			fail_msg("value %zu", i);
		if (malformed_values[i].defect)
			assert_int_equal(c->more->defects[0].profile, malformed_values[i].profile);
		/* what was read until then does not count */
		if (c->more->broken)
			assert_int_equal(c->more->permitted.n + c->more->excluded.n, 0);
		x509_cert_free(c);
	}
}

/* Comparisons are counted over the whole judgement, so that 4096 names under 4096 constraints end. */
static void
bounded(void **state)
{
	struct made issuer = { .subject = "CN=CA", .key = 1, .ca = 1, .permitted = "DNS:example.com" },
		    leaf = { .names = "DNS:example.com" };
	struct x509_cert *ca = make_decoded(&issuer), *c = make_decoded(&leaf);
	struct work work = { .left = 3 };

	(void)state;
	assert_null(x509_constraints_broken(ca, c, &work));
	assert_int_equal(work.ended, WORK_SPENT);
	x509_cert_free(ca);
	x509_cert_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kept), cmocka_unit_test(malformed),
		cmocka_unit_test(bounded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
