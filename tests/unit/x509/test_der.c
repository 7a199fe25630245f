/* The DER reader: one way to write each value (X.690 sections 8 and 10). */
#include "net/x509/der.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

static void
lengths(void **state)
{
	static const struct {
		const char *der;
		size_t n;
		bool good;
	} rows[] = {
		{ "0400", 0, true },
		{ "0401aa", 1, true },
		{ "04", 0, false },
		{ "0402aa", 0, false },
		{ "048101aa", 0, false },
		{ "04820001aa", 0, false },
		{ "0480aa0000", 0, false },
		{ "0484000000"
		  "01aa",
		    0, false },
		{ "1f0100", 0, false },
		{ "0000", 0, false },
		{ "0481", 0, false },
		{ "0482", 0, false },
		{ "048200", 0, false },
		{ "04830000", 0, false },
		{ "", 0, false },
		{ "0483000001aa", 0, false },
	};
	uint8_t long_one[3 + 200] = { 0x04, 0x81, 200 };
	struct rd r = rd_of(long_one, sizeof long_one);

	(void)state;
	assert_int_equal(der_element(&r, DER_OCTET_STRING).n, 200);
	assert_true(rd_done(&r));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i].der);
		struct str s;

		r = rd_of(h.p, h.n);
		s = der_element(&r, DER_OCTET_STRING);
		if (rd_done(&r) != rows[i].good || s.n != rows[i].n)
			fail_msg("%s", rows[i].der);
	}
}

static void
identifiers(void **state)
{
	static const struct {
		const char *der;
		bool good;
	} rows[] = {
		{ "06022a03", true },
		{ "06032a8119", true },
		{ "0600", false },
		{ "06022a80", false },
		{ "06032a8019", false },
		{ "0601"
		  "80",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i].der);
		struct rd r = rd_of(h.p, h.n);

		der_oid(&r);
		if (rd_done(&r) != rows[i].good)
			fail_msg("%s", rows[i].der);
	}
}

static void
named_bits(void **state)
{
	static const struct {
		const char *der;
		bool good;
		unsigned bits;
	} rows[] = {
		{ "03020780", true, 1 },
		{ "03020106", true, 0x60 },
		{ "0303070080", true, 0x100 },
		{ "03020181", false, 0 },
		{ "03020880", false, 0 },
		{ "030100", false, 0 },
		{ "0300", false, 0 },
		{ "030500800000"
		  "00",
		    false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i].der);
		struct rd r = rd_of(h.p, h.n);
		unsigned bits = der_named_bits(&r);

		if (rd_done(&r) != rows[i].good || bits != rows[i].bits)
			fail_msg("%s", rows[i].der);
	}
}

static void
integers(void **state)
{
	static const struct {
		const char *der;
		bool any, natural;
		unsigned small;
		bool is_small;
	} rows[] = {
		{ "020100", true, true, 0, true },
		{ "02017f", true, true, 127, true },
		{ "02020080", true, true, 128, true },
		{ "0201ff", true, false, 0, false },
		{ "0200", false, false, 0, false },
		{ "02020001", false, false, 0, false },
		{ "0202ff80", false, false, 0, false },
		{ "0202ff7f", true, false, 0, false },
		{ "02047fffffff", true, true, 0x7fffffff, true },
		{ "02050080000000", true, true, 0, false },
		{ "0203010000", true, true, 65536, true },
		{ "030100", false, false, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i].der);
		struct rd a = rd_of(h.p, h.n), b = a, c = a;
		unsigned value;

		der_integer(&a);
		der_unsigned(&b);
		value = der_small(&c);
		if (rd_done(&a) != rows[i].any || rd_done(&b) != rows[i].natural || rd_done(&c) != rows[i].is_small ||
		    value != rows[i].small)
			fail_msg("%s", rows[i].der);
	}
}

static void
booleans_and_bits(void **state)
{
	static const struct {
		const char *der;
		bool good, value;
	} rows[] = {
		{ "010100", true, false },
		{ "0101ff", true, true },
		{ "010101", false, false },
		{ "0100", false, false },
		{ "01020000", false, false },
	};
	struct hex bits = hex("030200ff"), unused = hex("030201fe"), none = hex("0300");
	struct rd r;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hex h = hex(rows[i].der);
		bool value;

		r = rd_of(h.p, h.n);
		value = der_boolean(&r);
		if (rd_done(&r) != rows[i].good || value != rows[i].value)
			fail_msg("%s", rows[i].der);
	}
	r = rd_of(bits.p, bits.n);
	assert_int_equal(der_bits(&r).n, 1);
	r = rd_of(unused.p, unused.n);
	der_bits(&r);
	assert_true(r.bad);
	r = rd_of(none.p, none.n);
	der_bits(&r);
	assert_true(r.bad);
}

static void
times(void **state)
{
	static const struct {
		unsigned tag;
		const char *text;
		int64_t at;
		bool good;
	} rows[] = {
		{ 0x17, "700101000000Z", 0, true },
		{ 0x17, "260601000000Z", 1780272000, true },
		{ 0x17, "491231235959Z", 2524607999, true },
		{ 0x17, "500101000000Z", -631152000, true },
		{ 0x18, "20500101000000Z", 2524608000, true },
		{ 0x18, "20000229000000Z", 951782400, true },
		{ 0x18, "99991231235959Z", 253402300799, true },
		{ 0x17, "000229000000Z", 951782400, true },
		{ 0x18, "21000229000000Z", 0, false },
		{ 0x17, "010229000000Z", 0, false },
		{ 0x17, "260600000000Z", 0, false },
		{ 0x17, "261301000000Z", 0, false },
		{ 0x17, "260601240000Z", 0, false },
		{ 0x17, "260601006000Z", 0, false },
		{ 0x17, "260601000060Z", 0, false },
		{ 0x17, "2606010000Z", 0, false },
		{ 0x17, "260601000000+0100", 0, false },
		{ 0x17, "260601000000", 0, false },
		{ 0x18, "20260601000000.5Z", 0, false },
		{ 0x17, "2606010000 0Z", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf b;
		struct rd r;
		int64_t at;

		buf_init(&b, 64);
		put_u8(&b, rows[i].tag);
		put_u8(&b, (unsigned)str_of(rows[i].text).n);
		put_str(&b, str_of(rows[i].text));
		r = rd_str(buf_str(&b));
		at = der_time(&r);
		if (rd_done(&r) != rows[i].good || at != rows[i].at)
			fail_msg("%s: %lld", rows[i].text, (long long)at);
		buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lengths), cmocka_unit_test(identifiers),
		cmocka_unit_test(named_bits), cmocka_unit_test(integers), cmocka_unit_test(booleans_and_bits),
		cmocka_unit_test(times) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
