/* The engine on a stream: data both ways, tickets that came while idle, orderly and disorderly ends. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls/tls.h"
#include "tests/support/openssl_server.h"
#include "tests/support/unit.h"

enum { PATIENCE_MS = 5000, PAUSE_US = 100 * 1000, SEGMENT = 100 };

/* ---- a socket as the stream below ---- */
struct socket_stream {
	struct stream base;
	int fd;
	uint8_t data[65536];
	size_t start, end;
	size_t writes, largest; /* what went out, for the tests of flights and segments */
};

static ssize_t
socket_peek(struct stream *base, const uint8_t **p, struct error *error)
{
	struct socket_stream *s = (struct socket_stream *)base;
	struct pollfd readable = { .fd = s->fd, .events = POLLIN };

	if (s->start == s->end) {
		ssize_t n = poll(&readable, 1, PATIENCE_MS) == 1 ? recv(s->fd, s->data, sizeof s->data, 0) : -1;

		if (n < 0)
			return fail(error, ERROR_NETWORK, 0, "nothing came");
		s->start = 0;
		s->end = (size_t)n;
	}
	*p = s->data + s->start;
	return (ssize_t)(s->end - s->start);
}

static void
socket_consume(struct stream *base, size_t n)
{
	((struct socket_stream *)base)->start += n;
}

static int
socket_write(struct stream *base, const void *p, size_t n, struct error *error)
{
	struct socket_stream *s = (struct socket_stream *)base;

	s->writes++;
	if (n > s->largest)
		s->largest = n;
	return send(s->fd, p, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : fail(error, ERROR_NETWORK, 0, "sending failed");
}

static bool
socket_idle_ok(struct stream *base)
{
	struct socket_stream *s = (struct socket_stream *)base;
	struct pollfd readable = { .fd = s->fd, .events = POLLIN };

	return s->start == s->end && poll(&readable, 1, 0) == 0;
}

static void
socket_free(struct stream *base)
{
	close(((struct socket_stream *)base)->fd);
	free(base);
}

static const struct stream_ops socket_ops = { socket_peek, socket_consume, socket_write, socket_idle_ok, socket_free };

static struct socket_stream *
socket_stream_new(const struct openssl_server *server)
{
	struct socket_stream *s = mem_alloc(sizeof *s);

	s->base.ops = &socket_ops;
	s->fd = openssl_server_connect(server);
	assert_true(s->fd >= 0);
	return s;
}

/* ---- tests ---- */
static struct openssl_server server;

static void
start(const char *version)
{
	const char *options[] = { version, NULL };

	assert_int_equal(openssl_server_start(&server, "rsa", options), 0);
}

static void
say(const char *text)
{
	assert_int_equal(write(server.input, text, strlen(text)), (ssize_t)strlen(text));
	usleep(PAUSE_US);
}

static void
expect_text(struct stream *s, const char *text)
{
	struct error error;
	const uint8_t *p;
	ssize_t n = stream_peek(s, &p, &error);

	assert_int_equal(n, (ssize_t)strlen(text));
	assert_memory_equal(p, text, (size_t)n);
	stream_consume(s, (size_t)n);
}

static void
test_idle_with_tickets(void **state)
{
	struct tls_config config;
	struct tls_session *session;
	struct socket_stream *below;
	struct error error;
	struct stream *s;
	struct tls *t;

	(void)state;
	start("-tls1_3");
	tls_config_init(&config);
	t = tls_new(&config, NULL);
	below = socket_stream_new(&server);
	s = tls_stream_new(t, &below->base, &error);
	assert_non_null(s);
	assert_ptr_equal(tls_stream_engine(s), t);
	assert_ptr_equal(tls_stream_below(s), &below->base);
	assert_int_equal(below->writes, 2); /* hello; then all of the second flight at once */
	usleep(PAUSE_US);
	assert_false(socket_idle_ok(&below->base));
	assert_true(stream_idle_ok(s));
	session = tls_take_session(t);
	assert_non_null(session);
	tls_session_free(session);
	say("news\n");
	assert_false(stream_idle_ok(s));
	expect_text(s, "news\n");
	assert_true(stream_idle_ok(s));
	/* the second record comes in one piece with the first and is no answer to a later request */
	say("asked for\n");
	say("not asked for\n");
	expect_text(s, "asked for\n");
	assert_true(socket_idle_ok(&below->base));
	assert_false(stream_idle_ok(s));
	expect_text(s, "not asked for\n");
	assert_true(stream_idle_ok(s));
	stream_free(s);
	openssl_server_stop(&server);
}

static struct stream *
connect_12(void)
{
	struct tls_config config;
	struct error error;
	struct stream *s;

	tls_config_init(&config);
	config.max_version = TLS_1_2;
	s = tls_stream_new(tls_new(&config, NULL), &socket_stream_new(&server)->base, &error);
	assert_non_null(s);
	return s;
}

static void
test_orderly_end(void **state)
{
	static const char *const options[] = { "-www", NULL };
	struct error error;
	const uint8_t *p;
	struct stream *s;
	size_t total = 0;
	ssize_t n;

	(void)state;
	assert_int_equal(openssl_server_start(&server, "rsa", options), 0);
	s = connect_12();
	assert_int_equal(stream_write(s, "GET / HTTP/1.0\r\n\r\n", 18, &error), 0);
	for (; (n = stream_peek(s, &p, &error)) > 0; total += (size_t)n)
		stream_consume(s, (size_t)n);
	assert_int_equal(n, 0);
	assert_true(total > 1000);
	assert_true(tls_info(tls_stream_engine(s))->close_notify_received);
	assert_false(stream_idle_ok(s));
	stream_free(s);
	openssl_server_stop(&server);
}

static void
test_truncation(void **state)
{
	struct error error;
	const uint8_t *p;
	struct stream *s;

	(void)state;
	start("-tls1_2");
	s = connect_12();
	say("bye\n");
	kill(server.pid, SIGKILL);
	expect_text(s, "bye\n");
	assert_int_equal(stream_peek(s, &p, &error), -1);
	assert_int_equal(error.kind, ERROR_TLS);
	assert_int_equal(error.code, TLS_TRUNCATED);
	assert_true(tls_info(tls_stream_engine(s))->transport_ended);
	assert_false(stream_idle_ok(s));
	stream_free(s);
	openssl_server_stop(&server);
}

static void
test_failure_gives_the_engine_back(void **state)
{
	struct tls_config config;
	struct error error;
	struct stream *below;
	struct tls *t;

	(void)state;
	start("-tls1_2");
	tls_config_init(&config);
	config.min_version = TLS_1_3;
	t = tls_new(&config, NULL);
	below = &socket_stream_new(&server)->base;
	assert_null(tls_stream_new(t, below, &error));
	assert_int_equal(error.code, TLS_PEER_ALERT);
	assert_int_equal(tls_info(t)->alert, 70);
	assert_int_equal(tls_info(t)->stage, TLS_STAGE_HELLO_SENT);
	assert_true(tls_info(t)->bytes_out > 0);
	stream_free(below);
	tls_free(t);
	openssl_server_stop(&server);
}

/* TLS 1.3: a client without the certificate asked for hears of it after its Finished; whoever is writing then meets a
 * closed socket, and must be told of the alert all the same. */
static void
test_alert_behind_a_broken_write(void **state)
{
	const char *options[] = { "-tls1_3", "-Verify", "1", NULL };
	static const uint8_t bytes[16384];
	struct tls_config config;
	struct error error = { .kind = ERROR_NONE };
	struct stream *s;
	int status = 0;

	(void)state;
	assert_int_equal(openssl_server_start(&server, "rsa", options), 0);
	tls_config_init(&config);
	s = tls_stream_new(tls_new(&config, NULL), &socket_stream_new(&server)->base, &error);
	assert_non_null(s);
	for (int i = 0; i < 50 && status == 0; i++) {
		usleep(PAUSE_US);
		status = stream_write(s, bytes, sizeof bytes, &error);
	}
	assert_int_equal(status, -1);
	assert_int_equal(error.code, TLS_PEER_ALERT);
	assert_int_equal(tls_info(tls_stream_engine(s))->alert, 116); /* certificate_required */
	stream_free(s);
	openssl_server_stop(&server);
}

static void
test_segments(void **state)
{
	struct tls_config config;
	struct socket_stream *below;
	struct error error;
	struct stream *s;

	(void)state;
	start("-tls1_3");
	tls_config_init(&config);
	config.split_hello_segment = SEGMENT;
	below = socket_stream_new(&server);
	s = tls_stream_new(tls_new(&config, NULL), &below->base, &error);
	assert_non_null(s);
	assert_true(below->writes >= 3);
	assert_true(below->largest <= SEGMENT); /* the second flight is smaller than a segment */
	stream_free(s);
	openssl_server_stop(&server);
}

static int
make_certificates(void **state)
{
	(void)state;
	return openssl_certificates() != NULL ? 0 : -1;
}

static int
remove_certificates(void **state)
{
	(void)state;
	openssl_certificates_remove();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_idle_with_tickets),
		cmocka_unit_test(test_orderly_end), cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_failure_gives_the_engine_back),
		cmocka_unit_test(test_alert_behind_a_broken_write), cmocka_unit_test(test_segments) };

	return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
