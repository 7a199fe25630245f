/*
 * From the words of a line to a call that can run, or be checked: the values of the variables, the command that the
 * words name, its options and arguments, and what is wrong with them whatever the session holds.
 */
#ifndef SHELL_PREPARE_H
#define SHELL_PREPARE_H

#include "shell/shell.h"

/* A command's words with the values of their variables, and which bytes are what (net/marks.h). */
struct expanded {
	const char *const *words;
	const uint8_t *const *marks;
	size_t n;
};

/* value: of a variable; its context is sh. -1 with the place of the variable that has none in sh->place. */
int expanded_make(struct expanded *w, struct shell *sh, const struct line_command *c, word_value *value,
    struct error *error);
void expanded_release(struct expanded *w); /* wipes them */
/* The text of <<EOF; NULL as expanded_make() fails. The caller wipes and frees it. */
char *heredoc_make(struct shell *sh, const struct line_command *c, word_value *value, struct error *error);

/* Sets the call's command and what the words give. The call has its shell and error. -1: ERROR_USAGE
 * (sh->unknown_word). In both cases call_release() follows. */
int call_prepare(struct call *call, struct expanded w);
/* The place of the word that named no command, if one did. */
void place_unknown_word(struct shell *sh, const struct line_command *c);

#endif
