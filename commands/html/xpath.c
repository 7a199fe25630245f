/* A page and an expression into a box, and what comes out of it. */
#include "commands/html/xpath.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/box.h"
#include "commands/html/private.h"
#include "commands/html/xpath_box.h"

enum { NODE_WORK = 8 };

/* ---- in ---- */

static void
put_text(struct buf *out, struct str text)
{
	uint32_t n = (uint32_t)text.n;

	buf_add(out, &n, sizeof n);
	buf_add_str(out, text);
}

static void
put_page(struct buf *out, const struct page *p, struct work *work)
{
	for (uint32_t i = 0; i < p->n_nodes && work_spend(work, NODE_WORK * (1 + p->nodes[i].n_attrs)); i++) {
		const struct page_node *n = &p->nodes[i];

		buf_add_char(out, (char)n->kind);
		buf_add(out, &n->parent, sizeof n->parent);
		put_text(out, n->kind == PAGE_ELEMENT ? n->name : n->text);
		buf_add(out, &n->n_attrs, sizeof n->n_attrs);
		for (uint32_t k = 0; k < n->n_attrs; k++) {
			put_text(out, p->attrs[n->first_attr + k].name);
			put_text(out, p->attrs[n->first_attr + k].value);
		}
	}
}

/* ---- out: any bytes ---- */

static bool
get_number(struct str *in, uint32_t *n)
{
	if (in->n < sizeof *n)
		return false;
	memcpy(n, in->p, sizeof *n);
	*in = str_slice(*in, sizeof *n, in->n);
	return true;
}

static bool
get_item(struct str *in, const struct page *p, struct xpath_item *item)
{
	struct str text;
	uint32_t n;

	if (!get_number(in, &item->node))
		return false;
	if (item->node != PAGE_NONE)
		return item->node < p->n_nodes && p->nodes[item->node].kind == PAGE_ELEMENT;
	if (!get_number(in, &n) || n > in->n)
		return false;
	text = str_slice(*in, 0, n);
	*in = str_slice(*in, n, in->n);
	if (!text_is_utf8(text))
		return false;
	item->text = str_dup(text);
	return true;
}

/* The count, -1 when these are no items. */
int
xpath_items_read(const struct page *p, struct str in, struct xpath_item **items)
{
	int n = 0;

	*items = mem_alloc((in.n / sizeof(uint32_t) + 1) * sizeof(**items));
	while (in.n > 0 && get_item(&in, p, &(*items)[n]))
		n++;
	if (in.n == 0)
		return n;
	while (n > 0)
		free((*items)[--n].text);
	free(*items);
	*items = NULL;
	return -1;
}

static int
answer(const struct page *p, struct str out, struct str expression, struct xpath_item **items, struct error *error)
{
	char shown[200];
	int n;

	str_printable(expression, shown, sizeof shown);
	switch (out.n > 0 ? out.p[0] : '\0') {
	case XPATH_TOO_MUCH:
		return fail(error, ERROR_LIMIT, 0, "XPath \"%s\" takes too much work: ended after %d steps", shown,
		    XPATH_MAX_OPERATIONS);
	case XPATH_NOT_UNDERSTOOD:
		return fail(error, ERROR_USAGE, 0, "XPath \"%s\" is not understood", shown);
	case XPATH_ITEMS:
		n = xpath_items_read(p, str_slice(out, 1, out.n), items);
		if (n >= 0)
			return n;
		/* fall through */
	default:
		return fail(error, ERROR_OTHER, 0, "XPath \"%s\" gave no answer that can be read", shown);
	}
}

int
xpath_select(const struct page *p, struct str expression, struct work *work, struct xpath_item **items,
    struct error *error)
{
	struct box box = {
		.name = "libxml2",
		.prepare = xpath_box_prepare,
		.run = xpath_box_run,
		.seconds = XPATH_SECONDS,
	};
	struct buf in, out;
	int n = -1;

	*items = NULL;
	buf_init(&in, 8 * (size_t)PAGE_MAX_BYTES);
	put_text(&in, expression);
	put_page(&in, p, work);
	box.memory = (64 << 20) + 32 * in.len;
	box.output = (8 << 20) + 8 * in.len;
	buf_init(&out, box.output);
	if (in.full)
		fail(error, ERROR_LIMIT, 0, "this page is too large for XPath");
	else if (work != NULL && work->ended != WORK_GOES_ON)
		work_fail(work, error, "XPath");
	else if (box_run(&box, buf_str(&in), work, &out, error) == 0)
		n = answer(p, buf_str(&out), expression, items, error);
	buf_release(&in);
	buf_release(&out);
	return n;
}
