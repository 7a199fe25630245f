#include "commands/download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands/files.h"

static int
open_part(struct download *d, struct error *error)
{
	struct stat st;

	if (fstat(d->fd, &st) != 0 || lseek(d->fd, 0, SEEK_END) < 0)
		return fail_errno(error, ERROR_OTHER, "cannot write %s", d->part);
	if (!S_ISREG(st.st_mode))
		return fail(error, ERROR_OTHER, 0, "%s is no regular file", d->part);
	if (flock(d->fd, LOCK_EX | LOCK_NB) != 0)
		return fail(error, ERROR_OTHER, errno, "%s is being written by another download", d->part);
	d->have = (uint64_t)st.st_size;
	return 0;
}

int
download_open(struct download *d, const char *path, struct error *error)
{
	struct stat st;

	*d = (struct download){ .path = str_dup(str_of(path)), .part = str_printf("%s.part", path), .fd = -1, .total = UINT64_MAX,
		.modified = -1 };
	if (lstat(path, &st) == 0)
		return fail(error, ERROR_OTHER, EEXIST, "%s exists already", path);
	d->fd = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (d->fd < 0)
		return fail_errno(error, ERROR_OTHER, "cannot write %s", d->part);
	if (open_part(d, error) != 0) {
		close(d->fd);
		d->fd = -1;
		return -1;
	}
	return 0;
}

/* RFC 9110 section 5.6.7, whatever the locale. */
static void
http_date(time_t when, char out[40])
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&when, &tm);
	snprintf(out, 40, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

int
download_ask(const struct download *d, struct request *r, struct error *error)
{
	char range[40], date[40];
	struct stat st;

	if (http_headers_set(&r->headers, STR("Accept-Encoding"), STR("identity"), error) != 0)
		return -1;
	if (d->have == 0 || fstat(d->fd, &st) != 0)
		return 0;
	snprintf(range, sizeof range, "bytes=%" PRIu64 "-", d->have);
	http_date(st.st_mtime, date);
	if (http_headers_set(&r->headers, STR("Range"), str_of(range), error) != 0)
		return -1;
	return http_headers_set(&r->headers, STR("If-Range"), str_of(date), error);
}

/* "bytes FIRST-LAST/TOTAL"; FIRST-LAST and TOTAL may each be "*". */
static bool
parse_range(const char *value, uint64_t *first, uint64_t *total)
{
	struct str rest = str_of(value), unit = str_cut(&rest, ' '), range = str_cut(&rest, '/'), from = str_cut(&range, '-');

	*first = *total = UINT64_MAX;
	if (!str_is_nocase(unit, "bytes") || (!str_is(rest, "*") && !str_to_u64(rest, INT64_MAX, total)))
		return false;
	return str_is(from, "*") || str_to_u64(from, INT64_MAX, first);
}

static int
begin(struct download *d, const struct http_response *response, struct error *error)
{
	const char *modified = http_headers_get(&response->headers, "Last-Modified");

	d->writing = true;
	if (modified == NULL || !cookie_date(str_of(modified), &d->modified))
		d->modified = -1;
	if (response->status == 206)
		return 0;
	d->have = 0;
	return ftruncate(d->fd, 0) == 0 && lseek(d->fd, 0, SEEK_SET) == 0 ? 0 :
	    fail_errno(error, ERROR_OTHER, "cannot write %s", d->part);
}

int
download_head(struct download *d, const struct http_response *response, struct error *error)
{
	const char *range = http_headers_get(&response->headers, "Content-Range");
	uint64_t first = UINT64_MAX, total = UINT64_MAX;
	bool known = range != NULL && parse_range(range, &first, &total);

	d->coded = http_headers_get(&response->headers, "Content-Encoding") != NULL;
	if (response->status == 416 && known && total == d->have && d->have > 0)
		d->whole = true;
	if (response->status == 200)
		return begin(d, response, error);
	if (response->status != 206)
		return 0;
	if (!known || first != d->have || d->coded)
		return fail(error, ERROR_HTTP, 0, "the server does not send the bytes from %" PRIu64 " on that were asked for", d->have);
	d->total = total;
	return begin(d, response, error);
}

int
download_body(struct download *d, const uint8_t *p, size_t n, struct error *error)
{
	struct stat st;

	if (file_write(d->fd, str_from(p, n)) == 0) {
		d->have += n;
		return 0;
	}
	fail_errno(error, ERROR_OTHER, "cannot write %s", d->part);
	/* what was written of it stays, and counts */
	if (fstat(d->fd, &st) == 0)
		d->have = (uint64_t)st.st_size;
	return -1;
}

/* What is there stays for the next time, unless nothing can be added to it. */
static void
leave(struct download *d, struct error *error)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = (time_t)d->modified } };

	if (d->fd < 0)
		return;
	if (d->coded && d->writing && ftruncate(d->fd, 0) == 0)
		d->have = 0;
	if (d->modified >= 0)
		futimens(d->fd, times);
	if (d->have == 0)
		unlink(d->part);
	else if (d->writing)
		hint(error, "%" PRIu64 " bytes are in %s; the same command goes on there", d->have, d->part);
}

/* link() refuses a name that is taken. */
static int
finish(struct download *d, struct error *error)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = (time_t)d->modified } };

	if (d->modified >= 0)
		futimens(d->fd, times);
	if (link(d->part, d->path) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot rename %s to %s", d->part, d->path);
	unlink(d->part);
	return 0;
}

int
download_close(struct download *d, bool ok, const struct http_response *response, struct error *error)
{
	int status = ok ? 0 : -1;

	if (ok && !d->whole && !d->writing)
		status = fail(error, ERROR_STATUS, (int)response->status, "the server answered %u %s: nothing was saved",
		    response->status, response->reason != NULL ? response->reason : "");
	else if (ok && d->total != UINT64_MAX && d->have != d->total)
		status = fail(error, ERROR_HTTP, 0, "the server sent a part that ends after %" PRIu64 " of %" PRIu64 " bytes", d->have,
		    d->total);
	else if (ok)
		status = finish(d, error);
	if (status != 0)
		leave(d, error);
	if (d->fd >= 0)
		close(d->fd);
	free(d->path);
	free(d->part);
	*d = (struct download){ .fd = -1 };
	return status;
}
