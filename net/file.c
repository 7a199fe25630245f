/* Files that the program keeps: read with a limit, locked, replaced in one piece. */
#include "net/file.h"

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
	int fd, status = 0;

	unlink(temporary); /* a killed program's */
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE_PRIVATE);

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

/* The links of /dev lead to descriptors; who may write there must not put files in their place. */
static bool
is_device_name(const char *path)
{
	return str_starts(str_of(path), STR("/dev/")) || str_starts(str_of(path), STR("/proc/"));
}

int
file_open_private(const char *path, int flags)
{
	int fd = open(path, flags | O_CREAT | O_CLOEXEC | (is_device_name(path) ? 0 : O_NOFOLLOW), FILE_MODE_PRIVATE);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fd;
	if (st.st_uid == geteuid() && ((st.st_mode & 077) == 0 || fchmod(fd, FILE_MODE_PRIVATE) == 0))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

/* ---- new files ---- */

static int
check_name(const struct new_file *f, struct error *error)
{
	struct stat st;

	if (lstat(f->path, &st) != 0)
		return 0;
	if (!S_ISREG(st.st_mode) && (!S_ISLNK(st.st_mode) || is_device_name(f->path)))
		return fail(error, ERROR_OTHER, 0, "%s is no regular file and is not replaced", f->path);
	return f->replace ? 0 : fail(error, ERROR_OTHER, EEXIST, "%s exists already", f->path);
}

static void
new_file_release(struct new_file *f)
{
	if (f->temporary != NULL)
		unlink(f->temporary);
	free(f->path);
	free(f->temporary);
	*f = (struct new_file){ .out = NULL };
}

int
new_file_open(struct new_file *f, const char *path, unsigned mode, bool replace, struct error *error)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	*f = (struct new_file){ .path = str_dup(str_of(path)), .replace = replace };
	if (check_name(f, error) != 0) {
		new_file_release(f);
		return -1;
	}
	f->temporary = str_printf("%s.httpsh-XXXXXX", path);
	fd = mkostemp(f->temporary, O_CLOEXEC); /* 0600 */
	if (fd >= 0 && mode != FILE_MODE_PRIVATE)
		fchmod(fd, mode == FILE_MODE_USUAL ? 0666 & ~mask : mode);
	f->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (f->out != NULL)
		return 0;
	fail_errno(error, ERROR_OTHER, "cannot write %s", path);
	if (fd < 0) {
		free(f->temporary);
		f->temporary = NULL;
	} else {
		close(fd);
	}
	new_file_release(f);
	return -1;
}

/* link() refuses an existing name, rename() replaces it. */
static int
give_name(struct new_file *f, struct error *error)
{
	int done = f->replace ? rename(f->temporary, f->path) : link(f->temporary, f->path);

	if (done != 0 && errno == EEXIST)
		return fail(error, ERROR_OTHER, EEXIST, "%s exists already", f->path);
	if (done != 0)
		return fail_errno(error, ERROR_OTHER, "cannot write %s", f->path);
	if (!f->replace)
		unlink(f->temporary);
	free(f->temporary);
	f->temporary = NULL;
	return 0;
}

int
new_file_name(struct new_file *f, struct error *error)
{
	if (fflush(f->out) != 0 || ferror(f->out) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot write %s", f->path);
	return give_name(f, error);
}

int
new_file_close(struct new_file *f, int status, struct error *error)
{
	bool bad = ferror(f->out) != 0;

	if ((fclose(f->out) != 0 || bad) && status == 0)
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", f->path);
	if (status == 0 && f->temporary != NULL)
		status = give_name(f, error);
	new_file_release(f);
	return status;
}

int
file_lock(int fd, const char *path, struct error *error)
{
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += LOCK_PAUSE_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return 0;
		if (waited >= FILE_LOCK_WAIT_MS)
			return fail(error, ERROR_OTHER, EWOULDBLOCK, "cannot write %s: another program holds its lock",
			    path);
		poll(NULL, 0, LOCK_PAUSE_MS);
	}
	return 0;
}
