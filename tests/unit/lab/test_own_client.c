/* The lab met by net/tls and net/x509: what the shell will see. */
#include "tests/unit/lab/lab_client.h"

#include <time.h>

#include "net/tcp.h"
#include "net/tls/tls.h"
#include "net/x509/x509.h"

static struct x509_store *store;
static struct x509_verdict verdict;
static const char *judged_host;

static int
judge(void *context, struct x509_cert *const *chain, size_t n, struct str ocsp_response, struct str sct_list,
    struct error *error)
{
	struct x509_policy policy = { .anchors = store, .host = judged_host, .now = (int64_t)time(NULL) };

	(void)context, (void)ocsp_response, (void)sct_list;
	x509_verdict_release(&verdict);
	memset(&verdict, 0, sizeof verdict);
	return x509_judge(chain, n, &policy, &verdict, error);
}

/* A handshake with a room and the first line of its home page, into `output`. 0, or -1 with the reason. */
static int
visit(const char *host, struct tls_config *config, struct error *error)
{
	struct tls_hooks hooks = { .judge = judge };
	struct tls *engine;
	struct stream *tcp, *s;
	const uint8_t *p;
	ssize_t n;
	int result;

	judged_host = host;
	snprintf(config->sni, sizeof config->sni, "%s", host);
	engine = tls_new(config, &hooks);
	tcp = tcp_stream_new(raw_connect(host));
	s = tls_stream_new(engine, tcp, error);
	if (s == NULL) {
		stream_free(tcp);
		tls_free(engine);
		return -1;
	}
	result = stream_write(s, "GET / HTTP/1.0\r\n\r\n", 18, error);
	output[0] = '\0';
	while (result == 0 && strlen(output) < 15 && (n = stream_peek(s, &p, error)) > 0) {
		strncat(output, (const char *)p, (size_t)n < 15 - strlen(output) ? (size_t)n : 15 - strlen(output));
		stream_consume(s, (size_t)n);
	}
	stream_free(s);
	return strlen(output) == 15 ? 0 : -1;
}

static void
range(struct tls_config *config, uint16_t min, uint16_t max)
{
	tls_config_init(config);
	config->min_version = min;
	config->max_version = max;
	config->versions_set = true;
}

static void
expect_visit(const char *host, struct tls_config *config)
{
	struct error error = { .kind = ERROR_NONE };

	if (visit(host, config, &error) != 0)
		fail_msg("%s: %s", host, error.text);
	assert_string_equal(output, "HTTP/1.1 200 OK");
}

/* The story: offering more fails, pinning cures, and so does putting the negotiated version into the premaster. */
static void
test_rollback(void **state)
{
	static const uint16_t more[] = { TLS_1_1, TLS_1_2, TLS_1_3 };
	struct tls_config config;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		range(&config, TLS_1_0, more[i]);
		assert_int_equal(visit("rollback.lab.test", &config, &error), -1);
		assert_int_equal(error.kind, ERROR_TLS);
		assert_non_null(strstr(error.text, "bad_record_mac"));
		config.premaster_negotiated = true;
		expect_visit("rollback.lab.test", &config);
	}
	range(&config, TLS_1_0, TLS_1_0);
	expect_visit("rollback.lab.test", &config);
}

static void
test_healthy(void **state)
{
	struct tls_config config;

	(void)state;
	tls_config_init(&config);
	expect_visit("ok.lab.test", &config);
	assert_int_equal(verdict.n_reasons, 0);
	range(&config, TLS_1_0, TLS_1_3);
	expect_visit("ok.lab.test", &config);
	expect_visit("tls10.lab.test", &config);
	assert_int_equal(verdict.n_reasons, 0);
}

static void
test_certificates(void **state)
{
	static const struct {
		const char *host;
		enum x509_fault fault;
	} rows[] = {
		{ "expired.lab.test", X509_EXPIRED },
		{ "wronghost.lab.test", X509_HOST_MISMATCH },
		{ "selfsigned.lab.test", X509_SELF_SIGNED },
		{ "untrusted.lab.test", X509_UNKNOWN_ISSUER },
	};
	struct tls_config config;
	struct error error;

	(void)state;
	tls_config_init(&config);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(visit(rows[i].host, &config, &error), -1);
		assert_int_equal(error.kind, ERROR_CERTIFICATE);
		assert_int_equal(verdict.n_reasons, 1); /* one fault each, and no other */
		assert_int_equal(verdict.reasons[0].fault, rows[i].fault);
	}
}

static void
test_not_tls(void **state)
{
	struct tls_config config;
	struct error error;

	(void)state;
	tls_config_init(&config);
	assert_int_equal(visit("plain.lab.test", &config, &error), -1);
	assert_int_equal(error.kind, ERROR_TLS);
	assert_int_equal(visit("closed.lab.test", &config, &error), -1);
	assert_int_equal(error.kind, ERROR_TLS);
	assert_int_equal(visit("tls10.lab.test", &config, &error), -1);
	assert_int_equal(error.kind, ERROR_TLS);
}

static int
set_up(void **state)
{
	if (lab_set_up(state) != 0)
		return -1;
	store = x509_store_new();
	return x509_store_add_pem(store, lab_ca_pem(lab), NULL) == 1 ? 0 : -1;
}

static int
tear_down(void **state)
{
	x509_verdict_release(&verdict);
	x509_store_free(store);
	return lab_tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_not_tls),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
