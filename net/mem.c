/* Memory: what never fails, what may, and the reserve behind both. */
#include "net/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_ENDED = 9, WAITS = 100 };

static const struct timespec pause_before_retry = { .tv_nsec = 10000000 };

static void *_Atomic reserve; /* NULL: in use, or not made yet */
static void *_Atomic last;
static atomic_bool low;
static _Thread_local bool missed;

static struct {
	void (*call)(void *context);
	void *context;
	pid_t process; /* a child by fork has nothing to save */
} on_end;

/* ---- the end of it ---- */

static void
say(const char *text)
{
	ssize_t n = write(STDERR_FILENO, text, strlen(text));

	(void)n;
}

/* A second time, while what was told to end saves what it can: others may give memory back, for a while. */
static void
wait_or_exit(void)
{
	static unsigned waited;

	if (waited++ < WAITS) {
		nanosleep(&pause_before_retry, NULL);
		return;
	}
	say("httpsh: out of memory while ending\n");
	_exit(STATUS_ENDED);
}

static void
end_process(void)
{
	static bool ending;

	if (ending) {
		wait_or_exit();
		return;
	}
	ending = true;
	say("httpsh: out of memory, and the reserve is used up\n");
	free(atomic_exchange(&last, NULL));
	if (on_end.call != NULL && on_end.process == getpid())
		on_end.call(on_end.context);
	_exit(STATUS_ENDED);
}

/* Gives the reserve to malloc(), which had nothing. False: it is used up. */
static bool
draw(void)
{
	void *kept = atomic_exchange(&reserve, NULL);

	atomic_store(&low, true);
	free(kept);
	return kept != NULL;
}

void
mem_find_room(void)
{
	if (draw())
		return;
	if (gettid() == getpid())
		end_process();
	else
		nanosleep(&pause_before_retry, NULL); /* a thread beside the shell waits for its command to end */
}

void
mem_on_end(void (*end)(void *context), void *context)
{
	on_end.process = getpid();
	on_end.context = context;
	on_end.call = end;
}

/* ---- the state ---- */

bool
mem_missed(void)
{
	return missed;
}

void
mem_note_missed(void)
{
	missed = true;
}

bool
mem_low(void)
{
	return atomic_load_explicit(&low, memory_order_relaxed);
}

static void
keep_aside(void *_Atomic *place, size_t n)
{
	void *none = NULL, *kept;

	if (atomic_load(place) != NULL)
		return;
	kept = malloc(n);
	if (kept != NULL && !atomic_compare_exchange_strong(place, &none, kept))
		free(kept);
}

void
mem_settle(void)
{
	missed = false;
	keep_aside(&last, MEM_LAST);
	keep_aside(&reserve, MEM_RESERVE);
	atomic_store(&low, atomic_load(&reserve) == NULL);
}

#define OUT_OF_MEMORY "out of memory: "

int
mem_fail(struct error *error, const char *format, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	return fail(error, ERROR_LIMIT, 0, OUT_OF_MEMORY "%s", what);
}

bool
mem_failed(const struct error *error)
{
	return error != NULL && error->kind == ERROR_LIMIT &&
	    strncmp(error->text, OUT_OF_MEMORY, sizeof(OUT_OF_MEMORY) - 1) == 0;
}

/* ---- what never fails ---- */

void *
mem_alloc(size_t n)
{
	void *p;

	while ((p = calloc(1, n > 0 ? n : 1)) == NULL)
		mem_find_room();
	return p;
}

void *
mem_resize(void *p, size_t n)
{
	void *moved;

	while ((moved = realloc(p, n > 0 ? n : 1)) == NULL)
		mem_find_room();
	return moved;
}

static void *
filled(void *copy, const void *p, size_t n)
{
	if (copy != NULL && n > 0)
		memcpy(copy, p, n);
	return copy;
}

void *
mem_dup(const void *p, size_t n)
{
	return filled(mem_alloc(n), p, n);
}

/* ---- what may ---- */

static void *
noted(void *p)
{
	missed = missed || p == NULL;
	return p;
}

void *
mem_try(size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (p == NULL && n <= MEM_SMALL && draw())
		p = calloc(1, n > 0 ? n : 1);
	return noted(p);
}

void *
mem_try_resize(void *p, size_t n)
{
	void *moved = realloc(p, n > 0 ? n : 1);

	if (moved == NULL && n <= MEM_SMALL && draw())
		moved = realloc(p, n > 0 ? n : 1);
	return noted(moved);
}

void *
mem_try_dup(const void *p, size_t n)
{
	return filled(mem_try(n), p, n);
}

void *
mem_more(void *items, size_t *cap, size_t n, size_t size)
{
	size_t wanted = n < 8 ? 8 : 2 * n;
	void *more;

	if (n < *cap)
		return items;
	more = wanted > SIZE_MAX / size ? noted(NULL) : mem_try_resize(items, wanted * size);
	if (more != NULL)
		*cap = wanted;
	return more;
}

void
mem_wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}
