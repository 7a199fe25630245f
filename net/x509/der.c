/* DER read strictly: lengths, numbers, bits, times. */
#include "net/x509/der.h"

/* Definite, and in as few bytes as it fits in (X.690 section 10.1); r is bad when it is not. */
static size_t
read_length(struct rd *r)
{
	size_t n = rd_u8(r), least = 0x80;

	if (n < 0x80)
		return n;
	switch (n) {
	case 0x81:
		n = rd_u8(r);
		break;
	case 0x82:
		n = rd_u16(r);
		least = 0x100;
		break;
	case 0x83:
		n = rd_u24(r);
		least = 0x10000;
		break;
	default:
		n = 0; /* indefinite, or longer than any certificate */
	}
	if (n < least)
		r->bad = true;
	return n;
}

bool
der_next(struct rd *r, unsigned *tag, struct str *contents, struct str *whole)
{
	const uint8_t *start = r->p;
	size_t n;

	*tag = rd_u8(r);
	n = read_length(r);
	if (*tag == 0 || (*tag & 0x1F) == 0x1F)
		r->bad = true; /* the end of an indefinite length; no tag above 30 exists in certificates */
	*contents = rd_bytes(r, n);
	if (whole != NULL)
		*whole = r->bad ? (struct str){ NULL, 0 } : str_from(start, (size_t)(r->p - start));
	return !r->bad;
}

unsigned
der_peek(const struct rd *r)
{
	return r->bad || r->p == r->end ? 0 : *r->p;
}

struct str
der_element(struct rd *r, unsigned tag)
{
	unsigned found;
	struct str contents;

	if (!der_next(r, &found, &contents, NULL) || found != tag) {
		r->bad = true;
		return (struct str){ NULL, 0 };
	}
	return contents;
}

struct rd
der_enter(struct rd *r, unsigned tag)
{
	struct rd inner = rd_str(der_element(r, tag));

	inner.bad = r->bad;
	return inner;
}

struct str
der_whole(struct rd *r, unsigned tag)
{
	unsigned found;
	struct str contents, whole;

	if (!der_next(r, &found, &contents, &whole) || found != tag) {
		r->bad = true;
		return (struct str){ NULL, 0 };
	}
	return whole;
}

struct str
der_oid(struct rd *r)
{
	struct str s = der_element(r, DER_OID);

	if (!der_oid_ok(s))
		r->bad = true;
	return s;
}

bool
der_oid_ok(struct str s)
{
	bool begins = true; /* a subidentifier does, and not with zeros: X.690 section 8.19.2 */

	for (size_t i = 0; i < s.n; i++) {
		if (begins && (uint8_t)s.p[i] == 0x80)
			return false;
		begins = ((uint8_t)s.p[i] & 0x80) == 0;
	}
	return s.n > 0 && begins;
}

bool
der_boolean(struct rd *r)
{
	struct str s = der_element(r, DER_BOOLEAN);

	if (s.n != 1 || ((uint8_t)s.p[0] != 0 && (uint8_t)s.p[0] != 0xFF))
		r->bad = true;
	return !r->bad && s.p[0] != 0;
}

bool
der_integer_ok(struct str s)
{
	/* X.690 section 8.3.2: the first nine bits are neither all zero nor all one */
	return s.n > 0 &&
	    !(s.n > 1 && ((s.p[0] == 0 && (s.p[1] & 0x80) == 0) || ((uint8_t)s.p[0] == 0xFF && (s.p[1] & 0x80) != 0)));
}

struct str
der_integer(struct rd *r)
{
	struct str s = der_element(r, DER_INTEGER);

	if (!der_integer_ok(s))
		r->bad = true;
	return s;
}

struct str
der_unsigned(struct rd *r)
{
	struct str s = der_integer(r);

	if (r->bad || (s.p[0] & 0x80) != 0) {
		r->bad = true;
		return (struct str){ NULL, 0 };
	}
	return s.n > 1 && s.p[0] == 0 ? str_slice(s, 1, s.n) : s;
}

unsigned
der_small(struct rd *r)
{
	struct str s = der_unsigned(r);
	unsigned value = 0;

	if (s.n > 4 || (s.n == 4 && (s.p[0] & 0x80) != 0)) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < s.n; i++)
		value = value << 8 | (uint8_t)s.p[i];
	return value;
}

struct str
der_bits(struct rd *r)
{
	struct str s = der_element(r, DER_BIT_STRING);

	if (s.n == 0 || s.p[0] != 0) {
		r->bad = true;
		return (struct str){ NULL, 0 };
	}
	return str_slice(s, 1, s.n);
}

bool
der_bit_string_ok(struct str s)
{
	unsigned unused = s.n > 0 ? (uint8_t)s.p[0] : 8;

	if (unused > 7 || (s.n == 1 && unused > 0))
		return false;
	return s.n == 1 || ((uint8_t)s.p[s.n - 1] & ((1u << unused) - 1)) == 0;
}

unsigned
der_named_bits(struct rd *r)
{
	struct str s = der_element(r, DER_BIT_STRING);
	unsigned bits = 0;

	if (!der_bit_string_ok(s) || s.n < 2 || s.n > 3) {
		r->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < 8 * ((unsigned)s.n - 1); i++)
		if (((uint8_t)s.p[1 + i / 8] & 0x80 >> i % 8) != 0)
			bits |= 1u << i;
	return bits;
}

bool
der_series_ok(struct str s)
{
	struct rd r = rd_str(s);
	struct str contents;
	unsigned tag;

	while (rd_left(&r) > 0)
		if (!der_next(&r, &tag, &contents, NULL))
			return false;
	return true;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t a = (14 - m) / 12, years = y + 4800 - a, months = m + 12 * a - 3;

	return d + (153 * months + 2) / 5 + 365 * years + years / 4 - years / 100 + years / 400 - 32045 - 2440588;
}

static int
two_digits(struct rd *r)
{
	uint8_t a = rd_u8(r), b = rd_u8(r);

	if (!ascii_is_digit((char)a) || !ascii_is_digit((char)b))
		r->bad = true;
	return (a - '0') * 10 + (b - '0');
}

static int
days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

int64_t
der_time(struct rd *r)
{
	unsigned tag = der_peek(r);
	struct rd t = der_enter(r, tag == DER_GENERALIZED_TIME ? DER_GENERALIZED_TIME : DER_UTC_TIME);
	int year = two_digits(&t), month, day, hour, minute, second;

	if (tag == DER_GENERALIZED_TIME)
		year = year * 100 + two_digits(&t);
	else
		year += year >= 50 ? 1900 : 2000;
	month = two_digits(&t);
	day = two_digits(&t);
	hour = two_digits(&t);
	minute = two_digits(&t);
	second = two_digits(&t);
	if (rd_u8(&t) != 'Z' || !rd_done(&t) || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
	    hour > 23 || minute > 59 || second > 59) {
		r->bad = true;
		return 0;
	}
	return days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}
