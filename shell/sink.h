/* Where a command's content goes: the terminal, a file (> and >>), the system's shell (|), the value of a variable. */
#ifndef SHELL_SINK_H
#define SHELL_SINK_H

#include "commands/capture.h"
#include "net/file.h"
#include "shell/child.h"
#include "shell/filter.h"
#include "shell/shell.h"

enum { CAPTURE_MAX = 64 << 20 };

struct sink {
	FILE *out;
	bool terminal;
	bool pipe;
	struct child child; /* of | */
	struct buf *answer; /* what becomes of filter or captured */
	struct filter *filter;
	struct capture captured;
	struct new_file file; /* of > FILE: it gets its name when the command has worked */
	FILE *behind;         /* what the guard (print.h) of a terminal writes to, when that is to be closed: a pager */
};

/* Opens what the line names. answer: what is printed goes there, as far as no file takes it: without its last
 * newline, behind | without all newlines at its end, as sh has it; NULL: to the terminal. ERROR_OTHER, or ERROR_USAGE
 * for a variable in the file's name. */
int sink_open(struct shell *sh, const struct line_command *c, struct buf *answer, struct sink *k, struct error *error);
/* Standard output, as it is or guarded when it is a terminal. */
void sink_standard(struct shell *sh, struct sink *k);
/* status: of the command. Returns it, or -1 when it was 0 and closing failed. After a failure the file is as it was. */
int sink_close(struct sink *k, int status, struct error *error);

#endif
