/*
 * Views of text and bytes. A `struct str` owns nothing: it is valid as long as what it
 * points into. p may be NULL only when n is 0. Nothing here is locale-dependent.
 */
#ifndef NET_STR_H
#define NET_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/mem.h"

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof literal - 1 })
/* for printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).n, ((s).n ? (s).p : "")

struct str str_of(const char *text); /* NULL gives the empty view */
struct str str_from(const void *p, size_t n);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
bool str_eq_nocase(struct str a, struct str b); /* ASCII case only */
bool str_is_nocase(struct str a, const char *text);
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_ends_nocase(struct str s, struct str suffix);
int str_cmp(struct str a, struct str b);             /* bytes, then length; for qsort */
ptrdiff_t str_find(struct str s, struct str needle); /* -1 when absent */
ptrdiff_t str_find_char(struct str s, char c);
struct str str_slice(struct str s, size_t from, size_t to); /* clamped to s */
struct str str_trim(struct str s);                          /* space, tab, CR, LF, FF, VT at both ends */

/* Cuts *rest at the first `c`: returns what stands before it and moves *rest behind it.
 * Without c the whole is returned, *rest becomes empty with p == NULL. */
struct str str_cut(struct str *rest, char c);

/* Decimal digits only, at most `max`; false when empty, other bytes or too large. */
bool str_to_u64(struct str s, uint64_t max, uint64_t *value);

/* Edits (insert, delete, replace, swap of neighbours) that turn a into b, ASCII case ignored; for "did you mean".
 * Words longer than 64 bytes are infinitely far: SIZE_MAX. */
size_t str_distance(struct str a, struct str b);

/* Owned copies, NUL-terminated; free() them. Never NULL (see mem_alloc). */
char *str_dup(struct str s);
char *str_try_dup(struct str s); /* of a text of any length; NULL: memory is out (see mem_try) */
char *str_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* THE decision on what may reach a terminal: bytes of the character at the start of s, 0 when it is to be made visible
 * as \xHH, a byte each. That are C0 (newline and tab, too: who prints lines lets them through itself), DEL, C1, bytes
 * that are no UTF-8, and what a reader cannot see but a terminal or the order of the text obeys (bidi controls, U+2028,
 * zero width space, tags ...). */
size_t str_showable(struct str s);

/* Copies s into out (NUL-terminated, cut at size) with all that is not showable as \xHH. Returns out. */
char *str_printable(struct str s, char *out, size_t size);

/* Bytes of the character at the start of s, 1 to 4; 0 when s is empty or it is not valid UTF-8 (RFC 3629). */
size_t str_utf8(struct str s);

char ascii_lower(char c);
char ascii_upper(char c);
bool ascii_is_alpha(char c);
bool ascii_is_digit(char c);
bool ascii_is_alnum(char c);
bool ascii_is_space(char c); /* space, \t \n \v \f \r */
int hex_value(char c);       /* 0..15, or -1 */

/* Bytes of pairs of hex digits; false for half a pair, another byte, or more than `size` bytes. */
bool hex_read(struct str s, uint8_t *out, size_t size, size_t *n);
void hex_write(struct str s, char *out); /* two lower-case digits for each byte and a NUL: 2 * s.n + 1 */

void str_wipe_free(char *text); /* a secret text; NULL is fine */

#endif
