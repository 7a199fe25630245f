/* Numbers as people and pages write them: digits, marks between them, and what stands around them. */
#include "shell/number.h"

#include <stdio.h>
#include <string.h>

enum { EXPONENT_MAX = 1000000, BLANK = ' ', APOSTROPHE = '\'' };

/* A number that is being read. */
struct reading {
	struct number *number;
	struct str rest;
	char marks[NUMBER_MAX_BYTES]; /* between the digits: . , BLANK APOSTROPHE */
	size_t at[NUMBER_MAX_BYTES];  /* how many digits stand in front of each */
	size_t n_marks;
	bool dash; /* 299,- */
};

/* ---- characters ---- */

struct sign {
	const char *text;
	char means;
};

static const struct sign blanks[] = { { " ", BLANK }, { "\t", BLANK }, { "\n", BLANK }, { "\r", BLANK },
	{ "\xC2\xA0", BLANK }, { "\xE2\x80\xAF", BLANK }, { "\xE2\x80\x89", BLANK }, { "\xE2\x80\x87", BLANK },
	{ NULL, 0 } };
static const struct sign marks_between[] = { { ".", '.' }, { ",", ',' }, { "'", APOSTROPHE },
	{ "\xE2\x80\x99", APOSTROPHE }, { " ", BLANK }, { "\xC2\xA0", BLANK }, { "\xE2\x80\xAF", BLANK },
	{ "\xE2\x80\x89", BLANK }, { "\xE2\x80\x87", BLANK }, { NULL, 0 } };
static const struct sign signs[] = { { "+", '+' }, { "-", '-' }, { "\xE2\x88\x92", '-' }, { NULL, 0 } };
static const struct sign dashes[] = { { "-", '-' }, { "\xE2\x80\x93", '-' }, { "\xE2\x80\x94", '-' }, { NULL, 0 } };

/* Takes one of the signs from the front; 0 when none stands there. */
static char
take(struct str *rest, const struct sign *list)
{
	for (; list->text != NULL; list++)
		if (str_starts(*rest, str_of(list->text))) {
			*rest = str_slice(*rest, strlen(list->text), rest->n);
			return list->means;
		}
	return 0;
}

static void
skip_blanks(struct str *rest)
{
	while (take(rest, blanks) != 0)
		continue;
}

/* ---- what stands around it ---- */

static const char currency_codes[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
static const char *const abbreviations[] = { "kr.", "kr", "z\xC5\x82", "K\xC4\x8D", "Ft", "lei", "Rs.", "Rs", "Fr.",
	"RM", "\xD1\x80\xD1\x83\xD0\xB1.", "\xD1\x80\xD1\x83\xD0\xB1", NULL };

static void
set_unit(struct number *n, struct str unit)
{
	snprintf(n->unit, sizeof n->unit, "%.*s", STR_ARG(unit));
}

static bool
ends_here(struct str rest, size_t n)
{
	return n == rest.n || !ascii_is_alpha(rest.p[n]);
}

static bool
take_code(struct str *rest, struct number *n)
{
	struct str code = str_slice(*rest, 0, 3);

	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
	if (code.n < 3 || !ends_here(*rest, 3) || str_find(STR(currency_codes), code) < 0)
		return false;
	set_unit(n, code);
	*rest = str_slice(*rest, 3, rest->n);
	return true;
}

/* Unicode's currency signs: the old ones, and the block from U+20A0 to U+20CF. */
static size_t
currency_sign(struct str s)
{
	static const char *const old[] = { "$", "\xC2\xA2", "\xC2\xA3", "\xC2\xA4", "\xC2\xA5", "\xE0\xB8\xBF",
		"\xEF\xBF\xA5", "\xEF\xBC\x84", "\xEF\xB7\xBC" };

	for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
		if (str_starts(s, str_of(old[i])))
			return strlen(old[i]);
	if (str_starts(s, STR("\xE2\x82")) && s.n > 2 && (uint8_t)s.p[2] >= 0xA0 && (uint8_t)s.p[2] <= 0xBF)
		return 3;
	return str_starts(s, STR("\xE2\x83")) && s.n > 2 && (uint8_t)s.p[2] <= 0x8F ? 3 : 0;
}

/* US$, R$, a sign alone, EUR, kr */
static bool
take_currency(struct str *rest, struct number *n)
{
	size_t letters = 0, sign;

	while (letters < 3 && letters < rest->n && rest->p[letters] >= 'A' && rest->p[letters] <= 'Z')
		letters++;
	sign = currency_sign(str_slice(*rest, letters, rest->n));
	if (sign > 0) {
		set_unit(n, str_slice(*rest, 0, letters + sign));
		*rest = str_slice(*rest, letters + sign, rest->n);
		return true;
	}
	if (take_code(rest, n))
		return true;
	for (size_t i = 0; abbreviations[i] != NULL; i++) {
		struct str word = str_of(abbreviations[i]);

		if (str_starts(*rest, word) && ends_here(*rest, word.n)) {
			set_unit(n, word);
			*rest = str_slice(*rest, word.n, rest->n);
			return true;
		}
	}
	return false;
}

/* ---- digits ---- */

/* The digits times a small number, which only adds digits in front. */
static void
multiply(struct number *n, unsigned long factor)
{
	unsigned long carry = 0;

	for (size_t i = n->n; i > 0; i--) {
		carry += (unsigned long)(n->digits[i - 1] - '0') * factor;
		n->digits[i - 1] = (char)('0' + carry % 10);
		carry /= 10;
	}
	for (; carry > 0; carry /= 10) {
		memmove(n->digits + 1, n->digits, n->n++);
		n->digits[0] = (char)('0' + carry % 10);
		n->exponent++;
	}
}

/* What counts seconds or bytes, or a percent sign. */
static bool
take_measure(struct str *rest, struct number *n, bool decided)
{
	static const struct {
		const char *text, *unit;
		unsigned long factor;
		int exponent;
	} measures[] = { { "ms", "s", 1, -3 }, { "s", "s", 1, 0 }, { "m", "s", 60, 0 }, { "h", "s", 3600, 0 },
		{ "K", "bytes", 1024, 0 }, { "M", "bytes", 1048576, 0 }, { "G", "bytes", 1073741824, 0 },
		{ "%", "%", 1, 0 } };

	for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
		if (str_is(*rest, measures[i].text)) {
			n->exponent += measures[i].exponent;
			multiply(n, decided ? measures[i].factor : 1);
			set_unit(n, str_of(measures[i].unit));
			*rest = str_slice(*rest, rest->n, rest->n);
			return true;
		}
	return false;
}

/* Digits and what stands between them. */
static bool
read_digits(struct reading *r)
{
	struct number *n = r->number;

	for (;;) {
		struct str next = r->rest;
		char mark;

		while (r->rest.n > 0 && ascii_is_digit(r->rest.p[0])) {
			n->digits[n->n++] = r->rest.p[0];
			r->rest = str_slice(r->rest, 1, r->rest.n);
		}
		next = r->rest;
		mark = take(&next, marks_between);
		if (mark == 0)
			break;
		r->dash = (mark == '.' || mark == ',') && n->n > 0 && take(&next, dashes) != 0;
		if (!r->dash && (next.n == 0 || !ascii_is_digit(next.p[0])))
			break; /* a blank in front of EUR */
		r->marks[r->n_marks] = mark;
		r->at[r->n_marks++] = n->n;
		r->rest = next;
		if (r->dash)
			break;
	}
	return n->n > 0;
}

/* The first m marks group the digits in front of `end`. */
static bool
groups(const struct reading *r, size_t m, size_t end)
{
	bool indian = m > 1 && r->marks[0] == ',' && r->at[1] - r->at[0] == 2;

	if (m == 0)
		return true;
	if (r->at[0] == 0 || r->at[0] > (indian ? 2 : 3) || r->number->digits[0] == '0')
		return false;
	for (size_t i = 0; i < m; i++) {
		size_t length = (i + 1 < m ? r->at[i + 1] : end) - r->at[i];

		if (r->marks[i] != r->marks[0] || length != (indian && i + 1 < m ? 2 : 3))
			return false;
	}
	return true;
}

static bool
is_decimal(char mark)
{
	return mark == '.' || mark == ',';
}

/* Sets how many digits stand in front of the decimal mark. */
static enum number_kind
judge_marks(struct reading *r, enum decimal_mark known, bool exponent)
{
	struct number *n = r->number;
	size_t m = r->n_marks;
	char last = m > 0 ? r->marks[m - 1] : 0, first = m > 0 ? r->marks[0] : 0;

	n->before = m > 0 && is_decimal(last) ? r->at[m - 1] : n->n;
	if (m == 0 || (m == 1 && is_decimal(last) && (r->dash || !groups(r, 1, n->n))))
		return NUMBER_IS;
	if (m == 1 && is_decimal(last)) {
		if (known == DECIMAL_AUTO && !exponent)
			return NUMBER_AMBIGUOUS;
		if (!exponent && last != (known == DECIMAL_COMMA ? ',' : '.'))
			n->before = n->n;
		return NUMBER_IS;
	}
	if (first != last && is_decimal(last))
		return groups(r, m - 1, n->before) ? NUMBER_IS : NUMBER_NONE;
	n->before = n->n;
	return !r->dash && groups(r, m, n->n) ? NUMBER_IS : NUMBER_NONE;
}

/* e and digits; false when it is too far away. */
static bool
read_exponent(struct reading *r, int *exponent)
{
	struct str rest = r->rest, digits;
	uint64_t value;
	char sign;

	*exponent = 0;
	if (rest.n < 2 || ascii_lower(rest.p[0]) != 'e')
		return true;
	rest = str_slice(rest, 1, rest.n);
	sign = take(&rest, signs);
	digits = rest;
	while (rest.n > 0 && ascii_is_digit(rest.p[0]))
		rest = str_slice(rest, 1, rest.n);
	digits.n -= rest.n;
	if (digits.n == 0)
		return true;
	if (!str_to_u64(digits, EXPONENT_MAX, &value))
		return false;
	*exponent = sign == '-' ? -(int)value : (int)value;
	r->rest = rest;
	return true;
}

/* Without zeros at both ends. */
static void
normalize(struct number *n)
{
	size_t zeros = 0;

	while (zeros < n->n && n->digits[zeros] == '0')
		zeros++;
	memmove(n->digits, n->digits + zeros, n->n - zeros);
	n->n -= zeros;
	n->exponent -= (int)zeros;
	while (n->n > 0 && n->digits[n->n - 1] == '0')
		n->n--;
	if (n->n == 0) {
		n->negative = false;
		n->exponent = 0;
	}
}

/* Sign and currency, in any order, with blanks between. */
static void
read_front(struct reading *r)
{
	bool currency;
	char sign;

	skip_blanks(&r->rest);
	sign = take(&r->rest, signs);
	skip_blanks(&r->rest);
	currency = take_currency(&r->rest, r->number);
	skip_blanks(&r->rest);
	if (sign == 0 && currency)
		sign = take(&r->rest, signs);
	r->number->negative = sign == '-';
}

enum number_kind
number_read(struct number *n, struct str text, enum decimal_mark mark)
{
	struct reading r = { .number = n, .rest = text };
	enum number_kind kind;
	bool exponent, currency;
	int power;

	*n = (struct number){ .n = 0 };
	if (text.n > NUMBER_MAX_BYTES)
		return NUMBER_TOO_LONG;
	read_front(&r);
	currency = n->unit[0] != '\0';
	if (!read_digits(&r))
		return NUMBER_NONE;
	text = r.rest;
	if (r.dash ? (power = 0, false) : !read_exponent(&r, &power))
		return NUMBER_TOO_LONG;
	exponent = r.rest.p != text.p;
	kind = judge_marks(&r, mark, exponent);
	n->exponent = (int)n->before + power;
	skip_blanks(&r.rest);
	if (r.rest.n > 0 && !take_currency(&r.rest, n) && !currency)
		take_measure(&r.rest, n, kind == NUMBER_IS);
	skip_blanks(&r.rest);
	if (r.rest.n > 0)
		return NUMBER_NONE;
	if (kind == NUMBER_IS)
		normalize(n);
	return kind;
}

int
number_compare(const struct number *a, const struct number *b)
{
	int sign = a->negative ? -1 : 1, order;

	if (a->negative != b->negative)
		return sign;
	if (a->n == 0 || b->n == 0)
		return sign * ((a->n > 0) - (b->n > 0));
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -sign : sign;
	order = str_cmp(str_from(a->digits, a->n), str_from(b->digits, b->n));
	return order < 0 ? -sign : order > 0 ? sign : 0;
}

bool
number_comparable(const struct number *a, const struct number *b)
{
	return a->unit[0] == '\0' || b->unit[0] == '\0' || strcmp(a->unit, b->unit) == 0;
}

char *
number_readings(const struct number *n, char *out, size_t size)
{
	const char *sign = n->negative ? "-" : "";

	snprintf(out, size, "%s%.*s or %s%.*s.%.*s", sign, (int)n->n, n->digits, sign, (int)n->before, n->digits,
	    (int)(n->n - n->before), n->digits + n->before);
	return out;
}
