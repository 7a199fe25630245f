/* Views of text: compared, searched, cut, read as numbers, copied, made fit to be shown. */
#include "net/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str
str_of(const char *text)
{
	return (struct str){ text, text != NULL ? strlen(text) : 0 };
}

struct str
str_from(const void *p, size_t n)
{
	return (struct str){ p, n };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool
str_is_nocase(struct str a, const char *text)
{
	return str_eq_nocase(a, str_of(text));
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool
str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq_nocase(str_slice(s, 0, prefix.n), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

bool
str_ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq_nocase(str_slice(s, s.n - suffix.n, s.n), suffix);
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
	const char *at;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	at = memmem(s.p, s.n, needle.p, needle.n);
	return at != NULL ? at - s.p : -1;
}

ptrdiff_t
str_find_char(struct str s, char c)
{
	const char *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return at != NULL ? at - s.p : -1;
}

struct str
str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){ s.p != NULL ? s.p + from : NULL, to - from };
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && ascii_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str
str_cut(struct str *rest, char c)
{
	struct str whole = *rest;
	ptrdiff_t at = str_find_char(whole, c);

	if (at < 0) {
		*rest = (struct str){ NULL, 0 };
		return whole;
	}
	*rest = str_slice(whole, (size_t)at + 1, whole.n);
	return str_slice(whole, 0, (size_t)at);
}

bool
str_to_u64(struct str s, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (!ascii_is_digit(s.p[i]) || digit > max || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return true;
}

bool
hex_read(struct str s, uint8_t *out, size_t size, size_t *n)
{
	if (s.n % 2 != 0 || s.n / 2 > size)
		return false;
	for (size_t i = 0; i < s.n; i += 2) {
		int high = hex_value(s.p[i]), low = hex_value(s.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	*n = s.n / 2;
	return true;
}

void
hex_write(struct str s, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < s.n; i++) {
		*out++ = digits[(uint8_t)s.p[i] >> 4];
		*out++ = digits[(uint8_t)s.p[i] & 15];
	}
	*out = '\0';
}

size_t
str_distance(struct str a, struct str b)
{
	enum { WORD_MAX = 64 };
	size_t row[3][WORD_MAX + 1]; /* the row before the last, the last, this one */

	if (a.n > WORD_MAX || b.n > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = row[1][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		row[2][0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);
			size_t best = row[1][j - 1] + (x != y);

			if (row[1][j] + 1 < best)
				best = row[1][j] + 1;
			if (row[2][j - 1] + 1 < best)
				best = row[2][j - 1] + 1;
			if (i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) && y == ascii_lower(a.p[i - 2]) &&
			    row[0][j - 2] + 1 < best)
				best = row[0][j - 2] + 1;
			row[2][j] = best;
		}
		memcpy(row[0], row[1], sizeof row[0]);
		memcpy(row[1], row[2], sizeof row[0]);
	}
	return row[1][b.n];
}

char *
str_dup(struct str s)
{
	char *copy = mem_alloc(s.n + 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return copy;
}

char *
str_try_dup(struct str s)
{
	char *copy = mem_try(s.n + 1);

	if (copy != NULL && s.n > 0)
		memcpy(copy, s.p, s.n);
	return copy;
}

char *
str_printf(const char *format, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	text = mem_alloc(n > 0 ? (size_t)n + 1 : 1); /* below 0 is more than INT_MAX bytes: no text of ours */
	va_start(ap, format);
	vsnprintf(text, n > 0 ? (size_t)n + 1 : 1, format, ap);
	va_end(ap);
	return text;
}

/* Length of the valid UTF-8 sequence at s (RFC 3629), 0 when there is none. */
static size_t
utf8_length(struct str s)
{
	static const struct {
		uint8_t first_min, first_max, second_min, second_max, length;
	} rows[] = {
		{ 0xC2, 0xDF, 0x80, 0xBF, 2 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 3 },
		{ 0xE1, 0xEC, 0x80, 0xBF, 3 },
		{ 0xED, 0xED, 0x80, 0x9F, 3 },
		{ 0xEE, 0xEF, 0x80, 0xBF, 3 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 4 },
		{ 0xF1, 0xF3, 0x80, 0xBF, 4 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};
	const uint8_t *p = (const uint8_t *)s.p;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (p[0] < rows[i].first_min || p[0] > rows[i].first_max)
			continue;
		if (s.n < rows[i].length || p[1] < rows[i].second_min || p[1] > rows[i].second_max)
			return 0;
		for (size_t k = 2; k < rows[i].length; k++)
			if (p[k] < 0x80 || p[k] > 0xBF)
				return 0;
		return rows[i].length;
	}
	return 0;
}

size_t
str_utf8(struct str s)
{
	if (s.n == 0)
		return 0;
	return (uint8_t)s.p[0] < 0x80 ? 1 : utf8_length(s);
}

/* What no text needs and what steers a terminal or hides something from a reader: C0, DEL, C1; marks that turn the
 * direction of text, ends of lines and paragraphs, signs without a shape, tags. Joiners and variation selectors stay:
 * scripts need them. */
static bool
is_steering(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} rows[] = {
		{ 0x00, 0x1F },
		{ 0x7F, 0x9F },
		{ 0x61C, 0x61C },
		{ 0x180E, 0x180E },
		{ 0x200B, 0x200B },
		{ 0x200E, 0x200F },
		{ 0x2028, 0x202E },
		{ 0x2060, 0x206F },
		{ 0xFEFF, 0xFEFF },
		{ 0xFFF9, 0xFFFB },
		{ 0x1BCA0, 0x1BCA3 },
		{ 0x1D173, 0x1D17A },
		{ 0xE0000, 0xE00FF },
		{ 0xE01F0, 0xE0FFF },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && c >= rows[i].first; i++)
		if (c <= rows[i].last)
			return true;
	return false;
}

size_t
str_showable(struct str s)
{
	size_t n = str_utf8(s);
	uint32_t c;

	if (n == 0)
		return 0;
	c = (uint8_t)s.p[0];
	if (n == 1)
		return is_steering(c) ? 0 : 1;
	c &= 0xFFU >> (n + 1);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)s.p[i] & 0x3F);
	return is_steering(c) ? 0 : n;
}

char *
str_printable(struct str s, char *out, size_t size)
{
	size_t o = 0;

	while (s.n > 0) {
		size_t n = str_showable(s);

		if (o + (n > 0 ? n : 4) >= size)
			break;
		if (n > 0) {
			memcpy(out + o, s.p, n);
			o += n;
		} else {
			snprintf(out + o, 5, "\\x%02X", (unsigned)(uint8_t)s.p[0]);
			o += 4;
			n = 1;
		}
		s = str_slice(s, n, s.n);
	}
	if (size > 0)
		out[o] = '\0';
	return out;
}

void
str_wipe_free(char *text)
{
	if (text != NULL)
		mem_wipe(text, strlen(text));
	free(text);
}
