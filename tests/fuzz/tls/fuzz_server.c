/*
 * A server's bytes as they come from the network into a client whose randomness is fixed, so that recorded servers are
 * understood to the end. The first byte chooses the client's settings; then come the bytes, in one or two pieces.
 */
#include "tests/fuzz/tls/fuzz_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_config config;
	struct tls *t;

	if (size == 0)
		return 0;
	fuzz_config(&config, data[0]);
	t = fuzz_engine(&config, NULL);
	if (tls_start(t, NULL) == 0) {
		size_t half = data[0] & 32 ? (size - 1) / 2 : size - 1;

		fuzz_give(t, data + 1, half);
		fuzz_give(t, data + 1 + half, size - 1 - half);
	}
	fuzz_client_end(t);
	return 0;
}
