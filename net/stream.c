/* The functions of a byte stream, each handed on to its kind. */
#include "net/stream.h"

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

void
stream_free(struct stream *s)
{
	if (s != NULL)
		s->ops->free(s);
}
