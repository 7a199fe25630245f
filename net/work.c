/* A bound on the work that input from outside can ask for. */
#include "net/work.h"

#include <stdio.h>

#include "net/event.h"
#include "net/mem.h"

bool
work_look(struct work *w)
{
	w->looked = w->spent;
	if (w->ended != WORK_GOES_ON)
		return false;
	if (w->interrupted != NULL && *w->interrupted != 0)
		w->ended = WORK_INTERRUPTED;
	else if (mem_low() || mem_missed())
		w->ended = WORK_NO_MEMORY;
	else if (w->left > 0 && w->spent > w->left)
		w->ended = WORK_SPENT;
	else if (w->deadline_us > 0 && now_us() >= w->deadline_us)
		w->ended = WORK_LATE;
	return w->ended == WORK_GOES_ON;
}

int
work_fail(const struct work *w, struct error *error, const char *format, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	switch (w->ended) {
	case WORK_INTERRUPTED:
		return fail(error, ERROR_INTERRUPTED, 0, "%s was interrupted", what);
	case WORK_NO_MEMORY:
		return mem_fail(error, "%s", what);
	case WORK_LATE:
		fail(error, ERROR_LIMIT, 0, "%s took longer than max-time", what);
		return hint(error, "set max-time default");
	default:
		return fail(error, ERROR_LIMIT, 0, "%s takes too much work: ended after %llu steps", what,
		    (unsigned long long)w->left);
	}
}
