/* `count`: how many matches a selector has. */
#include "commands/page/answer.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
run_count(struct call *call)
{
	struct work work = session_work(call->session, 0);
	struct page *p = page_load(call, &work);
	int n;

	if (p == NULL)
		return -1;
	n = page_count(p, str_of(call->args[0]), call_flag(call, "xpath"), &work, call->error);
	if (n < 0)
		return -1;
	fprintf(call->out, "%d\n", n);
	return 0;
}

static int
check_count(struct call *call)
{
	if (!call->checking || !call_known(call, 0))
		return 0;
	return page_count(NULL, str_of(call->args[0]), call_flag(call, "xpath"), NULL, call->error) < 0 ? -1 : 0;
}

static const struct opt count_options[] = {
	{ "xpath", 'x', NULL, ARG_TEXT, "the word is an XPath 1.0 expression", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg count_args[] = { { "SELECTOR", ARG_SELECTOR, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_count = {
	.name = "count",
	.group = "page",
	.summary = "Print how many matches a CSS selector has.",
	.details = "None is an answer, too: 0. expect count SELECTOR OP N judges it.",
	.example = "get https://ok.lab.test/login\ncount input\n| 3\nexpect count .missing == 0\n",
	.opts = count_options,
	.args = count_args,
	.flags = CMD_PAGE | CMD_ANSWER,
	.check = check_count,
	.run = run_count,
};
