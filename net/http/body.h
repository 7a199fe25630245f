/*
 * The receiving half of an exchange: a response's body from the stream to the sink. Private to net/http.
 */
#ifndef NET_HTTP_BODY_H
#define NET_HTTP_BODY_H

#include "net/http/http.h"
#include "net/http/message.h"

/* Receives the body that `f` describes: undoes chunks and codings, counts into r, pushes views of the stream's own
 * memory into the sink. before: bytes of the body that came off the stream earlier. ERROR_HTTP "body ended after
 * N of M bytes" when it is cut off. */
int http_body_receive(struct stream *s, const struct http_framing *f, struct str before,
    const struct http_options *options, const struct http_sink *sink, struct http_response *r, struct error *error);

/* The same for a body that is not needed: takes what comes of it soon, and sets r->complete when that was all. -1
 * only for ERROR_INTERRUPTED. */
int http_body_receive_some(struct stream *s, const struct http_framing *f, struct str before,
    const struct http_options *options, const struct http_sink *sink, struct http_response *r, struct error *error);

#endif
