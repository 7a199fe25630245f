/* Pages made of their arrays, without a parser: any size and shape, in no time. */
#ifndef TESTS_FUZZ_HTML_MADE_PAGE_H
#define TESTS_FUZZ_HTML_MADE_PAGE_H

#include "commands/html/page.h"

struct made_page {
	struct page page;
	uint32_t cap_nodes, cap_attrs;
	uint32_t open; /* the innermost open element, PAGE_NONE none */
};

/* tag: "div class=x id=y"; it and text stay where they are as long as the page. */
void made_open(struct made_page *m, const char *tag);
void made_close(struct made_page *m, unsigned times);
void made_text(struct made_page *m, const char *text);
/* times `piece`: tags in <>, </ for the end of the innermost open one, everything else is text: "<li>x</". */
void made_add(struct made_page *m, const char *piece, unsigned times);
void made_done(struct made_page *m); /* closes what is open; the page can be asked */
void made_release(struct made_page *m);

#endif
