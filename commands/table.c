/* The list of the commands of this folder. */
#include "commands/table.h"

#define LISTED(name) &command_##name,
const struct command *const session_commands[] = { COMMANDS(LISTED) NULL };
