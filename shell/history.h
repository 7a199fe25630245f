/*
 * The lines typed before, in memory and in the session's file `history`: one command a line, a line that begins with a tab goes
 * on with the one above. Each is appended at once, under a lock, so that shells on one session lose nothing of each other's.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include <stdio.h>

#include "net/buf.h"
#include "net/error.h"

enum { HISTORY_MAX = 2000 };          /* lines kept */

struct history;

/* path is taken; NULL: nothing on disk. Never NULL: an unreadable file is told in *error (kind != ERROR_NONE), and the
 * history is then empty. */
struct history *history_new(char *path, struct error *error);
void history_free(struct history *h);

/* The newest line; one that equals the newest is not added again. ERROR_OTHER when the file could not be written; it is
 * kept in memory all the same. */
int history_add(struct history *h, struct str line, struct error *error);
int history_forget(struct history *h, struct error *error);
size_t history_count(const struct history *h);
const char *history_at(const struct history *h, size_t i);      /* 0: the oldest */
void history_list(const struct history *h, FILE *out);

#endif
