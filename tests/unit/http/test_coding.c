/* Content codings undone in pieces of every size, cut short, spoilt, and beyond their limits. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "net/buf.h"
#include "net/http/coding.h"

/* "hello hello hello hello" by zlib (gzip, zlib and raw framing), brotli and zstd. */
#define TEXT "hello hello hello hello"
#define LITERAL(s) \
	{ \
		s, sizeof s - 1 \
	}

static const struct {
	const char *name;
	struct str data;
} codings[] = {
	{ "gzip",
	    LITERAL("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01\xe3\x51\x3d\x8d"
		    "\x17\x00\x00\x00") },
	{ "deflate", LITERAL("\x78\xda\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01\x68\x03\x08\xb1") },
	{ "deflate", LITERAL("\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01") },
	{ "br", LITERAL("\x1f\x16\x00\xf8\x8d\x94\x6e\xde\x44\x55\x86\x96\x6c\x20\x6f\x21\x4f\x1c\xe0\x38") },
	{ "zstd",
	    LITERAL("\x28\xb5\x2f\xfd\x04\x58\x65\x00\x00\x30\x68\x65\x6c\x6c\x6f\x20\x01\x00\x99\x4b\x11\x17\x5e\xae"
		    "\x0d") },
};

struct sink {
	struct buf out;
	size_t fails_after;
};

static int
put(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct sink *s = context;

	if (s->fails_after > 0 && s->out.len + n > s->fails_after)
		return fail(error, ERROR_OTHER, 0, "the sink is full");
	return buf_add(&s->out, p, n);
}

/* Pushes data in pieces and finishes. */
static int
decode(struct sink *s, const char *list, struct str data, size_t piece, uint64_t max, struct error *error)
{
	struct coding_out out = { put, s };
	struct coding *c;
	const struct coding_limits limits = { .max = max };
	int result = coding_new(&c, str_of(list), &limits, &out, error);

	buf_clear(&s->out);
	if (result != 0)
		return -1;
	while (result == 0 && data.n > 0) {
		size_t n = data.n < piece ? data.n : piece;

		result = coding_push(c, (const uint8_t *)data.p, n, error);
		data = str_slice(data, n, data.n);
	}
	if (result == 0)
		result = coding_finish(c, error);
	coding_free(c);
	return result;
}

static void
test_each(void **state)
{
	struct sink s = { 0 };
	struct error error = { 0 };

	(void)state;
	buf_init(&s.out, 0);
	for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
		for (size_t piece = 1; piece < 70; piece += 4) {
			struct str data = codings[i].data;
			struct buf longer;

			if (decode(&s, codings[i].name, data, piece, 0, &error) != 0)
				print_error("%zu %s: %s\n", i, codings[i].name, error.text);
			assert_true(str_is(buf_str(&s.out), TEXT));
			/* every truncation is seen, but that to nothing */
			for (size_t n = 1; n < data.n; n++)
				assert_int_equal(decode(&s, codings[i].name, str_slice(data, 0, n), piece, 0, &error),
				    -1);
			assert_int_equal(decode(&s, codings[i].name, STR(""), piece, 0, &error), 0);
			/* and what comes behind the end */
			buf_init(&longer, 0);
			buf_add_str(&longer, data);
			buf_add_str(&longer, STR("\0junk"));
			assert_int_equal(decode(&s, codings[i].name, buf_str(&longer), piece, 0, &error), -1);
			assert_int_equal(error.kind, ERROR_HTTP);
			buf_release(&longer);
			assert_int_equal(decode(&s, codings[i].name, data, piece, 22, &error), -1);
			assert_int_equal(error.kind, ERROR_LIMIT);
			s.fails_after = 5;
			assert_int_equal(decode(&s, codings[i].name, data, piece, 0, &error), -1);
			assert_string_equal(error.text, "the sink is full");
			s.fails_after = 0;
		}
	buf_release(&s.out);
}

/* What came before the fault counts, and comes out, in one piece or many. */
static void
test_counts(void **state)
{
	struct sink s = { 0 };
	struct error error = { 0 };
	char want[40];

	(void)state;
	buf_init(&s.out, 0);
	snprintf(want, sizeof want, "after %zu decoded bytes", sizeof TEXT - 1);
	for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
		char data[512];
		size_t n = codings[i].data.n;

		if (strcmp(codings[i].name, "gzip") != 0)
			continue;
		memcpy(data, codings[i].data.p, n);
		data[n - 5] ^= 1;
		for (size_t piece = 1; piece < n + 2; piece++) {
			assert_int_equal(decode(&s, "gzip", str_from(data, n), piece, 0, &error), -1);
			assert_non_null(strstr(error.text, want));
			assert_true(str_is(buf_str(&s.out), TEXT));
		}
	}
	buf_release(&s.out);
}

static void
test_members(void **state)
{
	struct sink s = { 0 };
	struct buf two;
	struct error error = { 0 };

	(void)state;
	buf_init(&s.out, 0);
	buf_init(&two, 0);
	/* gzip members and zstd frames in a row */
	for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
		bool may = strcmp(codings[i].name, "gzip") == 0 || strcmp(codings[i].name, "zstd") == 0;

		buf_clear(&two);
		buf_add_str(&two, codings[i].data);
		buf_add_str(&two, codings[i].data);
		for (size_t piece = 1; piece < 100; piece += 3) {
			assert_int_equal(decode(&s, codings[i].name, buf_str(&two), piece, 0, &error), may ? 0 : -1);
			assert_true(!may || str_is(buf_str(&s.out), TEXT TEXT));
		}
	}
	buf_release(&two);
	buf_release(&s.out);
}

static void
test_stacked(void **state)
{
	static const struct str twice = LITERAL(
	    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x98\x73\xda\xe3\xec\xc9\x93\xe1\x27\x1c\xd4\x19\x33"
	    "\x98\x39\x36\x02\x00\x96\x5f\x3e\xa1\x10\x00\x00\x00");
	struct sink s = { 0 };
	struct error error = { 0 };

	(void)state;
	buf_init(&s.out, 0);
	assert_int_equal(decode(&s, "deflate, identity, gzip", twice, 1, 0, &error), 0);
	assert_true(str_is(buf_str(&s.out), TEXT));
	assert_int_equal(decode(&s, "gzip, deflate", twice, 1, 0, &error), -1);
	assert_int_equal(decode(&s, "gzip,gzip,gzip,br,br,br", twice, 1, 0, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_int_equal(decode(&s, "pack200", twice, 1, 0, &error), -1);
	assert_int_equal(error.kind, ERROR_HTTP);
	buf_release(&s.out);
}

/* Ten megabytes of zeros in 14 bytes: the limit ends it early. */
static void
test_bomb(void **state)
{
	static const struct str bomb = LITERAL("\x9f\xff\xff\x9f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x13");
	struct sink s = { 0 };
	struct error error = { 0 };

	(void)state;
	buf_init(&s.out, 0);
	assert_int_equal(decode(&s, "br", bomb, 1000, 1 << 20, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_in_range(s.out.len, 1, 1 << 20);
	assert_int_equal(decode(&s, "br", bomb, 1000, 0, &error), 0);
	assert_int_equal(s.out.len, 10 << 20);
	buf_release(&s.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_each), cmocka_unit_test(test_counts),
		cmocka_unit_test(test_members), cmocka_unit_test(test_stacked), cmocka_unit_test(test_bomb) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
