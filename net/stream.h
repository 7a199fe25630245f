/*
 * A byte stream in both directions: TCP, TLS on TCP, or a test's double. Reading is by view,
 * so that a body is never copied between the layers.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <signal.h>
#include <sys/types.h>

#include "net/error.h"
#include "net/str.h"

struct stream {
	const struct stream_ops *ops;
};

struct stream_ops {
	/* At least one byte, waiting for it: *p is valid until the next call on the stream.
	 * Returns the count, 0 at the orderly end (FIN, close_notify), -1 on error: a truncated
	 * TLS stream is ERROR_TLS with code TLS_TRUNCATED, a timeout ERROR_NETWORK ETIMEDOUT. */
	ssize_t (*peek)(struct stream *s, const uint8_t **p, struct error *error);
	/* Takes n of the bytes last seen by peek. */
	void (*consume)(struct stream *s, size_t n);
	/* All n bytes or an error. */
	int (*write)(struct stream *s, const void *p, size_t n, struct error *error);
	/* True when the peer has not sent anything or closed since: a kept connection may be
	 * reused. Never blocks. */
	bool (*idle_ok)(struct stream *s);
	/* Says goodbye (close_notify) as well as it can without waiting, then closes and frees
	 * everything below too. */
	void (*free)(struct stream *s);
};

/* Deadline and interruption of everything that waits. All waits below poll `interrupted`
 * (EINTR) and give ERROR_INTERRUPTED. A deadline is CLOCK_MONOTONIC microseconds, 0 = none. */
struct wait {
	int64_t deadline_us;
	int64_t idle_us;                          /* longest silence allowed while waiting; 0 = any */
	const volatile sig_atomic_t *interrupted; /* may be NULL */
};

ssize_t stream_peek(struct stream *s, const uint8_t **p, struct error *error);
void stream_consume(struct stream *s, size_t n);
int stream_write(struct stream *s, const void *p, size_t n, struct error *error);
bool stream_idle_ok(struct stream *s);
/* Waits until the peer has sent something or closed, at most until then (now_us()): false = silence. */
bool stream_speaks(struct stream *s, int64_t until_us);
void stream_free(struct stream *s); /* NULL is fine */

#endif
