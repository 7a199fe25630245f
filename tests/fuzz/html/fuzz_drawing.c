/*
 * What comes out of a box that somebody has taken over: any bytes. Either they are refused, or the page's arrays are
 * a tree in which nothing points beside.
 */
#include <string.h>

#include "commands/html/drawing.h"
#include "tests/fuzz/html/check_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char source[] = "<title>t</title><div id=a class='b c'>x<p k=v>y</p><script>s</script><br></div>";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page *p = mem_alloc(sizeof *p);
	struct buf out;

	p->more = mem_alloc(sizeof *p->more);
	buf_init(&p->more->source, 0);
	buf_init(&p->more->drawing, 0);
	buf_init(&out, 16 << 20);
	tokens_read(&p->more->tokens, STR(source), NULL);
	if (drawing_read(p, str_from(data, size), NULL)) {
		check_page(p);
		for (uint32_t i = 0; i < p->n_nodes && i < 4; i++) {
			page_outer_html(p, i, NULL, &out);
			page_text(p, i, NULL, &out);
		}
	}
	buf_release(&out);
	page_free(p);
	return 0;
}
