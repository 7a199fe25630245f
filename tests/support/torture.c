/*
 * Allocations that fail, by LD_PRELOAD, in this process alone (not in its children, nor in a forked one):
 *
 *	TORTURE=count:0            nothing fails; standard error gets "allocations N" in the end
 *	TORTURE=once:N             the Nth allocation fails
 *	TORTURE=burst:N:K          it and those behind it, K in all
 *	TORTURE=wall:N             from the Nth on no more memory is in use than at that moment, until some was given
 *	back 	TORTURE=big:N:K            from the Nth on every allocation of K bytes and more fails
 *
 * glibc's functions stand behind it, or AddressSanitizer's where it is loaded.
 */
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);
extern void *__interceptor_malloc(size_t n) __attribute__((weak));
extern void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
extern void *__interceptor_realloc(void *p, size_t n) __attribute__((weak));
extern void __interceptor_free(void *p) __attribute__((weak));

static enum { OFF, COUNT, ONCE, BURST, WALL, BIG } mode;
static unsigned long first, amount;
static atomic_ulong count;
static atomic_long live, wall;
static pid_t process;

static bool
fails(size_t n, size_t before)
{
	unsigned long number;

	if (mode == OFF || getpid() != process)
		return false;
	number = atomic_fetch_add(&count, 1) + 1;
	if (mode == WALL && number == first)
		atomic_store(&wall, atomic_load(&live));
	if ((mode == ONCE && number == first) || (mode == BURST && number >= first && number - first < amount) ||
	    (mode == BIG && number >= first && n >= amount) ||
	    (mode == WALL && number >= first && n > before &&
		atomic_load(&live) + (long)(n - before) > atomic_load(&wall))) {
		errno = ENOMEM;
		return true;
	}
	return false;
}

static void *
counted(void *p)
{
	if (p != NULL && mode == WALL)
		atomic_fetch_add(&live, (long)malloc_usable_size(p));
	return p;
}

void *
malloc(size_t n)
{
	if (fails(n, 0))
		return NULL;
	return counted(__interceptor_malloc != NULL ? __interceptor_malloc(n) : __libc_malloc(n));
}

void *
calloc(size_t n, size_t size)
{
	if (size > 0 && n > SIZE_MAX / size)
		return NULL;
	if (fails(n * size, 0))
		return NULL;
	return counted(__interceptor_calloc != NULL ? __interceptor_calloc(n, size) : __libc_calloc(n, size));
}

void *
realloc(void *p, size_t n)
{
	size_t before = p != NULL && mode == WALL ? malloc_usable_size(p) : 0;
	void *moved;

	if (n > 0 && fails(n, before))
		return NULL;
	moved = __interceptor_realloc != NULL ? __interceptor_realloc(p, n) : __libc_realloc(p, n);
	if (moved != NULL || n == 0)
		atomic_fetch_sub(&live, (long)before);
	return counted(moved);
}

void
free(void *p)
{
	if (p != NULL && mode == WALL)
		atomic_fetch_sub(&live, (long)malloc_usable_size(p));
	if (__interceptor_free != NULL)
		__interceptor_free(p);
	else
		__libc_free(p);
}

static void __attribute__((constructor)) start(void)
{
	static const char *const
	    names[] = { [COUNT] = "count:", [ONCE] = "once:", [BURST] = "burst:", [WALL] = "wall:", [BIG] = "big:" };
	const char *text = getenv("TORTURE");
	char *end;

	unsetenv("LD_PRELOAD");
	process = getpid();
	for (unsigned i = COUNT; text != NULL && i <= BIG; i++)
		if (strncmp(text, names[i], strlen(names[i])) == 0) {
			first = strtoul(text + strlen(names[i]), &end, 10);
			amount = *end == ':' ? strtoul(end + 1, NULL, 10) : 1;
			mode = i;
		}
}

static void __attribute__((destructor)) tell(void)
{
	if (mode == COUNT && getpid() == process)
		dprintf(STDERR_FILENO, "allocations %lu\n", atomic_load(&count));
}
