/*
 * The shell: what its files share. main.c makes one; the shell's own commands reach it through call->shell.
 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include <signal.h>
#include <stdio.h>

#include "commands/command.h"
#include "commands/session.h"
#include "shell/variables.h"
#include "shell/words.h"

enum { SHELL_MAX_DEPTH = 16 };        /* of files that source files */

struct history;

/* Where a failure stands in the text that was being run. */
struct place {
	struct str text;                  /* p NULL: not known */
	size_t at;
	bool caret;                       /* the place within its line is known */
};

struct shell {
	struct session *session;
	struct variables variables;
	const char *const *arguments;     /* $1 ...; borrowed */
	size_t n_arguments;
	bool interactive;                 /* a person types commands */
	bool colour;                      /* on standard error and in the prompt */
	unsigned columns;                 /* of the terminal */
	bool echo;                        /* show each command before it runs */
	bool no_run;                      /* only check the syntax */
	unsigned depth;                   /* of source */
	struct place place;               /* of the last failure */
	bool quit;
	int quit_status;                  /* of `quit N`, else of the last command */
	int last_status;
	FILE *record;                     /* `record FILE`; NULL off */
	char *record_path;
	unsigned recorded_secrets;
	struct history *history;          /* NULL when nobody types */
};

/* 1 or more after Ctrl-C; the running command sees it, the shell clears it before the next. */
extern volatile sig_atomic_t shell_interrupts;

/* Exit status of HARNESS.md for an error's kind. */
int shell_exit_status(enum error_kind kind);
/* Name of a kind as `expect fail` takes it: "tls"; NULL past the end. */
const char *shell_kind_name(enum error_kind kind);

/* Prints "httpsh: message" (where != NULL: "where: message"), the caret when the place is known, and the hint. */
void shell_report(struct shell *sh, const char *where, const struct error *error);

/* ---- run.c ---- */
/* Value of a variable: word_value of words.h, context = struct shell. */
int shell_value(void *context, struct str name, struct buf *out, struct error *error);
/* Runs a command of a parsed line. */
int run_command(struct shell *sh, const struct line_command *command, struct error *error);
/* Runs words that are expanded already (let, expect). capture: where the content goes, at most max bytes; NULL: to the
 * terminal. */
int run_captured(struct shell *sh, const char *const *words, size_t n, struct buf *capture, struct error *error);

/* ---- script.c ---- */
/* Runs a text line by line. name: file name for messages, NULL = typed in. Stops at the first failure unless `set on-error
 * continue`; then each is reported, and the first is the result. A failure's message carries "name:line: ". */
int script_run(struct shell *sh, const char *name, struct str text, struct error *error);
int script_run_file(struct shell *sh, const char *path, struct error *error);

#endif
