/*
 * What a person sees of a session at work, and how wide the terminal is: notes, trace, progress, the question whether a
 * key is to be trusted. The view is the session's observer (hooks.h); the shell makes one:
 *
 *	v = view_new(s, err); view_set_terminal(v, ...); view_set_ask(v, ...);
 *	... struct call has it, for the commands ...
 *	view_free(v);                      before the session's end or behind it: nothing is told after that
 *
 * A NULL view is one without a terminal, that nobody looks at.
 */
#ifndef COMMANDS_SHOW_VIEW_H
#define COMMANDS_SHOW_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "net/buf.h"

struct call;
struct session;
struct view;

/* err: standard error behind its guard (print.h), borrowed; notes, trace and progress go there. Installs the hooks of
 * s. */
struct view *view_new(struct session *s, FILE *err);
void view_free(struct view *v);

/* terminal: standard error is one, so that status line, preview and progress are shown. columns: 0 = not known. */
void view_set_terminal(struct view *v, bool terminal, bool colour, unsigned columns);
/* The stream that leads to the terminal, though it has no descriptor of its own; NULL: none does. */
void view_set_shown(struct view *v, const FILE *shown);
/* How a person is asked for a line, without echo when that is wanted; -1 when there is no answer. Not set: there is
 * nobody. */
void view_set_ask(struct view *v, int (*ask)(void *context, const char *prompt, bool echo, struct buf *answer),
    void *context);

/* Asks for a line without echo; -1 when there is nobody to ask. The caller wipes the answer. */
int view_ask_secret(struct view *v, const char *prompt, struct buf *answer);
/* Where a line is to be broken: the terminal's columns, or 0 where somebody may grep. */
size_t view_width(const struct view *v, FILE *out);

/* After a request: the status line and a preview of the last answer (status 0), or the card of the connection that
 * failed, and its cure as the hint of call->error. */
void show_outcome(struct call *call, int status);

#endif
