/* What a terminal shows: how wide it is. */
#ifndef COMMANDS_SHOW_VIEW_H
#define COMMANDS_SHOW_VIEW_H

#include <stdio.h>

struct session;

/* Where a line is to be broken: the terminal's columns, or 0 where somebody may grep. */
size_t print_width(const struct session *s, FILE *out);

#endif
