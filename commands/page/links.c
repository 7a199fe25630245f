/* `links`: where the page's links lead. */
#include <stdlib.h>
#include <string.h>

#include "commands/page/answer.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
run_links(struct call *call)
{
	struct work work = session_work(call->session, 0);
	struct page *p = page_load(call, &work);
	struct url base, document, u;
	struct page_link *links;
	struct buf out;
	size_t n;
	int status;

	if (p == NULL)
		return -1;
	url_init(&base);
	url_init(&document);
	url_copy(&document, &session_last(call->session)->url);
	if (url_parse(&base, p->base_href, &document, NULL) != 0)
		url_copy(&base, &document);
	n = page_links(p, &work, &links);
	buf_init(&out, PAGE_MAX_BYTES);
	for (size_t i = 0; i < n && !out.full && work_spend(&work, 1 + links[i].href.n); i++) {
		char *text = NULL;

		if (strcmp(links[i].what, "a") != 0 && !call_flag(call, "all"))
			continue;
		url_init(&u);
		if (url_parse(&u, links[i].href, &base, NULL) == 0)
			text = url_shown(&u, true);
		url_release(&u);
		if (text != NULL)
			buf_add_str(&out, str_of(text));
		else
			buf_add_str(&out, links[i].href);
		free(text);
		buf_add_char(&out, '\t');
		page_text_line(p, links[i].node, &work, &out);
		buf_add_char(&out, '\n');
	}
	status = page_answer(call, &work, &out, "listing the links");
	buf_release(&out);
	free(links);
	url_release(&base);
	url_release(&document);
	return status;
}

static const struct opt links_options[] = {
	{ "all", 'a', NULL, ARG_TEXT, "also areas, frames, forms and <link>", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
const struct command command_links = {
	.name = "links",
	.group = "page",
	.summary = "List the page's links, resolved, with their text.",
	.details = "A line for each: the URL, a tab, the text.",
	.example = "get https://ok.lab.test/\nlinks | grep /login | head -1 | cut -f1\n| https://ok.lab.test/login\n",
	.opts = links_options,
	.flags = CMD_PAGE | CMD_ANSWER,
	.run = run_links,
};
