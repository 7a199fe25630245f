/*
 * A selector, a newline, and a page in the words of made_page.h (without them a small page that has something of
 * everything). What is selected is what the definition says, from the page and from a scope; the work is bounded by the
 * page times the selector.
 */
#include "commands/html/selection.h"
#include "tests/fuzz/html/made_page.h"
#include "tests/fuzz/html/slow_selector.h"
#include "tests/fuzz/html/small_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS = 200000, UNITS = 60, NODES_MAX = 300 };

static void
check_refusal(const struct error *error, size_t size)
{
	if ((error->kind != ERROR_USAGE && error->kind != ERROR_LIMIT) || error->text[0] == '\0' || error->code < 0 ||
	    (size_t)error->code > size + 1)
		abort();
	for (const char *c = error->text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			abort();
}

static void
check_work(const struct page *p, const struct work *work, size_t selector)
{
	uint64_t bytes = p->n_nodes + 64;

	for (uint32_t i = 0; i < p->n_nodes; i++)
		bytes += p->nodes[i].text.n + p->nodes[i].name.n;
	for (uint32_t i = 0; i < p->n_attrs; i++)
		bytes += p->attrs[i].value.n + 1;
	if (work->spent > UNITS * bytes * (selector + 1))
		abort();
}

static void
check_scope(const struct selector *s, const struct page *p, uint32_t scope, size_t size)
{
	struct work work = { .left = 0 };
	struct slow slow = { p, scope, STEPS };
	struct selection *q = selection_new(s, p, &work);
	uint32_t from = scope == PAGE_NONE ? 0 : scope + 1, end = scope == PAGE_NONE ? p->n_nodes : p->nodes[scope].end;
	uint32_t *nodes, first = scope == PAGE_NONE ? PAGE_NONE : selection_first(q, scope);
	size_t n, found = 0;

	n = selector_select(s, p, scope, &work, &nodes);
	check_work(p, &work, size);
	if (scope != PAGE_NONE && first != (n > 0 ? nodes[0] : PAGE_NONE))
		abort();
	for (uint32_t i = from; i < end; i++) {
		bool matches = p->nodes[i].kind == PAGE_ELEMENT && slow_matches(&slow, s, i);

		if (slow.left == 0)
			break;
		if (matches != (found < n && nodes[found] == i))
			abort();
		found += matches;
	}
	if (slow.left > 0 && found != n)
		abort();
	free(nodes);
	selection_free(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from(data, size), text = str_cut(&rest, '\n');
	struct error error = { .kind = ERROR_NONE };
	struct selector *s = selector_new(text, &error);
	struct made_page made = { .open = PAGE_NONE };
	const struct page *p = &made.page;
	char *words = str_dup(str_slice(rest, 0, NODES_MAX));

	if (s == NULL)
		check_refusal(&error, size);
	made_add(&made, words, 1);
	made_done(&made);
	if (p->n_nodes == 0)
		p = small_page();
	if (s != NULL) {
		check_scope(s, p, PAGE_NONE, text.n);
		check_scope(s, p, 0, text.n);
		check_scope(s, p, p->n_nodes / 2, text.n);
	}
	selector_free(s);
	made_release(&made);
	free(words);
	return 0;
}
