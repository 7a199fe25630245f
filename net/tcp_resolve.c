/* getaddrinfo() cannot be interrupted, so it runs in a detached thread that owns half of what both sides share: whoever
 * leaves last frees it. Numeric addresses and localhost need no thread. */
#include "net/tcp_resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { POLL_SLICE_MS = 100 }; /* a signal between the check of the flag and poll() costs this much at most */

int
tcp_poll(struct pollfd *fds, size_t n, const struct wait *wait, int64_t until_us, const char *what, struct error *error)
{
	int64_t idle_end = wait->idle_us > 0 ? now_us() + wait->idle_us : 0;

	for (;;) {
		int64_t now = now_us(), left = POLL_SLICE_MS * 1000;
		int ready;

		if (wait->interrupted != NULL && *wait->interrupted)
			return fail(error, ERROR_INTERRUPTED, EINTR, "interrupted while %s", what);
		if (wait->deadline_us > 0 && wait->deadline_us - now < left)
			left = wait->deadline_us - now;
		if (idle_end > 0 && idle_end - now < left)
			left = idle_end - now;
		if (until_us > 0 && until_us - now < left)
			left = until_us - now;
		ready = poll(fds, (nfds_t)n, left <= 0 ? 0 : (int)((left + 999) / 1000));
		if (ready > 0)
			return ready;
		if (ready < 0 && errno != EINTR)
			return fail_errno(error, ERROR_NETWORK, "%s", what);
		now = now_us();
		if ((wait->deadline_us > 0 && now >= wait->deadline_us) || (idle_end > 0 && now >= idle_end))
			return fail(error, ERROR_NETWORK, ETIMEDOUT, "timed out while %s", what);
		if (until_us > 0 && now >= until_us)
			return 0;
	}
}

/* ---- the resolver's thread ---- */

struct lookup {
	atomic_int owners;
	int done_fd;
	int family, result, saved_errno;
	char *host, port[8];
	struct addrinfo *found;
};

static void
lookup_leave(struct lookup *l)
{
	if (atomic_fetch_sub(&l->owners, 1) != 1)
		return;
	if (l->found != NULL)
		freeaddrinfo(l->found);
	close(l->done_fd);
	free(l->host);
	free(l);
}

static void *
lookup_run(void *arg)
{
	struct lookup *l = arg;
	struct addrinfo hints = { .ai_family = l->family, .ai_socktype = SOCK_STREAM };
	uint64_t one = 1;

	l->result = getaddrinfo(l->host, l->port, &hints, &l->found);
	l->saved_errno = errno;
	while (write(l->done_fd, &one, sizeof one) < 0 && errno == EINTR)
		;
	lookup_leave(l);
	return NULL;
}

static int
lookup_start(struct lookup *l, struct error *error)
{
	sigset_t all, before;
	pthread_t thread;
	int status;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	status = pthread_create(&thread, NULL, lookup_run, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (status != 0)
		return fail(error, ERROR_OTHER, status, "cannot start the resolver's thread: %s", strerror(status));
	pthread_detach(thread);
	return 0;
}

static void
interleave(const struct addrinfo *list, struct tcp_addresses *out)
{
	const struct addrinfo *next[2] = { list, list };
	int families[2] = { list->ai_family, list->ai_family == AF_INET ? AF_INET6 : AF_INET };
	int turn = 0, missed = 0;

	while (missed < 2 && out->n < TCP_MAX_ADDRESSES) {
		const struct addrinfo *a = next[turn];

		while (a != NULL && a->ai_family != families[turn])
			a = a->ai_next;
		missed = a == NULL ? missed + 1 : 0;
		if (a != NULL) {
			memcpy(&out->items[out->n++], a->ai_addr, a->ai_addrlen);
			a = a->ai_next;
		}
		next[turn] = a;
		turn = !turn;
	}
}

static int
look_up(const char *host, unsigned port, const struct tcp_options *options, struct tcp_addresses *out,
    struct error *error)
{
	struct lookup *l = mem_alloc(sizeof *l);
	struct pollfd ready = { .events = POLLIN };
	char what[320];
	int status = 0;

	atomic_init(&l->owners, 2);
	l->family = options->family;
	l->host = str_dup(str_of(host));
	snprintf(l->port, sizeof l->port, "%u", port);
	l->done_fd = ready.fd = eventfd(0, EFD_CLOEXEC);
	if (l->done_fd < 0) {
		free(l->host);
		free(l);
		return fail_errno(error, ERROR_OTHER, "cannot resolve %s", host);
	}
	if (lookup_start(l, error) != 0) {
		lookup_leave(l);
		lookup_leave(l);
		return -1;
	}
	snprintf(what, sizeof what, "resolving %s", host);
	if (tcp_poll(&ready, 1, &options->wait, 0, what, error) < 0)
		status = -1;
	else if (l->result != 0)
		status = fail(error, ERROR_NETWORK, l->result, "cannot resolve %s: %s", host,
		    l->result == EAI_SYSTEM ? strerror(l->saved_errno) : gai_strerror(l->result));
	else
		interleave(l->found, out);
	lookup_leave(l);
	return status;
}

/* ---- names that need no resolver ---- */

static void
add_ipv4(struct tcp_addresses *out, struct in_addr address, unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = address, .sin_port = htons((uint16_t)port) };

	memcpy(&out->items[out->n++], &a, sizeof a);
}

static void
add_ipv6(struct tcp_addresses *out, struct in6_addr address, unsigned scope, unsigned port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_addr = address,
		.sin6_scope_id = scope,
		.sin6_port = htons((uint16_t)port) };

	memcpy(&out->items[out->n++], &a, sizeof a);
}

static int
scope_of(const char *zone, unsigned *scope, struct error *error)
{
	uint64_t index;

	*scope = if_nametoindex(zone);
	if (*scope == 0 && str_to_u64(str_of(zone), UINT32_MAX, &index))
		*scope = (unsigned)index;
	if (*scope == 0)
		return fail(error, ERROR_NETWORK, ENXIO, "this machine has no network interface \"%s\"", zone);
	return 0;
}

/* RFC 6761 section 6.3: localhost and names below it are the loopback addresses, whatever a resolver says. */
static bool
is_localhost(const char *host)
{
	struct str name = str_of(host);

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	return str_is_nocase(name, "localhost") || str_ends_nocase(name, STR(".localhost"));
}

int
tcp_resolve(const char *host, unsigned port, const struct tcp_options *options, struct tcp_addresses *out,
    struct error *error)
{
	struct in_addr v4;
	struct in6_addr v6;
	unsigned scope = 0;

	out->n = 0;
	if (inet_pton(AF_INET, host, &v4) == 1) {
		if (options->family != AF_INET6)
			add_ipv4(out, v4, port);
	} else if (inet_pton(AF_INET6, host, &v6) == 1) {
		if (options->zone != NULL && scope_of(options->zone, &scope, error) != 0)
			return -1;
		if (scope == 0 && IN6_IS_ADDR_LINKLOCAL(&v6))
			return fail(error, ERROR_NETWORK, EINVAL,
			    "%s is an address of one link: say behind which interface, as in [%s%%eth0]", host, host);
		if (options->family != AF_INET)
			add_ipv6(out, v6, scope, port);
	} else if (is_localhost(host)) {
		if (options->family != AF_INET)
			add_ipv6(out, in6addr_loopback, 0, port);
		if (options->family != AF_INET6)
			add_ipv4(out, (struct in_addr){ htonl(INADDR_LOOPBACK) }, port);
	} else {
		return look_up(host, port, options, out, error);
	}
	if (out->n == 0)
		return fail(error, ERROR_NETWORK, EAFNOSUPPORT, "%s is not an IPv%d address", host,
		    options->family == AF_INET ? 4 : 6);
	return 0;
}
