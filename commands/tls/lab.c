/* `lab`: the teaching server inside the shell. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/causes.h"
#include "commands/session/connection.h"
#include "commands/session/lab.h"
#include "commands/show/view.h"
#include "commands/table.h"
#include "net/lab/lab.h"

enum { NAME_WIDTH = 22, HANG = NAME_WIDTH + 10, LINE_MAX_BYTES = 400 };

static int
run_start(struct call *call)
{
	if (session_lab(call->session) != NULL)
		return 0;
	if (session_lab_start(call->session, call->error) != 0)
		return -1;
	fprintf(call->err, "the lab runs on %s; names under %s lead to it, in this shell only (lab list)\n",
	    LAB_ADDRESS, LAB_DOMAIN);
	return 0;
}

static int
run_stop(struct call *call)
{
	connections_close_all(call->session);
	session_lab_stop(call->session);
	return 0;
}

/* A line of the list: behind the room's name, wrapped there on a narrow terminal. */
static void __attribute__((format(printf, 3, 4))) put_line(struct call *call, const char *host, const char *format, ...)
{
	char text[LINE_MAX_BYTES], *line;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	line = str_printf("%-*s %s", NAME_WIDTH, host, text);
	print_wrapped(call->out, str_of(line), 0, host[0] != '\0' ? NAME_WIDTH + 1 : HANG,
	    view_width(call->view, call->out));
	free(line);
}

/* The root cause by its id, and what cures it, or who must mend it. */
static void
put_cause(struct call *call, const struct lab_room *room)
{
	const struct cause *cause = cause_find(room->cause);
	char *cure;

	if (cause == NULL)
		return;
	cure = cause_cure_shown(cause, room->host);
	put_line(call, "", "  cause: %s", cause->id);
	if (cure != NULL)
		put_line(call, "", "  cure:  %s", cure);
	else if (cause->mend != NULL)
		put_line(call, "", "  mend:  %s", cause->mend);
	free(cure);
}

static int
run_list(struct call *call)
{
	struct lab *lab = session_lab(call->session);

	for (size_t i = 0; i < lab_room_count(); i++) {
		const struct lab_room *room = lab_room_at(i);

		put_line(call, room->host, "%s", room->summary);
		if (room->fault != NULL)
			put_line(call, "", "  fault: %s", room->fault);
		put_cause(call, room);
		if (lab != NULL) {
			struct lab_counts n = lab_room_counts(lab, room);

			if (n.connections > 0)
				put_line(call, "", "  %u connection%s, %u handshake%s, %u request%s", n.connections,
				    n.connections == 1 ? "" : "s", n.handshakes, n.handshakes == 1 ? "" : "s",
				    n.requests, n.requests == 1 ? "" : "s");
		}
	}
	if (lab == NULL)
		fprintf(call->err, "the lab is not started: lab start\n");
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct command start_command = {
	.name = "start",
	.summary = "Start the lab on loopback.",
	.args = no_args,
	.flags = CMD_STATE,
	.run = run_start,
};
static const struct command stop_command = {
	.name = "stop",
	.summary = "Stop it.",
	.args = no_args,
	.flags = CMD_STATE,
	.run = run_stop,
};
static const struct command list_command = {
	.name = "list",
	.alias = "status",
	.summary = "The rooms, their faults and what came.",
	.args = no_args,
	.run = run_list,
};
static const struct command *const lab_commands[] = { &start_command, &stop_command, &list_command, NULL };
const struct command command_lab = {
	.name = "lab",
	.group = "tls",
	.summary = "The embedded teaching server: one named fault for each host.",
	.details =
	    "Names under .lab.test lead to it, inside httpsh only. Its CA is made at the start and trusted for those "
	    "names only.",
	.example =
	    "lab start\nget https://ok.lab.test/\nexpect status 200\nexpect fail tls get https://rollback.lab.test/\n"
	    "tls proto tls1.0\nget https://rollback.lab.test/\necho ${tls.version}\n| tls1.0\ntls proto default\n"
	    "lab list | grep -c cure:\nlab stop\n",
	.args = no_args,
	.run = run_list,
	.subcommands = lab_commands,
};
