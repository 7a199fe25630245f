/* A command of the system's shell: behind ! and |, and the pager. */
#ifndef SHELL_CHILD_H
#define SHELL_CHILD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* What is wanted of its standard streams; the others are the shell's own. */
enum { CHILD_INPUT = 1, CHILD_OUTPUT = 2 };

struct child {
	pid_t pid;
	FILE *in; /* its standard input, when it was asked for; NULL */
	int out;  /* its standard output, when it was asked for; -1. Whoever asked closes it */
};

/* Starts sh -c command. -1 with errno. */
int child_start(struct child *c, const char *command, unsigned streams);
/* Closes its input and waits for it; its status as waitpid() tells it. When the shell is told to end (SIGTERM,
 * SIGHUP), the child is told too and not waited for. */
int child_wait(struct child *c);

#endif
