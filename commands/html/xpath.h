/* XPath 1.0 over the arrays, by libxml2 in a box. Private to commands/html; libxml2's header stands in xpath_box.c
 * only. */
#ifndef COMMANDS_HTML_XPATH_H
#define COMMANDS_HTML_XPATH_H

#include "commands/html/page.h"

enum { XPATH_MAX_OPERATIONS = 10 * 1000 * 1000, XPATH_SECONDS = 5 };

/* One answer: a node of the page, or text (an attribute's value, a string, a number). */
struct xpath_item {
	uint32_t node; /* PAGE_NONE: text */
	char *text;
};
/* Count, or -1 with ERROR_USAGE (ERROR_LIMIT beyond XPATH_MAX_OPERATIONS), or as box_run(). Free each text and
 * *items. */
int xpath_select(const struct page *p, struct str expression, struct work *work, struct xpath_item **items,
    struct error *error);

/* What came out of the box, any bytes: the count, -1 when these are no items. */
int xpath_items_read(const struct page *p, struct str bytes, struct xpath_item **items);

#endif
