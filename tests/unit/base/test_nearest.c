/* "did you mean": which name is near enough to a word, and which of several. */
#include "net/nearest.h"
#include "tests/support/unit.h"

static void
meant(const char *word, const char *want)
{
	static const char *const names[] = { "get", "set", "post", "options", "extract",
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "x" };
	struct nearest near = { .word = str_of(word) };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		nearest_see(&near, names[i]);
	if (want == NULL ? near.name != NULL : near.name == NULL || !str_is(str_of(want), near.name))
		fail_msg("%s is taken for %s, not %s", word, near.name != NULL ? near.name : "nothing",
		    want != NULL ? want : "nothing");
}

static void
test_nearest(void **state)
{
	(void)state;
	meant("gett", "get");
	meant("ste", "set"); /* two neighbours swapped are one edit */
	meant("psot", "post");
	meant("OPTIONS", "options");
	meant("optoin", "options");
	meant("extra", "extract");
	meant("ext", NULL); /* four edits */
	meant("TLS_ECDHE_RSA_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	meant("TLS_NULL", NULL);
}

/* Of a short word more than half must be right; of two as near the first counts. */
static void
test_short_words(void **state)
{
	(void)state;
	meant("et", "get");
	meant("y", NULL);
	meant("zq", NULL);
	meant("", NULL);
	meant("jet", "get");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nearest), cmocka_unit_test(test_short_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
