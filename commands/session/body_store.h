/*
 * A response's decoded body: in memory up to BODY_MEMORY bytes, beyond that in a file, so that any length runs in
 * little memory. The file is an unlinked temporary one, or the regular file that the answer is redirected to; what goes
 * to /dev/null is dropped beyond the memory, and said so.
 */
#ifndef COMMANDS_SESSION_BODY_STORE_H
#define COMMANDS_SESSION_BODY_STORE_H

#include <stdio.h>
#include <sys/types.h>

#include "net/error.h"
#include "net/str.h"

enum { BODY_MEMORY = 4 << 20, BODY_VIEW_MAX = 1 << 30 };

struct body_store {
	uint8_t *memory;
	size_t cap;
	uint64_t length;    /* of the whole body */
	int fd;             /* where it went when it did not fit the memory; -1 */
	off_t start;        /* of the body in fd */
	bool users_file;    /* fd is the file given to body_store_into() */
	bool drop, dropped; /* drop: into /dev/null; dropped: bytes are really gone */
	int target;         /* descriptor given to body_store_into(), -1 */
	void *map;          /* of fd, or a copy of it, for body_store_view() */
	size_t map_length;
	bool mapped;        /* by mmap, else allocated */
	int64_t changed_ns; /* of the user's file when it was complete */
};

void body_store_init(struct body_store *b);
void body_store_release(struct body_store *b);

/* The body is on its way to `out`, flushed here: a regular file takes what exceeds the memory at its present end, the
 * null device makes it drop that. Anything else changes nothing. */
void body_store_into(struct body_store *b, FILE *out);

int body_store_add(struct body_store *b, const uint8_t *p, size_t n, struct error *error);

/* The body is whole: writes to out what is not there yet. */
int body_store_finish(struct body_store *b, FILE *out, struct error *error);

/* The body is broken: takes back what went into the user's file. */
void body_store_abandon(struct body_store *b);

/* All of it, valid until the next change of b. ERROR_LIMIT beyond BODY_VIEW_MAX; ERROR_OTHER when it was dropped, or
 * the user's file has changed since. */
int body_store_view(struct body_store *b, struct str *view, struct error *error);

/* Copies all of it, in pieces, to out. Fails as body_store_view() does. */
int body_store_copy(const struct body_store *b, FILE *out, struct error *error);

#endif
