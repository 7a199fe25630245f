/*
 * Structure-aware mutation: an input as a tree of elements with their lengths in front, so that a change inside leaves
 * every length around it right. A target describes its input by adding nodes; DER describes itself.
 *
 *	tree_init(&t, data, size); ... tree_vector(&t, TREE_ROOT, ...) ... tree_der(&t, parent, from, to) ...
 *	return tree_mutate(&t, data, max_size, seed);
 */
#ifndef TESTS_FUZZ_TREE_H
#define TESTS_FUZZ_TREE_H

#include "net/bytes.h"

enum { TREE_MAX_NODES = 4096, TREE_MAX_SIZE = 65536, TREE_ROOT = -1 };

/* Bytes start .. content are what stands in front: fixed ones, and from `length` on the length of content .. end. */
struct tree_node {
	size_t start, length, content, end;
	int parent;
	bool der; /* its length is DER's, else big-endian of content - length bytes, 0 bytes = none */
};

struct tree {
	const uint8_t *data;
	size_t size;
	struct tree_node nodes[TREE_MAX_NODES];
	int n;
};

void tree_init(struct tree *t, const uint8_t *data, size_t size);
/* A node at `start`: `front` bytes, a length of `width` bytes, contents. Its number; -1 when it does not fit into
 * `end`, or there are too many. */
int tree_vector(struct tree *t, int parent, size_t start, size_t front, unsigned width, size_t end);
/* A node of fixed extent without a length: a field. */
int tree_field(struct tree *t, int parent, size_t start, size_t end);
/* Every DER element in start .. end, and those inside (also inside OCTET and BIT STRINGs that hold DER). False when the
 * bytes are not DER to the end; what was found stays. */
bool tree_der(struct tree *t, int parent, size_t start, size_t end);

/* One change of data (which the tree describes and which has room for max bytes); the new size. */
size_t tree_mutate(const struct tree *t, uint8_t *data, size_t max, unsigned seed);
/* The same, with an element of another input in place of, or in front of, one of this. */
size_t tree_cross(const struct tree *t, const struct tree *other, uint8_t *data, size_t max, unsigned seed);

/* A dice by xorshift; seed 0 is fine. */
struct dice {
	uint64_t state;
};
struct dice dice_of(unsigned seed);
size_t dice_below(struct dice *d, size_t n); /* 0 .. n - 1; n > 0 */

/* libFuzzer's own mutation; tests/support/fuzz_replay.c has a plain one. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

#endif
