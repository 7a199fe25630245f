/* Tab: what may stand at the end of a line. */
#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include "shell/shell.h"

enum { COMPLETIONS_MAX = 500 };

struct completions {
	char **items; /* all showable (str.h) */
	size_t n;
	char *word;       /* being typed, without its quotes */
	struct str typed; /* the end of word that the items complete */
	char quote;       /* the quote that is open, '\0' none */
	bool finish;      /* the only item ends the word */
};

/* text: the command up to the cursor; earlier lines of it stand in front. */
void complete_line(struct shell *sh, struct str text, struct completions *out);
void completions_release(struct completions *c);

/* Appends what must be typed for `rest` to stand behind the word; finish: the quote is closed, a space follows. */
void completion_source(const struct completions *c, struct str rest, bool finish, struct buf *out);

#endif
