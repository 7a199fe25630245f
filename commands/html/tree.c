/* Tokens to flat arrays through the guarded tidy. One of the two files that know tidy's header. */
#include <stdlib.h>
#include <string.h>

#include <tidy/tidy.h>
#include <tidy/tidybuffio.h>

#include "commands/html/guard.h"
#include "commands/html/normal.h"
#include "commands/html/private.h"

struct source {
	struct guard *guard;
	const uint8_t *p;
	size_t at, n;
};

struct arena_allocator {
	TidyAllocator tidy;        /* first: tidy hands back its address */
	struct guard *guard;
};

/* ---- what tidy calls ---- */

static struct guard *
guard_of(TidyAllocator *a)
{
	return ((struct arena_allocator *)(void *)a)->guard;
}

static void *TIDY_CALL
arena_alloc(TidyAllocator *a, size_t n)
{
	return guard_alloc(guard_of(a), n);
}

static void *TIDY_CALL
arena_realloc(TidyAllocator *a, void *p, size_t n)
{
	return guard_realloc(guard_of(a), p, n);
}

static void TIDY_CALL
arena_free(TidyAllocator *a, void *p)
{
	(void)a;
	(void)p;           /* the arena is dropped as a whole */
}

static void TIDY_CALL
arena_panic(TidyAllocator *a, ctmbstr message)
{
	(void)message;
	guard_of(a)->why = "tidy gave up";
	longjmp(guard_of(a)->out, 1);
}

static int TIDY_CALL
get_byte(void *context)
{
	struct source *s = context;
	char here = 0;

	if (s->at >= s->n || guard_stop(s->guard, &here))
		return (int)EndOfStream;
	return s->p[s->at++];
}

static void TIDY_CALL
unget_byte(void *context, byte b)
{
	struct source *s = context;

	(void)b;
	if (s->at > 0)
		s->at--;
}

static Bool TIDY_CALL
is_eof(void *context)
{
	struct source *s = context;

	return s->at >= s->n || s->guard->why != NULL ? yes : no;
}

static Bool TIDY_CALL
no_message(TidyMessage message)
{
	(void)message;
	return no;
}

/* ---- options ---- */

static void
set_options(TidyDoc doc)
{
	static const char *const options[][2] = { { "force-output", "yes" }, { "char-encoding", "utf8" },
		{ "drop-empty-elements", "no" }, { "drop-empty-paras", "no" }, { "merge-divs", "no" }, { "merge-spans", "no" },
		{ "merge-emphasis", "no" }, { "fix-uri", "no" }, { "fix-backslash", "no" }, { "fix-style-tags", "no" },
		{ "anchor-as-name", "no" }, { "skip-nested", "no" }, { "coerce-endtags", "no" }, { "escape-scripts", "no" },
		{ "fix-bad-comments", "no" }, { "literal-attributes", "yes" }, { "keep-tabs", "yes" }, { "tidy-mark", "no" },
		{ "wrap", "0" }, { "quiet", "yes" }, { "new-blocklevel-tags", NORMAL_BLOCK }, { "new-inline-tags", NORMAL_INLINE } };

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		tidyOptParseValue(doc, options[i][0], options[i][1]);
}

/* ---- tidy's tree to arrays ---- */

static struct page_node *
add_node(struct page *p, uint8_t kind, uint32_t parent)
{
	struct page_node *n;

	if (p->n_nodes == p->more->cap_nodes) {
		p->more->cap_nodes = p->more->cap_nodes == 0 ? 512 : 2 * p->more->cap_nodes;
		p->nodes = mem_resize(p->nodes, p->more->cap_nodes * sizeof(*p->nodes));
	}
	n = &p->nodes[p->n_nodes++];
	*n = (struct page_node){ .kind = kind, .parent = parent, .end = p->n_nodes, .prev = PAGE_NONE, .next = PAGE_NONE,
		.first = PAGE_NONE, .name = STR(""), .offset = SIZE_MAX };
	return n;
}

static uint32_t
token_of(TidyNode node)
{
	for (TidyAttr a = tidyAttrFirst(node); a != NULL; a = tidyAttrNext(a)) {
		uint64_t n;

		if (strcmp(tidyAttrName(a), NORMAL_ATTRIBUTE) == 0 && str_to_u64(str_of(tidyAttrValue(a)), UINT32_MAX - 1, &n))
			return (uint32_t)n;
	}
	return PAGE_NONE;
}

static void
add_text_node(struct page *p, uint32_t parent, struct str text)
{
	add_node(p, PAGE_TEXT, parent)->text = text;
}

static void
add_element(struct page *p, uint32_t parent, TidyNode node)
{
	uint32_t token = token_of(node), index = p->n_nodes;
	struct page_node *n = add_node(p, PAGE_ELEMENT, parent);
	const struct tokens *t = &p->more->tokens;

	if (token >= t->n) {
		n->name = tokens_keep(&p->more->kept, str_of(tidyNodeGetName(node)));
		return;
	}
	n->name = t->items[token].name;
	n->offset = t->items[token].offset;
	n->first_attr = t->items[token].first_attr;
	n->n_attrs = t->items[token].n_attrs;
	if (normal_is_raw(n->name) && token + 1 < t->n && t->items[token + 1].kind == TOKEN_TEXT) {
		add_text_node(p, index, t->items[token + 1].text);
		p->nodes[index].end = p->n_nodes;
	}
}

static void
add_tidy_text(struct page *p, uint32_t parent, TidyDoc doc, TidyNode node)
{
	TidyBuffer value;

	tidyBufInit(&value);
	tidyNodeGetValue(doc, node, &value);
	if (value.size > 0)
		add_text_node(p, parent, tokens_keep(&p->more->kept, str_from(value.bp, value.size)));
	tidyBufFree(&value);
}

/* Document order without recursion: the tree may be as deep as the guard allowed. */
static void
flatten(struct page *p, TidyDoc doc)
{
	TidyNode node = tidyGetChild(tidyGetRoot(doc));
	uint32_t parent = PAGE_NONE, depth = 0;

	while (node != NULL && p->n_nodes < PAGE_MAX_NODES) {
		TidyNodeType type = tidyNodeGetType(node);
		TidyNode next;

		if (type == TidyNode_Text)
			add_tidy_text(p, parent, doc, node);
		if (type == TidyNode_Start || type == TidyNode_StartEnd) {
			uint32_t index = p->n_nodes;

			add_element(p, parent, node);
			next = tidyGetChild(node);
			if (next != NULL && depth < PAGE_MAX_DEPTH) {
				parent = index;
				depth++;
				node = next;
				continue;
			}
		}
		while ((next = tidyGetNext(node)) == NULL) {
			node = tidyGetParent(node);
			if (node == NULL || parent == PAGE_NONE)
				return;
			p->nodes[parent].end = p->n_nodes;
			parent = p->nodes[parent].parent;
			depth--;
		}
		node = next;
	}
	for (; parent != PAGE_NONE; parent = p->nodes[parent].parent)
		p->nodes[parent].end = p->n_nodes;
}

static void
link_siblings(struct page *p)
{
	uint32_t *last = mem_alloc((p->n_nodes + 1) * sizeof(*last)), last_root = PAGE_NONE;

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

static void
parse(struct page *p, struct guard *g, const struct buf *text)
{
	static const TidyAllocatorVtbl vtable = { arena_alloc, arena_realloc, arena_free, arena_panic };
	struct arena_allocator allocator = { { &vtable }, g };
	struct source source = { g, text->data, 0, text->len };
	TidyInputSource in = { &source, get_byte, unget_byte, is_eof };
	TidyDoc doc;

	if (setjmp(g->out) != 0)
		return;
	doc = tidyCreateWithAllocator(&allocator.tidy);
	set_options(doc);
	tidySetMessageCallback(doc, no_message);
	tidyParseSource(doc, &in);
	flatten(p, doc);
	/* no tidyRelease(): every byte of the document is in the arena */
}

int
tree_build(struct page *p, struct work *work, struct error *error)
{
	struct guard *g = mem_alloc(sizeof(*g));
	struct buf text;
	char base;

	buf_init(&text, 8 * (size_t)PAGE_MAX_BYTES);
	normal_write(&p->more->tokens, work, &text);
	guard_start(g, text.len, &base);
	parse(p, g, &text);
	p->truncated = g->why != NULL;
	p->truncated_why = p->truncated ? str_dup(str_of(g->why)) : NULL;
	guard_end(g);
	free(g);
	buf_release(&text);
	p->attrs = p->more->tokens.attrs;
	p->n_attrs = (uint32_t)p->more->tokens.n_attrs;
	link_siblings(p);
	return work != NULL && work->ended != WORK_GOES_ON ? work_fail(work, error, "reading the page") : 0;
}
