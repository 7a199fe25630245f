/* The commands that answer from the loaded page: clean, extract, links, title. */
#include <stdlib.h>
#include <string.h>

#include "commands/html/page.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/table.h"

static void
put(struct call *call, const struct buf *text)
{
	fwrite(text->data != NULL ? (const char *)text->data : "", 1, text->len, call->out);
}

/* Puts the answer when it is whole; what: "listing the links". */
static int
answer(struct call *call, const struct work *work, const struct buf *text, const char *what)
{
	if (page_whole(work, text, what, call->error) != 0)
		return -1;
	put(call, text);
	return 0;
}

static struct page *
load(struct call *call, struct work *work)
{
	struct page *p = session_page(call->session, work, call->error);

	if (p != NULL && p->truncated)
		fprintf(call->err, "the page was read in part: %s\n", p->truncated_why);
	return p;
}

/* ---- clean ---- */

static int
run_clean(struct call *call)
{
	struct session *s = call->session;
	struct work work = session_work(s, 0);
	bool report = call_flag(call, "report");
	struct buf out, said;
	struct str bytes;
	int status;

	if (!session_has_page(s) || body_store_view(&session_last(s)->body, &bytes, call->error) != 0)
		return session_has_page(s) ? -1 : fail(call->error, ERROR_OTHER, 0, "no page is loaded");
	buf_init(&out, 8 * (size_t)PAGE_MAX_BYTES);
	buf_init(&said, PAGE_MAX_BYTES);
	status = page_clean(bytes, http_headers_get(&session_last(s)->response.headers, "Content-Type"), !call_flag(call, "flat"), &out,
	    &said, &work, call->error);
	if (status == 0)
		status = answer(call, &work, report ? &said : &out, "repairing the page");
	buf_release(&out);
	buf_release(&said);
	return status;
}

static const struct opt clean_options[] = { { "report", 'r', NULL, ARG_TEXT, "tidy's diagnostics instead of the page", NULL },
	{ "flat", 0, NULL, ARG_TEXT, "do not indent", NULL }, { NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
const struct command command_clean = { .name = "clean", .group = "page",
	.summary = "Print the page as libtidy repairs it.",
	.details = "--report lists what libtidy found instead: line, column, fault.",
	.example = "get https://ok.lab.test/messy\nclean | grep -c '<html'\n| 1\nclean --report | head -1\n",
	.opts = clean_options, .flags = CMD_PAGE, .run = run_clean };

/* ---- extract ---- */

static int
run_extract(struct call *call)
{
	struct session *s = call->session;
	struct work work = session_work(s, 0);
	struct page *p = load(call, &work);
	struct extract_options options = { .work = &work, .html = call_flag(call, "html"),
		.header = call_flag(call, "header"), .xpath = call_flag(call, "xpath"),
		.format = call_flag(call, "json") ? EXTRACT_JSON : call_flag(call, "csv") ? EXTRACT_CSV : EXTRACT_TSV };
	struct str *words = mem_alloc((call->n_args + 1) * sizeof(*words));
	const char *limit = call_value(call, "limit");
	uint64_t rows = 0;
	struct buf out;
	char *base;
	int n;

	if (p == NULL) {
		free(words);
		return -1;
	}
	if (limit != NULL && !str_to_u64(str_of(limit), UINT32_MAX, &rows)) {
		free(words);
		return fail(call->error, ERROR_USAGE, 0, "--limit takes a number, not %s", limit);
	}
	options.limit = (uint32_t)rows;
	for (size_t i = 0; i < call->n_args; i++)
		words[i] = str_of(call->args[i]);
	buf_init(&out, 4 * (size_t)PAGE_MAX_BYTES);
	base = url_shown(&session_last(s)->url, false);
	options.marks = call->arg_marks;
	options.base_url = call_flag(call, "raw") ? NULL : base;
	n = page_extract(p, words, call->n_args, &options, &out, call->error);
	if (n > 0 || (n == 0 && options.format == EXTRACT_JSON))
		put(call, &out);
	if (n == 0) {
		n = fail(call->error, ERROR_OTHER, 0, "nothing matches %s", call->args[0]);
		hint_why(call->error, "Tab behind extract shows the ids and classes there are", "show body");
	}
	buf_release(&out);
	free(base);
	free(words);
	return n < 0 ? -1 : 0;
}

static const struct opt extract_options[] = { { "csv", 'c', NULL, ARG_TEXT, "comma-separated (RFC 4180)", NULL },
	{ "json", 'j', NULL, ARG_TEXT, "an array of values, or of objects when columns are named", NULL },
	{ "header", 'H', NULL, ARG_TEXT, "the columns' names first", NULL },
	{ "html", 0, NULL, ARG_TEXT, "HTML instead of text", NULL },
	{ "xpath", 'x', NULL, ARG_TEXT, "the first word is an XPath 1.0 expression", NULL },
	{ "raw", 'r', NULL, ARG_TEXT, "do not resolve links against the page's URL", NULL },
	{ "limit", 'n', "N", ARG_NUMBER, "at most N rows", NULL }, { NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
static const struct arg extract_args[] = { { "SELECTOR", ARG_SELECTOR, 0, NULL },
	{ "COLUMN", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_extract = { .name = "extract", .alias = "x", .group = "page",
	.summary = "Print what a CSS selector matches: text, attributes, columns.",
	.details = "One line for each match. @attr prints an attribute instead of the text. name=SELECTOR, name=SELECTOR@attr and "
	    "name=@attr make columns inside each match, with tabs between; these = and @ are written, a "
	    "variable's are data. No match is a failure.",
	.example = "open https://ok.lab.test/\nget /login\nextract \"input[name=user]\" @type\n| text\n",
	.opts = extract_options, .args = extract_args, .flags = CMD_PAGE, .run = run_extract };

/* ---- links, title ---- */

static int
run_links(struct call *call)
{
	struct work work = session_work(call->session, 0);
	struct page *p = load(call, &work);
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
	status = answer(call, &work, &out, "listing the links");
	buf_release(&out);
	free(links);
	url_release(&base);
	url_release(&document);
	return status;
}

static const struct opt links_options[] = { { "all", 'a', NULL, ARG_TEXT, "also areas, frames, forms and <link>", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
const struct command command_links = { .name = "links", .group = "page",
	.summary = "List the page's links, resolved, with their text.",
	.details = "A line for each: the URL, a tab, the text.",
	.example = "get https://ok.lab.test/\nlinks | grep /login | head -1 | cut -f1\n| https://ok.lab.test/login\n",
	.opts = links_options, .flags = CMD_PAGE, .run = run_links };

static int
run_title(struct call *call)
{
	struct work work = session_work(call->session, 0);
	struct page *p = load(call, &work);
	struct buf out;
	int status;

	if (p == NULL)
		return -1;
	buf_init(&out, PAGE_MAX_BYTES);
	page_title(p, &work, &out);
	buf_add_char(&out, '\n');
	status = answer(call, &work, &out, "reading the title");
	buf_release(&out);
	return status;
}

const struct command command_title = { .name = "title", .group = "page", .summary = "Print the page's title.",
	.example = "get https://ok.lab.test/\ntitle\n| httpsh lab\n", .flags = CMD_PAGE, .run = run_title };
