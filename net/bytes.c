/* Big-endian numbers and vectors with a length in front, read and written. */
#include "net/bytes.h"

struct rd
rd_of(const void *p, size_t n)
{
	const uint8_t *bytes = p;

	return (struct rd){ bytes, n > 0 ? bytes + n : bytes, false };
}

struct rd
rd_str(struct str s)
{
	return rd_of(s.p, s.n);
}

size_t
rd_left(const struct rd *r)
{
	return r->p != NULL ? (size_t)(r->end - r->p) : 0;
}

bool
rd_done(const struct rd *r)
{
	return !r->bad && rd_left(r) == 0;
}

static uint64_t
take(struct rd *r, unsigned width)
{
	uint64_t v = 0;

	if (r->bad || rd_left(r) < width) {
		r->bad = true;
		r->p = r->end;
		return 0;
	}
	while (width-- > 0)
		v = v << 8 | *r->p++;
	return v;
}

uint8_t
rd_u8(struct rd *r)
{
	return (uint8_t)take(r, 1);
}

uint16_t
rd_u16(struct rd *r)
{
	return (uint16_t)take(r, 2);
}

uint32_t
rd_u24(struct rd *r)
{
	return (uint32_t)take(r, 3);
}

uint32_t
rd_u32(struct rd *r)
{
	return (uint32_t)take(r, 4);
}

uint64_t
rd_u64(struct rd *r)
{
	return take(r, 8);
}

struct str
rd_bytes(struct rd *r, size_t n)
{
	struct str s = { (const char *)r->p, n };

	if (r->bad || rd_left(r) < n) {
		r->bad = true;
		r->p = r->end;
		return (struct str){ NULL, 0 };
	}
	if (n > 0)
		r->p += n;
	return s;
}

static struct rd
vector(struct rd *r, unsigned width)
{
	size_t n = (size_t)take(r, width);
	struct str s = rd_bytes(r, n);
	struct rd inner = rd_str(s);

	inner.bad = r->bad;
	return inner;
}

struct rd
rd_vec8(struct rd *r)
{
	return vector(r, 1);
}

struct rd
rd_vec16(struct rd *r)
{
	return vector(r, 2);
}

struct rd
rd_vec24(struct rd *r)
{
	return vector(r, 3);
}

struct str
rd_rest(struct rd *r)
{
	return rd_bytes(r, rd_left(r));
}

static void
put(struct buf *b, uint64_t v, unsigned width)
{
	uint8_t *room = buf_room(b, width);

	if (room == NULL)
		return;
	for (unsigned i = width; i-- > 0; v >>= 8)
		room[i] = (uint8_t)v;
	buf_added(b, width);
}

void
put_u8(struct buf *b, unsigned v)
{
	put(b, v, 1);
}

void
put_u16(struct buf *b, unsigned v)
{
	put(b, v, 2);
}

void
put_u24(struct buf *b, uint32_t v)
{
	put(b, v, 3);
}

void
put_u32(struct buf *b, uint32_t v)
{
	put(b, v, 4);
}

void
put_str(struct buf *b, struct str s)
{
	buf_add_str(b, s);
}

size_t
put_open(struct buf *b, unsigned width)
{
	put(b, 0, width);
	return b->len;
}

void
put_close(struct buf *b, size_t at, unsigned width)
{
	size_t n;

	if (b->full || b->len < at)
		return;
	n = b->len - at;
	if (n >> (8 * width) != 0) {
		b->full = true;
		return;
	}
	for (unsigned i = 1; i <= width; i++, n >>= 8)
		b->data[at - i] = (uint8_t)n;
}
