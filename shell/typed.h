/*
 * The lines typed before, in memory and in the session's file `history`: one command a line, a line that begins with a
 * tab goes on with the one above. Each is appended at once, under a lock, so that shells on one session lose nothing of
 * each other's.
 */
#ifndef SHELL_TYPED_H
#define SHELL_TYPED_H

#include <stdio.h>

#include "net/buf.h"
#include "net/error.h"

enum { TYPED_MAX = 2000 }; /* lines kept */

struct typed;

/* path is taken; NULL: nothing on disk. Never NULL: an unreadable file is told in *error (kind != ERROR_NONE), and the
 * history is then empty. */
struct typed *typed_new(char *path, struct error *error);
void typed_free(struct typed *h);

/* The newest line; one that equals the newest is not added again. ERROR_OTHER when the file could not be written; it is
 * kept in memory all the same. */
int typed_add(struct typed *h, struct str line, struct error *error);
int typed_forget(struct typed *h, struct error *error);
size_t typed_count(const struct typed *h);
const char *typed_at(const struct typed *h, size_t i); /* 0: the oldest */
void typed_list(const struct typed *h, FILE *out);

#endif
