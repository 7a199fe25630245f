/*
 * Big-endian wire formats. A reader carries a sticky `bad` flag: reading past the end sets
 * it and yields zeros, so a decoder reads a whole message and checks once at the end.
 */
#ifndef NET_BYTES_H
#define NET_BYTES_H

#include "net/buf.h"

struct rd {
	const uint8_t *p, *end;
	bool bad;
};

struct rd rd_of(const void *p, size_t n);
struct rd rd_str(struct str s);
size_t rd_left(const struct rd *r);
bool rd_done(const struct rd *r); /* not bad and nothing left */
uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u24(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
struct str rd_bytes(struct rd *r, size_t n);
/* Vectors with a length of 1, 2 or 3 bytes in front (RFC 8446 section 3.4). A short one makes
 * the outer reader bad and yields an empty reader that is bad too. */
struct rd rd_vec8(struct rd *r);
struct rd rd_vec16(struct rd *r);
struct rd rd_vec24(struct rd *r);
struct str rd_rest(struct rd *r); /* all that is left */

void put_u8(struct buf *b, unsigned v);
void put_u16(struct buf *b, unsigned v);
void put_u24(struct buf *b, uint32_t v);
void put_u32(struct buf *b, uint32_t v);
void put_str(struct buf *b, struct str s);
/* size_t at = put_open(b, 2); ...contents...; put_close(b, at, 2) writes the length of what
 * came between (width 1 to 3 bytes); sets b->full when it does not fit the width. */
size_t put_open(struct buf *b, unsigned width);
void put_close(struct buf *b, size_t at, unsigned width);

#endif
