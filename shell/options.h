/*
 * httpsh's own command line, described like a command: from this come its parsing, --help, the man page and the
 * completions of bash, zsh and fish.
 */
#ifndef SHELL_OPTIONS_H
#define SHELL_OPTIONS_H

#include "commands/command.h"

extern const struct command program;

struct options {
	struct call call;        /* what call_parse() made of it; the rest borrows from there */
	const char *text;        /* of --command; NULL none */
	const char *session;     /* name; NULL with --no-session */
	const char *const *rest; /* FILE and its arguments; with --command only arguments */
	size_t n_rest;
	bool echo, check, help, version;
};

/* ERROR_USAGE for what the table does not know. options_release() also after a failure. */
int options_parse(struct options *o, int argc, char **argv, struct error *error);
void options_release(struct options *o);

#endif
