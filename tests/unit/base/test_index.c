/* Names and their positions: what is found, what is not, and that ten times as many cost ten times as much. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/index.h"
#include "tests/support/unit.h"

enum { SMALL = 2000, TIMES = 8 };

static size_t looked; /* names compared or hashed */

struct thing {
	char name[32];
};

static struct str
name_of(const void *things, size_t at)
{
	looked++;
	return str_of(((const struct thing *)things)[at].name);
}

static struct thing *
make(struct index *ix, size_t n)
{
	struct thing *things = mem_alloc(n * sizeof *things);

	for (size_t i = 0; i < n; i++) {
		snprintf(things[i].name, sizeof things[i].name, "X-%zu", i);
		assert_true(index_find(ix, things, str_of(things[i].name)) == INDEX_NONE);
		index_add(ix, things, i);
	}
	return things;
}

static void
each_is_found(void **state)
{
	struct index ix = { .name = name_of }, loose = { .name = name_of, .nocase = true };
	struct thing *things = make(&ix, SMALL), *others = make(&loose, SMALL);

	(void)state;
	for (size_t i = 0; i < SMALL; i++) {
		char name[32];

		snprintf(name, sizeof name, "x-%zu", i);
		assert_int_equal(index_find(&ix, things, str_of(things[i].name)), i);
		assert_true(index_find(&ix, things, str_of(name)) == INDEX_NONE);
		assert_int_equal(index_find(&loose, others, str_of(name)), i);
	}
	assert_true(index_find(&ix, things, STR("")) == INDEX_NONE);
	memmove(things, things + 1, (SMALL - 1) * sizeof *things);
	index_renew(&ix, things, SMALL - 1);
	assert_true(index_find(&ix, things, STR("X-0")) == INDEX_NONE);
	assert_int_equal(index_find(&ix, things, STR("X-1999")), SMALL - 2);
	index_release(&ix);
	index_release(&loose);
	assert_true(index_find(&ix, things, STR("X-1")) == INDEX_NONE);
	free(things);
	free(others);
}

static size_t
cost_of(size_t n)
{
	struct index ix = { .name = name_of };
	struct thing *things;

	looked = 0;
	things = make(&ix, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(index_find(&ix, things, str_of(things[i].name)), i);
	index_release(&ix);
	free(things);
	return looked;
}

static void
cost_grows_as_the_names_do(void **state)
{
	size_t few = cost_of(SMALL), many = cost_of(TIMES * SMALL);

	(void)state;
	if (many > 2 * TIMES * few)
		fail_msg("%d names: %zu looks, %d names: %zu", SMALL, few, TIMES * SMALL, many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_found),
		cmocka_unit_test(cost_grows_as_the_names_do) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
