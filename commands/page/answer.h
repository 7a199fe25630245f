/* What the commands that answer from the loaded page have in common. */
#ifndef COMMANDS_PAGE_ANSWER_H
#define COMMANDS_PAGE_ANSWER_H

#include "commands/command.h"
#include "commands/html/page.h"

/* The session's page, owned there. NULL with the reason; ERROR_LIMIT for a page that was read in part, unless the
 * part is asked for (set partial). */
struct page *page_load(struct call *call, struct work *work);

/* Puts the text where the command's content goes. */
void page_put(struct call *call, const struct buf *text);
/* The same when it is whole, an error when the bound on the work came first; what: "listing the links". */
int page_answer(struct call *call, const struct work *work, const struct buf *text, const char *what);

#endif
