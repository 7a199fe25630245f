/* Host names against subjectAltName: RFC 9525 section 6. */
#include <string.h>

#include "net/x509/details.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

static const struct {
	const char *names, *host;
	bool matches;
} rows[] = {
	{ "DNS:www.example.com", "www.example.com", true },
	{ "DNS:www.example.com", "WWW.Example.COM", true },
	{ "DNS:WWW.EXAMPLE.com", "www.example.com", true },
	{ "DNS:www.example.com", "example.com", false },
	{ "DNS:www.example.com", "xwww.example.com", false },
	{ "DNS:www.example.com", "www.example.com.evil.org", false },
	/* a host with a final dot is the same host; a name in a certificate has none */
	{ "DNS:www.example.com", "www.example.com.", true },
	{ "DNS:www.example.com.", "www.example.com", false },
	/* section 6.3: a wildcard is the whole left-most label and stands for exactly one */
	{ "DNS:*.example.com", "www.example.com", true },
	{ "DNS:*.example.com", "www.example.com.", true },
	{ "DNS:*.example.com", "WWW.EXAMPLE.COM", true },
	{ "DNS:*.example.com", "example.com", false },
	{ "DNS:*.example.com", ".example.com", false },
	{ "DNS:*.example.com", "a.b.example.com", false },
	{ "DNS:*.b.example.com", "a.b.example.com", true },
	{ "DNS:w*.example.com", "www.example.com", false },
	{ "DNS:*w.example.com", "www.example.com", false },
	{ "DNS:www.*.com", "www.example.com", false },
	{ "DNS:*.*.com", "www.example.com", false },
	{ "DNS:*", "localhost", false },
	{ "DNS:*.com", "example.com", false },
	{ "DNS:*.", "example.", false },
	/* internationalised names stand there as A-labels */
	{ "DNS:xn--bcher-kva.example.com", "xn--bcher-kva.example.com", true },
	{ "DNS:*.xn--bcher-kva.example", "www.xn--bcher-kva.example", true },
	{ "DNS:*.example.com", "xn--bcher-kva.example.com", true },
	{ "DNS:xn--*.example.com", "xn--bcher-kva.example.com", false },
	{ "DNS:b\xc3\xbc"
	  "cher.example.com",
	    "b\xc3\xbc"
	    "cher.example.com",
	    false },
	{ "DNS:localhost", "localhost", true },
	{ "DNS:", "", false },
	/* addresses only against addresses */
	{ "IP:192.0.2.7", "192.0.2.7", true },
	{ "IP:192.0.2.7", "192.0.2.8", false },
	{ "DNS:192.0.2.7", "192.0.2.7", false },
	{ "DNS:*.0.2.7", "192.0.2.7", false },
	{ "IP:2001:db8::7", "2001:db8::7", true },
	{ "IP:2001:db8::7", "2001:DB8:0:0:0:0:0:7", true },
	{ "IP:2001:db8::7", "2001:db8::8", false },
	{ "IP:192.0.2.7", "::ffff:192.0.2.7", false },
	{ "IP:192.0.2.7/255.255.255.0", "192.0.2.7", false },
	/* any one of several; other types and the common name never */
	{ "email:me@example.com,DNS:a.example,DNS:www.example.com", "www.example.com", true },
	{ "URI:https://www.example.com/", "www.example.com", false },
	{ "email:www.example.com", "www.example.com", false },
	{ "dir:CN=www.example.com", "www.example.com", false },
};

static void
matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct made m = { .subject = "CN=www.example.com", .names = rows[i].names };
		struct buf der = make_cert(&m);
		struct x509_cert *c = x509_cert_new(buf_str(&der), NULL);

		assert_non_null(c);
		if (x509_host_matches(c, rows[i].host) != rows[i].matches)
			fail_msg("%s for %s", rows[i].host, rows[i].names);
		x509_cert_free(c);
		buf_release(&der);
	}
}

static void
common_name(void **state)
{
	struct made m = { .subject = "CN=www.example.com" };
	struct buf der = make_cert(&m);
	struct x509_cert *c = x509_cert_new(buf_str(&der), NULL);

	(void)state;
	assert_false(x509_host_matches(c, "www.example.com"));
	x509_cert_free(c);
	buf_release(&der);
}

static void
long_names(void **state)
{
	char label[300] = "DNS:", host[300];

	(void)state;
	for (size_t n = 62; n < 66; n++) {
		struct made m = { .names = label };
		struct buf der;
		struct x509_cert *c;

		memset(label + 4, 'a', n);
		memcpy(label + 4 + n, ".example", 9);
		memcpy(host, label + 4, n + 9);
		der = make_cert(&m);
		c = x509_cert_new(buf_str(&der), NULL);
		assert_int_equal(x509_host_matches(c, host), n <= 63);
		x509_cert_free(c);
		buf_release(&der);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(matches), cmocka_unit_test(common_name),
		cmocka_unit_test(long_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
