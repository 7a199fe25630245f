/* A page's words for Tab. */
#include <stdlib.h>
#include <string.h>

#include "commands/html/page.h"

enum { COMPLETE_MAX = 4096, COMPLETE_LENGTH = 256 };

struct words {
	char *items[2 * COMPLETE_MAX];
	size_t n;
};

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each once, in order. */
static void
tidy_up(struct words *w)
{
	size_t n = 0;

	qsort(w->items, w->n, sizeof *w->items, compare_words);
	for (size_t i = 0; i < w->n; i++) {
		if (n > 0 && strcmp(w->items[n - 1], w->items[i]) == 0)
			free(w->items[i]);
		else
			w->items[n++] = w->items[i];
	}
	w->n = n;
}

/* sign: "#", "." or "". False when there is no room for more. */
static bool
add_word(struct words *w, struct str prefix, const char *sign, struct str word)
{
	size_t signs = strlen(sign);

	if (word.n == 0 || word.n > COMPLETE_LENGTH || (signs == 1 && prefix.n > 0 && prefix.p[0] != sign[0]) ||
	    !str_starts(word, str_slice(prefix, signs, prefix.n)))
		return true;
	if (w->n == 2 * COMPLETE_MAX)
		tidy_up(w);
	if (w->n > COMPLETE_MAX && w->n == 2 * COMPLETE_MAX)
		return false;
	w->items[w->n++] = str_printf("%s%.*s", sign, STR_ARG(word));
	return true;
}

static bool
add_classes(struct words *w, struct str prefix, struct str classes)
{
	for (size_t i = 0, start; i < classes.n;) {
		while (i < classes.n && ascii_is_space(classes.p[i]))
			i++;
		start = i;
		while (i < classes.n && !ascii_is_space(classes.p[i]))
			i++;
		if (!add_word(w, prefix, ".", str_slice(classes, start, i)))
			return false;
	}
	return true;
}

size_t
page_complete(const struct page *p, struct str prefix, struct work *work, char ***words)
{
	struct words *w = mem_alloc(sizeof *w);
	bool room = true;
	size_t n;

	for (uint32_t i = 0; i < p->n_nodes && room && work_spend(work, 1 + p->nodes[i].n_attrs); i++) {
		struct str classes;

		if (p->nodes[i].kind != PAGE_ELEMENT || p->nodes[i].offset == SIZE_MAX)
			continue;
		classes = page_attr(p, i, "class", NULL);
		work_spend(work, classes.n / 4);
		room = add_word(w, prefix, "", p->nodes[i].name) &&
		    add_word(w, prefix, "#", page_attr(p, i, "id", NULL)) && add_classes(w, prefix, classes);
	}
	tidy_up(w);
	n = w->n;
	*words = mem_dup(w->items, n * sizeof *w->items);
	free(w);
	return n;
}
