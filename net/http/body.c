/* A response's body from the stream to the sink: framing, codings, limits. */
#include "net/http/body.h"

#include <inttypes.h>
#include <stdlib.h>

#include "net/http/chunked.h"
#include "net/http/coding.h"

/* Bytes pass wire() -> transfer coding -> content coding -> decoded(); a coding that is not there is NULL. */
struct receiver {
	struct stream *stream;
	const struct http_options *options;
	const struct http_sink *sink;
	struct http_response *r;
	struct coding *transfer, *content;
	uint64_t total;   /* of the wire, UINT64_MAX unknown */
	int64_t until_us; /* of a body that is not needed; 0 = it is */
};

static int
too_long(const struct receiver *v, struct error *error)
{
	fail(error, ERROR_LIMIT, 0, "the body is longer than %" PRIu64 " bytes", v->options->max_body);
	return hint_why(error, "to take any length", "set max-body off");
}

static int
decoded(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct receiver *v = context;

	v->r->body_bytes += n;
	if (v->options->max_body > 0 && v->r->body_bytes > v->options->max_body)
		return too_long(v, error);
	return v->sink != NULL && v->sink->body != NULL ? v->sink->body(v->sink->context, p, n, error) : 0;
}

static int
without_transfer_coding(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct receiver *v = context;

	return v->content != NULL ? coding_push(v->content, p, n, error) : decoded(v, p, n, error);
}

static int
wire(struct receiver *v, struct str bytes, struct error *error)
{
	const uint8_t *p = (const uint8_t *)bytes.p;

	v->r->wire_bytes += bytes.n;
	event_report(v->options->observer,
	    (struct event){ .kind = EVENT_HTTP_BODY, .done = v->r->wire_bytes, .total = v->total });
	return v->transfer != NULL ? coding_push(v->transfer, p, bytes.n, error) :
				     without_transfer_coding(v, p, bytes.n, error);
}

/* More of the body: as stream_peek(), and a failure says how far it came. */
static ssize_t
more(struct receiver *v, const uint8_t **p, struct error *error)
{
	ssize_t n;

	if (v->until_us > 0 && (v->r->wire_bytes > HTTP_UNNEEDED_BODY || !stream_speaks(v->stream, v->until_us)))
		return fail(error, ERROR_LIMIT, 0, "the body is not needed");
	n = stream_peek(v->stream, p, error);
	if (n < 0 && v->total != UINT64_MAX)
		error_add(error, ": %" PRIu64 " of %" PRIu64 " bytes of the body came", v->r->wire_bytes, v->total);
	else if (n < 0)
		error_add(error, ": %" PRIu64 " bytes of the body came, and not its end", v->r->wire_bytes);
	return n;
}

static int
receive_length(struct receiver *v, uint64_t length, struct error *error)
{
	uint64_t left = length;

	while (left > 0) {
		const uint8_t *p;
		ssize_t n = more(v, &p, error);
		size_t take;

		if (n < 0)
			return -1;
		if (n == 0)
			return fail(error, ERROR_HTTP, 0, "body ended after %" PRIu64 " of %" PRIu64 " bytes",
			    length - left, length);
		take = (uint64_t)n < left ? (size_t)n : (size_t)left;
		if (wire(v, str_from(p, take), error) != 0)
			return -1;
		stream_consume(v->stream, take);
		left -= take;
	}
	return 0;
}

static int
receive_until_close(struct receiver *v, struct error *error)
{
	const uint8_t *p;
	ssize_t n;

	while ((n = more(v, &p, error)) > 0) {
		if (wire(v, str_from(p, (size_t)n), error) != 0)
			return -1;
		stream_consume(v->stream, (size_t)n);
	}
	return n < 0 ? -1 : 0;
}

/* Takes what one view holds; *used bytes of it belong to the body. */
static int
take_chunks(struct receiver *v, struct chunked *c, struct str view, size_t *used, struct error *error)
{
	struct str in = view, data;
	int got;

	while ((got = chunked_next(c, &in, &data, error)) > 0)
		if (!v->options->raw && wire(v, data, error) != 0)
			return -1;
	*used = view.n - in.n;
	if (got == 0 && v->options->raw)
		got = wire(v, str_slice(view, 0, *used), error);
	return got;
}

static int
receive_chunks(struct receiver *v, struct error *error)
{
	struct chunked c;
	int result = 0;

	chunked_init(&c, &v->r->trailers);
	while (result == 0 && c.state != CHUNKED_DONE) {
		const uint8_t *p;
		ssize_t n = more(v, &p, error);
		size_t used;

		if (n <= 0) {
			result = n < 0 ? -1 : chunked_truncated(&c, error);
			break;
		}
		result = take_chunks(v, &c, str_from(p, (size_t)n), &used, error);
		if (result == 0)
			stream_consume(v->stream, used);
	}
	chunked_release(&c);
	return result;
}

static int
receive(struct receiver *v, const struct http_framing *f, struct str before, struct error *error)
{
	if (before.n > 0 && wire(v, before, error) != 0)
		return -1;
	switch (f->delimiter) {
	case HTTP_BODY_NONE:
		return 0;
	case HTTP_BODY_LENGTH:
		return receive_length(v, f->length, error);
	case HTTP_BODY_CHUNKED:
		return receive_chunks(v, error);
	case HTTP_BODY_CLOSE:
		return receive_until_close(v, error);
	}
	return 0;
}

/* Opens the codings to undo, in the order they are undone. */
static int
open_codings(struct receiver *v, const struct http_framing *f, struct error *error)
{
	struct coding_out after_content = { decoded, v }, after_transfer = { without_transfer_coding, v };
	struct coding_limits limits = { v->options->max_body, v->options->max_ratio, v->options->work,
		"set decode off" };
	char *list = http_headers_list(&v->r->headers, "Content-Encoding");
	int result = 0;

	if (f->delimiter != HTTP_BODY_NONE && v->options->decode && !v->options->raw)
		result = coding_new(&v->content, str_of(list), &limits, &after_content, error);
	free(list);
	limits.off = "set raw on";
	if (result == 0 && f->delimiter != HTTP_BODY_NONE && !v->options->raw)
		result = coding_new(&v->transfer, str_of(f->codings), &limits, &after_transfer, error);
	return result;
}

static int
receive_decoded(struct receiver *v, const struct http_framing *f, struct str before, struct error *error)
{
	uint64_t max = v->options->max_body;
	int result = open_codings(v, f, error);

	v->total = f->delimiter == HTTP_BODY_LENGTH ? f->length : UINT64_MAX;
	if (result == 0 && v->content == NULL && f->delimiter == HTTP_BODY_LENGTH && max > 0 && f->length > max)
		result = too_long(v, error);
	if (result == 0)
		result = receive(v, f, before, error);
	if (result == 0 && v->transfer != NULL)
		result = coding_finish(v->transfer, error);
	if (result == 0 && v->content != NULL)
		result = coding_finish(v->content, error);
	coding_free(v->transfer);
	coding_free(v->content);
	return result;
}

int
http_body_receive(struct stream *s, const struct http_framing *f, struct str before, const struct http_options *options,
    const struct http_sink *sink, struct http_response *r, struct error *error)
{
	struct receiver v = { .stream = s, .options = options, .sink = sink, .r = r };

	return receive_decoded(&v, f, before, error);
}

int
http_body_receive_some(struct stream *s, const struct http_framing *f, struct str before,
    const struct http_options *options, const struct http_sink *sink, struct http_response *r, struct error *error)
{
	struct http_options some = *options;
	struct error why = { .kind = ERROR_NONE };
	struct receiver v = {
		.stream = s,
		.options = &some,
		.sink = sink,
		.r = r,
		.until_us = now_us() + HTTP_UNNEEDED_WAIT_US,
	};

	some.max_body = HTTP_UNNEEDED_BODY;
	r->complete = receive_decoded(&v, f, before, &why) == 0;
	if (r->complete || why.kind != ERROR_INTERRUPTED)
		return 0;
	if (error != NULL)
		*error = why;
	return -1;
}
