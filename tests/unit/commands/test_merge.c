/* Two shells on one session: what each puts into what the other one left, row by row and over random changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/session/merge.h"
#include "commands/settings/settings.h"
#include "tests/support/unit.h"

static char *
merged(const char *disk, const char *saved, const char *ours, merge_subject *subject)
{
	struct buf out;

	buf_init(&out, 0);
	assert_int_equal(merge_lines(str_of(disk), str_of(saved), str_of(ours), subject, &out), 0);
	return buf_take(&out);
}

struct change {
	const char *disk, *saved, *ours, *expected;
};

static void
check_rows(const struct change *rows, size_t n, merge_subject *subject)
{
	for (size_t i = 0; i < n; i++) {
		char *out = merged(rows[i].disk, rows[i].saved, rows[i].ours, subject);

		if (strcmp(out, rows[i].expected) != 0)
			fail_msg("row %zu: %s", i, out);
		free(out);
	}
}

static void
settings_lines(void **state)
{
	static const struct change rows[] = {
		/* alone: what we have */
		{ "", "", "set a b\n", "set a b\n" },
		/* nothing changed here: what the other one did stands */
		{ "set follow off\ntrust off\n", "set follow on\n", "set follow on\n", "set follow off\ntrust off\n" },
		/* both changed one setting: ours is newer; two settings: both */
		{ "set follow off\n", "", "set follow on\n", "set follow on\n" },
		{ "set timeout 5s\n", "", "set follow on\n", "set timeout 5s\nset follow on\n" },
		/* ours is gone: theirs of the same text goes too, what they made of it since stays */
		{ "set follow off\nset fail on\n", "set follow off\n", "", "set fail on\n" },
		{ "set follow on\n", "set follow off\n", "", "set follow on\n" },
		/* one mode of trust, whatever its word; a host's rule is not the mode */
		{ "trust ask\ntrust host a off\n", "", "trust off\n", "trust host a off\ntrust off\n" },
		{ "trust host a off\ntrust host b off\n", "", "trust host a on\n",
		    "trust host b off\ntrust host a on\n" },
		{ "header set X 1\nheader set Y 1\n", "", "header set X 2\n", "header set Y 1\nheader set X 2\n" },
		{ "open https://a/\n", "", "open https://b/\n", "open https://b/\n" },
		/* comments and empty lines are nobody's */
		{ "# mine\n\nset follow on\n", "set follow on\n", "set follow off\n", "# mine\n\nset follow off\n" },
		{ "# mine\n", "# mine\n", "", "# mine\n" },
		/* a last line without its end is a line */
		{ "set follow on", "", "set fail on", "set follow on\nset fail on\n" },
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof rows[0], merge_setting_subject);
}

static void
cookie_lines(void **state)
{
	static const struct change rows[] = {
		{ "a\tF\t/\tF\t0\tn\t1\n", "", "a\tF\t/\tF\t0\tn\t2\n", "a\tF\t/\tF\t0\tn\t2\n" },
		{ "#HttpOnly_a\tF\t/\tF\t0\tn\t1\n", "", "a\tT\t/\tT\t9\tn\t2\n", "a\tT\t/\tT\t9\tn\t2\n" },
		{ "a\tF\t/x\tF\t0\tn\t1\n", "", "a\tF\t/\tF\t0\tn\t2\n",
		    "a\tF\t/x\tF\t0\tn\t1\na\tF\t/\tF\t0\tn\t2\n" },
		{ "a\tF\t/\tF\t0\tN\t1\n", "", "a\tF\t/\tF\t0\tn\t2\n", "a\tF\t/\tF\t0\tN\t1\na\tF\t/\tF\t0\tn\t2\n" },
		{ "a\tF\t/\tF\t0\tn\t1\n", "a\tF\t/\tF\t0\tn\t1\n", "", "" },
		{ "a\tF\t/\tF\t0\tn\t2\n", "a\tF\t/\tF\t0\tn\t1\n", "", "a\tF\t/\tF\t0\tn\t2\n" },
		{ "# a\tF\t/\tF\t0\tn\t1\n", "", "a\tF\t/\tF\t0\tn\t1\n",
		    "# a\tF\t/\tF\t0\tn\t1\na\tF\t/\tF\t0\tn\t1\n" },
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof rows[0], merge_cookie_subject);
}

/* Every row of the settings, with two values: of two lines about the same setting one stands, the newer one. */
static void
every_setting(void **state)
{
	const struct setting *row;

	(void)state;
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		char *theirs = str_printf("%s %s value-1\n", row->group, row->name);
		char *ours = str_printf("%s %s value-2\n", row->group, row->name);
		char *out = merged(theirs, "", ours, merge_setting_subject);
		bool both = row->repeatable && strlen(out) == strlen(theirs) + strlen(ours);

		if (!both && strcmp(out, ours) != 0)
			fail_msg("%s %s: %s", row->group, row->name, out);
		free(theirs);
		free(ours);
		free(out);
	}
}

enum { SUBJECTS = 12, VALUES = 3 };

/* A shell's settings: of each subject the value, 0 = none. */
static char *
lines_of(const unsigned *values)
{
	struct buf out;

	buf_init(&out, 0);
	for (unsigned i = 0; i < SUBJECTS; i++)
		if (values[i] > 0)
			buf_addf(&out, "header set X%u %u\n", i, values[i]);
	return buf_take(&out);
}

/* Whatever two shells change one after the other: what one of them alone touched is as it left it, what both touched is
 * as the later one wants it. */
static void
nothing_is_lost(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		unsigned before[SUBJECTS], theirs[SUBJECTS], ours[SUBJECTS], end[SUBJECTS];
		char *saved, *disk, *mine, *out, *again;

		for (unsigned i = 0; i < SUBJECTS; i++) {
			seed = seed * 1103515245 + 12345;
			before[i] = seed >> 16 & VALUES;
			theirs[i] = seed >> 18 & 1 ? seed >> 20 & VALUES : before[i];
			ours[i] = seed >> 19 & 1 ? seed >> 22 & VALUES : before[i];
			end[i] = ours[i] != before[i] ? ours[i] : theirs[i];
			/* we took away what they changed meanwhile: theirs is a line that we never had */
			if (ours[i] == 0 && theirs[i] != before[i])
				end[i] = theirs[i];
		}
		saved = lines_of(before);
		disk = lines_of(theirs);
		mine = lines_of(ours);
		out = merged(disk, saved, mine, merge_setting_subject);
		for (unsigned i = 0; i < SUBJECTS; i++) {
			char line[64], start[64];
			const char *at;

			snprintf(start, sizeof start, "header set X%u ", i);
			snprintf(line, sizeof line, "header set X%u %u\n", i, end[i]);
			at = strstr(out, start);
			if (end[i] == 0 ? at != NULL : at == NULL || strncmp(at, line, strlen(line)) != 0)
				fail_msg("round %d, X%u: not %u in\n%s", round, i, end[i], out);
			if (at != NULL && strstr(at + 1, start) != NULL)
				fail_msg("round %d, X%u stands twice in\n%s", round, i, out);
		}
		/* a second time changes nothing */
		again = merged(out, mine, mine, merge_setting_subject);
		assert_string_equal(again, out);
		free(saved);
		free(disk);
		free(mine);
		free(out);
		free(again);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(settings_lines), cmocka_unit_test(cookie_lines),
		cmocka_unit_test(every_setting), cmocka_unit_test(nothing_is_lost) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
