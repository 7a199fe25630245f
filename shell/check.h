/*
 * --check: what would be a usage error when it runs. A line is read, its words become a call, and the command judges
 * them as it does before it runs; what only sets something in the session (CMD_KEPT) is done in this one, which
 * nobody saves. What a variable holds is not known: words that depend on it are not judged, but every name must come
 * from somewhere.
 */
#ifndef SHELL_CHECK_H
#define SHELL_CHECK_H

#include "shell/shell.h"

/* In place of run_command(). Only what a usage error would be fails, with ERROR_USAGE. */
int check_command(struct shell *sh, const struct line_command *c, struct error *error);

#endif
