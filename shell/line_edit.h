/* The line with its editing, history and Tab: the only file that knows libedit is line_edit.c. */
#ifndef SHELL_LINE_EDIT_H
#define SHELL_LINE_EDIT_H

#include "shell/shell.h"

enum { HISTORY_MAX = 2000 };

struct line_edit;
/* On a terminal. Reads ~/.editrc and the session's history. */
struct line_edit *line_edit_new(struct shell *sh);
void line_edit_free(struct line_edit *e);
/* The next line without its newline, caller frees; NULL at Ctrl-D. continued: inside an unfinished command.
 * *interrupted: Ctrl-C was typed; the line is then empty. */
char *line_edit_read(struct line_edit *e, bool continued, bool *interrupted);
/* Keeps a whole command in history, without secrets. */
void line_edit_keep(struct line_edit *e, struct str text);
void line_edit_history(struct shell *sh, FILE *out);
void line_edit_forget(struct shell *sh);
/* Asks a question, with or without echo: the session's `ask`. */
int line_edit_ask(void *context, const char *prompt, bool echo, struct buf *answer);

#endif
