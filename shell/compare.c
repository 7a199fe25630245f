/* What an expectation says of a value. */
#include "shell/compare.h"

#include <stdio.h>
#include <string.h>

#include "net/regex.h"
#include "net/tls/tls.h"

static const char *const operators[] = { "==", "!=", "~", "!~", "<", "<=", ">", ">=", "=", NULL };

bool
comparison_is_operator(const char *word)
{
	size_t i = 0;

	while (operators[i] != NULL && strcmp(operators[i], word) != 0)
		i++;
	return operators[i] != NULL;
}

static bool
is_search(const struct comparison *c)
{
	return strchr(c->op, '~') != NULL;
}

static bool
is_order(const struct comparison *c)
{
	return c->op[0] == '<' || c->op[0] == '>';
}

/* Of the order of value and want: below 0, 0, above 0. */
static bool
holds_by(const struct comparison *c, int order)
{
	if (order == 0)
		return strcmp(c->op, "!=") != 0 && (c->op[0] == '=' || c->op[1] == '=');
	return c->op[0] == '!' || c->op[0] == (order < 0 ? '<' : '>');
}

/* ---- what fails ---- */

static int __attribute__((format(printf, 4, 5)))
fail_expected(const struct comparison *c, struct str have, struct error *error, const char *format, ...)
{
	char shown[200], text[ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return fail(error, ERROR_EXPECT, 0, "expected %s %s %s, but %s\"%s\"%s", c->what, c->op, c->want,
	    text[0] == '\0' ? "it is " : "", str_printable(have, shown, sizeof shown), text);
}

/* text: the value, or what it is compared with. */
static int
fail_ambiguous(const struct comparison *c, struct str text, const struct number *n, struct error *error)
{
	char readings[2 * NUMBER_MAX_BYTES];

	number_readings(n, readings, sizeof readings);
	fail_expected(c, text, error, " can be %.200s", readings);
	return hint_why(error, "a single point is decimal; comma: it groups", "set decimal point");
}

static int
fail_long(struct str text, struct error *error)
{
	char shown[40];

	return fail(error, ERROR_LIMIT, 0,
	    "\"%s...\" is too long for a number: at most %d bytes, an exponent of six digits",
	    str_printable(str_slice(text, 0, 20), shown, sizeof shown), NUMBER_MAX_BYTES);
}

/* ---- before there is a value ---- */

/* What stands behind < was written by somebody who can write it clearly. */
static int
check_number(const struct comparison *c, struct error *error)
{
	char shown[80], readings[100];
	struct number n;

	if (tls_version_parse(str_of(c->want)) != 0)
		return 0;
	str_printable(str_of(c->want), shown, sizeof shown);
	switch (number_read(&n, str_of(c->want), DECIMAL_AUTO)) {
	case NUMBER_IS:
		return 0;
	case NUMBER_TOO_LONG:
		return fail_long(str_of(c->want), error);
	case NUMBER_AMBIGUOUS:
		number_readings(&n, readings, sizeof readings);
		fail(error, ERROR_USAGE, 0, "\"%s\" can be %s", shown, readings);
		return remark(error, "write it without a mark, or with a 0 behind it");
	case NUMBER_NONE:
		break;
	}
	fail(error, ERROR_USAGE, 0, "%s compares numbers and TLS versions, and \"%s\" is neither", c->op, shown);
	return remark(error, "== and != compare texts, ~ searches them");
}

int
comparison_check(const struct comparison *c, struct error *error)
{
	if (is_search(c))
		return regex_search(str_of(c->want), STR(""), NULL, error) < 0 ? -1 : 0;
	return is_order(c) && c->written ? check_number(c, error) : 0;
}

/* ---- the value ---- */

static int
search(const struct comparison *c, struct str have, struct work *work, struct error *error)
{
	int found = regex_search(str_of(c->want), have, work, error);

	if (found < 0)
		return -1;
	return found == (c->op[0] == '~') ? 0 : fail_expected(c, have, error, "%s", "");
}

static int
fail_kind(const struct comparison *c, struct str text, enum number_kind kind, const struct number *n,
    struct error *error)
{
	if (kind == NUMBER_TOO_LONG)
		return fail_long(text, error);
	return kind == NUMBER_AMBIGUOUS ? fail_ambiguous(c, text, n, error) :
					  fail_expected(c, text, error, " is no number");
}

static int
compare_order(const struct comparison *c, struct str have, struct error *error)
{
	unsigned version = tls_version_parse(have), wanted = tls_version_parse(str_of(c->want));
	struct number a, b;
	enum number_kind kind, want;

	if (version != 0 && wanted != 0)
		return holds_by(c, version < wanted ? -1 : version > wanted) ? 0 :
									       fail_expected(c, have, error, "%s", "");
	if (wanted != 0)
		return fail_expected(c, have, error, " is no TLS version");
	kind = number_read(&a, have, c->mark);
	want = number_read(&b, str_of(c->want), c->mark);
	if (want != NUMBER_IS)
		return fail_kind(c, str_of(c->want), want, &b, error);
	if (kind != NUMBER_IS)
		return fail_kind(c, have, kind, &a, error);
	if (!number_comparable(&a, &b))
		return fail_expected(c, have, error, " counts %s, not %s", a.unit, b.unit);
	return holds_by(c, number_compare(&a, &b)) ? 0 : fail_expected(c, have, error, "%s", "");
}

/* Whether both are one number, with this decimal mark where there is no other: 1, 0, -1 they are not both numbers. */
static int
same_number(struct str have, struct str want, enum decimal_mark mark)
{
	struct number a, b;

	if (number_read(&a, have, mark) != NUMBER_IS || number_read(&b, want, mark) != NUMBER_IS)
		return -1;
	return number_comparable(&a, &b) && number_compare(&a, &b) == 0;
}

static int
compare_equal(const struct comparison *c, struct str have, struct error *error)
{
	unsigned version = tls_version_parse(have), wanted = tls_version_parse(str_of(c->want));
	bool same = str_is(have, c->want);
	struct number n;

	if (!same && version != 0 && wanted != 0) {
		same = version == wanted;
	} else if (!same) {
		int point =
		    same_number(have, str_of(c->want), c->mark != DECIMAL_COMMA ? DECIMAL_POINT : DECIMAL_COMMA);
		int comma =
		    same_number(have, str_of(c->want), c->mark != DECIMAL_POINT ? DECIMAL_COMMA : DECIMAL_POINT);

		if (point != comma && number_read(&n, have, DECIMAL_AUTO) == NUMBER_AMBIGUOUS)
			return fail_ambiguous(c, have, &n, error);
		if (point != comma && number_read(&n, str_of(c->want), DECIMAL_AUTO) == NUMBER_AMBIGUOUS)
			return fail_ambiguous(c, str_of(c->want), &n, error);
		same = point == 1;
	}
	return holds_by(c, same ? 0 : 1) ? 0 : fail_expected(c, have, error, "%s", "");
}

int
comparison_holds(const struct comparison *c, struct str have, struct work *work, struct error *error)
{
	if (is_search(c))
		return search(c, have, work, error);
	return is_order(c) ? compare_order(c, have, error) : compare_equal(c, have, error);
}
