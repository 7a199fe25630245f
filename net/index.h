/*
 * Where the things of an array stand, by their names: a hash of positions. The array stays as it is, in its order;
 * the index is told what was added behind its end, and is made anew when something was removed.
 *
 *	struct index ix = { .name = name_of, .nocase = true };
 *	if (index_find(&ix, things, name) == INDEX_NONE) { things[n] = ...; index_add(&ix, things, n++); }
 */
#ifndef NET_INDEX_H
#define NET_INDEX_H

#include "net/str.h"

#define INDEX_NONE SIZE_MAX

struct index {
	struct str (*name)(const void *things, size_t at);
	bool nocase;     /* ASCII letters are equal to their capitals */
	uint32_t *slots; /* position + 1, 0 free; never more than half of them taken */
	size_t n, cap;
};

void index_release(struct index *ix);
/* The position of the thing of that name, INDEX_NONE when there is none. */
size_t index_find(const struct index *ix, const void *things, struct str name);
/* The thing at that position, whose name no other has. */
void index_add(struct index *ix, const void *things, size_t at);
/* All n things. */
void index_renew(struct index *ix, const void *things, size_t n);

#endif
