/*
 * `record FILE`: the commands that change something, as a script that replays them. It begins with the settings, sticky
 * headers and base URL that held at its start. Variables stay variables (what they need from before is written in front
 * of their first use); literal secrets become ${secret1} ..., which whoever replays gives by `let` or in the
 * environment.
 */
#ifndef SHELL_RECORD_H
#define SHELL_RECORD_H

#include "shell/shell.h"

int record_start(struct shell *sh, const char *path, bool replace, struct error *error);
int record_stop(struct shell *sh, struct error *error); /* ERROR_OTHER: not everything could be written */
const char *record_path(const struct shell *sh);        /* NULL: off */

/* Before a command runs: what would be written, NULL when nothing is recorded. Then commit, or discard when it failed
 * or changed nothing; both take the text. flags: CMD_STATE, CMD_NETWORK of the commands that ran. */
char *record_compose(struct shell *sh, const struct line_command *c);
void record_commit(struct shell *sh, const struct line_command *c, char *text, unsigned flags);
void record_discard(struct shell *sh, char *text);

#endif
