/* Profiles of TLS: read, put to use, saved, listed. */
#include "commands/settings/profiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/settings/private.h"
#include "net/file.h"
#include "net/nearest.h"

static const char extension[] = ".hsh";

/* ---- where they are ---- */

/* The user's directory of profiles, or a file in it; NULL when no variable says where. Caller frees. */
static char *
user_path(const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *base = config != NULL && config[0] == '/' ? config : home,
		   *between = base == config ? "" : "/.config";

	if (base == NULL || base[0] == '\0')
		return NULL;
	return name != NULL ? str_printf("%s%s/httpsh/profiles/%s%s", base, between, name, extension) :
			      str_printf("%s%s/httpsh/profiles", base, between);
}

static bool
is_path(const char *name)
{
	return strchr(name, '/') != NULL || str_ends(str_of(name), str_of(extension));
}

static const struct profile *
built_in(const char *name)
{
	for (const struct profile *p = built_in_profiles; p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static int
unknown_profile(const char *name, struct error *error)
{
	struct nearest near = { .word = str_of(name) };
	char shown[80];

	for (const struct profile *p = built_in_profiles; p->name != NULL; p++)
		nearest_see(&near, p->name);
	fail(error, ERROR_USAGE, 0, "there is no profile \"%s\"", str_printable(str_of(name), shown, sizeof shown));
	return near.name != NULL ? remark(error, "did you mean \"%s\"?", near.name) : hint(error, "tls profile");
}

int
profile_read(const char *name, struct buf *out, struct error *error)
{
	char *path = is_path(name) ? str_dup(str_of(name)) : user_path(name);
	const struct profile *p = is_path(name) ? NULL : built_in(name);
	int got = path != NULL ? file_read_optional(path, out, error) : 0;

	free(path);
	if (got != 0)
		return got > 0 ? 0 : -1;
	if (p == NULL)
		return unknown_profile(name, error);
	for (size_t i = 0; p->lines[i] != NULL; i++)
		buf_addf(out, "%s\n", p->lines[i]);
	return 0;
}

/* ---- applying ---- */

/* A value as settings are saved: bare, or in single quotes with '\'' inside. Caller frees; NULL when it is neither. */
static char *
unquote(struct str text)
{
	struct buf out;

	if (text.n == 0 || (text.p[0] != '\'' && text.p[0] != '\\'))
		return str_dup(text);
	buf_init(&out, text.n);
	for (size_t i = 0; i < text.n; i++) {
		bool inside = text.p[i] == '\'';

		if (inside) {
			for (i++; i < text.n && text.p[i] != '\''; i++)
				buf_add_char(&out, text.p[i]);
			inside = i < text.n;
		} else if (text.p[i] == '\\' && i + 1 < text.n) {
			buf_add_char(&out, text.p[++i]);
			inside = true;
		}
		if (!inside) {
			buf_release(&out);
			return NULL;
		}
	}
	return buf_take(&out);
}

static int
run_line(struct settings *s, struct str line, struct error *error)
{
	struct str rest = line, word = str_cut(&rest, ' '), name = str_cut(&rest, ' ');
	const struct setting *row;
	char *value, shown[80];
	int status;

	if (!str_is(word, "tls") || name.n == 0 || rest.p == NULL)
		return fail(error, ERROR_USAGE, 0, "\"%s\" is not \"tls NAME VALUE\"",
		    str_printable(line, shown, sizeof shown));
	row = setting_find("tls", name, error);
	if (row == NULL)
		return -1;
	if (!setting_in_profile(row))
		return fail(error, ERROR_USAGE, 0,
		    "tls %s says nothing about the hello's shape: it is not for a profile", row->name);
	value = unquote(str_trim(rest));
	if (value == NULL)
		return fail(error, ERROR_USAGE, 0, "the quotes of the value of tls %s do not match", row->name);
	status = setting_set(s, row, str_of(value), ORIGIN_PROFILE, error);
	free(value);
	return status;
}

static int
run_lines(struct settings *s, const char *name, struct str text, struct error *error)
{
	struct error inner = { .kind = ERROR_NONE };

	for (unsigned number = 1; text.n > 0; number++) {
		struct str line = str_trim(str_cut(&text, '\n'));

		if (line.n == 0 || line.p[0] == '#' || run_line(s, line, &inner) == 0)
			continue;
		fail(error, inner.kind, inner.code, "profile %s, line %u: %s", name, number, inner.text);
		return error_advise(error, &inner);
	}
	return 0;
}

int
profile_apply(struct settings *s, const char *name, struct error *error)
{
	struct settings_kept *before;
	struct buf text;
	int status;

	buf_init(&text, PROFILE_MAX_FILE);
	status = profile_read(name, &text, error);
	if (status == 0) {
		before = settings_keep(s, setting_in_profile);
		settings_reset(s, setting_in_profile);
		status = run_lines(s, name, buf_str(&text), error);
		if (status != 0)
			settings_restore(s, before);
		settings_kept_free(before);
	}
	if (status == 0) {
		free(s->tls.profile);
		s->tls.profile = str_dup(str_of(name));
		s->tls.profile_changed = false;
	}
	buf_release(&text);
	return status;
}

/* ---- saving ---- */
static bool
is_good_name(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(name[i]) && (i == 0 || strchr("._-", name[i]) == NULL))
			return false;
	return n > 0 && n <= 64 && !is_path(name);
}

static int
write_new(const char *path, struct str text, bool force, struct error *error)
{
	if (!force && access(path, F_OK) == 0) {
		fail(error, ERROR_OTHER, EEXIST, "cannot write %s: %s", path, strerror(EEXIST));
		return remark(error, "--force replaces it");
	}
	return file_replace(path, text, error);
}

int
profile_save(const struct settings *s, const char *name, bool force, struct error *error)
{
	char *folder = user_path(NULL), *path = user_path(name);
	struct buf text;
	int status = -1;

	buf_init(&text, PROFILE_MAX_FILE);
	buf_addf(&text, "# %s: tls settings saved by httpsh " HTTPSH_VERSION "\n", name);
	settings_save_rows(s, setting_in_profile, &text);
	if (text.full)
		fail(error, ERROR_LIMIT, 0, "these settings make more than %d bytes", PROFILE_MAX_FILE);
	else if (!is_good_name(name))
		fail(error, ERROR_USAGE, 0, "a profile's name has letters, digits, and . _ - between them");
	else if (path == NULL)
		fail(error, ERROR_OTHER, 0, "neither XDG_CONFIG_HOME nor HOME says where profiles are kept");
	else if (make_directories(folder, error) == 0)
		status = write_new(path, buf_str(&text), force, error);
	buf_release(&text);
	free(folder);
	free(path);
	return status;
}

/* ---- listing ---- */
static int
list_one(const struct settings *s, const char *name, struct buf *out, struct error *error)
{
	bool chosen = s->tls.profile != NULL && strcmp(s->tls.profile, name) == 0;
	struct buf text;
	struct str rest, first;
	int status;

	buf_init(&text, PROFILE_MAX_FILE);
	status = profile_read(name, &text, error);
	rest = buf_str(&text);
	first = str_cut(&rest, '\n');
	first = str_starts(first, STR("# ")) ? str_slice(first, 2, first.n) : STR("");
	if (status == 0)
		buf_addf(out, "%s %-12s %.*s%s\n", chosen ? "*" : " ", name, STR_ARG(first),
		    chosen && s->tls.profile_changed ? " (changed since)" : "");
	buf_release(&text);
	return status;
}

static int
list_users(const struct settings *s, struct buf *out, struct error *error)
{
	char *folder = user_path(NULL);
	DIR *d = folder != NULL ? opendir(folder) : NULL;
	const struct dirent *entry;
	int status = 0;

	free(folder);
	while (d != NULL && status == 0 && (entry = readdir(d)) != NULL) {
		struct str file = str_of(entry->d_name);
		char *name;

		if (entry->d_name[0] == '.' || !str_ends(file, str_of(extension)))
			continue;
		name = str_dup(str_slice(file, 0, file.n - strlen(extension)));
		if (built_in(name) == NULL)
			status = list_one(s, name, out, error);
		free(name);
	}
	if (d != NULL)
		closedir(d);
	return status;
}

int
profile_list(const struct settings *s, struct buf *out, struct error *error)
{
	int status = 0;

	for (const struct profile *p = built_in_profiles; p->name != NULL && status == 0; p++)
		status = list_one(s, p->name, out, error);
	return status == 0 ? list_users(s, out, error) : -1;
}
