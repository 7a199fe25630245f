/* The first byte chooses the codings, the second the piece size; what comes out is limited and counted. */
#include <stdlib.h>

#include "net/buf.h"
#include "net/http/coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX = 1 << 20, WORK = 6 << 20 };

static int
count(void *context, const uint8_t *p, size_t n, struct error *error)
{
	(void)p;
	(void)error;
	*(uint64_t *)context += n;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const lists[] = { "gzip", "deflate", "br", "zstd", "gzip, deflate", "br, gzip",
		"zstd, identity, br", "gzip,gzip,gzip,gzip,gzip" };
	uint64_t total = 0;
	struct work work = { .left = WORK };
	const struct coding_limits limits = { .max = MAX, .ratio = 100, .work = &work };
	struct coding_out out = { count, &total };
	struct coding *c;
	size_t piece;
	int result = 0;

	if (size < 2)
		return 0;
	piece = data[1] > 0 ? data[1] : 100000;
	if (coding_new(&c, str_of(lists[data[0] & 7]), &limits, &out, NULL) != 0 || c == NULL)
		abort();
	for (size_t at = 2; at < size && result == 0; at += piece)
		result = coding_push(c, data + at, size - at < piece ? size - at : piece, NULL);
	if (result == 0)
		coding_finish(c, NULL);
	coding_free(c);
	if (total > MAX || work.spent > WORK + CODING_PIECE)
		abort();
	return 0;
}
