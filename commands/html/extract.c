/* Rows and columns out of a page: TSV, CSV (RFC 4180), JSON (RFC 8259). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/html/page.h"
#include "commands/html/selection.h"
#include "commands/html/xpath.h"
#include "net/json.h"
#include "net/url.h"

enum { EXTRACT_MAX_COLUMNS = 64 };

struct column {
	struct str name;
	struct selector *selector;   /* NULL: the row's own node */
	struct selection *selection; /* of selector */
	struct str attribute;        /* empty: text */
};

struct extractor {
	const struct page *p;
	const struct extract_options *options;
	struct column columns[EXTRACT_MAX_COLUMNS];
	size_t n;
	struct buf *out;
	struct url base;
	bool has_base;
	uint32_t rows, values; /* values: cells that are there */
	bool exact;            /* the only value there is, and its bytes are wanted */
};

/* ---- the words ---- */

static bool
is_attribute_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && strchr("-_:.", s.p[i]) == NULL)
			return false;
	return s.n > 0;
}

/* "SELECTOR@attr": the @ of a selector's string has a quote or bracket behind it. */
static void
split_attribute(struct str *selector, const uint8_t *marks, struct str *attribute)
{
	for (size_t i = selector->n; i > 0; i--)
		if (selector->p[i - 1] == '@' && mark_written(marks, i - 1)) {
			struct str name = str_slice(*selector, i, selector->n);

			if (!is_attribute_name(name))
				return;
			*attribute = name;
			*selector = str_trim(str_slice(*selector, 0, i - 1));
			return;
		}
}

static void
column_release(struct column *c)
{
	selection_free(c->selection);
	selector_free(c->selector);
}

static int
add_column(struct extractor *x, struct str word, const uint8_t *marks, struct error *error)
{
	struct column *c = &x->columns[x->n];
	ptrdiff_t equal = marks_find(word, marks, '=');
	char shown[100];

	if (x->n == EXTRACT_MAX_COLUMNS)
		return fail(error, ERROR_LIMIT, 0, "more than %d columns", EXTRACT_MAX_COLUMNS);
	*c = (struct column){ .selector = NULL };
	if (word.n > 1 && word.p[0] == '@' && mark_written(marks, 0)) {
		c->attribute = c->name = str_slice(word, 1, word.n);
	} else if (equal > 0 && is_attribute_name(str_slice(word, 0, (size_t)equal))) {
		struct str selector = str_slice(word, (size_t)equal + 1, word.n);

		c->name = str_slice(word, 0, (size_t)equal);
		split_attribute(&selector, marks != NULL ? marks + equal + 1 : NULL, &c->attribute);
		if (selector.n > 0) {
			c->selector = selector_new(selector, error);
			if (c->selector == NULL)
				return -1;
		}
	} else {
		return fail(error, ERROR_USAGE, 0, "\"%s\" is neither @attribute nor name=SELECTOR",
		    str_printable(word, shown, sizeof shown));
	}
	if (c->attribute.n > 0 && !is_attribute_name(c->attribute)) {
		column_release(c);
		return fail(error, ERROR_USAGE, 0, "\"@%s\" is not an attribute's name",
		    str_printable(c->attribute, shown, sizeof shown));
	}
	x->n++;
	return 0;
}

/* ---- values ---- */

static bool
is_url_attribute(struct str name)
{
	return str_is_nocase(name, "href") || str_is_nocase(name, "src") || str_is_nocase(name, "action") ||
	    str_is_nocase(name, "formaction") || str_is_nocase(name, "poster");
}

static void
add_url(const struct extractor *x, struct str value, struct buf *out)
{
	struct url u;
	char *text;

	url_init(&u);
	if (x->has_base && url_parse(&u, value, &x->base, NULL) == 0) {
		text = url_text(&u);
		buf_add_str(out, str_of(text));
		free(text);
	} else {
		buf_add_str(out, value);
	}
	url_release(&u);
}

/* False when the column has nothing here (JSON shows null). */
static bool
add_value(const struct extractor *x, const struct column *c, uint32_t row, struct buf *out)
{
	uint32_t node = c->selection != NULL ? selection_first(c->selection, row) : row;
	bool has = true;

	if (node == PAGE_NONE)
		return false;
	if (c->attribute.n > 0) {
		char *name = str_dup(c->attribute);
		struct str value = page_attr(x->p, node, name, &has);

		free(name);
		if (has && is_url_attribute(c->attribute))
			add_url(x, value, out);
		else
			buf_add_str(out, value);
	} else if (x->options->html) {
		page_outer_html(x->p, node, x->options->work, out);
	} else if (page_keeps_space(x->p, node)) {
		page_text_exact(x->p, node, x->options->work, out);
		if (!x->exact && out->len > 0 && out->data[out->len - 1] == '\n')
			out->data[--out->len] = '\0';
	} else {
		page_text_line(x->p, node, x->options->work, out);
	}
	return has;
}

/* ---- formats ---- */

static void
put_tsv(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
}

static void
put_csv(struct str s, struct buf *out)
{
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		quote = quote || strchr(",\"\n\r", s.p[i]) != NULL;
	if (!quote) {
		buf_add_str(out, s);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, s.p[i]);
	}
	buf_add_char(out, '"');
}

static void
put_cell(const struct extractor *x, size_t i, struct str value, bool has)
{
	bool named = x->n > 1 || x->columns[0].name.n > 0;

	if (x->options->format == EXTRACT_JSON) {
		if (named) {
			buf_add_str(x->out, i > 0 ? STR(", ") : STR("{"));
			json_add_string(x->out, x->columns[i].name);
			buf_add_str(x->out, STR(": "));
		}
		if (has)
			json_add_string(x->out, value);
		else
			buf_add_str(x->out, STR("null"));
		if (named && i + 1 == x->n)
			buf_add_char(x->out, '}');
		return;
	}
	if (i > 0)
		buf_add_char(x->out, x->options->format == EXTRACT_CSV ? ',' : '\t');
	if (x->exact)
		buf_add_str(x->out, value);
	else if (x->options->format == EXTRACT_CSV)
		put_csv(value, x->out);
	else
		put_tsv(value, x->out);
}

static void
start_row(struct extractor *x)
{
	if (x->options->format == EXTRACT_JSON)
		buf_add_str(x->out, x->rows == 0 ? STR("[\n  ") : STR(",\n  "));
}

static void
put_row(struct extractor *x, uint32_t node, const char *text)
{
	struct buf value;

	start_row(x);
	buf_init(&value, PAGE_MAX_BYTES);
	for (size_t i = 0; i < x->n; i++) {
		bool has = true;

		buf_clear(&value);
		if (node != PAGE_NONE)
			has = add_value(x, &x->columns[i], node, &value);
		else
			buf_add_str(&value, str_of(text));
		work_spend(x->options->work, value.len);
		put_cell(x, i, buf_str(&value), has);
		x->values += has;
		x->out->full = x->out->full || value.full;
	}
	buf_release(&value);
	if (x->options->format != EXTRACT_JSON)
		buf_add_char(x->out, '\n');
	x->rows++;
}

static void
put_header(struct extractor *x)
{
	if (!x->options->header || x->options->format == EXTRACT_JSON)
		return;
	for (size_t i = 0; i < x->n; i++)
		put_cell(x, i, x->columns[i].name, true);
	buf_add_char(x->out, '\n');
}

/* ---- the whole ---- */

/* There are n matches. */
static void
start(struct extractor *x, size_t n)
{
	const struct extract_options *o = x->options;

	x->exact = o->exact && (n == 1 || o->limit == 1) && x->n == 1 && x->columns[0].name.n == 0 && !o->header &&
	    o->format == EXTRACT_TSV;
}

static bool
more_rows(const struct extractor *x)
{
	return (x->options->limit == 0 || x->rows < x->options->limit) && !x->out->full &&
	    work_spend(x->options->work, 1);
}

static int
run_xpath(struct extractor *x, struct str expression, struct error *error)
{
	struct xpath_item *items;
	int n = xpath_select(x->p, expression, x->options->work, &items, error);

	if (n > 0)
		start(x, (size_t)n);
	for (int i = 0; i < n; i++) {
		if (more_rows(x))
			put_row(x, items[i].node, items[i].text);
		free(items[i].text);
	}
	free(items);
	return n < 0 ? -1 : 0;
}

static int
run_selector(struct extractor *x, struct str text, struct error *error)
{
	struct selector *s = selector_new(text, error);
	uint32_t *nodes;
	size_t n;

	if (s == NULL)
		return -1;
	n = selector_select(s, x->p, PAGE_NONE, x->options->work, &nodes);
	start(x, n);
	for (size_t i = 0; i < n && more_rows(x); i++)
		put_row(x, nodes[i], NULL);
	free(nodes);
	selector_free(s);
	return 0;
}

static int
read_columns(struct extractor *x, const struct str *words, size_t n, struct error *error)
{
	if (n == 0)
		return fail(error, ERROR_USAGE, 0, "a selector is expected");
	for (size_t i = 1; i < n; i++)
		if (add_column(x, words[i], x->options->marks != NULL ? x->options->marks[i] : NULL, error) != 0)
			return -1;
	if (x->n == 0)
		x->columns[x->n++] = (struct column){ .selector = NULL };
	if (n == 2 && x->columns[0].name.p == x->columns[0].attribute.p)
		x->columns[0].name = (struct str){ NULL, 0 }; /* one attribute: values, no objects */
	return 0;
}

static int
run(struct extractor *x, const struct str *words, size_t n, struct error *error)
{
	size_t begin = x->out->len;
	char shown[100], what[120];
	int status;

	if (read_columns(x, words, n, error) != 0)
		return -1;
	for (size_t i = 0; i < x->n; i++)
		if (x->columns[i].selector != NULL)
			x->columns[i].selection = selection_new(x->columns[i].selector, x->p, x->options->work);
	put_header(x);
	status = x->options->xpath ? run_xpath(x, words[0], error) : run_selector(x, words[0], error);
	if (status == 0 && x->values == 0) {
		x->rows = 0;
		x->out->len = begin;
	}
	if (status == 0 && x->options->format == EXTRACT_JSON)
		buf_add_str(x->out, x->rows == 0 ? STR("[]\n") : STR("\n]\n"));
	if (status == 0) {
		snprintf(what, sizeof what, "extracting \"%s\"", str_printable(words[0], shown, sizeof shown));
		status = page_whole(x->options->work, x->out, what, error);
	}
	return status;
}

static void
release_columns(struct extractor *x)
{
	for (size_t i = 0; i < x->n; i++)
		column_release(&x->columns[i]);
}

int
page_extract(const struct page *p, const struct str *words, size_t n_words, const struct extract_options *options,
    struct buf *out, struct error *error)
{
	struct extractor x = { .p = p, .options = options, .out = out };
	struct url document;
	int status;

	url_init(&x.base);
	url_init(&document);
	if (options->base_url != NULL && url_parse(&document, str_of(options->base_url), NULL, NULL) == 0)
		x.has_base = url_parse(&x.base, p->base_href, &document, NULL) == 0;
	status = run(&x, words, n_words, error);
	release_columns(&x);
	url_release(&x.base);
	url_release(&document);
	return status == 0 ? (int)x.rows : -1;
}

int
page_extract_check(const struct str *words, size_t n_words, const struct extract_options *options, struct error *error)
{
	struct extractor x = { .options = options };
	int status = read_columns(&x, words, n_words, error);

	release_columns(&x);
	return status == 0 ? page_count(NULL, words[0], options->xpath, options->work, error) : -1;
}

int
page_count(const struct page *p, struct str text, bool xpath, struct work *work, struct error *error)
{
	static const struct page empty;
	struct xpath_item *items;
	struct selector *s = NULL;
	uint32_t *nodes;
	int n;

	if (xpath) {
		n = xpath_select(p != NULL ? p : &empty, text, work, &items, error);
		for (int i = 0; i < n; i++)
			free(items[i].text);
		free(items);
		return n;
	}
	s = selector_new(text, error);
	if (s == NULL)
		return -1;
	n = p != NULL ? (int)selector_select(s, p, PAGE_NONE, work, &nodes) : 0;
	if (p != NULL)
		free(nodes);
	selector_free(s);
	return work == NULL || work->ended == WORK_GOES_ON ? n : work_fail(work, error, "counting matches");
}
