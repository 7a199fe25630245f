/*
 * A document of libtidy, for the functions that run in a box: they alone may open one, and it goes with their
 * process. Private to commands/html.
 */
#ifndef COMMANDS_HTML_TIDYDOC_H
#define COMMANDS_HTML_TIDYDOC_H

#include <tidy/tidy.h>
#include <tidy/tidybuffio.h>

#include "commands/html/box.h"

struct tidydoc_option {
	const char *name, *value;
};

/* Without messages unless the caller sets a callback; memory that is out ends the box. */
TidyDoc tidydoc_open(const struct tidydoc_option *options, size_t n);
/* An empty one whose memory ends the box when it is out; libtidy's own tidyBufInit() would write a message. */
void tidydoc_buffer(TidyBuffer *buffer);
void tidydoc_parse(TidyDoc doc, struct str text); /* UTF-8 */

/* Outside the box: fills in the limits for a text of n bytes. */
void tidydoc_limits(struct box *box, size_t n);

#endif
