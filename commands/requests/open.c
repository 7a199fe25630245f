/* `open`: the base of relative URLs. */
#include <stdlib.h>

#include "commands/requests/request.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
run_open(struct call *call)
{
	struct session *s = call->session;
	struct url url;
	char *text;
	int status;

	if (call->n_args == 0) {
		if (session_base(s) == NULL)
			return fail(call->error, ERROR_OTHER, 0, "no base URL is set"),
			       remark(call->error, "\"open URL\" sets one");
		text = url_shown(session_base(s), true);
		fprintf(call->out, "%s\n", text);
		free(text);
		return 0;
	}
	url_init(&url);
	status = request_url(call, call->args[0], &url);
	if (status == 0) {
		session_set_base(s, &url);
		session_visit(s, &url);
	}
	url_release(&url);
	return status;
}

static const struct arg open_args[] = { { "URL", ARG_URL, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_open = {
	.name = "open",
	.alias = "cd",
	.group = "requests",
	.summary = "Set the base URL of relative references; nothing is fetched.",
	.details =
	    "Every answer sets it too. Without a URL it is printed. User and password in it "
	    "(https://USER:PASSWORD@HOST/) go to that origin as long as it is the base; they are never shown or saved.",
	.example =
	    "open https://ok.lab.test/results?page=2\nopen\n| https://ok.lab.test/results?page=2\nopen ../login\nopen\n"
	    "| https://ok.lab.test/login\n",
	.args = open_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = run_open,
};
