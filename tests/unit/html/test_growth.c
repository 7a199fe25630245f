/* What a question costs, in units of work: a page twice as large costs twice as much, whatever its shape and the
 * selector. */
#include <stdlib.h>
#include <string.h>

#include "net/event.h"
#include "tests/fuzz/html/made_page.h"
#include "tests/support/unit.h"

enum { SMALL = 500, DOUBLINGS = 3, FLOOR = 20000 };

static const char *const selectors[] = { "h1 ~ p ~ p ~ p", "#main div div b", ".x div div div div p", "b ~ p", "p ~ b",
	"p + p + p", "p + p ~ p + p ~ p", "* * * * *", "div > div > div > b", "div div div div div div i",
	":nth-child(odd)", ":nth-child(2n)", ":nth-last-child(3n+1)", ":nth-of-type(2n)", ":nth-last-of-type(odd)",
	":only-child", ":only-of-type", ":nth-child(2n of p)", ":nth-last-child(odd of .x, b)",
	":nth-child(even of div div *)", ":has(~ x)", ":has(~ p ~ b)", ":has(+ p)", ":has(> b)", ":has(div b)",
	":has(div div i)", "div:has(~ div b)", ":not(:has(p))", ":has(:has(b))", ":is(div div b, p ~ p)",
	":where(div > *, b ~ *) p", ":not(div div, p ~ *)", ":is(:is(:is(p, b), div b), i ~ i)",
	":not(:not(div :not(p ~ p)))", "[class*=a]", "[class~=b]", "[title*='aaaab' i]", "[id$=x]", ":contains(xyz)",
	":contains(x, y, '')", "div:contains('aaab')", ":-soup-contains-own(x)", ":lang(de)", ":lang('*')", ":disabled",
	":enabled, :read-write", "legend :disabled", ":empty", ":root *", ":scope * *", "*:first-child ~ *:last-child",
	"p:nth-of-type(1) ~ p:nth-last-of-type(1)", "div:not(:first-child) > b:not(:last-child)" };

/* Each: what stands n times, behind what and before what. */
static const struct {
	const char *before, *piece, *after;
} shapes[] = {
	{ "<html><body>", "<p>x</", "<b></" },
	{ "<html><body><b></", "<p class=a></", "" },
	{ "<html><body>", "<div>", "<b>x" },
	{ "<html><body>", "<div><p>aa</", "<i></" },
	{ "<html lang=de><body><div><div><div><div><div>", "<b title=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>a</", "<x></" },
	{ "<html><body>", "<div><b></</<div class=x>y</", "<i></" },
	{ "<html><body><ul>", "<li><ul><li>x</<li>y</", "" },
	{ "<html><body>", "<fieldset disabled><legend><input></</<input></", "" },
	{ "<html><body>", "<fieldset disabled><input></<legend>", "<input></" },
	{ "<html><body>", "<div lang=de-CH><p>", "<b>x" },
};

static void
make(struct made_page *m, size_t shape, unsigned n)
{
	*m = (struct made_page){ .open = PAGE_NONE };
	made_add(m, shapes[shape].before, 1);
	made_add(m, shapes[shape].piece, n);
	made_add(m, shapes[shape].after, 1);
	made_done(m);
}

static uint64_t
cost_of_selecting(const struct page *p, const char *selector)
{
	struct work work = { .left = 0 };
	struct error error = { 0 };
	struct selector *s = selector_new(str_of(selector), &error);
	uint32_t *nodes;

	if (s == NULL)
		fail_msg("%s", error.text);
	selector_select(s, p, PAGE_NONE, &work, &nodes);
	free(nodes);
	selector_free(s);
	return work.spent;
}

static void
any_selector_costs_what_the_page_is_long(void **state)
{
	(void)state;
	for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++)
		for (size_t i = 0; i < sizeof selectors / sizeof selectors[0]; i++) {
			uint64_t before = 0;

			for (unsigned k = 0; k < DOUBLINGS; k++) {
				struct made_page m;
				uint64_t cost;

				make(&m, shape, (unsigned)SMALL << k);
				cost = cost_of_selecting(&m.page, selectors[i]);
				if (k > 0 && cost > FLOOR && cost * 10 > before * 23)
					fail_msg("%s on %s: %llu, then %llu", selectors[i], shapes[shape].piece,
					    (unsigned long long)before, (unsigned long long)cost);
				if (cost > 100 * (uint64_t)m.page.n_nodes * strlen(selectors[i]))
					fail_msg("%s on %s: %llu", selectors[i], shapes[shape].piece,
					    (unsigned long long)cost);
				before = cost;
				made_release(&m);
			}
		}
}

static uint64_t
cost_of_extracting(const struct page *p, const char *row, const char *column)
{
	struct work work = { .left = 0 };
	const struct extract_options options = { .format = EXTRACT_CSV, .work = &work };
	const struct str words[] = { str_of(row), str_of(column) };
	struct buf out;

	buf_init(&out, 64 << 20);
	assert_int_not_equal(page_extract(p, words, 2, &options, &out, NULL), -1);
	buf_release(&out);
	return work.spent;
}

/* Rows inside rows, each with columns that are not there. */
static void
columns_are_looked_for_once(void **state)
{
	static const char *const columns[] = { "a=.none@x", "a=i ~ b@x", "a=:has(i)@x", "a=:scope > .none@x",
		"a=:scope + p@x" };

	(void)state;
	for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++)
		for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
			uint64_t before = 0;

			for (unsigned k = 0; k < DOUBLINGS; k++) {
				struct made_page m;
				uint64_t cost;

				make(&m, shape, (unsigned)SMALL << k);
				cost = cost_of_extracting(&m.page, "*", columns[i]);
				if (k > 0 && cost > FLOOR && cost * 10 > before * 23)
					fail_msg("%s on %s: %llu, then %llu", columns[i], shapes[shape].piece,
					    (unsigned long long)before, (unsigned long long)cost);
				before = cost;
				made_release(&m);
			}
		}
}

/* A hash table is no way to the square of the page: as many names as elements. */
static void
many_names_are_counted(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (unsigned k = 0; k < DOUBLINGS; k++) {
		struct made_page m = { .open = PAGE_NONE };
		unsigned n = 4u * (unsigned)SMALL << k;
		char **names = mem_alloc(n * sizeof *names);
		uint64_t cost;

		made_open(&m, "html");
		for (unsigned i = 0; i < n; i++) {
			made_open(&m, names[i] = str_printf("x%u", i));
			made_close(&m, 1);
		}
		made_done(&m);
		cost = cost_of_selecting(&m.page, ":nth-of-type(2)");
		assert_true(k == 0 || cost * 10 <= before * 23);
		before = cost;
		made_release(&m);
		for (unsigned i = 0; i < n; i++)
			free(names[i]);
		free(names);
	}
}

/* ---- every question ends when its work does ---- */

typedef void question(const struct page *p, struct work *work, struct buf *out);

static void
ask_text(const struct page *p, struct work *work, struct buf *out)
{
	page_text(p, 0, work, out);
}

static void
ask_line(const struct page *p, struct work *work, struct buf *out)
{
	page_text_line(p, 0, work, out);
}

static void
ask_html(const struct page *p, struct work *work, struct buf *out)
{
	page_outer_html(p, 0, work, out);
}

static void
ask_inner(const struct page *p, struct work *work, struct buf *out)
{
	page_inner_html(p, 0, work, out);
}

static void
ask_title(const struct page *p, struct work *work, struct buf *out)
{
	page_title(p, work, out);
}

static void
ask_links(const struct page *p, struct work *work, struct buf *out)
{
	struct page_link *links;

	(void)out;
	page_links(p, work, &links);
	free(links);
}

static void
ask_words(const struct page *p, struct work *work, struct buf *out)
{
	char **words;
	size_t n = page_complete(p, STR(""), work, &words);

	(void)out;
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
}

static void
ask_rows(const struct page *p, struct work *work, struct buf *out)
{
	const struct extract_options options = { .work = work };
	const struct str words[] = { STR("b, p") };
	struct error error = { 0 };

	assert_int_equal(page_extract(p, words, 1, &options, out, &error), -1);
	assert_true(error.kind == ERROR_INTERRUPTED || error.kind == ERROR_LIMIT);
	assert_non_null(strstr(error.text, "b, p"));
}

static void
ask_xpath(const struct page *p, struct work *work, struct buf *out)
{
	const struct extract_options options = { .work = work, .xpath = true };
	const struct str words[] = { STR("//b[contains(/, 'no')]") };
	struct error error = { 0 };

	assert_int_equal(page_extract(p, words, 1, &options, out, &error), -1);
	assert_true(error.kind == ERROR_INTERRUPTED || error.kind == ERROR_LIMIT);
}

static void
every_question_ends(void **state)
{
	static question *const questions[] = { ask_text, ask_line, ask_html, ask_inner, ask_title, ask_links, ask_words,
		ask_rows, ask_xpath };
	volatile sig_atomic_t flag = 1;
	struct made_page m;

	(void)state;
	make(&m, 4, 100000);
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
		struct work stopped = { .interrupted = &flag }, few = { .left = 1000 }, late = { .deadline_us = 1 };
		struct work *works[] = { &stopped, &few, &late };

		for (size_t k = 0; k < 3; k++) {
			struct buf out;
			struct error error = { 0 };

			buf_init(&out, 64 << 20);
			questions[i](&m.page, works[k], &out);
			assert_int_not_equal(works[k]->ended, WORK_GOES_ON);
			assert_true(works[k]->spent < 4 * WORK_PERIOD);
			assert_int_equal(page_whole(works[k], &out, "asking", &error), -1);
			assert_int_equal(error.kind, k == 0 ? ERROR_INTERRUPTED : ERROR_LIMIT);
			buf_release(&out);
		}
	}
	made_release(&m);
}

/* libxml2 itself knows no clock: this takes hours. */
static void
xpath_hears_the_deadline(void **state)
{
	struct made_page m;
	const struct str words[] = { STR("//b[contains(/, 'no')]") };
	struct work work = { .deadline_us = 0 };
	const struct extract_options options = { .work = &work, .xpath = true };
	struct error error = { 0 };
	struct buf out;

	(void)state;
	make(&m, 4, 200000);
	buf_init(&out, 1 << 20);
	work.deadline_us = now_us() + 300000;
	assert_int_equal(page_extract(&m.page, words, 1, &options, &out, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_true(now_us() < work.deadline_us + 20000000);
	buf_release(&out);
	made_release(&m);
}

static void
a_whole_answer_is_whole(void **state)
{
	struct buf out;
	struct error error = { 0 };
	struct work work = { .left = 10 };

	(void)state;
	buf_init(&out, 2);
	assert_int_equal(page_whole(&work, &out, "asking", &error), 0);
	assert_int_equal(page_whole(NULL, &out, "asking", &error), 0);
	buf_add_str(&out, STR("abc"));
	assert_int_equal(page_whole(NULL, &out, "asking", &error), -1);
	assert_string_equal(error.text, "asking gives more than 2 bytes");
	buf_release(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_selector_costs_what_the_page_is_long),
		cmocka_unit_test(columns_are_looked_for_once),
		cmocka_unit_test(many_names_are_counted),
		cmocka_unit_test(every_question_ends),
		cmocka_unit_test(xpath_hears_the_deadline),
		cmocka_unit_test(a_whole_answer_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
