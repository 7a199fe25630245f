/* Digests against the vectors of their standards. */
#include "tests/support/unit.h"

#include <string.h>

#include "net/x509/digest.h"

static void
check(void (*digest)(struct str data, uint8_t *out), size_t size, const char *text, const char *hex)
{
	uint8_t got[64], want[64];
	size_t n;

	assert_true(hex_read(str_of(hex), want, sizeof want, &n));
	assert_int_equal(n, size);
	digest(str_of(text), got);
	assert_memory_equal(got, want, size);
}

/* RFC 1321 appendix A.5, FIPS 180's examples. */
static void
test_vectors(void **state)
{
	(void)state;
	check(digest_md5, DIGEST_MD5_SIZE, "", "d41d8cd98f00b204e9800998ecf8427e");
	check(digest_md5, DIGEST_MD5_SIZE, "abc", "900150983cd24fb0d6963f7d28e17f72");
	check(digest_sha256, DIGEST_SHA256_SIZE, "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check(digest_sha512_256, DIGEST_SHA512_256_SIZE, "abc",
	    "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
	check(digest_sha512_256, DIGEST_SHA512_256_SIZE,
	    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	    "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
