/* tidy's own repair and its diagnostics, for the command `clean`. The other file that knows tidy's header. */
#include <stdlib.h>
#include <string.h>

#include <tidy/tidy.h>
#include <tidy/tidybuffio.h>

#include "commands/html/encoding.h"
#include "commands/html/guard.h"
#include "commands/html/page.h"

struct cleaner {
	TidyAllocator tidy;
	struct guard guard;
	const uint8_t *p;
	size_t at, n;
	TidyBuffer printed;
	struct buf *report;
};

static void *TIDY_CALL
clean_alloc(TidyAllocator *a, size_t n)
{
	return guard_alloc(&((struct cleaner *)(void *)a)->guard, n);
}

static void *TIDY_CALL
clean_realloc(TidyAllocator *a, void *p, size_t n)
{
	return guard_realloc(&((struct cleaner *)(void *)a)->guard, p, n);
}

static void TIDY_CALL
clean_free(TidyAllocator *a, void *p)
{
	(void)a;
	(void)p;
}

static void TIDY_CALL
clean_panic(TidyAllocator *a, ctmbstr message)
{
	struct cleaner *c = (struct cleaner *)(void *)a;

	(void)message;
	c->guard.why = "tidy gave up";
	longjmp(c->guard.out, 1);
}

static int TIDY_CALL
clean_byte(void *context)
{
	struct cleaner *c = context;
	char here = 0;

	if (c->at >= c->n || guard_stop(&c->guard, &here))
		return (int)EndOfStream;
	return c->p[c->at++];
}

static void TIDY_CALL
clean_unget(void *context, byte b)
{
	struct cleaner *c = context;

	(void)b;
	if (c->at > 0)
		c->at--;
}

static Bool TIDY_CALL
clean_eof(void *context)
{
	struct cleaner *c = context;

	return c->at >= c->n || c->guard.why != NULL ? yes : no;
}

static Bool TIDY_CALL
clean_message(TidyMessage message)
{
	TidyDoc doc = tidyGetMessageDoc(message);
	struct cleaner *c = tidyGetAppData(doc);
	char shown[600];

	if (c->report != NULL && tidyGetMessageLevel(message) <= TidyError)
		buf_addf(c->report, "%d:%d: %s\n", tidyGetMessageLine(message), tidyGetMessageColumn(message),
		    str_printable(str_of(tidyGetMessage(message)), shown, sizeof(shown)));
	return no;
}

static void
run(struct cleaner *c, bool indent)
{
	static const char *const options[][2] = { { "force-output", "yes" }, { "char-encoding", "utf8" }, { "tidy-mark", "no" },
		{ "wrap", "0" }, { "drop-empty-elements", "no" }, { "quiet", "yes" }, { "show-info", "yes" } };
	TidyInputSource in = { c, clean_byte, clean_unget, clean_eof };
	TidyDoc doc;

	if (setjmp(c->guard.out) != 0)
		return;
	doc = tidyCreateWithAllocator(&c->tidy);
	tidySetAppData(doc, c);
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		tidyOptParseValue(doc, options[i][0], options[i][1]);
	tidyOptParseValue(doc, "indent", indent ? "auto" : "no");
	tidySetMessageCallback(doc, clean_message);
	tidyParseSource(doc, &in);
	tidyCleanAndRepair(doc);
	tidyBufInitWithAllocator(&c->printed, &c->tidy);
	tidySaveBuffer(doc, &c->printed);
}

int
page_clean(struct str bytes, const char *content_type, bool indent, struct buf *out, struct buf *report,
    struct work *work, struct error *error)
{
	static const TidyAllocatorVtbl vtable = { clean_alloc, clean_realloc, clean_free, clean_panic };
	struct cleaner *c;
	struct buf text;
	const char *encoding;
	int status = 0;
	char base;

	if (bytes.n > PAGE_MAX_BYTES)
		return fail(error, ERROR_LIMIT, 0, "a page of %zu bytes is larger than the limit of %d", bytes.n, PAGE_MAX_BYTES);
	buf_init(&text, 4 * (size_t)PAGE_MAX_BYTES);
	page_decode(bytes, content_type, work, &text, &encoding);
	c = mem_alloc(sizeof(*c));
	c->tidy.vtbl = &vtable;
	c->p = text.data;
	c->n = text.len;
	c->report = report;
	guard_start(&c->guard, text.len, &base);
	run(c, indent);
	if (work != NULL && !work_look(work))
		status = work_fail(work, error, "repairing the page");
	else if (c->guard.why != NULL)
		status = fail(error, ERROR_LIMIT, 0, "the page cannot be repaired: %s", c->guard.why);
	else if (out != NULL)
		buf_add(out, c->printed.bp, c->printed.size);
	guard_end(&c->guard);
	free(c);
	buf_release(&text);
	return status;
}
