/*
 * Which command words name. commands: a NULL-terminated list, the shell's of command_table() (table.h), which struct
 * shell holds.
 */
#ifndef SHELL_LOOKUP_H
#define SHELL_LOOKUP_H

#include "commands/command.h"

/* The command (or sub-command) that words name; *used: how many of them its name took. ERROR_USAGE: unknown (did you
 * mean), ambiguous, sub-command missing. */
const struct command *command_lookup(const struct command *const *commands, const char *const *words, size_t n,
    size_t *used, struct error *error);
/* The same for words with marks (net/marks.h): what a variable holds names no command. */
const struct command *command_lookup_written(const struct command *const *commands, const char *const *words,
    const uint8_t *const *marks, size_t n, size_t *used, struct error *error);

/* Whether the word is the name of a command that needs no arguments: written bare, `let x = WORD` runs it. */
bool command_runs_alone(const struct command *const *commands, struct str word);

#endif
