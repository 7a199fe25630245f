/* Tokens to flat arrays, by way of libtidy in a box. */
#include <stdlib.h>

#include "commands/html/box.h"
#include "commands/html/drawing.h"
#include "commands/html/normal.h"
#include "commands/html/private.h"
#include "commands/html/tidydoc.h"
#include "commands/html/tree_tidy.h"

void
page_cut(struct page *p, const char *why)
{
	if (!p->truncated)
		p->truncated_why = str_dup(str_of(why));
	p->truncated = true;
}

static void
link_siblings(struct page *p)
{
	uint32_t *last = mem_try((p->n_nodes + 1) * sizeof(*last)), last_root = PAGE_NONE;

	if (last == NULL)
		return;
	for (uint32_t i = 0; i < p->n_nodes; i++)
		last[i] = PAGE_NONE;
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		struct page_node *n = &p->nodes[i];
		uint32_t *before = n->parent == PAGE_NONE ? &last_root : &last[n->parent];

		if (n->kind != PAGE_ELEMENT)
			continue;
		n->prev = *before;
		if (*before != PAGE_NONE)
			p->nodes[*before].next = i;
		else if (n->parent != PAGE_NONE)
			p->nodes[n->parent].first = i;
		*before = i;
	}
	free(last);
}

int
tree_build(struct page *p, struct work *work, struct error *error)
{
	struct box box = { .name = "libtidy", .run = tree_by_tidy };
	struct buf text, *drawing = &p->more->drawing;
	int status;

	buf_init(&text, 8 * (size_t)PAGE_MAX_BYTES);
	if (!normal_write(&p->more->tokens, &text))
		page_cut(p, "the page is nested too deeply");
	tidydoc_limits(&box, text.len);
	buf_init(drawing, box.output);
	status = box_run(&box, buf_str(&text), work, drawing, error);
	buf_release(&text);
	if (status == 0 && !drawing_read(p, buf_str(drawing)))
		status = fail(error, ERROR_OTHER, 0, "libtidy gave a tree of this page that is none");
	p->attrs = p->more->tokens.attrs;
	p->n_attrs = (uint32_t)p->more->tokens.n_attrs;
	link_siblings(p);
	return status;
}
