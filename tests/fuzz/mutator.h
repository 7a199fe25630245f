/*
 * libFuzzer's entry points for a target whose input is a tree (tree.h); included once, by the target, which defines
 * describe(): it adds the nodes.
 */
#ifndef TESTS_FUZZ_MUTATOR_H
#define TESTS_FUZZ_MUTATOR_H

#include <string.h>

#include "tests/fuzz/tree.h"

static void describe(struct tree *t, const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
    size_t max, unsigned seed);

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static struct tree tree;

	describe(&tree, data, size);
	return tree_mutate(&tree, data, max, seed);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t max,
    unsigned seed)
{
	static struct tree tree, other;

	if (a_size > max)
		return 0;
	memcpy(out, a, a_size);
	describe(&tree, out, a_size);
	describe(&other, b, b_size);
	return tree_cross(&tree, &other, out, max, seed);
}

#endif
