/* The lab's DER writer, against the encodings that X.690 prescribes; base64 and form fields of requests. */
#include "net/lab/der.h"
#include "net/lab/request.h"

#include <string.h>

#include "tests/support/unit.h"

static struct buf b;

static int
set_up(void **state)
{
	(void)state;
	buf_init(&b, 1 << 20);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&b);
	return 0;
}

static void
expect(struct str bytes)
{
	assert_false(b.full);
	assert_int_equal(b.len, bytes.n);
	assert_memory_equal(b.data, bytes.p, bytes.n);
	buf_clear(&b);
}

static void
test_lengths(void **state)
{
	static const struct {
		size_t n;
		const char *head;
		size_t head_len;
	} rows[] = {
		{ 0, "\x04\x00", 2 },
		{ 127, "\x04\x7f", 2 },
		{ 128, "\x04\x81\x80", 3 },
		{ 255, "\x04\x81\xff", 3 },
		{ 256, "\x04\x82\x01\x00", 4 },
		{ 65535, "\x04\x82\xff\xff", 4 },
		{ 65536, "\x04\x83\x01\x00\x00", 5 },
	};
	static char contents[65536];

	(void)state;
	memset(contents, 'c', sizeof contents);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		der_put_value(&b, DER_OCTET_STRING, str_from(contents, rows[i].n));
		assert_int_equal(b.len, rows[i].head_len + rows[i].n);
		assert_memory_equal(b.data, rows[i].head, rows[i].head_len);
		assert_memory_equal(b.data + rows[i].head_len, contents, rows[i].n);
		buf_clear(&b);
	}
}

static void
test_nested(void **state)
{
	size_t outer = der_put_open(&b, DER_SEQUENCE), inner = der_put_open(&b, DER_CONTEXT_CONSTRUCTED(3));
	char contents[130];

	(void)state;
	memset(contents, 0, sizeof contents);
	der_put_value(&b, DER_OCTET_STRING, str_from(contents, sizeof contents));
	der_put_close(&b, inner);
	der_put_bool(&b, true);
	der_put_close(&b, outer);
	assert_int_equal(b.len, 3 + 3 + 3 + 130 + 3);
	assert_memory_equal(b.data, "\x30\x81\x8b\xa3\x81\x85\x04\x81\x82\x00", 10);
	assert_memory_equal(b.data + b.len - 4, "\x00\x01\x01\xff", 4);
	buf_clear(&b);
}

static void
test_values(void **state)
{
	(void)state;
	der_put_unsigned(&b, (const uint8_t *)"\x00\x00\x7f", 3);
	expect(STR("\x02\x01\x7f"));
	der_put_unsigned(&b, (const uint8_t *)"\x80", 1);
	expect(STR("\x02\x02\x00\x80"));
	der_put_unsigned(&b, (const uint8_t *)"\x00", 1);
	expect(STR("\x02\x01\x00"));
	der_put_unsigned(&b, (const uint8_t *)"", 0);
	expect(STR("\x02\x01\x00"));
	der_put_small(&b, 2);
	expect(STR("\x02\x01\x02"));
	der_put_bool(&b, false);
	expect(STR("\x01\x01\x00"));
	der_put_bits(&b, (const uint8_t *)"\x01\x02", 2);
	expect(STR("\x03\x03\x00\x01\x02"));
	der_put_named_bits(&b, 0x80);
	expect(STR("\x03\x02\x07\x80"));
	der_put_named_bits(&b, 0xa0);
	expect(STR("\x03\x02\x05\xa0"));
	der_put_named_bits(&b, 0x06);
	expect(STR("\x03\x02\x01\x06"));
	der_put_named_bits(&b, 0);
	expect(STR("\x03\x01\x00"));
}

/* RFC 5280 section 4.1.2.5: UTCTime through the year 2049, GeneralizedTime from 2050. */
static void
test_times(void **state)
{
	(void)state;
	der_put_time(&b, 0);
	expect(
	    STR("\x17\x0d"
		"700101000000Z"));
	der_put_time(&b, 2524607999);
	expect(
	    STR("\x17\x0d"
		"491231235959Z"));
	der_put_time(&b, 2524608000);
	expect(
	    STR("\x18\x0f"
		"20500101000000Z"));
	der_put_time(&b, INT64_MAX);
	assert_true(b.full);
	buf_clear(&b);
}

static void
test_full(void **state)
{
	struct buf small;
	size_t at;

	(void)state;
	buf_init(&small, 129);
	at = der_put_open(&small, DER_SEQUENCE);
	for (unsigned i = 0; i < 127; i++)
		buf_add_char(&small, 'x');
	der_put_close(&small, at);
	assert_false(small.full);
	buf_clear(&small);
	buf_release(&small);
	buf_init(&small, 130);
	at = der_put_open(&small, DER_SEQUENCE);
	for (unsigned i = 0; i < 128; i++)
		buf_add_char(&small, 'x');
	der_put_close(&small, at); /* no room for the longer length */
	assert_true(small.full);
	buf_release(&small);
}

static void
expect_base64(const char *text, const char *plain)
{
	char out[8];
	size_t n;
	bool good = lab_base64_decode(str_of(text), out, sizeof out, &n);

	assert_int_equal(good, plain != NULL);
	if (plain != NULL) {
		assert_int_equal(n, strlen(plain));
		assert_memory_equal(out, plain, n);
	}
}

static void
test_base64(void **state)
{
	(void)state;
	expect_base64("", ""); /* RFC 4648 section 10 */
	expect_base64("Zg==", "f");
	expect_base64("Zm8=", "fo");
	expect_base64("Zm9v", "foo");
	expect_base64("Zm9vYg==", "foob");
	expect_base64("Zm9vYmE=", "fooba");
	expect_base64("Zm9vYmFy", "foobar");
	expect_base64("Zm9vYmFyMTI=", "foobar12");
	expect_base64("Zm9vYmFyMTIz", NULL); /* too long */
	expect_base64("Zm9*", NULL);
	expect_base64("Zm9v Zm9v", NULL);
}

static void
test_form(void **state)
{
	struct str form = STR("a=1&b=x+y%21&c&%64=4&e=%&f=%4&b=2&long=0123456789");
	char out[8];

	(void)state;
	assert_true(lab_form_value(form, "a", out, sizeof out));
	assert_string_equal(out, "1");
	assert_true(lab_form_value(form, "b", out, sizeof out));
	assert_string_equal(out, "x y!");
	assert_true(lab_form_value(form, "c", out, sizeof out));
	assert_string_equal(out, "");
	assert_true(lab_form_value(form, "d", out, sizeof out));
	assert_string_equal(out, "4");
	assert_false(lab_form_value(form, "e", out, sizeof out));
	assert_false(lab_form_value(form, "f", out, sizeof out));
	assert_false(lab_form_value(form, "long", out, sizeof out));
	assert_false(lab_form_value(form, "none", out, sizeof out));
	assert_false(lab_form_value(STR(""), "a", out, sizeof out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_form),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
