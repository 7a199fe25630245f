/* Text as parts (ended by NUL), lines and words, so that mutations also move, drop and repeat those. */
#ifndef TESTS_FUZZ_LINES_H
#define TESTS_FUZZ_LINES_H

#include "tests/fuzz/tree.h"

static inline void
lines_describe(struct tree *t, const uint8_t *data, size_t size)
{
	static const char ends[3] = { ' ', '\n', '\0' };
	size_t start[3] = { 0, 0, 0 };

	tree_init(t, data, size);
	for (size_t i = 0; i < size; i++)
		for (int level = 2; level >= 0; level--) {
			if (data[i] != ends[level])
				continue;
			/* what ends a part also ends its last line and word */
			for (int k = level; k >= 0; k--) {
				tree_field(t, TREE_ROOT, start[k], i + 1);
				start[k] = i + 1;
			}
		}
}

#endif
