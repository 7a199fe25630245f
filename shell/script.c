/* Text of commands, line by line; and how failures are told. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/shell.h"

static const struct { enum error_kind kind; const char *name; int status; } kinds[] = {
	{ ERROR_TLS, "tls", 6 }, { ERROR_CERTIFICATE, "certificate", 7 }, { ERROR_NETWORK, "network", 3 },
	{ ERROR_HTTP, "http", 8 }, { ERROR_STATUS, "status", 5 }, { ERROR_LIMIT, "limit", 9 }, { ERROR_USAGE, "usage", 2 },
	{ ERROR_EXPECT, "expect", 4 }, { ERROR_OTHER, "other", 1 }, { ERROR_INTERRUPTED, "interrupted", 130 }
};

int
shell_exit_status(enum error_kind kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].status;
	return kind == ERROR_NONE ? 0 : 1;
}

const char *
shell_kind_name(enum error_kind kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return NULL;
}

void
shell_report(struct shell *sh, const char *where, const struct error *error)
{
	const char *red = sh->colour ? "\033[31m" : "", *plain = sh->colour ? "\033[0m" : "";
	struct buf caret;

	fflush(stdout);
	fprintf(stderr, "%s%s: %s%s\n", red, where != NULL ? where : "httpsh", error->text, plain);
	if (sh->place.text.p != NULL && sh->place.caret) {
		buf_init(&caret, WORDS_MAX_TEXT);
		line_caret(sh->place.text, sh->place.at, &caret);
		fwrite(caret.data, 1, caret.len, stderr);
		buf_release(&caret);
	}
	if (error->hint[0] != '\0')
		fprintf(stderr, "%s%s\n", strncmp(error->hint, "usage:", 6) == 0 ? "" : "try: ", error->hint);
}

/* With --echo: comments are narration, commands stand behind a prompt. */
static void
echo_source(struct shell *sh, struct str source)
{
	const char *bold = sh->colour ? "\033[1m" : "", *plain = sh->colour ? "\033[0m" : "";

	while (source.n > 0) {
		struct str line = str_cut(&source, '\n');

		if (line.n > 0 && line.p[0] == '#')
			printf("%.*s\n", STR_ARG(str_trim(str_slice(line, 1, line.n))));
		else if (str_trim(line).n == 0)
			putchar('\n');
		else
			printf("%shttpsh> %.*s%s\n", bold, STR_ARG(line), plain);
	}
	fflush(stdout);
}

/* The first failure is the script's; with `set on-error continue` the later ones are told too. */
static int
handle_failure(struct shell *sh, const char *name, const struct error *mine, struct error *error)
{
	bool go_on = strcmp(session_setting(sh->session, "on-error"), "continue") == 0 && mine->kind != ERROR_INTERRUPTED;
	unsigned number = line_number(sh->place.text, sh->place.at);
	char *where = name != NULL ? str_printf("%s:%u", name, number) : NULL;

	sh->last_status = shell_exit_status(mine->kind);
	if (error->kind == ERROR_NONE) {
		*error = *mine;
		/* told once, with its place; nested scripts were told inside */
		if (!go_on && where != NULL && sh->depth > 0)
			snprintf(error->text, sizeof(error->text), "%.100s: %.380s", where, mine->text);
	}
	if (go_on || sh->depth == 0)
		shell_report(sh, where, mine);
	free(where);
	return go_on ? 0 : -1;
}

static int
run_line(struct shell *sh, const struct line *line, const char *name, struct error *error)
{
	for (size_t i = 0; i < line->n_commands && !sh->quit; i++) {
		struct error mine = { .kind = ERROR_NONE };

		shell_interrupts = 0;
		sh->place.at = line->commands[i].at;
		sh->place.caret = false;
		if (run_command(sh, &line->commands[i], &mine) == 0) {
			sh->last_status = 0;
			continue;
		}
		if (handle_failure(sh, name, &mine, error) != 0)
			return -1;
	}
	return 0;
}

int
script_run(struct shell *sh, const char *name, struct str text, struct error *error)
{
	struct place outer = sh->place;
	size_t at = 0;
	int status = 0;

	error_clear(error);
	if (text.n > WORDS_MAX_TEXT)
		return fail(error, ERROR_LIMIT, 0, "a script of %zu bytes is longer than the limit of %d", text.n, WORDS_MAX_TEXT);
	while (status == 0 && at < text.n && !sh->quit) {
		struct error mine = { .kind = ERROR_NONE };
		struct line line = { NULL, 0 };
		size_t start = at, where = at;
		bool incomplete = false;

		sh->place = (struct place){ text, at, false };
		if (line_parse(&line, text, &at, &where, &incomplete, &mine) != 0) {
			sh->place = (struct place){ text, where, true };
			handle_failure(sh, name, &mine, error);
			status = -1;
		} else {
			if (sh->echo && sh->depth == 0)
				echo_source(sh, str_slice(text, start, at));
			if (!sh->no_run)
				status = run_line(sh, &line, name, error);
		}
		line_release(&line);
	}
	sh->place = outer;
	return error->kind != ERROR_NONE ? -1 : 0;
}

int
script_run_file(struct shell *sh, const char *path, struct error *error)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf text;
	struct str all;
	ssize_t n = 1;
	int status = 0;

	error_clear(error);
	if (fd < 0)
		return fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	buf_init(&text, WORDS_MAX_TEXT);
	while (n > 0) {
		uint8_t *room = buf_room(&text, 65536);

		n = room != NULL ? read(fd, room, 65536) : 0;
		if (n > 0)
			buf_added(&text, (size_t)n);
	}
	if (fd != STDIN_FILENO)
		close(fd);
	if (n < 0 || text.full)
		status = n < 0 ? fail_errno(error, ERROR_OTHER, "cannot read %s", path) :
		    fail(error, ERROR_LIMIT, 0, "%s is longer than %d bytes", path, WORDS_MAX_TEXT);
	all = buf_str(&text);
	if (status == 0)
		status = script_run(sh, fd == STDIN_FILENO ? "standard input" : path, all, error);
	buf_release(&text);
	return status;
}
