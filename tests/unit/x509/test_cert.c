/* Certificates: what is decoded, what is told, what is refused. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "tests/support/hex.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

static void
assert_text(char *text, const char *expected)
{
	assert_string_equal(text, expected);
	free(text);
}

static void
texts(void **state)
{
	struct made m = {
		.subject = "C=DE,O=Example,CN=leaf",
		.names =
		    "DNS:www.example.com,IP:192.0.2.7,IP:2001:db8::7,email:me@example.com,"
		    "dir:C=DE;CN=x",
		.ca = 1,
		.path_len = 1,
		.usage = X509_USAGE_SIGN | X509_USAGE_CERT_SIGN,
		.eku = "server,client,any,ocsp",
		.permitted = "DNS:example.com,IP:192.0.2.0/255.255.255.0",
		.excluded = "IP:2001:db8::/ffff:ffff::",
		.more = { { "2b0601050507"
			    "0118",
		    false, "3003020105" } },
	};
	struct x509_cert *c = make_decoded(&m);

	(void)state;
	assert_text(x509_subject_text(c), "C=DE, O=Example, CN=leaf");
	assert_text(x509_issuer_text(c), "CN=CA");
	assert_text(x509_serial_text(c), "01:02");
	assert_text(x509_key_text(&c->key), "EC P-256");
	assert_string_equal(x509_signature_name(c), "ecdsa-with-SHA256");
	assert_text(x509_names_text(c),
	    "DNS:www.example.com, IP:192.0.2.7, IP:2001:db8::7, email:me@example.com, DirName:C=DE, CN=x");
	assert_text(x509_usage_text(c), "digitalSignature, keyCertSign");
	assert_text(x509_eku_text(c), "serverAuth, clientAuth, anyExtendedKeyUsage, OCSPSigning");
	assert_text(x509_basic_text(c), "a CA, with at most 0 CAs below it");
	assert_text(x509_constraints_text(c),
	    "permitted DNS:example.com, permitted IP:192.0.2.0/24, excluded IP:2001:db8::/32");
	assert_text(x509_validity_text(c, MAKE_NOW),
	    "2026-05-02 00:00:00 UTC to 2026-07-01 00:00:00 UTC: 30 days left");
	assert_text(x509_validity_text(c, MAKE_NOW + 31 * MAKE_DAY),
	    "2026-05-02 00:00:00 UTC to 2026-07-01 00:00:00 UTC: expired 24 hours ago");
	assert_text(x509_validity_text(c, MAKE_NOW - 60 * MAKE_DAY),
	    "2026-05-02 00:00:00 UTC to 2026-07-01 00:00:00 UTC: begins in 30 days");
	assert_true(x509_must_staple(c));
	x509_cert_free(c);
}

/* Control characters and invalid UTF-8 never reach a terminal. */
static void
safe_texts(void **state)
{
	struct made m = { .subject = "CN=\x1b[2J\xff", .names = "DNS:\x1b]0;x\x07" };
	struct x509_cert *c = make_decoded(&m);
	char *subject = x509_subject_text(c), *names = x509_names_text(c);

	(void)state;
	for (const char *p = subject; *p != '\0'; p++)
		assert_true((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F);
	for (const char *p = names; *p != '\0'; p++)
		assert_true((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F);
	free(subject);
	free(names);
	x509_cert_free(c);
}

static void
spans(void **state)
{
	(void)state;
	assert_text(x509_span_text(12 * 86400 + 5), "12 days");
	assert_text(x509_span_text(86400), "24 hours");
	assert_text(x509_span_text(7199), "119 minutes");
	assert_text(x509_span_text(119), "119 seconds");
}

#define RSA_KEY(parameters, exponent, end) \
	"301c300d06092a864886f70d010101" parameters \
	"030b003008020300" \
	"80" end exponent

static const struct {
	struct made m;
	enum x509_fault fault;
	bool profile;
	const char *text;
} defects[] = {
	{ { .version = 2, .names = "DNS:a.example" }, X509_MALFORMED, false, "of version 2" },
	{ { .version = 1, .names = "DNS:a.example" }, X509_MALFORMED, false, "of version 1" },
	{ { .issuer = "" }, X509_MALFORMED, false, "issuer is empty" },
	{ { .inner_algorithm = "300a06082a8648ce3d040303" }, X509_MALFORMED, false, "two signature algorithms" },
	{ { .subject = "", .names = "DNS:a.example" }, X509_MALFORMED, true, "subjectAltName is not critical" },
	{ { .names = "DNS:a.example", .names_critical = true }, X509_MALFORMED, true, "subjectAltName is critical" },
	{ { .ca = -1, .path_len = 1 }, X509_MALFORMED, true, "limits the path length" },
	{ { .more = { { "551d13", false, "30030101ff" } } }, X509_MALFORMED, true, "basicConstraints is not critical" },
	{ { .more = { { "551d13", true, "3003010101" } } }, X509_MALFORMED, false,
	    "basicConstraints extension is malformed" },
	{ { .more = { { "551d0f", true,
		"03020780"
		"00" } } },
	    X509_MALFORMED, false, "keyUsage extension is malformed" },
	{ { .more = { { "551d0f", true, "03020700" } } }, X509_MALFORMED, true, "names nothing" },
	{ { .more = { { "551d25", false, "3000" } } }, X509_MALFORMED, false, "extKeyUsage extension is malformed" },
	{ { .more = { { "551d11", false, "3000" } } }, X509_MALFORMED, false, "subjectAltName extension is malformed" },
	{ { .more = { { "551d0e", true, "040101" } } }, X509_MALFORMED, true, "critical, which RFC 5280 forbids" },
	{ { .more = { { "551d0e", false, "040101" }, { "551d0e", false, "040101" } } }, X509_MALFORMED, false,
	    "twice" },
	{ { .more = { { "2a0304", true, "0500" } } }, X509_CRITICAL_EXTENSION, false, "1.2.3.4" },
	/* a precertificate (RFC 6962 section 3.1) is no certificate */
	{ { .more = { { "2b06010401d679020403", true, "0500" } } }, X509_CRITICAL_EXTENSION, false,
	    "1.3.6.1.4.1.11129.2.4.3" },
	{ { .more = { { "551d20", false, "3000" } } }, X509_MALFORMED, false,
	    "certificatePolicies extension is malformed" },
	{ { .more = { { "551d21", true, "300c300a06022a030604551d2000" } } }, X509_POLICY, false, "maps anyPolicy" },
	{ { .more = { { "551d24", true, "3000" } } }, X509_MALFORMED, false,
	    "policyConstraints extension is malformed" },
	{ { .more = { { "551d24", false, "3003800100" } } }, X509_MALFORMED, true,
	    "policyConstraints is not critical" },
	{ { .more = { { "551d36", true, "0201ff" } } }, X509_MALFORMED, false,
	    "inhibitAnyPolicy extension is malformed" },
	{ { .more = { { "551d36", false, "020100" } } }, X509_MALFORMED, true, "inhibitAnyPolicy is not critical" },
	{ { .spki = "301306072a8648ce3d020106082a8648ce3d030107" }, X509_MALFORMED, false,
	    "public key cannot be decoded" },
	{ { .spki = "301a301306072a8648ce3d020106082a8648ce3d0301070303000102" }, X509_MALFORMED, false,
	    "public key cannot be decoded" },
	/* the last extension: something behind its value, a BOOLEAN that is none, cut off */
	{ { .raw_extensions = "300b0603551d1e040230000500" }, X509_MALFORMED, false, "cannot be decoded" },
	{ { .raw_extensions = "300b0603551d25040230000500" }, X509_MALFORMED, false, "cannot be decoded" },
	{ { .raw_extensions = "300e0603551d0f010101040403020780" }, X509_MALFORMED, false, "cannot be decoded" },
	{ { .raw_extensions = "30050603551d1e" }, X509_MALFORMED, false, "cannot be decoded" },
	{ { .raw_extensions = "3000" }, X509_MALFORMED, false, "cannot be decoded" },
	{ { .raw_extensions = "30090602558004030201"
			      "06" },
	    X509_MALFORMED, false, "cannot be decoded" },
	/* RSA: an exponent of 1 and of 4, an even modulus, parameters that are no NULL */
	{ { .spki = RSA_KEY("0500", "020101", "01") }, X509_MALFORMED, false, "public key cannot be decoded" },
	{ { .spki = RSA_KEY("0500", "020104", "01") }, X509_MALFORMED, false, "public key cannot be decoded" },
	{ { .spki = RSA_KEY("0500", "020103", "02") }, X509_MALFORMED, false, "public key cannot be decoded" },
	{ { .spki = RSA_KEY("0401", "020103", "01") }, X509_MALFORMED, false, "public key cannot be decoded" },
	{ { .algorithm = "300c06082a8648ce3d04030205"
			 "01" },
	    X509_MALFORMED, false, "signature algorithm cannot be decoded" },
	{ { .algorithm = "300e06082a8648ce3d040302"
			 "05000500" },
	    X509_MALFORMED, false, "signature algorithm cannot be decoded" },
	/* each read to its end */
	{ { .more = { { "551d0f", true, "03020181" } } }, X509_MALFORMED, false,
	    "keyUsage extension is malformed" }, /* an unused bit is set */
	{ { .more = { { "551d25", false,
		"300906022a03"
		"0603550480" } } },
	    X509_MALFORMED, false, "extKeyUsage extension is malformed" },
	{ { .more = { { "551d23", false,
		"30078001"
		"01a102"
		"8201" } } },
	    X509_MALFORMED, false, "authorityKeyIdentifier extension is malformed" },
	{ { .more = { { "551d23", false,
		"300882020001800101"
		"00" } } },
	    X509_MALFORMED, false, "authorityKeyIdentifier extension is malformed" },
	{ { .more = { { "551d11", false, "3005a203820161" } } }, X509_MALFORMED, false,
	    "subjectAltName extension is malformed" },
	{ { .more = { { "551d11", false, "3006a4040c026869" } } }, X509_MALFORMED, false,
	    "subjectAltName extension is malformed" },
	{ { .more = { { "551d11", false,
		"3004a00206"
		"00" } } },
	    X509_MALFORMED, false, "subjectAltName extension is malformed" },
	{ { .more = { { "551d12", false, "3000" } } }, X509_MALFORMED, false, "issuerAltName extension is malformed" },
	{ { .more = { { "551d1f", false, "30023000" } } }, X509_MALFORMED, false,
	    "cRLDistributionPoints extension is malformed" },
	{ { .more = { { "551d20", false, "30023001" } } }, X509_MALFORMED, false,
	    "certificatePolicies extension is malformed" },
	{ { .ca = -1, .path_len = 2 }, X509_MALFORMED, false, "limits the path length" },
	{ { .more = { { "2b0601050507010e", false, "3000" } } }, X509_CRITICAL_EXTENSION, false, "proxy" },
};

static void
told_defects(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof defects / sizeof *defects; i++) {
		struct x509_cert *c = make_decoded(&defects[i].m);
		const struct x509_defect *d = c->more->defects;

		if (c->more->n_defects == 0 || d->fault != defects[i].fault || d->profile != defects[i].profile ||
		    strstr(d->text, defects[i].text) == NULL) {
			print_error("row %zu: %s\n", i, c->more->n_defects > 0 ? d->text : "no defect");
			good = false;
		}
		x509_cert_free(c);
	}
	assert_true(good);
}

static void
serials(void **state)
{
	static const struct {
		const char *serial;
		bool ok;
	} rows[] = {
		{ "01", true },
		{ "7f", true },
		{ "00", false },
		{ "80", false },
		{ "0080", true },
		{ "7f0102030405060708090a0b0c0d0e0f10111213", true },
		{ "7f0102030405060708090a0b0c0d0e0f1011121314", false },
		{ "00ff02030405060708090a0b0c0d0e0f1011121314", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct made m = { .serial = rows[i].serial };
		struct x509_cert *c = make_decoded(&m);

		if (c->more->serial_ok != rows[i].ok)
			fail_msg("%s", rows[i].serial);
		x509_cert_free(c);
	}
}

/* Cut anywhere it is no certificate; with any bit changed it is none, or one that is not signed by its issuer, or equal
 * but for bits that nobody reads. */
static void
damaged(void **state)
{
	struct made m = { .names = "DNS:www.example.com", .eku = "server", .usage = X509_USAGE_SIGN, .aki = 1 },
		    ca = { .key = 1, .subject = "CN=CA" };
	struct buf der = make_cert(&m);
	struct x509_cert *issuer = make_decoded(&ca);

	(void)state;
	for (size_t n = 0; n < der.len; n++)
		assert_null(x509_cert_new(str_from(der.data, n), NULL));
	for (size_t i = 0; i < der.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct x509_cert *c;

			der.data[i] ^= (uint8_t)(1u << bit);
			c = x509_cert_new(buf_str(&der), NULL);
			if (c != NULL)
				assert_true(c->more->n_defects > 0 ||
				    !x509_signed_by(&issuer->key, &c->more->algorithm, c->tbs, c->more->signature,
					NULL));
			x509_cert_free(c);
			der.data[i] ^= (uint8_t)(1u << bit);
		}
	x509_cert_free(issuer);
	buf_release(&der);
}

static void
limits(void **state)
{
	struct error error = { 0 };
	char *big = malloc(X509_MAX_CERT + 1);

	(void)state;
	memset(big, 0, X509_MAX_CERT + 1);
	assert_null(x509_cert_new(str_from(big, X509_MAX_CERT + 1), &error));
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_null(x509_cert_new(STR(""), &error));
	assert_int_equal(error.kind, ERROR_CERTIFICATE);
	free(big);
}

/* RFC 5280 section 7.1: string type, case and spaces do not matter; the order of RDNs does. */
static void
names(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "300d310b3009060355040313024142", "300d310b3009060355040313026162", true }, /* AB, ab */
		{ "300d310b3009060355040313024142", "300d310b300906035504030c024142",
		    true }, /* PrintableString, UTF8String */
		{ "300d310b3009060355040313024142", "300f310d300b06035504031e0400410042", true }, /* BMPString */
		{ "300d310b3009060355040313024142", "300d310b3009060355040a13024142", false }, /* another attribute */
		{ "300e310c300a06035504031303412042",
		    "3010310e300c0603550403130520412020"
		    "42",
		    true }, /* " A  B" */
		{ "300d310b3009060355040313024142", "3000", false }, { "3000", "3000", true },
		{ "301831163009060355040313024142"
		  "3009060355040a13024344",
		    "301831163009060355040a13026364"
		    "3009060355040313024142",
		    true },
		{ "301831163009060355040313024142"
		  "3009060355040a13024344",
		    "301831163009060355040313024142"
		    "3009060355040313024142",
		    false },
		{ "301831163009060355040313024142"
		  "3009060355040a13024344",
		    "301a310b3009060355040313024142"
		    "310b3009060355040a13024344",
		    false },
		{ "300d310b3009060355040313023132", "300d310b3009060355040312023132",
		    false }, /* NumericString is compared as it is */
		{ "300d310b3009060355040314024ac4", "300e310c300a06035504030c036ac384",
		    true }, /* T61String is Latin-1 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex a = hex(rows[i].a), b = hex(rows[i].b);
		struct x509_name x, y;

		assert_true(x509_name_read(HEX_STR(a), &x) && x509_name_read(HEX_STR(b), &y));
		if (x509_name_eq(&x, &y) != rows[i].equal || x509_name_eq(&y, &x) != rows[i].equal)
			fail_msg("%s %s", rows[i].a, rows[i].b);
		x509_name_release(&x);
		x509_name_release(&y);
	}
}

/* What the rows above break is right without it. */
static void
no_defects(void **state)
{
	static const struct made rows[] = {
		{ .spki = RSA_KEY("0500", "020103", "01") },
		{ .raw_extensions = "30090603550403040205"
				    "00" },
		{ .more = { { "551d0f", true, "03020780" } } },
		{ .more = { { "551d23", false, "3008800101a103820161" } } },
		{ .more = { { "551d11", false,
		      "3005820361"
		      "2e62" } } },
		{ .more = { { "551d11", false, "300fa40d300b3109300706035504030c00" } } },
		{ .more = { { "551d11", false,
		      "300aa00806022a03a002"
		      "0500" } } },
		{ .more = { { "551d12", false, "3003820161" } } },
		{ .more = { { "551d1f", false, "30163014a012a010860e687474703a2f2f612e622f632e63" } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct x509_cert *c = make_decoded(&rows[i]);

		if (c->more->n_defects > 0)
			fail_msg("row %zu: %s", i, c->more->defects[0].text);
		x509_cert_free(c);
	}
}

/* Names are read to their last attribute. */
static void
broken_names(void **state)
{
	static const char *const rows[] = { "310b", "30023100", "300c310b30090603550403130241",
		"300d310b300906035504030102"
		"4142",
		"300d310b3009060355048013024142",
		"300f310d300b06035504031302414205"
		"00",
		"3010310e3009060355040313024142"
		"300106",
		"3010310e3009060355040313024142"
		"3001"
		"06",
		"300d310b300906035504030c02c328", "300e310c300a06035504031e03004100",
		"300f310d300b06035504031e04d8000041", "300f310d300b06035504031c0400110000",
		"300d310b3009060355040313024142"
		"00" };
	struct x509_name name;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i]);

		if (x509_name_read(HEX_STR(h), &name))
			fail_msg("%s", rows[i]);
		x509_name_release(&name);
	}
}

/* No limit drops what refuses a certificate: not a hundred smaller defects, not the number of extensions. */
static void
none_dropped(void **state)
{
	struct made dotted = {
		.ca = 1,
		.permitted =
		    "DNS:.a.b,DNS:.a.c,DNS:.a.d,DNS:.a.e,DNS:.a.f,DNS:.a.g,DNS:.a.h,DNS:.a.i,DNS:.a.j,DNS:.a.k,"
		    "DNS:.a.l,DNS:.a.m,DNS:.a.n,DNS:.a.o,DNS:.a.p,DNS:.a.q,DNS:.a.r,DNS:.a.s",
		.more = { { "2a0304", true, "0500" } },
	};
	struct x509_cert *c = make_decoded(&dotted);
	struct buf text;

	(void)state;
	assert_int_equal(c->more->n_defects, X509_MAX_DEFECTS);
	assert_true(c->more->broken);
	assert_int_equal(c->more->defects[0].fault, X509_CRITICAL_EXTENSION);
	assert_true(c->more->defects[X509_MAX_DEFECTS - 1].profile);
	x509_cert_free(c);
	for (unsigned n = X509_MAX_EXTENSIONS; n <= X509_MAX_EXTENSIONS + 1; n++) {
		struct made m = { .raw_extensions = "" };

		buf_init(&text, 0);
		for (unsigned i = 0; i < n; i++)
			buf_addf(&text,
			    "300806032a%02x%02x04010"
			    "0",
			    i / 100 + 1, i % 100);
		m.raw_extensions = (const char *)text.data;
		c = make_decoded(&m);
		assert_int_equal(c->more->broken, n > X509_MAX_EXTENSIONS);
		x509_cert_free(c);
		buf_release(&text);
	}
}

/* An address of three bytes that ends 8 bytes before the certificate does: sixteen are not read. */
static void
short_address(void **state)
{
	struct made m = { .more = { { "551d11", false, "30058703c00002" } } };
	struct buf der = make_cert(&m), cut;
	struct rd r = rd_str(buf_str(&der)), outer = der_enter(&r, DER_SEQUENCE);
	struct x509_cert *c;

	(void)state;
	buf_init(&cut, 0);
	put_str(&cut, der_whole(&outer, DER_SEQUENCE));
	make_hex(&cut,
	    "300306012a"
	    "030100");
	buf_clear(&der);
	make_tlv(&der, DER_SEQUENCE, buf_str(&cut));
	c = x509_cert_new(buf_str(&der), NULL);
	assert_non_null(c);
	assert_text(x509_names_text(c), "IP:(3 bytes)");
	x509_cert_free(c);
	buf_release(&cut);
	buf_release(&der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts), cmocka_unit_test(safe_texts),
		cmocka_unit_test(spans), cmocka_unit_test(told_defects), cmocka_unit_test(serials),
		cmocka_unit_test(damaged), cmocka_unit_test(limits), cmocka_unit_test(names),
		cmocka_unit_test(broken_names), cmocka_unit_test(no_defects), cmocka_unit_test(none_dropped),
		cmocka_unit_test(short_address) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
