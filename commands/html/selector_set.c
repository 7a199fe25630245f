/* Sets of nodes: what a selector says of a page as a whole. */
#include <stdlib.h>
#include <string.h>

#include "commands/html/private.h"
#include "commands/html/selection.h"

enum { WORD = 64 };

/* ---- sets ---- */

static struct node_set *
set_new(struct selection *q)
{
	struct node_set *set = q->spare;
	size_t words = (size_t)q->p->n_nodes / WORD + 1;

	if (set != NULL) {
		q->spare = set->next;
		return set;
	}
	work_spend(q->work, words / 8);
	set = mem_alloc(sizeof *set);
	set->bits = mem_alloc(words * sizeof *set->bits);
	return set;
}

static void
set_drop(struct selection *q, struct node_set *set)
{
	if (set->high > set->low)
		memset(set->bits + set->low, 0, (set->high - set->low) * sizeof *set->bits);
	set->low = set->high = 0;
	set->next = q->spare;
	q->spare = set;
}

static void
set_free(struct node_set *set)
{
	if (set != NULL)
		free(set->bits);
	free(set);
}

bool
set_has(const struct node_set *set, uint32_t node)
{
	return (set->bits[node / WORD] >> node % WORD & 1) != 0;
}

static void
set_add(struct node_set *set, uint32_t node)
{
	uint32_t word = node / WORD;

	if (set->low == set->high)
		set->low = word;
	if (word < set->low)
		set->low = word;
	if (word >= set->high)
		set->high = word + 1;
	set->bits[word] |= (uint64_t)1 << node % WORD;
}

/* The first one at or behind `from`, PAGE_NONE behind the last. */
static uint32_t
set_next(const struct node_set *set, uint32_t from)
{
	uint32_t word = from / WORD;
	uint64_t bits;

	if (word < set->low)
		from = (word = set->low) * WORD;
	if (word >= set->high)
		return PAGE_NONE;
	bits = set->bits[word] >> from % WORD << from % WORD;
	while (bits == 0 && ++word < set->high)
		bits = set->bits[word];
	return bits != 0 ? word * WORD + (uint32_t)__builtin_ctzll(bits) : PAGE_NONE;
}

static void
set_unite(struct node_set *set, const struct node_set *more)
{
	for (uint32_t i = set_next(more, 0); i != PAGE_NONE; i = set_next(more, i + 1))
		set_add(set, i);
}

/* ---- combinators ---- */

static void
try_node(struct selection *q, const struct compound *c, uint32_t node, struct node_set *found)
{
	if (node != PAGE_NONE && q->p->nodes[node].kind == PAGE_ELEMENT && compound_matches(q, c, node))
		set_add(found, node);
}

static struct node_set *
all_matching(struct selection *q, const struct compound *c)
{
	struct node_set *found = set_new(q);

	for (size_t i = 0; i < c->n; i++)
		if (c->items[i].kind == SIMPLE_SCOPE && q->scope != PAGE_NONE) {
			try_node(q, c, q->scope, found);
			return found;
		}
	for (uint32_t i = 0; i < q->p->n_nodes && work_spend(q->work, 1); i++)
		try_node(q, c, i, found);
	return found;
}

/* Those that match the compound and have one of `from` to their left, as its combinator wants it. Takes `from`. */
static struct node_set *
step(struct selection *q, struct node_set *from, const struct compound *c)
{
	const struct page_node *nodes = q->p->nodes;
	struct node_set *found = set_new(q);
	uint32_t done = 0, k;

	for (uint32_t i = set_next(from, 0); i != PAGE_NONE && work_spend(q->work, 1); i = set_next(from, i + 1)) {
		if (c->combinator == '+') {
			try_node(q, c, nodes[i].next, found);
		} else if (c->combinator == '~') {
			/* up to the next of them, which goes on by itself */
			for (k = i;
			     nodes[k].next != PAGE_NONE && (k == i || !set_has(from, k)) && work_spend(q->work, 1);) {
				k = nodes[k].next;
				try_node(q, c, k, found);
			}
		} else if (c->combinator == '>') {
			for (k = nodes[i].first; k != PAGE_NONE && work_spend(q->work, 1); k = nodes[k].next)
				try_node(q, c, k, found);
		} else {
			for (k = i + 1 > done ? i + 1 : done; k < nodes[i].end && work_spend(q->work, 1); k++)
				try_node(q, c, k, found);
			done = nodes[i].end > done ? nodes[i].end : done;
		}
	}
	set_drop(q, from);
	return found;
}

/* The other way: those that match the compound (NULL: all) and have one of `from` to their right. Takes `from`. */
static struct node_set *
step_back(struct selection *q, struct node_set *from, char combinator, const struct compound *c)
{
	const struct page_node *nodes = q->p->nodes;
	struct node_set *found = set_new(q), *seen = set_new(q);
	bool sibling = combinator == '+' || combinator == '~', one = combinator == '>' || combinator == '+';

	for (uint32_t i = set_next(from, 0); i != PAGE_NONE && work_spend(q->work, 1); i = set_next(from, i + 1)) {
		uint32_t k = sibling ? nodes[i].prev : nodes[i].parent;

		while (k != PAGE_NONE && !set_has(seen, k) && work_spend(q->work, 1)) {
			set_add(seen, k);
			if (c == NULL)
				set_add(found, k);
			else
				try_node(q, c, k, found);
			k = one ? PAGE_NONE : sibling ? nodes[k].prev : nodes[k].parent;
		}
	}
	set_drop(q, seen);
	set_drop(q, from);
	return found;
}

/* ---- chains ---- */

static struct node_set *
list_set(struct selection *q, const struct selector *s)
{
	struct node_set *all = set_new(q);

	for (size_t i = 0; i < s->n; i++) {
		const struct complex *x = &s->items[i];
		struct node_set *found = all_matching(q, &x->items[0]);

		for (size_t k = 1; k < x->n; k++)
			found = step(q, found, &x->items[k]);
		set_unite(all, found);
		set_drop(q, found);
	}
	return all;
}

/* Nodes from which each chain of the relative selectors leads on. */
static struct node_set *
has_set(struct selection *q, const struct selector *s)
{
	struct node_set *all = set_new(q);

	for (size_t i = 0; i < s->n; i++) {
		const struct complex *x = &s->items[i];
		struct node_set *found = all_matching(q, &x->items[x->n - 1]);

		for (size_t k = x->n - 1; k > 0; k--)
			found = step_back(q, found, x->items[k].combinator, &x->items[k - 1]);
		found = step_back(q, found, x->leading, NULL);
		set_unite(all, found);
		set_drop(q, found);
	}
	return all;
}

/* ---- :nth-child() and its kin ---- */

static bool
nth_holds(const struct simple *s, uint32_t position)
{
	int64_t steps = (int64_t)position - s->b;

	return s->a == 0 ? steps == 0 : steps % s->a == 0 && steps / s->a >= 0;
}

static uint64_t
hash_of(struct str s, uint64_t seed)
{
	for (size_t i = 0; i < s.n; i++)
		seed = (seed ^ (uint8_t)ascii_lower(s.p[i])) * 0x100000001B3u;
	return seed ^ seed >> 29;
}

/* Which names are the same: a table of nodes by the hash of their name. */
static void
number_names(struct selection *q)
{
	const struct page *p = q->p;
	size_t size = 64;
	uint32_t *table;

	while (size < 2 * (size_t)p->n_nodes)
		size *= 2;
	table = mem_alloc(size * sizeof *table);
	memset(table, 0xFF, size * sizeof *table);
	q->names = mem_alloc(((size_t)p->n_nodes + 1) * sizeof *q->names);
	for (uint32_t i = 0; i < p->n_nodes && work_spend(q->work, 2 + p->nodes[i].name.n / 4); i++) {
		/* where the heap lies is what a page cannot know */
		size_t at = hash_of(p->nodes[i].name, (uint64_t)(uintptr_t)table >> 4) & (size - 1);

		while (table[at] != PAGE_NONE && !str_eq_nocase(p->nodes[table[at]].name, p->nodes[i].name) &&
		    work_spend(q->work, 1))
			at = (at + 1) & (size - 1);
		if (table[at] == PAGE_NONE)
			table[at] = i;
		q->names[i] = table[at];
	}
	free(table);
}

/* Siblings counted from `node` on, of them those in `of` (NULL: all); counts: by name, all 0, and again in the end. */
static void
count_siblings(struct selection *q, const struct simple *s, uint32_t node, const struct node_set *of, uint32_t *counts,
    struct node_set *found)
{
	const struct page_node *nodes = q->p->nodes;
	uint32_t all = 0;

	while (s->last && nodes[node].next != PAGE_NONE && work_spend(q->work, 1))
		node = nodes[node].next;
	for (uint32_t i = node; i != PAGE_NONE && work_spend(q->work, 1); i = s->last ? nodes[i].prev : nodes[i].next) {
		uint32_t *count = s->of_type ? &counts[q->names[i]] : &all;

		if ((of == NULL || set_has(of, i)) && nth_holds(s, ++*count))
			set_add(found, i);
	}
	for (uint32_t i = node; s->of_type && i != PAGE_NONE; i = s->last ? nodes[i].prev : nodes[i].next)
		counts[q->names[i]] = 0;
}

static struct node_set *
nth_set(struct selection *q, const struct simple *s)
{
	struct node_set *found = set_new(q), *of = s->inner != NULL ? list_set(q, s->inner) : NULL;
	uint32_t *counts = NULL;

	if (s->of_type && q->names == NULL)
		number_names(q);
	if (s->of_type)
		counts = mem_alloc(((size_t)q->p->n_nodes + 1) * sizeof *counts);
	for (uint32_t i = 0; i < q->p->n_nodes && work_spend(q->work, 1); i++)
		if (q->p->nodes[i].kind == PAGE_ELEMENT && q->p->nodes[i].prev == PAGE_NONE)
			count_siblings(q, s, i, of, counts, found);
	if (of != NULL)
		set_drop(q, of);
	free(counts);
	return found;
}

/* ---- text, language, fieldsets ---- */

/* The page's text in one piece: a node's is what stands between where it begins and where it ends. */
static struct node_set *
contains_set(struct selection *q, const char *values)
{
	const struct page *p = q->p;
	struct node_set *found = set_new(q);
	size_t *begin = mem_alloc(((size_t)p->n_nodes + 1) * sizeof *begin);
	struct str rest = str_of(values);
	struct buf text;

	buf_init(&text, SIZE_MAX / 2);
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		begin[i] = text.len;
		if (p->nodes[i].kind == PAGE_TEXT && work_spend(q->work, 1 + p->nodes[i].text.n / 16))
			buf_add_str(&text, p->nodes[i].text);
	}
	begin[p->n_nodes] = text.len;
	while (rest.p != NULL) {
		struct str want = str_cut(&rest, '\n');
		size_t at = find_part(q->work, buf_str(&text), want, 0, false);

		for (uint32_t i = 0; i < p->n_nodes && at != SIZE_MAX && work_spend(q->work, 1); i++) {
			if (at < begin[i])
				at = find_part(q->work, buf_str(&text), want, begin[i], false);
			if (at != SIZE_MAX && p->nodes[i].kind == PAGE_ELEMENT && at + want.n <= begin[p->nodes[i].end])
				set_add(found, i);
		}
	}
	buf_release(&text);
	free(begin);
	return found;
}

/* A language reaches down to the next one that is told. */
static struct node_set *
lang_set(struct selection *q, const char *ranges)
{
	const struct page *p = q->p;
	struct node_set *found = set_new(q);

	for (uint32_t i = 0; i < p->n_nodes && work_spend(q->work, 1 + p->nodes[i].n_attrs); i++) {
		uint32_t parent = p->nodes[i].parent;
		bool told;
		struct str have = page_attr(p, i, "lang", &told);

		if (told ? lang_matches(have, ranges) : parent != PAGE_NONE && set_has(found, parent))
			set_add(found, i);
	}
	return found;
}

/* In a disabled fieldset, but not in its first legend (HTML Living Standard, section 4.10.19.5). */
static struct node_set *
disabled_set(struct selection *q)
{
	const struct page_node *nodes = q->p->nodes;
	struct node_set *found = set_new(q);

	for (uint32_t i = 0; i < q->p->n_nodes && work_spend(q->work, 1); i++) {
		uint32_t legend = nodes[i].first;
		bool disabled;

		if (nodes[i].parent != PAGE_NONE && set_has(found, nodes[i].parent))
			set_add(found, i);
		if (!element_is(q->p, i, "fieldset") || (page_attr(q->p, i, "disabled", &disabled), !disabled))
			continue;
		while (legend != PAGE_NONE && !element_is(q->p, legend, "legend") && work_spend(q->work, 1))
			legend = nodes[legend].next;
		for (uint32_t k = nodes[i].first; k != PAGE_NONE && work_spend(q->work, 1); k = nodes[k].next)
			if (k != legend)
				set_add(found, k);
	}
	return found;
}

/* ---- on demand ---- */

bool
in_disabled_fieldset(struct selection *q, uint32_t node)
{
	if (q->sets[0] == NULL)
		q->sets[0] = disabled_set(q);
	return set_has(q->sets[0], node);
}

const struct node_set *
set_of(struct selection *q, const struct simple *s)
{
	struct node_set *set = q->sets[s->number];

	if (set != NULL)
		return set;
	switch (s->kind) {
	case SIMPLE_NTH:
		set = nth_set(q, s);
		break;
	case SIMPLE_HAS:
		set = has_set(q, s->inner);
		break;
	case SIMPLE_CONTAINS:
		set = contains_set(q, s->value);
		break;
	case SIMPLE_LANG:
		set = lang_set(q, s->value);
		break;
	default:
		set = list_set(q, s->inner);
		break;
	}
	q->made_for[s->number] = s;
	return q->sets[s->number] = set;
}

/* ---- the whole ---- */

struct selection *
selection_new(const struct selector *s, const struct page *p, struct work *work)
{
	struct selection *q = mem_alloc(sizeof *q);

	q->selector = s;
	q->p = p;
	q->work = work;
	q->scope = PAGE_NONE;
	q->sets = mem_alloc((s->parts + 1) * sizeof *q->sets);
	q->made_for = mem_alloc((s->parts + 1) * sizeof *q->made_for);
	return q;
}

void
selection_free(struct selection *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i <= q->selector->parts; i++)
		set_free(q->sets[i]);
	while (q->spare != NULL) {
		struct node_set *set = q->spare;

		q->spare = set->next;
		set_free(set);
	}
	free(q->sets);
	free(q->made_for);
	free(q->names);
	free(q->found);
	free(q);
}

/* What was made for another scope is no longer true. */
static void
set_scope(struct selection *q, uint32_t scope)
{
	for (size_t i = 1; i <= q->selector->parts && scope != q->scope; i++)
		if (q->sets[i] != NULL && q->made_for[i]->scoped) {
			set_drop(q, q->sets[i]);
			q->sets[i] = NULL;
		}
	q->scope = scope;
}

static size_t
take_nodes(struct selection *q, uint32_t from, uint32_t end, uint32_t **nodes)
{
	struct node_set *set = list_set(q, q->selector);
	size_t n = 0, cap = 0;

	*nodes = NULL;
	for (uint32_t i = set_next(set, from); i < end && work_spend(q->work, 1); i = set_next(set, i + 1)) {
		if (n == cap) {
			cap = cap == 0 ? 64 : 2 * cap;
			*nodes = mem_resize(*nodes, cap * sizeof(**nodes));
		}
		(*nodes)[n++] = i;
	}
	set_drop(q, set);
	return n;
}

uint32_t
selection_first(struct selection *q, uint32_t root)
{
	size_t low = 0, high;
	uint32_t end = q->p->nodes[root].end, first;

	if (q->selector->scoped) {
		struct node_set *set;

		set_scope(q, root);
		set = list_set(q, q->selector);
		first = set_next(set, root + 1);
		set_drop(q, set);
		return first < end ? first : PAGE_NONE;
	}
	if (!q->asked)
		q->n_found = take_nodes(q, 0, q->p->n_nodes, &q->found);
	q->asked = true;
	for (high = q->n_found; low < high;) {
		size_t middle = (low + high) / 2;

		if (q->found[middle] <= root)
			low = middle + 1;
		else
			high = middle;
	}
	return low < q->n_found && q->found[low] < end ? q->found[low] : PAGE_NONE;
}

size_t
selector_select(const struct selector *s, const struct page *p, uint32_t root, struct work *work, uint32_t **nodes)
{
	struct selection *q = selection_new(s, p, work);
	size_t n;

	set_scope(q, root);
	n = take_nodes(q, root == PAGE_NONE ? 0 : root + 1, root == PAGE_NONE ? p->n_nodes : p->nodes[root].end, nodes);
	selection_free(q);
	return n;
}
