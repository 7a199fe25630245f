/* DER written: lengths are filled in when an element is closed. */
#include "net/lab/der.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* One byte is kept for the length; der_put_close makes room when it takes more. */
size_t
der_put_open(struct buf *b, unsigned tag)
{
	buf_add_char(b, (char)tag);
	buf_add_char(b, 0);
	return b->len;
}

void
der_put_close(struct buf *b, size_t at)
{
	size_t n = b->len - at;
	unsigned more = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;

	if (b->full || n > 0xffffff) {
		b->full = true;
		return;
	}
	if (more == 0) {
		b->data[at - 1] = (uint8_t)n;
		return;
	}
	if (buf_room(b, more) == NULL)
		return;
	buf_added(b, more);
	memmove(b->data + at + more, b->data + at, n);
	b->data[at - 1] = (uint8_t)(0x80 | more);
	for (unsigned i = 0; i < more; i++)
		b->data[at + i] = (uint8_t)(n >> 8 * (more - 1 - i));
}

void
der_put_value(struct buf *b, unsigned tag, struct str contents)
{
	size_t at = der_put_open(b, tag);

	buf_add_str(b, contents);
	der_put_close(b, at);
}

void
der_put_bool(struct buf *b, bool value)
{
	der_put_value(b, DER_BOOLEAN, str_from(value ? "\xff" : "\0", 1));
}

void
der_put_small(struct buf *b, unsigned value)
{
	uint8_t byte = (uint8_t)(value & 0x7f);

	der_put_value(b, DER_INTEGER, str_from(&byte, 1));
}

void
der_put_unsigned(struct buf *b, const uint8_t *p, size_t n)
{
	size_t at = der_put_open(b, DER_INTEGER);

	while (n > 1 && *p == 0) {
		p++;
		n--;
	}
	if (n == 0 || *p >= 0x80)
		buf_add_char(b, 0);
	buf_add(b, p, n);
	der_put_close(b, at);
}

void
der_put_bits(struct buf *b, const uint8_t *p, size_t n)
{
	size_t at = der_put_open(b, DER_BIT_STRING);

	buf_add_char(b, 0);
	buf_add(b, p, n);
	der_put_close(b, at);
}

void
der_put_named_bits(struct buf *b, uint8_t mask)
{
	uint8_t contents[2] = { 0, mask };

	while (mask != 0 && (mask >> contents[0] & 1) == 0)
		contents[0]++;
	der_put_value(b, DER_BIT_STRING, str_from(contents, mask != 0 ? 2 : 1));
}

void
der_put_time(struct buf *b, int64_t unix_seconds)
{
	time_t t = (time_t)unix_seconds;
	char text[32];
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || tm.tm_year < 50 || tm.tm_year > 8099) {
		b->full = true;
		return;
	}
	strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
	if (tm.tm_year < 150)
		der_put_value(b, DER_UTC_TIME, str_of(text + 2));
	else
		der_put_value(b, DER_GENERALIZED_TIME, str_of(text));
}
