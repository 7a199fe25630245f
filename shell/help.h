/* `help`: what the tables know, as text for a terminal. Also httpsh --help. */
#ifndef SHELL_HELP_H
#define SHELL_HELP_H

#include <stdio.h>

#include "commands/command.h"

enum { HELP_WIDTH = 80, HELP_WIDTH_MAX = 100 }; /* columns: when there is no terminal; on a wide one */

/* What command.group may be, in the order of help, with their titles; name NULL ends them. */
struct command_group {
	const char *name, *title;
};
extern const struct command_group command_groups[];

/* Usage, summary, details, options, sub-commands, settings, example. parent: of a sub-command; NULL for a command. */
void help_command(const struct command *command, const struct command *parent, unsigned width, FILE *out);

/* A line of details "  NAME    TEXT": an entry of a list. False for what belongs to a paragraph. */
bool help_entry(struct str line, struct str *name, struct str *text);

/* "-f, --force", "-n, --limit N", "    --html"; caller frees. */
char *help_option(const struct opt *option);

#endif
