/* `header`: headers that go with every request. */
#include <stdlib.h>

#include "commands/session/headers.h"
#include "commands/table.h"
#include "net/http/http.h"
#include "net/quote.h"

static int
header_set(struct call *call)
{
	struct http_headers check = { NULL, 0 };
	const uint8_t *marks = call_marks(call, 0);
	struct str rest = str_of(call->args[0]),
		   name = marks_cut(&rest, &marks, ':'); /* also as an item or curl's -H has it */
	struct buf value;
	int status;

	if (call->n_args == 1 && rest.n == 0 && (rest.p == NULL || !mark_behind_empty(marks, 0))) {
		char *own = str_dup(name);

		fail(call->error, ERROR_USAGE, 0, "header set: VALUE is missing");
		hint_words(call->error, "to send it no more", "header", "unset", own, NULL);
		free(own);
		return -1;
	}
	buf_init(&value, HTTP_MAX_LINE);
	buf_add_str(&value, str_trim(rest));
	for (size_t i = 1; i < call->n_args; i++)
		buf_addf(&value, "%s%s", value.len > 0 ? " " : "", call->args[i]);
	status = http_headers_add(&check, name, buf_str(&value), call->error);
	http_headers_release(&check);
	if (status == 0)
		sticky_header_set(call->session, name, buf_str(&value));
	buf_wipe_release(&value);
	return status;
}

static int
header_unset(struct call *call)
{
	if (sticky_header_unset(call->session, call->args[0]))
		return 0;
	return fail(call->error, ERROR_OTHER, 0, "there is no sticky header %s", call->args[0]);
}

static int
header_list(struct call *call)
{
	const struct sticky_header *h;

	for (size_t i = 0; (h = sticky_header_at(call->session, i)) != NULL; i++) {
		fprintf(call->out, "%s: %s", h->name, h->value);
		if (h->origin != NULL)
			fprintf(call->out, "   (only to %s)", h->origin);
		fputc('\n', call->out);
	}
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct arg header_set_args[] = {
	{ "NAME", ARG_HEADER, 0, NULL },
	{ "VALUE", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT | ARG_SECRET_NAMED, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct arg header_unset_args[] = { { "NAME", ARG_HEADER, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct command header_set_command = {
	.name = "set",
	.summary = "Send this header with every request.",
	.args = header_set_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = header_set,
};
static const struct command header_unset_command = {
	.name = "unset",
	.summary = "Send it no more.",
	.args = header_unset_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = header_unset,
};
static const struct command header_list_command = {
	.name = "list",
	.summary = "List the sticky headers.",
	.args = no_args,
	.run = header_list,
};
static const struct command *const header_commands[] = { &header_list_command, &header_set_command,
	&header_unset_command, NULL };
const struct command command_header = {
	.name = "header",
	.group = "session",
	.summary = "Sticky headers: sent with every request.",
	.details =
	    "Host and what is a secret by its name (Authorization, Cookie, X-Api-Key, X-Access-Token ...) go only to "
	    "the origin that a request was sent to first after they were set; the list tells it. A redirect takes "
	    "neither them nor secrets given with the request to another origin.",
	.example =
	    "header set X-Team red\nheader list\n| X-Team: red\nget https://ok.lab.test/echo | grep -i ^x-team\n| "
	    "X-Team: red\n"
	    "header unset X-Team\n",
	.args = no_args,
	.run = header_list,
	.subcommands = header_commands,
};
