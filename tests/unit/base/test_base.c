/* Views, buffers, readers and errors: the helpers every layer stands on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/bytes.h"
#include "net/error.h"
#include "tests/support/unit.h"

static void
cut_splits_at_the_first_separator(void **state)
{
	struct str rest = STR("a;b;");

	(void)state;
	assert_true(str_is(str_cut(&rest, ';'), "a"));
	assert_true(str_is(str_cut(&rest, ';'), "b"));
	assert_non_null(rest.p); /* "b;" was cut: an empty rest is left, not none */
	assert_true(str_is(str_cut(&rest, ';'), ""));
	assert_null(rest.p);
}

static void
numbers_keep_to_their_maximum(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_true(str_to_u64(STR("65535"), 65535, &v));
	assert_int_equal(v, 65535);
	assert_false(str_to_u64(STR("65536"), 65535, &v));
	assert_false(str_to_u64(STR(""), 10, &v));
	assert_false(str_to_u64(STR("1 "), 10, &v));
	assert_false(str_to_u64(STR("-1"), 10, &v));
	assert_false(str_to_u64(STR("9"), 5, &v));
	assert_true(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
	assert_false(str_to_u64(STR("18446744073709551616"), UINT64_MAX, &v));
}

static void
searches_and_cases(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), -1);
	assert_true(str_starts_nocase(STR("Content-Type"), STR("content-")));
	assert_true(str_ends(STR("a.html"), STR(".html")));
	assert_false(str_eq_nocase(STR("\xC4"), STR("\xE4"))); /* ASCII only */
	assert_true(str_is(str_trim(STR(" \t x y \r\n")), "x y"));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
}

static void
printable_escapes_what_a_terminal_obeys(void **state)
{
	char out[64];

	(void)state;
	assert_string_equal(str_printable(STR("a\x1B[2J\n"), out, sizeof out), "a\\x1B[2J\\x0A");
	assert_string_equal(str_printable(STR("caf\xC3\xA9"), out, sizeof out), "caf\xC3\xA9");
	assert_string_equal(str_printable(STR("\xC2\x9B"), out, sizeof out), "\\xC2\\x9B"); /* C1 CSI */
	assert_string_equal(str_printable(STR("\xC0\x80\xED\xA0\x80"), out, sizeof out),
	    "\\xC0\\x80\\xED\\xA0\\x80"); /* overlong, surrogate */
	assert_string_equal(str_printable(STR("a\xE2\x80\xAE"
					      "b"),
				out, sizeof out),
	    "a\\xE2\\x80\\xAE"
	    "b"); /* U+202E */
	assert_string_equal(str_printable(STR("abcdef"), out, 4), "abc");
	assert_string_equal(str_printable(STR("ab\x01"), out, 5), "ab"); /* no half escape */
}

static size_t
showable(uint32_t c)
{
	char utf8[] = { (char)(0xF0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
		(char)(0x80 | (c & 63)) };
	size_t from = c < 0x80 ? 3 : c < 0x800 ? 2 : c < 0x10000 ? 1 : 0;

	if (from > 0)
		utf8[from] = (char)(from == 3 ? c : from == 2 ? 0xC0 | c >> 6 : 0xE0 | c >> 12);
	return str_showable(str_from(utf8 + from, 4 - from));
}

static void
what_steers_is_not_showable(void **state)
{
	static const uint32_t bad[] = { 0, 7, 8, 9, 10, 13, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0x61C, 0x180E, 0x200B,
		0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066, 0x2067, 0x2068,
		0x2069, 0x206F, 0xFEFF, 0xFFF9, 0xFFFB, 0xE0001, 0xE0041, 0xE007F };
	static const uint32_t good[] = { ' ', '~', 0xA0, 0xAD, 0xE9, 0x301, 0x5D0, 0x627, 0x200C, 0x200D, 0x2010,
		0x2027, 0x202F, 0x2030, 0x205F, 0x2070, 0x3000, 0xFE0F, 0xFFFD, 0x1F600, 0xE0100 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (showable(bad[i]) != 0)
			fail_msg("U+%04X is showable", (unsigned)bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (showable(good[i]) == 0)
			fail_msg("U+%04X is not showable", (unsigned)good[i]);
	assert_int_equal(str_showable(STR("")), 0);
	assert_int_equal(str_showable(STR("\xE2\x80")), 0);
	assert_int_equal(str_showable(STR("\x9B")), 0);
}

static void
hex_pairs(void **state)
{
	uint8_t out[4];
	char text[7];
	struct buf b;
	size_t n;

	(void)state;
	assert_true(hex_read(STR("00fFA5"), out, sizeof out, &n));
	assert_int_equal(n, 3);
	assert_memory_equal(out, "\x00\xFF\xA5", 3);
	assert_false(hex_read(STR("0"), out, sizeof out, &n));
	assert_false(hex_read(STR("0g"), out, sizeof out, &n));
	assert_false(hex_read(STR("0011223344"), out, sizeof out, &n));
	hex_write(str_from("\x00\xFF\xA5", 3), text);
	assert_string_equal(text, "00ffa5");
	hex_write(STR(""), text);
	assert_string_equal(text, "");
	buf_init(&b, 6);
	assert_int_equal(buf_add_hex(&b, str_from("\x00\xFF\xA5", 3)), 0);
	assert_true(str_is(buf_str(&b), "00ffa5"));
	assert_int_equal(buf_add_hex(&b, STR("x")), -1);
	assert_true(b.full);
	buf_release(&b);
}

static void
buffer_refuses_what_does_not_fit_and_keeps_the_rest(void **state)
{
	struct buf b;
	char *text;

	(void)state;
	buf_init(&b, 8);
	assert_int_equal(buf_addf(&b, "%d-%s", 12, "abc"), 0);
	assert_int_equal(buf_add(&b, "xyz", 3), -1);
	assert_true(b.full);
	assert_true(str_is(buf_str(&b), "12-abc"));
	buf_drop(&b, 3);
	assert_true(str_is(buf_str(&b), "abc"));
	buf_drop(&b, 99);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
	assert_int_equal(buf_add(&b, "12345678", 8), 0);
	text = buf_take(&b);
	assert_string_equal(text, "12345678");
	free(text);
	assert_int_equal(b.len, 0);
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
}

static void
buffer_grows_at_every_length(void **state)
{
	char word[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	(void)state;
	for (int before = 0; before < 70; before++)
		for (int n = 0; n < 70; n++) {
			struct buf b;

			buf_init(&b, 100);
			buf_add(&b, word, (size_t)before);
			assert_int_equal(buf_addf(&b, "%.*s", n, word), before + n <= 100 ? 0 : -1);
			assert_int_equal(b.full, before + n > 100);
			assert_int_equal(b.len, before + (before + n <= 100 ? n : 0));
			assert_int_equal(strlen((char *)b.data), b.len);
			assert_memory_equal(b.data, word, (size_t)before);
			buf_release(&b);
		}
}

static void
reader_is_sticky_when_it_runs_out(void **state)
{
	struct rd r = rd_of("\x01\x02\x03\x04\x05", 5), inner;

	(void)state;
	assert_int_equal(rd_u16(&r), 0x0102);
	assert_int_equal(rd_u24(&r), 0x030405);
	assert_true(rd_done(&r));
	assert_int_equal(rd_u8(&r), 0);
	assert_true(r.bad);
	assert_false(rd_done(&r));

	r = rd_of(
	    "\x02"
	    "ab"
	    "\x05"
	    "c",
	    5);
	inner = rd_vec8(&r);
	assert_true(str_is(rd_rest(&inner), "ab"));
	assert_true(rd_done(&inner));
	inner = rd_vec8(&r); /* promises 5, has 1 */
	assert_true(inner.bad && r.bad);
	assert_int_equal(rd_left(&inner), 0);
}

static void
writer_closes_its_vectors(void **state)
{
	struct buf b;
	size_t outer, inner;

	(void)state;
	buf_init(&b, 1000);
	outer = put_open(&b, 2);
	put_u8(&b, 7);
	inner = put_open(&b, 1);
	put_str(&b, STR("hi"));
	put_close(&b, inner, 1);
	put_close(&b, outer, 2);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "\x00\x04\x07\x02hi", 6);
	inner = put_open(&b, 1);
	for (int i = 0; i < 256; i++)
		put_u8(&b, 0);
	put_close(&b, inner, 1);
	assert_true(b.full); /* 256 bytes do not fit a length of one byte */
	buf_release(&b);
}

static void
errors_say_one_line_and_are_cut(void **state)
{
	struct error e;
	char big[2000];

	(void)state;
	assert_int_equal(fail(&e, ERROR_TLS, 7, "record of %d bytes", 20000), -1);
	assert_int_equal(e.kind, ERROR_TLS);
	assert_int_equal(e.code, 7);
	assert_string_equal(e.text, "record of 20000 bytes");
	assert_string_equal(e.command, "");
	hint(&e, "type: %s", "tls proto tls1.0");
	assert_string_equal(e.command, "type: tls proto tls1.0");
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	fail(&e, ERROR_OTHER, 0, "%s", big);
	assert_int_equal(strlen(e.text), ERROR_TEXT_MAX - 1);
	assert_string_equal(e.text + ERROR_TEXT_MAX - 4, "...");
	errno = ENOENT;
	fail_errno(&e, ERROR_OTHER, "cannot read \"%s\"", "x");
	assert_string_equal(e.text, "cannot read \"x\": No such file or directory");
	assert_int_equal(e.code, ENOENT);
	fail(&e, ERROR_OTHER, 0, "answered \"%s\"", "\x1B[2J\x07\n\xE2\x80\xAE\x9B");
	assert_string_equal(e.text, "answered \"\\x1B[2J\\x07\\x0A\\xE2\\x80\\xAE\\x9B\"");
	hint(&e, "get %s", "caf\xC3\xA9");
	assert_string_equal(e.command, "get caf\xC3\xA9");
	hint(&e, "get '%s'", "a\nb"); /* another command than the one to be typed */
	assert_string_equal(e.command, "");
	memset(big, 1, sizeof big - 1);
	fail(&e, ERROR_OTHER, 0, "%s", big);
	assert_int_equal(strlen(e.text), ERROR_TEXT_MAX - 1);
	assert_string_equal(e.text + ERROR_TEXT_MAX - 4, "...");
	for (size_t i = 0; i < sizeof big - 2; i += 2)
		memcpy(big + i, "\xC3\xA9", 2);
	fail(&e, ERROR_OTHER, 0, "%s", big);
	assert_null(strchr(e.text, '\\')); /* cut between characters */
	assert_string_equal(e.text + strlen(e.text) - 3, "...");
	assert_int_equal(fail(NULL, ERROR_OTHER, 0, "nobody asks"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_splits_at_the_first_separator),
		cmocka_unit_test(numbers_keep_to_their_maximum),
		cmocka_unit_test(searches_and_cases),
		cmocka_unit_test(printable_escapes_what_a_terminal_obeys),
		cmocka_unit_test(what_steers_is_not_showable),
		cmocka_unit_test(hex_pairs),
		cmocka_unit_test(buffer_grows_at_every_length),
		cmocka_unit_test(buffer_refuses_what_does_not_fit_and_keeps_the_rest),
		cmocka_unit_test(reader_is_sticky_when_it_runs_out),
		cmocka_unit_test(writer_closes_its_vectors),
		cmocka_unit_test(errors_say_one_line_and_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
