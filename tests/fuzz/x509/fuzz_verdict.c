/* Chains of certificates (chain.h), mutated element by element and signed again: what is accepted, OpenSSL accepts
 * (verdict.h). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/mutator.h"
#include "tests/fuzz/x509/verdict.h"

static void
compare(const struct chain_accepted *a)
{
	const char *known, *why = verdict_differs(a, &known);

	if (why == NULL)
		return;
	fprintf(stderr, "accepted here, refused by OpenSSL: %s\n", why);
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chain_outcome outcome;

	chain_run(data, size, &outcome, compare);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	chain_describe(t, data, size);
}
