/* Form bodies, urlencoded and multipart, in memory and beyond it. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/http/form.h"

static void
test_urlencoded(void **state)
{
	struct form f;
	struct http_body body;

	(void)state;
	form_init(&f, false);
	assert_int_equal(form_add(&f, STR("user name"), STR("d&mo=1+1%"), NULL), 0);
	assert_int_equal(form_add(&f, STR(""), STR("\xc3\xa4\r\n"), NULL), 0);
	assert_int_equal(form_finish(&f, &body, NULL), 0);
	assert_true(str_is(body.bytes, "user+name=d%26mo%3D1%2B1%25&=%C3%A4%0D%0A"));
	assert_int_equal(body.fd, -1);
	assert_string_equal(f.type, "application/x-www-form-urlencoded");
	assert_int_equal(form_add_file(&f, STR("f"), "/dev/null", NULL, NULL, NULL), -1);
	form_release(&f);
}

static void
temporary(char *name, const char *contents, size_t times)
{
	int fd = mkstemps(name, 4);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	for (size_t i = 0; i < times; i++)
		fputs(contents, file);
	fclose(file);
}

static void
test_multipart(void **state)
{
	char path[] = "/tmp/httpsh-form-XXXXXX.txt", expected[2000];
	struct form f;
	struct http_body body;
	struct error error;

	(void)state;
	temporary(path, "contents\n", 1);
	form_init(&f, true);
	assert_int_equal(form_add(&f, STR("a\"b\r\nc"), STR("one\ntwo\""), NULL), 0);
	assert_int_equal(form_add_file(&f, STR("up"), path, NULL, NULL, &error), 0);
	assert_int_equal(form_add_file(&f, STR("up"), path, "x\"y.png", "image/x", &error), 0);
	assert_int_equal(form_add_file(&f, STR("up"), path, NULL, "a\r\nb", &error), -1);
	assert_int_equal(form_add_file(&f, STR("up"), "/nowhere/at/all", NULL, NULL, &error), -1);
	assert_non_null(strstr(error.text, "/nowhere/at/all"));
	assert_int_equal(form_finish(&f, &body, NULL), 0);
	snprintf(expected, sizeof expected,
	    "--%s\r\nContent-Disposition: form-data; name=\"a%%22b%%0D%%0Ac\"\r\n\r\none\ntwo\"\r\n"
	    "--%s\r\nContent-Disposition: form-data; name=\"up\"; filename=\"%s\"\r\nContent-Type: text/plain\r\n\r\n"
	    "contents\n\r\n"
	    "--%s\r\nContent-Disposition: form-data; name=\"up\"; filename=\"x%%22y.png\"\r\nContent-Type: image/x\r\n"
	    "\r\ncontents\n\r\n"
	    "--%s--\r\n",
	    f.boundary, f.boundary, path + 5, f.boundary, f.boundary);
	assert_string_equal(body.bytes.p, expected);
	assert_true(str_starts(str_of(f.type), STR("multipart/form-data; boundary=----httpsh")));
	assert_true(str_ends(str_of(f.type), str_of(f.boundary)));
	form_release(&f);
	unlink(path);
}

/* Beyond FORM_MEMORY_MAX the form is in a file, with the same bytes. */
static void
test_large(void **state)
{
	enum { TIMES = 400000 };
	char path[] = "/tmp/httpsh-form-XXXXXX.bin", piece[64];
	struct form f;
	struct http_body body;
	uint64_t expected;

	(void)state;
	temporary(path, "0123456789", TIMES);
	form_init(&f, true);
	assert_int_equal(form_add(&f, STR("first"), STR("1"), NULL), 0);
	assert_int_equal(form_add_file(&f, STR("up"), path, "n", NULL, NULL), 0);
	assert_int_equal(form_finish(&f, &body, NULL), 0);
	assert_true(body.fd >= 0);
	expected = 10 * TIMES + 3 * (strlen(f.boundary) + 4) + 2 +
	    strlen(
		"Content-Disposition: form-data; name=\"first\"\r\n\r\n1\r\n"
		"Content-Disposition: form-data; name=\"up\"; filename=\"n\"\r\nContent-Type: "
		"application/octet-stream\r\n\r\n\r\n");
	assert_int_equal(body.length, expected);
	assert_int_equal(pread(body.fd, piece, 10, 2000000 + 0), 10);
	assert_int_equal(lseek(body.fd, 0, SEEK_END), expected);
	form_release(&f);
	unlink(path);
	/* a urlencoded one too */
	form_init(&f, false);
	for (int i = 0; i < 200000; i++)
		assert_int_equal(form_add(&f, STR("name"), STR("value "), NULL), 0);
	assert_int_equal(form_finish(&f, &body, NULL), 0);
	assert_int_equal(body.length, 200000 * strlen("&name=value+") - 1);
	form_release(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_urlencoded), cmocka_unit_test(test_multipart),
		cmocka_unit_test(test_large) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
