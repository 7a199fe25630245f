/* Chains of certificates (chain.h), mutated element by element. */
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/x509/chain.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chain_outcome outcome;

	chain_run(data, size, &outcome, NULL);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	chain_describe(t, data, size);
}
