/*
 * XPath in a box. Input: uint32_t length and bytes of the expression; of each node uint8_t kind, uint32_t parent, uint32_t length and bytes
 * of the name or the text, uint32_t count of attributes and of each the name and the value, with lengths. Output: enum xpath_answer as
 * one byte, then of each item uint32_t node, and for PAGE_NONE uint32_t length and bytes of its text.
 * Private to commands/html.
 */
#ifndef COMMANDS_HTML_XPATH_BOX_H
#define COMMANDS_HTML_XPATH_BOX_H

#include "net/buf.h"

enum xpath_answer { XPATH_ITEMS = 'i', XPATH_TOO_MUCH = 'm', XPATH_NOT_UNDERSTOOD = 'u' };

bool xpath_box_prepare(void);      /* loads libxml2 */
void xpath_box_run(struct str input, struct buf *output);

#endif
