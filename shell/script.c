/* Text of commands, line by line; and how failures are told. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/settings/values.h"
#include "shell/check.h"
#include "shell/secrets.h"
#include "shell/shell.h"
#include "shell/signals.h"

void
error_print_advice(const struct error *error, FILE *out)
{
	/* behind a # the remark may be typed along */
	if (error->command[0] != '\0')
		fprintf(out, "try: %s%s%s\n", error->command, error->why[0] != '\0' ? "    # " : "", error->why);
	else if (error->why[0] != '\0')
		fprintf(out, "%s\n", error->why);
}

void
shell_report(struct shell *sh, const char *where, const struct error *error)
{
	const char *red = sh->colour ? "\033[31m" : "", *plain = sh->colour ? "\033[0m" : "";
	struct buf caret;
	char *masked;

	fflush(stdout);
	fputs(red, stderr);
	fprintf(sh->err, "%s: %s", where != NULL ? where : "httpsh", error->text);
	fprintf(stderr, "%s\n", plain);
	if (sh->place.text.p != NULL && sh->place.caret) {
		buf_init(&caret, WORDS_MAX_TEXT);
		masked = secret_masked(sh->commands, sh->place.text, sh->place.at);
		line_caret(str_from(masked, sh->place.text.n), sh->place.at, &caret);
		fwrite(caret.data, 1, caret.len, stderr);
		buf_release(&caret);
		mem_wipe(masked, sh->place.text.n);
		free(masked);
	}
	error_print_advice(error, stderr);
}

/* Standard output as the sink has it: safe on a terminal. */
static void
echo_text(const char *before, struct str text, const char *behind)
{
	fputs(before, stdout);
	if (isatty(STDOUT_FILENO))
		print_safe(stdout, text);
	else
		fwrite(text.p, 1, text.n, stdout);
	fputs(behind, stdout);
}

/* With --echo: comments are narration, commands stand behind a prompt. */
static void
echo_source(struct shell *sh, struct str source)
{
	const char *bold = sh->colour ? "\033[1mhttpsh> " : "httpsh> ", *plain = sh->colour ? "\033[0m\n" : "\n";

	while (source.n > 0) {
		struct str line = str_cut(&source, '\n');

		if (line.n > 0 && line.p[0] == '#')
			echo_text("", str_trim(str_slice(line, 1, line.n)), "\n");
		else if (str_trim(line).n == 0)
			putchar('\n');
		else
			echo_text(bold, line, plain);
	}
	fflush(stdout);
}

/* The first failure is the script's; with `set on-error continue` the later ones are told too. */
static int
handle_failure(struct shell *sh, const char *name, const struct error *mine, struct error *error)
{
	bool go_on = (sh->no_run || session_settings(sh->session)->set.on_error == ON_ERROR_CONTINUE) &&
	    mine->kind != ERROR_INTERRUPTED;
	unsigned number = sh->place.lines + line_number(sh->place.text, sh->place.at);
	char *where = name != NULL ? str_printf("%s:%u", name, number) : NULL;

	sh->last_status = error_kind_info(mine->kind)->status;
	if (error->kind == ERROR_NONE) {
		*error = *mine;
		/* told once, with its place; nested scripts were told inside */
		if (!go_on && where != NULL && sh->depth > 0) {
			fail(error, mine->kind, mine->code, "%.100s: %s", where, mine->text);
			error_advise(error, mine);
		}
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
		int status = 0;

		sh->place.at = line->commands[i].at;
		sh->place.caret = false;
		if (shell_interrupts > 0)
			status = fail(&mine, ERROR_INTERRUPTED, 0, "interrupted");
		if (status == 0)
			status = sh->no_run ? check_command(sh, &line->commands[i], &mine) :
					      run_command(sh, &line->commands[i], &mine);
		if (status == 0)
			sh->last_status = 0;
		else if (handle_failure(sh, name, &mine, error) != 0)
			return -1;
	}
	return 0;
}

/* ---- a text that may still grow ---- */

enum { READ_SIZE = 64 << 10 };

struct source {
	const char *name; /* for messages; NULL typed in */
	struct str text;
	size_t at;      /* what stands in front has run */
	unsigned lines; /* in front of text */
	bool ended;     /* no more text will come */
};

enum { SOURCE_RAN, SOURCE_SHORT, SOURCE_FAILED };

/* Runs the next logical line. SOURCE_SHORT: its end has not come yet. */
static int
run_next(struct shell *sh, struct source *s, struct error *error)
{
	struct error mine = { .kind = ERROR_NONE };
	struct line line = { NULL, 0 };
	size_t start = s->at, at = s->at, where = s->at;
	bool incomplete = false, whole;
	int status;

	sh->place = (struct place){ s->text, s->lines, s->at, false };
	status = shell_judge_memory(line_parse(&line, s->text, &at, &where, &incomplete, &mine), &mine);
	/* at the end of what has come, a line is whole when its newline is there */
	whole = s->ended || (status == 0 ? s->text.p[at - 1] == '\n' : !incomplete && s->text.p[s->text.n - 1] == '\n');
	if (!whole) {
		line_release(&line);
		return SOURCE_SHORT;
	}
	s->at = at;
	if (status != 0) {
		sh->place = (struct place){ s->text, s->lines, where, true };
		line_release(&line);
		handle_failure(sh, s->name, &mine, error);
		return SOURCE_FAILED;
	}
	if (sh->echo && sh->depth == 0)
		echo_source(sh, str_slice(s->text, start, at));
	status = run_line(sh, &line, s->name, error);
	line_release(&line);
	return status == 0 ? SOURCE_RAN : SOURCE_FAILED;
}

int
script_run(struct shell *sh, const char *name, struct str text, struct error *error)
{
	struct place outer = sh->place;
	struct source source = { .name = name, .text = text, .ended = true };
	int status = SOURCE_RAN;

	error_clear(error);
	if (text.n > WORDS_MAX_TEXT)
		return fail(error, ERROR_LIMIT, 0, "a script of %zu bytes is longer than the limit of %d", text.n,
		    WORDS_MAX_TEXT);
	while (status == SOURCE_RAN && source.at < text.n && !sh->quit)
		status = run_next(sh, &source, error);
	sh->place = outer;
	sh->unknown_word = 0;
	return error->kind != ERROR_NONE ? -1 : 0;
}

/* What has run is dropped, more is read behind the rest. */
static int
read_more(struct source *s, struct buf *text, int fd, const char *path, struct error *error)
{
	uint8_t *room;
	ssize_t n;

	s->lines += line_number(s->text, s->at) - 1;
	buf_drop(text, s->at);
	s->at = 0;
	room = buf_room(text, READ_SIZE);
	if (room == NULL)
		return fail(error, ERROR_LIMIT, 0, "%s has a command of more than %d bytes", path, WORDS_MAX_TEXT);
	n = shell_read(fd, room, READ_SIZE);
	if (n < 0 && errno == EINTR)
		return fail(error, ERROR_INTERRUPTED, 0, "interrupted");
	if (n < 0)
		return fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	s->ended = n == 0;
	buf_added(text, (size_t)n);
	s->text = buf_str(text);
	/* a byte order mark */
	if (s->lines == 0 && str_starts(s->text, STR("\xEF\xBB\xBF")))
		s->at = 3;
	return 0;
}

/* Line by line as it comes, so that another program can wait for each answer. */
static int
run_descriptor(struct shell *sh, const char *name, int fd, struct error *error)
{
	struct place outer = sh->place;
	struct source source = { .name = name };
	struct buf text;
	int status = SOURCE_RAN, read_status = 0;

	buf_init(&text, WORDS_MAX_TEXT);
	while (
	    read_status == 0 && status != SOURCE_FAILED && !sh->quit && !(source.ended && source.at == source.text.n)) {
		if (status == SOURCE_SHORT || source.at == source.text.n)
			read_status = read_more(&source, &text, fd, name, error);
		status = source.at < source.text.n ? run_next(sh, &source, error) : SOURCE_RAN;
	}
	if (read_status != 0) {
		sh->place.text = (struct str){ NULL, 0 };
		if (sh->depth == 0)
			shell_report(sh, NULL, error);
	}
	buf_wipe_release(&text);
	sh->place = outer;
	sh->unknown_word = 0;
	return read_status != 0 || error->kind != ERROR_NONE ? -1 : 0;
}

int
script_run_file(struct shell *sh, const char *path, struct error *error)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), status;

	error_clear(error);
	if (fd < 0) {
		fail_errno(error, ERROR_OTHER, "cannot read %s", path);
		if (sh->depth == 0)
			shell_report(sh, NULL, error);
		return -1;
	}
	status = run_descriptor(sh, fd == STDIN_FILENO ? "standard input" : path, fd, error);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}
