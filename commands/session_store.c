/*
 * A session on disk: session.hsh (commands), cookies.txt (Netscape), history (the shell's). Each file is written beside its
 * place, fsynced and renamed. Two shells on one session hold a lock while they write, and merge what the other one wrote since.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/session_private.h"

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
	free(s->seen_commands);
	free(s->seen_cookies);
}

/* ---- files ---- */

/* A file that is not there is empty. */
static int
read_file(const char *path, struct buf *out, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	while (n > 0) {
		uint8_t *room = buf_room(out, 65536);

		n = room != NULL ? read(fd, room, 65536) : -1;
		if (n > 0)
			buf_added(out, (size_t)n);
	}
	close(fd);
	if (out->full)
		return fail(error, ERROR_LIMIT, 0, "%s is larger than %d bytes", path, STORE_MAX_FILE);
	return n < 0 ? fail_errno(error, ERROR_OTHER, "cannot read %s", path) : 0;
}

static int
write_all(int fd, struct str text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return -1;
		text = str_slice(text, n > 0 ? (size_t)n : 0, text.n);
	}
	return fsync(fd);
}

static int
replace_file(const char *path, struct str text, struct error *error)
{
	char *temporary = str_printf("%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC), status = 0;      /* mode 0600 */

	if (fd < 0 || write_all(fd, text) != 0 || rename(temporary, path) != 0) {
		status = fail_errno(error, ERROR_OTHER, "cannot write %s", path);
		if (fd >= 0)
			unlink(temporary);
	}
	if (fd >= 0)
		close(fd);
	free(temporary);
	return status;
}

static int
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
lock(struct session *s, struct error *error)
{
	char *path = session_path(s, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		fail_errno(error, ERROR_OTHER, "cannot lock %s", path);
	free(path);
	return fd;
}

/* ---- opening ---- */

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

	if (!name_ok(name))
		return fail(error, ERROR_USAGE, 0, "a session's name has letters, digits, - _ . and not a dot first: %s", name);
	if (state != NULL && state[0] == '/')
		s->directory = str_printf("%s/httpsh/%s", state, name);
	else if (home != NULL && home[0] == '/')
		s->directory = str_printf("%s/.local/state/httpsh/%s", home, name);
	else
		return fail(error, ERROR_OTHER, 0, "neither XDG_STATE_HOME nor HOME says where sessions are kept; --no-session needs neither");
	return make_directories(s->directory, error);
}

static int
run_lines(struct session *s, struct str text, int (*run_line)(void *, const char *, struct error *), void *context,
    struct error *error)
{
	int status = 0;

	s->loading = true;
	while (text.n > 0 && status == 0) {
		char *line = str_dup(str_cut(&text, '\n'));

		status = run_line(context, line, error);
		free(line);
	}
	s->loading = false;
	return status;
}

int
session_open(struct session *s, const char *name, int (*run_line)(void *context, const char *line, struct error *error),
    void *context, struct error *error)
{
	struct buf commands, cookies;
	char *path;
	int status;

	if (name == NULL)
		return 0;
	if (choose_directory(s, name, error) != 0)
		return -1;
	buf_init(&commands, STORE_MAX_FILE);
	buf_init(&cookies, STORE_MAX_FILE);
	path = session_path(s, "session.hsh");
	status = read_file(path, &commands, error);
	free(path);
	path = session_path(s, "cookies.txt");
	if (status == 0)
		status = read_file(path, &cookies, error);
	free(path);
	if (status == 0)
		status = run_lines(s, buf_str(&commands), run_line, context, error);
	if (status == 0 && jar_import(&s->jar, buf_str(&cookies), error) < 0)
		status = -1;
	s->jar.changed = false;
	s->seen_commands = buf_take(&commands);
	s->seen_cookies = buf_take(&cookies);
	return status;
}

/* ---- saving ---- */

static void
compose(const struct session *s, struct buf *out)
{
	char *base;

	settings_save(s, out);
	for (size_t i = 0; i < s->n_headers; i++)
		if (s->headers[i].origin == NULL && strchr(s->headers[i].value, '\'') == NULL)
			buf_addf(out, "header set '%s' '%s'\n", s->headers[i].name, s->headers[i].value);
	if (s->has_base && strcmp(s->base.scheme, "file") != 0) {
		base = url_text_no_fragment(&s->base);
		if (strchr(base, '\'') == NULL && s->base.username[0] == '\0')
			buf_addf(out, "open '%s'\n", base);
		free(base);
	}
}

static bool
has_line(struct str text, struct str line)
{
	while (text.n > 0)
		if (str_eq(str_cut(&text, '\n'), line))
			return true;
	return false;
}

/* What a line is about: its first two words ("open" and "header set NAME" have their own). */
static struct str
subject(struct str line)
{
	size_t words = str_starts(line, STR("open ")) ? 1 : str_starts(line, STR("header ")) ? 3 : 2, at = 0;

	for (; at < line.n; at++)
		if (line.p[at] == ' ' && --words == 0)
			break;
	return str_slice(line, 0, at);
}

static bool
has_subject(struct str text, struct str line)
{
	while (text.n > 0)
		if (str_eq(subject(str_cut(&text, '\n')), subject(line)))
			return true;
	return false;
}

/* Three ways: what we have; of what stands on disk now, the lines that another shell added since we looked, unless we
 * changed the same thing ourselves. */
static void
merge_commands(struct str ours, struct str seen, struct str disk, struct buf *out)
{
	struct str rest = ours, line;

	while (rest.n > 0) {
		line = str_cut(&rest, '\n');
		/* unchanged here and gone or changed there: theirs holds */
		if (has_line(seen, line) && !has_line(disk, line))
			continue;
		buf_add_str(out, line);
		buf_add_char(out, '\n');
	}
	for (rest = disk; rest.n > 0;) {
		bool changed_here;

		line = str_cut(&rest, '\n');
		changed_here = has_subject(ours, line) && !has_line(seen, line) && !has_subject(seen, line);
		if (!has_line(seen, line) && !has_line(ours, line) && !changed_here && !has_line(buf_str(out), line)) {
			buf_add_str(out, line);
			buf_add_char(out, '\n');
		}
	}
}

static int
save_commands(struct session *s, struct error *error)
{
	char *path = session_path(s, "session.hsh");
	struct buf ours, disk, merged;
	int status;

	buf_init(&ours, STORE_MAX_FILE);
	buf_init(&disk, STORE_MAX_FILE);
	buf_init(&merged, STORE_MAX_FILE);
	compose(s, &ours);
	status = read_file(path, &disk, error);
	if (status == 0) {
		merge_commands(buf_str(&ours), str_of(s->seen_commands), buf_str(&disk), &merged);
		if (!str_eq(buf_str(&merged), buf_str(&disk)))
			status = replace_file(path, buf_str(&merged), error);
		free(s->seen_commands);
		s->seen_commands = buf_take(&merged);
	}
	buf_release(&ours);
	buf_release(&disk);
	buf_release(&merged);
	free(path);
	return status;
}

/* Cookies another shell got meanwhile come in first, ours over them. */
static int
save_cookies(struct session *s, struct error *error)
{
	char *path = session_path(s, "cookies.txt");
	struct buf ours, disk, merged;
	struct jar jar;
	int status;

	buf_init(&ours, STORE_MAX_FILE);
	buf_init(&disk, STORE_MAX_FILE);
	buf_init(&merged, STORE_MAX_FILE);
	jar_init(&jar);
	jar_export(&s->jar, &ours, true);
	status = read_file(path, &disk, error);
	if (status == 0) {
		bool theirs = !str_eq(buf_str(&disk), str_of(s->seen_cookies));

		if (!theirs || jar_import(&jar, buf_str(&disk), NULL) < 0 || jar_import(&jar, buf_str(&ours), NULL) < 0)
			buf_add_str(&merged, buf_str(&ours));
		else
			jar_export(&jar, &merged, true);
		if (!str_eq(buf_str(&merged), buf_str(&disk)))
			status = replace_file(path, buf_str(&merged), error);
		free(s->seen_cookies);
		s->seen_cookies = buf_take(&merged);
	}
	jar_release(&jar);
	buf_release(&ours);
	buf_release(&disk);
	buf_release(&merged);
	free(path);
	return status;
}

int
session_save(struct session *s, struct error *error)
{
	int fd, status;

	if (s->directory == NULL)
		return 0;
	fd = lock(s, error);
	if (fd < 0)
		return -1;
	status = save_commands(s, error);
	if (save_cookies(s, error) != 0)
		status = -1;
	close(fd);
	return status;
}
