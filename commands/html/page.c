/* A page: made once, then only read. */
#include "commands/html/page.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/encoding.h"
#include "commands/html/private.h"

bool
element_is(const struct page *p, uint32_t node, const char *name)
{
	return p->nodes[node].kind == PAGE_ELEMENT && str_is(p->nodes[node].name, name);
}

struct page *
page_new(struct str bytes, const char *content_type, struct work *work, struct error *error)
{
	struct page *p;

	if (bytes.n > PAGE_MAX_BYTES) {
		fail(error, ERROR_LIMIT, 0, "a page of %zu bytes is larger than the limit of %d", bytes.n, PAGE_MAX_BYTES);
		return NULL;
	}
	p = mem_alloc(sizeof(*p));
	p->more = mem_alloc(sizeof(*p->more));
	buf_init(&p->more->source, 4 * (size_t)PAGE_MAX_BYTES);
	page_decode(bytes, content_type, &p->more->source, &p->encoding);
	tokens_read(&p->more->tokens, buf_str(&p->more->source));
	if (tree_build(p, work, error) != 0) {
		page_free(p);
		return NULL;
	}
	for (size_t i = 0; i < p->more->tokens.n && p->base_href.n == 0; i++) {
		const struct token *t = &p->more->tokens.items[i];

		for (uint32_t k = 0; t->kind == TOKEN_START && str_is(t->name, "base") && k < t->n_attrs; k++)
			if (str_is(p->attrs[t->first_attr + k].name, "href"))
				p->base_href = p->attrs[t->first_attr + k].value;
	}
	if (mem_missed()) {      /* it may not be whole */
		page_free(p);
		mem_fail(error, "reading a page of %zu bytes", bytes.n);
		return NULL;
	}
	return p;
}

void
page_free(struct page *p)
{
	if (p == NULL)
		return;
	tokens_release(&p->more->tokens);
	buf_release(&p->more->drawing);
	buf_release(&p->more->source);
	free(p->more);
	free(p->nodes);
	free(p->truncated_why);
	free(p);
}

struct str
page_attr(const struct page *p, uint32_t node, const char *name, bool *found)
{
	const struct page_node *n = &p->nodes[node];

	for (uint32_t i = 0; i < n->n_attrs; i++)
		if (str_is_nocase(p->attrs[n->first_attr + i].name, name)) {
			if (found != NULL)
				*found = true;
			return p->attrs[n->first_attr + i].value;
		}
	if (found != NULL)
		*found = false;
	return (struct str){ NULL, 0 };
}

void
page_title(const struct page *p, struct buf *out)
{
	for (uint32_t i = 0; i < p->n_nodes; i++)
		if (element_is(p, i, "title") && p->nodes[i].offset != SIZE_MAX) {
			page_text_line(p, i, out);
			return;
		}
}

size_t
page_links(const struct page *p, struct page_link **links)
{
	static const struct { const char *element, *attribute; } where[] = { { "a", "href" }, { "area", "href" },
		{ "link", "href" }, { "iframe", "src" }, { "frame", "src" }, { "form", "action" } };
	size_t n = 0, cap = 0;

	*links = NULL;
	for (uint32_t i = 0; i < p->n_nodes; i++)
		for (size_t k = 0; k < sizeof(where) / sizeof(*where); k++) {
			struct page_link *more;
			bool found = false;
			struct str href;

			if (!element_is(p, i, where[k].element))
				continue;
			href = page_attr(p, i, where[k].attribute, &found);
			if (!found)
				continue;
			more = mem_more(*links, &cap, n, sizeof(*more));
			if (more == NULL)
				return n;
			*links = more;
			(*links)[n++] = (struct page_link){ str_trim(href), p->nodes[i].name, i, where[k].element };
		}
	return n;
}

/* ---- Tab ---- */

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct words {
	char **items;
	size_t n, cap;
};

enum { COMPLETE_MAX = 4096 };

static void
add_word(struct words *w, struct str prefix, char sign, struct str word)
{
	char *text;

	if (word.n == 0 || word.n > 256 || w->n == COMPLETE_MAX)
		return;
	text = str_printf("%s%.*s", sign == '#' ? "#" : sign == '.' ? "." : "", STR_ARG(word));
	if (!str_starts(str_of(text), prefix)) {
		free(text);
		return;
	}
	if (w->n == w->cap) {
		w->cap = w->cap == 0 ? 64 : 2 * w->cap;
		w->items = mem_resize(w->items, w->cap * sizeof(*w->items));
	}
	w->items[w->n++] = text;
}

size_t
page_complete(const struct page *p, struct str prefix, char ***words)
{
	struct words w = { NULL, 0, 0 };
	size_t n = 0;

	for (uint32_t i = 0; i < p->n_nodes; i++) {
		struct str classes;

		if (p->nodes[i].kind != PAGE_ELEMENT || p->nodes[i].offset == SIZE_MAX)
			continue;
		add_word(&w, prefix, ' ', p->nodes[i].name);
		add_word(&w, prefix, '#', page_attr(p, i, "id", NULL));
		for (classes = page_attr(p, i, "class", NULL); classes.p != NULL;)
			add_word(&w, prefix, '.', str_trim(str_cut(&classes, ' ')));
	}
	if (w.n > 0)
		qsort(w.items, w.n, sizeof(*w.items), compare_words);
	for (size_t i = 0; i < w.n; i++) {
		if (n > 0 && strcmp(w.items[n - 1], w.items[i]) == 0)
			free(w.items[i]);
		else
			w.items[n++] = w.items[i];
	}
	*words = w.items;
	return n;
}
