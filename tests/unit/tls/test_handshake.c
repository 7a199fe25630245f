/*
 * The engine against `openssl s_server`: every version and key exchange, resumption, HelloRetryRequest, renegotiation,
 * key updates.
 */
#include "tests/unit/tls/socket_client.h"

/* ---- versions, key exchanges, resumption ---- */
static void
check_mode(const struct mode *m, const struct openssl_server *s)
{
	struct tls_session *session = NULL;
	struct tls_config config;

	config_for(&config, TLS_1_0, TLS_1_3);
	for (int round = 0; round < 2; round++) {
		struct client c;
		const struct tls_info *info;

		client_start(&c, s, &config, session);
		if (client_connect(&c) != 0)
			fail_msg("%s %s: %s", tls_version_name(m->version), tls_suite_name(m->suite), c.error.text);
		info = tls_info(c.t);
		assert_int_equal(info->version, m->version);
		assert_int_equal(info->suite, m->suite);
		assert_int_equal(info->resumed, round == 1);
		assert_int_equal(tls_app_write(c.t, "GET / HTTP/1.0\r\n\r\n", 18, &c.error), 0);
		flush(&c);
		assert_true(client_reads(&c, "200 ok"));
		tls_session_free(session);
		session = tls_take_session(c.t);
		assert_non_null(session);
		client_end(&c);
	}
	tls_session_free(session);
}

static void
test_versions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		const char *options[16] = { "-www" };
		struct openssl_server s;
		size_t n = 1;

		for (const char *const *o = modes[i].options; *o != NULL; o++)
			options[n++] = *o;
		assert_int_equal(openssl_server_start(&s, modes[i].kind, options), 0);
		check_mode(&modes[i], &s);
		openssl_server_stop(&s);
	}
}

static void
test_hello_retry_request(void **state)
{
	static const char *const options[] = { "-www", "-groups", "P-384", NULL };
	struct openssl_server s;
	struct tls_config config;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	for (int without_share = 0; without_share < 2; without_share++) {
		struct client c;

		tls_config_init(&config);
		config.no_key_share = without_share;
		config.grease = true;
		client_start(&c, &s, &config, NULL);
		assert_int_equal(client_connect(&c), 0);
		assert_true(tls_info(c.t)->hello_retry);
		assert_int_equal(tls_info(c.t)->group, GROUP_P384);
		client_end(&c);
	}
	openssl_server_stop(&s);
}

/* What a troubleshooter may turn, each against a server that must still understand it. */
static void
test_hello_shapes(void **state)
{
	static const char *const options[] = { "-www", "-cipher", "ALL:@SECLEVEL=0", NULL };
	struct openssl_server s;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	for (int shape = 0; shape < 9; shape++) {
		struct tls_config config;
		struct client c;

		config_for(&config, TLS_1_0, TLS_1_3);
		config.grease = shape == 0;
		config.split_hello_record = shape == 1 ? 20 : 0;
		config.no_extensions = shape == 2;
		config.sslv2_hello = shape == 3;
		config.pad_hello = shape == 4 ? 2000 : 0;
		config.session_id_13 = shape == 5 ? TLS_OFF : TLS_AUTO;
		config.hello_record_version = shape == 6 ? TLS_1_2 : 0;
		config.ems = shape == 7 ? TLS_OFF : TLS_AUTO;
		config.max_version = shape >= 7 ? TLS_1_2 : TLS_1_3;
		config.etm = shape == 8 ? TLS_OFF : TLS_AUTO;
		client_start(&c, &s, &config, NULL);
		if (client_connect(&c) != 0)
			fail_msg("shape %d: %s", shape, c.error.text);
		assert_int_equal(tls_info(c.t)->version, shape == 2 || shape == 3 || shape >= 7 ? TLS_1_2 : TLS_1_3);
		if (shape == 4)
			assert_int_equal(tls_info(c.t)->offered.hello_bytes, 2000);
		if (shape == 7)
			assert_false(tls_info(c.t)->ems);
		client_end(&c);
	}
	openssl_server_stop(&s);
}

static void
test_refusals(void **state)
{
	static const char *const options[] = { "-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", NULL };
	struct openssl_server s;
	struct tls_config config;
	struct client c;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	config_for(&config, TLS_1_2, TLS_1_2);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), -1);
	assert_int_equal(c.error.code, TLS_UNSUPPORTED_VERSION);
	assert_string_equal(c.error.text, "server chose TLSv1.1, which \"tls proto\" excludes");
	assert_true(tls_info(c.t)->alert_sent);
	assert_int_equal(tls_info(c.t)->alert, ALERT_PROTOCOL_VERSION);
	client_end(&c);
	config_for(&config, TLS_1_3, TLS_1_3);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), -1);
	assert_int_equal(c.error.code, TLS_PEER_ALERT);
	assert_true(tls_info(c.t)->alert_received);
	assert_int_equal(tls_info(c.t)->alert, ALERT_PROTOCOL_VERSION);
	assert_int_equal(tls_info(c.t)->stage, TLS_STAGE_HELLO_SENT);
	client_end(&c);
	openssl_server_stop(&s);
}

/* s_server looks for a command at the start of what it reads at once: a pause sets them apart. */
static void
command(struct openssl_server *s, const char *text)
{
	usleep(100 * 1000);
	assert_int_equal(write(s->input, text, strlen(text)), (ssize_t)strlen(text));
}

/* A letter alone on a line is a command to s_server: k and K update keys, r renegotiates. */
static void
test_after_handshake(void **state)
{
	static const char *const options13[] = { "-tls1_3", NULL }, *const options12[] = { "-tls1_2", NULL };
	struct openssl_server s;
	struct tls_config config;
	struct client c;

	(void)state;
	config_for(&config, TLS_1_2, TLS_1_3);
	assert_int_equal(openssl_server_start(&s, "rsa", options13), 0);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), 0);
	command(&s, "k\n");
	command(&s, "K\n");
	command(&s, "one\n");
	assert_true(client_reads(&c, "one\n"));
	assert_int_equal(tls_key_update(c.t, true, &c.error), 0);
	assert_int_equal(tls_app_write(c.t, "x\n", 2, &c.error), 0);
	flush(&c);
	command(&s, "two\n");
	assert_true(client_reads(&c, "two\n"));
	client_end(&c);
	openssl_server_stop(&s);
	for (int answer = 0; answer < 2; answer++) {
		config.renegotiation = answer;
		assert_int_equal(openssl_server_start(&s, "rsa", options12), 0);
		client_start(&c, &s, &config, NULL);
		assert_int_equal(client_connect(&c), 0);
		command(&s, "r\n");
		while (tls_info(c.t)->alert == 0 && !tls_busy(c.t)) {
			receive(&c);
			assert_int_equal(advance(&c), 0);
		}
		while (tls_busy(c.t)) {
			receive(&c);
			assert_int_equal(advance(&c), 0);
		}
		assert_int_equal(tls_info(c.t)->alert, answer ? 0 : ALERT_NO_RENEGOTIATION);
		if (answer) {
			command(&s, "three\n");
			assert_true(client_reads(&c, "three\n"));
		}
		client_end(&c);
		openssl_server_stop(&s);
	}
}

static void
test_client_certificate(void **state)
{
	static const char *const options[][5] = {
		{ "-www", "-Verify", "1", "-tls1_2" },
		{ "-www", "-Verify", "1", "-tls1_3" },
	};
	char cert[128], key[128];
	struct error error;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct openssl_server s;
		struct tls_config config;
		struct client c;

		snprintf(cert, sizeof cert, "%s/%s.crt", folder, i % 2 == 0 ? "rsa" : "ec");
		snprintf(key, sizeof key, "%s/%s.key", folder, i % 2 == 0 ? "rsa" : "ec");
		assert_int_equal(openssl_server_start(&s, "rsa", options[i / 2]), 0);
		tls_config_init(&config);
		config.credentials = tls_credentials_load(cert, key, &error);
		assert_non_null(config.credentials);
		client_start(&c, &s, &config, NULL);
		if (client_connect(&c) != 0)
			fail_msg("client certificate: %s", c.error.text);
		assert_true(tls_info(c.t)->certificate_requested);
		assert_true(tls_info(c.t)->sent_certificate);
		assert_int_equal(tls_app_write(c.t, "GET / HTTP/1.0\r\n\r\n", 18, &c.error), 0);
		flush(&c);
		assert_true(client_reads(&c, "200 ok"));
		client_end(&c);
		tls_credentials_drop(config.credentials);
		openssl_server_stop(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_hello_retry_request),
		cmocka_unit_test(test_hello_shapes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_after_handshake),
		cmocka_unit_test(test_client_certificate),
	};

	return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
