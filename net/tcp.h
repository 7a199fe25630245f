/*
 * TCP connections: name resolution with overrides, every address tried in turn (RFC 8305 order,
 * IPv6 and IPv4 interleaved, the next address started when one is slow), one deadline for all.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/event.h"
#include "net/stream.h"

/* Where a name leads, instead of asking the system. Of several that match, the host's own wins over "*", then the
 * port's own over 0, then the last. */
struct tcp_override {
	char *host;       /* lower case; "*" matches every host */
	unsigned port;    /* 0 = every port */
	char *address;    /* numeric IPv4 or IPv6, without brackets */
	unsigned to_port; /* 0 = the same port */
};

struct tcp_options {
	const struct tcp_override *overrides;
	size_t n_overrides;
	int family;       /* AF_UNSPEC, AF_INET, AF_INET6 */
	struct wait wait; /* deadline of resolving and connecting together */
	const struct observer *observer;
	unsigned max_segment; /* TCP_MAXSEG in bytes, 0 = the system's */
	/* numeric: when it is among the addresses it is tried first (RFC 8305 section 4), or NULL */
	const char *answered;
	/* RFC 4007: the interface behind which a numeric IPv6 host is meant, by its name or its index, or NULL */
	const char *zone;
};

struct tcp_timing {
	int64_t start_us, resolved_us, connected_us;
};

/* Connects with TCP_NODELAY; NULL on failure (ERROR_NETWORK; the text names the host, every
 * address tried and each one's reason). host: a name or numeric address without brackets. */
struct stream *tcp_connect(const char *host, unsigned port, const struct tcp_options *options,
    struct tcp_timing *timing, struct error *error);

/* Takes a connected descriptor. */
struct stream *tcp_stream_new(int fd);

void tcp_set_wait(struct stream *tcp, const struct wait *wait); /* for the reads and writes after */
void tcp_put_off(struct stream *tcp, int64_t us);               /* its deadline, when there is one */
int tcp_fd(const struct stream *tcp);
const char *tcp_address(const struct stream *tcp); /* of the peer: "127.0.0.1", "::1" */
unsigned tcp_port(const struct stream *tcp);       /* of the peer */

#endif
