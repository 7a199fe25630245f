/*
 * Bytes to answers. A page is parsed once per response into flat arrays, by a WHATWG tokenizer and libtidy behind it,
 * which runs in a box (box.h); selectors and text are answered from the arrays. Closed library, prints nothing.
 *
 * A page has any size and shape, so every question takes the bound on its work (net/work.h; NULL: none). An answer
 * whose work ended is only a part of one: whoever shows it asks work->ended, or calls page_whole(), before.
 */
#ifndef COMMANDS_HTML_PAGE_H
#define COMMANDS_HTML_PAGE_H

#include "net/buf.h"
#include "net/error.h"
#include "net/marks.h"
#include "net/str.h"
#include "net/work.h"

enum {
	PAGE_MAX_BYTES = 64 << 20, /* of input parsed */
	PAGE_MAX_NODES = 4 << 20,
	PAGE_MAX_DEPTH = 4096
};

enum page_node_kind { PAGE_ELEMENT, PAGE_TEXT, PAGE_COMMENT };

struct page_attr {
	struct str name, value;
};

/* Nodes stand in document order; the subtree of node i is i .. end-1. */
struct page_node {
	uint8_t kind;
	uint32_t parent, end;         /* parent of a root: PAGE_NONE */
	uint32_t prev, next, first;   /* sibling elements and first child element, PAGE_NONE when none */
	uint32_t first_attr, n_attrs; /* into page->attrs */
	struct str name;              /* elements: lower case (SVG names as written); text and comments: "" */
	struct str text;              /* text and comment nodes */
	size_t offset;                /* byte in the source where the start tag began; SIZE_MAX invented */
};
#define PAGE_NONE UINT32_MAX

struct page {
	struct page_node *nodes;
	uint32_t n_nodes;
	struct page_attr *attrs;
	uint32_t n_attrs;
	const char *encoding; /* the one used, "UTF-8" */
	bool truncated;       /* beyond PAGE_MAX_DEPTH or PAGE_MAX_NODES: the tree is what stands above */
	char *truncated_why;
	struct str base_href; /* of the first <base href>; empty when none */
	struct page_private *more;
};

/* content_type: the header's value or NULL (for its charset). Bad HTML is still a page. NULL with ERROR_LIMIT beyond
 * PAGE_MAX_BYTES and for a page that takes libtidy too much memory or CPU time, ERROR_OTHER when it crashes, and as the
 * work ends. */
struct page *page_new(struct str bytes, const char *content_type, struct work *work, struct error *error);
void page_free(struct page *p);

/* A text as UTF-8: as it is when it is that, else by the encoding that page_new() finds. */
void page_as_utf8(struct str bytes, const char *content_type, struct work *work, struct buf *out);

struct str page_attr(const struct page *p, uint32_t node, const char *name, bool *found); /* found may be NULL */
/* Text as a reader sees it: white space collapsed, blocks separated, script and style left out. */
void page_text(const struct page *p, uint32_t node, struct work *work, struct buf *out);
/* Text on one line, trimmed: for extract. */
void page_text_line(const struct page *p, uint32_t node, struct work *work, struct buf *out);
/* Whether white space of its text means something: pre, textarea, script. And text as it stands there, nothing left
 * out. */
bool page_keeps_space(const struct page *p, uint32_t node);
void page_text_exact(const struct page *p, uint32_t node, struct work *work, struct buf *out);
void page_inner_html(const struct page *p, uint32_t node, struct work *work, struct buf *out);
void page_outer_html(const struct page *p, uint32_t node, struct work *work, struct buf *out);
void page_title(const struct page *p, struct work *work, struct buf *out);
/* 0, or -1 when the work ended or the answer did not fit into out; what: "links". */
int page_whole(const struct work *work, const struct buf *out, const char *what, struct error *error);

struct page_link {
	struct str href, text_name;
	uint32_t node;
	const char *what;
}; /* what: "a", "link", "area", "iframe"... */
/* In document order; free(*links). */
size_t page_links(const struct page *p, struct work *work, struct page_link **links);

/* ---- selectors (Selectors level 3 plus :is :where :not(list) :has, level 4 attribute flags, :contains) ---- */
struct selector;
struct selector *selector_new(struct str text, struct error *error); /* ERROR_USAGE, caret position in error->code */
void selector_free(struct selector *s);
/* Every match inside `root`, which is :scope then (PAGE_NONE: the whole page), in document order; free(*nodes). */
size_t
selector_select(const struct selector *s, const struct page *p, uint32_t root, struct work *work, uint32_t **nodes);

/* ---- extract ---- */
enum extract_format { EXTRACT_TSV, EXTRACT_CSV, EXTRACT_JSON };
struct extract_options {
	enum extract_format format;
	bool html;   /* outer HTML instead of text */
	bool header; /* column names as first line */
	bool xpath;
	bool exact;                  /* a single value of EXTRACT_TSV keeps its newlines and tabs */
	const char *base_url;        /* href and src are resolved against it; NULL = as written */
	uint32_t limit;              /* rows, 0 = all */
	const uint8_t *const *marks; /* of the words (net/marks.h): = and @ of a column were written; NULL: all was */
	struct work *work;
};
/* words: "SELECTOR", then any of "@attr" and "name=SELECTOR", "name=SELECTOR@attr", "name=@attr". Appends the answer
 * to out. Count of rows (0 is no error here; a match whose columns have nothing is none), -1 with ERROR_USAGE, or as
 * page_whole() fails. */
int page_extract(const struct page *p, const struct str *words, size_t n_words, const struct extract_options *options,
    struct buf *out, struct error *error);
/* What is wrong with the words, without a page: 0, or -1 as page_extract() fails. */
int
page_extract_check(const struct str *words, size_t n_words, const struct extract_options *options, struct error *error);
/* How many matches a selector or an XPath expression has; p NULL: none, only what is wrong with it. Fails as
 * page_extract(). */
int page_count(const struct page *p, struct str text, bool xpath, struct work *work, struct error *error);

/* ---- clean (libtidy's own repair) ---- */
/* out: the repaired page as UTF-8; report: tidy's diagnostics, one per line. Either may be NULL. Fails as
 * page_new(). */
int page_clean(struct str bytes, const char *content_type, bool indent, struct buf *out, struct buf *report,
    struct work *work, struct error *error);

/* For Tab: every distinct id ("#x"), class (".y") and element name that starts with prefix. free each and *words. */
size_t page_complete(const struct page *p, struct str prefix, struct work *work, char ***words);

#endif
