/*
 * A session's folder: session.hsh, NUL, cookies.txt, NUL, what another shell made of session.hsh meanwhile, NUL, and of
 * cookies.txt. It is opened; what is saved is opened again and is the same; what both shells wrote is merged.
 * Only lines that set something are run, and none that names a file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/session/state.h"
#include "commands/table.h"
#include "shell/lookup.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/fuzz/lines.h"
#include "tests/fuzz/mutator.h"

static char folder[64];

static void
remove_folder(void)
{
	static const char *const files[] = { "httpsh/fuzz/session.hsh", "httpsh/fuzz/cookies.txt", "httpsh/fuzz/lock",
		"httpsh/fuzz", "httpsh", "" };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char *path = str_printf("%s/%s", folder, files[i]);

		if (remove(path) != 0 && i > 2)
			perror(path);
		free(path);
	}
}

static void
make_folder(void)
{
	if (folder[0] != '\0')
		return;
	snprintf(folder, sizeof folder, "%s/httpsh-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(folder) == NULL)
		abort();
	setenv("XDG_STATE_HOME", folder, 1);
	atexit(remove_folder);
}

static char *
path_of(const char *file)
{
	return str_printf("%s/httpsh/fuzz/%s", folder, file);
}

static void
put_file(const char *file, struct str text)
{
	char *path = path_of(file);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text.n > 0 ? text.p : "", text.n) != (ssize_t)text.n)
		abort();
	close(fd);
	free(path);
}

static char *
get_file(const char *file)
{
	char *path = path_of(file);
	int fd = open(path, O_RDONLY);
	struct buf text;
	ssize_t n;

	free(path);
	buf_init(&text, 64 << 20);
	while (fd >= 0 && (n = read(fd, buf_room(&text, 65536), 65536)) > 0)
		buf_added(&text, (size_t)n);
	close(fd);
	return buf_take(&text);
}

/* ---- lines ---- */
static bool
names_file(const struct command *c, const char *const *words, size_t n)
{
	const struct setting *row =
	    c->settings != NULL && n > 0 ? setting_find(c->settings, str_of(words[0]), NULL) : NULL;

	return row != NULL && row->type == SETTING_FILE;
}

static bool
may_run(const struct command *c, const char *const *words, size_t n)
{
	/* the sub-commands set and unset are those of header and cookies */
	return (c == &command_tls || c == &command_trust || c == &command_open || strcmp(c->name, "set") == 0 ||
		   strcmp(c->name, "unset") == 0) &&
	    !names_file(c, words, n);
}

static int
run_words(struct session *s, const char *const *words, size_t n, struct error *error)
{
	struct call call = { .session = s, .error = error };
	size_t used;
	const struct command *c = command_lookup(command_table(), words, n, &used, error);
	int status;

	if (c == NULL)
		return -1;
	call.out = call.err = fopen("/dev/null", "w");
	status = call_parse(&call, c, words + used, n - used);
	if (status == 0 && may_run(c, words + used, n - used))
		status = c->run(&call);
	call_release(&call);
	fclose(call.out);
	return status;
}

static int
no_value(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context, (void)name, (void)out;
	return fail(error, ERROR_USAGE, 0, "not defined");
}

static int
run_one(struct session *s, const struct line_command *c, struct error *error)
{
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	size_t n = 0, where;
	int status = 0;

	for (; n < c->n_words && status == 0; n++)
		if ((words[n] = word_expand(&c->words[n], no_value, NULL, &where, error)) == NULL) {
			status = -1;
			break;
		}
	if (status == 0 && n > 0 && c->redirect == REDIRECT_NONE && c->pipe == NULL)
		status = run_words(s, words, n, error);
	while (n > 0)
		free((void *)words[--n]);
	free(words);
	return status;
}

static int
run_line(void *context, const char *text, struct error *error)
{
	struct line line = { NULL, 0 };
	size_t at = 0, where;
	bool incomplete;
	int status = 0;

	while (status == 0 && at < strlen(text)) {
		status = line_parse(&line, str_of(text), &at, &where, &incomplete, error);
		if (status == 0 && line.n_commands > 1)
			status = fail(error, ERROR_USAGE, 0, "one command a line");
		for (size_t i = 0; status == 0 && i < line.n_commands; i++)
			status = run_one(context, &line.commands[i], error);
		line_release(&line);
	}
	return status;
}

/* ---- sessions ---- */
static char *
settings_of(struct session *s)
{
	struct buf out;

	buf_init(&out, 0);
	settings_save(session_settings(s), &out);
	return buf_take(&out);
}

static bool
has_line(struct str text, struct str line)
{
	while (text.p != NULL)
		if (str_eq(str_cut(&text, '\n'), line))
			return true;
	return false;
}

/* What was set anew stands in its old place or at the end: no order has a meaning. */
static bool
same_lines(struct str a, struct str b)
{
	bool same = a.n == b.n;

	while (a.p != NULL && same)
		same = has_line(b, str_cut(&a, '\n'));
	return same;
}

/* What was saved is opened, and has the same settings and cookies. */
static void
check_saved(struct session *s)
{
	struct session *again = session_new();
	struct error error = { .kind = ERROR_NONE };
	struct buf cookies, same;
	char *settings, *settings_again;
	bool usable;

	session_open(again, "fuzz", run_line, again, &usable, &error);
	if (!usable)
		abort();
	settings = settings_of(s);
	settings_again = settings_of(again);
	buf_init(&cookies, 0);
	buf_init(&same, 0);
	jar_export(&s->jar, &cookies, true);
	jar_export(&again->jar, &same, true);
	if (!same_lines(str_of(settings), str_of(settings_again)) || !same_lines(buf_str(&cookies), buf_str(&same)) ||
	    again->n_headers != s->n_headers) {
		fprintf(stderr, "saved:\n%s%.*sread:\n%s%.*s", settings, STR_ARG(buf_str(&cookies)), settings_again,
		    STR_ARG(buf_str(&same)));
		abort();
	}
	free(settings);
	free(settings_again);
	buf_release(&cookies);
	buf_release(&same);
	session_free(again);
}

/* Another shell wrote meanwhile: ours is still all there, and saving once more changes nothing. */
static void
check_merged(struct session *s, struct str commands, struct str cookies)
{
	struct error error = { .kind = ERROR_NONE };
	char *first, *second;

	put_file("session.hsh", commands);
	put_file("cookies.txt", cookies);
	if (session_save(s, &error) != 0)
		abort();
	first = get_file("session.hsh");
	if (session_save(s, &error) != 0)
		abort();
	second = get_file("session.hsh");
	if (strcmp(first, second) != 0) {
		fprintf(stderr, "merged:\n%sthen:\n%s", first, second);
		abort();
	}
	free(first);
	free(second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from(data, size), commands = str_cut(&rest, '\0'), cookies = str_cut(&rest, '\0');
	struct str other = str_cut(&rest, '\0');
	struct session *s = session_new();
	struct error error = { .kind = ERROR_NONE };
	bool usable;

	make_folder();
	/* the first opening makes the folder */
	session_open(s, "fuzz", run_line, s, &usable, &error);
	session_free(s);
	put_file("session.hsh", commands);
	put_file("cookies.txt", cookies);
	s = session_new();
	error_clear(&error);
	/* lines that cannot be used are told and stay */
	if (session_open(s, "fuzz", run_line, s, &usable, &error) != 0 && error.text[0] == '\0')
		abort();
	if (usable) {
		if (session_save(s, &error) != 0)
			abort();
		check_saved(s);
		check_merged(s, other, rest);
	}
	session_free(s);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	lines_describe(t, data, size);
}
