/* Connecting to the first of several addresses that answers, and the stream over the socket. */
#include "net/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/buf.h"
#include "net/tcp_resolve.h"

enum {
	INPUT_SIZE = 256 * 1024,
	ATTEMPT_DELAY_US = 250 * 1000, /* RFC 8305 section 5: Connection Attempt Delay */
	ADDRESS_MAX = INET6_ADDRSTRLEN
};

struct tcp {
	struct stream stream;
	int fd;
	struct wait wait;
	uint8_t *input;
	size_t at, end;
	bool ended;
	bool asked; /* written since the last read: the answer takes its time */
	unsigned port;
	char address[ADDRESS_MAX];
};

/* ---- the stream ---- */

static int
wait_for(struct tcp *t, short events, struct error *error)
{
	struct pollfd ready = { .fd = t->fd, .events = events };
	char what[80];

	snprintf(what, sizeof what, "%s %s", events == POLLIN ? "waiting for" : "sending to", t->address);
	return tcp_poll(&ready, 1, &t->wait, 0, what, error) < 0 ? -1 : 0;
}

/* Before each step, also one that need not wait: a peer that never pauses ends by the deadline, too. */
static int
may_go_on(const struct tcp *t, const char *doing, struct error *error)
{
	if (t->wait.interrupted != NULL && *t->wait.interrupted)
		return fail(error, ERROR_INTERRUPTED, EINTR, "interrupted while %s %s", doing, t->address);
	if (t->wait.deadline_us > 0 && now_us() >= t->wait.deadline_us)
		return fail(error, ERROR_NETWORK, ETIMEDOUT, "timed out while %s %s", doing, t->address);
	return 0;
}

static ssize_t
tcp_peek(struct stream *s, const uint8_t **p, struct error *error)
{
	struct tcp *t = (struct tcp *)s;

	while (t->at == t->end && !t->ended) {
		ssize_t n;

		if (may_go_on(t, "waiting for", error) != 0)
			return -1;
		if (t->input == NULL)
			t->input = mem_try_resize(NULL, INPUT_SIZE); /* not zeroed: only what came is read */
		if (t->input == NULL)
			return mem_fail(error, "reading from %s", t->address);
		if (t->asked && wait_for(t, POLLIN, error) != 0)
			return -1;
		t->asked = false;
		n = recv(t->fd, t->input, INPUT_SIZE, MSG_DONTWAIT);
		if (n > 0) {
			t->at = 0;
			t->end = (size_t)n;
		} else if (n == 0) {
			t->ended = true;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (wait_for(t, POLLIN, error) != 0)
				return -1;
		} else if (errno != EINTR) {
			return fail_errno(error, ERROR_NETWORK, "reading from %s", t->address);
		}
	}
	*p = t->input + t->at;
	return (ssize_t)(t->end - t->at);
}

static void
tcp_consume(struct stream *s, size_t n)
{
	struct tcp *t = (struct tcp *)s;

	t->at += n < t->end - t->at ? n : t->end - t->at;
}

static int
tcp_write(struct stream *s, const void *p, size_t n, struct error *error)
{
	struct tcp *t = (struct tcp *)s;
	const uint8_t *bytes = p;

	while (n > 0) {
		ssize_t sent;

		if (may_go_on(t, "sending to", error) != 0)
			return -1;
		sent = send(t->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
			t->asked = true;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (wait_for(t, POLLOUT, error) != 0)
				return -1;
		} else if (errno != EINTR) {
			return fail_errno(error, ERROR_NETWORK, "sending to %s", t->address);
		}
	}
	return 0;
}

static bool
tcp_idle_ok(struct stream *s)
{
	struct tcp *t = (struct tcp *)s;
	char byte;

	if (t->ended || t->at < t->end)
		return false;
	return recv(t->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static void
tcp_free(struct stream *s)
{
	struct tcp *t = (struct tcp *)s;

	close(t->fd);
	free(t->input);
	free(t);
}

static const struct stream_ops tcp_ops = { tcp_peek, tcp_consume, tcp_write, tcp_idle_ok, tcp_free };

static unsigned
address_port(const struct sockaddr_storage *a)
{
	return ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)a)->sin6_port :
		a->ss_family == AF_INET       ? ((const struct sockaddr_in *)a)->sin_port :
						0);
}

static void
address_text(const struct sockaddr_storage *a, char *out)
{
	const void *bytes = a->ss_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)a)->sin6_addr :
						       (const void *)&((const struct sockaddr_in *)a)->sin_addr;

	if (inet_ntop(a->ss_family, bytes, out, ADDRESS_MAX) == NULL)
		snprintf(out, ADDRESS_MAX, "the peer");
}

struct stream *
tcp_stream_new(int fd)
{
	struct tcp *t = mem_alloc(sizeof *t);
	struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
	socklen_t n = sizeof peer;
	int on = 1;

	t->stream.ops = &tcp_ops;
	t->fd = fd;
	if (getpeername(fd, (struct sockaddr *)&peer, &n) != 0)
		peer.ss_family = AF_UNSPEC;
	address_text(&peer, t->address);
	t->port = address_port(&peer);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return &t->stream;
}

void
tcp_set_wait(struct stream *tcp, const struct wait *wait)
{
	((struct tcp *)tcp)->wait = *wait;
}

void
tcp_put_off(struct stream *tcp, int64_t us)
{
	struct wait *wait = &((struct tcp *)tcp)->wait;

	if (wait->deadline_us > 0)
		wait->deadline_us += us;
}

int
tcp_fd(const struct stream *tcp)
{
	return ((const struct tcp *)tcp)->fd;
}

unsigned
tcp_port(const struct stream *tcp)
{
	return ((const struct tcp *)tcp)->port;
}

const char *
tcp_address(const struct stream *tcp)
{
	return ((const struct tcp *)tcp)->address;
}

/* ---- connecting ---- */

struct attempts {
	const struct tcp_options *options;
	const struct tcp_addresses *addresses;
	unsigned port;
	struct pollfd pending[TCP_MAX_ADDRESSES];
	size_t which[TCP_MAX_ADDRESSES]; /* index of pending[i]'s address */
	size_t n, next;
	struct buf reasons; /* "::1: Connection refused; 127.0.0.1: ..." */
	int last_errno;
};

static void
attempt_failed(struct attempts *a, size_t address, int reason)
{
	char text[ADDRESS_MAX], whole[ADDRESS_MAX + 128];

	address_text(&a->addresses->items[address], text);
	snprintf(whole, sizeof whole, "%s: %s", text, strerror(reason));
	buf_addf(&a->reasons, "%s%s", a->reasons.len > 0 ? "; " : "", whole);
	a->last_errno = reason;
	event_report(a->options->observer, (struct event){ .kind = EVENT_CONNECT_FAILED, .text = whole });
}

/* Starts the next address; the descriptor when it connected at once, else -1. */
static int
attempt_start(struct attempts *a)
{
	size_t which = a->next++;
	const struct sockaddr_storage *address = &a->addresses->items[which];
	socklen_t n = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int segment = (int)a->options->max_segment;
	char text[ADDRESS_MAX], whole[ADDRESS_MAX + 16];

	address_text(address, text);
	snprintf(whole, sizeof whole, "%s port %u", text, a->port);
	event_report(a->options->observer, (struct event){ .kind = EVENT_CONNECTING, .text = whole });
	if (fd >= 0 && segment > 0)
		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, n) == 0)
		return fd;
	if (fd >= 0 && errno == EINPROGRESS) {
		a->pending[a->n] = (struct pollfd){ .fd = fd, .events = POLLOUT };
		a->which[a->n++] = which;
		return -1;
	}
	attempt_failed(a, which, errno);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Looks at the pending ones after poll(): a connected descriptor, or -1 with the failed ones removed. */
static int
attempt_finished(struct attempts *a)
{
	for (size_t i = 0; i < a->n;) {
		int fd = a->pending[i].fd, reason = 0;
		size_t which = a->which[i];
		socklen_t n = sizeof reason;

		if (a->pending[i].revents == 0) {
			i++;
			continue;
		}
		a->n--;
		a->pending[i] = a->pending[a->n];
		a->which[i] = a->which[a->n];
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &n) == 0 && reason == 0)
			return fd;
		attempt_failed(a, which, reason);
		close(fd);
	}
	return -1;
}

static int
connect_any(struct attempts *a, const char *host, struct error *error)
{
	char what[320];
	int64_t start_next = 0;
	int fd = -1;

	snprintf(what, sizeof what, "connecting to %s port %u", host, a->port);
	while (fd < 0) {
		bool more = a->next < a->addresses->n;

		if (more && (a->n == 0 || now_us() >= start_next)) {
			fd = attempt_start(a);
			start_next = now_us() + ATTEMPT_DELAY_US;
			continue;
		}
		if (a->n == 0)
			return fail(error, ERROR_NETWORK, a->last_errno, "cannot connect to %s port %u: %s", host,
			    a->port, (const char *)a->reasons.data);
		if (tcp_poll(a->pending, a->n, &a->options->wait, more ? start_next : 0, what, error) < 0)
			return -1;
		fd = attempt_finished(a);
	}
	return fd;
}

static const struct tcp_override *
find_override(const char *host, unsigned port, const struct tcp_options *options)
{
	const struct tcp_override *found = NULL;
	int most = 0;

	for (size_t i = 0; i < options->n_overrides; i++) {
		const struct tcp_override *o = &options->overrides[i];
		bool this_host = str_is_nocase(str_of(host), o->host), this_port = o->port == port;
		int fit = 1 + 2 * this_host + this_port;

		if ((this_host || str_is(str_of(o->host), "*")) && (this_port || o->port == 0) && fit >= most) {
			most = fit;
			found = o;
		}
	}
	return found;
}

static void
report_addresses(const struct tcp_addresses *list, const struct observer *observer)
{
	struct buf text;
	char one[ADDRESS_MAX];

	buf_init(&text, 0);
	for (size_t i = 0; i < list->n; i++) {
		address_text(&list->items[i], one);
		buf_addf(&text, "%s%s", i > 0 ? " " : "", one);
	}
	event_report(observer, (struct event){ .kind = EVENT_RESOLVED, .text = (const char *)text.data });
	buf_release(&text);
}

static void
move_first(struct tcp_addresses *list, const char *address)
{
	char text[ADDRESS_MAX];

	for (size_t i = 1; address != NULL && i < list->n; i++) {
		struct sockaddr_storage found = list->items[i];

		address_text(&found, text);
		if (strcmp(text, address) == 0) {
			memmove(&list->items[1], &list->items[0], i * sizeof list->items[0]);
			list->items[0] = found;
			return;
		}
	}
}

struct stream *
tcp_connect(const char *host, unsigned port, const struct tcp_options *options, struct tcp_timing *timing,
    struct error *error)
{
	const struct tcp_override *o = find_override(host, port, options);
	struct tcp_addresses addresses;
	struct attempts a = { .options = options, .addresses = &addresses };
	struct tcp_timing unused;
	struct stream *s;
	int fd;

	if (timing == NULL)
		timing = &unused;
	*timing = (struct tcp_timing){ .start_us = now_us() };
	a.port = o != NULL && o->to_port != 0 ? o->to_port : port;
	if (tcp_resolve(o != NULL ? o->address : host, a.port, options, &addresses, error) != 0)
		return NULL;
	move_first(&addresses, options->answered);
	timing->resolved_us = now_us();
	report_addresses(&addresses, options->observer);
	buf_init(&a.reasons, 8192);
	fd = connect_any(&a, host, error);
	for (size_t i = 0; i < a.n; i++)
		close(a.pending[i].fd);
	buf_release(&a.reasons);
	if (fd < 0)
		return NULL;
	timing->connected_us = now_us();
	s = tcp_stream_new(fd);
	tcp_set_wait(s, &options->wait);
	event_report(options->observer, (struct event){ .kind = EVENT_CONNECTED, .text = tcp_address(s) });
	return s;
}
