/*
 * Tokens to a stream that tidy reads without harm (measured on real pages): every start tag carries its token's number
 * and nothing else, raw text and unknown markup are kept aside, inline elements that hold blocks become blocks, table
 * parts stand in tables. Private to commands/html.
 */
#ifndef COMMANDS_HTML_NORMAL_H
#define COMMANDS_HTML_NORMAL_H

#include "commands/html/tokens.h"

#define NORMAL_ATTRIBUTE "data-hs"
#define NORMAL_BLOCK "hs-block"
#define NORMAL_INLINE "hs-inline"

/* False when elements deeper than PAGE_MAX_DEPTH were left out. */
bool normal_write(const struct tokens *t, struct work *work, struct buf *out);
bool normal_is_raw(struct str name); /* its text was kept aside: the token after the start tag */
bool normal_is_void(struct str name);
bool normal_is_block(struct str name);

#endif
