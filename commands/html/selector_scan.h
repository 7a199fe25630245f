/*
 * A place in a selector's text, and what can be read there (CSS Syntax Level 3, section 4). Each function moves behind
 * what it took; errors name the place. Private to commands/html.
 */
#ifndef COMMANDS_HTML_SELECTOR_SCAN_H
#define COMMANDS_HTML_SELECTOR_SCAN_H

#include "net/error.h"
#include "net/str.h"

struct scan {
	struct str s;
	size_t at;
	unsigned depth, parts; /* of what is being parsed, for its limits */
	struct error *error;
};

int scan_refuse(struct scan *p, const char *why); /* ERROR_USAGE with the place; -1 */
char scan_peek(const struct scan *p);             /* NUL at the end */
bool scan_space(struct scan *p);                  /* white space and comments; whether there was any */
bool scan_accept(struct scan *p, char c);
bool scan_word(struct scan *p, const char *word);         /* any letter case, and no longer name */
bool scan_at_name(const struct scan *p, bool identifier); /* scan_name() would find one */
/* An identifier, or with identifier false a name (behind #), with its escapes decoded; caller frees, NULL with an
 * error. */
char *scan_name(struct scan *p, bool identifier);
char *scan_value(struct scan *p);              /* a string or an identifier, likewise */
bool scan_integer(struct scan *p, int *value); /* decimal digits, at most about 10^9 */

#endif
