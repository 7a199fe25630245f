/* Tab: what may stand at the end of a line. */
#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include "shell/shell.h"

enum { COMPLETIONS_MAX = 500 };

struct completions {
	char **items;
	size_t n;
	struct str word;         /* what they complete, a view of the line */
	bool space;              /* a finished word is followed by a space */
};

/* text: the line up to the cursor. */
void complete_line(struct shell *sh, struct str text, struct completions *out);
void completions_release(struct completions *c);

#endif
