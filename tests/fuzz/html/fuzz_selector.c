/* A selector's text against a small page: what is selected matches, and nothing else does. */
#include "tests/fuzz/html/small_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct page *p = small_page();
	struct error error = { .kind = ERROR_NONE };
	struct selector *s = selector_new(str_from(data, size), &error);
	uint32_t *nodes = NULL;
	size_t n, found = 0;

	if (s == NULL) {
		if ((error.kind != ERROR_USAGE && error.kind != ERROR_LIMIT) || error.text[0] == '\0' || error.code < 0 || (size_t)error.code > size + 1)
			abort();
		for (const char *c = error.text; *c != '\0'; c++)
			if ((unsigned char)*c < ' ' || *c == 0x7f)
				abort();
		return 0;
	}
	n = selector_select(s, p, PAGE_NONE, &nodes);
	for (uint32_t i = 0; i < p->n_nodes; i++)
		if (p->nodes[i].kind == PAGE_ELEMENT && selector_matches(s, p, i, PAGE_NONE)) {
			if (found == n || nodes[found] != i)
				abort();
			found++;
		}
	if (found != n)
		abort();
	free(nodes);
	selector_free(s);
	return 0;
}
