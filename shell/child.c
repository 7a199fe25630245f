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

static int
open_pipe(int ends[2], bool wanted)
{
	ends[0] = ends[1] = -1;
	return wanted ? pipe2(ends, O_CLOEXEC) : 0;
}

static void
close_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int
spawn(struct child *c, const char *command, int in, int out)
{
	char shell[] = "sh", option[] = "-c", *text = process_command(command),
	     *words[] = { shell, option, text, NULL };
	posix_spawn_file_actions_t actions;
	int status;

	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	status = posix_spawn(&c->pid, "/bin/sh", &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(text);
	return status;
}

int
child_start(struct child *c, const char *command, unsigned streams)
{
	int in[2], out[2] = { -1, -1 }, status = 0;

	*c = (struct child){ .out = -1 };
	if (open_pipe(in, (streams & CHILD_INPUT) != 0) != 0 || open_pipe(out, (streams & CHILD_OUTPUT) != 0) != 0)
		status = errno;
	if (status == 0)
		status = spawn(c, command, in[0], out[1]);
	close_end(in[0]);
	close_end(out[1]);
	if (status == 0) {
		c->in = in[1] >= 0 ? fdopen(in[1], "w") : NULL;
		c->out = out[0];
		return 0;
	}
	close_end(in[1]);
	close_end(out[0]);
	errno = status;
	return -1;
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
