/* Text and HTML of a part of a page. */
#include <string.h>

#include "commands/html/normal.h"
#include "commands/html/private.h"

struct text_writer {
	const struct page *p;
	struct work *work;
	struct buf *out;
	size_t start;
	bool space, lines; /* a space is due; newlines at blocks */
	unsigned breaks;   /* newlines due */
};

bool
element_is(const struct page *p, uint32_t node, const char *name)
{
	return p->nodes[node].kind == PAGE_ELEMENT && str_is(p->nodes[node].name, name);
}

static bool
is_hidden(const struct page *p, uint32_t node)
{
	static const char *const names[] = { "script", "style", "template", "noscript", "head", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (element_is(p, node, names[i]))
			return true;
	return false;
}

static void
put_pending(struct text_writer *w)
{
	if (w->out->len == w->start) {
		w->breaks = 0;
		w->space = false;
	}
	if (w->breaks > 0 && w->lines) {
		for (; w->breaks > 0; w->breaks--)
			buf_add_char(w->out, '\n');
	} else if (w->space || w->breaks > 0) {
		buf_add_char(w->out, ' ');
	}
	w->breaks = 0;
	w->space = false;
}

static void
put_text(struct text_writer *w, struct str s, bool pre)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (pre && w->lines) {
			put_pending(w);
			buf_add_char(w->out, c);
		} else if (ascii_is_space(c)) {
			w->space = true;
		} else {
			put_pending(w);
			buf_add_char(w->out, c);
		}
	}
}

static void
block_edge(struct text_writer *w, const struct page_node *n)
{
	bool wide = str_is(n->name, "p") || str_is(n->name, "table") ||
	    (n->name.n == 2 && n->name.p[0] == 'h' && ascii_is_digit(n->name.p[1]));
	unsigned wanted = wide ? 2 : 1;

	if (str_is(n->name, "td") || str_is(n->name, "th")) {
		w->space = true;
		return;
	}
	if (w->breaks < wanted)
		w->breaks = wanted;
}

static void
write_text(struct text_writer *w, uint32_t root)
{
	const struct page *p = w->p;
	uint32_t end = p->nodes[root].end, pre_end = 0;
	uint32_t open[PAGE_MAX_DEPTH + 2];
	size_t depth = 0;

	for (uint32_t i = root; i < end && !w->out->full && work_spend(w->work, 1 + p->nodes[i].text.n);) {
		const struct page_node *n = &p->nodes[i];

		while (depth > 0 && p->nodes[open[depth - 1]].end <= i)
			block_edge(w, &p->nodes[open[--depth]]);
		if (n->kind == PAGE_TEXT) {
			put_text(w, n->text, i < pre_end);
		} else if (n->kind == PAGE_ELEMENT) {
			if (is_hidden(p, i) && i != root) {
				i = n->end;
				continue;
			}
			if (str_is(n->name, "br"))
				w->breaks++;
			if (str_is(n->name, "pre") || str_is(n->name, "textarea"))
				pre_end = n->end;
			if (normal_is_block(n->name) && i != root) {
				block_edge(w, n);
				if (depth < PAGE_MAX_DEPTH)
					open[depth++] = i;
			}
		}
		i++;
	}
}

void
page_text(const struct page *p, uint32_t node, struct work *work, struct buf *out)
{
	struct text_writer w = { .p = p, .work = work, .out = out, .start = out->len, .lines = true };

	write_text(&w, node);
	if (out->len > w.start && out->data[out->len - 1] != '\n')
		buf_add_char(out, '\n');
}

void
page_text_line(const struct page *p, uint32_t node, struct work *work, struct buf *out)
{
	struct text_writer w = { .p = p, .work = work, .out = out, .start = out->len };

	write_text(&w, node);
}

bool
page_keeps_space(const struct page *p, uint32_t node)
{
	return element_is(p, node, "pre") || element_is(p, node, "textarea") || element_is(p, node, "script");
}

void
page_text_exact(const struct page *p, uint32_t node, struct work *work, struct buf *out)
{
	/* "a newline at the start of pre and textarea is ignored as an authoring convenience" */
	bool newline = !element_is(p, node, "script");

	for (uint32_t i = node + 1; i < p->nodes[node].end && !out->full && work_spend(work, 1 + p->nodes[i].text.n);
	     i++) {
		struct str text = p->nodes[i].text;

		if (p->nodes[i].kind == PAGE_TEXT)
			buf_add_str(out,
			    str_slice(text, i == node + 1 && newline && str_starts(text, STR("\n")), text.n));
	}
}

/* ---- HTML ---- */

static void
escape(struct str s, bool attribute, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_add_str(out, STR("&amp;"));
		else if (attribute && s.p[i] == '"')
			buf_add_str(out, STR("&quot;"));
		else if (!attribute && (s.p[i] == '<' || s.p[i] == '>'))
			buf_add_str(out, s.p[i] == '<' ? STR("&lt;") : STR("&gt;"));
		else
			buf_add_char(out, s.p[i]);
	}
}

static void
start_tag(const struct page *p, const struct page_node *n, struct work *work, struct buf *out)
{
	buf_addf(out, "<%.*s", STR_ARG(n->name));
	for (uint32_t i = 0; i < n->n_attrs; i++) {
		const struct page_attr *a = &p->attrs[n->first_attr + i];

		work_spend(work, 1 + a->value.n);
		buf_addf(out, " %.*s=\"", STR_ARG(a->name));
		escape(a->value, true, out);
		buf_add_char(out, '"');
	}
	buf_add_char(out, '>');
}

static bool
keeps_text(const struct page *p, uint32_t node)
{
	return node != PAGE_NONE && normal_is_raw(p->nodes[node].name) && !element_is(p, node, "textarea") &&
	    !element_is(p, node, "title");
}

static void
write_html(const struct page *p, uint32_t from, uint32_t end, struct work *work, struct buf *out)
{
	uint32_t open[PAGE_MAX_DEPTH + 2];
	size_t depth = 0;

	for (uint32_t i = from; i <= end && !out->full && work_spend(work, 1); i++) {
		for (; depth > 0 && (i == end || p->nodes[open[depth - 1]].end <= i); depth--)
			buf_addf(out, "</%.*s>", STR_ARG(p->nodes[open[depth - 1]].name));
		if (i == end)
			break;
		work_spend(work, p->nodes[i].text.n);
		if (p->nodes[i].kind == PAGE_TEXT) {
			if (keeps_text(p, p->nodes[i].parent))
				buf_add_str(out, p->nodes[i].text);
			else
				escape(p->nodes[i].text, false, out);
		} else if (p->nodes[i].kind == PAGE_ELEMENT) {
			start_tag(p, &p->nodes[i], work, out);
			if (!normal_is_void(p->nodes[i].name) && depth <= PAGE_MAX_DEPTH)
				open[depth++] = i;
		}
	}
}

void
page_outer_html(const struct page *p, uint32_t node, struct work *work, struct buf *out)
{
	write_html(p, node, p->nodes[node].end, work, out);
}

void
page_inner_html(const struct page *p, uint32_t node, struct work *work, struct buf *out)
{
	write_html(p, node + 1, p->nodes[node].end, work, out);
}
