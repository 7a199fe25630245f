/*
 * Text for a terminal. Standard error, and standard output when it is one, are guarded streams: whatever a command
 * writes there goes through print_safe(), so that no caller can forget it; files and pipes get a command's output as it
 * is. Our own escape sequences go past the guard.
 */
#ifndef COMMANDS_PRINT_H
#define COMMANDS_PRINT_H

#include <stdio.h>

#include "net/str.h"

/* What is not showable (str.h) but newline and tab becomes \xHH. */
void print_safe(FILE *out, struct str text);

/* Columns that text takes on a terminal: none for combining characters, two for wide ones. */
size_t text_columns(struct str text);

/* A line behind indent spaces, broken at spaces before width columns (not at all where that is no more than twice
 * hang); what is broken off stands behind hang spaces. Safe. */
void print_wrapped(FILE *out, struct str line, size_t indent, size_t hang, size_t width);
void print_lines(FILE *out, struct str text, size_t hang, size_t width); /* each of the text's lines so */

/* A stream whose text comes out of `to`, safe; a character may come in pieces. fclose() flushes `to` and leaves it
 * open; writing fails when that does. */
FILE *print_guard(FILE *to);

/* Our own escape sequence to standard error, in its place between what is written to its guard. */
void print_own(FILE *guard, const char *sequence);

#endif
