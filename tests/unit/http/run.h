/*
 * One exchange over a scripted stream: the answer's bytes in pieces, what was sent, and what came of it.
 *
 *	run_init(&r, "GET", STR("HTTP/1.1 200 OK\r\n\r\nx"), 1);      change r.request, r.options, r.stream as wanted
 *	run_exchange(&r);                                        r.result, r.response, r.body, r.error, r.stream.written
 *	run_release(&r);
 */
#ifndef TESTS_UNIT_HTTP_RUN_H
#define TESTS_UNIT_HTTP_RUN_H

#include <stdlib.h>

#include "net/http/http.h"
#include "tests/support/script_stream.h"

#define OK "HTTP/1.1 200 OK\r\n"

static inline int
keep_body(void *context, const uint8_t *p, size_t n, struct error *error)
{
	return buf_add(context, p, n) == 0 ? 0 : fail(error, ERROR_LIMIT, 0, "sink is full");
}

struct run {
	struct script_stream stream;
	struct http_request request;
	struct http_options options;
	struct http_response response;
	struct buf body;
	struct error error;
	bool unsent;
	int result;
};

static inline void
run_init(struct run *r, const char *method, struct str reply, size_t piece)
{
	*r = (struct run){
		.request = { .method = str_dup(str_of(method)), .target = str_dup(STR("/")), .body.fd = -1 },
		.options.decode = true,
	};
	http_headers_add(&r->request.headers, STR("Host"), STR("example.org"), NULL);
	script_stream_init(&r->stream, reply, piece);
	buf_init(&r->body, 64 << 20);
}

static inline void
run_exchange(struct run *r)
{
	struct http_sink sink = { NULL, keep_body, &r->body };

	r->result =
	    http_exchange(&r->stream.stream, &r->request, &r->options, &sink, &r->response, &r->unsent, &r->error);
}

static inline void
run_release(struct run *r)
{
	http_request_release(&r->request);
	http_response_release(&r->response);
	script_stream_release(&r->stream);
	buf_release(&r->body);
}

#endif
