/*
 * `tls trace`: every event of the connection as it happens, on the chatter. brief: one line a message; fields: what is
 * in it, and the records; hex: its bytes too.
 *
 *	* connected to 127.0.0.1                  +0.2 ms
 *	> ClientHello, 263 bytes                  +0.3 ms
 *	    version: TLSv1.2 (0x0303)
 */
#include <stdio.h>

#include "commands/print.h"
#include "commands/settings/values.h"
#include "commands/show/private.h"

enum { HEX_ROW = 16, HEX_MAX = 4096, INDENT = 4, CONTINUED = 8, TIME_COLUMN = 56 };

/* Ends an event's line, of which n columns are printed, with the time since the connection was begun. */
static void
end_line(const struct view *v, int n, const struct event *event)
{
	int gap = n < TIME_COLUMN ? TIME_COLUMN - n : 2;

	fprintf(v->err, "%*s+%.1f ms\n", gap, "", (double)(event->at_us - v->trace_start_us) / 1000);
}

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
print_fields(const struct view *v, const struct event *event)
{
	struct buf text;
	struct str rest;

	buf_init(&text, 0);
	tls_describe(&text, event);
	rest = buf_str(&text);
	while (rest.n > 0)
		print_wrapped(v->err, str_cut(&rest, '\n'), INDENT, CONTINUED, view_width(v, v->err));
	buf_release(&text);
}

static void
print_message(const struct view *v, const struct event *event, int level)
{
	const struct tls_message_info *info = event->detail;
	bool alert = info != NULL && info->content_type == CONTENT_ALERT;
	bool fatal = alert && event->data.n == 2 && event->data.p[0] == 2;

	end_line(v,
	    fprintf(v->err, "%s %s%s, %zu byte%s%s", event->sent ? ">" : "<",
		alert ? fatal ? "fatal alert " : "alert " : "", event->text != NULL ? event->text : "message",
		event->data.n, event->data.n == 1 ? "" : "s", info != NULL && info->encrypted ? ", encrypted" : ""),
	    event);
	if (level >= TRACE_FIELDS)
		print_fields(v, event);
	if (level == TRACE_HEX)
		print_hex(v->err, event->data);
}

/* A download's records would drown the rest: of application data only what we send is told, below hex. */
static void
print_record(const struct view *v, const struct event *event, int level)
{
	static const char *const types[] = { "ChangeCipherSpec", "alert", "handshake", "application data" };
	const struct tls_record_info *info = event->detail;
	unsigned type = (unsigned)event->code;

	if (level < TRACE_FIELDS || (level < TRACE_HEX && type == CONTENT_APPLICATION_DATA && !event->sent))
		return;
	end_line(v,
	    fprintf(v->err, "%s record %s, %zu byte%s, version %s", event->sent ? ">" : "<",
		type >= CONTENT_CHANGE_CIPHER_SPEC && type <= CONTENT_APPLICATION_DATA ?
		    types[type - CONTENT_CHANGE_CIPHER_SPEC] :
		    "of an unknown type",
		event->data.n, event->data.n == 1 ? "" : "s",
		info != NULL ? tls_version_name(info->version) : "unknown"),
	    event);
}

static void
print_note(const struct view *v, const struct event *event)
{
	static const char *const words[] = { [EVENT_RESOLVED] = "resolved ",
		[EVENT_CONNECTING] = "connecting to ",
		[EVENT_CONNECT_FAILED] = "failed: ",
		[EVENT_CONNECTED] = "connected to ",
		[EVENT_TLS_KEYS] = "keys: ",
		[EVENT_TLS_DONE] = "handshake done: ",
		[EVENT_NOTE] = "" };

	end_line(v, fprintf(v->err, "* %s%s", words[event->kind], event->text != NULL ? event->text : ""), event);
}

void
trace_event(struct view *v, const struct event *event, int level)
{
	if (event->kind == EVENT_RESOLVED || v->trace_start_us == 0)
		v->trace_start_us = event->at_us;
	switch (event->kind) {
	case EVENT_RESOLVED:
	case EVENT_CONNECTING:
	case EVENT_CONNECT_FAILED:
	case EVENT_CONNECTED:
	case EVENT_NOTE:
	case EVENT_TLS_KEYS:
	case EVENT_TLS_DONE:
		print_note(v, event);
		break;
	case EVENT_TLS_MESSAGE:
		print_message(v, event, level);
		break;
	case EVENT_TLS_RECORD:
		print_record(v, event, level);
		break;
	case EVENT_HTTP_REQUEST:
	case EVENT_HTTP_RESPONSE:
		end_line(v, fprintf(v->err, "%s HTTP head, %zu bytes", event->sent ? ">" : "<", event->data.n), event);
		break;
	case EVENT_HTTP_BODY:
		break;
	}
}
