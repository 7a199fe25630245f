/*
 * What goes through a command of the system's shell and comes back: let X = COMMAND | FILTER. It reads while it is
 * written to, so that a filter which answers early holds nothing up.
 *
 *	struct filter *f = filter_open("tr -d .", &answer);
 *	... fprintf(filter_input(f), ...) ...
 *	status = filter_close(f);
 */
#ifndef SHELL_FILTER_H
#define SHELL_FILTER_H

#include <stdio.h>

#include "net/buf.h"

struct filter;

/* answer: gets what it prints; beyond its maximum no more is read, and it is full. NULL with errno: it cannot be
 * started. */
struct filter *filter_open(const char *command, struct buf *answer);
FILE *filter_input(const struct filter *f);
/* The end of its input; waits for the end of its answer, and for its own. Frees f. The status as child_wait() has it.
 * */
int filter_close(struct filter *f);

#endif
