/* Bounded work: each end, and that an end stays. */
#include <string.h>

#include "net/event.h"
#include "net/work.h"
#include "tests/support/unit.h"

static void
units_end_it_exactly_and_for_good(void **state)
{
	struct work work = { .left = 10 };
	struct error error = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(work_spend(&work, 1));
	assert_false(work_spend(&work, 1));
	assert_false(work_spend(&work, 0));
	assert_int_equal(work.ended, WORK_SPENT);
	assert_int_equal(work_fail(&work, &error, "matching \"%s\"", "a b"), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_string_equal(error.text, "matching \"a b\" takes too much work: ended after 10 steps");
}

static void
no_bound_and_nobody_to_count(void **state)
{
	struct work work = { .left = 0 };

	(void)state;
	assert_true(work_spend(&work, UINT32_MAX));
	assert_true(work_spend(NULL, UINT64_MAX));
}

static void
the_interrupt_is_seen_within_a_period(void **state)
{
	volatile sig_atomic_t flag = 0;
	struct work work = { .interrupted = &flag };
	struct error error = { 0 };
	unsigned steps = 0;

	(void)state;
	assert_true(work_look(&work));
	flag = 1;
	while (work_spend(&work, 1))
		steps++;
	assert_true(steps <= WORK_PERIOD);
	flag = 0;
	assert_false(work_spend(&work, 1));
	work_fail(&work, &error, "reading");
	assert_int_equal(error.kind, ERROR_INTERRUPTED);
}

static void
the_deadline_is_seen_within_a_period(void **state)
{
	struct work work = { .deadline_us = now_us() - 1 };
	struct error error = { 0 };
	unsigned steps = 0;

	(void)state;
	while (work_spend(&work, 1))
		steps++;
	assert_true(steps <= WORK_PERIOD);
	work_fail(&work, &error, "reading");
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_non_null(strstr(error.text, "max-time"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_end_it_exactly_and_for_good),
		cmocka_unit_test(no_bound_and_nobody_to_count),
		cmocka_unit_test(the_interrupt_is_seen_within_a_period),
		cmocka_unit_test(the_deadline_is_seen_within_a_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
