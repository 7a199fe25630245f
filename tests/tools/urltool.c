/* urltool: lines HEX(base|-) HEX(input) in, the serialised URL or FAIL out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/url.h"

static uint8_t *
from_hex(const char *hex, size_t *n)
{
	size_t size = strlen(hex) / 2 + 1;
	uint8_t *bytes = mem_alloc(size);

	if (!hex_read(str_of(hex), bytes, size, n))
		*n = 0;
	return bytes;
}

static void
answer(const char *base_hex, const char *input_hex)
{
	struct url base, u;
	struct error error = { 0 };
	size_t n;
	uint8_t *bytes;
	bool has_base = strcmp(base_hex, "-") != 0, ok = true;
	char *text;

	url_init(&base);
	url_init(&u);
	if (has_base) {
		bytes = from_hex(base_hex, &n);
		ok = url_parse(&base, str_from(bytes, n), NULL, &error) == 0;
		free(bytes);
	}
	bytes = from_hex(input_hex, &n);
	if (ok && url_parse(&u, str_from(bytes, n), has_base ? &base : NULL, &error) == 0) {
		text = url_text(&u);
		puts(text);
		free(text);
	} else {
		puts("FAIL");
	}
	free(bytes);
	url_release(&u);
	url_release(&base);
}

int
main(void)
{
	char *line = NULL, *input;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		input = strchr(line, ' ');
		if (input != NULL) {
			*input++ = '\0';
			answer(line, input);
		} else {
			answer(line, "");
		}
		fflush(stdout);
	}
	free(line);
	return 0;
}
