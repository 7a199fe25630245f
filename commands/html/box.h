/*
 * A box: a function of bytes to bytes that runs in a process of its own, because the bytes come from outside and the
 * function is a library's, whose time, memory and soundness nobody can vouch for. It can spoil or hold its own
 * process only:
 *
 *	static void repair(struct str input, struct buf *output);     (calls the library, adds to output)
 *
 *	static const struct box box = { .name = "the repair", .run = repair, .memory = 64 << 20, .seconds = 2, .output =
 *	8 << 20, }; 	if (box_run(&box, input, work, &output, error) != 0)
 *		return -1;
 *
 * Whoever has taken that process over can do one thing with it: answer other bytes. So what comes back is judged like
 * what a server sends. The process
 *  - is forked from a helper, which the first box_run() makes by starting this program anew: no key, cookie or
 *    password is in it, no open file or socket, no argument and no variable of the environment, no thread that could
 *    hold a lock at the fork, and its addresses are not those of this process;
 *  - has limits of memory (RLIMIT_DATA, and a stack of BOX_STACK), of CPU time (RLIMIT_CPU), no files, no processes,
 *    no core;
 *  - has, on x86-64 and AArch64, a seccomp filter: it may take and give back memory and end itself, any other call of
 *    the system kills it. Elsewhere the limits stand alone;
 *  - is killed when `work` ends (Ctrl-C, the deadline), and when this process ends, however that does.
 * The helper is in a session of its own: the terminal's signals and the shell's waitpid() never meet it or its
 * children.
 *
 * Why so: a fork of this process itself would take along every secret, to be answered as a link or a field, and locks
 * that other threads hold; a helper forked by main() costs a fifth of each start, page or none. Started anew it costs
 * one start more, with the first page.
 *
 * The function must be one of this program itself, have no state, open nothing and write nothing but the output. For
 * memory that is out it calls box_out_of_memory(). One thread of a process may use boxes.
 *
 * With AddressSanitizer, which needs terabytes of addresses and calls of its own, memory is counted by its allocator,
 * CPU time counts a fifth, and there is no filter; box_has_filter() says so.
 */
#ifndef COMMANDS_HTML_BOX_H
#define COMMANDS_HTML_BOX_H

#include "net/buf.h"
#include "net/error.h"
#include "net/work.h"

enum { BOX_STACK = 64 << 20 };

struct box {
	const char *name; /* what it is for who reads an error: "libtidy" */
	void (*run)(struct str input, struct buf *output);
	bool (*prepare)(void); /* NULL, or called in the helper before: loads what run needs */
	size_t memory;         /* bytes that it may have allocated at a time */
	unsigned seconds;      /* of CPU time */
	size_t output;         /* bytes */
};

/* Appends what the function put out. -1 with ERROR_LIMIT (memory, CPU time, size of the output, the work's deadline),
 * ERROR_INTERRUPTED, or ERROR_OTHER when the process crashed or could not be made; then output is as before. work may
 * be NULL. */
int box_run(const struct box *box, struct str input, struct work *work, struct buf *output, struct error *error);

/* For the function in the box. */
_Noreturn void box_out_of_memory(void);

bool box_has_filter(void);

#endif
