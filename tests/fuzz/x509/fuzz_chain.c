/* Chains of certificates (chain.h), mutated element by element. */
#include <string.h>

#include "tests/fuzz/x509/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t max,
    unsigned seed);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chain_outcome outcome;

	chain_run(data, size, &outcome);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static struct tree tree;

	chain_describe(&tree, data, size);
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
	chain_describe(&tree, out, a_size);
	chain_describe(&other, b, b_size);
	return tree_cross(&tree, &other, out, max, seed);
}
