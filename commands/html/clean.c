/* libtidy's own repair and its diagnostics, for the command `clean`: in a box. */
#include <string.h>

#include "commands/html/box.h"
#include "commands/html/encoding.h"
#include "commands/html/private.h"
#include "commands/html/tidydoc.h"

/* ---- in the box: the length of the report, the report, the page ---- */

static Bool TIDY_CALL
add_message(TidyMessage message)
{
	struct buf *out = tidyGetAppData(tidyGetMessageDoc(message));
	char shown[600];

	if (tidyGetMessageLevel(message) <= TidyError)
		buf_addf(out, "%d:%d: %s\n", tidyGetMessageLine(message), tidyGetMessageColumn(message),
		    str_printable(str_of(tidyGetMessage(message)), shown, sizeof shown));
	return no;
}

static void
clean(struct str text, struct buf *out, const char *indent)
{
	const struct tidydoc_option options[] = {
		{ "force-output", "yes" },
		{ "char-encoding", "utf8" },
		{ "tidy-mark", "no" },
		{ "wrap", "0" },
		{ "drop-empty-elements", "no" },
		{ "quiet", "yes" },
		{ "show-info", "yes" },
		{ "indent", indent },
	};
	TidyDoc doc = tidydoc_open(options, sizeof options / sizeof options[0]);
	TidyBuffer page;
	size_t n = 0;

	buf_add(out, &n, sizeof n);
	tidySetAppData(doc, out);
	tidySetMessageCallback(doc, add_message);
	tidydoc_parse(doc, text);
	tidyCleanAndRepair(doc);
	tidydoc_buffer(&page);
	tidySaveBuffer(doc, &page);
	n = out->len - sizeof n;
	memcpy(out->data, &n, sizeof n);
	buf_add(out, page.bp, page.size);
}

static void
clean_flat(struct str text, struct buf *out)
{
	clean(text, out, "no");
}

static void
clean_indented(struct str text, struct buf *out)
{
	clean(text, out, "auto");
}

/* ---- behind it ---- */

/* What the box gave; any bytes. */
static int
take(struct str given, struct buf *out, struct buf *report, struct error *error)
{
	size_t n;

	if (given.n < sizeof n)
		return fail(error, ERROR_OTHER, 0, "libtidy gave no page");
	memcpy(&n, given.p, sizeof n);
	given = str_slice(given, sizeof n, given.n);
	if (n > given.n)
		return fail(error, ERROR_OTHER, 0, "libtidy gave no page");
	if (report != NULL && buf_add_str(report, str_slice(given, 0, n)) != 0)
		return fail(error, ERROR_LIMIT, 0, "the diagnostics have more than %zu bytes", report->max);
	if (out != NULL && buf_add_str(out, str_slice(given, n, given.n)) != 0)
		return fail(error, ERROR_LIMIT, 0, "the repaired page has more than %zu bytes", out->max);
	return 0;
}

int
page_clean(struct str bytes, const char *content_type, bool indent, struct buf *out, struct buf *report,
    struct work *work, struct error *error)
{
	struct box box = { .name = "libtidy", .run = indent ? clean_indented : clean_flat };
	struct buf text, given;
	const char *encoding;
	int status;

	if (bytes.n > PAGE_MAX_BYTES)
		return fail(error, ERROR_LIMIT, 0, "a page of %zu bytes is larger than the limit of %d", bytes.n,
		    PAGE_MAX_BYTES);
	buf_init(&text, 4 * (size_t)PAGE_MAX_BYTES);
	page_decode(bytes, content_type, work, &text, &encoding);
	tidydoc_limits(&box, text.len);
	buf_init(&given, box.output);
	status = box_run(&box, buf_str(&text), work, &given, error);
	if (status == 0)
		status = take(buf_str(&given), out, report, error);
	buf_release(&given);
	buf_release(&text);
	return status;
}
