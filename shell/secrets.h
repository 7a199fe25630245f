/* Where secrets stand in what a person types: history leaves them out, a recording puts variables in their place. */
#ifndef SHELL_SECRETS_H
#define SHELL_SECRETS_H

#include "commands/command.h"
#include "shell/words.h"

/* The next secret at or behind *from, as [*from, *to): the value of name=value, Name:value, "name": "value" with such a
 * name, the password of scheme://user:password@host, Bearer TOKEN. item: the text is one word, so that a value that its
 * name begins goes to the end. */
bool secret_find(struct str text, bool item, size_t *from, size_t *to);

/* Whether a command line of sh holds one, in the options, headers and fields of curl and its like too; what is a
 * variable of sh is none. */
bool secret_in_shell(struct str text);

/* The text of a word with its marks, each variable as the one byte SECRET_VARIABLE: a value that is a variable is no
 * secret by itself. */
#define SECRET_VARIABLE '\1'
struct flat {
	const struct word *word;
	struct str text;
	const uint8_t *marks;
	size_t part; /* of the word, that flat_next() has come to */
};
void flat_init(struct flat *f, const struct word *w);
void flat_release(struct flat *f);
/* Text up to the next variable, at most to `to`: *from goes behind both. *variable: its name, or NULL. False when *from
 * is `to`. Slices are asked for in their order. */
bool flat_next(struct flat *f, size_t *from, size_t to, struct str *text, const char **variable);

/* Where the secret begins in word i of a command by the rows of its arguments (ARG_SECRET ... in commands/command.h:
 * auth basic USER:PASSWORD, header set Authorization ..., let password = ...); SIZE_MAX: nowhere. commands: all there
 * are (lookup.h); the same below. */
size_t secret_of_command(const struct command *const *commands, const struct line_command *c, size_t i);

/* The command's last argument is a secret that was not given: it is asked for. */
bool secret_asked_for(const struct command *const *commands, const struct line_command *c);
/* The word that the command gives a value to (`let`), NULL when it gives none. */
const struct word *assigned_name(const struct command *const *commands, const struct line_command *c);

/* A copy of text (n bytes; the caller wipes and frees) in which the secrets of the line that has offset `at` are stars:
 * what errors show. */
char *secret_masked(const struct command *const *commands, struct str text, size_t at);

/* A command as history may keep it: secrets are left out; NULL when it is not kept at all (a leading blank, or secrets
 * in the text of | ! or <<). Caller frees. */
char *secret_free_line(const struct command *const *commands, struct str line);

#endif
