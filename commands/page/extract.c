/* `extract`: what a selector matches, in rows and columns. */
#include <stdlib.h>

#include "commands/page/answer.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/table.h"

static int
fail_nothing(struct call *call)
{
	struct buf what;

	buf_init(&what, ERROR_TEXT_MAX);
	for (size_t i = 0; i < call->n_args; i++)
		buf_addf(&what, " %s", call->args[i]);
	fail(call->error, ERROR_OTHER, 0, "nothing matches%.*s", STR_ARG(buf_str(&what)));
	buf_release(&what);
	return hint_why(call->error, "Tab behind extract shows the ids and classes there are", "show body");
}

static struct extract_options
options_of(const struct call *call, struct work *work)
{
	const char *limit = call_value(call, "limit");
	uint64_t rows = 0;

	if (limit != NULL && (!str_to_u64(str_of(limit), UINT32_MAX, &rows) || rows == 0))
		rows = UINT32_MAX;
	return (struct extract_options){
		.work = work,
		.html = call_flag(call, "html"),
		.header = call_flag(call, "header"),
		.xpath = call_flag(call, "xpath"),
		.exact = call->captured,
		.format = call_flag(call, "json") ? EXTRACT_JSON :
		    call_flag(call, "csv")        ? EXTRACT_CSV :
						    EXTRACT_TSV,
		.limit = (uint32_t)rows,
		.marks = call->arg_marks,
	};
}

static int
run_extract(struct call *call)
{
	struct session *s = call->session;
	struct work work = session_work(s, 0);
	struct page *p = page_load(call, &work);
	struct extract_options options = options_of(call, &work);
	struct str *words;
	struct buf out;
	char *base;
	int n;

	if (p == NULL)
		return -1;
	words = mem_alloc((call->n_args + 1) * sizeof *words);
	for (size_t i = 0; i < call->n_args; i++)
		words[i] = str_of(call->args[i]);
	buf_init(&out, 4 * (size_t)PAGE_MAX_BYTES);
	base = url_shown(&session_last(s)->url, false);
	options.base_url = call_flag(call, "raw") ? NULL : base;
	n = page_extract(p, words, call->n_args, &options, &out, call->error);
	if (n > 0 || (n == 0 && options.format == EXTRACT_JSON))
		page_put(call, &out);
	if (n == 0)
		n = fail_nothing(call);
	buf_release(&out);
	free(base);
	free(words);
	return n < 0 ? -1 : 0;
}

/* The selectors, as far as they are known. */
static int
check_extract(struct call *call)
{
	struct extract_options options = options_of(call, NULL);
	struct str *words;
	const uint8_t **marks;
	size_t n = 1;
	int status;

	if (!call->checking)
		return 0;
	words = mem_alloc((call->n_args + 1) * sizeof *words);
	marks = mem_alloc((call->n_args + 1) * sizeof *marks);
	words[0] = call_known(call, 0) ? str_of(call->args[0]) : STR("*");
	for (size_t i = 1; i < call->n_args; i++)
		if (call_known(call, i)) {
			marks[n] = call_marks(call, i);
			words[n++] = str_of(call->args[i]);
		}
	options.marks = marks;
	status = page_extract_check(words, n, &options, call->error);
	free(words);
	free(marks);
	return status;
}

static const struct opt extract_options[] = {
	{ "csv", 'c', NULL, ARG_TEXT, "comma-separated (RFC 4180)", NULL },
	{ "json", 'j', NULL, ARG_TEXT, "an array of values, or of objects when columns are named", NULL },
	{ "header", 'H', NULL, ARG_TEXT, "the columns' names first", NULL },
	{ "html", 0, NULL, ARG_TEXT, "HTML instead of text", NULL },
	{ "xpath", 'x', NULL, ARG_TEXT, "the first word is an XPath 1.0 expression", NULL },
	{ "raw", 'r', NULL, ARG_TEXT, "do not resolve links against the page's URL", NULL },
	{ "limit", 'n', "N", ARG_NUMBER, "at most N rows", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg extract_args[] = {
	{ "SELECTOR", ARG_SELECTOR, 0, NULL },
	{ "COLUMN", ARG_TEXT, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
const struct command command_extract = {
	.name = "extract",
	.alias = "x",
	.group = "page",
	.summary = "Print what a CSS selector matches: text, attributes, columns.",
	.details =
	    "One line for each match. @attr prints an attribute instead of the text. name=SELECTOR, "
	    "name=SELECTOR@attr and name=@attr make columns inside each match, with tabs between; these = and @ are "
	    "written, a variable's are data. No match is a failure, and so is an attribute that none of them has. A "
	    "page that was read in part only fails, too (set partial on).",
	.example = "open https://ok.lab.test/\nget /login\nextract \"input[name=user]\" @type\n| text\n",
	.opts = extract_options,
	.args = extract_args,
	.flags = CMD_PAGE | CMD_ANSWER,
	.check = check_extract,
	.run = run_extract,
};
