/* Tokens to the stream that libtidy reads without harm. */
#include "commands/html/normal.h"

#include <stdlib.h>
#include <string.h>

enum { OPEN_MAX = 2 * PAGE_MAX_DEPTH, LOOK = 8 }; /* LOOK: units of work for an open element looked at */

/* sorted: what tidy knows */
static const char *const voids[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
	"param", "source", "track", "wbr" };
static const char *const raws[] = { "iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp" };
static const char *const blocks[] = { "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
	"details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset",
	"h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "li", "main", "menu", "nav", "ol",
	"p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul" };
static const char *const inlines[] = { "a", "abbr", "acronym", "area", "audio", "b", "base", "bdi", "bdo", "big", "br",
	"button", "canvas", "cite", "code", "col", "colgroup", "data", "datalist", "del", "dfn", "em", "embed", "font",
	"i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "link", "map", "mark", "meta", "meter",
	"noscript", "object", "optgroup", "option", "output", "param", "picture", "progress", "q", "rp", "rt", "ruby",
	"s", "samp", "script", "select", "small", "source", "span", "strike", "strong", "style", "sub", "sup",
	"template", "textarea", "time", "title", "track", "tt", "u", "var", "video", "wbr" };
/* structure that tidy must see under its own name */
static const char *const fixed[] = { "base", "body", "col", "colgroup", "head", "html", "legend", "link", "meta",
	"optgroup", "option", "script", "select", "style", "title" };
/* may be left open where the next one starts: many of them are no depth */
static const char *const siblings[] = { "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rp", "rt",
	"tbody", "td", "tfoot", "th", "thead", "tr" };
static const char *const table_parts[] = { "caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr" };

static int
compare(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_of(*(const char *const *)item));
}

#define IN(list, name) (bsearch(&(name), list, sizeof list / sizeof *list, sizeof *list, compare) != NULL)

bool
normal_is_raw(struct str name)
{
	return IN(raws, name);
}

bool
normal_is_void(struct str name)
{
	return IN(voids, name);
}

bool
normal_is_block(struct str name)
{
	return IN(blocks, name);
}

struct open {
	struct str name;
	const char *as; /* under which name it was written; NULL = its own */
	uint32_t token; /* UINT32_MAX: invented */
};

struct writer {
	const struct tokens *t;
	struct work *work;
	struct buf *out;
	bool *holds_block; /* per token */
	struct open open[OPEN_MAX];
	size_t n;
	size_t tables;
	bool wrap;    /* the page starts with table parts: all of it stands in a table */
	size_t depth; /* of what is open, siblings not counted */
	bool cut;     /* deeper than PAGE_MAX_DEPTH: elements are left out, as tidy's time grows with its square */
};

static bool
is_table_part(struct str name)
{
	return IN(table_parts, name);
}

/* ---- first pass: which elements hold a block ---- */

static void
mark_holders(struct writer *w)
{
	for (size_t i = w->n; i > 0 && work_spend(w->work, LOOK); i--) {
		struct open *o = &w->open[i - 1];

		if (normal_is_block(o->name) || w->holds_block[o->token])
			return;
		w->holds_block[o->token] = true;
	}
}

static size_t
find_open(const struct writer *w, struct str name)
{
	for (size_t i = w->n; i > 0 && work_spend(w->work, LOOK); i--) {
		if (str_eq(w->open[i - 1].name, name))
			return i;
		if (str_is(w->open[i - 1].name, "table") && is_table_part(name) == false && !str_is(name, "table") &&
		    !normal_is_block(name))
			return 0; /* an end tag in a cell does not close what is around the table */
	}
	return 0;
}

static bool
leaves_open(const struct token *t)
{
	return !normal_is_void(t->name) && !normal_is_raw(t->name);
}

static void
first_pass(struct writer *w)
{
	w->n = 0;
	for (size_t i = 0; i < w->t->n && work_spend(w->work, LOOK); i++) {
		const struct token *t = &w->t->items[i];
		size_t at;

		if (t->kind == TOKEN_START) {
			if (normal_is_block(t->name))
				mark_holders(w);
			if (leaves_open(t) && !t->self_closing && w->n < OPEN_MAX)
				w->open[w->n++] = (struct open){ t->name, NULL, (uint32_t)i };
		} else if (t->kind == TOKEN_END) {
			at = find_open(w, t->name);
			if (at > 0)
				w->n = at - 1;
		}
	}
	w->n = 0;
}

/* ---- second pass ---- */

static void
write_text(struct writer *w, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '<' || c == '>' || c == '&')
			buf_add_str(w->out, c == '<' ? STR("&lt;") : c == '>' ? STR("&gt;") : STR("&amp;"));
		else if (c != '\0')
			buf_add_char(w->out, c);
	}
}

static bool
in_paragraph(const struct writer *w)
{
	for (size_t i = w->n; i > 0 && work_spend(w->work, LOOK); i--) {
		if (str_is(w->open[i - 1].name, "p"))
			return true;
		if (normal_is_block(w->open[i - 1].name) || w->open[i - 1].as != NULL)
			return false;
	}
	return false;
}

/* The name under which a start tag is written; NULL = its own. */
static const char *
written_as(const struct writer *w, const struct token *t, uint32_t index)
{
	bool known = IN(inlines, t->name) || normal_is_block(t->name);

	if (IN(fixed, t->name))
		return NULL;
	if (!known)
		return w->holds_block[index] && !in_paragraph(w) ? NORMAL_BLOCK : NORMAL_INLINE;
	if (!normal_is_block(t->name) && leaves_open(t) && w->holds_block[index] && !in_paragraph(w))
		return NORMAL_BLOCK;
	if (str_is(t->name, "template") || str_is(t->name, "noscript") || str_is(t->name, "object"))
		return w->holds_block[index] ? NORMAL_BLOCK : NORMAL_INLINE;
	return NULL;
}

static void
write_end(struct writer *w, const struct open *o)
{
	if (o->as != NULL)
		buf_addf(w->out, "</%s>", o->as);
	else
		buf_addf(w->out, "</%.*s>", STR_ARG(o->name));
	if (str_is(o->name, "table") && w->tables > 0)
		w->tables--;
}

static void
close_to(struct writer *w, size_t n)
{
	while (w->n > n) {
		w->depth -= !IN(siblings, w->open[w->n - 1].name);
		write_end(w, &w->open[--w->n]);
	}
}

static void
push(struct writer *w, struct str name, const char *as, uint32_t token)
{
	if (str_is(name, "table"))
		w->tables++;
	if (w->n == OPEN_MAX)
		return;
	w->depth += !IN(siblings, name);
	w->open[w->n++] = (struct open){ name, as, token };
}

static void
invent(struct writer *w, const char *name)
{
	buf_addf(w->out, "<%s>", name);
	push(w, str_of(name), NULL, UINT32_MAX);
}

static bool
top_is(const struct writer *w, const char *name)
{
	return w->n > 0 && str_is(w->open[w->n - 1].name, name);
}

/* Closes what is open inside the nearest of the names (space between), not beyond the table. */
static void
close_inside(struct writer *w, const char *names)
{
	for (size_t i = w->n; i > 0 && work_spend(w->work, LOOK); i--) {
		char word[16];

		if (w->open[i - 1].name.n > 12)
			continue;
		memcpy(word + 1, w->open[i - 1].name.p, w->open[i - 1].name.n);
		word[0] = ' ';
		word[w->open[i - 1].name.n + 1] = ' ';
		word[w->open[i - 1].name.n + 2] = '\0';
		if (strstr(names, word) != NULL || str_is(w->open[i - 1].name, "table")) {
			close_to(w, i);
			return;
		}
	}
}

/* Table parts stand where they belong: rows in a body, cells in a row. False when the tag is to be dropped. */
static bool
place_in_table(struct writer *w, struct str name)
{
	if (w->tables == 0 && w->wrap)
		invent(w, "table");
	if (w->tables == 0)
		return false;
	if (str_is(name, "td") || str_is(name, "th")) {
		close_inside(w, " tr tbody thead tfoot ");
		if (top_is(w, "table"))
			invent(w, "tbody");
		if (!top_is(w, "tr"))
			invent(w, "tr");
	} else if (str_is(name, "tr")) {
		close_inside(w, " tbody thead tfoot ");
		if (top_is(w, "table"))
			invent(w, "tbody");
	} else if (str_is(name, "col")) {
		close_inside(w, " colgroup ");
	} else {
		close_inside(w, " ");
	}
	return true;
}

static void
write_start(struct writer *w, const struct token *t, uint32_t index)
{
	const char *as = written_as(w, t, index);

	if (is_table_part(t->name) && !place_in_table(w, t->name))
		return;
	if (w->depth == PAGE_MAX_DEPTH) {
		w->cut = true;
		return;
	}
	if (as != NULL)
		buf_addf(w->out, "<%s " NORMAL_ATTRIBUTE "=\"%u\">", as, (unsigned)index);
	else
		buf_addf(w->out, "<%.*s " NORMAL_ATTRIBUTE "=\"%u\">", STR_ARG(t->name), (unsigned)index);
	if (normal_is_raw(t->name) || (as != NULL && t->self_closing)) {
		struct open o = { t->name, as, index };

		write_end(w, &o);
	} else if (!normal_is_void(t->name)) {
		push(w, t->name, as, index);
	}
}

static void
write_end_tag(struct writer *w, const struct token *t)
{
	size_t at;

	if (normal_is_raw(t->name) || normal_is_void(t->name) || str_is(t->name, "body") || str_is(t->name, "html"))
		return;
	if (str_is(t->name, "p") && find_open(w, t->name) == 0) {
		buf_add_str(w->out, STR("<p></p>")); /* "act as if a start tag p had been seen" */
		return;
	}
	at = find_open(w, t->name);
	if (at > 0)
		close_to(w, at - 1);
}

static bool
starts_with_table_part(const struct tokens *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->items[i].kind == TOKEN_START)
			return str_is(t->items[i].name, "tr") || str_is(t->items[i].name, "td") ||
			    str_is(t->items[i].name, "th") || str_is(t->items[i].name, "tbody") ||
			    str_is(t->items[i].name, "thead");
		if (t->items[i].kind == TOKEN_TEXT && str_trim(t->items[i].text).n > 0)
			return false;
	}
	return false;
}

bool
normal_write(const struct tokens *t, struct work *work, struct buf *out)
{
	struct writer *w = mem_try(sizeof *w);
	bool whole;

	if (w == NULL)
		return false;
	w->t = t;
	w->work = work;
	w->out = out;
	w->holds_block = mem_try(t->n + 1);
	if (w->holds_block == NULL) {
		free(w);
		return false;
	}
	first_pass(w);
	w->wrap = starts_with_table_part(t);
	buf_add_str(out, STR("<!DOCTYPE html>"));
	for (size_t i = 0; i < t->n && work_spend(work, LOOK + t->items[i].text.n); i++) {
		const struct token *token = &t->items[i];
		bool raw = i > 0 && t->items[i - 1].kind == TOKEN_START && normal_is_raw(t->items[i - 1].name);

		if (token->kind == TOKEN_TEXT && !raw)
			write_text(w, token->text);
		else if (token->kind == TOKEN_START)
			write_start(w, token, (uint32_t)i);
		else if (token->kind == TOKEN_END)
			write_end_tag(w, token);
	}
	close_to(w, 0);
	whole = !w->cut;
	free(w->holds_block);
	free(w);
	return whole;
}
