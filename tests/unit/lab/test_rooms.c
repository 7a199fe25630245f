/* The rooms, met by OpenSSL and curl; certificates judged by OpenSSL; start and stop. */
#include "tests/unit/lab/lab_client.h"

#include <signal.h>
#include <time.h>

#define OLD "--tlsv1.0 --tls-max 1.0 --ciphers DEFAULT@SECLEVEL=0"

static void
test_table(void **state)
{
	(void)state;
	assert_string_equal(lab_room_at(0)->host, "ok.lab.test");
	assert_null(lab_room_at(0)->fault);
	assert_null(lab_room_at(lab_room_count()));
	for (size_t i = 0; i < lab_room_count(); i++) {
		const struct lab_room *room = lab_room_at(i);

		assert_ptr_equal(lab_room_find(room->host), room);
		assert_true(lab_is_name(room->host));
		assert_true(lab_port(lab, room->host) > 1023);
		assert_true(strlen(room->summary) > 10 && strlen(room->summary) < 100);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(lab_port(lab, room->host), lab_port(lab, lab_room_at(j)->host));
	}
	assert_ptr_equal(lab_room_find("OK.Lab.Test."), lab_room_at(0));
	assert_null(lab_room_find("nothing.lab.test"));
	assert_int_equal(lab_port(lab, "example.com"), 0);
	assert_true(lab_is_name("nothing.lab.test.") && lab_is_name("lab.test"));
	assert_false(lab_is_name("xlab.test") || lab_is_name("lab.test.example") || lab_is_name(""));
}

static void
test_ok(void **state)
{
	(void)state;
	assert_int_equal(curl("-i https://ok.lab.test/"), 0);
	expect_output("HTTP/1.1 200 OK");
	expect_output("<h1>httpsh lab</h1>");
	assert_int_equal(curl("--tls-max 1.1 https://ok.lab.test/"), 35);
	assert_int_equal(curl("-o /dev/null -w '%{ssl_verify_result} %{num_connects}' https://ok.lab.test/"), 0);
	expect_output("0 1");
}

/* Who offers more than TLS 1.0 is refused with bad_record_mac, who does not gets in. */
static void
test_rollback(void **state)
{
	(void)state;
	assert_int_equal(curl("https://rollback.lab.test/"), 35);
	expect_output("bad record mac");
	assert_int_equal(curl("--tls-max 1.2 --ciphers DEFAULT@SECLEVEL=0 https://rollback.lab.test/"), 35);
	expect_output("bad record mac");
	assert_int_equal(curl("--tls-max 1.1 --tlsv1.0 --ciphers DEFAULT@SECLEVEL=0 https://rollback.lab.test/"), 35);
	expect_output("bad record mac");
	assert_int_equal(curl("-4 " OLD " https://rollback.lab.test/login"), 0);
	expect_output("name=\"csrf\"");
	assert_int_equal(lab_room_counts(lab, lab_room_find("rollback.lab.test")).connections, 4);
	assert_int_equal(lab_room_counts(lab, lab_room_find("rollback.lab.test")).handshakes, 1);
}

static void
test_rollback_suites(void **state)
{
	static const char *const suites[] = { "AES128-SHA", "AES256-SHA" };

	(void)state;
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
		char *command = str_printf(
		    "echo | openssl s_client -tls1 -cipher %s@SECLEVEL=0 -CAfile ca.pem "
		    "-verify_return_error -verify_hostname rollback.lab.test -connect " LAB_ADDRESS ":%u",
		    suites[i], lab_port(lab, "rollback.lab.test"));

		assert_int_equal(run(command), 0);
		expect_output("Protocol  : TLSv1\n");
		expect_output(suites[i]);
		expect_output("Verify return code: 0 (ok)");
		free(command);
	}
	assert_int_equal(
	    curl("--tlsv1.0 --tls-max 1.0 --ciphers ECDHE-RSA-AES128-SHA@SECLEVEL=0 https://rollback.lab.test/"), 35);
	expect_output("handshake failure");
}

static void
test_tls10(void **state)
{
	(void)state;
	assert_int_equal(curl(OLD " https://tls10.lab.test/"), 0);
	assert_int_equal(curl("--tlsv1.0 --tls-max 1.2 --ciphers DEFAULT@SECLEVEL=0 https://tls10.lab.test/"), 0);
	assert_int_equal(curl("--tlsv1.0 --tls-max 1.2 --ciphers AES128-SHA@SECLEVEL=0 https://tls10.lab.test/"), 0);
	assert_int_equal(curl("--tlsv1.2 https://tls10.lab.test/"), 35);
}

static void
test_certificates(void **state)
{
	static const struct {
		const char *host;
		int status;
		const char *says;
	} rows[] = {
		{ "expired.lab.test", 60, "certificate has expired" },
		{ "wronghost.lab.test", 60, "no alternative certificate subject name matches" },
		{ "selfsigned.lab.test", 60, "self-signed certificate" },
		{ "untrusted.lab.test", 60, "unable to get local issuer certificate" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *strict = str_printf("https://%s/", rows[i].host),
		     *lax = str_printf("-k https://%s/", rows[i].host);

		assert_int_equal(curl(strict), rows[i].status);
		expect_output(rows[i].says);
		assert_int_equal(curl(lax), 0); /* nothing else is wrong there */
		expect_output("<h1>httpsh lab</h1>");
		free(strict);
		free(lax);
	}
}

/* openssl's own judgement, as strict as it gets. */
static void
test_chain_is_strict(void **state)
{
	static const char *const hosts[] = { "ok.lab.test", "rollback.lab.test" };

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		char *fetch = str_printf("echo | openssl s_client -tls1%s -cipher ALL@SECLEVEL=0 -connect " LAB_ADDRESS
					 ":%u 2>/dev/null | openssl x509 > leaf.pem",
		    i == 0 ? "_2" : "", lab_port(lab, hosts[i]));
		char *verify = str_printf(
		    "openssl verify -x509_strict -check_ss_sig -purpose sslserver -verify_hostname %s "
		    "-CAfile ca.pem leaf.pem",
		    hosts[i]);

		assert_int_equal(run(fetch), 0);
		assert_int_equal(run(verify), 0);
		expect_output("leaf.pem: OK");
		assert_int_equal(
		    run("openssl verify -x509_strict -CAfile ca.pem -verify_hostname example.com leaf.pem"), 2);
		assert_int_equal(run("openssl x509 -in leaf.pem -noout -text"), 0);
		expect_output("Version: 3 (0x2)");
		expect_output("TLS Web Server Authentication");
		expect_output(i == 0 ?
			"X509v3 Key Usage: critical\n                Digital Signature\n" :
			"X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment\n");
		expect_output(i == 0 ? "prime256v1" : "Public-Key: (2048 bit)");
		expect_output("X509v3 Authority Key Identifier");
		expect_output(hosts[i]);
		free(fetch);
		free(verify);
	}
	assert_int_equal(run("openssl verify -x509_strict -check_ss_sig -CAfile ca.pem ca.pem"), 0);
	assert_int_equal(run("openssl x509 -in ca.pem -noout -text"), 0);
	expect_output("CA:TRUE, pathlen:0");
	expect_output("DNS:lab.test");
	assert_int_equal(run("openssl x509 -in ca.pem -outform der -out ca.der && wc -c < ca.der"), 0);
	assert_int_equal(atoi(output), lab_ca_der(lab).n);
}

static void
test_without_tls(void **state)
{
	(void)state;
	assert_int_equal(curl("https://plain.lab.test/"), 35);
	expect_output("wrong version number");
	assert_int_equal(curl("-i http://plain.lab.test:443/status/203"), 0);
	expect_output("HTTP/1.1 203");
	assert_int_equal(curl("https://closed.lab.test/"), 35);
	expect_output("SSL_ERROR_SYSCALL");
	assert_int_equal(curl("-m 1 https://silent.lab.test/"), 28);
}

/* The end is FIN, not RST: a client reads it as such. */
static void
test_closed_ends_in_order(void **state)
{
	uint8_t hello[105] = { 22, 3, 1, 0, 100, 1 };
	int fd = raw_connect("closed.lab.test");

	(void)state;
	assert_int_equal(send(fd, hello, 50, MSG_NOSIGNAL), 50);
	usleep(20000);
	assert_int_equal(recv(fd, output, 1, MSG_DONTWAIT), -1); /* not before the whole record is there */
	assert_int_equal(send(fd, hello + 50, sizeof hello - 50, MSG_NOSIGNAL), sizeof hello - 50);
	assert_int_equal(raw_read_all(fd), 0);
	close(fd);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits until nobody but the accepting thread is left in the shared lab. */
static void
wait_until_quiet(void)
{
	unsigned open = 1;

	for (unsigned tries = 0; open > 0 && tries < 500; tries++) {
		open = 0;
		for (size_t i = 0; i < lab_room_count(); i++)
			open += lab_room_counts(lab, lab_room_at(i)).open;
		if (open > 0)
			usleep(10000);
	}
	assert_int_equal(open, 0);
	for (unsigned tries = 0; entries_of("/proc/self/task") > 4 && tries < 500; tries++) /* . .. main lab */
		usleep(10000);
}

/* A stop does not wait for clients, and leaves neither thread nor descriptor. */
static void
test_stop(void **state)
{
	size_t threads, descriptors;
	struct lab *mine, *shared = lab;
	struct error error;
	int64_t start;
	int fds[20];

	(void)state;
	wait_until_quiet();
	threads = entries_of("/proc/self/task");
	descriptors = entries_of("/proc/self/fd");
	lab = mine = lab_start(&error);
	assert_non_null(mine);
	for (size_t i = 0; i < 20; i++)
		fds[i] = raw_connect(lab_room_at(i % lab_room_count())->host);
	for (unsigned tries = 0; entries_of("/proc/self/task") < threads + 21 && tries < 500; tries++)
		usleep(10000);
	assert_int_equal(entries_of("/proc/self/task"), threads + 21);
	start = now_ms();
	lab_stop(mine);
	lab = shared;
	assert_true(now_ms() - start < 2000);
	for (size_t i = 0; i < 20; i++)
		close(fds[i]);
	assert_int_equal(entries_of("/proc/self/task"), threads);
	assert_int_equal(entries_of("/proc/self/fd"), descriptors);
	lab_stop(NULL);
}

/* The threads block signals: a Ctrl-C reaches the shell's thread. */
static void
test_signals(void **state)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	unsigned checked = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char *path, line[256];
		FILE *f;

		if (e->d_name[0] == '.' || atoi(e->d_name) == getpid())
			continue;
		path = str_printf("/proc/self/task/%s/status", e->d_name);
		f = fopen(path, "r");
		free(path);
		while (f != NULL && fgets(line, sizeof line, f) != NULL)
			if (strncmp(line, "SigBlk:", 7) == 0 &&
			    (strtoull(line + 7, NULL, 16) & 1ULL << (SIGINT - 1)) != 0)
				checked++;
		if (f != NULL)
			fclose(f);
	}
	closedir(d);
	assert_true(checked >= 1);
}

/* More clients than there are places: the others wait, nobody is lost. */
static void
test_many(void **state)
{
	struct lab_counts counts;
	int fds[LAB_MAX_CONNECTIONS + 8];

	(void)state;
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		fds[i] = raw_connect("plain.lab.test");
	for (unsigned tries = 0; tries < 200; tries++) {
		counts = lab_room_counts(lab, lab_room_find("plain.lab.test"));
		if (counts.open >= LAB_MAX_CONNECTIONS)
			break;
		usleep(10000);
	}
	assert_true(counts.open <= LAB_MAX_CONNECTIONS && counts.open >= LAB_MAX_CONNECTIONS - 8);
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		static const char ask[] = "GET /status/204 HTTP/1.1\r\nConnection: close\r\n\r\n";

		assert_int_equal(send(fds[i], ask, sizeof ask - 1, MSG_NOSIGNAL), sizeof ask - 1);
		assert_true(raw_read_all(fds[i]) > 0);
		assert_memory_equal(output, "HTTP/1.1 204", 12);
		close(fds[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_ok),
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_rollback_suites),
		cmocka_unit_test(test_tls10),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_chain_is_strict),
		cmocka_unit_test(test_without_tls),
		cmocka_unit_test(test_closed_ends_in_order),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
