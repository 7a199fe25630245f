/*
 * One accepted connection: bytes in the clear to and from a client, below it TLS by BearSSL's server engine
 * or nothing. Every wait ends: at the silence limit, at the request's deadline, or when lab_stop() shuts the
 * socket down.
 */
#ifndef NET_LAB_LINK_H
#define NET_LAB_LINK_H

#include <bearssl.h>
#include <sys/types.h>

#include "net/str.h"

enum {
	LINK_DRAIN_MS = 1000,    /* longest wait for the client's end after ours */
	LINK_DRAIN_MAX = 1 << 20 /* bytes read and dropped then */
};

struct link {
	int fd;
	br_ssl_server_context *tls; /* NULL: no TLS; borrowed */
	int64_t deadline_ms;        /* CLOCK_MONOTONIC, of reading; 0 none */
	/* headers of the client's records, to refuse what BearSSL 0.6 does not check */
	uint8_t header[5];
	size_t header_len, record_left;
	bool encrypted; /* the client's ChangeCipherSpec came */
	bool dead;
};

void lab_link_init(struct link *l, int fd, br_ssl_server_context *tls);
/* The reads from now on must end within ms altogether. */
void lab_link_limit(struct link *l, int64_t ms);

/* False when the handshake failed; the client then has its alert. True at once without TLS. */
bool lab_link_handshake(struct link *l);
/* At least one byte; 0 at the client's end, -1 on errors and timeouts. */
ssize_t lab_link_read(struct link *l, void *p, size_t n);
bool lab_link_write(struct link *l, const void *p, size_t n);
bool lab_link_flush(struct link *l);
/* Waits without reading; false as soon as the client is gone. */
bool lab_link_pause(struct link *l, int ms);

/* Below TLS: what the rooms without it use. */
ssize_t lab_link_read_raw(struct link *l, void *p, size_t n);
bool lab_link_write_raw(struct link *l, const void *p, size_t n);

/* close_notify and FIN, then what the client still sends is dropped, so that no RST overtakes our last
 * bytes. Does not close the descriptor. */
void lab_link_end(struct link *l);

#endif
