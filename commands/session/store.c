/*
 * A session on disk: session.hsh (commands), cookies.txt (Netscape), history (the shell's). Each file is written beside
 * its place, fsynced and renamed. Two shells on one session hold a lock while they write; each puts its own changes
 * into what stands on disk (merge.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/session/merge.h"
#include "commands/session/state.h"
#include "net/file.h"
#include "net/quote.h"

enum { STORE_MAX_FILE = 64 << 20 };

char *
session_path(const struct session *s, const char *file)
{
	return s->directory != NULL ? str_printf("%s/%s", s->directory, file) : NULL;
}

void
session_store_free(struct session *s)
{
	free(s->directory);
	str_wipe_free(s->saved_commands);
	str_wipe_free(s->saved_cookies);
}

/* ---- files ---- */

static int
fail_cut(const char *what, struct error *error)
{
	if (mem_missed())
		return mem_fail(error, "%s is not saved", what);
	return fail(error, ERROR_LIMIT, 0, "%s would be larger than %d bytes", what, STORE_MAX_FILE);
}

static int
replace_file(const struct session *s, const char *file, struct str text, struct error *error)
{
	char *path = session_path(s, file);
	int status = file_replace(path, text, error);

	free(path);
	return status;
}

/* The descriptor that holds the session's lock, or -1. */
static int
lock(const struct session *s, struct error *error)
{
	char *path = session_path(s, "lock");
	int fd = file_open_private(path, O_RDWR);

	if (fd < 0) {
		fail_errno(error, ERROR_OTHER, "cannot write the session: %s", path);
	} else if (file_lock(fd, s->directory, error) != 0) {
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

/* ---- the directory ---- */

static bool
name_ok(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		if (!ascii_is_alnum(*p) && strchr("-_.", *p) == NULL)
			return false;
	return name[0] != '\0' && name[0] != '.' && strlen(name) <= 64;
}

static int
choose_directory(struct session *s, const char *name, struct error *error)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	char shown[100];

	if (!name_ok(name))
		return fail(error, ERROR_USAGE, 0,
		    "a session's name has letters, digits, - _ . and not a dot first, not \"%s\"",
		    str_printable(str_of(name), shown, sizeof shown));
	if (state != NULL && state[0] == '/')
		s->directory = str_printf("%s/httpsh/%s", state, name);
	else if (home != NULL && home[0] == '/')
		s->directory = str_printf("%s/.local/state/httpsh/%s", home, name);
	else
		return fail(error, ERROR_OTHER, 0,
		    "neither XDG_STATE_HOME nor HOME says where sessions are kept; --no-session needs neither");
	return make_directories(s->directory, error);
}

/* ---- what is saved ---- */

static void
compose(const struct session *s, struct buf *out)
{
	char *base;

	settings_save(&s->settings, out);
	for (size_t i = 0; i < s->n_headers; i++)
		if (s->headers[i].origin == NULL) {
			buf_add_str(out, STR("header set "));
			quote_always(out, str_of(s->headers[i].name));
			buf_add_char(out, ' ');
			quote_always(out, str_of(s->headers[i].value));
			buf_add_char(out, '\n');
		}
	if (s->has_base && strcmp(s->base.scheme, "file") != 0) {
		base = url_shown(&s->base, false);
		buf_add_str(out, STR("open "));
		quote_always(out, str_of(base));
		buf_add_char(out, '\n');
		free(base);
	}
}

void
session_as_commands(const struct session *s, struct buf *out)
{
	if (s->lab.running != NULL)
		buf_add_str(out, STR("lab start\n"));
	compose(s, out);
}

/* ---- opening ---- */

/* Lines that cannot be used stay in the file; the first is told. */
struct bad_lines {
	unsigned number, first, n;
	struct error why;
};

static void
bad_line(struct bad_lines *bad, const struct error *why)
{
	if (bad->n++ > 0)
		return;
	bad->first = bad->number;
	bad->why = *why;
}

static int
tell_bad_lines(const struct session *s, const struct bad_lines *bad, const char *file, struct error *error)
{
	char *path;

	if (bad->n == 0)
		return 0;
	path = session_path(s, file);
	fail(error, bad->why.kind, bad->why.code, "%s:%u: %s", path, bad->first, bad->why.text);
	free(path);
	return bad->n > 1 ? remark(error, "edit the file; %u lines of it are left out until then", bad->n) :
			    remark(error, "edit the file; the line is left out until then");
}

/* good: the lines that this shell has taken in. */
static int
run_lines(struct session *s, struct str text, int (*run_line)(void *, const char *, struct error *), void *context,
    struct buf *good, struct error *error)
{
	struct bad_lines bad = { .n = 0 };
	struct error why;

	s->loading = true;
	while (text.n > 0) {
		struct str one = str_cut(&text, '\n');
		char *line = str_try_dup(one);

		bad.number++;
		error_clear(&why);
		if (line == NULL ? mem_fail(&why, "running the line") != 0 : run_line(context, line, &why) != 0) {
			bad_line(&bad, &why);
		} else {
			buf_add_str(good, one);
			buf_add_char(good, '\n');
		}
		free(line);
	}
	s->loading = false;
	return tell_bad_lines(s, &bad, "session.hsh", error);
}

static int
read_cookies(struct session *s, struct str text, struct buf *good, struct error *error)
{
	static const char prefix[] = "line 1 of the cookie file: "; /* of jar_import's message */
	struct bad_lines bad = { .n = 0 };
	struct error why;
	int wrong;

	while (text.n > 0) {
		struct str line = str_cut(&text, '\n');

		bad.number++;
		error_clear(&why);
		jar_import(&s->jar, line, &wrong, &why);
		if (wrong == 0) {
			buf_add_str(good, line);
			buf_add_char(good, '\n');
			continue;
		}
		if (strncmp(why.text, prefix, sizeof prefix - 1) == 0)
			memmove(why.text, why.text + sizeof prefix - 1, strlen(why.text) + 2 - sizeof prefix);
		bad_line(&bad, &why);
	}
	return tell_bad_lines(s, &bad, "cookies.txt", error);
}

static int
read_session_file(const struct session *s, const char *file, struct buf *out, struct error *error)
{
	char *path = session_path(s, file);
	int found = file_read_optional(path, out, error); /* a file that is not there is empty */

	free(path);
	return found < 0 ? -1 : 0;
}

int
session_open(struct session *s, const char *name, int (*run_line)(void *context, const char *line, struct error *error),
    void *context, bool *usable, struct error *error)
{
	struct buf commands, cookies, good_commands, good_cookies;
	int status;

	*usable = true;
	if (name == NULL)
		return 0;
	buf_init(&commands, STORE_MAX_FILE);
	buf_init(&cookies, STORE_MAX_FILE);
	buf_init(&good_commands, 2 * (size_t)STORE_MAX_FILE);
	buf_init(&good_cookies, 2 * (size_t)STORE_MAX_FILE);
	status = choose_directory(s, name, error);
	if (status == 0)
		status = read_session_file(s, "session.hsh", &commands, error);
	if (status == 0)
		status = read_session_file(s, "cookies.txt", &cookies, error);
	*usable = status == 0;
	if (status == 0) {
		status = run_lines(s, buf_str(&commands), run_line, context, &good_commands, error);
		if (read_cookies(s, buf_str(&cookies), &good_cookies, status == 0 ? error : NULL) != 0)
			status = -1;
		if (good_commands.full || good_cookies.full) {
			status = mem_fail(error, "reading the session");
			*usable = false;
		}
		jar_expire(&s->jar, (int64_t)time(NULL));
		s->jar.changed = false;
	}
	if (!*usable) {
		/* nothing is written over what could not be read */
		free(s->directory);
		s->directory = NULL;
	} else {
		s->saved_commands = buf_take(&good_commands);
		s->saved_cookies = buf_take(&good_cookies);
	}
	buf_wipe_release(&commands);
	buf_wipe_release(&cookies);
	buf_wipe_release(&good_commands);
	buf_wipe_release(&good_cookies);
	return status;
}

/* ---- saving ---- */

/* Puts the changes from *saved to ours into the file. *saved is ours afterwards. */
static int
save_file(struct session *s, const char *file, struct buf *ours, char **saved, merge_subject *subject,
    struct error *error)
{
	struct buf disk, merged;
	char *path = session_path(s, file);
	int status, found;

	buf_init(&disk, STORE_MAX_FILE);
	buf_init(&merged, STORE_MAX_FILE);
	status = (found = file_read_optional(path, &disk, error)) < 0 ? -1 : 0;
	if (status == 0) {
		/* a file that is not there gets all */
		if (merge_lines(buf_str(&disk), str_of(found > 0 ? *saved : ""), buf_str(ours), subject, &merged) != 0)
			status = fail_cut(path, error);
		else if (!str_eq(buf_str(&merged), buf_str(&disk)))
			status = replace_file(s, file, buf_str(&merged), error);
	}
	if (status == 0) {
		str_wipe_free(*saved);
		*saved = buf_take(ours);
	}
	free(path);
	buf_wipe_release(&disk);
	buf_wipe_release(&merged);
	return status;
}

int
session_save(struct session *s, struct error *error)
{
	struct buf commands, cookies;
	bool new_commands, new_cookies;
	int fd, status = 0;

	if (s->directory == NULL || s->saved_commands == NULL) /* not opened yet: all there is stands there */
		return 0;
	buf_init(&commands, STORE_MAX_FILE);
	buf_init(&cookies, STORE_MAX_FILE);
	compose(s, &commands);
	jar_expire(&s->jar, (int64_t)time(NULL));
	jar_export(&s->jar, &cookies, true);
	if (commands.full || cookies.full) /* what is cut does not take the place of what is whole */
		status = fail_cut("the session", error);
	new_commands = !str_is(buf_str(&commands), s->saved_commands);
	new_cookies = s->jar.n + strlen(s->saved_cookies) > 0 && !str_is(buf_str(&cookies), s->saved_cookies);
	if (status == 0 && (new_commands || new_cookies)) {
		fd = lock(s, error);
		status = fd < 0 ? -1 : 0;
		if (status == 0 && new_commands)
			status =
			    save_file(s, "session.hsh", &commands, &s->saved_commands, merge_setting_subject, error);
		if (fd >= 0 && new_cookies &&
		    save_file(s, "cookies.txt", &cookies, &s->saved_cookies, merge_cookie_subject,
			status == 0 ? error : NULL) != 0)
			status = -1;
		if (fd >= 0)
			close(fd);
	}
	buf_wipe_release(&commands);
	buf_wipe_release(&cookies);
	return status;
}
