/* A box: what its function can do, what it cannot, and that whoever runs it goes on as if nothing had been. */
#include "tests/support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/html/box.h"
#include "net/event.h"

enum { MANY = 40, LARGE = 3 << 20, SAFETY_US = 60000000 };

static volatile sig_atomic_t interrupts;
static char secret[] = "no secret yet";

/* ---- functions that run in boxes; the first byte of the input says what to do ---- */

static void
turn_around(struct str input, struct buf *output)
{
	for (size_t i = input.n; i > 0; i--)
		buf_add_char(output, input.p[i - 1]);
}

static void
tell(struct str input, struct buf *output)
{
	(void)input;
	buf_addf(output, "%s %s", secret, environ != NULL && environ[0] != NULL ? environ[0] : "nothing");
}

static size_t
deeper(volatile char *from, size_t levels)
{
	volatile char room[4096];

	room[0] = *from;
	return levels == 0 ? 0 : deeper(room, levels - 1) + (size_t)room[0];
}

static void
misbehave(struct str input, struct buf *output)
{
	static volatile char *const nowhere = NULL;
	volatile char byte = 'x';
	size_t n = 0;

	switch (input.p[0]) {
	case 'l':
		for (;;)
			n++;
	case 'm':
		for (char *p; (p = malloc(1 << 20)) != NULL;)
			memset(p, 1, 1 << 20);
		box_out_of_memory();
	case 'o':
		while (buf_add(output, "0123456789", 10) == 0)
			n++;
		break;
	case 's':
		buf_addf(output, "%zu", deeper(&byte, SIZE_MAX));
		break;
	case 'n':
		*nowhere = 'x';
		break;
	case 'e':
		_exit(7);
	case 'a':
		output->len = SIZE_MAX - 3;
		break;
	default:
		output->len = output->max + 1;
	}
}

static void
call_system(struct str input, struct buf *output)
{
	char byte = 'x', *argv[] = { NULL };
	void *page = (void *)((uintptr_t)call_system & ~(uintptr_t)4095);

	switch (input.p[0]) {
	case 'o':
		open("/etc/passwd", O_RDONLY);
		break;
	case 'w':
		if (write(2, &byte, 1) < 0)
			byte = 'y';
		break;
	case 'r':
		if (read(0, &byte, 1) < 0)
			byte = 'y';
		break;
	case 's':
		socket(AF_INET, SOCK_STREAM, 0);
		break;
	case 'f':
		fork();
		break;
	case 'x':
		execve("/bin/true", argv, argv);
		break;
	case 'k':
		kill(getppid(), SIGKILL);
		break;
	case 'p':
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		break;
	case 'c':
		mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		break;
	case 'm':
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
		break;
	case 'M':
		mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		break;
	case 'P':
		mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
		break;
	case 'S':
		sleep(1);
		break;
	default:
		memset(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 1 << 20);
	}
	buf_add_str(output, STR("allowed"));
}

/* ---- around them ---- */

static const struct box around = {
	.name = "the turner",
	.run = turn_around,
	.memory = 8 << 20,
	.seconds = 2,
	.output = 2 * LARGE,
};
static const struct box talker = { .name = "the talker", .run = tell, .memory = 8 << 20, .seconds = 2, .output = 100 };
static const struct box bad = {
	.name = "the villain",
	.run = misbehave,
	.memory = 16 << 20,
	.seconds = 1,
	.output = 1 << 20,
};
static const struct box caller = {
	.name = "the caller",
	.run = call_system,
	.memory = 8 << 20,
	.seconds = 2,
	.output = 100,
};

static void
works(void)
{
	struct buf out;

	buf_init(&out, 0);
	buf_add_str(&out, STR("in front "));
	assert_int_equal(box_run(&around, STR("abc"), NULL, &out, NULL), 0);
	assert_true(str_is(buf_str(&out), "in front cba"));
	buf_release(&out);
}

/* The error of a run that fails; then the next one works. */
static void
fails(const struct box *box, const char *input, struct work *work, enum error_kind kind, const char *says)
{
	struct error error = { .kind = ERROR_NONE };
	struct buf out;

	buf_init(&out, 0);
	assert_int_equal(box_run(box, str_of(input), work, &out, &error), -1);
	assert_int_equal(out.len, 0);
	if (error.kind != kind || strstr(error.text, says) == NULL)
		fail_msg("%s %s: %s, not %s", box->name, input, error.text, says);
	buf_release(&out);
	works();
}

static size_t
count_entries(const char *path, char last[64])
{
	DIR *d = opendir(path);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.') {
			snprintf(last, 64, "%.60s", e->d_name);
			n++;
		}
	closedir(d);
	return n;
}

/* The ids of the children of a process, " 12 13"; what it was before when there are none. */
static void
children_of(pid_t pid, char *text, size_t size)
{
	char path[64];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, size - 1, f);
	text[n] = '\0';
	fclose(f);
}

static pid_t
helper(void)
{
	char text[200], *end;
	long pid;

	children_of(getpid(), text, sizeof text);
	pid = strtol(text, &end, 10);
	assert_true(pid > 0);
	assert_string_equal(end, " "); /* the one child */
	return (pid_t)pid;
}

static void
on_alarm(int number)
{
	(void)number;
	interrupts++;
}

static void
interrupt_in(long us)
{
	struct itimerval in = { .it_value = { .tv_usec = us } };
	struct sigaction action = { .sa_handler = on_alarm };

	interrupts = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &in, NULL);
}

/* ---- tests ---- */

static void
test_bytes(void **state)
{
	struct buf in, out;

	(void)state;
	buf_init(&in, 0);
	buf_init(&out, 0);
	assert_int_equal(box_run(&around, STR(""), NULL, &out, NULL), 0);
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < LARGE; i++)
		buf_add_char(&in, (char)(i * 7 + (i >> 9)));
	assert_int_equal(box_run(&around, buf_str(&in), NULL, &out, NULL), 0);
	assert_int_equal(out.len, in.len);
	for (size_t i = 0; i < LARGE; i++)
		if (out.data[i] != in.data[LARGE - 1 - i])
			fail_msg("byte %zu", i);
	buf_release(&in);
	buf_release(&out);
}

/* Neither what this process has learned nor its environment is in a box. */
static void
test_no_secrets(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	snprintf(secret, sizeof secret, "password");
	assert_int_equal(box_run(&talker, STR(""), NULL, &out, NULL), 0);
	assert_true(str_is(buf_str(&out), "no secret yet nothing"));
	buf_release(&out);
}

static void
test_limits(void **state)
{
	static const struct {
		const char *what, *says;
		enum error_kind kind;
	} cases[] = {
		{ "l", "the villain took more than 1 s", ERROR_LIMIT },
		{ "m", "the villain took more than 16 MB", ERROR_LIMIT },
		{ "o", "the villain made more than 1 MB", ERROR_LIMIT },
		{ "s", "the villain crashed", ERROR_OTHER },
		{ "n", "the villain crashed", ERROR_OTHER },
		{ "e", "the villain crashed", ERROR_OTHER },
		{ "a", "no answer that can be read", ERROR_OTHER },
		{ "b", "no answer that can be read", ERROR_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		fails(&bad, cases[i].what, NULL, cases[i].kind, cases[i].says);
}

static void
test_room_of_caller(void **state)
{
	struct error error;
	struct buf out;

	(void)state;
	buf_init(&out, 10);
	buf_add_str(&out, STR("12345"));
	assert_int_equal(box_run(&around, STR("123456"), NULL, &out, &error), -1);
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_true(str_is(buf_str(&out), "12345"));
	buf_release(&out);
}

static void
test_filter(void **state)
{
	struct error error;
	struct buf out;

	(void)state;
	if (!box_has_filter()) {
		print_message("no filter in this build (sanitizers, or another machine): not tested\n");
		skip();
	}
	for (const char *p = "owrsfxkpcmMPS"; *p != '\0'; p++) {
		const char what[] = { *p, '\0' };

		fails(&caller, what, NULL, ERROR_OTHER, "the caller crashed on this page: Bad system call");
	}
	buf_init(&out, 0);
	assert_int_equal(box_run(&caller, STR("-"), NULL, &out, &error), 0);
	assert_true(str_is(buf_str(&out), "allowed"));
	buf_release(&out);
}

static void
test_interrupt(void **state)
{
	struct work work = { .interrupted = &interrupts };
	int64_t start = now_us();

	(void)state;
	interrupt_in(100000);
	fails(&bad, "l", &work, ERROR_INTERRUPTED, "interrupted");
	assert_true(now_us() - start < SAFETY_US);
	work = (struct work){ .deadline_us = now_us() + 50000 };
	fails(&bad, "l", &work, ERROR_LIMIT, "longer than max-time");
}

/* The word to end meets a child before, in and behind its work; no answer goes to the wrong question. */
static void
test_late_interrupts(void **state)
{
	(void)state;
	for (long i = 0; i < MANY; i++) {
		struct work work = { .interrupted = &interrupts };
		struct error error = { .kind = ERROR_NONE };
		struct buf out;

		buf_init(&out, 0);
		interrupt_in(1 + i * 200);
		if (box_run(&around, STR("xyz"), &work, &out, &error) != 0)
			assert_int_equal(error.kind, ERROR_INTERRUPTED);
		else
			assert_true(str_is(buf_str(&out), "zyx"));
		buf_release(&out);
		works();
	}
	interrupt_in(0);
}

/* One helper with its socket as the one descriptor, no child of it, none of ours that is dead, no descriptor here. */
static void
test_leaves_nothing(void **state)
{
	char path[64], text[64], last[64];
	size_t before = count_entries("/proc/self/fd", last);

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		works();
	assert_int_equal(count_entries("/proc/self/fd", last), before);
	snprintf(path, sizeof path, "/proc/%d/fd", (int)helper());
	if (box_has_filter()) { /* else sanitizers keep standard error */
		assert_int_equal(count_entries(path, last), 1);
		assert_string_equal(last, "0");
	}
	children_of(helper(), text, sizeof text);
	assert_string_equal(text, "");
	assert_int_equal(getsid(helper()), helper());
	assert_int_equal(waitpid(-1, NULL, WNOHANG), 0);
	assert_int_equal(system("exit 3"), 3 << 8);
}

/* Somebody kills the helper: one run fails, the next has another one. */
static void
test_helper_killed(void **state)
{
	struct error error = { .kind = ERROR_NONE };
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	kill(helper(), SIGKILL);
	assert_int_equal(box_run(&around, STR("abc"), NULL, &out, &error), -1);
	assert_int_equal(error.kind, ERROR_OTHER);
	assert_int_equal(box_run(&around, STR("abc"), NULL, &out, &error), 0);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_no_secrets),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_room_of_caller),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_late_interrupts),
		cmocka_unit_test(test_leaves_nothing),
		cmocka_unit_test(test_helper_killed),
	};

	signal(SIGXCPU, SIG_IGN); /* as whoever started this program may have left it */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
