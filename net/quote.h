/*
 * Data as words of a command: text that the shell reads back as the very words, whatever they hold. For hints, and for
 * what is saved as commands.
 *
 *	return hint_words(error, NULL, "save", "--force", path, NULL);
 */
#ifndef NET_QUOTE_H
#define NET_QUOTE_H

#include "net/buf.h"
#include "net/error.h"

/* In quotes, always; one that begins with - is kept from being an option. */
void quote_always(struct buf *out, struct str word);
/* The same, with quotes only when it needs them. */
void quote_word(struct buf *out, struct str word);
/* It needs none; several: words with blanks between, each of which needs none. */
bool quote_needless(struct str text, bool several);

/* The command of these words as the error's hint, each in quotes when it needs them, the remark in front (NULL none).
 * The words are data, but for options ("--force"). NULL ends them. One that is too long is no hint. Returns -1. */
int hint_words(struct error *error, const char *why, ...) __attribute__((sentinel));

#endif
