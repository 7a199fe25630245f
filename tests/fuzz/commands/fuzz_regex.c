/* A pattern, a newline and a text: an answer or a sentence, in bounded work. */
#include <stdlib.h>
#include <string.h>

#include "net/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 4096, WORK = 200000000 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from(data, size), pattern = str_cut(&text, '\n');
	struct work work = { .left = WORK };
	struct error error = { .kind = ERROR_NONE };
	int found;

	text = str_slice(text, 0, TEXT_MAX);
	found = regex_search(pattern, text, &work, &error);
	if (found < -1 || found > 1 || (found < 0) != (error.kind != ERROR_NONE) ||
	    (found < 0 && error.text[0] == '\0'))
		abort();
	if (error.kind != ERROR_NONE && error.kind != ERROR_USAGE && error.kind != ERROR_LIMIT)
		abort();
	if (work.spent > WORK + (uint64_t)WORK_PERIOD)
		abort();
	return 0;
}
