/* Exchanges over TCP with a scripted server thread. */
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http/http.h"
#include "net/tcp.h"

/* One connection's script. */
struct script {
	int listener;
	unsigned requests; /* heads read, each answered with `reply` */
	const char *reply;
	size_t piece;       /* bytes per write of the reply, 0 = all */
	uint64_t body;      /* bytes of 'x' behind the reply */
	uint64_t read_body; /* bytes of the request's body read before the reply */
	bool reset;         /* ends with RST */
	bool hold;          /* waits for the client's end before its own */
};

static void
write_all(int fd, const char *p, size_t n, size_t piece)
{
	while (n > 0) {
		size_t part = piece > 0 && piece < n ? piece : n;
		ssize_t written = send(fd, p, part, MSG_NOSIGNAL);

		if (written <= 0)
			return;
		p += written;
		n -= (size_t)written;
	}
}

static void
read_head(int fd)
{
	char last[4] = { 0 };

	while (memcmp(last, "\r\n\r\n", 4) != 0) {
		memmove(last, last + 1, 3);
		if (read(fd, last + 3, 1) != 1)
			return;
	}
}

static void *
serve(void *context)
{
	const struct script *s = context;
	static char xs[65536];
	struct linger now = { .l_onoff = 1 };
	int fd = accept(s->listener, NULL, NULL);

	memset(xs, 'x', sizeof xs);
	for (unsigned i = 0; i < s->requests; i++) {
		read_head(fd);
		for (uint64_t left = s->read_body; left > 0;) {
			static char sink[65536];
			ssize_t n = read(fd, sink, left < sizeof sink ? (size_t)left : sizeof sink);

			if (n <= 0)
				break;
			left -= (uint64_t)n;
		}
		write_all(fd, s->reply, strlen(s->reply), s->piece);
		for (uint64_t left = s->body; left > 0; left -= left < sizeof xs ? left : sizeof xs)
			write_all(fd, xs, left < sizeof xs ? (size_t)left : sizeof xs, 0);
	}
	if (s->hold)
		while (read(fd, (char[1]){ 0 }, 1) > 0)
			;
	if (s->reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(fd);
	return NULL;
}

struct client {
	pthread_t thread;
	struct script script;
	struct stream *stream;
	struct http_request request;
	struct http_response response;
	struct http_options options;
	struct error error;
	uint64_t received;
	bool unsent;
};

static void
client_open(struct client *c, struct script script)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	struct tcp_options options = { .family = AF_INET };

	*c = (struct client){ .script = script, .request = { .body.fd = -1 }, .options.decode = true };
	c->script.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(c->script.listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(c->script.listener, 1), 0);
	assert_int_equal(getsockname(c->script.listener, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(pthread_create(&c->thread, NULL, serve, &c->script), 0);
	c->stream = tcp_connect("127.0.0.1", ntohs(address.sin_port), &options, &(struct tcp_timing){ 0 }, &c->error);
	assert_non_null(c->stream);
	c->request.method = str_dup(STR("GET"));
	c->request.target = str_dup(STR("/"));
}

static int
count(void *context, const uint8_t *p, size_t n, struct error *error)
{
	(void)p;
	(void)error;
	*(uint64_t *)context += n;
	return 0;
}

static int
client_exchange(struct client *c)
{
	struct http_sink sink = { NULL, count, &c->received };

	http_response_release(&c->response);
	return http_exchange(c->stream, &c->request, &c->options, &sink, &c->response, &c->unsent, &c->error);
}

static void
client_close(struct client *c)
{
	stream_free(c->stream);
	pthread_join(c->thread, NULL);
	close(c->script.listener);
	http_request_release(&c->request);
	http_response_release(&c->response);
}

static void
note_attempt(void *context, const struct event *event)
{
	char *seen = context;

	if (event->kind == EVENT_CONNECTING)
		snprintf(seen + strlen(seen), 200 - strlen(seen), "%.*s;", (int)strcspn(event->text, " "), event->text);
}

/* "localhost" has ::1 first, where nobody listens: the address that answered before is asked first. */
static void
test_address_that_answered(void **state)
{
	static const char *const answered[] = { "127.0.0.1", "192.0.2.1" };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	for (int i = 0; i < 2; i++) {
		char seen[200] = "";
		struct observer observer = { note_attempt, seen };
		struct tcp_options options = { .family = AF_UNSPEC, .observer = &observer, .answered = answered[i] };
		struct error error;
		struct stream *s = tcp_connect("localhost", ntohs(address.sin_port), &options, NULL, &error);

		assert_non_null(s);
		assert_string_equal(tcp_address(s), "127.0.0.1");
		assert_int_equal(tcp_port(s), ntohs(address.sin_port));
		if (i == 0)
			assert_string_equal(seen, "127.0.0.1;");
		else /* no address of this name: the usual order */
			assert_true(strcmp(seen, "::1;127.0.0.1;") == 0 || strcmp(seen, "127.0.0.1;") == 0);
		stream_free(s);
	}
	close(listener);
}

#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static void
test_kept_connection(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, (struct script){ .requests = 2, .reply = HELLO, .piece = 1 });
	for (int i = 0; i < 2; i++) {
		assert_int_equal(client_exchange(&c), 0);
		assert_true(c.response.keep);
	}
	assert_int_equal(c.received, 10);
	/* the server has closed: the request was not answered and may be sent again */
	assert_int_equal(client_exchange(&c), -1);
	assert_true(c.unsent);
	client_close(&c);
}

static void
test_reset_inside_body(void **state)
{
	struct client c;

	(void)state;
	client_open(&c,
	    (struct script){ .requests = 1,
		.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
		.reset = true });
	assert_int_equal(client_exchange(&c), -1);
	assert_false(c.unsent || c.response.keep || c.response.complete);
	client_close(&c);
}

static void
test_silence(void **state)
{
	struct client c;
	struct wait wait = { .idle_us = 100000 };

	(void)state;
	client_open(&c,
	    (struct script){ .requests = 1,
		.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
		.hold = true });
	tcp_set_wait(c.stream, &wait);
	assert_int_equal(client_exchange(&c), -1);
	assert_int_equal(c.error.kind, ERROR_NETWORK);
	assert_int_equal(c.error.code, ETIMEDOUT);
	assert_int_equal(c.received, 5);
	client_close(&c);
}

/* A server that never pauses: there is always something to read, and the deadline counts all the same. */
static void
test_endless(void **state)
{
	struct client c;
	struct wait wait = { .deadline_us = now_us() + 200000 };

	(void)state;
	client_open(&c,
	    (struct script){ .requests = 1, .reply = "HTTP/1.1 200 OK\r\n\r\n", .body = (uint64_t)16 << 30 });
	tcp_set_wait(c.stream, &wait);
	assert_int_equal(client_exchange(&c), -1);
	assert_int_equal(c.error.kind, ERROR_NETWORK);
	assert_int_equal(c.error.code, ETIMEDOUT);
	client_close(&c);
}

static void
test_refused_upload(void **state)
{
	enum { N = 64 << 20 };
	char *large = mem_alloc(N);
	struct client c;

	(void)state;
	/* the server reads a little, answers, and closes with the rest unread */
	client_open(&c,
	    (struct script){ .requests = 1,
		.read_body = 1000,
		.reply = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig",
		.hold = false });
	c.request.has_body = true;
	c.request.body.bytes = str_from(large, N);
	c.options.no_expect = true;
	if (client_exchange(&c) == 0) {
		assert_int_equal(c.response.status, 413);
		assert_false(c.response.keep);
	} else {
		/* its RST may have overtaken the answer */
		assert_int_equal(c.error.kind, ERROR_NETWORK);
	}
	client_close(&c);
	/* with Expect nothing of the body goes out, and the answer is always seen */
	client_open(&c,
	    (struct script){ .requests = 1, .reply = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig" });
	c.request.has_body = true;
	c.request.body.bytes = str_from(large, N);
	assert_int_equal(client_exchange(&c), 0);
	assert_int_equal(c.response.status, 413);
	client_close(&c);
	free(large);
}

static void
test_large_bodies(void **state)
{
	enum { N = 64 << 20 };
	char *large = mem_alloc(N), head[100];
	struct client c;

	(void)state;
	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", N);
	client_open(&c, (struct script){ .requests = 1, .reply = head, .body = N });
	assert_int_equal(client_exchange(&c), 0);
	assert_int_equal(c.received, N);
	assert_int_equal(c.response.wire_bytes, N);
	assert_true(c.response.sent_us <= c.response.first_byte_us && c.response.first_byte_us <= c.response.head_us &&
	    c.response.head_us <= c.response.done_us);
	client_close(&c);
	client_open(&c, (struct script){ .requests = 1, .read_body = N, .reply = HELLO });
	c.request.has_body = true;
	c.request.body.bytes = str_from(large, N);
	c.options.no_expect = true;
	assert_int_equal(client_exchange(&c), 0);
	assert_true(c.response.keep);
	client_close(&c);
	free(large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_address_that_answered),
		cmocka_unit_test(test_kept_connection), cmocka_unit_test(test_reset_inside_body),
		cmocka_unit_test(test_silence), cmocka_unit_test(test_endless), cmocka_unit_test(test_refused_upload),
		cmocka_unit_test(test_large_bodies) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
