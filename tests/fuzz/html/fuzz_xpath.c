/* An XPath expression against a small page, and an extraction by it: answered or refused with a sentence. */
#include "commands/html/xpath.h"
#include "tests/fuzz/html/small_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct page *p = small_page();
	struct error error = { .kind = ERROR_NONE };
	struct xpath_item *items = NULL;
	struct str expression = str_from(data, size);
	struct extract_options options = { .xpath = true, .format = EXTRACT_CSV };
	struct buf out;
	int n = xpath_select(p, expression, NULL, &items, &error);

	if (n < 0 && error.text[0] == '\0')
		abort();
	for (int i = 0; i < n; i++) {
		if (items[i].node == PAGE_NONE ? items[i].text == NULL : items[i].node >= p->n_nodes)
			abort();
		free(items[i].text);
	}
	if (n >= 0)
		free(items);
	buf_init(&out, 1 << 20);
	page_extract(p, &expression, 1, &options, &out, NULL);
	buf_release(&out);
	return 0;
}
