/*
 * Numbers as people and pages write them, exactly: the digits are kept as they are, nothing is rounded.
 *
 *	1024   1.024,90   1,299.00   1 299,00   1'299.00   12,34,567   .5   -3   1.5e3   299,-
 *	$1,299.00   1.299,00 EUR   US$ 5   12.5 %   250ms   2s   10K
 *
 * The last of two different marks is the decimal one; a mark that stands several times groups, three digits each
 * (behind a comma two, as in India). A single . or , with one to three digits before it, not beginning with 0, and
 * exactly three behind it can be both: 1.024 is ambiguous, unless the caller knows which of them is the decimal mark.
 * With an exponent it is decimal.
 *
 * Around the number may stand a sign, a currency (a sign, a code of ISO 4217, a usual abbreviation), a percent sign
 * or a unit: ms s m h of seconds, K M G of bytes, 1024 each. Blanks are those of Unicode that typesetters use. All
 * else is no number: "5 pieces", "0x10", "1.2.3", "nan".
 */
#ifndef SHELL_NUMBER_H
#define SHELL_NUMBER_H

#include "commands/settings/values.h"
#include "net/str.h"

enum { NUMBER_MAX_BYTES = 1000, NUMBER_UNIT_MAX = 16 };

enum number_kind {
	NUMBER_IS,
	NUMBER_NONE,      /* it is none */
	NUMBER_AMBIGUOUS, /* digits are those of both readings, before: how many stand in front of the mark */
	NUMBER_TOO_LONG   /* more than NUMBER_MAX_BYTES */
};

/* 0.DIGITS times ten to the exponent; zero has no digits. */
struct number {
	bool negative;
	char digits[NUMBER_MAX_BYTES + 12];
	size_t n, before;
	int exponent;
	char unit[NUMBER_UNIT_MAX]; /* what it counts: "$", "EUR", "%", "s", "bytes"; empty: nothing */
};

enum number_kind number_read(struct number *number, struct str text, enum decimal_mark mark);
/* Below 0, 0, above 0. Units are not looked at. */
int number_compare(const struct number *a, const struct number *b);
/* One of them has no unit, or they have the same. */
bool number_comparable(const struct number *a, const struct number *b);
/* Both readings of an ambiguous one, "1024 or 1.024", cut at size. Returns out. */
char *number_readings(const struct number *number, char *out, size_t size);

#endif
