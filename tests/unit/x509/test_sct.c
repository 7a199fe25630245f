/* Signed certificate timestamps (RFC 6962 section 3). */
#include <stdlib.h>

#include "net/x509/sct.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

#define LOG "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BODY \
	"00" LOG \
	"0000019ab1e52400" \
	"0000" \
	"0403" \
	"0004deadbeef" /* 51 bytes */

static void
one(void **state)
{
	struct hex list =
	    hex("0035"
		"0033" BODY);
	struct sct scts[SCT_MAX];
	char *text;

	(void)state;
	assert_int_equal(sct_decode_list(HEX_STR(list), scts), 1);
	assert_int_equal(scts[0].version, 0);
	assert_hex(scts[0].log_id.p, scts[0].log_id.n, LOG);
	assert_true(scts[0].milliseconds == 1763921175552);
	assert_int_equal(scts[0].extensions.n, 0);
	assert_hex(scts[0].signature.p, scts[0].signature.n, "deadbeef");
	text = sct_text(&scts[0]);
	assert_string_equal(text,
	    "v1, log AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, 2025-11-23 18:06:15 UTC, ecdsa with SHA-256");
	free(text);
}

/* section 3.3: the others of the list stay readable */
static void
of_another_version(void **state)
{
	struct hex list =
	    hex("003a"
		"000301aabb"
		"0033" BODY);
	struct sct scts[SCT_MAX];
	char *text;

	(void)state;
	assert_int_equal(sct_decode_list(HEX_STR(list), scts), 2);
	text = sct_text(&scts[0]);
	assert_string_equal(text, "version 2, which is not known here");
	free(text);
	assert_int_equal(scts[1].signature.n, 4);
}

static void
malformed(void **state)
{
	static const char *const lists[] = { "", "0000", "00",
		"0002"
		"0000",
		"0035"
		"0034" BODY,
		"0034"
		"0032" BODY,
		"0036"
		"0033" BODY,
		"0036"
		"0033" BODY "00",
		"0031"
		"002f"
		"00" LOG
		"0000019ab1e52400"
		"0000"
		"0403"
		"0000" };
	struct sct scts[SCT_MAX];
	struct hex many = { .n = 2 + 40 * 3 };

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct hex list = hex(lists[i]);

		assert_int_equal(sct_decode_list(HEX_STR(list), scts), -1);
	}
	/* more than SCT_MAX */
	many.p[1] = 40 * 3;
	for (size_t i = 0; i < 40; i++) {
		many.p[2 + 3 * i + 1] = 1;
		many.p[2 + 3 * i + 2] = 9;
	}
	assert_int_equal(sct_decode_list(HEX_STR(many), scts), -1);
	many.p[1] = 32 * 3;
	assert_int_equal(sct_decode_list(str_from(many.p, 2 + 32 * 3), scts), 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one), cmocka_unit_test(of_another_version),
		cmocka_unit_test(malformed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
