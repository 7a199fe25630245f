/* What a page keeps behind its arrays. Private to commands/html. */
#ifndef COMMANDS_HTML_PRIVATE_H
#define COMMANDS_HTML_PRIVATE_H

#include "commands/html/page.h"
#include "commands/html/tokens.h"

struct page_private {
	struct buf source;          /* UTF-8; the tokens' views point into it */
	struct tokens tokens;
	struct tokens kept;         /* text of nodes */
	uint32_t cap_nodes, cap_attrs;
};

/* tree.c: tokens to arrays through tidy; -1 when the work ends. */
int tree_build(struct page *p, struct work *work, struct error *error);

bool element_is(const struct page *p, uint32_t node, const char *name);

#endif
