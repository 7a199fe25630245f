/*
 * Reading one word, for line_parse(): private to lexer.c and words.c. What is read stands in l->plain with its marks
 * until a variable or the end of the word closes the part.
 */
#ifndef SHELL_LEXER_H
#define SHELL_LEXER_H

#include "shell/words.h"

enum { WORDS_MAX_HEREDOCS = 16 };

struct lexer {
	struct str text;
	size_t at;
	size_t *where;
	bool *incomplete;
	struct error *error;
	struct buf plain, marks; /* text part being collected */
	bool empty;              /* '' stands in front of its next byte */
	size_t plain_at;
	bool plain_open; /* also an empty '' makes a part */
	struct {
		size_t command;
		char *end;
		bool literal;
	} pending[WORDS_MAX_HEREDOCS];
	size_t n_pending;
};

/* Always -1. The second: more text could complete it. */
int lexer_fail(struct lexer *l, size_t at, const char *message);
int lexer_fail_open(struct lexer *l, size_t at, const char *message);

int lexer_peek(const struct lexer *l, size_t ahead); /* the byte there; -1 behind the end */
bool lexer_is_blank(int c);

/* A part of the word begins; a byte of it; it ends, and the word has it. */
void lexer_open(struct lexer *l);
void lexer_add(struct lexer *l, char c, int mark);
void lexer_close(struct lexer *l, struct word *w);

/* The variable at l->at; mark: of a $ that begins none. */
int lexer_variable(struct lexer *l, struct word *w, int mark);
/* The next byte inside double quotes or a body: a backslash is special only before these; with a newline it is
 * nothing. */
void lexer_take(struct lexer *l, const char *special);

/* compare: > and < are ordinary bytes. */
bool lexer_ends_word(const struct lexer *l, bool compare);
int lexer_word(struct lexer *l, struct word *w, bool compare);
void word_release(struct word *w);

#endif
