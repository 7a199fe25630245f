#include "commands/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_PIECE = 65536, LOCK_PAUSE_MS = 20 };

int
make_directories(char *path, struct error *error)
{
	for (char *p = path + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return fail_errno(error, ERROR_OTHER, "cannot make the directory %s", path);
		*p = c;
		if (c == '\0')
			return 0;
	}
}

static int
read_descriptor(int fd, const char *path, struct buf *out, struct error *error)
{
	ssize_t n = 1;

	while (n > 0) {
		size_t left = out->max - out->len, piece = left < READ_PIECE ? left : READ_PIECE;
		uint8_t beyond, *room = piece > 0 ? buf_room(out, piece) : NULL;

		n = room != NULL ? read(fd, room, piece) : read(fd, &beyond, 1);
		if (n > 0 && room == NULL && mem_missed())
			return mem_fail(error, "reading %s", path);
		if (n > 0 && room == NULL)
			return fail(error, ERROR_LIMIT, 0, "%s is larger than %zu bytes", path, out->max);
		if (n > 0)
			buf_added(out, (size_t)n);
	}
	return n < 0 ? fail_errno(error, ERROR_OTHER, "cannot read %s", path) : 0;
}

int
file_read_optional(const char *path, struct buf *out, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	status = read_descriptor(fd, path, out, error);
	close(fd);
	return status == 0 ? 1 : -1;
}

int
file_read(const char *path, struct buf *out, struct error *error)
{
	int found = file_read_optional(path, out, error);

	if (found == 0)
		return fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	return found > 0 ? 0 : -1;
}

int
file_write(int fd, struct str text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return -1;
		text = str_slice(text, n > 0 ? (size_t)n : 0, text.n);
	}
	return 0;
}

/* The new name reaches the disk, too. */
static void
sync_directory(const char *path)
{
	char *copy = str_dup(str_of(path));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

int
file_replace(const char *path, struct str text, struct error *error)
{
	char *temporary = str_printf("%s.new", path);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), status = 0;

	if (fd < 0 || file_write(fd, text) != 0 || fsync(fd) != 0 || rename(temporary, path) != 0) {
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", path);
		unlink(temporary);
	} else {
		sync_directory(path);
	}
	if (fd >= 0)
		close(fd);
	free(temporary);
	return status;
}

int
file_lock(int fd, const char *path, struct error *error)
{
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += LOCK_PAUSE_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return 0;
		if (waited >= FILE_LOCK_WAIT_MS)
			return fail(error, ERROR_OTHER, EWOULDBLOCK, "cannot write %s: another program holds its lock", path);
		poll(NULL, 0, LOCK_PAUSE_MS);
	}
	return 0;
}
