/* A download that may break off and go on: what stands in FILE.part, and when it becomes FILE. */
#include "commands/session/download.h"

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

#include "net/file.h"
#include "net/http/cookies.h"

/* The time of a part whose answer had no Last-Modified to go on by: it is never asked for the rest of. */
enum { NO_DATE = 0 };

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
	d->stamp = st.st_mtime;
	return 0;
}

int
download_open(struct download *d, const char *path, struct error *error)
{
	struct stat st;

	*d = (struct download){
		.path = str_dup(str_of(path)),
		.part = str_printf("%s.part", path),
		.fd = -1,
		.held = -1,
		.total = UINT64_MAX,
		.modified = NO_DATE,
	};
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
	snprintf(out, 40, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday,
	    months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

int
download_ask(const struct download *d, struct request *r, struct error *error)
{
	char range[40], date[40];

	if (http_headers_set(&r->headers, STR("Accept-Encoding"), STR("identity"), error) != 0)
		return -1;
	if (d->have == 0 || d->stamp == NO_DATE)
		return 0;
	snprintf(range, sizeof range, "bytes=%" PRIu64 "-", d->have);
	http_date(d->stamp, date);
	if (http_headers_set(&r->headers, STR("Range"), str_of(range), error) != 0)
		return -1;
	return http_headers_set(&r->headers, STR("If-Range"), str_of(date), error);
}

struct content_range {
	uint64_t first, last, total;
}; /* UINT64_MAX: not said */

/* "bytes FIRST-LAST/TOTAL"; FIRST-LAST and TOTAL may each be "*". RFC 9110 section 14.4: "invalid if it contains a
 * range-resp that has a last-pos value less than its first-pos value, or a complete-length value less than or equal to
 * its last-pos value". */
static bool
parse_range(const char *value, struct content_range *r)
{
	struct str rest = str_of(value), unit = str_cut(&rest, ' '), range = str_cut(&rest, '/'),
		   from = str_cut(&range, '-');

	*r = (struct content_range){ UINT64_MAX, UINT64_MAX, UINT64_MAX };
	if (!str_is_nocase(unit, "bytes") || (!str_is(rest, "*") && !str_to_u64(rest, INT64_MAX, &r->total)))
		return false;
	if (str_is(from, "*"))
		return true;
	return str_to_u64(from, INT64_MAX, &r->first) && str_to_u64(range, INT64_MAX, &r->last) &&
	    r->last >= r->first && r->total > r->last;
}

/* Last-Modified, when it tells versions apart (RFC 9110 section 8.8.2.2: it is at least a second before Date). */
static int64_t
version_date(const struct http_response *response)
{
	const char *modified = http_headers_get(&response->headers, "Last-Modified"),
		   *date = http_headers_get(&response->headers, "Date");
	int64_t when, now;

	if (modified == NULL || !cookie_date(str_of(modified), &when))
		return NO_DATE;
	return date != NULL && cookie_date(str_of(date), &now) && now <= when ? NO_DATE : when;
}

/* The whole instead of the rest. It is written beside the part, which may be longer than what will come of it. */
static int
begin_again(struct download *d, struct error *error)
{
	struct stat st;

	d->beside = str_printf("%s.httpsh-XXXXXX", d->part);
	d->held = d->fd;
	d->held_bytes = d->have;
	d->fd = mkostemp(d->beside, O_CLOEXEC);
	if (d->fd < 0) {
		free(d->beside);
		d->beside = NULL;
		return fail_errno(error, ERROR_OTHER, "cannot write beside %s", d->part);
	}
	if (fstat(d->held, &st) == 0)
		fchmod(d->fd, st.st_mode & 0777);
	d->have = 0;
	return 0;
}

/* The rest of what is there, or of another version? A 206 need not say Last-Modified. */
static int
begin_rest(struct download *d, const struct http_response *response, bool known, const struct content_range *range,
    struct error *error)
{
	if (!known || range->first != d->have || d->coded)
		return fail(error, ERROR_HTTP, 0,
		    "the server does not send the bytes from %" PRIu64 " on that were asked for", d->have);
	if (d->have > 0 && d->modified != NO_DATE && d->modified != d->stamp)
		return fail(error, ERROR_HTTP, 0, "the server sends the rest of another version than the one in %s",
		    d->part);
	if (http_headers_get(&response->headers, "Last-Modified") == NULL && d->have > 0)
		d->modified = d->stamp;
	d->total = range->total;
	d->writing = true;
	return 0;
}

int
download_head(struct download *d, const struct http_response *response, struct error *error)
{
	struct content_range range;
	bool known = parse_range(http_headers_get(&response->headers, "Content-Range"), &range);

	d->coded = http_headers_get(&response->headers, "Content-Encoding") != NULL;
	d->modified = version_date(response);
	d->no_ranges = http_headers_has_word(&response->headers, "Accept-Ranges", "none");
	if (response->status == 416 && known && range.total == d->have && d->have > 0) {
		d->whole = true;
		d->modified = d->stamp;
	}
	if (response->status == 206)
		return begin_rest(d, response, known, &range, error);
	if (response->status != 200)
		return 0;
	d->writing = true;
	return d->have > 0 ? begin_again(d, error) : 0;
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

static void
set_time(const struct download *d)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = (time_t)d->modified } };

	futimens(d->fd, times);
}

/* The longer of the two is the part. */
static void
leave_beside(struct download *d)
{
	if (d->coded || d->have <= d->held_bytes || rename(d->beside, d->part) != 0) {
		unlink(d->beside);
		d->have = d->held_bytes;
	}
}

/* What is there stays for the next time, unless nothing can be added to it. */
static void
leave(struct download *d, struct error *error)
{
	if (d->fd < 0)
		return;
	if (d->writing && d->beside == NULL && d->coded && ftruncate(d->fd, 0) == 0)
		d->have = 0;
	if (d->writing)
		set_time(d);
	if (d->beside != NULL)
		leave_beside(d);
	if (d->have == 0)
		unlink(d->part);
	else if (d->writing && d->modified != NO_DATE && !d->no_ranges)
		remark(error, "%" PRIu64 " bytes are in %s; the same command goes on there", d->have, d->part);
	else if (d->writing)
		remark(error, "%" PRIu64 " bytes are in %s; the same command begins again: %s", d->have, d->part,
		    d->no_ranges ? "the server gives no parts" : "no Last-Modified tells this version from others");
}

/* link() refuses a name that is taken. */
static int
finish(struct download *d, struct error *error)
{
	if (d->modified != NO_DATE)
		set_time(d);
	if (link(d->beside != NULL ? d->beside : d->part, d->path) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot rename %s to %s", d->part, d->path);
	if (d->beside != NULL)
		unlink(d->beside);
	unlink(d->part);
	return 0;
}

int
download_close(struct download *d, bool ok, const struct http_response *response, struct error *error)
{
	int status = ok ? 0 : -1;

	if (ok && !d->whole && !d->writing)
		status =
		    fail(error, ERROR_STATUS, (int)response->status, "the server answered %u %s: nothing was saved",
			response->status, response->reason != NULL ? response->reason : "");
	else if (ok && d->total != UINT64_MAX && d->have != d->total)
		status = fail(error, ERROR_HTTP, 0,
		    "the server sent a part that ends after %" PRIu64 " of %" PRIu64 " bytes", d->have, d->total);
	else if (ok)
		status = finish(d, error);
	if (status != 0)
		leave(d, error);
	if (d->fd >= 0)
		close(d->fd);
	if (d->held >= 0)
		close(d->held);
	free(d->path);
	free(d->part);
	free(d->beside);
	*d = (struct download){ .fd = -1, .held = -1 };
	return status;
}
