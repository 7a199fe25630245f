/* `expect`: what must hold, and what must not work. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/session.h"
#include "commands/settings/values.h"
#include "shell/compare.h"
#include "shell/shell.h"
#include "shell/table.h"

/* ---- the forms ---- */

enum form { FORM_NONE, FORM_VARIABLE, FORM_HEADER, FORM_MATCH /* extract, count */, FORM_FAIL };

struct expectation {
	enum form form;
	size_t end;     /* of what is expected: an operator, the value, or the end */
	const char *op; /* NULL: it must only be there */
	size_t want;    /* the word */
};

/* One that was written: a value is none. */
static bool
is_operator(const struct call *call, size_t word)
{
	return comparison_is_operator(call->words[word]) && call_word_says(call, word, call->words[word]);
}

static enum form
form_of(const struct call *call)
{
	static const struct {
		const char *word;
		enum form form;
		size_t least;
	} forms[] = { { "fail", FORM_FAIL, 1 }, { "header", FORM_HEADER, 2 }, { "extract", FORM_MATCH, 2 },
		{ "count", FORM_MATCH, 4 } };

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (call->n_words >= forms[i].least && call_word_says(call, 0, forms[i].word) &&
		    (call->n_words < 2 || !is_operator(call, 1)))
			return forms[i].form;
	return call->n_words > 0 ? FORM_VARIABLE : FORM_NONE;
}

/* form FORM_NONE when the words are none. */
static struct expectation
expectation_of(const struct call *call)
{
	size_t n = call->n_words, op = 0, behind;
	enum form form = form_of(call);
	struct expectation e = { .form = form, .end = n };

	while (op < n && !is_operator(call, op))
		op++;
	if (form == FORM_FAIL || form == FORM_NONE)
		return e;
	behind = form == FORM_VARIABLE ? 1 : 2;
	if (op + 2 == n && (op == behind || (form == FORM_MATCH && op > behind)))
		return (struct expectation){ form, op, call->words[op], op + 1 };
	if (op == n && n == behind + 1 && form != FORM_MATCH)
		return (struct expectation){ form, behind, "==", behind };
	if (op < n || (n > behind && form != FORM_MATCH) || form == FORM_VARIABLE ||
	    str_is(str_of(call->words[0]), "count"))
		e.form = FORM_NONE;
	return e;
}

static struct comparison
comparison_of(const struct call *call, const struct expectation *e, const char *what, enum decimal_mark mark)
{
	const char *want = call->words[e->want];

	return (
	    struct comparison){ what, e->op, want, marks_written(call_word_marks(call, e->want), strlen(want)), mark };
}

static int
judge(struct call *call, const struct expectation *e, const char *what, enum decimal_mark mark, const struct buf *value)
{
	struct work work = session_work(call->session, 0);
	struct comparison c = comparison_of(call, e, what, mark);

	return comparison_holds(&c, buf_str(value), &work, call->error);
}

static enum decimal_mark
decimal_mark_of(const struct call *call)
{
	return (enum decimal_mark)session_settings(call->session)->set.decimal;
}

/* ---- fail ---- */

static bool
is_kind(const char *word)
{
	size_t i = 1;

	while (error_kind_at(i) != NULL && strcmp(word, error_kind_at(i)->name) != 0)
		i++;
	return strcmp(word, "any") == 0 || error_kind_at(i) != NULL;
}

static int
check_fail(struct call *call)
{
	if (call->n_words > 2 && is_kind(call->words[1]) && call_word_says(call, 1, call->words[1]))
		return 0;
	fail(call->error, ERROR_USAGE, 0,
	    "expect fail KIND COMMAND; KIND is tls, certificate, network, http, status, limit or any");
	return hint(call->error, "expect fail tls get https://example.com/");
}

static int
expect_fail(struct call *call)
{
	struct error mine = { .kind = ERROR_NONE };
	const char *kind = call->words[1], *got;

	if (run_inner(call, call_runs(call), NULL, &mine) == 0)
		return fail(call->error, ERROR_EXPECT, 0, "expected a failure (%s), but \"%s\" worked", kind,
		    call->words[2]);
	if (mine.kind == ERROR_INTERRUPTED) {
		*call->error = mine;
		return -1;
	}
	got = error_kind_info(mine.kind)->name;
	if (strcmp(kind, "any") != 0 && strcmp(kind, got) != 0)
		return fail(call->error, ERROR_EXPECT, 0, "expected a failure of kind %s, but it is %s: %.300s", kind,
		    got, mine.text);
	fprintf(call->err, "failed as expected: %s\n", mine.text);
	error_print_advice(&mine, call->err);
	return 0;
}

/* ---- extract and count ---- */

/* The command whose answer it is about, as it was written. */
static char *
written(const struct call *call, size_t end)
{
	struct buf out;

	buf_init(&out, ERROR_TEXT_MAX);
	for (size_t i = strcmp(call->words[0], "extract") == 0; i < end; i++)
		buf_addf(&out, "%s%s", out.len > 0 ? " " : "", call->words[i]);
	return buf_take(&out);
}

static int
expect_match(struct call *call, const struct expectation *e)
{
	char *what = written(call, e->end);
	struct buf value;
	int status;

	buf_init(&value, WORDS_MAX_TEXT);
	status = run_inner(call, call_runs(call), &value, call->error);
	if (status != 0 && call->error->kind == ERROR_OTHER) {
		struct error why = *call->error;

		fail(call->error, ERROR_EXPECT, 0, "expected %s, but %s", what, why.text);
		status = error_advise(call->error, &why);
	}
	if (status == 0 && e->op != NULL)
		status = judge(call, e, what, decimal_mark_of(call), &value);
	buf_wipe_release(&value);
	free(what);
	return status;
}

/* ---- variables and headers ---- */

/* What httpsh itself says of the last exchange is no page's number. */
static bool
is_own_fact(const struct call *call, const char *name)
{
	const struct shell *sh = call->shell;

	for (size_t i = 0; session_variable_name(i) != NULL; i++)
		if (strcmp(session_variable_name(i), name) == 0 && strcmp(name, "body") != 0)
			return variables_get(&sh->variables, str_of(name)) == NULL;
	return false;
}

static int
expect_variable(struct call *call, const struct expectation *e, const char *name)
{
	enum decimal_mark mark = is_own_fact(call, name) ? DECIMAL_POINT : decimal_mark_of(call);
	struct buf value;
	int status;

	buf_init(&value, WORDS_MAX_TEXT);
	status = shell_value(call->shell, str_of(name), &value, call->error);
	if (status == 0 && e->op != NULL)
		status = judge(call, e, name, mark, &value);
	else if (status != 0 && call->error->kind == ERROR_USAGE && e->op == NULL)
		fail(call->error, ERROR_EXPECT, 0, "expected %s, but there is none", name);
	else if (status != 0 && call->error->kind == ERROR_USAGE)
		fail(call->error, ERROR_EXPECT, 0, "expected %s %s %s, but there is no %s", name, e->op,
		    call->words[e->want], name);
	buf_wipe_release(&value);
	return status;
}

static int
expect_header(struct call *call, const struct expectation *e)
{
	char *name = str_printf("header.%s", call->words[1]);
	int status = expect_variable(call, e, name);

	free(name);
	return status;
}

/* What is told of the last answer, and so says nothing of a request that got none. */
static bool
is_of_answer(const char *what)
{
	static const char *const names[] = { "status", "reason", "url", "type", "size", "time", "header", "extract",
		"count", "body" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(what, names[i]) == 0)
			return true;
	return strncmp(what, "header.", 7) == 0;
}

/* ---- the command ---- */

static struct inner
expect_runs(const struct call *call)
{
	struct expectation e = expectation_of(call);

	if (e.form == FORM_MATCH)
		return (struct inner){ 0, e.end, true };
	/* one that is to be a usage error may be one */
	if (call->checking && call->n_words > 1 && (call_word_says(call, 1, "usage") || call_word_says(call, 1, "any")))
		return (struct inner){ 0, 0, false };
	return e.form == FORM_FAIL && call->n_words > 2 ? (struct inner){ 2, call->n_words - 2, false } :
							  (struct inner){ 0, 0, false };
}

static int
check_expect(struct call *call)
{
	struct expectation e = expectation_of(call);
	struct comparison c;

	if (call->n_words > 0 && !call_word_says(call, 0, call->words[0])) {
		fail(call->error, ERROR_USAGE, 0, "what is expected is named without a $: its value is looked up then");
		return hint(call->error, "expect status 200");
	}
	if (e.form == FORM_FAIL)
		return check_fail(call);
	if (call->content_wanted) {
		fail(call->error, ERROR_USAGE, 0, "expect prints nothing that | could take");
		return remark(call->error, "let v = COMMAND | FILTER, then expect v == VALUE");
	}
	if (e.form == FORM_NONE) {
		fail(call->error, ERROR_USAGE, 0, "expect WHAT OPERATOR VALUE; the operators are == != ~ !~ < <= > >=");
		return remark(call->error,
		    "expect status 200; expect header type ~ html; expect extract h1 == Hi; expect fail tls get URL");
	}
	if (e.op == NULL || !call_word_known(call, e.want))
		return 0;
	c = comparison_of(call, &e, call->words[0], DECIMAL_AUTO);
	return comparison_check(&c, call->error);
}

static int
run_expect(struct call *call)
{
	struct expectation e = expectation_of(call);

	if (e.form == FORM_FAIL)
		return expect_fail(call);
	if (is_of_answer(call->words[0]) && session_unanswered(call->session))
		return fail(call->error, ERROR_EXPECT, 0, "expected %s, but the last request got no answer",
		    call->words[0]);
	if (e.form == FORM_MATCH)
		return expect_match(call, &e);
	return e.form == FORM_HEADER ? expect_header(call, &e) : expect_variable(call, &e, call->words[0]);
}

static const struct arg expect_args[] = {
	{ "WHAT", ARG_VARIABLE, 0, NULL },
	{ "OP", ARG_TEXT, ARG_OPTIONAL, NULL },
	{ "VALUE", ARG_TEXT, 0, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
const struct command command_expect = {
	.name = "expect",
	.group = "script",
	.summary = "Fail (status 4) unless something holds.",
	.details =
	    "  expect NAME OP VALUE                      a variable: status, tls.version ...\n"
	    "  expect header NAME OP VALUE               a header of the last answer\n"
	    "  expect extract SELECTOR [@attr] OP VALUE  what a selector matches\n"
	    "  expect count SELECTOR OP N                how many matches it has, 0 too\n"
	    "  expect body OP VALUE                      the body of the last answer\n"
	    "  expect fail KIND COMMAND                  the command must fail\n"
	    "OP is one of == != for texts, TLS versions and numbers, < <= > >= for TLS versions and numbers; ~ and "
	    "!~ search a POSIX extended regular expression. Without OP it is ==; a header or a match without VALUE "
	    "must only be there. KIND is tls, certificate, network, http, status, limit or any.\n"
	    "Numbers are read as pages write them, and compared digit by digit: 1024, 1.024,90, 1,299.00, 1 299,00, "
	    "1'299.00, $5, 5 EUR, 12.5 %, with units 2s, 250ms, 5m, 1h, 10K, 2M, 1G. 1.024 and 1,024 can be two "
	    "numbers, so that comparing them fails; set decimal point (or comma) says how the page means it. < of "
	    "what is no number fails, too. > and | are signs of httpsh again behind expect fail KIND.",
	.example =
	    "get https://ok.lab.test/\nexpect status 200\nexpect header content-type ~ html\nexpect tls.version >= "
	    "tls1.2\n"
	    "expect fail tls get https://rollback.lab.test/\nexpect fail certificate get https://expired.lab.test/\n",
	.args = expect_args,
	.flags = CMD_RAW | CMD_ANSWER,
	.check = check_expect,
	.runs = expect_runs,
	.run = run_expect,
};
