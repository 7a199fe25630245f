/* What a page keeps behind its arrays. Private to commands/html. */
#ifndef COMMANDS_HTML_PRIVATE_H
#define COMMANDS_HTML_PRIVATE_H

#include "commands/html/page.h"
#include "commands/html/tokens.h"
#include "net/work.h"

struct page_private {
	struct buf source; /* UTF-8; the tokens' views point into it */
	struct tokens tokens;
	struct buf drawing; /* the tree as it came out of the box; text of nodes points into it */
	size_t cap_nodes;
};

/* tree.c: tokens to arrays through libtidy in a box; fails as box_run(). */
int tree_build(struct page *p, struct work *work, struct error *error);
void page_cut(struct page *p, const char *why); /* the page is truncated; the first reason stays */

bool text_is_utf8(struct str s); /* and without NUL (drawing.c) */

bool element_is(const struct page *p, uint32_t node, const char *name);

#endif
