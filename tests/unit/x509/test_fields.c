/*
 * A field that cannot be read: the rest is kept, the field is named before anything that would follow from it, and the
 * certificate is believed nowhere: not as a leaf, not on the way, not as an anchor.
 */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)
#define RAW(field, hex) .raw = { [MAKE_##field] = (hex) }
#define AFTER "170d3236303730313030303030305a" /* a good notAfter */
#define EC_KEY "301306072a8648ce3d020106082a8648ce3d030107"

enum { ROOT = 1, LEAF = 2, SUB = 3 };

static const struct row {
	struct made m;
	unsigned unread; /* parts; the others are shown */
	const char *text;
} rows[] = {
	{ { RAW(VERSION, "a003020103") }, PART_VERSION, "its version is 4" },
	{ { RAW(VERSION, "a003020100") }, PART_VERSION, "its version 1 is written out" },
	{ { RAW(VERSION, "a0020500") }, PART_VERSION, "its version is malformed" },
	{ { RAW(VERSION, "a006020102020102") }, PART_VERSION, "its version is malformed" },
	{ { RAW(VERSION, "8003020102") }, PART_VERSION, "an element with the tag 0x80 stands before its serialNumber" },
	{ { RAW(SERIAL, "0200") }, PART_SERIAL, "its serialNumber is no INTEGER" },
	{ { RAW(SERIAL, "02020001") }, PART_SERIAL, "its serialNumber is no INTEGER" },
	{ { RAW(SERIAL, "040101") }, PART_SERIAL, "its serialNumber has the tag 0x04 instead of 0x02" },
	{ { RAW(SERIAL, "") }, PART_SERIAL, "it has no serialNumber" },
	{ { RAW(INNER_ALGORITHM, "310a06082a8648ce3d040302") }, PART_ALGORITHM, "its signature has the tag 0x31" },
	{ { RAW(ISSUER, "310d310b300906035504030c024341") }, PART_ISSUER, "its issuer has the tag 0x31" },
	{ { RAW(ISSUER, "300d310b300906035504030c024380") }, PART_ISSUER, "its issuer's name is malformed" },
	{ { RAW(VALIDITY, "3000") }, PART_NOT_BEFORE | PART_NOT_AFTER, "it has no notBefore" },
	{ { RAW(VALIDITY, "310101") }, PART_NOT_BEFORE | PART_NOT_AFTER, "its validity has the tag 0x31" },
	{ { RAW(VALIDITY,
	      "3022"
	      "1711"
	      "3236303530323030303030302b31303030" AFTER) },
	    PART_NOT_BEFORE, "its notBefore \"260502000000+1000\" is not of the form YYMMDDHHMMSSZ" },
	{ { RAW(VALIDITY,
	      "301c"
	      "170b"
	      "323630353032303030305a" AFTER) },
	    PART_NOT_BEFORE, "its notBefore \"2605020000Z\" is not of the form" },
	{ { RAW(VALIDITY,
	      "301e"
	      "170d"
	      "3236303233303030303030305a" AFTER) },
	    PART_NOT_BEFORE, "its notBefore \"260230000000Z\" is no date and time of the calendar" },
	{ { RAW(VALIDITY,
	      "301e"
	      "170d"
	      "3236303530323234303030305a" AFTER) },
	    PART_NOT_BEFORE, "no date and time" },
	{ { RAW(VALIDITY,
	      "301d"
	      "170c"
	      "323630353032303030303030" AFTER) },
	    PART_NOT_BEFORE, "not of the form" },
	{ { RAW(VALIDITY,
	      "3022"
	      "1811"
	      "32303236303530323030303030302e355a" AFTER) },
	    PART_NOT_BEFORE, "not of the form YYYYMMDDHHMMSSZ" },
	{ { RAW(VALIDITY,
	      "3022"
	      "1811"
	      "1b5b324a303530323030303030302e355a" AFTER) },
	    PART_NOT_BEFORE, "not of the form" },
	{ { RAW(VALIDITY,
	      "301e"
	      "0c0d"
	      "3236303530323030303030305a" AFTER) },
	    PART_NOT_BEFORE, "its notBefore is no time: it has the tag 0x0C" },
	{ { RAW(VALIDITY,
	      "300f"
	      "170d"
	      "3236303530323030303030305a") },
	    PART_NOT_AFTER, "it has no notAfter" },
	{ { RAW(VALIDITY,
	      "302d"
	      "170d"
	      "3236303530323030303030305a" AFTER AFTER) },
	    0, "more than two times" },
	{ { RAW(SUBJECT, "0500") }, PART_SUBJECT, "its subject has the tag 0x05" },
	{ { RAW(SUBJECT, "300d310b300906035504030c024e80") }, PART_SUBJECT, "its subject's name is malformed" },
	{ { RAW(KEY, "0500") }, PART_KEY, "its subjectPublicKeyInfo has the tag 0x05" },
	{ { RAW(KEY, "30020500") }, PART_KEY, "its public key cannot be decoded: a malformed algorithm" },
	{ { RAW(KEY,
	      "301b" EC_KEY "0304"
	      "000401"
	      "02") },
	    PART_KEY, "a point that is not of the uncompressed form" },
	{ { RAW(KEY,
	      "301a"
	      "301206072a8648ce3d02010607"
	      "2a8648ce3d0380"
	      "0304"
	      "000401"
	      "02") },
	    PART_KEY, "its public key cannot be decoded: malformed parameters" },
	{ { RAW(KEY,
	      "301b" EC_KEY "0304"
	      "010401"
	      "02") },
	    PART_KEY, "no BIT STRING of whole bytes" },
	{ { RAW(TAIL,
	      "8101ff"
	      "a31e301c301a0603551d1104133011820f7777772e6578616d706c652e636f6d") },
	    0, "its unique identifier is no BIT STRING" },
	{ { RAW(TAIL, "a3020500") }, PART_EXTENSIONS, "its extensions are no SEQUENCE" },
	{ { RAW(TAIL, "a3023000") }, PART_EXTENSIONS, "its extensions are no SEQUENCE" },
	{ { RAW(TAIL,
	      "a3063004"
	      "30020500") },
	    PART_EXTENSIONS, "its extension number 1 cannot be decoded" },
	{ { RAW(TAIL,
	      "a3063004"
	      "30050601") },
	    PART_EXTENSIONS, "its extensions cannot be decoded, from number 1 on" },
	{ { RAW(TAIL, "0500") }, PART_EXTENSIONS, "2 bytes stand behind its last field" },
	{ { RAW(ALGORITHM, "310a06082a8648ce3d040302") }, PART_ALGORITHM, "its signatureAlgorithm cannot be read" },
	{ { RAW(ALGORITHM, "3000") }, PART_ALGORITHM, "its signature algorithm cannot be decoded" },
	{ { RAW(SIGNATURE, "04020000") }, PART_SIGNATURE, "its signatureValue is no BIT STRING" },
	{ { RAW(SIGNATURE, "03020101") }, PART_SIGNATURE, "its signatureValue is no BIT STRING" },
	{ { RAW(SIGNATURE, "") }, PART_SIGNATURE, "its signatureValue is no BIT STRING" },
	{ { .raw_extensions = "300b0603551d0f0101ff040105" }, PART_USAGE, "its keyUsage extension is malformed" },
	{ { .raw_extensions = "300a0603551d130403300101" }, PART_BASIC, "its basicConstraints extension is malformed" },
	{ { .raw_extensions = "300b0603551d25040430020500" }, PART_EKU, "its extKeyUsage extension is malformed" },
	{ { .raw_extensions = "300b0603551d1e040430020500" }, PART_CONSTRAINTS, "its nameConstraints extension is" },
	{ { .raw_extensions = "300b0603551d20040430020500" }, PART_POLICIES, "its certificatePolicies extension is" },
	{ { .raw_extensions = "30090603551d2404023000" }, PART_POLICIES, "its policyConstraints extension is" },
	{ { .raw_extensions = "30090603551d0e04020500" }, PART_SUBJECT_KEY, "its subjectKeyIdentifier extension is" },
	{ { .raw_extensions = "30090603551d2304020500" }, PART_AUTHORITY_KEY,
	    "its authorityKeyIdentifier extension is" },
	{ { .raw_extensions = "30090603551d1f04020500" }, 0, "its cRLDistributionPoints extension is malformed" },
};

enum { ROWS = sizeof rows / sizeof *rows };

/* The row's certificate as the leaf, on the way, as the anchor. */
static struct made
as(enum make_field place, const struct row *row)
{
	struct made m = row->m;

	m.usage = row->unread == PART_USAGE ? 0 : place == 0 ? X509_USAGE_SIGN : CA_USAGE;
	if (place == 0) {
		m.names = "DNS:www.example.com";
		m.issuer = "CN=CA";
		return m;
	}
	m.ca = row->unread == PART_BASIC ? 0 : 1;
	m.subject = place == 1 ? "CN=Sub" : "CN=CA";
	m.key = place == 1 ? SUB : ROOT;
	return m;
}

static struct x509_store *
store_of(const struct made *root)
{
	struct x509_store *store = x509_store_new();
	struct buf der = make_cert(root);

	x509_store_add_pem(store, buf_str(&der), NULL);
	buf_release(&der);
	return store;
}

static struct x509_cert *
sent(const struct made *m)
{
	struct buf der = make_cert(m);
	struct x509_cert *c = x509_cert_sent(buf_str(&der));

	buf_release(&der);
	return c;
}

static void
assert_shown(char *text, bool readable, const char *wanted)
{
	if (readable != (strstr(text, "cannot be read") == NULL) || (readable && strstr(text, wanted) == NULL))
		fail_msg("\"%s\"", text);
	free(text);
}

/* What can be read is kept. */
static void
kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct made m = as(0, &rows[i]);
		struct x509_cert *c = sent(&m);
		unsigned unread = c->more->unread;

		if ((unread & rows[i].unread) != rows[i].unread ||
		    strstr(c->more->defects[0].text, rows[i].text) == NULL)
			fail_msg("row %zu: %x, %s", i, unread, c->more->defects[0].text);
		assert_true(c->more->broken);
		assert_shown(x509_subject_text(c), (unread & PART_SUBJECT) == 0, "CN=leaf");
		assert_shown(x509_issuer_text(c), (unread & PART_ISSUER) == 0, "CN=CA");
		assert_shown(x509_own_key_text(c), (unread & PART_KEY) == 0, "EC P-256");
		assert_shown(x509_validity_text(c, MAKE_NOW), (unread & (PART_NOT_BEFORE | PART_NOT_AFTER)) == 0,
		    "30 days left");
		if (rows[i].m.raw[MAKE_TAIL] == NULL && (unread & PART_NAMES) == 0)
			assert_shown(x509_names_text(c), true, "DNS:www.example.com");
		assert_int_equal(x509_key_refused(c, NULL), (unread & PART_KEY) != 0 ? -1 : 0);
		x509_cert_free(c);
	}
}

/* The verdict on leaf, and what leads up from it; released. */
static void
judge(const struct x509_store *store, struct x509_cert **chain, size_t n, struct x509_verdict *v)
{
	struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .host = "www.example.com" };
	struct error error = { 0 };

	assert_int_equal(x509_judge(chain, n, &policy, v, &error), -1);
	assert_int_equal(error.kind, ERROR_CERTIFICATE);
	for (size_t i = 0; i < n; i++)
		x509_cert_free(chain[i]);
}

/* No reason but the field, whatever would follow from its absence. */
static void
not_a_leaf(void **state)
{
	struct x509_store *store =
	    store_of(&(struct made){ .subject = "CN=CA", .key = ROOT, .ca = 1, .usage = CA_USAGE });
	bool good = true;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct made m = as(0, &rows[i]);
		struct x509_cert *leaf = sent(&m);
		struct x509_verdict v;

		judge(store, &leaf, 1, &v);
		for (size_t k = 0; k < v.n_reasons; k++)
			if (v.reasons[k].fault != X509_MALFORMED || v.reasons[k].index != 0) {
				print_error("row %zu (%s): %s\n", i, rows[i].text, v.reasons[k].text);
				good = false;
			}
		if (strstr(v.reasons[0].text, rows[i].text) == NULL)
			fail_msg("row %zu: %s", i, v.reasons[0].text);
		x509_verdict_release(&v);
	}
	x509_store_free(store);
	assert_true(good);
}

static void
not_on_the_way(void **state)
{
	struct x509_store *store =
	    store_of(&(struct made){ .subject = "CN=CA", .key = ROOT, .ca = 1, .usage = CA_USAGE });

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct made m = as(1, &rows[i]);
		struct x509_cert *chain[] = { make_decoded(&(struct made){ .names = "DNS:www.example.com",
						  .issuer = "CN=Sub",
						  .signer = SUB }),
			sent(&m) };
		struct x509_verdict v;

		judge(store, chain, 2, &v);
		if (v.reasons[0].index != 1 || strstr(v.reasons[0].text, rows[i].text) == NULL)
			fail_msg("row %zu: %d %s", i, v.reasons[0].index, v.reasons[0].text);
		x509_verdict_release(&v);
	}
	x509_store_free(store);
}

static void
not_an_anchor(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct made m = as(2, &rows[i]);
		struct x509_store *store = store_of(&m);
		struct x509_cert *leaf = make_decoded(&(struct made){ .names = "DNS:www.example.com" });
		struct x509_verdict v;

		judge(store, &leaf, 1, &v);
		x509_verdict_release(&v);
		x509_store_free(store);
	}
}

/* What is no certificate, or too large for one, has its place in the chain, and counts although nobody needs it. */
static void
no_certificate(void **state)
{
	struct x509_store *store =
	    store_of(&(struct made){ .subject = "CN=CA", .key = ROOT, .ca = 1, .usage = CA_USAGE });
	char *big = calloc(1, X509_MAX_CERT + 1);
	const struct {
		struct str der;
		enum error_kind kind;
		const char *text;
	} junk[] = {
		{ STR("GARBAGE"), ERROR_CERTIFICATE, "these 7 bytes are not an X.509 certificate" },
		{ STR("\x30\x02\x30\x00"), ERROR_CERTIFICATE, "these 4 bytes are not an X.509 certificate" },
		{ STR("\x30\x00"), ERROR_CERTIFICATE, "these 2 bytes are not an X.509 certificate" },
		{ { big, X509_MAX_CERT + 1 }, ERROR_LIMIT, "it has 65537 bytes, more than 65536, the limit here" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof junk / sizeof *junk; i++)
		for (size_t place = 0; place < 2; place++) {
			struct x509_cert *good = make_decoded(&(struct made){ .names = "DNS:www.example.com" }),
					 *bad = x509_cert_sent(junk[i].der);
			struct x509_cert *chain[] = { place == 0 ? bad : good, place == 0 ? good : bad };
			struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .host = "www.example.com" };
			struct x509_verdict v;
			struct error error = { 0 };

			assert_int_equal(x509_judge(chain, 2, &policy, &v, &error), -1);
			assert_int_equal(error.kind, junk[i].kind);
			assert_int_equal(v.reasons[0].index, (int)place);
			assert_string_equal(v.reasons[0].text, junk[i].text);
			assert_int_equal(v.n_reasons, 1);
			assert_non_null(strstr(error.text, place == 0 ? junk[i].text : "certificate 1 ("));
			x509_verdict_release(&v);
			assert_shown(x509_subject_text(bad), false, "");
			assert_int_equal(x509_key_refused(bad, &error), -1);
			assert_int_equal(error.kind, junk[i].kind);
			x509_cert_free(good);
			x509_cert_free(bad);
		}
	free(big);
	x509_store_free(store);
}

/* A limit that is reached is named as one. */
static void
limits(void **state)
{
	struct buf names, rdn;
	struct x509_cert *c;

	(void)state;
	buf_init(&names, 1 << 20);
	buf_init(&rdn, 0);
	for (unsigned i = 0; i <= X509_MAX_NAMES; i++)
		buf_addf(&names, "%sDNS:%c", i > 0 ? "," : "", 'a' + i % 26);
	c = make_decoded(&(struct made){ .names = (const char *)names.data });
	assert_int_equal(c->more->defects[0].fault, X509_LIMIT);
	assert_string_equal(c->more->defects[0].text,
	    "its subjectAltName extension has more than 4096 names, the limit here");
	x509_cert_free(c);
	for (unsigned i = 0; i <= X509_MAX_ATTRIBUTES; i++)
		buf_addf(&rdn, "%sO=a", i > 0 ? "+" : "");
	c = make_decoded(&(struct made){ .subject = (const char *)rdn.data });
	assert_int_equal(c->more->defects[0].fault, X509_LIMIT);
	assert_non_null(strstr(c->more->defects[0].text, "more than 64 attributes"));
	x509_cert_free(c);
	/* a path length is no limit of ours */
	c = make_decoded(&(struct made){ .raw_extensions = "30160603551d130101ff040c300a0101ff020500ffffffff" });
	assert_false(c->more->broken);
	assert_true(c->is_ca && c->path_len > 1000);
	x509_cert_free(c);
	buf_release(&names);
	buf_release(&rdn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept),
		cmocka_unit_test(not_a_leaf),
		cmocka_unit_test(not_on_the_way),
		cmocka_unit_test(not_an_anchor),
		cmocka_unit_test(no_certificate),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
