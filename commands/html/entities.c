/* Character references in text and in attributes, found in the table of entities_table.c. */
#include "commands/html/entities.h"

#include <string.h>

enum { LONGEST_NAME = 32 };

void
utf8_add(struct buf *out, uint32_t c)
{
	uint8_t bytes[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1)
		bytes[0] = (uint8_t)c;
	else
		bytes[0] = (uint8_t)((0xF00u >> n & 0xFF) | c >> 6 * (n - 1));
	for (size_t i = 1; i < n; i++)
		bytes[i] = (uint8_t)(0x80 | (c >> 6 * (n - 1 - i) & 0x3F));
	buf_add(out, bytes, n);
}

/* "numeric character reference end state": replacements of section 13.2.5.80 */
static uint32_t
repaired(uint32_t c)
{
	static const uint16_t windows_1252[32] = { 0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6,
		0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
		0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178 };

	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0xFFFD;
	return c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80] : c;
}

static size_t
decode_number(struct str s, struct buf *out)
{
	bool hex = s.n > 2 && ascii_lower(s.p[2]) == 'x';
	size_t start = hex ? 3 : 2, i = start;
	uint32_t value = 0;

	while (i < s.n && (hex ? hex_value(s.p[i]) >= 0 : ascii_is_digit(s.p[i]))) {
		value = value * (hex ? 16 : 10) + (uint32_t)hex_value(s.p[i]);
		if (value > 0x110000)
			value = 0x110000;
		i++;
	}
	if (i == start) {
		buf_add_char(out, '&');
		return 1;
	}
	utf8_add(out, repaired(value));
	return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

static const struct entity *
find_entity(struct str name)
{
	size_t low = 0, high = n_entities;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_cmp(str_of(entities[middle].name), name);

		if (order == 0)
			return &entities[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

size_t
entity_decode(struct str s, bool in_attribute, struct buf *out)
{
	size_t longest = 1;

	if (s.n > 1 && s.p[1] == '#')
		return decode_number(s, out);
	while (longest < s.n && longest <= LONGEST_NAME && ascii_is_alnum(s.p[longest]))
		longest++;
	if (longest < s.n && s.p[longest] == ';')
		longest++;
	for (size_t n = longest; n > 2; n--) {
		const struct entity *e = find_entity(str_slice(s, 1, n));

		if (e == NULL)
			continue;
		/* "for historical reasons": &copy=1 in an attribute stays as it is */
		if (in_attribute && s.p[n - 1] != ';' && n < s.n && (s.p[n] == '=' || ascii_is_alnum(s.p[n])))
			break;
		buf_add_str(out, str_of(e->text));
		return n;
	}
	buf_add_char(out, '&');
	return 1;
}

void
entity_decode_all(struct str s, bool in_attribute, struct work *work, struct buf *out)
{
	while (s.n > 0 && work_spend(work, LONGEST_NAME)) {
		ptrdiff_t at = str_find_char(s, '&');
		size_t n = at < 0 ? s.n : (size_t)at;

		buf_add(out, s.p, n);
		s = str_slice(s, n, s.n);
		if (s.n > 0) {
			n = entity_decode(s, in_attribute, out);
			s = str_slice(s, n, s.n);
		}
	}
}
