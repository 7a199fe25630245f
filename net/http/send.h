/*
 * The sending half of an exchange. Private to net/http.
 */
#ifndef NET_HTTP_SEND_H
#define NET_HTTP_SEND_H

#include "net/http/http.h"

enum {
	SEND_PIECE = 64 << 10,  /* bytes of a body written at once */
	SEND_MAX_HEAD = 2 << 20 /* bytes of a request head with a small body */
};

/* One request on its way. The stages are called in order; write errors leave `out` where it was. */
struct sender {
	struct stream *stream; /* borrowed, with the request */
	const struct http_request *request;
	struct buf head;
	bool has_body, chunked;
	bool length_lies;      /* a Content-Length by hand that is not the body's */
	bool expect;           /* Expect: 100-continue was announced */
	bool whole;            /* everything is out */
	uint64_t length, sent; /* of the body */
	int64_t offset;        /* of a file's start; -1 = it cannot be read at a position */
	uint8_t *piece;
};

/* Composes the head; announce: large bodies with Expect. ERROR_USAGE: method or target cannot be sent. */
int sender_init(struct sender *s, struct stream *stream, const struct http_request *request, bool announce,
    struct error *error);
void sender_release(struct sender *s);

/* Writes the head, and in the same write a small body in memory. */
int sender_head(struct sender *s, struct error *error);

/* Writes the next piece of the body; s->whole says when that was the last. */
int sender_piece(struct sender *s, struct error *error);

#endif
