/* Pages from bytes: encodings, text, what is asked of them; and pages that are made to hang or to eat the machine. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "commands/html/page.h"

static struct page *
page_of(const char *html)
{
	struct page *p = page_new(str_of(html), "text/html; charset=utf-8", NULL, NULL);

	assert_non_null(p);
	return p;
}

#define assert_text(text, b) \
	do { \
		buf_add_char(b, '\0'); \
		assert_string_equal((const char *)(b)->data, text); \
		buf_clear(b); \
	} while (0)

/* ---- encodings ---- */
static void
test_encodings(void **state)
{
	static const struct {
		const char *type;
		const char *bytes;
		size_t n;
		const char *encoding, *text;
	} cases[] = {
		{ NULL, "<p>caf\xe9 \x80", 9, "windows-1252", "café €\n" },
		{ "text/html; charset=utf-8", "<p>caf\xc3\xa9", 8, "UTF-8", "café\n" },
		{ "text/html; charset=\"ISO-8859-1\"", "<p>\x93q\x94", 6, "windows-1252", "“q”\n" },
		{ "text/html; charset=iso-8859-1", "\xef\xbb\xbf<p>\xc3\xa9", 8, "UTF-8", "é\n" },
		{ NULL, "\xff\xfe<\0p\0>\0\xe9\0", 10, "UTF-16LE", "é\n" },
		{ NULL, "\xfe\xff\0<\0p\0>\0\xe9", 10, "UTF-16BE", "é\n" },
		{ NULL, "<meta charset=koi8-r><p>\xc1", 25, "KOI8-R", "а\n" },
		{ NULL, "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>\xc1", 70, "KOI8-R",
		    "а\n" },
		{ "text/html; charset=utf-8", "<meta charset=koi8-r><p>\xc3\xa9", 26, "UTF-8", "é\n" },
		{ "text/html; charset=shift_jis", "<p>\x83\x65", 5, "Shift_JIS", "テ\n" },
		{ NULL, "<meta charset=utf-16><p>\xc3\xa9", 26, "UTF-8", "é\n" },
		{ "text/html; charset=utf-8",
		    "<p>a\xff"
		    "b",
		    6, "UTF-8",
		    "a\xef\xbf\xbd"
		    "b\n" },
		{ "text/html; charset=nonsense", "<p>x", 4, "UTF-8", "x\n" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct page *p = page_new(str_from(cases[i].bytes, cases[i].n), cases[i].type, NULL, NULL);

		assert_non_null(p);
		if (strcasecmp(p->encoding, cases[i].encoding) != 0)
			fail_msg("case %zu: %s, not %s", i, p->encoding, cases[i].encoding);
		page_text(p, 0, NULL, &out);
		assert_text(cases[i].text, &out);
		page_free(p);
	}
	buf_release(&out);
}

/* CR and CRLF are LF, also where the converter's blocks meet. */
static void
test_newlines(void **state)
{
	static const char *const types[] = { "text/html; charset=utf-8", "text/html; charset=iso-8859-2" };
	struct buf bytes, out;

	(void)state;
	buf_init(&bytes, 0);
	buf_init(&out, 0);
	buf_add_str(&bytes, STR("<pre>"));
	for (int i = 0; i < 5000; i++)
		buf_add_str(&bytes, i % 3 == 0 ? STR("a\r\n") : STR("bc\r"));
	for (size_t i = 0; i < 2; i++) {
		struct page *p = page_new(buf_str(&bytes), types[i], NULL, NULL);
		unsigned lines = 0;

		page_text(p, 0, NULL, &out);
		for (size_t k = 0; k < out.len; k++)
			lines += out.data[k] == '\n';
		assert_int_equal(lines, 5000);
		assert_int_equal(str_find_char(buf_str(&out), '\r'), -1);
		buf_clear(&out);
		page_free(p);
	}
	buf_release(&bytes);
	buf_release(&out);
}

/* ---- text, links, title ---- */
static void
test_text(void **state)
{
	struct page *p = page_of(
	    "<!-- first --><title> A\n title </title><body>one <b>two</b>three<p>para  graph</p>"
	    "<pre>  kept\n  lines</pre><script>no</script><style>no</style><ul><li>a<li>b</ul>x<br>y&amp;&nbsp;z");
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	page_text(p, 0, NULL, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr((char *)out.data, "one twothree\n"));
	assert_non_null(strstr((char *)out.data, "\npara graph\n"));
	assert_non_null(strstr((char *)out.data, "  kept\n  lines\n"));
	assert_non_null(strstr((char *)out.data, "x\ny&"));
	assert_null(strstr((char *)out.data, "no"));
	assert_null(strstr((char *)out.data, "first"));
	buf_clear(&out);
	page_title(p, NULL, &out);
	assert_text("A title", &out);
	page_free(p);
	buf_release(&out);
}

static void
test_links(void **state)
{
	struct page *p = page_of(
	    "<base href=/b/><a href=' one '>1</a><a name=x>2</a><link href=two><area href=three>"
	    "<iframe src=four></iframe><form action=five></form>");
	static const char *const hrefs[] = { "one", "two", "three", "four", "five" };
	struct page_link *links;
	size_t n = page_links(p, NULL, &links);
	bool found[5] = { false };

	(void)state;
	assert_int_equal(n, 5);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 5; k++)
			found[k] = found[k] || str_is(links[i].href, hrefs[k]);
	for (size_t k = 0; k < 5; k++)
		assert_true(found[k]);
	assert_true(str_is(p->base_href, "/b/"));
	free(links);
	page_free(p);
}

static void
test_source_is_kept(void **state)
{
	struct page *p = page_of(
	    "<p><a href='?a=1&copy=3' :x=1 @click=go (e)=f href=second>t</a><x-y>u</x-y>"
	    "<textarea>&lt;b><i>no</i></textarea><script>a<b</script><tr><td>in no table</td></tr>");
	uint32_t *nodes;
	bool found;
	struct selector *s = selector_new(STR("a"), NULL);
	struct buf out;

	(void)state;
	assert_int_equal(selector_select(s, p, PAGE_NONE, NULL, &nodes), 1);
	assert_true(str_is(page_attr(p, nodes[0], "href", NULL), "?a=1&copy=3"));
	assert_true(str_is(page_attr(p, nodes[0], "@click", &found), "go") && found);
	assert_true(str_is(page_attr(p, nodes[0], ":x", &found), "1") && found);
	assert_int_equal(p->nodes[nodes[0]].offset, 3);
	page_attr(p, nodes[0], "none", &found);
	assert_false(found);
	free(nodes);
	selector_free(s);
	s = selector_new(STR("x-y, textarea > i"), NULL);
	assert_int_equal(selector_select(s, p, PAGE_NONE, NULL, &nodes), 1);
	buf_init(&out, 0);
	page_outer_html(p, nodes[0], NULL, &out);
	assert_text("<x-y>u</x-y>", &out);
	free(nodes);
	selector_free(s);
	buf_release(&out);
	page_free(p);
}

static void
test_complete(void **state)
{
	struct page *p = page_of("<div id=main class='row red'><p class=row id=mind></div>");
	char **words;
	size_t n = page_complete(p, STR("#m"), NULL, &words);

	(void)state;
	assert_int_equal(n, 2);
	assert_string_equal(words[0], "#main");
	assert_string_equal(words[1], "#mind");
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
	n = page_complete(p, STR(".r"), NULL, &words);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
	page_free(p);
}

/* ---- extract ---- */
static const char table[] =
    "<base href='https://h.test/dir/'><table><tr><th>Name<th>Price</tr>"
    "<tr class=r><td class=n><a href=a.html>Tea, \"green\"</a><td class=p>1<tr class=r><td class=n>Cof\tfee<td "
    "class=p>2 <tr class=r><td class=n><a href=/c>C</a></table>";

static void
check_extract(const char *const *words, const struct extract_options *options, int rows, const char *expected)
{
	struct page *p = page_of(table);
	struct error error = { .kind = ERROR_NONE };
	struct str list[8];
	struct buf out;
	size_t n = 0;

	for (; words[n] != NULL; n++)
		list[n] = str_of(words[n]);
	buf_init(&out, 0);
	assert_int_equal(page_extract(p, list, n, options, &out, &error), rows);
	if (rows >= 0)
		assert_text(expected, &out);
	else
		assert_non_null(strstr(error.text, expected));
	buf_release(&out);
	page_free(p);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_extract(void **state)
{
	const struct extract_options tsv = { .format = EXTRACT_TSV }, csv = { .format = EXTRACT_CSV, .header = true };
	const struct extract_options json = { .format = EXTRACT_JSON, .base_url = "https://x.test/y" };
	const struct extract_options html = { .html = true }, limit = { .limit = 1, .header = true };
	const struct extract_options xpath = { .xpath = true }, located = { .base_url = "https://x.test/y" };

	(void)state;
	check_extract(WORDS("td.p"), &tsv, 2, "1\n2\n");
	check_extract(WORDS("td.n"), &tsv, 3, "Tea, \"green\"\nCof fee\nC\n");
	check_extract(WORDS("td a", "@href"), &tsv, 2, "a.html\n/c\n");
	check_extract(WORDS("td a", "@href"), &located, 2, "https://h.test/dir/a.html\nhttps://h.test/c\n");
	check_extract(WORDS("tr.r", "name=.n", "price=.p", "link=a@href"), &csv, 3,
	    "name,price,link\n\"Tea, \"\"green\"\"\",1,a.html\nCof fee,2,\nC,,/c\n");
	check_extract(WORDS("tr.r", "n=td.n", "u=a@href", "p=.p"), &json, 3,
	    "[\n  {\"n\": \"Tea, \\\"green\\\"\", \"u\": \"https://h.test/dir/a.html\", \"p\": \"1\"},\n"
	    "  {\"n\": \"Cof fee\", \"u\": null, \"p\": \"2\"},\n  {\"n\": \"C\", \"u\": \"https://h.test/c\", \"p\": "
	    "null}\n]\n");
	check_extract(WORDS("td a", "@href"), &json, 2,
	    "[\n  \"https://h.test/dir/a.html\",\n  \"https://h.test/c\"\n]\n");
	check_extract(WORDS("i"), &json, 0, "[]\n");
	check_extract(WORDS("i"), &tsv, 0, "");
	check_extract(WORDS("tr.r", "n=.n"), &limit, 1, "n\nTea, \"green\"\n");
	check_extract(WORDS("td.p"), &html, 2, "<td class=\"p\">1</td>\n<td class=\"p\">2</td>\n");
	check_extract(WORDS("//td[@class='p']"), &xpath, 2, "1\n2\n");
	check_extract(WORDS("//a/@href"), &xpath, 2, "a.html\n/c\n");
	check_extract(WORDS("count(//tr)"), &xpath, 1, "4\n");
	check_extract(WORDS("td["), &tsv, -1, "at character");
	check_extract(WORDS("//td["), &xpath, -1, "");
	check_extract(WORDS("td", "wrong"), &tsv, -1, "neither @attribute nor name=SELECTOR");
	check_extract(WORDS("td", "n=:nope"), &tsv, -1, "nope");
}

/* ---- pages that do harm ---- */
static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long
peak_mib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss / 1024;
}

static struct buf
repeated(const char *piece, size_t times)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < times; i++)
		buf_add_str(&b, str_of(piece));
	return b;
}

/* Each of them hangs libtidy, or takes gigabytes, or overflows the stack. The box ends it after 2 s and 64 MiB + 24
 * times the input. What is left to do here is small: sanitizers make it several times as much. */
static void
test_bombs(void **state)
{
	static const struct {
		const char *piece;
		size_t times;
	} bombs[] = {
		{ "<tr><dl></table>", 1 },
		{ "<tbody><dd></table>", 50 },
		{ "<font size=i>x<p>y", 2300 },
		{ "<div>", 87000 },
		{ "<table><tr><td>", 3000 },
		{ "<ul><li>", 5000 },
		{ "<b><i><a href=x><p>", 2000 },
		{ "<svg><g>", 20000 },
		{ "<x-y><div>", 5000 },
		{ "<a b=", 20000 },
		{ "<!--", 30000 },
		{ "</p><button><form>", 3000 },
		{ "&amp", 100000 },
		{ "<select><option><table>", 2000 },
		{ "<script><!--<script>", 5000 },
		{ "<p a=b c=d>", 50000 },
		{ "<", 200000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
		struct buf bytes = repeated(bombs[i].piece, bombs[i].times), out;
		double start = cpu_seconds();
		struct error error = { .kind = ERROR_NONE };
		struct page *p = page_new(buf_str(&bytes), "text/html", NULL, &error);
		struct page_link *links = NULL;
		struct selector *s = selector_new(STR("div div > a:nth-child(2n), td:not(:has(p)) ~ td"), NULL);
		uint32_t *nodes = NULL;

		buf_init(&out, 256 << 20);
		if (p == NULL && error.kind != ERROR_LIMIT)
			fail_msg("%zu times %s: %s", bombs[i].times, bombs[i].piece, error.text);
		if (p != NULL && p->n_nodes > 0)
			page_text(p, 0, NULL, &out);
		if (p != NULL) {
			selector_select(s, p, PAGE_NONE, NULL, &nodes);
			page_links(p, NULL, &links);
			assert_true(!p->truncated || p->truncated_why != NULL);
		}
		if (cpu_seconds() - start > 12 || peak_mib() > 2048)
			fail_msg("%zu times %s: %.1f s, %ld MiB", bombs[i].times, bombs[i].piece, cpu_seconds() - start,
			    peak_mib());
		free(links);
		free(nodes);
		selector_free(s);
		page_free(p);
		buf_release(&out);
		buf_release(&bytes);
	}
}

/* Nested too deeply, a page still gives what came until then. */
static void
test_truncated(void **state)
{
	struct buf bytes = repeated("<div>", 87000), all, out;
	struct page *p;

	(void)state;
	buf_init(&all, 0);
	buf_add_str(&all, STR("<title>still</title><h1>here</h1>"));
	buf_add_str(&all, buf_str(&bytes));
	p = page_new(buf_str(&all), NULL, NULL, NULL);
	assert_non_null(p);
	buf_init(&out, 0);
	page_title(p, NULL, &out);
	assert_text("still", &out);
	assert_true(p->truncated);
	assert_true(p->n_nodes > 4);
	page_free(p);
	buf_release(&out);
	buf_release(&all);
	buf_release(&bytes);
}

static void
test_clean(void **state)
{
	struct error error = { .kind = ERROR_NONE };
	struct buf out, report;

	(void)state;
	buf_init(&out, 0);
	buf_init(&report, 0);
	assert_int_equal(page_clean(STR("<p>a<p><b>b"), NULL, true, &out, &report, NULL, &error), 0);
	buf_add_char(&out, '\0');
	assert_non_null(strstr((char *)out.data, "<b>b</b>"));
	assert_true(report.len > 0);
	buf_clear(&out);
	/* the loop, without the tokenizer in front: the box ends it */
	assert_int_equal(page_clean(STR("<tr><dl></table>"), NULL, true, &out, &report, NULL, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_int_equal(out.len, 0);
	buf_release(&out);
	buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_newlines),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_source_is_kept),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_extract),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
