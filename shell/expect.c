/* `expect`: what must hold, and what must not work. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/session.h"
#include "net/regex.h"
#include "net/tls/tls.h"
#include "shell/shell.h"
#include "shell/table.h"

static const char *const operators[] = { "==", "!=", "~", "!~", "<", "<=", ">", ">=", "=", NULL };

/* One that was written: a value is none. */
static bool
is_operator(const struct call *call, size_t word)
{
	for (size_t i = 0; operators[i] != NULL; i++)
		if (call_word_says(call, word, operators[i]))
			return true;
	return false;
}

/* A number with an optional unit: 200, 1.5, 250ms, 2s, 10K, 3 days as "3". */
static bool
number_of(const char *text, double *value)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {
		{ "", 1 },
		{ "ms", 0.001 },
		{ "s", 1 },
		{ "m", 60 },
		{ "h", 3600 },
		{ "K", 1024 },
		{ "M", 1048576 },
		{ "G", 1073741824 },
	};
	size_t digits = strspn(text, "+-.0123456789"); /* no "nan", "inf" or hexadecimal */
	char *end;

	*value = strtod(text, &end);
	if (end == text || end > text + digits)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].unit) == 0) {
			*value *= units[i].factor;
			return true;
		}
	return false;
}

/* Both as TLS versions, else as numbers, else as bytes: below 0, 0, above 0. */
static int
compare(const char *a, const char *b)
{
	unsigned x = tls_version_parse(str_of(a)), y = tls_version_parse(str_of(b));
	double m, n;

	if (x != 0 && y != 0)
		return x < y ? -1 : x > y;
	if (number_of(a, &m) && number_of(b, &n))
		return m < n ? -1 : m > n;
	return strcmp(a, b);
}

static int
check(struct call *call, const char *what, const struct buf *value, const char *op, const char *want)
{
	struct work work = session_work(call->session, 0);
	const char *have = value->data != NULL ? (const char *)value->data : "";
	int order = compare(have, want), holds;
	char shown[200];

	if (strcmp(op, "~") == 0 || strcmp(op, "!~") == 0) {
		holds = regex_search(str_of(want), buf_str(value), &work, call->error);
		if (holds < 0)
			return -1;
		holds = holds == (op[0] == '~');
	} else if (op[0] == '<') {
		holds = order < 0 || (op[1] == '=' && order == 0);
	} else if (op[0] == '>') {
		holds = order > 0 || (op[1] == '=' && order == 0);
	} else {
		holds = (order == 0) == (op[0] == '=');
	}
	if (holds)
		return 0;
	return fail(call->error, ERROR_EXPECT, 0, "expected %s %s %s, but it is \"%s\"", what, op, want,
	    str_printable(buf_str(value), shown, sizeof shown));
}

/* expect fail KIND COMMAND... */
static int
expect_fail(struct call *call)
{
	struct error mine = { .kind = ERROR_NONE };
	const char *kind = call->n_words > 1 ? call->words[1] : "", *got;
	bool known = strcmp(kind, "any") == 0, written = call->n_words > 1 && call_word_says(call, 1, kind);

	for (size_t i = 1; error_kind_at(i) != NULL; i++)
		known = known || strcmp(kind, error_kind_at(i)->name) == 0;
	if (!known || !written || call->n_words < 3) {
		fail(call->error, ERROR_USAGE, 0,
		    "expect fail KIND COMMAND; KIND is tls, certificate, network, http, status, limit or any");
		return hint(call->error, "expect fail tls get https://example.com/");
	}
	if (run_captured(call, 2, call->n_words - 2, NULL, &mine) == 0)
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

/* expect extract SELECTOR [@attr] [OP VALUE]; op == n_words: it must only be there */
static int
expect_extract(struct call *call, size_t op)
{
	struct buf value;
	int status;

	buf_init(&value, WORDS_MAX_TEXT);
	status = run_captured(call, 0, op, &value, call->error);
	if (status != 0 && call->error->kind == ERROR_OTHER) {
		struct error why = *call->error;

		fail(call->error, ERROR_EXPECT, 0, "expected %s, but %s", call->words[1], why.text);
		status = error_advise(call->error, &why);
	}
	while (status == 0 && value.len > 0 && value.data[value.len - 1] == '\n')
		value.data[--value.len] = '\0';
	if (status == 0 && op < call->n_words)
		status = check(call, call->words[1], &value, call->words[op], call->words[op + 1]);
	buf_release(&value);
	return status;
}

/* op NULL: it must only be there */
static int
expect_variable(struct call *call, const char *name, const char *op, const char *want)
{
	struct buf value;
	int status;

	buf_init(&value, WORDS_MAX_TEXT);
	status = shell_value(call->shell, str_of(name), &value, call->error);
	if (status != 0 && op == NULL)
		status = fail(call->error, ERROR_EXPECT, 0, "expected %s, but there is none", name);
	else if (status != 0)
		status =
		    fail(call->error, ERROR_EXPECT, 0, "expected %s %s %s, but there is no %s", name, op, want, name);
	else if (op != NULL)
		status = check(call, name, &value, op, want);
	buf_release(&value);
	return status;
}

static int
expect_header(struct call *call, const char *op, const char *want)
{
	char *name = str_printf("header.%s", call->words[1]);
	int status = expect_variable(call, name, op, want);

	free(name);
	return status;
}

/* What is told of the last answer, and so says nothing of a request that got none. */
static bool
is_of_answer(const char *what)
{
	static const char *const names[] = { "status", "reason", "url", "type", "size", "time", "header", "extract" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(what, names[i]) == 0)
			return true;
	return strncmp(what, "header.", 7) == 0;
}

static int
run_expect(struct call *call)
{
	const char *const *w = call->words;
	size_t n = call->n_words, op = 0;

	if (n > 0 && !call_word_says(call, 0, w[0])) {
		fail(call->error, ERROR_USAGE, 0, "what is expected is named without a $: its value is looked up then");
		return hint(call->error, "expect status 200");
	}
	if (n > 0 && strcmp(w[0], "fail") == 0)
		return expect_fail(call);
	if (n > 0 && is_of_answer(w[0]) && session_unanswered(call->session))
		return fail(call->error, ERROR_EXPECT, 0, "expected %s, but the last request got no answer", w[0]);
	while (op < n && !is_operator(call, op))
		op++;
	if (n >= 2 && strcmp(w[0], "header") == 0 && op >= 2) {
		if (op == n && n <= 3)
			return expect_header(call, n == 3 ? "==" : NULL, n == 3 ? w[2] : NULL);
		if (op == 2 && n == 4)
			return expect_header(call, w[2], w[3]);
	} else if (n >= 2 && strcmp(w[0], "extract") == 0 && op >= 2) {
		if (op == n || op + 2 == n)
			return expect_extract(call, op);
	} else if (n == 2 && op == n) {
		return expect_variable(call, w[0], "==", w[1]);
	} else if (n == 3 && op == 1) {
		return expect_variable(call, w[0], w[1], w[2]);
	}
	fail(call->error, ERROR_USAGE, 0, "expect WHAT OPERATOR VALUE; the operators are == != ~ !~ < <= > >=");
	return remark(call->error,
	    "expect status 200; expect header content-type ~ html; expect extract h1 == Hi; expect fail tls get URL");
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
	    "  expect fail KIND COMMAND                  the command must fail\n"
	    "OP is one of == != < <= > >= for TLS versions, numbers (also with units: 2s, 250ms, 10K) and text; ~ and "
	    "!~ search a "
	    "POSIX extended regular expression. Without OP it is ==; a header or a match without VALUE must only be "
	    "there. KIND is tls, certificate, network, http, status, limit or any.",
	.example =
	    "get https://ok.lab.test/\nexpect status 200\nexpect header content-type ~ html\nexpect tls.version >= "
	    "tls1.2\n"
	    "expect fail tls get https://rollback.lab.test/\nexpect fail certificate get https://expired.lab.test/\n",
	.args = expect_args,
	.flags = CMD_RAW,
	.run = run_expect,
};
