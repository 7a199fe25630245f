/* What `set`, `tls` and `trust` have in common. */
#ifndef COMMANDS_SETTING_COMMANDS_H
#define COMMANDS_SETTING_COMMANDS_H

#include "commands/command.h"

/* NAME alone shows it, NAME default resets it, NAME VALUE... sets it. */
int settings_change(struct call *call, const char *group, const char *const *words, size_t n);
int settings_print(struct call *call, const char *group);      /* all of a group; --changed */

extern const struct opt settings_options[];
extern const struct arg settings_args[];

#endif
