/* Events on their way to the observer, and the clock that stamps them. */
#include "net/event.h"

#include <time.h>

int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void
event_report(const struct observer *observer, struct event event)
{
	if (observer == NULL || observer->on_event == NULL)
		return;
	event.at_us = now_us();
	observer->on_event(observer->context, &event);
}
