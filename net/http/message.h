/*
 * The head of a response (RFC 9112 sections 2 to 6): found, parsed, and what it says about the body.
 * Private to net/http.
 */
#ifndef NET_HTTP_MESSAGE_H
#define NET_HTTP_MESSAGE_H

#include "net/http/http.h"

/* Without the checks of http_headers_add(). */
void http_headers_push(struct http_headers *h, struct str name, struct str value);

enum http_start {
	HTTP_START_YES,   /* "HTTP/" */
	HTTP_START_MAYBE, /* too short to tell */
	HTTP_START_NO
};
enum http_start http_head_start(struct str s);

/* Length of the head at the start of s with its empty line, 0 while that has not come. `from`: what a
 * former call has already searched, 0 at first. */
size_t http_head_length(struct str s, size_t from);

/* Parses a whole head into r (version, status, reason, headers, raw_head). ERROR_HTTP for what RFC 9112 calls
 * invalid and for contradictory Content-Length or Location fields; ERROR_LIMIT for a line or number of fields
 * beyond http.h's limits. A bare LF ends a line too (section 2.2); a folded line is unfolded (section 5.2). */
int http_head_parse(struct http_response *r, struct str head, struct error *error);

/* One line of a head or of trailers, without its end. */
int http_field_parse(struct http_headers *h, struct str line, struct error *error);

/* "the answer is not HTTP: ..." for bytes that do not start like a response. */
int http_not_http(struct str s, struct error *error);

enum http_delimiter { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED, HTTP_BODY_CLOSE };

/* How the body ends (RFC 9112 section 6.3), and whether the connection may be kept after it. raw: no coding will be
 * undone, so any may be there; what chunked does not end, the connection does. */
struct http_framing {
	enum http_delimiter delimiter;
	uint64_t length; /* HTTP_BODY_LENGTH */
	char *codings;   /* transfer codings to undo besides chunked: "gzip"; "" none */
	bool keep;
};
int http_framing_of(struct http_framing *f, const struct http_response *r, const char *method, bool raw,
    struct error *error);
void http_framing_release(struct http_framing *f);

#endif
