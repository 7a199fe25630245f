/* `lab`: the teaching server inside the shell, and where its names lead. */
#include "net/lab/lab.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands/session/lab.h"
#include "commands/session/state.h"
#include "commands/table.h"

enum { NAME_WIDTH = 22, HANG = NAME_WIDTH + 10, LINE_MAX_BYTES = 400 };

int
lab_override(struct session *s, const char *host, unsigned port, struct tcp_override *row, struct error *error)
{
	*row = (struct tcp_override){ NULL, 0, NULL, 0 };
	if (!lab_is_name(host))
		return 0;
	if (s->lab == NULL) {
		fail(error, ERROR_NETWORK, 0, "%s is a name of the lab, which is not started", host);
		return hint(error, "lab start");
	}
	if (lab_room_find(host) == NULL || port != 443) {
		fail(error, ERROR_NETWORK, 0, "the lab has no room %s on port %u", host, port);
		return hint_why(error, "the rooms are reached as https://NAME/", "lab list");
	}
	/* the row's fields are not const because settings own theirs */
	row->host = (char *)(uintptr_t)host;
	row->port = port;
	row->address = (char *)(uintptr_t)LAB_ADDRESS;
	row->to_port = lab_port(s->lab, host);
	return 0;
}

const struct x509_store *
lab_anchors(const struct session *s, const char *host)
{
	return s->lab != NULL && lab_is_name(host) ? s->lab_store : NULL;
}

void
lab_session_free(struct session *s)
{
	lab_stop(s->lab);
	s->lab = NULL;
	x509_store_free(s->lab_store);
	s->lab_store = NULL;
}

static int
run_start(struct call *call)
{
	struct session *s = call->session;

	if (s->lab != NULL)
		return 0;
	s->lab = lab_start(call->error);
	if (s->lab == NULL)
		return -1;
	s->lab_store = x509_store_new();
	if (x509_store_add_pem(s->lab_store, lab_ca_pem(s->lab), call->error) < 0) {
		lab_session_free(s);
		return -1;
	}
	fprintf(call->err, "the lab runs on %s; names under %s lead to it, in this shell only (lab list)\n", LAB_ADDRESS, LAB_DOMAIN);
	return 0;
}

static int
run_stop(struct call *call)
{
	connections_close_all(call->session);
	lab_session_free(call->session);
	return 0;
}

/* A line of the list: behind the room's name, wrapped there on a narrow terminal. */
static void __attribute__((format(printf, 3, 4)))
put_line(struct call *call, const char *host, const char *format, ...)
{
	char text[LINE_MAX_BYTES], *line;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	line = str_printf("%-*s %s", NAME_WIDTH, host, text);
	print_wrapped(call->out, str_of(line), 0, host[0] != '\0' ? NAME_WIDTH + 1 : HANG, print_width(call->session, call->out));
	free(line);
}

static int
run_list(struct call *call)
{
	struct session *s = call->session;

	for (size_t i = 0; i < lab_room_count(); i++) {
		const struct lab_room *room = lab_room_at(i);

		put_line(call, room->host, "%s", room->summary);
		if (room->fault != NULL)
			put_line(call, "", "  fault: %s", room->fault);
		if (room->cure != NULL)
			put_line(call, "", "  cure:  %s", room->cure);
		if (s->lab != NULL) {
			struct lab_counts n = lab_room_counts(s->lab, room);

			if (n.connections > 0)
				put_line(call, "", "  %u connection%s, %u handshake%s, %u request%s", n.connections,
				    n.connections == 1 ? "" : "s", n.handshakes, n.handshakes == 1 ? "" : "s", n.requests,
				    n.requests == 1 ? "" : "s");
		}
	}
	if (s->lab == NULL)
		fprintf(call->err, "the lab is not started: lab start\n");
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct command start_command = { .name = "start", .summary = "Start the lab on loopback.", .args = no_args,
	.flags = CMD_STATE, .run = run_start };
static const struct command stop_command = { .name = "stop", .summary = "Stop it.", .args = no_args,
	.flags = CMD_STATE, .run = run_stop };
static const struct command list_command = { .name = "list", .alias = "status", .summary = "The rooms, their faults and what came.",
	.args = no_args, .run = run_list };
static const struct command *const lab_commands[] = { &start_command, &stop_command, &list_command, NULL };
const struct command command_lab = { .name = "lab", .group = "tls",
	.summary = "The embedded teaching server: one named fault for each host.",
	.details = "Names under .lab.test lead to it, inside httpsh only. Its CA is made at the start and trusted for those names only.",
	.example = "lab start\nget https://ok.lab.test/\nexpect status 200\nexpect fail tls get https://rollback.lab.test/\n"
	    "tls proto tls1.0\nget https://rollback.lab.test/\necho ${tls.version}\n| tls1.0\ntls proto default\n"
	    "lab list | grep -c cure:\nlab stop\n",
	.args = no_args, .run = run_list, .subcommands = lab_commands };
