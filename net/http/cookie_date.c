/* A cookie's date by the forgiving algorithm of RFC 6265bis section 5.1.1. */
#include "net/http/cookies.h"

/* RFC 6265 section 5.1.1: tokens in any order, each taken for the first of time, day, month, year that it fits and that
 * is not known yet. */

struct date {
	bool has_time, has_day, has_month, has_year;
	unsigned hour, minute, second, day, month; /* month 0..11 */
	unsigned year;
};

static bool
is_delimiter(char ch)
{
	unsigned char c = (unsigned char)ch;

	return c == 0x09 || (c >= 0x20 && c <= 0x2F) || (c >= 0x3B && c <= 0x40) || (c >= 0x5B && c <= 0x60) ||
	    (c >= 0x7B && c <= 0x7E);
}

/* min to max digits at the front of *s, with no further digit behind; moves *s behind them. */
static bool
take_digits(struct str *s, size_t min, size_t max, unsigned *value)
{
	size_t n = 0;

	*value = 0;
	while (n < s->n && ascii_is_digit(s->p[n])) {
		if (n == max)
			return false;
		*value = *value * 10 + (unsigned)(s->p[n] - '0');
		n++;
	}
	*s = str_slice(*s, n, s->n);
	return n >= min;
}

/* time = 1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT [ non-digit *OCTET ] */
static bool
take_time(struct date *d, struct str s)
{
	unsigned hour, minute, second;

	if (!take_digits(&s, 1, 2, &hour) || s.n == 0 || s.p[0] != ':')
		return false;
	s = str_slice(s, 1, s.n);
	if (!take_digits(&s, 1, 2, &minute) || s.n == 0 || s.p[0] != ':')
		return false;
	s = str_slice(s, 1, s.n);
	if (!take_digits(&s, 1, 2, &second))
		return false;
	d->hour = hour;
	d->minute = minute;
	d->second = second;
	return d->has_time = true;
}

static bool
take_month(struct date *d, struct str s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned i = 0; s.n >= 3 && i < 12; i++)
		if (str_eq_nocase(str_slice(s, 0, 3), str_from(names + 3 * i, 3))) {
			d->month = i;
			return d->has_month = true;
		}
	return false;
}

static void
take_token(struct date *d, struct str token)
{
	struct str rest = token;
	unsigned value;

	if (!d->has_time && take_time(d, token))
		return;
	if (!d->has_day && take_digits(&rest, 1, 2, &value)) {
		d->day = value;
		d->has_day = true;
		return;
	}
	if (!d->has_month && take_month(d, token))
		return;
	rest = token;
	if (!d->has_year && take_digits(&rest, 2, 4, &value)) {
		d->year = value >= 70 && value <= 99 ? value + 1900 : value <= 69 ? value + 2000 : value;
		d->has_year = true;
	}
}

static unsigned
days_of_month(unsigned month, unsigned year)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month] + (month == 1 && leap ? 1u : 0u);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, year >= 1601. */
static int64_t
days_since_epoch(const struct date *d)
{
	int64_t y = (int64_t)d->year - 1, days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;

	for (unsigned m = 0; m < d->month; m++)
		days += days_of_month(m, d->year);
	return days + d->day - 1;
}

bool
cookie_date(struct str text, int64_t *unix_seconds)
{
	struct date d = { 0 };
	size_t i = 0;

	while (i < text.n) {
		size_t start;

		while (i < text.n && is_delimiter(text.p[i]))
			i++;
		start = i;
		while (i < text.n && !is_delimiter(text.p[i]))
			i++;
		if (i > start)
			take_token(&d, str_slice(text, start, i));
	}
	if (!d.has_time || !d.has_day || !d.has_month || !d.has_year)
		return false;
	if (d.year < 1601 || d.day < 1 || d.day > days_of_month(d.month, d.year) || d.hour > 23 || d.minute > 59 ||
	    d.second > 59)
		return false;
	*unix_seconds = days_since_epoch(&d) * 86400 + (int64_t)(d.hour * 3600 + d.minute * 60 + d.second);
	return true;
}
