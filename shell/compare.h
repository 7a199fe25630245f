/*
 * What `expect` says of a value: an operator and what stands behind it.
 *
 *	== = !=        the same number or TLS version, else the same bytes
 *	< <= > >=      numbers (number.h) or TLS versions; of anything else it cannot be said, and that fails
 *	~ !~           a POSIX extended regular expression is found, or not
 */
#ifndef SHELL_COMPARE_H
#define SHELL_COMPARE_H

#include "net/error.h"
#include "net/work.h"
#include "shell/number.h"

struct comparison {
	const char *what; /* whose value, for the sentence */
	const char *op, *want;
	bool written;           /* want is no variable's: it must say itself what it means */
	enum decimal_mark mark; /* of values that can be two numbers */
};

bool comparison_is_operator(const char *word);
/* What is wrong with a comparison before there is a value: ERROR_USAGE, or ERROR_LIMIT for what is too long. */
int comparison_check(const struct comparison *c, struct error *error);
/* 0 when it holds; ERROR_EXPECT when it does not, and when it cannot be decided; else as comparison_check() or the work
 * fails. */
int comparison_holds(const struct comparison *c, struct str have, struct work *work, struct error *error);

#endif
