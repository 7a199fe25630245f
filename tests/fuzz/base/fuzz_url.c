/* A base URL, a NUL, an input. What is parsed serialises to a text that parses to the same URL. */
#include <stdlib.h>
#include <string.h>

#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *text)
{
	if (text == NULL)
		abort();
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f)
			abort(); /* it goes into requests and onto terminals */
}

static void
check_parts(const struct url *u)
{
	char *parts[] = { url_request_target(u), url_host_plain(u), url_host_header(u), url_origin(u),
		url_shown(u, false), url_shown(u, true) };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		check_text(parts[i]);
		free(parts[i]);
	}
	if (url_is_http(u) && (u->host == NULL || u->host[0] == '\0' || u->path[0] != '/' || url_port(u) > 65535))
		abort();
	if (!url_same_origin(u, u) && url_is_http(u))
		abort();
}

static void
check(const struct url *u)
{
	char *text = url_text(u), *same;
	struct url again;

	check_text(text);
	if (url_is_http(u))
		check_parts(u);
	if (strlen(text) < URL_MAX) {
		url_init(&again);
		if (url_parse(&again, str_of(text), NULL, NULL) != 0)
			abort();
		same = url_text(&again);
		if (strcmp(text, same) != 0)
			abort();
		free(same);
		url_release(&again);
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = str_from(data, size), base_text = str_cut(&input, '\0');
	struct error error = { .kind = ERROR_NONE };
	struct url base, u;
	char *encoded, *decoded;
	size_t n;
	bool has_base;

	url_init(&base);
	url_init(&u);
	has_base = url_parse(&base, base_text, NULL, NULL) == 0;
	if (has_base)
		check(&base);
	if (url_parse(&u, input, has_base ? &base : NULL, &error) == 0)
		check(&u);
	else if (error.text[0] == '\0')
		abort();
	url_release(&u);
	if (url_parse_typed(&u, input, has_base ? &base : NULL, NULL) == 0)
		check(&u);
	url_release(&u);
	url_release(&base);
	encoded = url_form_encode(input);
	check_text(encoded);
	free(encoded);
	decoded = url_percent_decode(input, &n);
	if (n > input.n)
		abort();
	free(decoded);
	return 0;
}
