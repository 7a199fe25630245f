/* The arrays of a page are a tree in document order, and nothing in them points beside. */
#ifndef TESTS_FUZZ_HTML_CHECK_PAGE_H
#define TESTS_FUZZ_HTML_CHECK_PAGE_H

#include <stdlib.h>

#include "commands/html/page.h"

static inline void
check_node(const struct page *p, uint32_t i)
{
	const struct page_node *n = &p->nodes[i];

	if (n->end <= i || n->end > p->n_nodes ||
	    (n->parent != PAGE_NONE && (n->parent >= i || p->nodes[n->parent].end < n->end)))
		abort();
	if (n->n_attrs > 0 && (n->first_attr > p->n_attrs || p->n_attrs - n->first_attr < n->n_attrs))
		abort();
	if ((n->kind == PAGE_ELEMENT) != (n->name.n > 0))
		abort();
	if (n->first != PAGE_NONE && (p->nodes[n->first].parent != i || p->nodes[n->first].kind != PAGE_ELEMENT))
		abort();
	if (n->next != PAGE_NONE && (p->nodes[n->next].prev != i || p->nodes[n->next].parent != n->parent))
		abort();
	if (n->parent != PAGE_NONE && p->nodes[n->parent].kind != PAGE_ELEMENT)
		abort();
	for (struct str rest = n->text; rest.n > 0; rest = str_slice(rest, str_utf8(rest), rest.n))
		if (str_utf8(rest) == 0)
			abort();
}

static inline void
check_page(const struct page *p)
{
	if (p->n_nodes > PAGE_MAX_NODES || (p->truncated && p->truncated_why == NULL))
		abort();
	for (uint32_t i = 0; i < p->n_nodes; i++)
		check_node(p, i);
}

#endif
