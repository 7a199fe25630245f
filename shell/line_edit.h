/* The line with its editing and Tab: the only file that knows libedit is line_edit.c. */
#ifndef SHELL_LINE_EDIT_H
#define SHELL_LINE_EDIT_H

#include "shell/shell.h"

struct line_edit;
/* On a terminal. Reads ~/.editrc; offers the shell's history. NULL when the terminal cannot be used. */
struct line_edit *line_edit_new(struct shell *sh);
void line_edit_free(struct line_edit *e);

enum line_end {
	LINE_TYPED,
	LINE_INTERRUPTED,
	LINE_CLOSED
}; /* Enter; Ctrl-C; Ctrl-D, shell_ended or no terminal any more */

/* One line behind `before`, the text of a command that is not complete yet ("" for a new one); appended to out without
 * its newline. Meanwhile SIGINT clears the line, SIGWINCH and SIGCONT draw it again, SIGTSTP stops the program. */
enum line_end line_edit_read(struct line_edit *e, struct str before, struct buf *out);
/* A new line of the shell's history, for the arrow keys. */
void line_edit_remember(struct line_edit *e, const char *line);

/* Asks a person on the controlling terminal, with or without echo: the session's `ask`. */
int line_edit_ask(void *context, const char *prompt, bool echo, struct buf *answer);

#endif
