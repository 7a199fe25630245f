/* Names to addresses, with a deadline and Ctrl-C: the part of tcp_connect() that asks the system. */
#ifndef NET_TCP_RESOLVE_H
#define NET_TCP_RESOLVE_H

#include <sys/socket.h>

#include "net/tcp.h"

enum { TCP_MAX_ADDRESSES = 32 }; /* of one name; more are not tried */

struct tcp_addresses {
	struct sockaddr_storage items[TCP_MAX_ADDRESSES];
	size_t n;
};

/* The addresses of host in the order in which they are tried (RFC 8305 section 4): the families interleaved, the
 * resolver's first choice first. 0, or -1 with ERROR_NETWORK (or ERROR_INTERRUPTED). */
int tcp_resolve(const char *host, unsigned port, const struct tcp_options *options, struct tcp_addresses *out,
    struct error *error);

/* Waits until one of the descriptors is ready, the deadline passes or Ctrl-C comes. until_us: an earlier time at which
 * to come back, 0 = none. The count of ready descriptors, 0 at until_us, -1 with ERROR_NETWORK ETIMEDOUT or
 * ERROR_INTERRUPTED; what: for the sentence, "connecting to example.com". */
struct pollfd;
int tcp_poll(struct pollfd *fds, size_t n, const struct wait *wait, int64_t until_us, const char *what,
    struct error *error);

#endif
