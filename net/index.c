/* A hash of positions, with names in an array of somebody else's. */
#include "net/index.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

void
index_release(struct index *ix)
{
	free(ix->slots);
	ix->slots = NULL;
	ix->n = ix->cap = 0;
}

/* FNV-1a: names are what a person or a script gives them. */
static size_t
slot_of(const struct index *ix, struct str name)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < name.n; i++) {
		hash ^= (uint8_t)(ix->nocase ? ascii_lower(name.p[i]) : name.p[i]);
		hash *= 1099511628211u;
	}
	return (size_t)(hash ^ hash >> 32) & (ix->cap - 1);
}

size_t
index_find(const struct index *ix, const void *things, struct str name)
{
	if (ix->n == 0)
		return INDEX_NONE;
	for (size_t i = slot_of(ix, name); ix->slots[i] != 0; i = (i + 1) & (ix->cap - 1)) {
		struct str own = ix->name(things, ix->slots[i] - 1);

		if (ix->nocase ? str_eq_nocase(own, name) : str_eq(own, name))
			return ix->slots[i] - 1;
	}
	return INDEX_NONE;
}

static void
put(struct index *ix, const void *things, size_t at)
{
	size_t i = slot_of(ix, ix->name(things, at));

	while (ix->slots[i] != 0)
		i = (i + 1) & (ix->cap - 1);
	ix->slots[i] = (uint32_t)at + 1;
	ix->n++;
}

void
index_add(struct index *ix, const void *things, size_t at)
{
	if (2 * (ix->n + 1) > ix->cap)
		index_renew(ix, things, at);
	put(ix, things, at);
}

void
index_renew(struct index *ix, const void *things, size_t n)
{
	size_t cap = FIRST_SLOTS;

	while (cap < 4 * (n + 1))
		cap *= 2;
	free(ix->slots);
	ix->slots = mem_alloc(cap * sizeof *ix->slots);
	ix->cap = cap;
	ix->n = 0;
	for (size_t i = 0; i < n; i++)
		put(ix, things, i);
}
