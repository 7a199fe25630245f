/*
 * `record FILE`: the commands that change, write or judge something, as a script that does it again. It begins with
 * the settings, sticky headers and base URL that held at its start. Variables stay variables (what they need from
 * before is written in front of their first use); literal secrets become ${secret1} ..., which whoever replays gives
 * by `let` or in the environment.
 */
#ifndef SHELL_RECORD_H
#define SHELL_RECORD_H

#include "shell/shell.h"

int record_start(struct shell *sh, const char *path, bool replace, struct error *error);
int record_stop(struct shell *sh, struct error *error); /* ERROR_OTHER: not everything could be written */
const char *record_path(const struct shell *sh);        /* NULL: off */

/* A command as it would be written; text NULL: nothing is recorded. From `output` to `output_end` stands what takes
 * its output. */
struct recorded {
	char *text;
	size_t output, output_end;
};

/* Before a command runs. Then commit, or discard when it failed or changed nothing; both take the text. flags:
 * CMD_STATE, CMD_NETWORK, CMD_ANSWER of the commands that ran; output: its output went where it should, else it is
 * written without. */
struct recorded record_compose(struct shell *sh, const struct line_command *c);
void
record_commit(struct shell *sh, const struct line_command *c, struct recorded recorded, unsigned flags, bool output);
void record_discard(struct shell *sh, struct recorded recorded);

#endif
