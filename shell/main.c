/* httpsh: options, signals, and the loop that reads what a person types. */
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/settings/values.h"
#include "commands/show/view.h"
#include "shell/help.h"
#include "shell/typed.h"
#include "shell/line_edit.h"
#include "shell/options.h"
#include "shell/process.h"
#include "shell/record.h"
#include "shell/secrets.h"
#include "shell/shell.h"
#include "shell/signals.h"
#include "shell/table.h"

static unsigned
terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void
update_terminal(struct shell *sh)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool automatic = isatty(STDERR_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
	int color = session_settings(sh->session)->set.color;

	sh->colour = color == COLOR_ON || (color == COLOR_AUTO && automatic);
	sh->columns = terminal_columns();
	view_set_terminal(sh->view, isatty(STDERR_FILENO) != 0, sh->colour, sh->columns);
}

/* A failure to keep something is told once, not behind every command. */
static void
complain(char told[ERROR_TEXT_MAX], const struct error *error)
{
	if (error != NULL && strcmp(told, error->text) != 0) {
		fprintf(stderr, "httpsh: %s\n", error->text);
		error_print_advice(error, stderr);
	}
	snprintf(told, ERROR_TEXT_MAX, "%s", error != NULL ? error->text : "");
}

/* ---- typing ---- */

static bool
is_incomplete(struct str text)
{
	struct line parsed;
	struct error error;
	size_t at = 0, where;
	bool incomplete = false;
	int status = 0;

	while (status == 0 && at < text.n) {
		status = line_parse(&parsed, text, &at, &where, &incomplete, &error);
		line_release(&parsed);
	}
	return status != 0 && incomplete;
}

/* One command with its continuation lines; false at the end. */
static bool
read_command(struct line_edit *e, struct buf *text)
{
	enum line_end end;

	buf_wipe_release(text);
	do {
		if (text->len > 0)
			buf_add_char(text, '\n');
		end = line_edit_read(e, buf_str(text), text);
	} while (end == LINE_TYPED && is_incomplete(buf_str(text)));
	if (end == LINE_INTERRUPTED)
		buf_clear(text);
	/* an unfinished command at Ctrl-D runs, to say what is missing */
	return end != LINE_CLOSED || text->len > 0;
}

static void
keep_line(struct shell *sh, struct line_edit *e, struct str text, char told[ERROR_TEXT_MAX])
{
	char *line = ascii_is_space(text.p[0]) ? NULL : secret_free_line(sh->commands, str_trim(text));
	size_t before = typed_count(sh->typed);
	struct error error;
	int status;

	if (line == NULL)
		return;
	status = typed_add(sh->typed, str_of(line), &error);
	complain(told, status != 0 ? &error : NULL);
	if (typed_count(sh->typed) != before || before == TYPED_MAX)
		line_edit_remember(e, line);
	mem_wipe(line, strlen(line));
	free(line);
}

static int
interact(struct shell *sh)
{
	struct error error;
	struct line_edit *e;
	struct buf text;
	char told_history[ERROR_TEXT_MAX] = "", told_session[ERROR_TEXT_MAX] = "";

	sh->typed = typed_new(session_path(sh->session, "history"), &error);
	complain(told_history, error.kind != ERROR_NONE ? &error : NULL);
	e = line_edit_new(sh);
	if (e == NULL) {
		fputs("httpsh: this terminal cannot be used\n", stderr);
		return 1;
	}
	buf_init(&text, WORDS_MAX_TEXT);
	while (!sh->quit && shell_ended == 0) {
		update_terminal(sh);
		if (!read_command(e, &text)) {
			putchar('\n');
			break;
		}
		if (text.full)
			fprintf(stderr, "httpsh: the line is too long\n");
		if (text.full || str_trim(buf_str(&text)).n == 0)
			continue;
		keep_line(sh, e, buf_str(&text), told_history);
		shell_interrupts = shell_ended != 0;
		script_run(sh, NULL, buf_str(&text), &error);
		complain(told_session, session_save(sh->session, &error) != 0 ? &error : NULL);
		mem_settle();
	}
	buf_wipe_release(&text);
	line_edit_free(e);
	return sh->quit ? sh->quit_status : 0;
}

/* ---- running ---- */

/* What was typed once reaches scripts that do not say it: it is told. */
static void
say_loosened(const struct shell *sh, const char *name)
{
	char *what = session_loosened(sh->session);

	if (what != NULL && name != NULL)
		fprintf(stderr, "httpsh: the session %s checks less: %s\n", name, what);
	free(what);
}

enum { SAVE_TRIES = 20, SAVE_PAUSE_MS = 50 };

/* Memory is out, the reserve, too: the session is all that can be saved. */
static void
end_without_memory(void *context)
{
	struct shell *sh = context;
	struct error error;
	int status = -1;

	for (unsigned i = 0; i < SAVE_TRIES && status != 0; i++) {
		if (i > 0)
			poll(NULL, 0, SAVE_PAUSE_MS); /* others may give memory back */
		status = session_save(sh->session, &error);
	}
	if (status == 0)
		fputs("httpsh: the session is saved; the shell ends here\n", stderr);
	else
		fprintf(stderr, "httpsh: %s\n", error.text);
	_exit(error_kind_info(ERROR_LIMIT)->status);
}

/* A bad line of a session, or a directory that is not to be had, is told, and the shell starts; only who names a
 * session wants that one or none. */
static int
open_session(struct shell *sh, const struct options *o)
{
	struct error error;
	char told[ERROR_TEXT_MAX] = "";
	bool usable;

	if (session_open(sh->session, o->session, saved_line_run, sh, &usable, &error) != 0)
		complain(told, &error);
	if (usable) {
		say_loosened(sh, o->session);
		return 0;
	}
	if (call_value(&o->call, "session") != NULL)
		return error_kind_info(error.kind)->status;
	fputs("httpsh: this session will not be kept\n", stderr);
	return 0;
}

static int
run_shell(struct shell *sh, const struct options *o)
{
	struct error error = { .kind = ERROR_NONE };
	int status;

	sh->interactive = o->text == NULL && o->n_rest == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	sh->echo = o->echo;
	sh->no_run = o->check;
	session_set_interrupt(sh->session, &shell_interrupts);
	if (isatty(STDERR_FILENO))
		view_set_ask(sh->view, line_edit_ask, sh);
	status = open_session(sh, o);
	if (status != 0)
		return status;
	update_terminal(sh);
	if (sh->interactive) {
		signals_ignore(SIGQUIT); /* Ctrl-\ where a person types, as in other shells */
		return interact(sh);
	}
	sh->arguments = o->text == NULL && o->n_rest > 0 ? o->rest + 1 : o->rest;
	sh->n_arguments = o->text == NULL && o->n_rest > 0 ? o->n_rest - 1 : o->n_rest;
	if (o->text != NULL)
		status = script_run(sh, strchr(o->text, '\n') != NULL ? "-c" : NULL, str_of(o->text), &error);
	else
		status = script_run_file(sh, o->n_rest > 0 ? o->rest[0] : "-", &error);
	status = status == 0 ? 0 : error_kind_info(error.kind)->status;
	if (!sh->no_run && session_save(sh->session, &error) != 0) {
		fprintf(stderr, "httpsh: %s\n", error.text);
		status = status == 0 ? 1 : status;
	}
	return sh->quit && status == 0 ? sh->quit_status : status;
}

/* Characters are UTF-8 where nobody said what they are (LANG unset, as in containers). */
static void
set_characters(void)
{
	const char *locale = setlocale(LC_CTYPE, "");

	if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static int
cannot_print(void)
{
	perror("httpsh: cannot write to standard output");
	return EXIT_FAILURE;
}

static void
print_exit_statuses(void)
{
	fputs("Exit status:\n", stdout);
	for (size_t i = 0; error_kind_at(i) != NULL; i++)
		printf("  %3d  %-12s %s\n", error_kind_at(i)->status, error_kind_at(i)->name, error_kind_at(i)->what);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct shell sh = { .commands = command_table() };
	struct error error = { .kind = ERROR_NONE };
	int status = 0;

	process_prepare();
	mem_settle();
	if (options_parse(&o, argc, argv, &error) != 0) {
		fprintf(stderr, "%s\n%s\n", error.text, error.why); /* it begins with the program's name */
		status = error_kind_info(error.kind)->status;
	} else if (o.help) {
		help_command(&program, NULL, HELP_WIDTH, stdout);
		print_exit_statuses();
	} else if (o.version) {
		puts("httpsh " HTTPSH_VERSION);
	}
	if (status != 0 || o.help || o.version) {
		options_release(&o);
		return fflush(stdout) == 0 || status != 0 ? status : cannot_print();
	}
	set_characters();
	signals_set();
	sh.err = print_guard(stderr);
	setvbuf(sh.err, NULL, _IONBF, 0);
	sh.session = session_new();
	sh.view = view_new(sh.session, sh.err);
	mem_on_end(end_without_memory, &sh);
	status = run_shell(&sh, &o);
	if (record_stop(&sh, &error) != 0) {
		fprintf(stderr, "httpsh: %s\n", error.text);
		status = status == 0 ? 1 : status;
	}
	typed_free(sh.typed);
	variables_release(&sh.variables);
	view_free(sh.view);
	session_free(sh.session);
	fclose(sh.err);
	options_release(&o);
	if (shell_ended != 0)
		signals_die_of(shell_ended);
	return status;
}
