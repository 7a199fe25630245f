/*
 * Signals. signals_set() comes first; what runs looks at the two flags, and waits in shell_read().
 */
#ifndef SHELL_SIGNALS_H
#define SHELL_SIGNALS_H

#include <signal.h>
#include <sys/types.h>

/* 1 or more after Ctrl-C; the running command sees it. Cleared before each typed line, never in a script: it ends
 * there. */
extern volatile sig_atomic_t shell_interrupts;
/* SIGTERM or SIGHUP: the shell is to end in order, which means that the running command is interrupted, too. 0 = it is
 * not. */
extern volatile sig_atomic_t shell_ended;

/* SIGINT counts, SIGTERM and SIGHUP end (unless they were ignored: nohup(1)), SIGPIPE is for write(2) to tell. */
void signals_set(void);
/* Nothing happens; a child gets the default back. */
void signals_ignore(int number);
/* Ends the process as whoever sent the signal expects of a program that does nothing about it. */
void signals_die_of(int number);

/* read(2) that waits; -1 with EINTR only for the two flags, also for a signal just before the wait. */
ssize_t shell_read(int fd, void *p, size_t n);

#endif
