/*
 * HTTP/1.1 (RFC 9110, RFC 9112) over any stream: one exchange at a time. The caller connects,
 * keeps and frees the stream; redirects and retries are decided by the session above with
 * the rules of net/http/redirect.h.
 */
#ifndef NET_HTTP_HTTP_H
#define NET_HTTP_HTTP_H

#include "net/buf.h"
#include "net/event.h"
#include "net/stream.h"
#include "net/work.h"

enum {
	HTTP_MAX_LINE = 100 * 1024, /* bytes of one header line */
	HTTP_MAX_HEAD = 300 * 1024, /* bytes of a response head */
	HTTP_MAX_HEADERS = 1000,
	HTTP_MAX_INFORMATIONAL = 64 /* 1xx answers before the final one */
};

struct http_header {
	char *name, *value;
};

struct http_headers {
	struct http_header *items;
	size_t n;
};
void http_headers_release(struct http_headers *h);
/* name must be a token, value without CR, LF, NUL: ERROR_USAGE otherwise. */
int http_headers_add(struct http_headers *h, struct str name, struct str value, struct error *error);
int http_headers_set(struct http_headers *h, struct str name, struct str value, struct error *error);
bool http_headers_remove(struct http_headers *h, struct str name);            /* every one; false when absent */
const char *http_headers_get(const struct http_headers *h, const char *name); /* first, or NULL */
/* All values with ", " between, caller frees; NULL when absent. */
char *http_headers_list(const struct http_headers *h, const char *name);
/* True when a list such as Connection's has the word. */
bool http_headers_has_word(const struct http_headers *h, const char *name, const char *word);
bool http_is_token(struct str s); /* RFC 9110 section 5.6.2 */
/* ERROR_USAGE when the method or the target cannot stand in a request line. */
int http_check_line(const char *method, const char *target, struct error *error);

/* A request's body: bytes in memory, or read from a file while it is sent. */
struct http_body {
	struct str bytes; /* borrowed */
	int fd;           /* -1 = none; read from its position, `length` bytes */
	uint64_t length;  /* of fd; HTTP_UNTIL_END: all that it gives, sent in chunks */
};
#define HTTP_UNTIL_END UINT64_MAX

struct http_request {
	char *method, *target;       /* target: origin-form */
	struct http_headers headers; /* in the order sent; Host first by the caller */
	struct http_body body;
	bool has_body; /* Content-Length is added when absent; "Transfer-Encoding: chunked" sends chunks */
	bool http10;   /* "HTTP/1.0" in its first line: no chunks, no Expect (RFC 9110 section 10.1.1) */
};
void http_request_release(struct http_request *r);

struct http_response {
	unsigned status; /* 0 before the status line came */
	char version[9]; /* "HTTP/1.1" */
	char *reason;
	struct http_headers headers, trailers;
	char *raw_head;      /* exactly as received, with the final empty line */
	uint64_t wire_bytes; /* body bytes as transferred (without chunk framing) */
	uint64_t body_bytes; /* decoded */
	bool complete;       /* the body ended where its framing says */
	bool keep;           /* the connection may be used again */
	int64_t sent_us, first_byte_us, head_us, done_us;
};
void http_response_release(struct http_response *r);

/* Receives the decoded body in pieces; -1 stops the exchange with that error. */
struct http_sink {
	/* once, before the body; may be NULL. 1 = the body is not needed: see HTTP_UNNEEDED_BODY. */
	int (*head)(void *context, const struct http_response *r, struct error *error);
	int (*body)(void *context, const uint8_t *p, size_t n, struct error *error);
	void *context;
};

struct http_options {
	uint64_t max_body;  /* decoded bytes, ERROR_LIMIT beyond; 0 = no limit */
	uint64_t max_ratio; /* decoded bytes to those that came, asked beyond CODING_UNASKED; 0 = any */
	struct work *work;  /* of decoding; NULL = no bound */
	bool decode;        /* undo Content-Encoding (gzip, deflate, br, zstd) */
	bool raw;           /* nothing is undone, the chunks' framing neither */
	bool http09;        /* accept a reply without a status line */
	bool no_expect;     /* send large bodies at once: after a 417 (RFC 9110 section 15.5.18) */
	const struct observer *observer;
};

/* A body longer than this is announced with Expect: 100-continue and waits a second for the answer
 * (RFC 9110 section 10.1.1), unless the request has an Expect field of its own. */
enum { HTTP_EXPECT_BODY = 1 << 20, HTTP_EXPECT_WAIT_US = 1000000 };

/* Of a body that is not needed so much is received, and for so long. What is wrong with it, or that its end is
 * missing, is no failure: the answer is then not complete, and its connection not kept. */
enum { HTTP_UNNEEDED_BODY = 1 << 20, HTTP_UNNEEDED_WAIT_US = 1000000 };

/* Sends and receives. 0 with a complete response; -1 otherwise, r (zeroed by the caller) then holds what came.
 * *unsent is set when the request may be repeated safely: the kept connection turned out closed before any byte
 * of an answer (RFC 9112 section 9.3.1), and the request is idempotent or did not get out whole. A body in a file is
 * read from the descriptor's position, which stays where it is, so that a repetition sends it again; of a pipe
 * nothing may have been read.
 * A final answer that comes while the body is still being sent ends the sending; the connection is then not kept. */
int http_exchange(struct stream *s, const struct http_request *request, const struct http_options *options,
    const struct http_sink *sink, struct http_response *r, bool *unsent, struct error *error);

#endif
