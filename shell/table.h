/*
 * All commands: those of commands/ and those of the shell.
 */
#ifndef SHELL_TABLE_H
#define SHELL_TABLE_H

#include "commands/command.h"

extern const struct command *const shell_commands[];      /* the shell's own, NULL-terminated */
extern const struct command command_source, command_let, command_expect, command_echo, command_record, command_history,
	command_help, command_quit;

enum { TABLE_MAX = 96 };

/* What command.group may be, in the order of help, with their titles; name NULL ends them. */
struct command_group { const char *name, *title; };
extern const struct command_group command_groups[];

/* NULL-terminated, in the order of help. */
const struct command *const *command_table(void);

/* The command (or sub-command) that words name; *used: how many of them its name took. ERROR_USAGE: unknown (did you mean),
 * ambiguous, sub-command missing. */
const struct command *table_lookup(const char *const *words, size_t n, size_t *used, struct error *error);
/* The same for words with marks (net/marks.h): what a variable holds names no command. */
const struct command *table_lookup_written(const char *const *words, const uint8_t *const *marks, size_t n, size_t *used,
    struct error *error);

#endif
