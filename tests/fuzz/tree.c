/* An input as a tree of elements with their lengths in front: adding nodes, and writing it out. */
#include "tests/fuzz/tree.h"

enum { DER_MAX_DEPTH = 32, OCTET_STRING = 0x04, BIT_STRING = 0x03, CONSTRUCTED = 0x20 };

void
tree_init(struct tree *t, const uint8_t *data, size_t size)
{
	t->data = data;
	t->size = size;
	t->n = 0;
}

static int
add(struct tree *t, struct tree_node node)
{
	if (t->n == TREE_MAX_NODES)
		return -1;
	t->nodes[t->n] = node;
	return t->n++;
}

int
tree_vector(struct tree *t, int parent, size_t start, size_t front, unsigned width, size_t end)
{
	size_t n = 0;

	if (end > t->size || start > end || end - start < front + width)
		return -1;
	for (unsigned i = 0; i < width; i++)
		n = n << 8 | t->data[start + front + i];
	if (end - start - front - width < n)
		return -1;
	return add(t,
	    (struct tree_node){ start, start + front, start + front + width, start + front + width + n, parent,
		false });
}

int
tree_field(struct tree *t, int parent, size_t start, size_t end)
{
	if (end > t->size || start > end)
		return -1;
	return add(t, (struct tree_node){ start, start, start, end, parent, false });
}

/* The element at `at`: its contents and end; false when it is none. */
static bool
der_head(const struct tree *t, size_t at, size_t end, size_t *content, size_t *after)
{
	size_t n, bytes;

	if (end - at < 2)
		return false;
	n = t->data[at + 1];
	*content = at + 2;
	if (n >= 0x80) {
		bytes = n & 0x7f;
		if (bytes == 0 || bytes > 3 || end - *content < bytes)
			return false;
		for (n = 0; bytes > 0; bytes--)
			n = n << 8 | t->data[(*content)++];
	}
	*after = *content + n;
	return n <= end - *content;
}

static bool
is_der(const struct tree *t, size_t at, size_t end)
{
	size_t content;

	if (at == end || (t->data[at] & 0x1f) == 0)
		return false;
	while (at < end)
		if (!der_head(t, at, end, &content, &at))
			return false;
	return true;
}

static bool
describe(struct tree *t, int parent, size_t at, size_t end, int depth)
{
	while (at < end) {
		size_t content, after, inside;
		int node;

		if (depth == DER_MAX_DEPTH || !der_head(t, at, end, &content, &after))
			return false;
		node = add(t, (struct tree_node){ at, at + 1, content, after, parent, true });
		if (node < 0)
			return false;
		inside = content + (t->data[at] == BIT_STRING && after > content);
		if ((t->data[at] & CONSTRUCTED) != 0 ||
		    ((t->data[at] == OCTET_STRING || t->data[at] == BIT_STRING) && is_der(t, inside, after)))
			describe(t, node, inside, after, depth + 1);
		at = after;
	}
	return true;
}

bool
tree_der(struct tree *t, int parent, size_t start, size_t end)
{
	return end <= t->size && start <= end && describe(t, parent, start, end, 0);
}
