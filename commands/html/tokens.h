/* The WHATWG tokenizer (HTML Living Standard, section 13.2.5): a page's text to tokens. Private to commands/html. */
#ifndef COMMANDS_HTML_TOKENS_H
#define COMMANDS_HTML_TOKENS_H

#include "commands/html/page.h"

enum token_kind { TOKEN_TEXT, TOKEN_START, TOKEN_END, TOKEN_COMMENT, TOKEN_DOCTYPE };
enum { TOKENS_MAX = 8 << 20, TOKEN_MAX_ATTRS = 1000 };

struct token {
	uint8_t kind;
	bool self_closing;
	uint32_t first_attr, n_attrs;
	struct str name; /* of tags: lower case */
	struct str text; /* of text (references decoded), comments */
	size_t offset;   /* byte of the source */
};

struct chunk;
struct tokens {
	struct token *items;
	size_t n, cap;
	struct page_attr *attrs;
	size_t n_attrs, cap_attrs;
	struct chunk *chunks; /* text that is not a view of the source */
};

/* source (UTF-8, newlines normalised) must outlive the tokens. Ends early when the work does. */
void tokens_read(struct tokens *t, struct str source, struct work *work);
void tokens_release(struct tokens *t);
struct str tokens_keep(struct tokens *t, struct str text); /* a copy that lives as long as t */

#endif
