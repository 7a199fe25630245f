/* The lines typed before: in memory, and in the session's file that shells share. */
#include "shell/typed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/file.h"

enum { FILE_MAX = 8 << 20 }; /* of a longer file the end is read */

struct typed {
	char *path;
	char **lines;
	size_t n, forgotten; /* lines that fell out at the old end */
};

static void
add(struct typed *h, struct str line)
{
	if (h->n == TYPED_MAX) {
		free(h->lines[0]);
		memmove(h->lines, h->lines + 1, --h->n * sizeof *h->lines);
		h->forgotten++;
	}
	h->lines = mem_resize(h->lines, (h->n + 1) * sizeof *h->lines);
	h->lines[h->n++] = str_dup(line);
}

/* ---- the file ---- */

/* As it is written: each newline inside is followed by a tab. */
static void
encode(struct str line, struct buf *out)
{
	for (size_t i = 0; i < line.n; i++) {
		buf_add_char(out, line.p[i]);
		if (line.p[i] == '\n')
			buf_add_char(out, '\t');
	}
	buf_add_char(out, '\n');
}

/* The lines of the file; returns how many there were. */
static size_t
decode(struct typed *h, struct str text)
{
	struct buf line;
	size_t n = 0;

	buf_init(&line, FILE_MAX);
	while (text.n > 0) {
		struct str one = str_cut(&text, '\n');

		buf_add_str(&line, one);
		if (text.n > 0 && text.p[0] == '\t') {
			buf_add_char(&line, '\n');
			text = str_slice(text, 1, text.n);
			continue;
		}
		if (line.len > 0)
			add(h, buf_str(&line));
		n += line.len > 0;
		buf_clear(&line);
	}
	buf_release(&line);
	return n;
}

/* Open and locked. Another shell may put a shorter file in its place meanwhile: then that one. */
static int
open_locked(const char *path, struct error *error)
{
	for (;;) {
		struct stat st;
		int fd = file_open_private(path, O_RDWR | O_APPEND);

		if (fd < 0)
			return fail_errno(error, ERROR_OTHER, "cannot write %s", path);
		if (file_lock(fd, path, error) != 0) {
			close(fd);
			return -1;
		}
		if (fstat(fd, &st) != 0 || st.st_nlink > 0)
			return fd;
		close(fd);
	}
}

/* Only the newest lines stay. The lock is held. */
static void
shorten(const struct typed *h)
{
	struct buf text;

	buf_init(&text, FILE_MAX);
	for (size_t i = 0; i < h->n; i++)
		encode(str_of(h->lines[i]), &text);
	if (!text.full)
		file_replace(h->path, buf_str(&text), NULL); /* else the next start tries again */
	buf_release(&text);
}

/* All lines of an open file; *lines: how many there were. */
static int
read_lines(struct typed *h, int fd, size_t *lines, struct error *error)
{
	struct buf text;
	struct stat st;
	ssize_t n = 1;
	int status = 0;

	if (fstat(fd, &st) == 0 && st.st_size > FILE_MAX)
		lseek(fd, st.st_size - FILE_MAX, SEEK_SET);
	buf_init(&text, 2 * FILE_MAX);
	while (n > 0) {
		uint8_t *room = buf_room(&text, 65536);

		n = room != NULL ? read(fd, room, 65536) : 0;
		if (n > 0)
			buf_added(&text, (size_t)n);
	}
	if (n < 0)
		status = fail_errno(error, ERROR_OTHER, "cannot read %s", h->path);
	*lines = decode(h, buf_str(&text));
	buf_release(&text);
	return status;
}

static void
release_lines(struct typed *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->lines[i]);
	free(h->lines);
	h->lines = NULL;
	h->n = h->forgotten = 0;
}

static int
load(struct typed *h, struct error *error)
{
	size_t lines;
	int fd = open(h->path, O_RDONLY | O_CLOEXEC), status;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_errno(error, ERROR_OTHER, "cannot read %s", h->path);
	status = read_lines(h, fd, &lines, error);
	close(fd);
	if (status != 0 || lines <= 2 * TYPED_MAX || (fd = open_locked(h->path, NULL)) < 0)
		return status;
	/* again, now that nobody adds any */
	release_lines(h);
	status = read_lines(h, fd, &lines, error);
	if (status == 0)
		shorten(h);
	close(fd);
	return status;
}

/* A write that fails leaves the file as it was. */
static int
append(const struct typed *h, struct str line, struct error *error)
{
	int fd = open_locked(h->path, error), status = 0;
	struct stat st = { .st_size = 0 };
	struct buf text;
	char last = '\n';

	if (fd < 0)
		return -1;
	buf_init(&text, FILE_MAX);
	fstat(fd, &st);
	if (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
		buf_add_char(&text, '\n'); /* a line cut off by a crash */
	encode(line, &text);
	if (!text.full && file_write(fd, buf_str(&text)) != 0) {
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", h->path);
		if (ftruncate(fd, st.st_size) != 0)
			status = -1;
	}
	buf_release(&text);
	close(fd);
	return status;
}

/* ---- for the shell ---- */

struct typed *
typed_new(char *path, struct error *error)
{
	struct typed *h = mem_alloc(sizeof *h);

	error_clear(error);
	h->path = path;
	if (path != NULL)
		load(h, error);
	return h;
}

void
typed_free(struct typed *h)
{
	if (h == NULL)
		return;
	release_lines(h);
	free(h->path);
	free(h);
}

int
typed_add(struct typed *h, struct str line, struct error *error)
{
	if (line.n == 0 || (h->n > 0 && str_is(line, h->lines[h->n - 1])))
		return 0;
	add(h, line);
	return h->path != NULL ? append(h, line, error) : 0;
}

int
typed_forget(struct typed *h, struct error *error)
{
	int fd, status = 0;

	release_lines(h);
	if (h->path == NULL)
		return 0;
	fd = open_locked(h->path, error);
	if (fd < 0)
		return -1;
	if (ftruncate(fd, 0) != 0)
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", h->path);
	close(fd);
	return status;
}

size_t
typed_count(const struct typed *h)
{
	return h->n;
}

const char *
typed_at(const struct typed *h, size_t i)
{
	return i < h->n ? h->lines[i] : NULL;
}

void
typed_list(const struct typed *h, FILE *out)
{
	for (size_t i = 0; i < h->n; i++)
		fprintf(out, "%5zu  %s\n", h->forgotten + i + 1, h->lines[i]);
}
