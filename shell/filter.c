/* A command of the system's shell between two pipes. */
#include "shell/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/child.h"
#include "shell/signals.h"

enum { READ_SIZE = 16 << 10, LOOK_MS = 200 /* for a signal that came just before the wait */ };

struct filter {
	struct child child;
	FILE *input; /* writes to the child, and takes meanwhile what it answers */
	struct buf *answer;
};

/* It prints no more, or nobody wants more of it. */
static void
end_answer(struct filter *f)
{
	if (f->child.out >= 0)
		close(f->child.out);
	f->child.out = -1;
}

static void
take_answer(struct filter *f)
{
	char text[READ_SIZE];
	ssize_t n = read(f->child.out, text, sizeof text);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0 || buf_add(f->answer, text, (size_t)n) != 0)
		end_answer(f);
	mem_wipe(text, sizeof text);
}

/* Until the child can take more (input) or has answered all; -1 with errno when Ctrl-C came. */
static int
wait_for(struct filter *f, bool input)
{
	while (input || f->child.out >= 0) {
		struct pollfd fds[] = { { .fd = f->child.out, .events = POLLIN },
			{ .fd = input ? fileno(f->child.in) : -1, .events = POLLOUT } };
		int n = poll(fds, 2, LOOK_MS);

		if (shell_interrupts > 0) {
			errno = EINTR;
			return -1;
		}
		if (n <= 0)
			continue;
		if (fds[0].revents != 0)
			take_answer(f);
		if (fds[1].revents != 0)
			return 0;
	}
	return 0;
}

static ssize_t
write_input(void *cookie, const char *data, size_t n)
{
	struct filter *f = cookie;
	size_t done = 0;

	while (done < n) {
		ssize_t written;

		if (wait_for(f, true) != 0)
			return 0;
		written = write(fileno(f->child.in), data + done, n - done);
		if (written < 0 && errno != EAGAIN && errno != EINTR)
			return 0;
		done += written > 0 ? (size_t)written : 0;
	}
	return (ssize_t)n;
}

struct filter *
filter_open(const char *command, struct buf *answer)
{
	static const cookie_io_functions_t functions = { .write = write_input };
	struct filter *f = mem_alloc(sizeof *f);

	f->answer = answer;
	if (child_start(&f->child, command, CHILD_INPUT | CHILD_OUTPUT) != 0) {
		free(f);
		return NULL;
	}
	fcntl(fileno(f->child.in), F_SETFL, O_NONBLOCK);
	while ((f->input = fopencookie(f, "w", functions)) == NULL)
		mem_find_room();
	return f;
}

FILE *
filter_input(const struct filter *f)
{
	return f->input;
}

int
filter_close(struct filter *f)
{
	int status;

	fclose(f->input);
	fclose(f->child.in);
	f->child.in = NULL;
	if (wait_for(f, false) != 0)
		kill(f->child.pid, SIGINT);
	end_answer(f);
	status = child_wait(&f->child);
	free(f);
	return status;
}
