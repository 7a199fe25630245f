/* Whole server flights (flight.h), mutated by their structure. */
#include <string.h>

#include "tests/fuzz/tls/flight.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t max,
    unsigned seed);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flight_outcome outcome;

	flight_run(data, size, &outcome);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static struct tree tree;

	flight_describe(&tree, data, size);
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
	flight_describe(&tree, out, a_size);
	flight_describe(&other, b, b_size);
	return tree_cross(&tree, &other, out, max, seed);
}
