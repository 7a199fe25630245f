/* Bytes to UTF-8 by the encoding sniffing of the HTML Living Standard, section 13.2.3. Private to commands/html. */
#ifndef COMMANDS_HTML_ENCODING_H
#define COMMANDS_HTML_ENCODING_H

#include "net/buf.h"
#include "net/work.h"

/* Appends the text as UTF-8 with CR and CRLF as LF; *name is the encoding used (static or from the table). */
void page_decode(struct str bytes, const char *content_type, struct work *work, struct buf *out, const char **name);

#endif
