/* Lines: Set-Cookie values received by two hosts; each is a date too. The jar then goes through a Netscape file. */
#include <stdlib.h>
#include <string.h>

#include "net/http/cookies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1790000000 };

static void
check(const struct jar *j)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct cookie *c = &j->items[i];

		if (c->name[0] == '\0' || c->path[0] != '/' || strpbrk(c->name, "=;\t\r\n") != NULL ||
		    strpbrk(c->value, ";\r\n") != NULL || strpbrk(c->domain, "\t\r\n") != NULL ||
		    (c->persistent && c->expires > NOW + COOKIE_MAX_AGE))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char https[] = "https", http[] = "http", host[] = "www.example.org", address[] = "127.0.0.1", path[] = "/a/b";
	struct url urls[] = {
		{ .scheme = https, .host = host, .path = path, .port = -1 },
		{ .scheme = http, .host = host, .path = path, .port = -1 },
		{ .scheme = http, .host = address, .path = path, .port = -1 },
	};
	struct str rest = str_from(data, size);
	struct jar j, again;
	struct buf text;
	int64_t seconds;
	int bad;
	size_t line = 0;

	jar_init(&j);
	jar_init(&again);
	buf_init(&text, 0);
	while (rest.n > 0) {
		struct str one = str_cut(&rest, '\n');

		cookie_date(one, &seconds);
		jar_receive(&j, &urls[line++ % 3], one, NOW, NULL);
	}
	check(&j);
	/* what was written is read, and is the same when written again */
	jar_export(&j, &text, true);
	if (jar_import(&again, buf_str(&text), &bad, NULL) != (int)j.n || again.n != j.n)
		abort();
	for (size_t i = 0; i < 3; i++) {
		char *header = jar_header(&j, &urls[i], NOW, NULL), *same = jar_header(&again, &urls[i], NOW, NULL);

		if ((header == NULL) != (same == NULL) || (header != NULL && strcmp(header, same) != 0))
			abort();
		free(header);
		free(same);
	}
	/* and a file of any bytes is refused or read */
	jar_import(&again, str_from(data, size), &bad, NULL);
	jar_release(&j);
	jar_release(&again);
	buf_release(&text);
	return 0;
}
