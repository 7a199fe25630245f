/* Signals: Ctrl-C, the orderly end, and reads that wait for either. */
#include "shell/signals.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { END_SECONDS = 10 };

volatile sig_atomic_t shell_interrupts, shell_ended;

static void
on_interrupt(int signal)
{
	(void)signal;
	shell_interrupts++;
}

/* An orderly end: what runs stops as by Ctrl-C, temporary files go, the session is saved; main() dies of the signal
 * then. */
static void
on_end(int number)
{
	shell_ended = number;
	shell_interrupts++;
	alarm(END_SECONDS);
}

/* It did not come to its end. */
static void
on_late(int number)
{
	(void)number;
	_exit(128 + shell_ended);
}

static void
on_nothing(int signal)
{
	(void)signal; /* a handler, not SIG_IGN: children of | and ! get the default back */
}

void
signals_ignore(int number)
{
	struct sigaction action = { .sa_handler = on_nothing, .sa_flags = SA_RESTART };

	sigaction(number, &action, NULL);
}

void
signals_set(void)
{
	static const int ends[] = { SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_interrupt }, before;

	sigaction(SIGINT, &action, NULL);
	signals_ignore(SIGPIPE);
	action.sa_handler = on_late;
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = on_end;
	for (size_t i = 0; i < 2; i++)
		if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup(1) */
			sigaction(ends[i], &action, NULL);
}

void
signals_die_of(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	fflush(stdout);
	sigaction(number, &action, NULL);
	raise(number);
}

/* Waits for input, Ctrl-C or the end; one that comes just before the wait is not lost. */
static void
wait_readable(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	sigset_t interrupt, before;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigaddset(&interrupt, SIGTERM);
	sigaddset(&interrupt, SIGHUP);
	sigprocmask(SIG_BLOCK, &interrupt, &before);
	if (shell_interrupts == 0)
		ppoll(&ready, 1, NULL, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

ssize_t
shell_read(int fd, void *p, size_t n)
{
	ssize_t got;

	do {
		wait_readable(fd);
		if (shell_interrupts > 0) {
			errno = EINTR;
			return -1;
		}
		got = read(fd, p, n);
	} while (got < 0 && errno == EINTR);
	return got;
}
