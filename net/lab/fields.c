/*
 * Small decoders of what a request carries: cookies, forms, base64.
 */
#include "net/lab/request.h"

struct str
lab_request_cookie(const struct lab_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++) {
		struct str list = r->headers[i].value;

		if (!str_is_nocase(r->headers[i].name, "Cookie"))
			continue;
		while (list.n > 0) {
			struct str value = str_cut(&list, ';'), key = str_trim(str_cut(&value, '='));

			if (value.p != NULL && str_is(key, name))
				return str_trim(value);
		}
	}
	return (struct str){ .p = NULL };
}

static bool
percent_decode(struct str s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] == '+' ? ' ' : s.p[i];

		if (s.p[i] == '%') {
			int high = i + 1 < s.n ? hex_value(s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (n + 1 >= size)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return true;
}

bool
lab_form_value(struct str form, const char *name, char *out, size_t size)
{
	char key[64];

	while (form.n > 0) {
		struct str value = str_cut(&form, '&'), raw = str_cut(&value, '=');

		if (percent_decode(raw, key, sizeof key) && str_is(str_of(key), name))
			return percent_decode(value, out, size);
	}
	return false;
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
lab_base64_decode(struct str text, char *out, size_t size, size_t *n)
{
	unsigned bits = 0, have = 0;

	*n = 0;
	for (unsigned pads = 0; pads < 2 && str_ends(text, STR("=")); pads++)
		text.n--;
	for (size_t i = 0; i < text.n; i++) {
		int v = base64_digit(text.p[i]);

		if (v < 0)
			return false;
		bits = (bits << 6 | (unsigned)v) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (*n == size)
			return false;
		out[(*n)++] = (char)(bits >> have & 0xff);
	}
	return true;
}
