/* `tls trace`: every event of the connection as it happens, on the chatter. */
#include <stdio.h>

#include "commands/session_private.h"

enum { HEX_ROW = 16, HEX_MAX = 4096 };

static void
print_hex(FILE *out, struct str data)
{
	for (size_t i = 0; i < data.n && i < HEX_MAX; i += HEX_ROW) {
		fprintf(out, "    %04zx ", i);
		for (size_t k = i; k < i + HEX_ROW; k++)
			if (k < data.n)
				fprintf(out, " %02x", (unsigned)(uint8_t)data.p[k]);
			else
				fputs("   ", out);
		fputs("  ", out);
		for (size_t k = i; k < i + HEX_ROW && k < data.n; k++)
			fputc(data.p[k] >= ' ' && data.p[k] < 0x7f ? data.p[k] : '.', out);
		fputc('\n', out);
	}
	if (data.n > HEX_MAX)
		fprintf(out, "    ... %zu bytes more\n", data.n - HEX_MAX);
}

static void
print_fields(FILE *out, const struct event *event)
{
	struct buf text;
	struct str rest;

	buf_init(&text, 0);
	tls_describe(&text, event);
	rest = buf_str(&text);
	while (rest.n > 0) {
		fputs("    ", out);
		print_safe(out, str_cut(&rest, '\n'));
		fputc('\n', out);
	}
	buf_release(&text);
}

static void
print_message(const struct session *s, const struct event *event)
{
	const struct tls_message_info *info = event->detail;
	FILE *out = s->chatter;

	fprintf(out, "%s %s", event->sent ? ">" : "<", event->text != NULL ? event->text : "message");
	fprintf(out, ", %zu bytes%s\n", event->data.n, info != NULL && info->encrypted ? ", encrypted" : "");
	if (s->tls.trace >= TRACE_FIELDS)
		print_fields(out, event);
	if (s->tls.trace == TRACE_HEX)
		print_hex(out, event->data);
}

void
trace_event(struct session *s, const struct event *event)
{
	FILE *out = s->chatter;

	switch (event->kind) {
	case EVENT_RESOLVED:
	case EVENT_CONNECTING:
	case EVENT_CONNECT_FAILED:
	case EVENT_CONNECTED:
	case EVENT_NOTE:
		fprintf(out, "* %s", event->kind == EVENT_RESOLVED ? "resolved " : event->kind == EVENT_CONNECTING ? "connecting to " :
		    event->kind == EVENT_CONNECTED ? "connected to " : event->kind == EVENT_NOTE ? "" : "failed: ");
		print_safe(out, str_of(event->text));
		fputc('\n', out);
		break;
	case EVENT_TLS_MESSAGE:
		print_message(s, event);
		break;
	case EVENT_TLS_KEYS:
	case EVENT_TLS_DONE:
		fprintf(out, "* %s%s\n", event->kind == EVENT_TLS_KEYS ? "keys: " : "handshake done: ", event->text);
		break;
	case EVENT_TLS_RECORD:
		if (s->tls.trace == TRACE_HEX)
			fprintf(out, "%s record, type %d, %zu bytes\n", event->sent ? ">" : "<", event->code, event->data.n);
		break;
	case EVENT_HTTP_REQUEST:
	case EVENT_HTTP_RESPONSE:
		if (s->tls.trace == TRACE_HEX)
			fprintf(out, "%s HTTP head, %zu bytes\n", event->sent ? ">" : "<", event->data.n);
		break;
	case EVENT_HTTP_BODY:
		break;
	}
}
