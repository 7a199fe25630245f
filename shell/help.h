/* Text for help, shared with the man page. */
#ifndef SHELL_HELP_H
#define SHELL_HELP_H

#include <stdio.h>

/* Paragraphs (lines) wrapped at width columns; lines that start with a space stay as they are. */
void help_wrapped(FILE *out, const char *text, unsigned width);

#endif
