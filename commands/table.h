/*
 * The commands of this folder, in the order of help; a line each. shell/ adds its own (help, source, history, let,
 * expect ...). Each is `const struct command command_NAME` in the file of its name, its sub-commands with it, which
 * tests/scripts/command_files.py checks. The exception are the verbs get to request: one function serves them all, so
 * they are rows of one file, requests/verbs.c.
 */
#ifndef COMMANDS_TABLE_H
#define COMMANDS_TABLE_H

#include "commands/command.h"

/* clang-format off */
#define COMMANDS(EACH) \
	EACH(get) \
	EACH(post) \
	EACH(head) \
	EACH(put) \
	EACH(patch) \
	EACH(delete) \
	EACH(options) \
	EACH(request) \
	EACH(open) \
	EACH(show) \
	EACH(extract) \
	EACH(count) \
	EACH(links) \
	EACH(title) \
	EACH(clean) \
	EACH(save) \
	EACH(tls) \
	EACH(trust) \
	EACH(lab) \
	EACH(header) \
	EACH(cookies) \
	EACH(auth) \
	EACH(set)
/* clang-format on */

#define COMMAND_DECLARED(name) extern const struct command command_##name;
COMMANDS(COMMAND_DECLARED)

extern const struct command *const session_commands[]; /* NULL-terminated */

#endif
