/*
 * The guards around libtidy (HTML_FACTS.md): memory from an arena with a limit, CPU time and stack watched; when one is
 * reached the parser is told that the input ends, and past the hard limits it is left by longjmp and the arena dropped.
 * Private to commands/html; tidy's header stands in tree.c and clean.c only, so this header knows no tidy.
 */
#ifndef COMMANDS_HTML_GUARD_H
#define COMMANDS_HTML_GUARD_H

#include <setjmp.h>
#include <stdint.h>

#include "net/str.h"

enum {
	GUARD_STACK = 256 * 1024,            /* bytes of recursion before the input is ended */
	GUARD_MEMORY_BASE = 64 << 20,        /* bytes, plus GUARD_MEMORY_FACTOR times the input */
	GUARD_MEMORY_FACTOR = 24,
	GUARD_CPU_MS = 2000,                 /* plus a second per MB; the hard limit is twice that */
};

struct guard_block;
struct guard {
	jmp_buf out;
	struct guard_block *blocks;
	size_t used, limit;
	const char *stack_base;
	int64_t start_us, soft_us, hard_us;  /* CPU time of the thread */
	unsigned calls;
	const char *why;                     /* set when a guard ended the parse */
};

void guard_start(struct guard *g, size_t input_bytes, const char *stack_base);
void guard_end(struct guard *g);                     /* frees all */
void *guard_alloc(struct guard *g, size_t n);        /* longjmps when a hard limit is reached */
void *guard_realloc(struct guard *g, void *p, size_t n);
/* Asked once per byte of input: true when the input must end here. */
bool guard_stop(struct guard *g, const char *stack_here);

#endif
