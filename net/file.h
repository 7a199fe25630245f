/*
 * What the files that the program keeps have in common: the session, the history, profiles.
 */
#ifndef NET_FILE_H
#define NET_FILE_H

#include <stdbool.h>
#include <stdio.h>

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
/* Puts a file of mode 0600 in place of path, on the disk before it gets the name: there is always the old or the new
 * one. Who may run at the same time holds a lock: the name beside it is path.new. A link is replaced, not followed. */
int file_replace(const char *path, struct str text, struct error *error);
/* Opens a file of secrets (flags: O_RDWR, O_APPEND ...), made with mode 0600 when it is not there. One that is there
 * has to be ours and no link; others lose their rights in it. -1 with errno. */
int file_open_private(const char *path, int flags);

/*
 * A file that gets its name when it is whole: until then it stands beside its place, and what has the name stays as it
 * is.
 *
 *	new_file_open(); fwrite(..., f.out); new_file_close()
 *
 * Never through a link: `replace` puts it in place of one. Devices, pipes, directories, and what /dev holds, are not
 * replaced.
 */
struct new_file {
	char *path, *temporary; /* temporary: NULL once it has its name */
	FILE *out;
	bool replace;
};

enum { FILE_MODE_PRIVATE = 0600, FILE_MODE_USUAL = 1 << 16 }; /* USUAL: 0666 less the umask */

/* ERROR_OTHER; code EEXIST: the name is taken, and replace might help. */
int new_file_open(struct new_file *f, const char *path, unsigned mode, bool replace, struct error *error);
/* Gives it the name now, and goes on writing. */
int new_file_name(struct new_file *f, struct error *error);
/* status: of what was to be written; the file is dropped unless it is 0. Returns it, or -1. */
int new_file_close(struct new_file *f, int status, struct error *error);

/* An exclusive flock(2), waited for FILE_LOCK_WAIT_MS at most; where the file system has no locks it goes without. -1:
 * another program holds it. path is for the message. */
int file_lock(int fd, const char *path, struct error *error);

#endif
