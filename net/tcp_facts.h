/*
 * What the kernel knows of a TCP connection (TCP_INFO): whose fault a silence is.
 */
#ifndef NET_TCP_FACTS_H
#define NET_TCP_FACTS_H

#include "net/buf.h"

struct tcp_facts {
	bool known; /* the rest is valid */
	uint32_t rtt_us, mss, path_mtu;
	uint32_t retransmits;    /* segments sent again, since the start */
	uint32_t lost_timer;     /* the last segment was sent again so often without an answer */
	uint32_t unacknowledged; /* segments on their way */
	uint64_t bytes_sent, bytes_acknowledged, bytes_received; /* sent: each once */
};

/* Of a socket that may be closed by the peer already. */
void tcp_facts_read(int fd, struct tcp_facts *out);

/* "round trip 0.1 ms, segments of 1448 bytes, 3 sent again" */
void tcp_facts_text(const struct tcp_facts *f, struct buf *out);

/* Why nothing comes, as far as the kernel can tell: a sentence, or NULL when the connection says nothing about it. */
const char *tcp_facts_silence(const struct tcp_facts *f);

#endif
