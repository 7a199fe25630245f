/*
 * One command, one file, one `const struct command`. From it come parsing and its errors, usage lines, help,
 * completion inside the shell, the man page, the bash, zsh and fish files, and a test that runs the example.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stdio.h>

#include "commands/print.h"
#include "net/error.h"
#include "net/marks.h"
#include "net/str.h"

struct session;
struct view;
struct call;

/* What an argument or an option's value is: completion and checks follow from it. */
enum arg_kind {
	ARG_TEXT,
	ARG_NUMBER,
	ARG_CHOICE,
	ARG_URL,
	ARG_FILE,
	ARG_DIRECTORY,
	ARG_HEADER,
	ARG_COOKIE,
	ARG_ITEM,
	ARG_SELECTOR,
	ARG_SUITE,
	ARG_GROUP,
	ARG_HOST,
	ARG_SETTING,
	ARG_VALUE,
	ARG_COMMAND,
	ARG_VARIABLE,
	ARG_PROTOCOL,
	ARG_SHELL,
	ARG_SESSION,
	ARG_PROFILE,
	ARG_ASSIGNMENT /* NAME = VALUE, three words: a lone VALUE is a secret when NAME has a secret's name */
};

enum arg_flag {
	ARG_OPTIONAL = 1,
	ARG_REPEAT = 2, /* the last: one or more (with OPTIONAL: any number) */
	/* What history and recordings leave out (shell/secrets.h). A command with such an argument has no options. */
	ARG_SECRET = 4,       /* all of it; asked for without echo when it is OPTIONAL and not given */
	ARG_SECRET_TAIL = 8,  /* what stands behind its first colon: USER[:PASSWORD] */
	ARG_SECRET_NAMED = 16 /* all of it, when the argument before has a secret's name (net/http/secret.h) */
};

struct arg {
	const char *name; /* "URL" as in the usage line; NULL ends the list */
	enum arg_kind kind;
	unsigned flags;
	const char *choices; /* ARG_CHOICE: "on|off|ask" */
};

struct opt {
	const char *name;    /* "force", given as --force; NULL ends the list */
	char letter;         /* 'f' for -f, 0 none */
	const char *value;   /* "FILE" when it takes one: --name FILE or --name=FILE; NULL = flag */
	enum arg_kind kind;  /* of the value */
	const char *summary; /* one line */
	const char *choices;
};

enum command_flag {
	CMD_RESPONSE = 1,       /* needs a last response */
	CMD_PAGE = 2,           /* needs a page: a last response with a body */
	CMD_STATE = 4,          /* changes the state of the session: `record` writes it */
	CMD_RAW = 8,            /* words are not parsed into options and arguments: run() sees them all */
	CMD_NETWORK = 16,       /* opens connections; Ctrl-C stops it */
	CMD_OPTIONS_FIRST = 32, /* the first argument ends the options: the rest belongs to it */
	CMD_CONNECTION = 64,    /* needs a last connection, also one that failed */
	CMD_ANSWER = 128,       /* its answer is what was wanted, or judged: `record` writes it */
	CMD_LINES = 256,        /* it runs lines: `record` writes those, not itself */
	CMD_KEPT = 512 /* only sets what a session keeps: its file may hold it (saved.c), and --check does it */
};

/* The words of another command among those of a call; n 0: there is none. */
struct inner {
	size_t first, n;
	bool captured; /* its answer becomes a value */
};

struct command {
	const char *name, *alias,
	    *group; /* group: heading in help: "requests", "page", "tls", "session", "script", "shell" */
	const char *summary, *details; /* one line; paragraphs (may be NULL) */
	const char *example;           /* lines of commands run by the tests with the lab started; output lines
	                                       * that must appear stand under them behind "| " */
	const struct opt *opts;        /* NULL: none */
	const struct arg *args;        /* NULL: none */
	unsigned flags;                /* what it needs is looked at before run(), nowhere else (shell/run.c) */
	unsigned (*needs)(const struct call *call); /* flags that its words add; NULL: none */
	/* What is wrong with its words, whatever the session holds: 0, or -1 with ERROR_USAGE in call->error. It is
	 * called before run() and by --check, which does not run: what run() finds as early may be left to it unless
	 * call->checking. NULL: nothing that the tables do not say. */
	int (*check)(struct call *call);
	/* The command that these words run (let, expect): what is behind |, > and << belongs to that one. NULL: none
	 * ever. */
	struct inner (*runs)(const struct call *call);
	int (*run)(struct call *call); /* 0, or -1 with call->error */
	const struct command *const
	    *subcommands; /* NULL-terminated, or NULL; first word chooses; run may be NULL then */
	const char
	    *settings; /* "tls": the first word may be a setting of this group (settings.h), the rest its value */
};

/* All that a command touches. */
struct call {
	struct session *session;
	struct view *view;   /* the terminal (show/view.h); NULL: nobody looks */
	FILE *out;           /* content: the terminal (guarded), a file (>), a pipe (|) or a capture (let) */
	FILE *err;           /* chatter; guarded (print.h) */
	bool content_wanted; /* out is a file, pipe or capture: a request gives its decoded body there */
	bool out_is_terminal;
	bool captured; /* out is the value of a variable: a single match keeps its bytes */
	bool checking; /* nothing runs, and what a variable holds is not known */
	const struct command *command;
	const char *parent;       /* of a sub-command: the command's name, else NULL */
	struct str heredoc;       /* body given with <<EOF; p NULL when none */
	const char *const *words; /* all words behind the command's name (subcommand's), NUL-terminated each */
	size_t n_words;
	const uint8_t *const *marks; /* of the words (net/marks.h); given before call_parse(); NULL: all were written */
	const char *const *args;     /* positional ones, options removed */
	const uint8_t *const *arg_marks; /* of these */
	size_t n_args;
	const struct call_option *options;
	size_t n_options;
	struct error *error;
	void *shell; /* struct shell, only for the commands in shell/ */
};

struct call_option {
	const struct opt *opt;
	const char *value;
	const uint8_t *marks; /* of value */
};

bool call_flag(const struct call *call, const char *name);
const char *call_value(const struct call *call, const char *name); /* last one given, or NULL */
const char *call_arg(const struct call *call, size_t index);       /* NULL when not given */
/* An argument is this word, and somebody wrote it: words with a meaning ("off", "show") are compared so, never what a
 * variable holds. The same for a word of a command with CMD_RAW. */
bool call_says(const struct call *call, size_t index, const char *word);
bool call_word_says(const struct call *call, size_t index, const char *word);
const uint8_t *call_marks(const struct call *call, size_t index);
const uint8_t *call_word_marks(const struct call *call, size_t index);
/* All of an argument was written. */
bool call_written(const struct call *call, size_t index);
/* What it says is known: always, but for a variable's value while call->checking. The same for a word of a command
 * with CMD_RAW, for the value of an option (one that was not given is known), and for any text with marks. */
bool call_known(const struct call *call, size_t index);
bool call_word_known(const struct call *call, size_t index);
bool call_value_known(const struct call *call, const char *name);
bool call_text_known(const struct call *call, struct str text, const uint8_t *marks);
/* What runs() says; n 0 without one. */
struct inner call_runs(const struct call *call);

/* Sorts the words into options and arguments by the command's tables ("--" ends the options; HTTPie items such as
 * "a==b" are arguments). An option begins with a - that was written, and its name was; its value may be a variable's.
 * An ARG_CHOICE was written, too. ERROR_USAGE with the usage line as hint. call_release() frees what it allocated. */
int call_parse(struct call *call, const struct command *command, const char *const *words, size_t n_words);
void call_release(struct call *call);

/* By name, alias or unique prefix in a NULL-terminated list; what: "command" or "cookies command", for ERROR_USAGE
 * ("unknown", "ambiguous", did you mean). */
const struct command *
command_find(const struct command *const *list, struct str name, const char *what, struct error *error);

/* "post [--json] URL [ITEM ...]", a sub-command's behind its command's name (prefix; NULL none); caller frees. */
char *command_usage(const struct command *command, const char *prefix);

#endif
