/*
 * What the files that the program keeps have in common: the session, the history, profiles.
 */
#ifndef COMMANDS_FILES_H
#define COMMANDS_FILES_H

#include "net/error.h"
#include "net/str.h"

enum { FILE_LOCK_WAIT_MS = 5000 };

/* The directory and those above it, mode 0700; path is the same afterwards. */
int make_directories(char *path, struct error *error);
/* All of it; -1 with errno. */
int file_write(int fd, struct str text);
/* Puts a file of mode 0600 in place of path, on the disk before it gets the name: there is always the old or the new one.
 * Who may run at the same time holds a lock: the name beside it is path.new. */
int file_replace(const char *path, struct str text, struct error *error);
/* An exclusive flock(2), waited for FILE_LOCK_WAIT_MS at most; where the file system has no locks it goes without. -1: another
 * program holds it. path is for the message. */
int file_lock(int fd, const char *path, struct error *error);

#endif
