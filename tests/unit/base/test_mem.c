/* Memory: what never fails, what may, and what is known afterwards. tests/scripts/torture.py tries the whole shell. */
#include <stdlib.h>

#include "net/buf.h"
#include "net/mem.h"
#include "net/work.h"
#include "tests/support/unit.h"

enum { HUGE = 62 }; /* more than any machine has: 2 to the power of it */

/* AddressSanitizer, too, answers NULL. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
a_try_that_fails(void **state)
{
	uint8_t *kept = mem_dup("abc", 3);

	(void)state;
	mem_settle();
	assert_false(mem_missed());
	assert_null(mem_try((size_t)1 << HUGE));
	assert_true(mem_missed());
	assert_false(mem_low()); /* the reserve is for what is small */
	mem_settle();
	assert_false(mem_missed());
	assert_null(mem_try_resize(kept, (size_t)1 << HUGE));
	assert_memory_equal(kept, "abc", 3);
	assert_true(mem_missed());
	mem_settle();
	free(kept);
}

static void
an_array_grows_or_stays(void **state)
{
	uint32_t *items = NULL;
	size_t cap = 0, n = 0, moved = 0;

	(void)state;
	for (; n < 1000; n++) {
		size_t before = cap;

		items = mem_more(items, &cap, n, sizeof *items);
		assert_non_null(items);
		assert_true(cap > n);
		items[n] = (uint32_t)n;
		moved += cap != before;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(items[i], i);
	assert_true(moved < 10);
	/* a size that has no number fails, and nothing has changed */
	cap = n;
	assert_null(mem_more(items, &cap, n, SIZE_MAX / 4));
	assert_int_equal(cap, n);
	assert_int_equal(items[999], 999);
	assert_true(mem_missed());
	mem_settle();
	free(items);
}

static void
a_buffer_without_memory_is_full(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX / 2);
	assert_int_equal(buf_add_str(&b, STR("kept")), 0);
	assert_null(buf_room(&b, (size_t)1 << HUGE));
	assert_true(b.full);
	assert_true(mem_missed());
	assert_true(str_is(buf_str(&b), "kept"));
	buf_release(&b);
	mem_settle();

	buf_init(&b, 10); /* its limit is another reason */
	assert_int_equal(buf_add_str(&b, STR("0123456789")), 0);
	assert_true(b.cap <= 64);
	assert_int_equal(buf_add_str(&b, STR("0")), -1);
	assert_true(b.full);
	assert_false(mem_missed());
	buf_release(&b);
}

static void
a_buffer_never_has_more_than_it_may(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5000);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf_add_char(&b, 'x'), 0);
	assert_int_equal(b.cap, 5001);
	buf_release(&b);
}

static void
work_without_memory_ends(void **state)
{
	struct work work = { .left = 0 };
	struct error error;

	(void)state;
	assert_true(work_look(&work));
	mem_note_missed();
	assert_false(work_look(&work));
	assert_int_equal(work_fail(&work, &error, "reading %s", "a page"), -1);
	assert_string_equal(error.text, "out of memory: reading a page");
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_true(mem_failed(&error));
	mem_settle();
	fail(&error, ERROR_LIMIT, 0, "something else");
	assert_false(mem_failed(&error));
	assert_false(mem_failed(NULL));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_try_that_fails),
		cmocka_unit_test(an_array_grows_or_stays),
		cmocka_unit_test(a_buffer_without_memory_is_full),
		cmocka_unit_test(a_buffer_never_has_more_than_it_may),
		cmocka_unit_test(work_without_memory_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
