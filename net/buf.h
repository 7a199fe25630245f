/*
 * A growing byte buffer with a named maximum. Going beyond the maximum fails, sets the
 * sticky `full` flag and leaves the contents unchanged, so that a run of buf_add() calls
 * can be checked once at its end. So does memory that is out: mem_missed() of net/mem.h tells one
 * from the other. The data is always followed by a NUL that is not counted.
 */
#ifndef NET_BUF_H
#define NET_BUF_H

#include "net/str.h"

struct buf {
	uint8_t *data;
	size_t len, cap, max;
	bool full; /* something did not fit */
};

/* max: bytes; 0 means BUF_DEFAULT_MAX. Allocates nothing. */
enum { BUF_DEFAULT_MAX = 16 << 20 };
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);      /* frees; b is empty and usable again */
void buf_wipe_release(struct buf *b); /* for secrets */
void buf_clear(struct buf *b);        /* length 0, keeps the memory, clears `full` */

int buf_add(struct buf *b, const void *p, size_t n); /* 0, or -1 when full */
int buf_add_str(struct buf *b, struct str s);
int buf_add_char(struct buf *b, char c);
int buf_add_hex(struct buf *b, struct str s); /* as hex_write() */
int buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes behind the contents, to be counted with buf_added(); NULL when full. */
uint8_t *buf_room(struct buf *b, size_t n);
void buf_added(struct buf *b, size_t n);
void buf_drop(struct buf *b, size_t n); /* removes n bytes (at most len) at the front */

struct str buf_str(const struct buf *b); /* a view, valid until the next change */
char *buf_take(struct buf *b);           /* the contents, NUL-terminated; caller frees; b is empty */

#endif
