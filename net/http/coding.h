/*
 * Content and transfer codings undone while they stream: gzip (RFC 1952, several members), deflate (zlib, RFC 1950,
 * and the raw RFC 1951 that some servers send), br (RFC 7932), zstd (RFC 8878), and up to CODING_MAX of them stacked.
 */
#ifndef NET_HTTP_CODING_H
#define NET_HTTP_CODING_H

#include "net/error.h"
#include "net/str.h"
#include "net/work.h"

enum {
	CODING_MAX = 5,           /* stacked codings */
	CODING_PIECE = 32 << 10,  /* bytes handed on at once */
	CODING_WINDOW_LOG = 23,   /* zstd: 8 MiB, RFC 9659 */
	CODING_UNASKED = 64 << 20 /* decoded bytes before anybody asks for the ratio */
};

/* What Accept-Encoding may say. */
#define CODING_ACCEPT "gzip, deflate, br, zstd"

/* Where decoded bytes go; -1 stops with that error. */
struct coding_out {
	int (*put)(void *context, const uint8_t *p, size_t n, struct error *error);
	void *context;
};

struct coding_limits {
	uint64_t max;      /* bytes that any of the stages may give; 0 = no limit */
	uint64_t ratio;    /* of any stage's bytes to those that came in, beyond CODING_UNASKED; 0 = any */
	struct work *work; /* spent by decoded bytes; NULL = no bound */
	const char *off;   /* the command that leaves the data as they come; NULL = none */
};

struct coding;

/* list: "deflate, gzip" in the order they were applied, as in Content-Encoding; identity and none are nothing. *c is
 * NULL when there is nothing to undo. ERROR_HTTP for a coding that is not known, ERROR_LIMIT for too many. */
int coding_new(struct coding **c, struct str list, const struct coding_limits *limits, const struct coding_out *out,
    struct error *error);
void coding_free(struct coding *c);

/* ERROR_HTTP: the data is corrupt, or goes on behind its end. ERROR_LIMIT beyond the limits, ERROR_INTERRUPTED. */
int coding_push(struct coding *c, const uint8_t *p, size_t n, struct error *error);
/* After the last byte. ERROR_HTTP: the data is cut off. No byte at all is a body of no bytes. */
int coding_finish(struct coding *c, struct error *error);

#endif
