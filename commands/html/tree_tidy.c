/* In the box: the normalised stream to a drawing of the tree that libtidy builds of it. */
#include "commands/html/tree_tidy.h"

#include <string.h>

#include "commands/html/drawing.h"
#include "commands/html/normal.h"
#include "commands/html/tidydoc.h"

static const struct tidydoc_option options[] = {
	{ "force-output", "yes" },
	{ "char-encoding", "utf8" },
	{ "drop-empty-elements", "no" },
	{ "drop-empty-paras", "no" },
	{ "merge-divs", "no" },
	{ "merge-spans", "no" },
	{ "merge-emphasis", "no" },
	{ "fix-uri", "no" },
	{ "fix-backslash", "no" },
	{ "fix-style-tags", "no" },
	{ "anchor-as-name", "no" },
	{ "skip-nested", "no" },
	{ "coerce-endtags", "no" },
	{ "escape-scripts", "no" },
	{ "fix-bad-comments", "no" },
	{ "literal-attributes", "yes" },
	{ "keep-tabs", "yes" },
	{ "tidy-mark", "no" },
	{ "wrap", "0" },
	{ "quiet", "yes" },
	{ "new-blocklevel-tags", NORMAL_BLOCK },
	{ "new-inline-tags", NORMAL_INLINE },
};

static uint32_t
token_of(TidyNode node)
{
	for (TidyAttr a = tidyAttrFirst(node); a != NULL; a = tidyAttrNext(a)) {
		uint64_t n;

		if (strcmp(tidyAttrName(a), NORMAL_ATTRIBUTE) == 0 &&
		    str_to_u64(str_of(tidyAttrValue(a)), PAGE_NONE - 1, &n))
			return (uint32_t)n;
	}
	return PAGE_NONE;
}

static void
draw_text(TidyDoc doc, TidyNode node, struct buf *out)
{
	TidyBuffer value;

	tidydoc_buffer(&value);
	tidyNodeGetValue(doc, node, &value);
	if (value.size > 0)
		drawing_text(out, str_from(value.bp, value.size));
	tidyBufFree(&value);
}

static bool
is_element(TidyNode node)
{
	return tidyNodeGetType(node) == TidyNode_Start || tidyNodeGetType(node) == TidyNode_StartEnd;
}

/* Document order without recursion. */
static void
draw(TidyDoc doc, struct buf *out)
{
	TidyNode node = tidyGetChild(tidyGetRoot(doc)), next;
	uint32_t depth = 0;

	while (node != NULL && !out->full) {
		if (tidyNodeGetType(node) == TidyNode_Text)
			draw_text(doc, node, out);
		if (is_element(node)) {
			drawing_open(out, token_of(node), str_of(tidyNodeGetName(node)));
			depth++;
			next = tidyGetChild(node);
			if (next != NULL) {
				node = next;
				continue;
			}
			drawing_close(out);
			depth--;
		}
		for (next = tidyGetNext(node); next == NULL && depth > 0; next = tidyGetNext(node)) {
			node = tidyGetParent(node);
			drawing_close(out);
			depth--;
		}
		node = next;
	}
	drawing_end(out);
}

void
tree_by_tidy(struct str text, struct buf *out)
{
	TidyDoc doc = tidydoc_open(options, sizeof options / sizeof options[0]);

	tidydoc_parse(doc, text);
	draw(doc, out);
}
