/*
 * The server's half of HTTP/1.1 (RFC 9112): one request after another from a link, everything bounded.
 */
#ifndef NET_LAB_REQUEST_H
#define NET_LAB_REQUEST_H

#include "net/buf.h"
#include "net/lab/link.h"

enum {
	REQUEST_MAX_HEADERS = 100,
	REQUEST_MAX_TARGET = 4096,
	REQUEST_MAX_LINE = 256 /* of a chunk's size or trailer */
};

struct request_header {
	struct str name, value;
};

/* Views are valid until the next lab_request_read(). */
struct lab_request {
	struct buf in; /* what came and is not used yet */
	struct buf head_bytes;
	struct str head; /* request line and fields, as they came, without the empty line */
	struct str method, target, path, query;
	bool close; /* no other request follows */
	bool old;   /* HTTP/1.0 */
	struct request_header headers[REQUEST_MAX_HEADERS];
	size_t n_headers;
	struct buf body;
};

void lab_request_init(struct lab_request *r);
void lab_request_release(struct lab_request *r);

enum { REQUEST_READ = 200, REQUEST_END = 0 };
/* REQUEST_READ; REQUEST_END when the client left or fell silent; else the status of the refusal: 400, 408,
 * 413, 414, 417, 431, 501, 505. After a refusal nothing more can be read. */
int lab_request_read(struct lab_request *r, struct link *l);

/* Value of the first field of that name; p NULL when there is none. */
struct str lab_request_header(const struct lab_request *r, const char *name);
/* Value of a cookie; p NULL when it was not sent. */
struct str lab_request_cookie(const struct lab_request *r, const char *name);
/* Value of a field in application/x-www-form-urlencoded text (the body or the query), decoded into out;
 * false when it is not there, not well-formed, or too long. */
bool lab_form_value(struct str form, const char *name, char *out, size_t size);
/* Decodes base64 (RFC 4648 section 4); false when it is not that or does not fit. */
bool lab_base64_decode(struct str text, char *out, size_t size, size_t *n);

#endif
