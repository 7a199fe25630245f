/* A page: made once, then only read. */
#include "commands/html/page.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/encoding.h"
#include "commands/html/private.h"

struct page *
page_new(struct str bytes, const char *content_type, struct work *work, struct error *error)
{
	struct page *p;
	int status = 0;

	if (bytes.n > PAGE_MAX_BYTES) {
		fail(error, ERROR_LIMIT, 0, "a page of %zu bytes is larger than the limit of %d", bytes.n,
		    PAGE_MAX_BYTES);
		return NULL;
	}
	p = mem_alloc(sizeof *p);
	p->more = mem_alloc(sizeof *p->more);
	buf_init(&p->more->source, 4 * (size_t)PAGE_MAX_BYTES);
	page_decode(bytes, content_type, work, &p->more->source, &p->encoding);
	tokens_read(&p->more->tokens, buf_str(&p->more->source), work);
	if (p->more->tokens.n == TOKENS_MAX)
		status = fail(error, ERROR_LIMIT, 0, "a page of more than %d tags and texts", TOKENS_MAX);
	if (status == 0)
		status = tree_build(p, work, error);
	if (status != 0) {
		page_free(p);
		return NULL;
	}
	for (size_t i = 0; i < p->more->tokens.n && p->base_href.n == 0 && work_spend(work, 1); i++) {
		const struct token *t = &p->more->tokens.items[i];

		for (uint32_t k = 0; t->kind == TOKEN_START && str_is(t->name, "base") && k < t->n_attrs; k++)
			if (str_is(p->attrs[t->first_attr + k].name, "href"))
				p->base_href = p->attrs[t->first_attr + k].value;
	}
	if (mem_missed()) { /* it may not be whole */
		page_free(p);
		mem_fail(error, "reading a page of %zu bytes", bytes.n);
		return NULL;
	}
	return p;
}

void
page_as_utf8(struct str bytes, const char *content_type, struct work *work, struct buf *out)
{
	const char *encoding;

	if (text_is_utf8(bytes))
		buf_add_str(out, bytes);
	else
		page_decode(bytes, content_type, work, out, &encoding);
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
page_title(const struct page *p, struct work *work, struct buf *out)
{
	for (uint32_t i = 0; i < p->n_nodes && work_spend(work, 1); i++)
		if (element_is(p, i, "title") && p->nodes[i].offset != SIZE_MAX) {
			page_text_line(p, i, work, out);
			return;
		}
}

int
page_whole(const struct work *work, const struct buf *out, const char *what, struct error *error)
{
	if (work != NULL && work->ended != WORK_GOES_ON)
		return work_fail(work, error, "%s", what);
	if (out->full)
		return fail(error, ERROR_LIMIT, 0, "%s gives more than %zu bytes", what, out->max);
	return 0;
}

size_t
page_links(const struct page *p, struct work *work, struct page_link **links)
{
	static const struct {
		const char *element, *attribute;
	} where[] = {
		{ "a", "href" },
		{ "area", "href" },
		{ "link", "href" },
		{ "iframe", "src" },
		{ "frame", "src" },
		{ "form", "action" },
	};
	size_t n = 0, cap = 0;

	*links = NULL;
	for (uint32_t i = 0; i < p->n_nodes && work_spend(work, 1 + p->nodes[i].n_attrs); i++)
		for (size_t k = 0; k < sizeof where / sizeof *where; k++) {
			struct page_link *more;
			bool found = false;
			struct str href;

			if (!element_is(p, i, where[k].element))
				continue;
			href = page_attr(p, i, where[k].attribute, &found);
			if (!found)
				continue;
			more = mem_more(*links, &cap, n, sizeof *more);
			if (more == NULL)
				return n;
			*links = more;
			(*links)[n++] = (struct page_link){ str_trim(href), p->nodes[i].name, i, where[k].element };
		}
	return n;
}
