/* The shell's side of a box, the helper's, and what the helper's children do. */
#include "commands/html/box.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/html/box_walls.h"

#define HELPER "httpsh-box"

enum { SLICE_MS = 50 }; /* how long an interrupt can stay unseen that came between a look at it and poll() */

/* What both sides say over their socket; the shared memory comes with the order. It holds the length of the output, the
 * output with room for a NUL, the input. */
struct order {
	struct box box;         /* its pointers mean nothing in the other process ... */
	ptrdiff_t run, prepare; /* ... but both are one program: from box_run() to the functions; prepare 0: none */
	size_t input;
};

struct answer {
	int status; /* of waitpid() */
};

static struct {
	pid_t owner, pid; /* pid 0: there is none */
	int socket;
} helper;

static size_t
input_at(const struct order *o)
{
	return sizeof(size_t) + o->box.output + 1;
}

static intptr_t
place_of_this_program(void)
{
	return (intptr_t)box_run;
}

/* ---- the child ---- */

static _Noreturn void
run_boxed(const struct order *o, int memory)
{
	uint8_t *all = mmap(NULL, input_at(o) + o->input, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	void (*run)(struct str, struct buf *) = (void (*)(struct str, struct buf *))(place_of_this_program() + o->run);
	struct buf output;

	if (all == MAP_FAILED || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(BOX_NO_WALLS);
	if (!BOX_SANITIZED)
		closefrom(0);
	if (!box_close(&o->box))
		_exit(BOX_NO_WALLS);
	output = (struct buf){ .data = all + sizeof(size_t), .cap = o->box.output + 1, .max = o->box.output };
	run(str_from(all + input_at(o), o->input), &output);
	memcpy(all, &output.len, sizeof output.len);
	_exit(output.full ? BOX_FULL : BOX_WHOLE);
}

/* ---- the helper: descriptor 0 is its socket ---- */

static void
on_child(int number)
{
	(void)number; /* ends ppoll() */
}

/* False when there is nobody any more who could give one. */
static bool
receive(struct order *o, int *memory)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { o, sizeof *o };
	ssize_t n;

	do {
		struct msghdr m = {
			.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof control,
		};
		struct cmsghdr *c;

		n = recvmsg(STDIN_FILENO, &m, 0);
		c = CMSG_FIRSTHDR(&m);
		*memory = -1;
		if (n == (ssize_t)sizeof *o && c != NULL)
			memcpy(memory, CMSG_DATA(c), sizeof *memory);
	} while (n > 0 && *memory < 0); /* a word to end what has ended by itself */
	return n > 0;
}

/* Until the child has ended; any word from the shell, and the shell's end, kill it. */
static struct answer
wait_for_child(pid_t child)
{
	struct pollfd words = { STDIN_FILENO, POLLIN, 0 };
	struct answer a = { 0 };
	sigset_t none;

	sigemptyset(&none);
	while (waitpid(child, &a.status, WNOHANG) == 0)
		if (ppoll(&words, 1, NULL, &none) > 0) {
			kill(child, SIGKILL);
			waitpid(child, &a.status, 0);
			break;
		}
	return a;
}

static _Noreturn void
serve(void)
{
	struct sigaction action = { .sa_handler = on_child };
	struct order o;
	sigset_t set;
	int memory;

	prctl(PR_SET_NAME, HELPER);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	free(mem_alloc(1)); /* malloc() asks for random bytes once, which a child may not */
	while (receive(&o, &memory)) {
		bool (*prepare)(void) = (bool (*)(void))(place_of_this_program() + o.prepare);
		bool prepared = o.prepare == 0 || prepare();
		struct answer a = { W_EXITCODE(prepared ? BOX_NO_WALLS : BOX_NOT_PREPARED, 0) };
		pid_t child = prepared ? fork() : -1;

		if (child == 0)
			run_boxed(&o, memory);
		close(memory);
		if (child > 0)
			a = wait_for_child(child);
		if (send(STDIN_FILENO, &a, sizeof a, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* Runs in front of main(): a program that was started as a helper never gets there. */
__attribute__((constructor)) static void
serve_when_asked(int argc, char **argv)
{
	int type = 0;
	socklen_t n = sizeof type;

	if (argc == 1 && strcmp(argv[0], HELPER) == 0 &&
	    getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_SEQPACKET)
		serve();
}

/* ---- the shell ---- */

static void
stop(void)
{
	if (helper.pid == 0 || helper.owner != getpid())
		return;
	close(helper.socket);
	waitpid(helper.pid, NULL, 0);
	helper.pid = 0;
}

/* This program once more: nothing of what this process has, but descriptor 0. Returns an errno. */
static int
spawn(int socket)
{
	char name[] = HELPER, *argv[] = { name, NULL }, *nothing[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int status;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
	if (BOX_SANITIZED) /* a finding is told on standard error */
		posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&files, BOX_SANITIZED ? STDERR_FILENO + 1 : STDOUT_FILENO);
	status = posix_spawn(&helper.pid, "/proc/self/exe", &files, &attributes, argv, nothing);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return status;
}

static int
start(const struct box *box, struct error *error)
{
	static bool told;
	int pair[2];

	if (helper.pid != 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot make a process for %s", box->name);
	errno = spawn(pair[1]);
	close(pair[1]);
	if (errno != 0) {
		fail_errno(error, ERROR_OTHER, "cannot make a process for %s", box->name);
		close(pair[0]);
		helper.pid = 0;
		return -1;
	}
	helper.owner = getpid();
	helper.socket = pair[0];
	if (!told)
		told = atexit(stop) == 0;
	return 0;
}

/* Shared memory with the input in it. */
static int
make_memory(const struct order *o, struct str input, struct error *error)
{
	int memory = memfd_create("httpsh-box", MFD_CLOEXEC);

	if (memory < 0)
		return fail_errno(error, ERROR_OTHER, "cannot make shared memory for %s", o->box.name);
	if (ftruncate(memory, (off_t)(input_at(o) + input.n)) != 0) {
		fail_errno(error, ERROR_OTHER, "cannot make shared memory for %s", o->box.name);
		close(memory);
		return -1;
	}
	for (size_t at = 0; at < input.n;) {
		ssize_t n = pwrite(memory, input.p + at, input.n - at, (off_t)(input_at(o) + at));

		if (n < 0) {
			fail_errno(error, ERROR_OTHER, "cannot hand the page to %s", o->box.name);
			close(memory);
			return -1;
		}
		at += (size_t)n;
	}
	return memory;
}

static bool
give(const struct order *o, int memory)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = "" };
	struct iovec part = { (void *)(uintptr_t)o, sizeof *o };
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof memory);
	memcpy(CMSG_DATA(c), &memory, sizeof memory);
	return sendmsg(helper.socket, &m, MSG_NOSIGNAL) == (ssize_t)sizeof *o;
}

/* False when the helper has ended. */
static bool
wait_for_answer(struct answer *a, struct work *work)
{
	struct pollfd words = { helper.socket, POLLIN, 0 };
	bool ended = false;

	while (poll(&words, 1, SLICE_MS) <= 0)
		if (!ended && work != NULL && !work_look(work))
			ended = send(helper.socket, "", 1, MSG_NOSIGNAL) == 1;
	return recv(helper.socket, a, sizeof *a, 0) == (ssize_t)sizeof *a;
}

static int
explain(const struct box *box, int status, struct error *error)
{
	int end = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return fail(error, ERROR_LIMIT, 0, "%s took more than %u s on this page", box->name, box->seconds);
	if (end == BOX_NO_MEMORY)
		return fail(error, ERROR_LIMIT, 0, "%s took more than %zu MB on this page", box->name,
		    box->memory >> 20);
	if (end == BOX_FULL)
		return fail(error, ERROR_LIMIT, 0, "%s made more than %zu MB of this page", box->name,
		    box->output >> 20);
	if (end == BOX_NOT_PREPARED)
		return fail(error, ERROR_OTHER, 0, "%s cannot be loaded", box->name);
	if (end == BOX_NO_WALLS)
		return fail(error, ERROR_OTHER, 0, "the process for %s cannot be made", box->name);
	return fail(error, ERROR_OTHER, 0, "%s crashed on this page%s%s", box->name, WIFSIGNALED(status) ? ": " : "",
	    WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "");
}

/* The child is dead: what it wrote stands still now. */
static int
take(const struct box *box, int memory, struct buf *output, struct error *error)
{
	size_t n = 0, before = output->len;
	uint8_t *room;

	if (pread(memory, &n, sizeof n, 0) != (ssize_t)sizeof n || n > box->output)
		return fail(error, ERROR_OTHER, 0, "%s gave no answer that can be read", box->name);
	room = buf_room(output, n);
	if (room == NULL)
		return fail(error, ERROR_LIMIT, 0, "%s made more than %zu bytes of this page", box->name, output->max);
	for (size_t at = 0; at < n;) {
		ssize_t got = pread(memory, room + at, n - at, (off_t)(sizeof n + at));

		if (got <= 0) {
			output->len = before;
			return fail(error, ERROR_OTHER, 0, "%s gave no answer that can be read", box->name);
		}
		at += (size_t)got;
	}
	buf_added(output, n);
	return 0;
}

static int
run_order(const struct order *o, int memory, struct work *work, struct buf *output, struct error *error)
{
	struct answer a = { 0 };

	if (!give(o, memory) || !wait_for_answer(&a, work)) {
		stop();
		return fail(error, ERROR_OTHER, 0, "the process for %s was killed", o->box.name);
	}
	if (work != NULL && work->ended != WORK_GOES_ON)
		return work_fail(work, error, "reading the page by %s", o->box.name);
	return a.status == W_EXITCODE(BOX_WHOLE, 0) ? take(&o->box, memory, output, error) :
						      explain(&o->box, a.status, error);
}

int
box_run(const struct box *box, struct str input, struct work *work, struct buf *output, struct error *error)
{
	struct order o = { *box, (intptr_t)box->run - place_of_this_program(), 0, input.n };
	int memory, status;

	if (box->prepare != NULL)
		o.prepare = (intptr_t)box->prepare - place_of_this_program();
	if (start(box, error) != 0)
		return -1;
	memory = make_memory(&o, input, error);
	if (memory < 0)
		return -1;
	status = run_order(&o, memory, work, output, error);
	close(memory);
	return status;
}
