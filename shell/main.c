/* httpsh: options, signals, and the loop that reads what a person types. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shell/line_edit.h"
#include "shell/shell.h"

static const char usage[] =
	"usage: httpsh [--session NAME | --no-session] [--echo] [-n] [-c TEXT | FILE [ARGUMENT ...]]\n"
	"\n"
	"An interactive shell for HTTPS sessions. Without -c or FILE it reads commands from the terminal, or from\n"
	"standard input when that is none.\n"
	"\n"
	"  -c TEXT          run these commands and leave\n"
	"  --session NAME   the session on disk (default: default)\n"
	"  --no-session     start empty, keep nothing\n"
	"  --echo           show each command before it runs\n"
	"  -n               check the syntax only\n"
	"  --version, --help\n"
	"\n"
	"Exit status: 0 ok, 1 other, 2 usage, 3 network, 4 expectation, 5 HTTP status (set fail on), 6 TLS,\n"
	"7 certificate, 8 HTTP protocol, 9 limit reached, 130 interrupted.\n";

struct options {
	const char *text, *session;
	char **rest;
	size_t n_rest;
	bool echo, no_run;
};

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
bad_usage(const char *why, const char *what)
{
	fprintf(stderr, "httpsh: %s%s\n%s", why, what, usage);
	return 2;
}

/* 0 go on; else the exit status + 1. */
static int
read_options(int argc, char **argv, struct options *o)
{
	int i = 1;

	o->session = "default";
	for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
		const char *word = argv[i];
		bool takes = strcmp(word, "-c") == 0 || strcmp(word, "--session") == 0;

		if (strcmp(word, "--") == 0) {
			i++;
			break;
		}
		if (takes && i + 1 == argc)
			return bad_usage("a value is missing behind ", word) + 1;
		if (strcmp(word, "-c") == 0)
			o->text = argv[++i];
		else if (strcmp(word, "--session") == 0)
			o->session = argv[++i];
		else if (strcmp(word, "--no-session") == 0)
			o->session = NULL;
		else if (strcmp(word, "--echo") == 0)
			o->echo = true;
		else if (strcmp(word, "-n") == 0)
			o->no_run = true;
		else if (strcmp(word, "--version") == 0)
			return printf("httpsh " HTTPSH_VERSION "\n"), 1;
		else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
			return fputs(usage, stdout), 1;
		else
			return bad_usage("unknown option ", word) + 1;
	}
	o->rest = argv + i;
	o->n_rest = (size_t)(argc - i);
	return 0;
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
	session_set_terminal(sh->session, sh->interactive, sh->colour, terminal_columns());
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
	sh->no_run = o->no_run;
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
	struct options o = { .text = NULL };
	struct shell sh = { .session = NULL };
	int status = read_options(argc, argv, &o);

	if (status != 0)
		return status - 1;
	setlocale(LC_CTYPE, "");
	set_signals();
	sh.session = session_new();
	status = run_shell(&sh, &o);
	if (sh.record != NULL)
		fclose(sh.record);
	free(sh.record_path);
	variables_release(&sh.variables);
	session_free(sh.session);
	return status;
}
