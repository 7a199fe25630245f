/* Names that a server chooses for a file. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/file_name.h"

#define NAME(text) "attachment; filename=\"" text "\""
#define EXTENDED(text) "attachment; filename*=UTF-8''" text

static const struct {
	const char *disposition, *path, *name;
} rows[] = {
	/* where it comes from */
	{ NAME("report.pdf"), "/x", "report.pdf" },
	{ "attachment; filename=report.pdf; size=3", "/x", "report.pdf" },
	{ "attachment; FileName=\"plain.txt\"; filename*=UTF-8''na%C3%AFve%20file.txt", "/x", "na\xC3\xAFve file.txt" },
	{ "attachment; filename*=iso-8859-1'en'%A3%20rates", "/x", "\xC2\xA3 rates" },
	{ "attachment; filename*=koi8-r''%A3; filename=y", "/x", "y" },
	{ "inline", "/a/b.csv", "b.csv" },
	{ "attachment", "/b.csv", "b.csv" },
	{ NULL, "/b.csv", "b.csv" },
	{ NULL, "/b%20c.csv", "b c.csv" },
	{ NULL, "/", "index.html" },
	{ NULL, "", "index.html" },
	{ NULL, "/a/b/", "index.html" },
	{ NAME(""), "/b.csv", "b.csv" },
	{ NAME(".."), "/b.csv", "b.csv" },
	{ NAME("dir/"), "/b.csv", "b.csv" },
	{ EXTENDED("%FF%FE"), "/b.csv", "b.csv" },
	/* other folders */
	{ NAME("../../etc/passwd"), "/x", "passwd" },
	{ NAME("/etc/passwd"), "/x", "passwd" },
	{ NAME("..\\\\..\\\\evil.exe"), "/x", "evil.exe" },
	{ NAME("C:\\\\dir\\\\evil.exe"), "/x", "evil.exe" },
	{ NAME("a/..\\\\b"), "/x", "b" },
	{ EXTENDED("..%2F..%2F.bashrc"), "/x", "bashrc" },
	{ EXTENDED("..%5C..%5Ca.txt"), "/x", "a.txt" },
	{ NAME("..%2Fa"), "/x", "%2Fa" },
	{ NULL, "/..%2F..%2Fetc%2Fpasswd", "passwd" },
	{ NULL, "/a%5C..%5Cb.txt", "b.txt" },
	{ NULL, "/%2E%2E", "index.html" },
	{ NULL, "/..%2F", "index.html" },
	{ NULL, "/%252e%252e%252fa", "%2e%2e%2fa" },
	/* hidden files, options, homes, drives, streams */
	{ NAME(".bashrc"), "/x", "bashrc" },
	{ NAME("...a"), "/x", "a" },
	{ NAME("-rf"), "/x", "rf" },
	{ NAME("--output=x"), "/x", "output=x" },
	{ NAME(" -. ~x"), "/x", "x" },
	{ NAME("~root"), "/x", "root" },
	{ NAME("~"), "/b.csv", "b.csv" },
	{ NAME("C:evil.txt"), "/x", "C_evil.txt" },
	{ NAME("a.txt:stream"), "/x", "a.txt_stream" },
	{ NULL, "/%2d%2drm", "rm" },
	/* devices */
	{ NAME("CON"), "/x", "_CON" },
	{ NAME("nul.txt"), "/x", "_nul.txt" },
	{ NAME("aux.tar.gz"), "/x", "_aux.tar.gz" },
	{ NAME("Com1"), "/x", "_Com1" },
	{ NAME("lpt9.dat"), "/x", "_lpt9.dat" },
	{ NAME("prn .txt"), "/x", "_prn .txt" },
	{ NAME("CONOUT$"), "/x", "_CONOUT$" },
	{ EXTENDED("COM%C2%B9"), "/x", "_COM\xC2\xB9" },
	{ NAME("COM10"), "/x", "COM10" },
	{ NAME("console"), "/x", "console" },
	{ NAME("com"), "/x", "com" },
	{ NULL, "/nul", "_nul" },
	/* the end */
	{ NAME("x.exe."), "/x", "x.exe" },
	{ NAME("x.exe . . "), "/x", "x.exe" },
	{ NAME("nul. "), "/x", "_nul" },
	/* what cannot be seen */
	{ EXTENDED("a%1b%5b31mb%0ac%c2%9bd"), "/x", "a[31mbcd" },
	{ EXTENDED("invoice%E2%80%AEfdp.exe"), "/x", "invoicefdp.exe" },
	{ EXTENDED("%E2%81%A6a%E2%81%A9%E2%80%8Bb%EF%BB%BF"), "/x", "ab" },
	{ EXTENDED("%E2%80%8F.bashrc"), "/x", "bashrc" },
	{ EXTENDED("%01.%02.%03/x"), "/x", "x" },
	{ EXTENDED("a%00.exe"), "/b.csv", "b.csv" },
	{ NULL, "/a.txt%00.exe", "a.txt.exe" },
	{ NULL, "/%0d%0a", "index.html" },
	{ NULL, "/a%F3%A0%81%81%7Fb", "ab" },
	{ NULL, "/caf%E9", "caf" },
	/* what is odd and harmless */
	{ NAME("a b  c.txt"), "/x", "a b  c.txt" },
	{ NAME("a\\\"b;c.txt"), "/x", "a\"b;c.txt" },
	{ NAME("$(reboot) `x` *.txt"), "/x", "$(reboot) `x` *.txt" },
	{ EXTENDED("%E6%97%A5%E6%9C%AC.pdf"), "/x", "\xE6\x97\xA5\xE6\x9C\xAC.pdf" },
};

static void
names(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *name = file_name_of_answer(rows[i].disposition, str_of(rows[i].path));

		if (strcmp(name, rows[i].name) != 0) {
			print_message("%s, %s: \"%s\" instead of \"%s\"\n", rows[i].disposition, rows[i].path, name,
			    rows[i].name);
			failed++;
		}
		free(name);
	}
	assert_int_equal(failed, 0);
}

static void
long_names(void **state)
{
	char path[1001] = "/", *name;

	(void)state;
	for (size_t i = 1; i < 991; i += 2)
		memcpy(path + i, "\xC3\xA4", 2);
	memcpy(path + 991, ".tar.gz", 8);
	name = file_name_of_answer(NULL, str_of(path));
	assert_in_range(strlen(name), FILE_NAME_MAX - 4, FILE_NAME_MAX);
	assert_true(str_ends(str_of(name), STR(".tar.gz")));
	for (struct str s = str_of(name); s.n > 0; s = str_slice(s, str_utf8(s), s.n))
		assert_true(str_utf8(s) > 0);
	free(name);
	memset(path, '.', 1000);
	memcpy(path, "/nul", 4);
	path[300] = 'x';
	name = file_name_of_answer(NULL, str_of(path));
	assert_string_equal(name, "_nul");
	free(name);
	memset(path + 4, 'y', 996);
	path[4] = '.';
	name = file_name_of_answer(NULL, str_of(path));
	assert_int_equal(strlen(name), FILE_NAME_MAX);
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(long_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
