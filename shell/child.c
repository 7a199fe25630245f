/* A command of the system's shell: its start and its end. */
#include "shell/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/process.h"
#include "shell/signals.h"

int
child_start(struct child *c, const char *command, bool with_input)
{
	char shell[] = "sh", option[] = "-c", *text = process_command(command),
	     *words[] = { shell, option, text, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2] = { -1, -1 }, status;

	*c = (struct child){ .in = NULL };
	if (with_input && pipe2(ends, O_CLOEXEC) != 0) {
		free(text);
		return -1;
	}
	posix_spawn_file_actions_init(&actions);
	if (with_input)
		posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	status = posix_spawn(&c->pid, "/bin/sh", &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(text);
	if (with_input)
		close(ends[0]);
	if (status == 0 && with_input)
		c->in = fdopen(ends[1], "w");
	else if (with_input)
		close(ends[1]);
	errno = status;
	return status == 0 ? 0 : -1;
}

/* Until it has ended, or we are told to. */
static void
wait_end(pid_t pid)
{
	struct pollfd ready = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	sigset_t ends, before;

	if (ready.fd < 0)
		return;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &before);
	while (shell_ended == 0 && ppoll(&ready, 1, NULL, &before) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(ready.fd);
}

int
child_wait(struct child *c)
{
	int status = 0;

	if (c->in != NULL)
		fclose(c->in);
	wait_end(c->pid);
	if (shell_ended != 0) {
		kill(c->pid, shell_ended);
		if (waitpid(c->pid, &status, WNOHANG) != c->pid)
			status = shell_ended;
		return status;
	}
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}
