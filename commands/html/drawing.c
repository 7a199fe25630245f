/* Trees on their way out of a box. */
#include "commands/html/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/normal.h"

enum { EVENT = 8 }; /* units of work */

/* ---- writing ---- */

static void
put_number(struct buf *out, uint32_t n)
{
	buf_add(out, &n, sizeof n);
}

void
drawing_open(struct buf *out, uint32_t token, struct str name)
{
	buf_add_char(out, DRAW_OPEN);
	put_number(out, token);
	put_number(out, token == PAGE_NONE ? (uint32_t)name.n : 0);
	if (token == PAGE_NONE)
		buf_add_str(out, name);
}

void
drawing_text(struct buf *out, struct str text)
{
	buf_add_char(out, DRAW_TEXT);
	put_number(out, (uint32_t)text.n);
	buf_add_str(out, text);
}

void
drawing_close(struct buf *out)
{
	buf_add_char(out, DRAW_CLOSE);
}

void
drawing_end(struct buf *out)
{
	buf_add_char(out, DRAW_END);
}

/* ---- reading ---- */

struct reader {
	struct page *p;
	struct str rest;
	uint32_t parent, depth; /* the open element, and how many are */
	uint32_t left_out;      /* how many are open of those that are no nodes */
	bool bad, ended;
};

static struct str
read_bytes(struct reader *r, size_t n)
{
	struct str bytes = str_slice(r->rest, 0, n);

	r->bad |= bytes.n != n;
	r->rest = str_slice(r->rest, n, r->rest.n);
	return bytes;
}

static uint32_t
read_number(struct reader *r)
{
	struct str bytes = read_bytes(r, sizeof(uint32_t));
	uint32_t n = 0;

	if (!r->bad)
		memcpy(&n, bytes.p, sizeof n);
	return n;
}

bool
text_is_utf8(struct str s)
{
	while (s.n > 0 && s.p[0] != '\0' && str_utf8(s) > 0)
		s = str_slice(s, str_utf8(s), s.n);
	return s.n == 0;
}

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= DRAW_NAME_MAX;
}

/* NULL: beyond a limit, or memory is out. */
static struct page_node *
add_node(struct reader *r, uint8_t kind)
{
	struct page *p = r->p;
	struct page_node *n, *more;

	if (r->left_out > 0 || r->depth == PAGE_MAX_DEPTH || p->n_nodes == PAGE_MAX_NODES) {
		page_cut(p,
		    p->n_nodes == PAGE_MAX_NODES ? "the page has too many nodes" : "the page is nested too deeply");
		return NULL;
	}
	more = mem_more(p->nodes, &p->more->cap_nodes, p->n_nodes, sizeof *more);
	if (more == NULL)
		return NULL;
	p->nodes = more;
	n = &p->nodes[p->n_nodes++];
	*n = (struct page_node){
		.kind = kind,
		.parent = r->parent,
		.end = p->n_nodes,
		.prev = PAGE_NONE,
		.next = PAGE_NONE,
		.first = PAGE_NONE,
		.name = STR(""),
		.offset = SIZE_MAX,
	};
	return n;
}

static void
add_text(struct reader *r, struct str text)
{
	struct page_node *n = text.n > 0 ? add_node(r, PAGE_TEXT) : NULL;

	if (n != NULL)
		n->text = text;
}

static void
open_element(struct reader *r, uint32_t token, struct str name)
{
	const struct tokens *t = &r->p->more->tokens;
	const struct token *start = token < t->n ? &t->items[token] : NULL;
	struct page_node *n;

	r->bad |= start != NULL ? start->kind != TOKEN_START || name.n > 0 : token != PAGE_NONE || !is_name(name);
	n = r->bad ? NULL : add_node(r, PAGE_ELEMENT);
	if (n == NULL) {
		r->left_out++;
		return;
	}
	r->parent = r->p->n_nodes - 1;
	r->depth++;
	n->name = name;
	if (start == NULL)
		return;
	n->name = start->name;
	n->offset = start->offset;
	n->first_attr = start->first_attr;
	n->n_attrs = start->n_attrs;
	if (normal_is_raw(n->name) && token + 1 < t->n && start[1].kind == TOKEN_TEXT)
		add_text(r, start[1].text);
}

static void
close_element(struct reader *r)
{
	if (r->left_out > 0) {
		r->left_out--;
		return;
	}
	r->bad |= r->depth == 0;
	if (r->bad)
		return;
	r->p->nodes[r->parent].end = r->p->n_nodes;
	r->parent = r->p->nodes[r->parent].parent;
	r->depth--;
}

static void
read_event(struct reader *r)
{
	struct str kind = read_bytes(r, 1), text;
	uint32_t token;

	switch (kind.n > 0 ? kind.p[0] : '\0') {
	case DRAW_OPEN:
		token = read_number(r);
		open_element(r, token, read_bytes(r, read_number(r)));
		break;
	case DRAW_TEXT:
		text = read_bytes(r, read_number(r));
		r->bad |= !text_is_utf8(text);
		if (!r->bad)
			add_text(r, text);
		break;
	case DRAW_CLOSE:
		close_element(r);
		break;
	case DRAW_END:
		r->ended = true;
		break;
	default:
		r->bad = true;
	}
}

static void
link_siblings(struct page *p, struct work *work)
{
	uint32_t *last = mem_alloc((p->n_nodes + 1) * sizeof *last), last_root = PAGE_NONE;

	for (uint32_t i = 0; i < p->n_nodes; i++)
		last[i] = PAGE_NONE;
	for (uint32_t i = 0; i < p->n_nodes && work_spend(work, 1); i++) {
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

void
page_cut(struct page *p, const char *why)
{
	if (!p->truncated)
		p->truncated_why = str_dup(str_of(why));
	p->truncated = true;
}

bool
drawing_read(struct page *p, struct str drawing, struct work *work)
{
	struct reader r = { .p = p, .rest = drawing, .parent = PAGE_NONE };

	while (!r.bad && !r.ended && work_spend(work, EVENT))
		read_event(&r);
	if (work != NULL && work->ended != WORK_GOES_ON)
		return true;
	if (r.bad || r.rest.n > 0 || r.depth > 0 || r.left_out > 0)
		return false;
	p->attrs = p->more->tokens.attrs;
	p->n_attrs = (uint32_t)p->more->tokens.n_attrs;
	link_siblings(p, work);
	return true;
}
