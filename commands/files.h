/*
 * What the files that the program keeps have in common: the session, the history, profiles.
 */
#ifndef COMMANDS_FILES_H
#define COMMANDS_FILES_H

#include "net/buf.h"
#include "net/error.h"

enum { FILE_LOCK_WAIT_MS = 5000 };

/* The directory and those above it, mode 0700; path is the same afterwards. */
int make_directories(char *path, struct error *error);
/* Adds the whole file to out, whose maximum is the file's limit. */
int file_read(const char *path, struct buf *out, struct error *error);
/* The same for a file that need not be there: 1 = read, 0 = there is none, -1 = error. */
int file_read_optional(const char *path, struct buf *out, struct error *error);
/* All of it; -1 with errno. */
int file_write(int fd, struct str text);
/* Puts a file of mode 0600 in place of path, on the disk before it gets the name: there is always the old or the new one.
 * Who may run at the same time holds a lock: the name beside it is path.new. */
int file_replace(const char *path, struct str text, struct error *error);
/* An exclusive flock(2), waited for FILE_LOCK_WAIT_MS at most; where the file system has no locks it goes without. -1: another
 * program holds it. path is for the message. */
int file_lock(int fd, const char *path, struct error *error);

#endif
