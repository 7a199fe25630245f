/* One change at random in such a tree, with every length around it made right again. */
#include "tests/fuzz/tree.h"

#include <string.h>

/* ---- dice ---- */
struct dice
dice_of(unsigned seed)
{
	return (struct dice){ seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du };
}

size_t
dice_below(struct dice *d, size_t n)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return (size_t)((d->state >> 11) % n);
}

/* ---- changing ---- */

/* Writes the length of the node, whose contents now end at `end`; returns by how much its front grew. */
static ptrdiff_t
put_length(const struct tree_node *node, uint8_t *data, size_t *size, size_t max, size_t end)
{
	size_t n = end - node->content, old = node->content - node->length, width = old, at = node->length;

	if (node->der) {
		width = n < 0x80 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : 4;
		if (*size + width - old > max)
			return -1;
		memmove(data + at + width, data + node->content, *size - node->content);
		*size = *size + width - old;
		if (width > 1)
			data[at++] = (uint8_t)(0x80 | (width - 1));
	}
	for (size_t i = node->length + width; i > at; n >>= 8)
		data[--i] = (uint8_t)n;
	return (ptrdiff_t)width - (ptrdiff_t)(node->content - node->length);
}

/* Replaces from .. to, inside `parent`, by the n bytes at p, and corrects the lengths around. 0 when it does not
 * fit. */
static size_t
splice(const struct tree *t, uint8_t *data, size_t max, int parent, size_t from, size_t to, const uint8_t *p, size_t n)
{
	size_t size = t->size;
	ptrdiff_t delta = (ptrdiff_t)n - (ptrdiff_t)(to - from);

	if (size - (to - from) + n > max)
		return 0;
	memmove(data + from + n, data + to, size - to);
	if (n > 0)
		memcpy(data + from, p, n);
	size = size - (to - from) + n;
	for (; parent != TREE_ROOT; parent = t->nodes[parent].parent) {
		const struct tree_node *node = &t->nodes[parent];
		ptrdiff_t grown;

		if (!node->der && node->length == node->content)
			continue;
		grown = put_length(node, data, &size, max, (size_t)((ptrdiff_t)node->end + delta));
		if (node->der && grown == -1 && size + 4 > max)
			return 0;
		delta += grown;
	}
	return size;
}

static uint8_t scratch[TREE_MAX_SIZE];

/* Contents of a node by libFuzzer's mutations. */
static size_t
change(const struct tree *t, uint8_t *data, size_t max, int i)
{
	const struct tree_node *node = &t->nodes[i];
	size_t n = node->end - node->content, room = max - t->size + n;

	if (n > sizeof scratch)
		return 0;
	memcpy(scratch, data + node->content, n);
	if (room > 2 * n + 16)
		room = 2 * n + 16;
	n = LLVMFuzzerMutate(scratch, n, room < sizeof scratch ? room : sizeof scratch);
	return splice(t, data, max, i, node->content, node->end, scratch, n);
}

/* What stands in front of the contents but for the length: a tag, a type. */
static size_t
change_front(const struct tree *t, uint8_t *data, size_t max, int i, struct dice *d)
{
	const struct tree_node *node = &t->nodes[i];
	size_t n = node->length - node->start;

	if (n == 0)
		return change(t, data, max, i);
	data[node->start + dice_below(d, n)] =
	    (uint8_t)(dice_below(d, 2) == 0 ? dice_below(d, 256) : dice_below(d, 32));
	return t->size;
}

/* Copies the other node in place of, or in front of, this one. */
static size_t
put_copy(const struct tree *t, const struct tree *other, uint8_t *data, size_t max, int i, int from, bool replace)
{
	const struct tree_node *node = &t->nodes[i], *source = &other->nodes[from];
	size_t n = source->end - source->start;

	if (n > sizeof scratch)
		return 0;
	memcpy(scratch, other->data + source->start, n);
	return splice(t, data, max, node->parent, node->start, replace ? node->end : node->start, scratch, n);
}

/* Small elements are many: half of the time one of the outer ones. */
static int
choose(const struct tree *t, struct dice *d)
{
	int i = (int)dice_below(d, (size_t)t->n);

	if (dice_below(d, 4) == 0 && t->nodes[i].parent != TREE_ROOT)
		i = t->nodes[i].parent;
	return i;
}

static int
sibling(const struct tree *t, int i, struct dice *d)
{
	int at = (int)dice_below(d, (size_t)t->n);

	for (int k = 0; k < t->n; k++, at = (at + 1) % t->n)
		if (t->nodes[at].parent == t->nodes[i].parent && at != i)
			return at;
	return i;
}

static size_t
mutate_once(const struct tree *t, uint8_t *data, size_t max, struct dice *d)
{
	int i = choose(t, d);

	switch (dice_below(d, 12)) {
	case 0:
		return splice(t, data, max, t->nodes[i].parent, t->nodes[i].start, t->nodes[i].end, NULL, 0);
	case 1:
		return put_copy(t, t, data, max, i, i, false);
	case 2:
		return put_copy(t, t, data, max, i, sibling(t, i, d), dice_below(d, 2) == 0);
	case 3:
		return put_copy(t, t, data, max, i, choose(t, d), dice_below(d, 2) == 0);
	case 4:
	case 5:
		return change_front(t, data, max, i, d);
	case 6:
		return LLVMFuzzerMutate(data, t->size, max);
	default:
		return change(t, data, max, i);
	}
}

size_t
tree_mutate(const struct tree *t, uint8_t *data, size_t max, unsigned seed)
{
	struct dice d = dice_of(seed);
	size_t size;

	if (t->n == 0)
		return LLVMFuzzerMutate(data, t->size, max);
	size = mutate_once(t, data, max, &d);
	return size > 0 ? size : LLVMFuzzerMutate(data, t->size, max);
}

size_t
tree_cross(const struct tree *t, const struct tree *other, uint8_t *data, size_t max, unsigned seed)
{
	struct dice d = dice_of(seed);

	if (t->n == 0 || other->n == 0)
		return 0;
	return put_copy(t, other, data, max, choose(t, &d), choose(other, &d), dice_below(&d, 2) == 0);
}
