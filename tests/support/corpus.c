/* Seeds of fuzz targets, written to tests/fuzz/corpus by the unit tests that build them. */
#include "tests/support/corpus.h"

#include <stdio.h>
#include <stdlib.h>

int
corpus_write(const char *folder, const char *name, size_t n, void (*build)(struct buf *out, size_t i))
{
	for (size_t i = 0; i < n; i++) {
		char *path = str_printf("%s/%s-%02zu", folder, name, i);
		FILE *f = fopen(path, "wb");
		struct buf b;

		free(path);
		if (f == NULL)
			return 1;
		build(&b, i);
		fwrite(b.data, 1, b.len, f);
		fclose(f);
		buf_release(&b);
	}
	return 0;
}
