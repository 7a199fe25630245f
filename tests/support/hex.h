/* Hexadecimal text, blanks allowed, for test vectors. */
#ifndef TESTS_SUPPORT_HEX_H
#define TESTS_SUPPORT_HEX_H

#include "net/str.h"

struct hex {
	uint8_t p[2048];
	size_t n;
};

static inline struct hex
hex(const char *text)
{
	struct hex h = { .n = 0 };
	int high = -1;

	for (; *text != '\0'; text++) {
		int digit = hex_value(*text);

		if (digit < 0)
			continue;
		if (high < 0) {
			high = digit;
		} else {
			h.p[h.n++] = (uint8_t)(high << 4 | digit);
			high = -1;
		}
	}
	return h;
}

#define HEX_STR(h) str_from((h).p, (h).n)

/* The count bytes are those of the text. */
#define assert_hex(bytes, count, text) \
	do { \
		struct hex wanted_ = hex(text); \
		assert_int_equal((count), wanted_.n); \
		assert_memory_equal((bytes), wanted_.p, wanted_.n); \
	} while (0)

#endif
