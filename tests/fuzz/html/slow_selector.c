/* Selectors by their definition: the slow answer that the fast one is compared with. */
#include "tests/fuzz/html/slow_selector.h"

#include <stdlib.h>
#include <string.h>

static bool compound_holds(struct slow *q, const struct compound *c, uint32_t node);

static bool
step(struct slow *q)
{
	if (q->left > 0)
		q->left--;
	return q->left > 0;
}

static bool
is_element(const struct slow *q, uint32_t node)
{
	return q->p->nodes[node].kind == PAGE_ELEMENT;
}

static uint32_t
parent_of(const struct slow *q, uint32_t node)
{
	return q->p->nodes[node].parent;
}

static bool
inside(const struct slow *q, uint32_t node, uint32_t root)
{
	return node > root && node < q->p->nodes[root].end;
}

/* Elements between two siblings, left < right; -1 when they are none. */
static int
distance(const struct slow *q, uint32_t left, uint32_t right)
{
	int n = 0;

	if (left >= right || parent_of(q, left) != parent_of(q, right))
		return -1;
	for (uint32_t i = left + 1; i < right; i++)
		n += is_element(q, i) && parent_of(q, i) == parent_of(q, left);
	return n;
}

static bool
related(const struct slow *q, uint32_t left, char combinator, uint32_t right)
{
	switch (combinator) {
	case '>':
		return parent_of(q, right) == left;
	case '+':
		return distance(q, left, right) == 0;
	case '~':
		return distance(q, left, right) >= 0;
	default:
		return inside(q, right, left);
	}
}

/* anchor: of a relative selector, else PAGE_NONE. */
static bool
complex_holds(struct slow *q, const struct complex *x, size_t at, uint32_t node, uint32_t anchor)
{
	if (!step(q) || !compound_holds(q, &x->items[at], node))
		return false;
	if (at == 0)
		return anchor == PAGE_NONE || related(q, anchor, x->leading, node);
	for (uint32_t i = 0; i < q->p->n_nodes && step(q); i++)
		if (is_element(q, i) && related(q, i, x->items[at].combinator, node) &&
		    complex_holds(q, x, at - 1, i, anchor))
			return true;
	return false;
}

static bool
has_holds(struct slow *q, const struct selector *s, uint32_t node)
{
	for (size_t i = 0; i < s->n; i++)
		for (uint32_t k = 0; k < q->p->n_nodes && step(q); k++)
			if (is_element(q, k) && complex_holds(q, &s->items[i], s->items[i].n - 1, k, node))
				return true;
	return false;
}

static bool
nth_holds(struct slow *q, const struct simple *s, uint32_t node)
{
	int64_t position = 0, n;

	if (s->inner != NULL && !slow_matches(q, s->inner, node))
		return false;
	for (uint32_t i = 0; i < q->p->n_nodes && step(q); i++)
		if (is_element(q, i) && parent_of(q, i) == parent_of(q, node) && (s->last ? i >= node : i <= node) &&
		    (s->inner == NULL || slow_matches(q, s->inner, i)) &&
		    (!s->of_type || str_eq_nocase(q->p->nodes[i].name, q->p->nodes[node].name)))
			position++;
	for (n = 0; n <= q->p->n_nodes; n++)
		if (s->a * n + s->b == position)
			return true;
	return false;
}

static bool
contains_holds(struct slow *q, const struct simple *s, uint32_t node)
{
	struct str rest = str_of(s->value);
	struct buf text;
	bool found = false;

	buf_init(&text, 0);
	for (uint32_t i = node; i < q->p->nodes[node].end; i++)
		if (q->p->nodes[i].kind == PAGE_TEXT && (s->kind == SIMPLE_CONTAINS || parent_of(q, i) == node))
			buf_add_str(&text, q->p->nodes[i].text);
	while (!found && rest.p != NULL)
		found = str_find(buf_str(&text), str_cut(&rest, '\n')) >= 0;
	buf_release(&text);
	return found;
}

/* What says something of the node alone is asked of it alone. */
static bool
leaf_holds(struct slow *q, const struct simple *s, uint32_t node)
{
	struct simple copy = *s;
	struct compound c = { .items = &copy, .n = 1 };
	struct complex x = { .items = &c, .n = 1 };
	struct selector alone = { .items = &x, .n = 1, .parts = 1 };
	uint32_t *nodes;
	size_t n;
	bool found = false;

	copy.number = 1;
	n = selector_select(&alone, q->p, PAGE_NONE, NULL, &nodes);
	for (size_t i = 0; i < n; i++)
		found = found || nodes[i] == node;
	free(nodes);
	return found;
}

static bool
compound_holds(struct slow *q, const struct compound *c, uint32_t node)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct simple *s = &c->items[i];
		bool holds;

		switch (s->kind) {
		case SIMPLE_ANY:
			holds = true;
			break;
		case SIMPLE_TYPE:
			holds = str_is_nocase(q->p->nodes[node].name, s->name);
			break;
		case SIMPLE_IS:
			holds = slow_matches(q, s->inner, node);
			break;
		case SIMPLE_NOT:
			holds = !slow_matches(q, s->inner, node);
			break;
		case SIMPLE_HAS:
			holds = has_holds(q, s->inner, node);
			break;
		case SIMPLE_NTH:
			holds = nth_holds(q, s, node);
			break;
		case SIMPLE_SCOPE:
			holds = q->scope != PAGE_NONE ? node == q->scope : leaf_holds(q, s, node);
			break;
		case SIMPLE_CONTAINS:
		case SIMPLE_CONTAINS_OWN:
			holds = contains_holds(q, s, node);
			break;
		default:
			holds = leaf_holds(q, s, node);
			break;
		}
		if (!step(q) || !holds)
			return false;
	}
	return true;
}

bool
slow_matches(struct slow *q, const struct selector *s, uint32_t node)
{
	for (size_t i = 0; i < s->n && step(q); i++)
		if (complex_holds(q, &s->items[i], s->items[i].n - 1, node, PAGE_NONE))
			return true;
	return false;
}
