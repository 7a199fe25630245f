/* One reader of numbers: what pages write, what can be two numbers, what is none; compared digit by digit. */
#include <stdio.h>
#include <string.h>

#include "shell/number.h"
#include "tests/support/unit.h"

/* "-1024.9 EUR": sign, digits, exponent as a plain decimal number. */
static const char *
shown(const struct number *n, char *out, size_t size)
{
	snprintf(out, size, "%s0.%.*se%d%s%s", n->negative ? "-" : "", (int)n->n, n->digits, n->exponent,
	    n->unit[0] != '\0' ? " " : "", n->unit);
	return out;
}

static void
is(const char *text, enum decimal_mark mark, const char *want)
{
	struct number n;
	char got[200];

	if (number_read(&n, str_of(text), mark) != NUMBER_IS)
		fail_msg("\"%s\" is no number", text);
	if (strcmp(shown(&n, got, sizeof got), want) != 0)
		fail_msg("\"%s\" is %s, not %s", text, got, want);
}

static const struct {
	const char *text, *want;
} written[] = {
	{ "0", "0.e0" },
	{ "-0.00", "0.e0" },
	{ "7", "0.7e1" },
	{ "007", "0.7e1" },
	{ "1024", "0.1024e4" },
	{ "+5", "0.5e1" },
	{ "1.024,90", "0.10249e4" },
	{ "1,299.00", "0.1299e4" },
	{ "1 299,00", "0.1299e4" },
	{ "1\xC2\xA0"
	  "299,00",
	    "0.1299e4" },
	{ "1\xE2\x80\xAF"
	  "299,00",
	    "0.1299e4" },
	{ "1'299.00", "0.1299e4" },
	{ "1\xE2\x80\x99"
	  "299.00",
	    "0.1299e4" },
	{ "1 299", "0.1299e4" },
	{ "1'299", "0.1299e4" },
	{ "1.299.000", "0.1299e7" },
	{ "1,299,000", "0.1299e7" },
	{ "12,34,567.5", "0.12345675e7" },
	{ "1,00,000", "0.1e6" },
	{ "0.125", "0.125e0" },
	{ "0,125", "0.125e0" },
	{ ".5", "0.5e0" },
	{ "-,5", "-0.5e0" },
	{ "12.5", "0.125e2" },
	{ "12,50", "0.125e2" },
	{ "1024.125", "0.1024125e4" },
	{ "1.0245", "0.10245e1" },
	{ "1 024.125", "0.1024125e4" },
	{ "1.024,125", "0.1024125e4" },
	{ "299,-", "0.299e3" },
	{ "299,\xE2\x80\x93", "0.299e3" },
	{ "19.-", "0.19e2" },
	{ "1.299,-", "0.1299e4" },
	{ "1.5e3", "0.15e4" },
	{ "1.024e3", "0.1024e4" },
	{ "1,024e3", "0.1024e4" },
	{ "5E-2", "0.5e-1" },
	{ "$1,299.00", "0.1299e4 $" },
	{ "1.299,00 \xE2\x82\xAC", "0.1299e4 \xE2\x82\xAC" },
	{ "\xE2\x82\xAC 5", "0.5e1 \xE2\x82\xAC" },
	{ "-$5", "-0.5e1 $" },
	{ "$-5", "-0.5e1 $" },
	{ "\xE2\x88\x92"
	  "5",
	    "-0.5e1" },
	{ "US$ 5.00", "0.5e1 US$" },
	{ "5 EUR", "0.5e1 EUR" },
	{ "CHF 1'299.-", "0.1299e4 CHF" },
	{ "EUR5", "0.5e1 EUR" },
	{ "$5.00 USD", "0.5e1 USD" },
	{ "19,99 z\xC5\x82", "0.1999e2 z\xC5\x82" },
	{ "12.5 %", "0.125e2 %" },
	{ "12,5%", "0.125e2 %" },
	{ "250ms", "0.25e0 s" },
	{ "2s", "0.2e1 s" },
	{ "1.5h", "0.54e4 s" },
	{ "10K", "0.1024e5 bytes" },
	{ "1G", "0.1073741824e10 bytes" },
	{ "  42\n", "0.42e2" },
	{ "12345678901234567890123456789.5", "0.123456789012345678901234567895e29" },
};

static void
what_pages_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof written / sizeof written[0]; i++)
		is(written[i].text, DECIMAL_AUTO, written[i].want);
}

static void
what_is_none(void **state)
{
	static const char *const rows[] = { "", " ", "-", "$", "EUR", "nan", "inf", "0x10", "1.2.3", "1.2.3.4",
		"192.168.0.1", "2026-01-02", "12:30", "5 pieces", "about 5", "5.", "5,", "1,2,3", "1.024.90",
		"1,024,90", "1.024,90,1", "1..5", "1. 5", "1 2", "1 29 900", "0.123.456", "1.024'900,5", "12.34.567",
		"--5", "$5$5", "5 % %", "$10K", "5 MIN", "EURO 5", "5EURO", "5e", "e5", "1_000", "\xD9\xA1", "5\xFF",
		"'5", "1/2", "(5)", "5-", "1.299.-" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct number n;

		if (number_read(&n, str_of(rows[i]), DECIMAL_AUTO) != NUMBER_NONE)
			fail_msg("\"%s\" is a number", rows[i]);
	}
}

static void
what_can_be_two(void **state)
{
	static const struct {
		const char *text, *readings, *point, *comma;
	} rows[] = {
		{ "1.024", "1024 or 1.024", "0.1024e1", "0.1024e4" },
		{ "1,024", "1024 or 1.024", "0.1024e4", "0.1024e1" },
		{ "-12.500 EUR", "-12500 or -12.500", "-0.125e2 EUR", "-0.125e5 EUR" },
		{ "$999,999", "999999 or 999.999", "0.999999e6 $", "0.999999e3 $" },
		{ "1.024 s", "1024 or 1.024", "0.1024e1 s", "0.1024e4 s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct number n;
		char got[100];

		assert_int_equal(number_read(&n, str_of(rows[i].text), DECIMAL_AUTO), NUMBER_AMBIGUOUS);
		assert_string_equal(number_readings(&n, got, sizeof got), rows[i].readings);
		is(rows[i].text, DECIMAL_POINT, rows[i].point);
		is(rows[i].text, DECIMAL_COMMA, rows[i].comma);
	}
	/* what has another mark is what it is, whatever the caller knows */
	is("1.024,90", DECIMAL_POINT, "0.10249e4");
	is("1,299.00", DECIMAL_COMMA, "0.1299e4");
	is("12.5", DECIMAL_COMMA, "0.125e2");
}

static int
compared(const char *a, const char *b)
{
	struct number m, n;

	assert_int_equal(number_read(&m, str_of(a), DECIMAL_POINT), NUMBER_IS);
	assert_int_equal(number_read(&n, str_of(b), DECIMAL_POINT), NUMBER_IS);
	return number_compare(&m, &n);
}

static void
exactly(void **state)
{
	static const char *const ascending[] = { "-1e9", "-10.1", "-10", "-9.99", "-0.1", "0", "1e-999999", "0.1",
		"0.10000000000000000000001", "0.11", "9", "9.9", "10", "9007199254740992", "9007199254740993",
		"9007199254740993.5", "18446744073709551616", "1e30", "1e999999" };
	size_t n = sizeof ascending / sizeof ascending[0];

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int order = compared(ascending[i], ascending[k]), want = (i > k) - (i < k);

			if ((order > 0) - (order < 0) != want)
				fail_msg("%s and %s: %d", ascending[i], ascending[k], order);
		}
	assert_int_equal(compared("10", "10.0"), 0);
	assert_int_equal(compared("0.3", "300ms"), 0);
	assert_int_equal(compared("1e3", "1000"), 0);
	assert_int_equal(compared("2K", "2048"), 0);
}

static void
units_agree(void **state)
{
	static const struct {
		const char *a, *b;
		bool agree;
	} rows[] = { { "5", "$5", true }, { "$5", "$6", true }, { "$5", "5 EUR", false }, { "5s", "5K", false },
		{ "5ms", "5h", true }, { "5%", "5", true }, { "5%", "5 EUR", false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct number a, b;

		assert_int_equal(number_read(&a, str_of(rows[i].a), DECIMAL_AUTO), NUMBER_IS);
		assert_int_equal(number_read(&b, str_of(rows[i].b), DECIMAL_AUTO), NUMBER_IS);
		assert_int_equal(number_comparable(&a, &b), rows[i].agree);
	}
}

static void
too_long(void **state)
{
	char text[NUMBER_MAX_BYTES + 2];
	struct number n;

	(void)state;
	memset(text, '9', sizeof text);
	assert_int_equal(number_read(&n, str_from(text, NUMBER_MAX_BYTES + 1), DECIMAL_AUTO), NUMBER_TOO_LONG);
	assert_int_equal(number_read(&n, str_from(text, NUMBER_MAX_BYTES), DECIMAL_AUTO), NUMBER_IS);
	assert_int_equal(n.n, NUMBER_MAX_BYTES);
	text[NUMBER_MAX_BYTES - 1] = 'G';
	assert_int_equal(number_read(&n, str_from(text, NUMBER_MAX_BYTES), DECIMAL_AUTO), NUMBER_IS);
	memset(text, '.', sizeof text);
	for (size_t i = 0; i < NUMBER_MAX_BYTES; i += 2)
		text[i] = '1';
	assert_int_equal(number_read(&n, str_from(text, NUMBER_MAX_BYTES), DECIMAL_AUTO), NUMBER_NONE);
	assert_int_equal(number_read(&n, STR("1e1000001"), DECIMAL_AUTO), NUMBER_TOO_LONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_pages_write),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(what_can_be_two),
		cmocka_unit_test(exactly),
		cmocka_unit_test(units_agree),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
