/* The list of all commands. Whoever looks one up is handed the list, so that no command needs this file. */
#include "shell/table.h"

#include "commands/table.h"

enum { TABLE_MAX = 96 };

/* Those of commands/ stand in commands/table.c; these need the shell itself. */
const struct command *const shell_commands[] = { &command_let, &command_expect, &command_echo, &command_source,
	&command_record, &command_history, &command_help, &command_quit, NULL };

const struct command *const *
command_table(void)
{
	static const struct command *all[TABLE_MAX + 1];
	size_t n = 0;

	for (const struct command *const *c = session_commands; *c != NULL && n < TABLE_MAX; c++)
		all[n++] = *c;
	for (const struct command *const *c = shell_commands; *c != NULL && n < TABLE_MAX; c++)
		all[n++] = *c;
	all[n] = NULL;
	return all;
}
