/* Answers from the loaded page. */
#include "commands/page/answer.h"

#include "commands/session/session.h"
#include "commands/settings/values.h"

struct page *
page_load(struct call *call, struct work *work)
{
	struct page *p = session_page(call->session, work, call->error);

	if (p == NULL || !p->truncated || session_settings(call->session)->set.partial)
		return p;
	fail(call->error, ERROR_LIMIT, 0, "the page was read in part: %s", p->truncated_why);
	hint_why(call->error, "to take the part for the whole", "set partial on");
	return NULL;
}

void
page_put(struct call *call, const struct buf *text)
{
	fwrite(text->data != NULL ? (const char *)text->data : "", 1, text->len, call->out);
}

int
page_answer(struct call *call, const struct work *work, const struct buf *text, const char *what)
{
	if (page_whole(work, text, what, call->error) != 0)
		return -1;
	page_put(call, text);
	return 0;
}
