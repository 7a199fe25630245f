/* A growing byte buffer: it doubles up to its maximum, and adds text, numbers and formatted lines. */
#include "net/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max > 0 ? max : BUF_DEFAULT_MAX };
}

void
buf_release(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_wipe_release(struct buf *b)
{
	mem_wipe(b->data, b->cap);
	buf_release(b);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* A wiping growth: old contents may be secrets, so realloc() must not leave a copy. */
static bool
grow(struct buf *b, size_t need)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;
	uint8_t *data;

	while (cap < need)
		cap *= 2;
	if (cap > b->max)
		cap = b->max + 1; /* all that is allowed, and the NUL */
	data = mem_try(cap);
	if (data == NULL)
		return false;
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	mem_wipe(b->data, b->cap); /* buf_addf() may have written behind the contents */
	free(b->data);
	b->data = data;
	b->cap = cap;
	return true;
}

uint8_t *
buf_room(struct buf *b, size_t n)
{
	if (b->max == 0)
		b->max = BUF_DEFAULT_MAX;
	if (n > b->max - b->len || ((b->data == NULL || b->len + n + 1 > b->cap) && !grow(b, b->len + n + 1))) {
		b->full = true;
		return NULL;
	}
	return b->data + b->len;
}

void
buf_added(struct buf *b, size_t n)
{
	b->len += n;
	b->data[b->len] = '\0';
}

int
buf_add(struct buf *b, const void *p, size_t n)
{
	uint8_t *room = buf_room(b, n);

	if (room == NULL)
		return -1;
	if (n > 0)
		memcpy(room, p, n);
	buf_added(b, n);
	return 0;
}

int
buf_add_str(struct buf *b, struct str s)
{
	return buf_add(b, s.p, s.n);
}

int
buf_add_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_add_hex(struct buf *b, struct str s)
{
	uint8_t *room = s.n > SIZE_MAX / 2 ? NULL : buf_room(b, 2 * s.n);

	if (room == NULL)
		return -1;
	hex_write(s, (char *)room);
	buf_added(b, 2 * s.n);
	return 0;
}

int
buf_addf(struct buf *b, const char *format, ...)
{
	size_t left = b->data != NULL ? b->cap - b->len : 0; /* with the NUL's */
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(left > 0 ? (char *)b->data + b->len : NULL, left, format, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < left && (size_t)n <= b->max - b->len) {
		buf_added(b, (size_t)n);
		return 0;
	}
	if (left > 0)
		b->data[b->len] = '\0';
	if (n < 0 || buf_room(b, (size_t)n) == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf((char *)b->data + b->len, (size_t)n + 1, format, ap);
	va_end(ap);
	buf_added(b, (size_t)n);
	return 0;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
	mem_wipe(b->data + b->len, n); /* where it stood twice */
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ (const char *)b->data, b->len };
}

char *
buf_take(struct buf *b)
{
	char *text = b->data != NULL ? (char *)b->data : mem_alloc(1);

	b->data = NULL;
	buf_release(b);
	return text;
}
