/* Regular expressions by TRE, with the bound and the interrupt of struct work. */
#include "net/regex.h"

#include <stdlib.h>
#include <string.h>

#include <tre/tre.h>

enum { GROUPS_MAX = 64, STRAY_BYTE = 0xDC00 }; /* a byte of no character: as a code point that no text has */

/* What may stand behind a backslash: the special characters, and the classes and edges of words that glibc knows
 * too. */
#define ESCAPED "^.[]$()|*+?{}\\/-\"'wWsSbB<>"

/* ---- the pattern ---- */

/* The character at *at, which moves behind it. */
static wchar_t
next_character(struct str s, size_t *at)
{
	static const uint8_t first[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	size_t n = str_utf8(str_slice(s, *at, s.n));
	uint32_t c = n == 0 ? STRAY_BYTE + (uint8_t)s.p[*at] : (uint8_t)s.p[*at] & first[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)s.p[*at + i] & 0x3F);
	*at += n > 0 ? n : 1;
	return (wchar_t)c;
}

/* Behind the [ of a bracket expression; the place behind its ]. */
static size_t
skip_bracket(struct str s, size_t at)
{
	at += at < s.n && s.p[at] == '^';
	at += at < s.n && s.p[at] == ']';
	while (at < s.n && s.p[at] != ']') {
		char kind = at + 1 < s.n && s.p[at] == '[' ? s.p[at + 1] : '\0';

		at++;
		if (kind == ':' || kind == '.' || kind == '=') {
			ptrdiff_t end = str_find(str_slice(s, at + 1, s.n), str_from((char[]){ kind, ']' }, 2));

			at = end < 0 ? s.n : at + 1 + (size_t)end + 2;
		}
	}
	return at < s.n ? at + 1 : s.n;
}

/* Behind a {: how often the bound repeats, at least once; *at moves behind its }. 0: it is none. */
static uint64_t
read_bound(struct str s, size_t *at)
{
	struct str rest = str_slice(s, *at, s.n), bound = str_cut(&rest, '}'), low = str_cut(&bound, ',');
	uint64_t least, most;

	if (rest.p == NULL || !str_to_u64(low, UINT16_MAX, &least))
		return 0;
	most = least;
	if (bound.n > 0 && (!str_to_u64(bound, UINT16_MAX, &most) || most < least))
		return 0;
	*at = (size_t)(rest.p - s.p);
	return most > 0 ? most : 1;
}

/* What a pattern is before TRE reads it. */
struct measure {
	uint64_t size;     /* characters with the repetitions written out; beyond REGEX_MAX_SIZE any larger number */
	const char *wrong; /* what TRE would take as more than the standard has, or never get over; NULL nothing */
};

static struct measure
measure(struct str s)
{
	struct measure m = { .size = 0 };
	uint64_t groups[GROUPS_MAX], last = 0, times; /* last: of what a bound would repeat */
	size_t depth = 0;

	for (size_t at = 0; at < s.n && m.size <= REGEX_MAX_SIZE && m.wrong == NULL;) {
		char c = s.p[at++], next = at < s.n ? s.p[at] : '\0';

		if (c == '{') {
			times = read_bound(s, &at);
			if (times == 0)
				m.wrong = "{ is followed by no bound";
			m.size += times > 0 ? last * (times - 1) : 0;
			last *= times;
			continue;
		}
		if (c == ')') {
			m.wrong = depth == 0 ? "a ) without (" : NULL;
			last = depth > 0 ? m.size - groups[--depth] : 0;
			continue;
		}
		last = c == '*' || c == '+' || c == '?' ? last + 1 : 1;
		if (c == '(' && (depth == GROUPS_MAX || next == '?'))
			m.wrong = next == '?' ? "(?" : "too many groups in one another";
		else if (c == '(')
			groups[depth++] = m.size;
		else if (c == '[')
			at = skip_bracket(s, at);
		else if (c == '\\' && (next == '\0' || strchr(ESCAPED, next) == NULL))
			m.wrong = "\\ is followed by none of " ESCAPED;
		else if (c == '\\')
			at++;
		m.size++;
	}
	return m;
}

static int
compile(regex_t *regex, struct str pattern, struct error *error)
{
	struct measure m = measure(pattern);
	wchar_t *wide;
	size_t n = 0;
	char shown[100], why[100];
	int status;

	str_printable(pattern, shown, sizeof shown);
	if (m.wrong != NULL)
		return fail(error, ERROR_USAGE, 0, "\"%s\" is not a POSIX extended regular expression: %s", shown,
		    m.wrong);
	if (pattern.n > 4 * (size_t)REGEX_MAX_SIZE || m.size > REGEX_MAX_SIZE)
		return fail(error, ERROR_LIMIT, 0,
		    "the regular expression \"%s\" has more than %d characters with its repetitions written out", shown,
		    REGEX_MAX_SIZE);
	wide = mem_alloc((pattern.n + 1) * sizeof *wide);
	for (size_t at = 0; at < pattern.n;)
		wide[n++] = next_character(pattern, &at);
	status = tre_regwncomp(regex, wide, n, REG_EXTENDED | REG_NOSUB);
	free(wide);
	if (status != 0) {
		tre_regerror(status, regex, why, sizeof why);
		return fail(error, ERROR_USAGE, 0, "\"%s\" is not a regular expression: %s", shown, why);
	}
	if (tre_have_backrefs(regex) || tre_have_approx(regex)) {
		tre_regfree(regex);
		return fail(error, ERROR_USAGE, 0,
		    "\"%s\" is not a POSIX extended regular expression: it has a back reference"
		    " or a bound of another language",
		    shown);
	}
	return 0;
}

/* ---- the text ---- */

struct source {
	struct str text;
	size_t at;
	struct work *work;
	uint64_t price; /* of a character: it may lead from each place of the pattern to each other */
};

/* For TRE; 1 behind the last one. */
static int
get_character(tre_char_t *c, unsigned *bytes, void *context)
{
	struct source *s = context;

	*bytes = 1;
	*c = 0;
	if (s->at >= s->text.n || !work_spend(s->work, s->price))
		return 1;
	*c = next_character(s->text, &s->at);
	if (*c == 0)
		*c = STRAY_BYTE; /* TRE would see the end of the text in it */
	return 0;
}

static void
rewind_to(size_t at, void *context)
{
	(void)at;
	(void)context;
}

/* Only back references compare. */
static int
compare(size_t a, size_t b, size_t n, void *context)
{
	(void)a;
	(void)b;
	(void)n;
	(void)context;
	return 1;
}

int
regex_search(struct str pattern, struct str text, struct work *work, struct error *error)
{
	uint64_t size = measure(pattern).size;
	struct source source = { .text = text, .work = work, .price = 1 + size / 4 + size * size / 64 };
	const tre_str_source from = { get_character, rewind_to, compare, &source };
	char shown[100];
	regex_t regex;
	int status;

	if (compile(&regex, pattern, error) != 0)
		return -1;
	status = tre_reguexec(&regex, &from, 0, NULL, 0);
	tre_regfree(&regex);
	str_printable(pattern, shown, sizeof shown);
	if (work != NULL && work->ended != WORK_GOES_ON)
		return work_fail(work, error, "matching \"%s\"", shown);
	if (status != REG_OK && status != REG_NOMATCH)
		return fail(error, ERROR_LIMIT, 0, "matching \"%s\" takes too much memory", shown);
	return status == REG_OK;
}
