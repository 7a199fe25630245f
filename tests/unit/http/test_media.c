/* Media types and the file names of Content-Disposition. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/media.h"

static void
test_types(void **state)
{
	struct media m = media_parse("Text/HTML ; Charset=\"utf-8\"; x=y");

	(void)state;
	assert_string_equal(m.type, "text/html");
	assert_string_equal(m.charset, "utf-8");
	assert_true(media_is_html(&m) && media_is_text(&m) && !media_is_json(&m));
	m = media_parse("application/problem+json");
	assert_true(media_is_json(&m) && media_is_text(&m));
	m = media_parse("image/svg+xml");
	assert_true(media_is_text(&m));
	m = media_parse("image/png");
	assert_false(media_is_text(&m));
	m = media_parse(NULL);
	assert_string_equal(m.type, "");
	m = media_parse("nonsense; charset=x");
	assert_string_equal(m.type, "");
	assert_string_equal(media_type_of_file("/a/b.JSON"), "application/json");
	assert_string_equal(media_type_of_file("/a/b"), "application/octet-stream");
}

static void
check_filename(const char *disposition, const char *expected)
{
	char *name = media_parameter(disposition, "filename");

	if (expected == NULL) {
		assert_null(name);
	} else {
		assert_non_null(name);
		assert_string_equal(name, expected);
	}
	free(name);
}

static void
test_filenames(void **state)
{
	(void)state;
	check_filename("attachment; filename=\"report.pdf\"", "report.pdf");
	check_filename("attachment; filename=report.pdf; size=3", "report.pdf");
	check_filename("attachment; filename=\"a\\\"b;c.txt\"", "a\"b;c.txt");
	check_filename("attachment; filename=\"plain.txt\"; filename*=UTF-8''na%C3%AFve%20file.txt",
	    "na\xc3\xafve file.txt");
	check_filename("attachment; filename*=iso-8859-1'en'%A3%20rates", "\xc2\xa3 rates");
	check_filename("attachment; filename*=koi8-r''%A3; filename=x", "x");
	check_filename("inline", NULL);
	check_filename("attachment; filename=\"\"", "");
	check_filename("attachment; filename*=UTF-8''a%00b; filename=x", "x");
	check_filename(NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_types), cmocka_unit_test(test_filenames) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
