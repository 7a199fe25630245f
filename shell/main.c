/* httpsh: options, signals, and the loop that reads what a person types. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shell/help.h"
#include "shell/line_edit.h"
#include "shell/options.h"
#include "shell/shell.h"

static void
on_interrupt(int signal)
{
	(void)signal;
	shell_interrupts++;
}

static void
on_pipe(int signal)
{
	(void)signal;           /* a handler, not SIG_IGN: children of | and ! get the default back */
}

static void
set_signals(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	action.sa_handler = on_pipe;
	action.sa_flags = SA_RESTART;
	sigaction(SIGPIPE, &action, NULL);
}

static int
run_saved_line(void *context, const char *line, struct error *error)
{
	struct shell *sh = context;
	int status;

	sh->depth++;            /* its failures are told by the caller */
	status = script_run(sh, "session.hsh", str_of(line), error);
	sh->depth--;
	return status;
}

static unsigned
terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void
update_terminal(struct shell *sh)
{
	const char *setting = session_setting(sh->session, "color"), *no_color = getenv("NO_COLOR");
	bool automatic = isatty(STDERR_FILENO) && (no_color == NULL || no_color[0] == '\0');

	sh->colour = strcmp(setting, "on") == 0 || (strcmp(setting, "auto") == 0 && automatic);
	sh->columns = terminal_columns();
	session_set_terminal(sh->session, sh->interactive, sh->colour, sh->columns);
}

/* One command with its continuation lines; false at the end. */
static bool
read_command(struct line_edit *e, struct buf *text)
{
	bool interrupted;

	buf_clear(text);
	for (bool continued = false;; continued = true) {
		char *line = line_edit_read(e, continued, &interrupted);
		struct line parsed = { NULL, 0 };
		struct error error = { .kind = ERROR_NONE };
		size_t at = 0, where;
		bool incomplete = false;
		int status = 0;

		if (line == NULL)
			return continued;
		if (interrupted) {
			free(line);
			buf_clear(text);
			return true;
		}
		buf_addf(text, "%s%s", continued ? "\n" : "", line);
		free(line);
		for (at = 0; status == 0 && at < text->len;) {
			status = line_parse(&parsed, buf_str(text), &at, &where, &incomplete, &error);
			line_release(&parsed);
		}
		if (status == 0 || !incomplete)
			return true;
	}
}

static int
interact(struct shell *sh)
{
	struct line_edit *e = line_edit_new(sh);
	struct error error = { .kind = ERROR_NONE };
	struct buf text;

	if (e == NULL) {
		fputs("httpsh: this terminal cannot be used\n", stderr);
		return 1;
	}
	session_set_ask(sh->session, line_edit_ask, sh);
	buf_init(&text, WORDS_MAX_TEXT);
	while (!sh->quit) {
		update_terminal(sh);
		if (!read_command(e, &text)) {
			putchar('\n');
			break;
		}
		if (str_trim(buf_str(&text)).n == 0)
			continue;
		line_edit_keep(e, buf_str(&text));
		script_run(sh, NULL, buf_str(&text), &error);
		if (session_save(sh->session, &error) != 0)
			fprintf(stderr, "httpsh: %s\n", error.text);
	}
	buf_wipe_release(&text);
	line_edit_free(e);
	return sh->quit ? sh->quit_status : 0;
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
	update_terminal(sh);
	if (session_open(sh->session, o->session, run_saved_line, sh, &error) != 0) {
		fprintf(stderr, "httpsh: %s\n", error.text);
		if (error.hint[0] != '\0')
			fprintf(stderr, "try: %s\n", error.hint);
		return shell_exit_status(error.kind);
	}
	if (sh->interactive)
		return interact(sh);
	if (o->n_rest > 1) {
		sh->arguments = o->rest + 1;
		sh->n_arguments = o->n_rest - 1;
	}
	if (o->text != NULL) {
		sh->arguments = o->rest;
		sh->n_arguments = o->n_rest;
		status = script_run(sh, NULL, str_of(o->text), &error);
	} else {
		status = script_run_file(sh, o->n_rest > 0 ? o->rest[0] : "-", &error);
		if (status != 0 && sh->last_status == 0)      /* the file itself could not be read */
			shell_report(sh, NULL, &error);
	}
	status = status == 0 ? 0 : shell_exit_status(error.kind);
	if (session_save(sh->session, &error) != 0) {
		fprintf(stderr, "httpsh: %s\n", error.text);
		status = status == 0 ? 1 : status;
	}
	return sh->quit && status == 0 ? sh->quit_status : status;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct shell sh = { .session = NULL };
	struct error error = { .kind = ERROR_NONE };
	int status = 0;

	if (options_parse(&o, argc, argv, &error) != 0) {
		fprintf(stderr, "%s\n%s\n", error.text, error.hint);      /* it begins with the program's name */
		status = shell_exit_status(error.kind);
	} else if (o.help) {
		help_command(&program, NULL, HELP_WIDTH, stdout);
	} else if (o.version) {
		puts("httpsh " HTTPSH_VERSION);
	}
	if (status != 0 || o.help || o.version) {
		options_release(&o);
		return status;
	}
	setlocale(LC_CTYPE, "");
	set_signals();
	sh.session = session_new();
	status = run_shell(&sh, &o);
	if (sh.record != NULL)
		fclose(sh.record);
	free(sh.record_path);
	variables_release(&sh.variables);
	session_free(sh.session);
	options_release(&o);
	return status;
}
