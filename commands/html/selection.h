/*
 * A selector asked of a page. What a simple selector says of one node is looked at there (selector_match.c); what
 * depends on other nodes (:nth-child(), :has(), :contains(), a chain of combinators) is worked out for the whole page
 * at once, as a set of nodes (selector_set.c), when it is first needed. A combinator is a step from a set to the next
 * one that looks at each node at most once, so that all of it costs the page's nodes and text times the selector's
 * parts, whatever either of them is.
 *
 *	struct selection *q = selection_new(selector, page, work);
 *	node = selection_first(q, row);
 *	selection_free(q);
 *
 * Private to commands/html.
 */
#ifndef COMMANDS_HTML_SELECTION_H
#define COMMANDS_HTML_SELECTION_H

#include "commands/html/selector.h"

/* Nodes of a page: a bit each. */
struct node_set {
	uint64_t *bits;
	uint32_t low, high;    /* words low .. high - 1 may have bits */
	struct node_set *next; /* of those that are free */
};

struct selection {
	const struct selector *selector;
	const struct page *p;
	struct work *work;
	uint32_t scope;                 /* :scope; PAGE_NONE: the root */
	struct node_set **sets;         /* by simple->number, 0: inside a disabled fieldset; NULL = not needed yet */
	const struct simple **made_for; /* of sets; NULL for 0 */
	struct node_set *spare;         /* all empty */
	uint32_t *names;                /* by node: the first node of the same name; NULL = not needed yet */
	bool asked;                     /* of a selector without :scope: found has all matches */
	uint32_t *found;
	size_t n_found;
};

struct selection *selection_new(const struct selector *s, const struct page *p, struct work *work);
void selection_free(struct selection *q);
/* The first match inside `root`, PAGE_NONE when there is none or the work ended. */
uint32_t selection_first(struct selection *q, uint32_t root);

/* ---- selector_match.c ---- */
bool compound_matches(struct selection *q, const struct compound *c, uint32_t node);
bool list_matches(struct selection *q, const struct simple *s, uint32_t node); /* s->inner */
bool lang_matches(struct str have, const char *ranges);
/* Where part begins in s, at or behind from; SIZE_MAX nowhere. */
size_t find_part(struct work *work, struct str s, struct str part, size_t from, bool nocase);

/* ---- selector_set.c ---- */
bool set_has(const struct node_set *set, uint32_t node);
const struct node_set *set_of(struct selection *q, const struct simple *s);
bool in_disabled_fieldset(struct selection *q, uint32_t node);

#endif
