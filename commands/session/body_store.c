/* Keeps a response's body: in memory, then in a file. */
#include "commands/session/body_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "net/file.h"

enum { COPY_PIECE = 64 * 1024, FIRST_MEMORY = 16 * 1024 };

void
body_store_init(struct body_store *b)
{
	*b = (struct body_store){ .fd = -1, .target = -1 };
}

static void
forget_view(struct body_store *b)
{
	if (b->mapped)
		munmap(b->map, b->map_length);
	else
		free(b->map);
	b->map = NULL;
	b->mapped = false;
}

void
body_store_release(struct body_store *b)
{
	forget_view(b);
	free(b->memory);
	if (b->fd >= 0)
		close(b->fd);
	body_store_init(b);
}

void
body_store_into(struct body_store *b, FILE *out)
{
	struct stat st;
	int fd;

	fflush(out);
	fd = fileno(out);
	if (fd < 0 || fstat(fd, &st) != 0)
		return;
	if (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3))
		b->drop = true;
	else if (S_ISREG(st.st_mode))
		b->target = fd;
}

static int
temporary_file(struct error *error)
{
	const char *tmp = getenv("TMPDIR");
	const char *folders[] = { tmp != NULL ? tmp : "/var/tmp", "/var/tmp", "/tmp" };

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		char *path;

		if (fd >= 0)
			return fd;
		path = str_printf("%s/httpsh-XXXXXX", folders[i]);
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
		free(path);
		if (fd >= 0)
			return fd;
	}
	return fail_errno(error, ERROR_OTHER, "cannot make a temporary file for the body");
}

static int
write_all(int fd, const uint8_t *p, size_t n, struct error *error)
{
	return file_write(fd, str_from(p, n)) == 0 ? 0 : fail_errno(error, ERROR_OTHER, "cannot write the body");
}

/* From memory to the file; the memory is given back. */
static int
spill(struct body_store *b, struct error *error)
{
	if (b->target >= 0) {
		struct stat st;
		int flags = fcntl(b->target, F_GETFL);

		b->fd = fcntl(b->target, F_DUPFD_CLOEXEC, 0);
		b->users_file = true;
		b->start = flags >= 0 && (flags & O_APPEND) && fstat(b->target, &st) == 0 ?
		    st.st_size :
		    lseek(b->target, 0, SEEK_CUR);
	} else {
		b->fd = temporary_file(error);
		b->start = 0;
		if (b->fd < 0)
			return -1;
	}
	if (b->fd < 0 || b->start < 0)
		return fail_errno(error, ERROR_OTHER, "cannot use the file for the body");
	if (write_all(b->fd, b->memory, (size_t)b->length, error) != 0)
		return -1;
	free(b->memory);
	b->memory = NULL;
	b->cap = 0;
	return 0;
}

static int
grow(struct body_store *b, size_t need)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST_MEMORY;
	uint8_t *more;

	while (cap < need)
		cap *= 2;
	more = mem_try_resize(b->memory, cap);
	if (more == NULL)
		return -1;
	b->memory = more;
	b->cap = cap;
	return 0;
}

int
body_store_add(struct body_store *b, const uint8_t *p, size_t n, struct error *error)
{
	if (b->dropped || (b->fd < 0 && b->drop && b->length + n > BODY_MEMORY)) {
		free(b->memory);
		b->memory = NULL;
		b->cap = 0;
		b->dropped = true;
		b->length += n;
		return 0;
	}
	if (b->fd < 0 && b->length + n > BODY_MEMORY && spill(b, error) != 0)
		return -1;
	if (b->fd >= 0) {
		if (write_all(b->fd, p, n, error) != 0)
			return -1;
		b->length += n;
		return 0;
	}
	if (b->length + n > b->cap && grow(b, b->length + n) != 0)
		return mem_fail(error, "keeping the body");
	if (n > 0)
		memcpy(b->memory + b->length, p, n);
	b->length += n;
	return 0;
}

static int64_t
changed_ns(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

int
body_store_finish(struct body_store *b, FILE *out, struct error *error)
{
	if (b->dropped)
		return 0;
	if (b->users_file) {
		b->changed_ns = changed_ns(b->fd);
		return 0;
	}
	return body_store_copy(b, out, error);
}

void
body_store_abandon(struct body_store *b)
{
	if (!b->users_file)
		return;
	if (ftruncate(b->fd, b->start) == 0)
		lseek(b->fd, b->start, SEEK_SET);
	body_store_release(b);
}

/* A descriptor to read from: the user's file was opened for writing only. */
static int
open_again(const struct body_store *b, struct error *error)
{
	char path[64];
	int fd;

	if (b->dropped)
		return fail(error, ERROR_OTHER, 0, "the body of %llu bytes was not kept",
		    (unsigned long long)b->length);
	if (b->users_file && changed_ns(b->fd) != b->changed_ns)
		return fail(error, ERROR_OTHER, 0, "the file that holds the body has changed since it was received");
	snprintf(path, sizeof path, "/proc/self/fd/%d", b->fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(error, ERROR_OTHER, "cannot read the body again");
	return fd;
}

static int
read_piece(int fd, uint8_t *p, size_t n, off_t at, struct error *error)
{
	while (n > 0) {
		ssize_t got = pread(fd, p, n, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(error, ERROR_OTHER, "cannot read the body again");
		if (got == 0)
			return fail(error, ERROR_OTHER, 0, "the file that holds the body became shorter");
		p += got;
		n -= (size_t)got;
		at += got;
	}
	return 0;
}

/* Mapping is for the temporary file only: a mapped file that somebody else cuts kills the reader. */
static int
fill_view(struct body_store *b, int fd, struct error *error)
{
	b->map_length = (size_t)b->length;
	if (!b->users_file) {
		void *map = mmap(NULL, b->map_length, PROT_READ, MAP_PRIVATE, fd, b->start);

		if (map == MAP_FAILED)
			return fail_errno(error, ERROR_OTHER, "cannot map the body");
		b->map = map;
		b->mapped = true;
		return 0;
	}
	b->map = mem_try(b->map_length);
	if (b->map == NULL)
		return mem_fail(error, "reading the body again");
	if (read_piece(fd, b->map, b->map_length, b->start, error) != 0) {
		forget_view(b);
		return -1;
	}
	return 0;
}

int
body_store_view(struct body_store *b, struct str *view, struct error *error)
{
	if (b->fd >= 0 && b->map == NULL) {
		int fd, result;

		if (b->length > BODY_VIEW_MAX)
			return fail(error, ERROR_LIMIT, 0, "the body of %llu bytes is too large to be looked at",
			    (unsigned long long)b->length);
		fd = open_again(b, error);
		if (fd < 0)
			return -1;
		result = fill_view(b, fd, error);
		close(fd);
		if (result != 0)
			return -1;
	} else if (b->dropped) {
		return open_again(b, error);
	}
	*view = b->fd >= 0 ? str_from(b->map, b->map_length) : str_from(b->memory, (size_t)b->length);
	return 0;
}

int
body_store_copy(const struct body_store *b, FILE *out, struct error *error)
{
	uint8_t *piece;
	int fd, result = 0;

	if (b->fd < 0 && !b->dropped) {
		if (b->length > 0 && fwrite(b->memory, 1, (size_t)b->length, out) != b->length)
			return fail_errno(error, ERROR_OTHER, "cannot write the body");
		return 0;
	}
	fd = open_again(b, error);
	if (fd < 0)
		return -1;
	piece = mem_try(COPY_PIECE);
	if (piece == NULL)
		result = mem_fail(error, "copying the body");
	for (uint64_t at = 0; at < b->length && result == 0; at += COPY_PIECE) {
		size_t n = b->length - at < COPY_PIECE ? (size_t)(b->length - at) : COPY_PIECE;

		result = read_piece(fd, piece, n, b->start + (off_t)at, error);
		if (result == 0 && fwrite(piece, 1, n, out) != n)
			result = fail_errno(error, ERROR_OTHER, "cannot write the body");
	}
	free(piece);
	close(fd);
	return result;
}
