/* The functions of a byte stream, each handed on to its kind. */
#include "net/stream.h"

#include <time.h>

#include "net/event.h"

ssize_t
stream_peek(struct stream *s, const uint8_t **p, struct error *error)
{
	return s->ops->peek(s, p, error);
}

void
stream_consume(struct stream *s, size_t n)
{
	s->ops->consume(s, n);
}

int
stream_write(struct stream *s, const void *p, size_t n, struct error *error)
{
	return s->ops->write(s, p, n, error);
}

bool
stream_idle_ok(struct stream *s)
{
	return s->ops->idle_ok(s);
}

bool
stream_speaks(struct stream *s, int64_t until_us)
{
	while (stream_idle_ok(s)) {
		struct timespec pause = { .tv_nsec = 2000000 };

		if (now_us() >= until_us)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

void
stream_free(struct stream *s)
{
	if (s != NULL)
		s->ops->free(s);
}
