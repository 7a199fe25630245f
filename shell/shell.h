/*
 * The shell: what its files share. main.c makes one; the shell's own commands reach it through call->shell.
 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include <stdio.h>

#include "commands/command.h"
#include "commands/session/session.h"
#include "shell/variables.h"
#include "shell/words.h"

enum { SHELL_MAX_DEPTH = 16 }; /* of files that source files */

struct typed;
struct recording;

/* Where a failure stands in the text that was being run. */
struct place {
	struct str text; /* p NULL: not known */
	unsigned lines;  /* that stood in front of text */
	size_t at;
	bool caret; /* the place within its line is known */
};

struct shell {
	struct session *session;
	struct view *view;                     /* what a person sees of it */
	const struct command *const *commands; /* all there are (table.h), for lookup.h */
	FILE *err;                             /* standard error, guarded (print.h) */
	struct variables variables;
	const char *const *arguments; /* $1 ...; borrowed */
	size_t n_arguments;
	bool interactive;   /* a person types commands */
	bool colour;        /* on standard error and in the prompt */
	unsigned columns;   /* of the terminal */
	bool echo;          /* show each command before it runs */
	bool no_run;        /* --check: nothing runs (check.h) */
	bool names_unknown; /* then: a file that is not there may define names */
	unsigned checked_files;
	unsigned depth;     /* of source */
	struct place place; /* of the last failure */
	bool quit;
	int quit_status; /* of `quit N`, else of the last command */
	int last_status;
	const struct line_command *line; /* that runs; its | and > are of the innermost command (command.h) */
	struct str heredoc;              /* of line */
	unsigned inside;          /* of commands that run others (let, expect): those are not recorded by themselves */
	unsigned changed;         /* CMD_STATE, CMD_NETWORK, CMD_ANSWER of what ran in the present command */
	size_t unknown_word;      /* number of the word that named no command; 0 none */
	struct recording *record; /* record.h; NULL off */
	struct typed *typed;      /* typed.h; NULL when nobody types */
};

/* What helps after an error, as it is shown: "try: COMMAND    # remark", or the remark alone; nothing when there is
 * neither. */
void error_print_advice(const struct error *error, FILE *out);
/* Prints "httpsh: message" (where != NULL: "where: message"), the caret when the place is known, and the hint. */
void shell_report(struct shell *sh, const char *where, const struct error *error);

/* ---- value.c ---- */
/* Value of a variable: word_value of words.h, context = struct shell. */
int shell_value(void *context, struct str name, struct buf *out, struct error *error);
/* Appends a value so that let takes it for one. */
void let_quote(const struct command *const *commands, struct str value, struct buf *out);

/* ---- run.c ---- */
/* Runs a command of a parsed line. Behind it the reserve of memory is filled up. */
int run_command(struct shell *sh, const struct line_command *command, struct error *error);
/* The status of what ran: without all the memory that it wanted it is not whole, and has failed. */
int shell_judge_memory(int status, struct error *error);
/* Runs a command among the words of a call (let, expect), which are expanded already. answer: what it prints
 * (sink.h), at most max bytes; NULL: that goes where the line says. */
int run_inner(struct call *call, struct inner which, struct buf *answer, struct error *error);

/* ---- saved.c ---- */
/* Runs a line of a session's file (for session_open(); context = struct shell). ERROR_USAGE for one that does more than
 * to set what a session keeps: it does not run. */
int saved_line_run(void *context, const char *line, struct error *error);

/* ---- script.c ---- */
/* Runs a text line by line. name: file name for messages, NULL = typed in. Stops at the first failure unless `set
 * on-error continue`; then each is reported, and the first is the result. A failure's message carries "name:line: ".
 * Ctrl-C stops it between two commands, too. */
int script_run(struct shell *sh, const char *name, struct str text, struct error *error);
/* The same for a file, "-" = standard input; its lines run as they are read. At depth 0 also its own failure is
 * reported. */
int script_run_file(struct shell *sh, const char *path, struct error *error);

#endif
