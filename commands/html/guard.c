#include "commands/html/guard.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK_SIZE = 1 << 20, ALIGN = 16, CHECK_EVERY = 256 };

struct guard_block {
	struct guard_block *next;
	size_t used, size;
};

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void
guard_start(struct guard *g, size_t input_bytes, const char *stack_base)
{
	g->blocks = NULL;
	g->used = 0;
	g->limit = GUARD_MEMORY_BASE + GUARD_MEMORY_FACTOR * input_bytes;
	g->stack_base = stack_base;
	g->start_us = cpu_us();
	g->soft_us = GUARD_CPU_MS * 1000 + (int64_t)input_bytes;
	g->hard_us = 2 * g->soft_us;
	g->calls = 0;
	g->why = NULL;
}

void
guard_end(struct guard *g)
{
	while (g->blocks != NULL) {
		struct guard_block *b = g->blocks;

		g->blocks = b->next;
		free(b);
	}
}

static void
check_hard(struct guard *g, size_t n)
{
	if (g->used + n > g->limit) {
		g->why = "the parser took too much memory";
		longjmp(g->out, 1);
	}
	if (++g->calls % CHECK_EVERY == 0 && cpu_us() - g->start_us > g->hard_us) {
		g->why = "the parser took too long";
		longjmp(g->out, 1);
	}
}

/* In front of each piece stands its size, for realloc. */
void *
guard_alloc(struct guard *g, size_t n)
{
	size_t need = (n + 2 * ALIGN - 1) / ALIGN * ALIGN;
	size_t header = (sizeof(struct guard_block) + ALIGN - 1) / ALIGN * ALIGN;
	char *p;

	check_hard(g, need);
	if (g->blocks == NULL || g->blocks->size - g->blocks->used < need) {
		size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
		struct guard_block *b = malloc(header + size);

		if (b == NULL) {
			g->why = "memory is out";
			longjmp(g->out, 1);
		}
		*b = (struct guard_block){ g->blocks, 0, size };
		g->blocks = b;
	}
	p = (char *)g->blocks + header + g->blocks->used;
	g->blocks->used += need;
	g->used += need;
	memcpy(p, &n, sizeof(n));
	memset(p + ALIGN, 0, n);
	return p + ALIGN;
}

void *
guard_realloc(struct guard *g, void *p, size_t n)
{
	size_t before;
	void *copy;

	if (p == NULL)
		return guard_alloc(g, n);
	memcpy(&before, (char *)p - ALIGN, sizeof(before));
	if (n <= before)
		return p;
	copy = guard_alloc(g, n);
	memcpy(copy, p, before);
	return copy;
}

bool
guard_stop(struct guard *g, const char *stack_here)
{
	ptrdiff_t depth = g->stack_base - stack_here;

	if (g->why != NULL)
		return true;
	if (depth > GUARD_STACK || depth < -GUARD_STACK)
		g->why = "the page is nested too deeply";
	else if (++g->calls % CHECK_EVERY == 0 && cpu_us() - g->start_us > g->soft_us)
		g->why = "the parser took too long";
	else if (g->used > g->limit / 2)
		g->why = "the parser took too much memory";
	return g->why != NULL;
}
