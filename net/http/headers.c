/* A list of header fields: added, replaced, found, joined. */
#include "net/http/http.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/message.h"

bool
http_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr("!#$%&'*+-.^_`|~", s.p[i]) == NULL))
			return false;
	return s.n > 0;
}

void
http_headers_push(struct http_headers *h, struct str name, struct str value)
{
	struct http_header header = { str_try_dup(name), str_try_dup(value) };

	/* grows at powers of two */
	if ((h->n & (h->n - 1)) == 0)
		h->items = mem_resize(h->items, (h->n > 0 ? h->n * 2 : 1) * sizeof h->items[0]);
	if (header.name != NULL && header.value != NULL) {
		h->items[h->n++] = header;
	} else {
		free(header.name);
		free(header.value);
	}
}

void
http_headers_release(struct http_headers *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->items[i].name);
		mem_wipe(h->items[i].value, strlen(h->items[i].value)); /* Authorization, Cookie, Set-Cookie */
		free(h->items[i].value);
	}
	free(h->items);
	*h = (struct http_headers){ 0 };
}

static int
check(struct str name, struct str value, struct error *error)
{
	char shown[128];

	if (!http_is_token(name))
		return fail(error, ERROR_USAGE, 0, "\"%s\" is no header name",
		    str_printable(name, shown, sizeof shown));
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\r' || value.p[i] == '\n' || value.p[i] == '\0')
			return fail(error, ERROR_USAGE, 0, "the value of header %s contains a line break or NUL",
			    str_printable(name, shown, sizeof shown));
	return 0;
}

int
http_headers_add(struct http_headers *h, struct str name, struct str value, struct error *error)
{
	if (check(name, value, error) != 0)
		return -1;
	if (h->n >= HTTP_MAX_HEADERS)
		return fail(error, ERROR_LIMIT, 0, "more than %d headers", HTTP_MAX_HEADERS);
	http_headers_push(h, name, value);
	return 0;
}

int
http_headers_set(struct http_headers *h, struct str name, struct str value, struct error *error)
{
	if (check(name, value, error) != 0)
		return -1;
	http_headers_remove(h, name);
	return http_headers_add(h, name, value, error);
}

bool
http_headers_remove(struct http_headers *h, struct str name)
{
	struct http_headers kept = { 0 };
	bool found = false;

	for (size_t i = 0; i < h->n; i++) {
		if (str_eq_nocase(str_of(h->items[i].name), name)) {
			found = true;
			continue;
		}
		http_headers_push(&kept, str_of(h->items[i].name), str_of(h->items[i].value));
	}
	http_headers_release(h);
	*h = kept;
	return found;
}

const char *
http_headers_get(const struct http_headers *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_is_nocase(str_of(h->items[i].name), name))
			return h->items[i].value;
	return NULL;
}

char *
http_headers_list(const struct http_headers *h, const char *name)
{
	struct buf list;
	bool found = false;

	buf_init(&list, 0);
	for (size_t i = 0; i < h->n; i++) {
		if (!str_is_nocase(str_of(h->items[i].name), name))
			continue;
		buf_addf(&list, "%s%s", found ? ", " : "", h->items[i].value);
		found = true;
	}
	return found ? buf_take(&list) : NULL;
}

bool
http_headers_has_word(const struct http_headers *h, const char *name, const char *word)
{
	char *list = http_headers_list(h, name);
	struct str rest = str_of(list);
	bool found = false;

	while (rest.n > 0 && !found)
		found = str_is_nocase(str_trim(str_cut(&rest, ',')), word);
	free(list);
	return found;
}
