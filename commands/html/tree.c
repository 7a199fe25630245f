/* Tokens to flat arrays, by way of libtidy in a box. */
#include "commands/html/box.h"
#include "commands/html/drawing.h"
#include "commands/html/normal.h"
#include "commands/html/private.h"
#include "commands/html/tidydoc.h"
#include "commands/html/tree_tidy.h"

int
tree_build(struct page *p, struct work *work, struct error *error)
{
	struct box box = { .name = "libtidy", .run = tree_by_tidy };
	struct buf text, *drawing = &p->more->drawing;
	int status;

	buf_init(&text, 8 * (size_t)PAGE_MAX_BYTES);
	if (!normal_write(&p->more->tokens, work, &text))
		page_cut(p, "the page is nested too deeply");
	tidydoc_limits(&box, text.len);
	buf_init(drawing, box.output);
	status = box_run(&box, buf_str(&text), work, drawing, error);
	buf_release(&text);
	if (status != 0)
		return -1;
	if (!drawing_read(p, buf_str(drawing), work))
		return fail(error, ERROR_OTHER, 0, "libtidy gave a tree of this page that is none");
	return work != NULL && work->ended != WORK_GOES_ON ? work_fail(work, error, "reading the page") : 0;
}
