/* `clean`: the page as libtidy repairs it. */
#include "commands/page/answer.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
run_clean(struct call *call)
{
	struct session *s = call->session;
	struct work work = session_work(s, 0);
	bool report = call_flag(call, "report");
	struct buf out, said;
	struct str bytes;
	int status;

	if (body_store_view(&session_last(s)->body, &bytes, call->error) != 0)
		return -1;
	buf_init(&out, 8 * (size_t)PAGE_MAX_BYTES);
	buf_init(&said, PAGE_MAX_BYTES);
	status = page_clean(bytes, http_headers_get(&session_last(s)->response.headers, "Content-Type"),
	    !call_flag(call, "flat"), &out, &said, &work, call->error);
	if (status == 0)
		status = page_answer(call, &work, report ? &said : &out, "repairing the page");
	buf_release(&out);
	buf_release(&said);
	return status;
}

static const struct opt clean_options[] = {
	{ "report", 'r', NULL, ARG_TEXT, "tidy's diagnostics instead of the page", NULL },
	{ "flat", 0, NULL, ARG_TEXT, "do not indent", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
const struct command command_clean = {
	.name = "clean",
	.group = "page",
	.summary = "Print the page as libtidy repairs it.",
	.details = "--report lists what libtidy found instead: line, column, fault.",
	.example = "get https://ok.lab.test/messy\nclean | grep -c '<html'\n| 1\nclean --report | head -1\n",
	.opts = clean_options,
	.flags = CMD_PAGE | CMD_ANSWER,
	.run = run_clean,
};
