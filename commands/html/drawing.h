/*
 * A tree as it comes out of a box: the events of a walk over it, in the bytes of this machine. A process sent it that
 * may have been taken over: drawing_read() builds the page's nodes from it or refuses it.
 *
 *	DRAW_OPEN   uint32_t token, uint32_t n, n bytes     an element: the number of its start tag's token and n = 0,
 *	                                                    or PAGE_NONE and its name (invented)
 *	DRAW_TEXT   uint32_t n, n bytes of UTF-8 without NUL
 *	DRAW_CLOSE                                          the element that is open
 *	DRAW_END                                            nothing is open, nothing follows
 *
 * Private to commands/html.
 */
#ifndef COMMANDS_HTML_DRAWING_H
#define COMMANDS_HTML_DRAWING_H

#include "commands/html/private.h"

enum { DRAW_OPEN = 'o', DRAW_TEXT = 't', DRAW_CLOSE = 'c', DRAW_END = 'e' };
enum { DRAW_NAME_MAX = 64 };

/* ---- in the box ---- */
void drawing_open(struct buf *out, uint32_t token, struct str name);
void drawing_text(struct buf *out, struct str text);
void drawing_close(struct buf *out);
void drawing_end(struct buf *out);

/* ---- behind it ---- */
/* p has its tokens and gets its nodes; texts stay views of `drawing`. Above PAGE_MAX_NODES and PAGE_MAX_DEPTH nodes are
 * left out and p is truncated. False when these bytes are no drawing. Then, and when the work ended, p is to be
 * freed. */
bool drawing_read(struct page *p, struct str drawing, struct work *work);

#endif
