/* What comes out of the box of XPath when somebody has taken it over: refused, or items of the page. */
#include "commands/html/xpath.h"
#include "tests/fuzz/html/check_page.h"
#include "tests/fuzz/html/small_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct page *p = small_page();
	struct xpath_item *items;
	int n = xpath_items_read(p, str_from(data, size), &items);

	if (n < 0 && items != NULL)
		abort();
	for (int i = 0; i < n; i++) {
		if (items[i].node != PAGE_NONE ?
			!(items[i].node < p->n_nodes && p->nodes[items[i].node].kind == PAGE_ELEMENT) :
			items[i].text == NULL)
			abort();
		free(items[i].text);
	}
	free(items);
	return 0;
}
