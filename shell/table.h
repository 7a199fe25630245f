/*
 * All commands: those of commands/ and those of the shell. main() hands the list to struct shell.
 */
#ifndef SHELL_TABLE_H
#define SHELL_TABLE_H

#include "commands/command.h"

extern const struct command *const shell_commands[]; /* the shell's own, NULL-terminated */
extern const struct command command_source, command_let, command_expect, command_echo, command_record, command_history,
    command_help, command_quit;

/* NULL-terminated, in the order of help. */
const struct command *const *command_table(void);

#endif
