/* The function in the box that builds a page's tree. Private to commands/html. */
#ifndef COMMANDS_HTML_TREE_TIDY_H
#define COMMANDS_HTML_TREE_TIDY_H

#include "net/buf.h"

/* text: of normal_write(); out: a drawing (drawing.h). */
void tree_by_tidy(struct str text, struct buf *out);

#endif
