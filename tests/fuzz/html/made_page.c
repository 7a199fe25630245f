/* Pages made of their arrays for the fuzz targets of selectors and XPath. */
#include "tests/fuzz/html/made_page.h"

#include <stdlib.h>
#include <string.h>

static struct page_node *
add_node(struct made_page *m, uint8_t kind)
{
	struct page *p = &m->page;

	if (p->n_nodes == m->cap_nodes) {
		m->cap_nodes = m->cap_nodes == 0 ? 64 : 2 * m->cap_nodes;
		p->nodes = mem_resize(p->nodes, m->cap_nodes * sizeof *p->nodes);
	}
	p->nodes[p->n_nodes] = (struct page_node){
		.kind = kind,
		.parent = p->n_nodes == 0 ? PAGE_NONE : m->open,
		.end = p->n_nodes + 1,
		.prev = PAGE_NONE,
		.next = PAGE_NONE,
		.first = PAGE_NONE,
		.first_attr = p->n_attrs,
		.name = STR(""),
		.offset = p->n_nodes,
	};
	return &p->nodes[p->n_nodes++];
}

static void
open_tag(struct made_page *m, struct str tag)
{
	struct page *p = &m->page;
	struct page_node *n;

	if (p->n_nodes == 0)
		m->open = PAGE_NONE;
	n = add_node(m, PAGE_ELEMENT);
	n->name = str_cut(&tag, ' ');
	while (tag.p != NULL) {
		struct str value = str_cut(&tag, ' '), name = str_cut(&value, '=');

		if (p->n_attrs == m->cap_attrs) {
			m->cap_attrs = m->cap_attrs == 0 ? 64 : 2 * m->cap_attrs;
			p->attrs = mem_resize(p->attrs, m->cap_attrs * sizeof *p->attrs);
		}
		p->attrs[p->n_attrs++] = (struct page_attr){ name, value };
		n->n_attrs++;
	}
	m->open = p->n_nodes - 1;
}

static void
add_text(struct made_page *m, struct str text)
{
	if (m->page.n_nodes > 0 && text.n > 0)
		add_node(m, PAGE_TEXT)->text = text;
}

void
made_open(struct made_page *m, const char *tag)
{
	open_tag(m, str_of(tag));
}

void
made_text(struct made_page *m, const char *text)
{
	add_text(m, str_of(text));
}

void
made_close(struct made_page *m, unsigned times)
{
	for (; times > 0 && m->page.n_nodes > 0 && m->open != PAGE_NONE; times--) {
		m->page.nodes[m->open].end = m->page.n_nodes;
		m->open = m->page.nodes[m->open].parent;
	}
}

void
made_add(struct made_page *m, const char *piece, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		struct str rest = str_of(piece);

		while (rest.n > 0)
			if (rest.n > 1 && rest.p[0] == '<' && rest.p[1] == '/') {
				made_close(m, 1);
				rest = str_slice(rest, 2, rest.n);
			} else if (rest.p[0] == '<') {
				rest = str_slice(rest, 1, rest.n);
				open_tag(m, str_cut(&rest, '>'));
			} else {
				ptrdiff_t end = str_find_char(rest, '<');

				add_text(m, str_slice(rest, 0, end < 0 ? rest.n : (size_t)end));
				rest = str_slice(rest, end < 0 ? rest.n : (size_t)end, rest.n);
			}
	}
}

void
made_done(struct made_page *m)
{
	struct page *p = &m->page;
	uint32_t *last;

	made_close(m, UINT32_MAX);
	last = mem_alloc(((size_t)p->n_nodes + 1) * sizeof *last);
	for (uint32_t i = 0; i <= p->n_nodes; i++)
		last[i] = PAGE_NONE;
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		struct page_node *n = &p->nodes[i];
		uint32_t parent = n->parent == PAGE_NONE ? p->n_nodes : n->parent;

		if (n->kind != PAGE_ELEMENT)
			continue;
		n->prev = last[parent];
		if (n->prev != PAGE_NONE)
			p->nodes[n->prev].next = i;
		else if (n->parent != PAGE_NONE)
			p->nodes[parent].first = i;
		last[parent] = i;
	}
	free(last);
	p->encoding = "UTF-8";
}

void
made_release(struct made_page *m)
{
	free(m->page.nodes);
	free(m->page.attrs);
	*m = (struct made_page){ .open = PAGE_NONE };
}
