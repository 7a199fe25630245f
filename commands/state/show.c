/* `show`: what the last exchange and the last connection were like. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/capture.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/show/card.h"
#include "commands/show/view.h"
#include "commands/table.h"

enum { TLS_LABEL = 13, CHAIN_LABEL = 14 }; /* columns of a label and the space behind it */

static void
put(struct call *call, struct str text)
{
	fwrite(text.p != NULL ? text.p : "", 1, text.n, call->out);
}

static int
show_status(struct call *call)
{
	const struct http_response *r = &session_last(call->session)->response;

	if (session_unanswered(call->session))
		return fail(call->error, ERROR_OTHER, ENODATA,
		    "the last request got no answer; the one before it got %u %s", r->status,
		    r->reason != NULL ? r->reason : "");
	fprintf(call->out, "%s %u %s\n", r->version, r->status, r->reason != NULL ? r->reason : "");
	return 0;
}

static int
show_headers(struct call *call)
{
	struct str head = str_of(session_last(call->session)->response.raw_head);

	while (head.n > 0) {
		struct str line = str_cut(&head, '\n');

		if (str_ends(line, STR("\r")))
			line.n--;
		if (line.n == 0)
			break;
		put(call, line);
		fputc('\n', call->out);
	}
	for (size_t i = 0; i < session_last(call->session)->response.trailers.n; i++) {
		const struct http_header *h = &session_last(call->session)->response.trailers.items[i];

		fprintf(call->out, "(trailer) %s: %s\n", h->name, h->value);
	}
	return 0;
}

/* A body that broke off is shown, and never taken for the whole. */
static int
unfinished(struct call *call)
{
	const struct exchange *x = session_last(call->session);

	if (x->done)
		return 0;
	return fail(call->error, ERROR_HTTP, 0, "the body is unfinished: only these %" PRIu64 " bytes came",
	    x->body.length);
}

static int
show_body(struct call *call)
{
	struct body_store *body = &session_last(call->session)->body;
	struct str all;

	if (!call->out_is_terminal)
		return body_store_copy(body, call->out, call->error) != 0 ? -1 : unfinished(call);
	if (body_store_view(body, &all, call->error) != 0)
		return -1;
	put(call, all);
	if (all.n > 0 && all.p[all.n - 1] != '\n')
		fputc('\n', call->out);
	return unfinished(call);
}

static int
show_request(struct call *call)
{
	const struct exchange *x = session_last(call->session);

	put(call, str_of(x->request_head));
	put(call, x->request_body);
	if (x->request_body.n > 0)
		fputc('\n', call->out);
	return 0;
}

static void
print_ms(FILE *out, const char *label, int64_t from, int64_t to)
{
	if (from > 0 && to >= from)
		fprintf(out, "%-12s %10.3f ms\n", label, (double)(to - from) / 1000);
}

static int
show_timing(struct call *call)
{
	const struct exchange *x = session_last(call->session);
	const struct connection *c = x->connection;
	const struct http_response *r = &x->response;

	if (c != NULL && c->exchanges <= 1) {
		print_ms(call->out, "resolve", c->tcp_timing.start_us, c->tcp_timing.resolved_us);
		print_ms(call->out, "connect", c->tcp_timing.resolved_us, c->tcp_timing.connected_us);
		print_ms(call->out, "tls", c->tls_start_us, c->ready_us);
	} else {
		fputs("connection   kept from an earlier request\n", call->out);
	}
	print_ms(call->out, "first byte", r->sent_us, r->first_byte_us);
	print_ms(call->out, "body", r->head_us, r->done_us);
	print_ms(call->out, "total", x->start_us, r->done_us);
	fprintf(call->out, "%-12s %" PRIu64 " bytes, %" PRIu64 " decoded\n", "size", r->wire_bytes, r->body_bytes);
	return 0;
}

static const struct part {
	const char *name;
	int (*show)(struct call *call);
} parts[] = {
	{ "status", show_status },
	{ "headers", show_headers },
	{ "body", show_body },
	{ "request", show_request },
	{ "timing", show_timing },
};

/* Lines with a label each, broken on a terminal behind it. */
static int
show_connection(struct call *call, bool chain)
{
	struct session *s = call->session;
	size_t width = view_width(call->view, call->out);
	struct capture text;
	FILE *out = capture_open(&text);
	int status = 0;

	if (chain)
		status = show_chain(s, out, call->error);
	else
		show_tls(s, out);
	print_lines(call->out, capture_close(&text), chain ? CHAIN_LABEL : TLS_LABEL, width);
	capture_release(&text);
	return status;
}

static bool
is_of_connection(const char *what)
{
	return what != NULL && (strcmp(what, "tls") == 0 || strcmp(what, "chain") == 0);
}

static unsigned
show_needs(const struct call *call)
{
	return is_of_connection(call_arg(call, 0)) ? CMD_CONNECTION : CMD_RESPONSE;
}

static int
run_show(struct call *call)
{
	const char *what = call_arg(call, 0);

	if (is_of_connection(what))
		return show_connection(call, strcmp(what, "chain") == 0);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (what != NULL && strcmp(what, parts[i].name) == 0)
			return parts[i].show(call);
	show_headers(call);
	return show_timing(call);
}

static const struct arg show_args[] = {
	{ "WHAT", ARG_CHOICE, ARG_OPTIONAL, "status|headers|body|request|timing|tls|chain" },
	{ NULL, ARG_TEXT, 0, NULL },
};

const struct command command_show = {
	.name = "show",
	.group = "requests",
	.summary = "Show the last exchange and the last connection.",
	.details =
	    "tls and chain are about the last connection, also one that failed: what was offered and negotiated, who "
	    "ended it, every certificate with every reason against it.",
	.example =
	    "get https://ok.lab.test/\nshow status\n| HTTP/1.1 200 OK\nshow tls | grep ^server\nshow chain | grep "
	    "verdict\n"
	    "| verdict    accepted\n",
	.args = show_args,
	.needs = show_needs,
	.run = run_show,
};
