/*
 * The chunked transfer coding (RFC 9112 section 7.1), pushed: bytes in, views of the data out. Private to net/http.
 */
#ifndef NET_HTTP_CHUNKED_H
#define NET_HTTP_CHUNKED_H

#include "net/http/http.h"

enum { CHUNKED_MAX_LINE = 16 << 10 }; /* bytes of a chunk-size line with its extensions */

enum chunked_state {
	CHUNKED_SIZE,
	CHUNKED_EXTENSION,
	CHUNKED_DATA,
	CHUNKED_DATA_END,
	CHUNKED_DATA_LF,
	CHUNKED_TRAILER,
	CHUNKED_DONE
};

struct chunked {
	enum chunked_state state;
	uint64_t size, left; /* of the chunk being read */
	unsigned digits;
	size_t line;        /* bytes of the chunk-size line */
	char begun[40];     /* the line's first bytes, for an error */
	bool cr;            /* the last byte of the chunk-size line was CR */
	uint64_t n;         /* chunks begun */
	struct buf trailer; /* the line being collected */
	size_t trailer_bytes;
	struct http_headers *trailers; /* borrowed: where trailer fields go */
};
void chunked_init(struct chunked *c, struct http_headers *trailers);
void chunked_release(struct chunked *c);

/* Takes from the front of *in. 1 = *data is a view of data in it, call again with the rest; 0 = all of *in is
 * used and more is needed, or the body has ended (c->state == CHUNKED_DONE, *in is what comes after it);
 * -1 = ERROR_HTTP or ERROR_LIMIT. */
int chunked_next(struct chunked *c, struct str *in, struct str *data, struct error *error);

/* The error for a stream that ends before the last chunk: -1. */
int chunked_truncated(const struct chunked *c, struct error *error);

#endif
