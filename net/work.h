/*
 * A bound on the work that input from outside can ask for: units that are spent, a deadline, and an interrupt. Every
 * loop whose length a server decides spends as it goes and ends when it is told to:
 *
 *	struct work work = { .left = 50000000, .deadline_us = ..., .interrupted = &flag };
 *	while (...)
 *		if (!work_spend(&work, 1))
 *			return work_fail(&work, error, "matching \"%s\"", shown);
 *
 * The end is sticky: whoever calls deeper layers may ask once, behind them. The clock and the interrupt are looked at
 * every WORK_PERIOD units, so that a unit costs an addition; a unit should be some 1 to 100 ns, that is a comparison or
 * a node looked at.
 */
#ifndef NET_WORK_H
#define NET_WORK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/error.h"

enum { WORK_PERIOD = 1 << 14 };

enum work_end {
	WORK_GOES_ON = 0,
	WORK_SPENT,       /* all units are used up */
	WORK_LATE,        /* the deadline has passed */
	WORK_INTERRUPTED, /* Ctrl-C */
	WORK_NO_MEMORY    /* net/mem.h */
};

struct work {
	uint64_t left;                            /* units; 0 from the beginning: no bound of units */
	int64_t deadline_us;                      /* CLOCK_MONOTONIC microseconds, 0 = none */
	const volatile sig_atomic_t *interrupted; /* borrowed; NULL = cannot be interrupted */
	/* its own: */
	uint64_t spent, looked;
	enum work_end ended;
};

/* Looks at the clock and the interrupt now. False when the work has to end, then and ever after. */
bool work_look(struct work *w);

/* Spends units. False when the work has to end, then and ever after; w may be NULL: no bound. */
static inline bool
work_spend(struct work *w, uint64_t units)
{
	if (!w)
		return true;
	w->spent += units;
	if (w->ended == WORK_GOES_ON && w->spent - w->looked < WORK_PERIOD && (w->left == 0 || w->spent <= w->left))
		return true;
	return work_look(w);
}

/* The error of an ended work, -1: ERROR_LIMIT "... takes too much work", "... took longer than max-time" or "out of
 * memory: ...", or ERROR_INTERRUPTED. format: what was being done, "matching \"a b\"". */
int work_fail(const struct work *w, struct error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
