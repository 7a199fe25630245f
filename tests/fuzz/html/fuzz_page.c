/*
 * A page of any bytes; the first byte chooses the header's charset. The arrays are a tree in document order, everything
 * that can be asked of them ends, and time and memory stay bounded.
 */
#include <stdlib.h>
#include <time.h>

#include "tests/fuzz/html/check_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CPU_MS_MAX = 8000,
	OUT_MAX = 64 << 20
}; /* of this process: libtidy is in its box, which has a clock of its own */

static int64_t
cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
ask(const struct page *p)
{
	const struct str words[] = { STR("div a, td, li :not(p), *:nth-child(2n+1)"), STR("@class"), STR("t=a") };
	struct page_link *links = NULL;
	struct buf out;
	struct extract_options options = { .format = EXTRACT_JSON, .base_url = "https://host.test/a/b" };
	char **completed = NULL;
	size_t n;

	buf_init(&out, OUT_MAX);
	page_text(p, 0, NULL, &out);
	buf_clear(&out);
	page_title(p, NULL, &out);
	for (uint32_t i = 0; i < p->n_nodes && i < 8; i++) {
		page_text_line(p, i, NULL, &out);
		page_outer_html(p, i, NULL, &out);
		page_inner_html(p, i, NULL, &out);
		buf_clear(&out);
	}
	for (options.format = EXTRACT_TSV; options.format <= EXTRACT_JSON; options.format++)
		page_extract(p, words, 3, &options, &out, NULL);
	n = page_links(p, NULL, &links);
	for (size_t i = 0; i < n; i++)
		if (links[i].node >= p->n_nodes)
			abort();
	free(links);
	n = page_complete(p, STR(""), NULL, &completed);
	for (size_t i = 0; i < n; i++)
		free(completed[i]);
	free(completed);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { NULL, "text/html", "text/html; charset=iso-8859-1",
		"text/html; charset=utf-16le", "text/html; charset=shift_jis", "text/html; charset=x" };
	int64_t start = cpu_ms();
	struct error error = { .kind = ERROR_NONE };
	struct page *p;

	if (size < 1)
		return 0;
	p = page_new(str_from(data + 1, size - 1), types[data[0] % (sizeof types / sizeof types[0])], NULL, &error);
	if (p == NULL && error.kind == ERROR_LIMIT)
		return 0; /* libtidy took too much; its box bounds it */
	if (p == NULL || p->encoding == NULL)
		abort();
	check_page(p);
	if (p->n_nodes > 0)
		ask(p);
	page_free(p);
	if (cpu_ms() - start > CPU_MS_MAX)
		abort();
	return 0;
}
