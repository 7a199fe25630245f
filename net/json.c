/* JSON (RFC 8259): whether a text is some, and strings. */
#include "net/json.h"

#include <string.h>

static bool value(struct str *s, unsigned depth);

static void
skip_space(struct str *s)
{
	while (s->n > 0 && memchr(" \t\r\n", s->p[0], 4) != NULL)
		*s = str_slice(*s, 1, s->n);
}

static bool
take(struct str *s, char c)
{
	skip_space(s);
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_slice(*s, 1, s->n);
	return true;
}

static bool
string(struct str *s)
{
	if (!take(s, '"'))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (c == '"') {
			*s = str_slice(*s, i + 1, s->n);
			return true;
		}
		if ((uint8_t)c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (++i == s->n || memchr("\"\\/bfnrtu", s->p[i], 9) == NULL)
			return false;
		if (s->p[i] != 'u')
			continue;
		for (unsigned digit = 0; digit < 4; digit++)
			if (++i >= s->n || hex_value(s->p[i]) < 0)
				return false;
	}
	return false;
}

static size_t
digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_digit(s.p[n]))
		n++;
	return n;
}

static bool
number(struct str *s)
{
	size_t n;

	if (s->n > 0 && s->p[0] == '-')
		*s = str_slice(*s, 1, s->n);
	n = digits(*s);
	if (n == 0 || (n > 1 && s->p[0] == '0'))
		return false;
	*s = str_slice(*s, n, s->n);
	if (s->n > 0 && s->p[0] == '.') {
		n = digits(str_slice(*s, 1, s->n));
		if (n == 0)
			return false;
		*s = str_slice(*s, 1 + n, s->n);
	}
	if (s->n > 0 && (s->p[0] == 'e' || s->p[0] == 'E')) {
		size_t sign = s->n > 1 && (s->p[1] == '+' || s->p[1] == '-');

		n = digits(str_slice(*s, 1 + sign, s->n));
		if (n == 0)
			return false;
		*s = str_slice(*s, 1 + sign + n, s->n);
	}
	return true;
}

static bool
members(struct str *s, char end, bool named, unsigned depth)
{
	if (take(s, end))
		return true;
	do {
		if (named && (!string(s) || !take(s, ':')))
			return false;
		if (!value(s, depth + 1))
			return false;
	} while (take(s, ','));
	return take(s, end);
}

static bool
value(struct str *s, unsigned depth)
{
	static const char *const words[] = { "true", "false", "null" };

	skip_space(s);
	if (depth > JSON_MAX_DEPTH || s->n == 0)
		return false;
	if (s->p[0] == '"')
		return string(s);
	if (take(s, '{'))
		return members(s, '}', true, depth);
	if (take(s, '['))
		return members(s, ']', false, depth);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_starts(*s, str_of(words[i]))) {
			*s = str_slice(*s, strlen(words[i]), s->n);
			return true;
		}
	return number(s);
}

bool
json_is_valid(struct str text)
{
	if (!value(&text, 0))
		return false;
	skip_space(&text);
	return text.n == 0;
}

void
json_add_string(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	while (text.n > 0) {
		size_t n = str_utf8(text);
		char c = text.p[0];

		if (n == 0) {
			buf_add_str(out, STR("\\ufffd"));
			n = 1;
		} else if (c == '"' || c == '\\') {
			buf_addf(out, "\\%c", c);
		} else if (c == '\n') {
			buf_add_str(out, STR("\\n"));
		} else if (c == '\t') {
			buf_add_str(out, STR("\\t"));
		} else if ((uint8_t)c < 0x20) {
			buf_addf(out, "\\u%04x", (unsigned)c);
		} else {
			buf_add(out, text.p, n);
		}
		text = str_slice(text, n, text.n);
	}
	buf_add_char(out, '"');
}
