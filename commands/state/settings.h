/* What `set`, `tls` and `trust` have in common. */
#ifndef COMMANDS_STATE_SETTINGS_H
#define COMMANDS_STATE_SETTINGS_H

#include "commands/command.h"

/* NAME alone shows it, NAME default resets it, NAME VALUE... sets it. marks: of the words; NULL: all were written. NAME
 * was written, so were "default" and the "off" that clears a repeatable row. A value may be a variable's; where that is
 * only a part of one, it cannot hold what separates the parts (row->separators). */
int
settings_change(struct call *call, const char *group, const char *const *words, const uint8_t *const *marks, size_t n);
/* For --check, which sets what is known by itself: the name. */
int settings_check(struct call *call, const char *group);
int settings_print(struct call *call, const char *group); /* all of a group; --changed */

extern const struct opt settings_options[];
extern const struct arg settings_args[];

#endif
