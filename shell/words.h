/*
 * Text to commands and words, as the POSIX shell splits them (XCU 2.2, 2.3): '...' literal, "..." with $ and \,
 * \ escapes, # a comment at the start of a word only, a trailing \ continues the line, <<EOF gives a body (quoted
 * delimiter: literal), > and >> redirect, ; separates. Different on purpose:
 *
 *	| TEXT    all up to an unquoted ; or the end of the line is for `sh -c`, as it is written
 *	! TEXT    at the start of a command: all up to the end of the line is for `sh -c`
 *	& < ( ) * ? ~ are ordinary bytes, so that URLs and selectors need no quotes for them
 *	>= is an ordinary word; behind `expect`, > and < are too: expect time < 2s (but not behind `expect fail`)
 *	$name, ${name}, ${header.location}, $1; a $ before anything else is itself. A value is never split again.
 *
 * A value is data: no operator, option, command or sub-command is looked for in it, nor in what stands behind a
 * backslash; but \; \| \< and \> are as in quotes, for there the backslash only keeps them from the shell. Which bytes
 * are what goes along in the marks of net/marks.h.
 */
#ifndef SHELL_WORDS_H
#define SHELL_WORDS_H

#include "net/buf.h"
#include "net/error.h"
#include "net/marks.h"

enum {
	WORDS_MAX_TEXT = 16 << 20, /* bytes of a script */
	WORDS_MAX_WORDS = 10000,   /* of one command */
	WORDS_MAX_COMMANDS = 10000 /* on one line */
};

struct word_part {
	bool variable; /* text is a variable's name */
	char *text;
	uint8_t *marks; /* of text, length + 1; NULL for a variable */
	size_t length;
	size_t at; /* offset in the source */
};

struct word {
	struct word_part *parts;
	size_t n_parts;
	size_t at, end; /* offsets in the source */
};

enum redirect { REDIRECT_NONE, REDIRECT_WRITE, REDIRECT_APPEND };

struct line_command {
	struct word *words;
	size_t n_words;
	enum redirect redirect;
	struct word target; /* of > and >> */
	char *pipe;         /* text behind |, NULL none */
	char *escape;       /* text behind !; then there are no words */
	bool has_heredoc;
	struct word heredoc; /* its body */
	size_t at, end;      /* offsets in the source */
};

struct line {
	struct line_command *commands;
	size_t n_commands;
};

/* Reads one logical line that starts at text.p[*at] and moves *at behind it. A blank line gives no commands; the end is
 * where *at == text.n. ERROR_USAGE with *where = offset of the place in text. *incomplete: more text could complete it
 * (an open quote, a trailing backslash, a heredoc without its end). */
int line_parse(struct line *line, struct str text, size_t *at, size_t *where, bool *incomplete, struct error *error);
void line_release(struct line *line);

/* Appends a variable's value: 0, or -1 with the reason (undefined). */
typedef int word_value(void *context, struct str name, struct buf *out, struct error *error);

/* The word with its variables' values; caller frees, NULL on failure with *where = the variable's place. */
char *word_expand(const struct word *word, word_value *value, void *context, size_t *where, struct error *error);
/* The same with the marks of the text; caller frees both. */
char *word_expand_marked(const struct word *word, word_value *value, void *context, uint8_t **marks, size_t *where,
    struct error *error);

/* Whether it is this text, written without variables. */
bool word_is(const struct word *word, const char *text);

/* The word as text, variables as ${name}; caller frees. */
char *word_plain(const struct word *word);

/* Appends text so that it is read back as one word with exactly these bytes. */
void word_quote(struct str text, struct buf *out);

/* The same for text with marks: what is data is data when it is read back. names_command: written bare, it would run
 * (lookup.h), so that quotes stay. */
void word_source(struct str text, const uint8_t *marks, bool names_command, struct buf *out);
/* The same for text that is data as a whole. */
void word_data(struct str text, struct buf *out);

/* Line number (from 1) of an offset. */
unsigned line_number(struct str text, size_t at);

/* Appends the line that holds the offset, and a caret under the place. */
void line_caret(struct str text, size_t at, struct buf *out);

/* Length of the name at the start of s, what may follow "$" or stand in "${}" (then with . and -); 0 none. */
size_t variable_name_length(struct str s, bool in_braces);

#endif
