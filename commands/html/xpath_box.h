/*
 * XPath in a box, numbers as uint32_t and texts with their length in front.
 * Input: the expression; of each node a byte for its kind, its parent, its name or text, the count of its attributes,
 * and of each of them name and value. Output: enum xpath_answer as a byte; of each item its node, and behind PAGE_NONE
 * its text. Private to commands/html.
 */
#ifndef COMMANDS_HTML_XPATH_BOX_H
#define COMMANDS_HTML_XPATH_BOX_H

#include "net/buf.h"

enum xpath_answer { XPATH_ITEMS = 'i', XPATH_TOO_MUCH = 'm', XPATH_NOT_UNDERSTOOD = 'u' };

bool xpath_box_prepare(void); /* loads libxml2 */
void xpath_box_run(struct str input, struct buf *output);

#endif
