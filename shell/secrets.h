/* Keeping secrets out of history and of recordings. */
#ifndef SHELL_SECRETS_H
#define SHELL_SECRETS_H

#include "shell/shell.h"

/* Whether a field of this name holds a secret: password, token, secret ... */
bool secret_name(struct str name);
/* A line as history may keep it: values of secret fields are left out; NULL when it is not kept at all (a leading
 * space, or a secret that stands alone). Caller frees. */
char *secret_free_line(struct str line);
/* Writes a command to the recording, secrets as variables that the replay must define. */
void record_words(struct shell *sh, const char *const *words, size_t n);

#endif
