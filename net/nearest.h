/*
 * Which of several names a mistyped word was meant to be, for "did you mean":
 *
 *	struct nearest near = { .word = word };
 *
 *	for each name:
 *		nearest_see(&near, name);
 *	if (near.name != NULL) ...
 */
#ifndef NET_NEAREST_H
#define NET_NEAREST_H

#include "net/str.h"

struct nearest {
	struct str word;
	const char *name; /* the first of the nearest so far, borrowed; NULL: none is near enough */
	size_t distance;  /* its str_distance() */
};

/* Near enough: two edits, in a long word one in three letters; of a short word more than half must be right. */
void nearest_see(struct nearest *n, const char *name);

#endif
