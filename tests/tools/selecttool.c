/* selecttool: FILE [--xpath] SELECTOR; the id of every match, one per line. --attr NAME: another
 * attribute than id. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/html/page.h"
#include "commands/html/xpath.h"

static struct page *
read_page(const char *path, struct error *error)
{
	FILE *f = fopen(path, "rb");
	struct buf text;
	struct page *p;
	size_t n = 0;

	if (f == NULL) {
		fail_errno(error, ERROR_OTHER, "cannot read %s", path);
		return NULL;
	}
	buf_init(&text, PAGE_MAX_BYTES + 65536);
	do {
		uint8_t *room = buf_room(&text, 65536);

		n = room != NULL ? fread(room, 1, 65536, f) : 0;
		buf_added(&text, n);
	} while (n > 0);
	fclose(f);
	p = page_new(buf_str(&text), NULL, NULL, error);
	buf_release(&text);
	return p;
}

static void
print(const struct page *p, uint32_t node, const char *attribute)
{
	struct str id = page_attr(p, node, attribute, NULL);

	printf("%.*s\n", STR_ARG(id));
}

static int
select_all(const struct page *p, bool xpath, struct str text, const char *attribute, struct error *error)
{
	struct selector *s;
	struct xpath_item *items;
	uint32_t *nodes;
	size_t n;
	int count;

	if (xpath) {
		count = xpath_select(p, text, &items, error);
		for (int i = 0; i < count; i++) {
			if (items[i].node != PAGE_NONE)
				print(p, items[i].node, attribute);
			else
				printf("%s\n", items[i].text);
			free(items[i].text);
		}
		free(items);
		return count;
	}
	s = selector_new(text, error);
	if (s == NULL)
		return -1;
	n = selector_select(s, p, PAGE_NONE, &nodes);
	for (size_t i = 0; i < n; i++)
		print(p, nodes[i], attribute);
	free(nodes);
	selector_free(s);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *path = NULL, *selector = NULL, *attribute = "id";
	struct error error = { 0 };
	bool xpath = false;
	struct page *p;
	int status;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--xpath") == 0)
			xpath = true;
		else if (strcmp(argv[i], "--attr") == 0 && i + 1 < argc)
			attribute = argv[++i];
		else if (path == NULL)
			path = argv[i];
		else
			selector = argv[i];
	}
	if (path == NULL || selector == NULL) {
		fputs("usage: selecttool FILE [--xpath] [--attr NAME] SELECTOR\n", stderr);
		return 2;
	}
	p = read_page(path, &error);
	status = p == NULL ? 1 : select_all(p, xpath, str_of(selector), attribute, &error) < 0 ? 2 : 0;
	if (status != 0)
		fprintf(stderr, "%s\n", error.text);
	page_free(p);
	return status;
}
