/* One request and its answer over a stream, interim answers passed on. */
#include "net/http/http.h"

#include <errno.h>
#include <string.h>

#include "net/http/body.h"
#include "net/http/message.h"
#include "net/http/send.h"

struct http_run {
	struct stream *stream;
	const struct http_request *request;
	const struct http_options *options;
	const struct http_sink *sink;
	struct http_response *r;
	struct sender sender;
	struct buf held; /* the part of a head that came off the stream before its end */
	unsigned informational;
	bool answered; /* a byte of an answer came */
	bool dead;     /* the stream ended or broke */
};

static bool
is_idempotent(const char *method)
{
	static const char *const methods[] = { "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" };

	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(method, methods[i]) == 0)
			return true;
	return false;
}

/* ---- receiving heads ---- */

static int
stream_ended(struct http_run *x, struct error *error)
{
	char shown[80];

	x->dead = true;
	if (x->held.len > 0)
		return fail(error, ERROR_HTTP, 0, "the connection was closed inside the answer's head, after \"%s\"",
		    str_printable(buf_str(&x->held), shown, sizeof shown));
	if (x->informational > 0)
		return fail(error, ERROR_HTTP, 0, "the connection was closed after %u %s and before the final answer",
		    x->r->status, str_printable(str_of(x->r->reason), shown, sizeof shown));
	if (!x->sender.whole)
		return fail(error, ERROR_HTTP, 0, "the server closed the connection while the request was being sent");
	return fail(error, ERROR_HTTP, 0, "the server closed the connection without an answer");
}

/* The stream broke, was silent for too long, or somebody has had enough: how far the answer came. */
static int
head_broke_off(const struct http_run *x, struct error *error)
{
	char shown[80];

	if (x->held.len > 0)
		return error_add(error, ": the answer's head broke off after \"%s\"",
		    str_printable(buf_str(&x->held), shown, sizeof shown));
	if (x->informational > 0)
		return error_add(error, ": no final answer came after %u %s", x->r->status,
		    str_printable(str_of(x->r->reason), shown, sizeof shown));
	return error_add(error, ": no answer came");
}

/* RFC 9110 section 15.2.2: 101 answers a request with Upgrade, and nothing else. */
static int
check_upgrade(const struct http_run *x, struct error *error)
{
	const char *to = http_headers_get(&x->r->headers, "Upgrade");
	char shown[80];

	if (x->r->status != 101 || http_headers_get(&x->request->headers, "Upgrade") != NULL)
		return 1;
	return fail(error, ERROR_HTTP, 101, "the server answers 101 and changes to %s, and no upgrade was asked for",
	    to != NULL ? str_printable(str_of(to), shown, sizeof shown) : "a protocol that it does not name");
}

/* HTTP/0.9 knows only GET. */
static bool
may_be_headless(const struct http_run *x)
{
	return x->options->http09 && strcmp(x->request->method, "GET") == 0 && x->informational == 0;
}

enum found { HEAD_PART, HEAD_WHOLE, HEAD_NONE };

/* Looks at a view of the stream. Sets *used to the bytes of it that belong to the head; they are in x->held unless the
 * whole head is in the view. HEAD_NONE: the answer has none (HTTP/0.9), what came is in x->held. -1 = error. */
static int
find_head(struct http_run *x, struct str view, size_t *used, struct error *error)
{
	size_t before = x->held.len, whole;

	*used = view.n;
	if (before == 0 && http_head_start(view) == HTTP_START_YES && (whole = http_head_length(view, 0)) > 0 &&
	    whole <= HTTP_MAX_HEAD) {
		*used = whole;
		return HEAD_WHOLE;
	}
	if (buf_add_str(&x->held, str_slice(view, 0, x->held.max - before)) != 0)
		return mem_fail(error, "reading the response's head");
	if (http_head_start(buf_str(&x->held)) == HTTP_START_NO)
		return may_be_headless(x) ? HEAD_NONE : http_not_http(buf_str(&x->held), error);
	whole = http_head_length(buf_str(&x->held), before);
	if (whole > HTTP_MAX_HEAD || (whole == 0 && x->held.len == x->held.max))
		return fail(error, ERROR_LIMIT, 0, "the response's head is longer than %d bytes", HTTP_MAX_HEAD);
	if (whole == 0)
		return HEAD_PART;
	x->held.len = whole;
	*used = whole - before;
	return HEAD_WHOLE;
}

static void
report_head(const struct http_run *x)
{
	event_report(x->options->observer,
	    (struct event){ .kind = EVENT_HTTP_RESPONSE, .code = (int)x->r->status, .data = str_of(x->r->raw_head) });
}

/* A reply without a head: its body begins with what is held. */
static int
headless(struct http_run *x)
{
	x->r->status = 200;
	memcpy(x->r->version, "HTTP/0.9", sizeof x->r->version);
	x->r->reason = str_dup(STR(""));
	x->r->raw_head = str_dup(STR(""));
	return 1;
}

static bool
is_broken(const struct error *error)
{
	return (error->kind == ERROR_NETWORK && error->code != ETIMEDOUT) || error->kind == ERROR_TLS;
}

/* More of the stream for a head: bytes in *view, 0 at its end, -1 error. */
static ssize_t
peek_head(struct http_run *x, struct str *view, struct error *error)
{
	const uint8_t *p;
	struct error local = { 0 };
	ssize_t n = stream_peek(x->stream, &p, &local);

	if (n < 0) {
		x->dead = is_broken(&local);
		if (error != NULL)
			*error = local;
		return -1;
	}
	if (n > 0 && !x->answered) {
		x->answered = true;
		x->r->first_byte_us = now_us();
	}
	*view = str_from(p, (size_t)n);
	return n;
}

/* Reads one head into x->r: 1 = of the final answer, 0 = of an informational one, -1 = error. */
static int
read_head(struct http_run *x, struct error *error)
{
	int found = HEAD_PART;

	x->held.len = 0;
	while (found == HEAD_PART) {
		struct str view;
		size_t used;
		ssize_t n = peek_head(x, &view, error);

		if (n < 0)
			return head_broke_off(x, error);
		if (n == 0)
			return may_be_headless(x) && x->held.len > 0 ? headless(x) : stream_ended(x, error);
		found = find_head(x, view, &used, error);
		if (found < 0 ||
		    (found == HEAD_WHOLE &&
			http_head_parse(x->r, x->held.len > 0 ? buf_str(&x->held) : str_slice(view, 0, used), error) !=
			    0))
			return -1;
		stream_consume(x->stream, used);
	}
	if (found == HEAD_NONE)
		return headless(x);
	x->held.len = 0;
	report_head(x);
	/* 101 is final for us: what comes after it is no HTTP any more. */
	if (x->r->status >= 200 || x->r->status == 101)
		return check_upgrade(x, error);
	if (++x->informational > HTTP_MAX_INFORMATIONAL)
		return fail(error, ERROR_LIMIT, 0, "more than %d informational (1xx) answers", HTTP_MAX_INFORMATIONAL);
	return 0;
}

/* ---- sending ---- */

/* A write failed: a server that refuses early has often left its answer before it closed (RFC 9112 section 9.6).
 * 1 = it has. */
static int
answer_despite(struct http_run *x, const struct error *write_error, struct error *error)
{
	int got = 0;

	x->dead = is_broken(write_error);
	if (x->dead && write_error->kind == ERROR_NETWORK) {
		while ((got = read_head(x, NULL)) == 0)
			;
	}
	if (got == 1)
		return 1;
	if (error != NULL)
		*error = *write_error;
	return -1;
}

/* Sends everything: 0 = it is out, 1 = the final answer's head came before that, -1 = error. */
static int
send_all(struct http_run *x, struct error *error)
{
	struct sender *s = &x->sender;
	struct error local = { 0 };
	bool wait_first = s->expect;
	int got;

	if (sender_head(s, &local) != 0)
		return answer_despite(x, &local, error);
	event_report(x->options->observer,
	    (struct event){ .kind = EVENT_HTTP_REQUEST, .sent = true, .data = buf_str(&s->head) });
	while (!s->whole) {
		/* An answer while the body is on its way. An informational one lets it go on, with 100 (Continue)
		 * without further waiting. */
		if (wait_first ? stream_speaks(x->stream, now_us() + HTTP_EXPECT_WAIT_US) :
				 !stream_idle_ok(x->stream)) {
			if ((got = read_head(x, error)) != 0)
				return got;
			wait_first = wait_first && x->r->status != 100;
			continue;
		}
		wait_first = false;
		if (sender_piece(s, &local) != 0)
			return answer_despite(x, &local, error);
	}
	return 0;
}

static int
receive_body(struct http_run *x, struct error *error)
{
	struct http_framing framing;
	int result = http_framing_of(&framing, x->r, x->request->method, x->options->raw, error);

	if (result == 0 && x->sink != NULL && x->sink->head != NULL)
		result = x->sink->head(x->sink->context, x->r, error);
	if (result == 0) {
		result = http_body_receive(x->stream, &framing, buf_str(&x->held), x->options, x->sink, x->r, error);
		x->r->complete = result == 0;
	} else if (result > 0) {
		result =
		    http_body_receive_some(x->stream, &framing, buf_str(&x->held), x->options, x->sink, x->r, error);
	}
	x->r->keep = x->r->complete && framing.keep && x->sender.whole && !x->sender.length_lies &&
	    !http_headers_has_word(&x->request->headers, "Connection", "close") &&
	    (!x->request->http10 || http_headers_has_word(&x->r->headers, "Connection", "keep-alive"));
	http_framing_release(&framing);
	return result;
}

static int
run(struct http_run *x, struct error *error)
{
	int got = sender_init(&x->sender, x->stream, x->request, !x->options->no_expect, error);

	if (got == 0)
		got = send_all(x, error);
	x->r->sent_us = now_us();
	while (got == 0)
		got = read_head(x, error);
	if (got < 0)
		return -1;
	x->r->head_us = now_us();
	return receive_body(x, error);
}

/* RFC 9112 section 9.3.1: what may be sent once more on another connection. */
static bool
may_repeat(const struct http_run *x)
{
	const struct sender *s = &x->sender;
	bool pipe_read = s->has_body && x->request->body.fd >= 0 && s->offset < 0 && s->sent > 0;

	return x->dead && !x->answered && !pipe_read && (!s->whole || is_idempotent(x->request->method));
}

int
http_exchange(struct stream *s, const struct http_request *request, const struct http_options *options,
    const struct http_sink *sink, struct http_response *r, bool *unsent, struct error *error)
{
	struct http_run x = { .stream = s, .request = request, .options = options, .sink = sink, .r = r };
	int result;

	buf_init(&x.held, HTTP_MAX_HEAD + 1);
	result = run(&x, error);
	r->done_us = now_us();
	if (unsent != NULL)
		*unsent = result != 0 && may_repeat(&x);
	sender_release(&x.sender);
	buf_release(&x.held);
	return result;
}
