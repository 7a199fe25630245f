/* `title`: the page's. */
#include "commands/page/answer.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
run_title(struct call *call)
{
	struct work work = session_work(call->session, 0);
	struct page *p = page_load(call, &work);
	struct buf out;
	int status;

	if (p == NULL)
		return -1;
	buf_init(&out, PAGE_MAX_BYTES);
	page_title(p, &work, &out);
	buf_add_char(&out, '\n');
	status = page_answer(call, &work, &out, "reading the title");
	buf_release(&out);
	return status;
}

const struct command command_title = {
	.name = "title",
	.group = "page",
	.summary = "Print the page's title.",
	.example = "get https://ok.lab.test/\ntitle\n| httpsh lab\n",
	.flags = CMD_PAGE | CMD_ANSWER,
	.run = run_title,
};
