/*
 * What the bytes of a word are. A word of a command is put together from what a person wrote and from the values of
 * variables, which may be what a server sent. So beside its text stand marks, one for each byte and one for its end:
 * operators, options, sub-commands and names of commands are looked for among the bytes that were written, all others
 * are data.
 *
 * NULL for marks: all of the text was written bare.
 */
#ifndef NET_MARKS_H
#define NET_MARKS_H

#include "net/str.h"

enum {
	MARK_BARE,     /* written */
	MARK_QUOTED,   /* written between quotes */
	MARK_ESCAPED,  /* written behind a backslash: data */
	MARK_VALUE,    /* a variable's value: data */
	MARK_KIND = 3, /* one of these */
	MARK_EMPTY = 4 /* and in front of the byte stands a value, or a pair of quotes, with nothing in it */
};

/* Byte i was written, bare or in quotes. */
bool mark_written(const uint8_t *marks, size_t i);
/* Byte i is a variable's. */
bool mark_value(const uint8_t *marks, size_t i);
/* All n bytes were, and nothing empty stands between them or behind them (where the word ends). */
bool marks_written(const uint8_t *marks, size_t n);
/* The same, and without quotes. */
bool marks_bare(const uint8_t *marks, size_t n);
/* Something empty stands in front of byte i. */
bool mark_behind_empty(const uint8_t *marks, size_t i);
/* The first c that was written; -1 when there is none. */
ptrdiff_t marks_find(struct str text, const uint8_t *marks, char c);
/* As str_cut() at that c; *marks goes along with *rest. */
struct str marks_cut(struct str *rest, const uint8_t **marks, char c);

#endif
