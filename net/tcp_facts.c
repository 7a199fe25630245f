/* Alone with the kernel's own header, whose struct tcp_info is longer than the C library's. */
#include "net/tcp_facts.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

void
tcp_facts_read(int fd, struct tcp_facts *out)
{
	struct tcp_info info = { .tcpi_state = 0 };
	socklen_t n = sizeof info;

	*out = (struct tcp_facts){ .known = false };
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
		return;
	*out = (struct tcp_facts){
		.known = true,
		.rtt_us = info.tcpi_rtt,
		.mss = info.tcpi_snd_mss,
		.path_mtu = info.tcpi_pmtu,
		.retransmits = info.tcpi_total_retrans,
		.lost_timer = info.tcpi_backoff,
		.unacknowledged = info.tcpi_unacked,
		.bytes_sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans,
		/* the SYN counts as one byte */
		.bytes_acknowledged = info.tcpi_bytes_acked > 0 ? info.tcpi_bytes_acked - 1 : 0,
		.bytes_received = info.tcpi_bytes_received,
	};
}

void
tcp_facts_text(const struct tcp_facts *f, struct buf *out)
{
	buf_addf(out, "round trip %.1f ms, segments of %u bytes, path MTU %u, ", (double)f->rtt_us / 1000, f->mss,
	    f->path_mtu);
	if (f->retransmits > 0)
		buf_addf(out, "%u segment%s sent again", f->retransmits, f->retransmits > 1 ? "s" : "");
	else
		buf_add_str(out, STR("nothing sent again"));
}

const char *
tcp_facts_silence(const struct tcp_facts *f)
{
	if (!f->known)
		return NULL;
	if (f->unacknowledged > 0 && f->retransmits > 0)
		return "our bytes do not arrive: they were sent again and never acknowledged; "
		       "smaller segments may get through";
	if (f->unacknowledged == 0 && f->bytes_sent > 0)
		return "everything we sent has arrived: the silence is the server's, not the network's";
	return NULL;
}
