/* XPath 1.0 over the arrays, by libxml2. Private to commands/html; libxml2's header stands in xpath.c only. */
#ifndef COMMANDS_HTML_XPATH_H
#define COMMANDS_HTML_XPATH_H

#include "commands/html/page.h"

enum { XPATH_MAX_OPERATIONS = 10 * 1000 * 1000 };

/* One answer: a node of the page, or text (an attribute's value, a string, a number). */
struct xpath_item {
	uint32_t node;           /* PAGE_NONE: text */
	char *text;
};
/* Count, or -1 with ERROR_USAGE (ERROR_LIMIT beyond XPATH_MAX_OPERATIONS). Free each text and *items. */
int xpath_select(const struct page *p, struct str expression, struct work *work, struct xpath_item **items,
    struct error *error);

#endif
