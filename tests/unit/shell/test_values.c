/* Values are values: what the words of a line become when variables stand in them, item by item, and written again as
 * source. */
#include <stdlib.h>
#include <string.h>

#include "commands/requests/items.h"
#include "shell/lookup.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/support/unit.h"

static const char *v; /* what $v is; $e is nothing */

static int
value_of(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context, (void)error;
	return str_is(name, "v") ? buf_add_str(out, str_of(v)) : 0;
}

/* The second word of "x SOURCE", expanded. */
static char *
expand(const char *source, uint8_t **marks)
{
	char *text = str_printf("x %s", source), *word;
	struct line line;
	size_t at = 0, where;
	bool incomplete;

	if (line_parse(&line, str_of(text), &at, &where, &incomplete, NULL) != 0 || line.n_commands != 1 ||
	    line.commands[0].n_words != 2)
		fail_msg("%s is not one word", source);
	word = word_expand_marked(&line.commands[0].words[1], value_of, NULL, marks, &where, NULL);
	assert_non_null(word);
	line_release(&line);
	free(text);
	return word;
}

/* want: "KIND name|value|type|filename", or "refused" */
static void
is_item(const char *source, const char *want)
{
	static const char *const kinds[] = { [ITEM_HEADER] = "header",
		[ITEM_HEADER_REMOVED] = "removed",
		[ITEM_HEADER_EMPTY] = "empty",
		[ITEM_QUERY] = "query",
		[ITEM_FIELD] = "field",
		[ITEM_FIELD_FILE] = "field-file",
		[ITEM_JSON] = "json",
		[ITEM_JSON_FILE] = "json-file",
		[ITEM_UPLOAD] = "upload",
		[ITEM_BODY_FILE] = "body" };
	uint8_t *marks = NULL;
	char *word = expand(source, &marks), *got;
	struct item item;

	if (item_parse(&item, str_of(word), marks, NULL) == 0)
		got = str_printf("%s %s|%s|%s|%s", kinds[item.kind], item.name, item.value,
		    item.type != NULL ? item.type : "", item.filename != NULL ? item.filename : "");
	else
		got = str_dup(STR("refused"));
	if (strcmp(got, want) != 0)
		fail_msg("%s with \"%s\"\n  is  %s\n  not %s", source, v, got, want);
	free(got);
	item_release(&item);
	free(word);
	free(marks);
}

static void
written(void **state)
{
	static const char *const rows[][2] = {
		{ "a=b", "field a|b||" },
		{ "'a=b'", "field a|b||" },
		{ "\"a=b\"", "field a|b||" },
		{ "a'='b", "field a|b||" },
		{ "a\\=b", "refused" },
		{ "a\\=b=c", "field a=b|c||" },
		{ "'a\\=b=c'", "field a=b|c||" },
		{ "a\\\\=b", "field a\\|b||" },
		{ "'a\\\\=b'", "field a\\|b||" },
		{ "a=@f", "field-file a|f||" },
		{ "a=\\@f", "field a|@f||" },
		{ "'a=\\@f'", "field a|@f||" },
		{ "a='@f'", "field-file a|f||" },
		{ "a='\\@f'", "field a|@f||" },
		{ "a=''@f", "field a|@f||" },
		{ "'a=\\\\@f'", "field a|\\\\@f||" },
		{ "'a=b\\:c\\;d\\=e\\@f\\g\\'", "field a|b:c;d=e@f\\g\\||" },
		{ "'a:=\"\\\\\"'", "json a|\"\\\\\"||" },
		{ "'a:=[\"\\@\"]'", "json a|[\"\\@\"]||" },
		{ "a:=@f", "json-file a|f||" },
		{ "a:=\\@f", "json a|@f||" },
		{ "a==b", "query a|b||" },
		{ "a=\\=b", "field a|=b||" },
		{ "a\\==b", "field a=|b||" },
		{ "a:", "removed a|||" },
		{ "a:' '", "removed a| ||" },
		{ "a:''", "header a|||" },
		{ "a:\\ ", "header a| ||" },
		{ "'a;'", "empty a|||" },
		{ "a\\;", "empty a|||" },
		{ "'a;'''", "refused" },
		{ "=@f", "body |f||" },
		{ "@f", "body |f||" },
		{ "''=@f", "refused" },
		{ "''@f", "refused" },
		{ "=b", "refused" },
		{ "'a@f;type=t;filename=n'", "upload a|f|t|n" },
		{ "'a@f;filename=n;type=t'", "upload a|f|t|n" },
		{ "'a@f\\;type=t'", "upload a|f;type=t||" },
		{ "a@f\\;type=t", "upload a|f|t|" },
		{ "'a=@f;type=t'", "field-file a|f|t|" },
		{ "'=@f;type=t'", "body |f;type=t||" },
		{ "'a@\\@f'", "upload a|@f||" },
	};

	(void)state;
	v = "";
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is_item(rows[i][0], rows[i][1]);
}

/* Each source holds $v once; want holds % where its value must be. */
static void
with_value(const char *source, const char *want)
{
	struct str rest = str_of(want), front = str_cut(&rest, '%');
	char *text = str_printf("%.*s%s%.*s", STR_ARG(front), v, STR_ARG(rest));

	is_item(source, text);
	free(text);
}

static void
each_kind(void)
{
	bool nothing = v[0] == '\0';

	with_value("n:$v", "header n|%||");
	with_value("n==$v", "query n|%||");
	with_value("n=$v", "field n|%||");
	with_value("'n='\"$v\"", "field n|%||");
	with_value("n=a${v}b", "field n|a%b||");
	with_value("n:=$v", "json n|%||");
	with_value("n:=@$v", "json-file n|%||");
	with_value("n=@$v", "field-file n|%||");
	with_value("n@$v", "upload n|%||");
	with_value("=@$v", "body |%||");
	with_value("'n@f;type='$v", "upload n|f|%|");
	with_value("'n@f;filename='$v", "upload n|f||%");
	with_value("'n@f;type='$v';filename=x'", "upload n|f|%|x");
	with_value("a$v=x", "field a%|x||");
	with_value("$v=x", nothing ? "refused" : "field %|x||");
	with_value("$v==x", nothing ? "refused" : "query %|x||");
	with_value("$v:x", nothing ? "refused" : "header %|x||");
	with_value("$v:", nothing ? "refused" : "removed %|||");
	with_value("$v';'", nothing ? "refused" : "empty %|||");
	with_value("$v:=1", nothing ? "refused" : "json %|1||");
	with_value("$v@f", nothing ? "refused" : "upload %|f||");
	with_value("$v=@f", nothing ? "refused" : "field-file %|f||");
	is_item("$v", "refused");
	is_item("a$v", "refused");
	is_item("'a;'$v", "refused");
}

static void
every_value(void **state)
{
	static const char set[] = "@=:;\\";
	char text[4] = "";
	unsigned all = 1;

	(void)state;
	v = text;
	for (size_t n = 0; n < sizeof text; n++, all *= 5) {
		for (unsigned i = 0; i < all; i++) {
			for (unsigned k = 0, left = i; k < n; k++, left /= 5)
				text[k] = set[left % 5];
			each_kind();
		}
		text[n] = n + 1 < sizeof text ? '@' : '\0'; /* one byte longer */
	}
	v = "a;type=x;filename=y";
	each_kind();
}

/* ---- written again ---- */
static void
is_source(const char *source, const char *want)
{
	uint8_t *marks = NULL, *again = NULL;
	char *word = expand(source, &marks), *back;
	struct buf out;

	buf_init(&out, 0);
	word_source(str_of(word), marks, command_runs_alone(command_table(), str_of(word)), &out);
	if (!str_is(buf_str(&out), want))
		fail_msg("%s\n  is written %.*s\n  not        %s", source, STR_ARG(buf_str(&out)), want);
	back = expand((const char *)out.data, &again);
	assert_string_equal(back, word);
	for (size_t i = 0; i < strlen(word); i++)
		if (!ascii_is_alnum(word[i]) && strchr("\n'", word[i]) == NULL &&
		    mark_written(marks, i) != mark_written(again, i))
			fail_msg("%s\n  and %s are not the same", source, want);
	free(word);
	free(marks);
	free(back);
	free(again);
	buf_release(&out);
}

static void
sources(void **state)
{
	static const char *const rows[][2] = {
		{ "plain", "plain" },
		{ "'a b'", "'a b'" },
		{ "\"a'b\"", "'a'\\''b'" },
		{ "'quit'", "'quit'" },
		{ "quit", "quit" },
		{ "'qu'it", "'quit'" },
		{ "\"get\"", "get" },
		{ "\"echo\"", "'echo'" },
		{ "\\quit", "\\quit" },
		{ "a=\\@b", "a=\\@b" },
		{ "'a=\\@b'", "'a=\\@b'" },
		{ "\\-x", "\\-x" },
		{ "''a", "''a" },
		{ "a\\ b", "a\\ b" },
		{ "\\;\\|\\>", "';|>'" },
		{ "\\$x", "\\$x" },
		{ "\"\\$x\"", "\\$x" },
		{ "\\gr\xC3\xBCn", "\\gr\xC3\xBCn" },
		{ "'a\nb'", "'a\nb'" },
		{ "$v", "\\@\\ \\=\\'\\\\x'\n'\\-" },
		{ "a=${v}b", "a=\\@\\ \\=\\'\\\\x'\n'\\-b" },
	};

	(void)state;
	v = "@ ='\\x\n-";
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is_source(rows[i][0], rows[i][1]);
	v = "off";
	is_source("$v", "\\off");
	v = "200";
	is_source("$v", "200");
}

/* ---- what is bare, quoted, data ---- */
static void
has_marks(const char *source, const char *want)
{
	uint8_t *marks = NULL;
	char *word = expand(source, &marks);
	struct buf got;

	/* b, q, \ and v for each byte, ' in front of one behind nothing */
	buf_init(&got, 0);
	for (size_t i = 0; i <= strlen(word); i++) {
		if (mark_behind_empty(marks, i))
			buf_add_char(&got, '\'');
		if (word[i] != '\0')
			buf_add_char(&got, "bq\\v"[marks[i] & MARK_KIND]);
	}
	if (!str_is(buf_str(&got), want))
		fail_msg("%s\n  has the marks %.*s\n  not           %s", source, STR_ARG(buf_str(&got)), want);
	buf_release(&got);
	free(word);
	free(marks);
}

static void
marks(void **state)
{
	(void)state;
	v = "xy";
	has_marks("a'b'\"c\"\\d", "bqq\\");
	has_marks("$v", "vv");
	has_marks("a${v}b\"$v\"", "bvvbvv");
	has_marks("\"a\\$b\\\"c\\d\"", "q\\q\\qqq");
	has_marks("'a\\b'", "qqq");
	has_marks("''", "'");
	has_marks("''a", "'b");
	has_marks("a\"\"", "b'");
	has_marks("$e", "'");
	has_marks("$e$v", "'vv");
	has_marks("a$e", "b'");
	has_marks("\"$e\"a", "'b");
	has_marks("\"$v\"", "vv");
	has_marks("a$", "bb");
	has_marks("\"$\"", "q");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(marks), cmocka_unit_test(written),
		cmocka_unit_test(every_value), cmocka_unit_test(sources) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
