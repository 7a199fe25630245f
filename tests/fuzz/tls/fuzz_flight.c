/* Whole server flights (flight.h), mutated by their structure. */
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/tls/flight.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flight_outcome outcome;

	flight_run(data, size, &outcome);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	flight_describe(t, data, size);
}
