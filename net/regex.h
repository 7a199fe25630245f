/*
 * POSIX extended regular expressions (IEEE 1003.1, section 9.4), asked of texts that a server sent. TRE follows all
 * ways through a pattern at once: the time is linear in the text's length, never a power of it. Back references, which
 * are not in the standard and cannot be had at that price, are refused; so is a pattern that is too large with its
 * repetitions written out, for TRE's tables grow with the square of that.
 */
#ifndef NET_REGEX_H
#define NET_REGEX_H

#include <stdbool.h>

#include "net/error.h"
#include "net/str.h"
#include "net/work.h"

enum { REGEX_MAX_SIZE = 300 }; /* characters of a pattern, a{3} counting as aaa */

/* Whether the pattern matches somewhere in the text (UTF-8; a byte that belongs to no character is one of its own, NUL
 * is as any other). 1 or 0; -1 with ERROR_USAGE for a pattern that is none, ERROR_LIMIT for one that is too large, or
 * as the work ends. Letters are those of the locale (LC_CTYPE). */
int regex_search(struct str pattern, struct str text, struct work *work, struct error *error);

#endif
