/* Trust anchors and PEM. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/x509/details.h"
#include "net/x509/pem.h"
#include "tests/support/hex.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

static void
add_pem(struct buf *out, const struct made *m)
{
	struct buf der = make_cert(m);

	buf_add_str(out, STR("-----BEGIN CERTIFICATE-----\n"));
	pem_add_base64(out, buf_str(&der));
	buf_add_str(out, STR("\n-----END CERTIFICATE-----\n"));
	buf_release(&der);
}

static bool
count(void *context, const struct x509_cert *anchor)
{
	(void)anchor;
	++*(size_t *)context;
	return true;
}

static size_t
found(const struct x509_store *s, const char *name)
{
	struct x509_name read;
	struct buf subject;
	size_t n = 0;

	buf_init(&subject, 0);
	make_name(&subject, name);
	assert_true(x509_name_read(buf_str(&subject), &read));
	x509_store_each(s, &read, NULL, count, &n);
	x509_name_release(&read);
	buf_release(&subject);
	return n;
}

static void
by_subject(void **state)
{
	struct made a = { .subject = "O=The CA,CN=A" }, b = { .subject = "CN=B" },
		    twin = { .subject = "CN=B", .key = 7 }, v1 = { .subject = "CN=Old", .version = 1 };
	struct x509_store *s = x509_store_new();
	struct buf pem;

	(void)state;
	buf_init(&pem, 0);
	buf_add_str(&pem, STR("words before\n-----BEGIN X509 CRL-----\n!!\n-----END X509 CRL-----\n"));
	add_pem(&pem, &a);
	add_pem(&pem, &b);
	add_pem(&pem, &twin);
	add_pem(&pem, &v1);
	assert_int_equal(x509_store_add_pem(s, buf_str(&pem), NULL), 4);
	assert_int_equal(x509_store_count(s), 4);
	assert_int_equal(found(s, "O=The CA,CN=A"), 1);
	assert_int_equal(found(s, "O=the  ca,CN=a"), 1);
	assert_int_equal(found(s, "CN=B"), 2);
	assert_int_equal(found(s, "CN=Old"), 1);
	assert_int_equal(found(s, "CN=C"), 0);
	assert_int_equal(found(s, ""), 0);
	assert_int_equal(found(NULL, "CN=B"), 0);
	x509_store_free(s);
	buf_release(&pem);
}

static void
broken_files(void **state)
{
	static const char *const texts[] = { "-----BEGIN CERTIFICATE-----\nAAAA\n",
		"-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END OTHER-----\n" };
	char path[] = "/tmp/httpsh-store-XXXXXX";
	struct x509_store *s = x509_store_new();
	struct error error = { 0 };
	int fd = mkstemp(path);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(x509_store_add_pem(s, str_of(texts[i]), &error), -1);
	assert_int_equal(x509_store_add_pem(s, STR("\x30\x03no"), &error), -1);
	/* a file that holds none is a mistake; a certificate that cannot be decoded is no anchor */
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "nothing", 7), 7);
	close(fd);
	assert_int_equal(x509_store_load_file(s, path, &error), -1);
	assert_non_null(strstr(error.text, "holds no certificate"));
	unlink(path);
	assert_int_equal(x509_store_load_file(s, path, &error), -1);
	assert_int_equal(x509_store_add_pem(s, STR("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
			     &error),
	    0);
	assert_int_equal(x509_store_count(s), 0);
	x509_store_free(s);
}

static void
base64(void **state)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "", "" },
		{ "Zg==", "66" },
		{ "Zm8=", "666f" },
		{ "Zm9v", "666f6f" },
		{ "Zm9vYmE=", "666f6f6261" },
		{ "+/+/", "fbffbf" },
	};
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zm8", "Zg==Zg==", "Zg=g", "====", "Z_==" };
	uint8_t out[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex bytes = hex(rows[i].hex);
		struct buf text;

		assert_int_equal(pem_base64(str_of(rows[i].text), out), bytes.n);
		assert_memory_equal(out, bytes.p, bytes.n);
		buf_init(&text, 0);
		pem_add_base64(&text, HEX_STR(bytes));
		assert_true(str_is(buf_str(&text), rows[i].text));
		buf_release(&text);
	}
	assert_int_equal(pem_base64(STR(" Zm\r\n9v\t"), out), 3);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(pem_base64(str_of(bad[i]), out), -1);
}

static double
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Debian's bundle: read, indexed, one anchor found. The time is told; the sanitizers make it no measure. */
static void
system_bundle(void **state)
{
	double best = 1e9;
	size_t n = 0;

	(void)state;
	if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) != 0)
		skip();
	for (int round = 0; round < 5; round++) {
		double start = milliseconds();
		struct x509_store *s = x509_store_new();

		assert_true(x509_store_load_file(s, "/etc/ssl/certs/ca-certificates.crt", NULL) > 100);
		found(s, "C=US,O=Internet Security Research Group,CN=ISRG Root X1");
		n = x509_store_count(s);
		if (milliseconds() - start < best)
			best = milliseconds() - start;
		x509_store_free(s);
	}
	print_message("first use of %zu anchors: %.2f ms\n", n, best);
	assert_true(best < 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(by_subject), cmocka_unit_test(broken_files),
		cmocka_unit_test(base64), cmocka_unit_test(system_bundle) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
