/*
 * Memory. What is small and of a fixed size is asked for by mem_alloc() and its like, which never fail: when malloc()
 * has nothing left they draw on a reserve that was kept aside. What grows with input from outside is asked for by
 * mem_try() and its like, which may fail:
 *
 *	struct item *more = mem_more(l->items, &l->cap, l->n, sizeof *more);
 *	if (more == NULL)
 *		return mem_fail(error, "keeping the items");
 *	l->items = more;
 *
 * Either way the command that runs is told to end, by work_spend() and by who runs it (shell/run.c), and mem_settle()
 * fills the reserve up behind it. So memory that is out is the error of a command, never the end of the shell. Only
 * when the reserve is used up, too, does the process end, and then the way that mem_on_end() was told: it saves the
 * session.
 *
 * This is the one state of the layers below commands/ that belongs to the process, because memory does.
 */
#ifndef NET_MEM_H
#define NET_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "net/error.h"

enum {
	MEM_SMALL = 16 << 10,  /* bytes: up to here mem_try() draws on the reserve, too, while there is one */
	MEM_RESERVE = 4 << 20, /* address space only, until it is used */
	MEM_LAST = 2 << 20     /* kept for mem_on_end() */
};

/* Never NULL. For sizes with a bound of some MEM_SMALL. free() them. */
void *mem_alloc(size_t n); /* zeroed */
void *mem_resize(void *p, size_t n);
void *mem_dup(const void *p, size_t n);

/* NULL when memory is out; then mem_missed() is true, and what was there is as it was. */
void *mem_try(size_t n); /* zeroed */
void *mem_try_resize(void *p, size_t n);
void *mem_try_dup(const void *p, size_t n);
/* An array of n items, each of `size` bytes, with room for one more: itself, or a larger one in its place. */
void *mem_more(void *items, size_t *cap, size_t n, size_t size);

/* For what others allocate, such as a FILE: lets a small allocation that failed be tried again, or ends the process. */
void mem_find_room(void);
/* What is missing was noticed elsewhere: mem_missed() from now on. */
void mem_note_missed(void);

void mem_wipe(void *p, size_t n); /* for secrets; not optimised away */

/* Since the last mem_settle(): this thread did not get what it tried to; so what it made may not be whole. */
bool mem_missed(void);
/* The reserve is in use: what runs should end. */
bool mem_low(void);
/* Between two commands: takes the reserve anew, if it is to be had, and forgets what was missed. The first makes it. */
void mem_settle(void);
/* Called in this process when nothing is left, with MEM_LAST given back to malloc(): must not return to its caller's
 * work, but _exit() with a word; for memory that is out once more, in it, a second is waited, then the process ends. */
void mem_on_end(void (*end)(void *context), void *context);

/* The error of memory that is out, -1: ERROR_LIMIT "out of memory: ...". format: what was being done, "reading a
 * page". */
int mem_fail(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool mem_failed(const struct error *error); /* whether it is that error */

#endif
