/* A struct stream whose peer is a script of bytes and ends. */
#include "tests/support/script_stream.h"

#include <errno.h>

static bool
is_silent(const struct script_stream *s)
{
	return s->written.len < s->speaks_after || (s->at == s->input.n && s->stays_open) ||
	    (s->pause_at > 0 && s->at == s->pause_at && s->written.len < s->resume_after);
}

static ssize_t
script_peek(struct stream *stream, const uint8_t **p, struct error *error)
{
	struct script_stream *s = (struct script_stream *)stream;
	size_t left = s->input.n - s->at;

	if (is_silent(s))
		return fail(error, ERROR_NETWORK, ETIMEDOUT, "the script has nothing to say");
	if (left == 0 && s->end_error != 0) {
		errno = s->end_error;
		return fail_errno(error, ERROR_NETWORK, "reading from the script");
	}
	if (s->at < s->pause_at && left > s->pause_at - s->at)
		left = s->pause_at - s->at;
	*p = (const uint8_t *)s->input.p + s->at;
	return (ssize_t)(s->piece > 0 && left > s->piece ? s->piece : left);
}

static void
script_consume(struct stream *stream, size_t n)
{
	((struct script_stream *)stream)->at += n;
}

static int
script_write(struct stream *stream, const void *p, size_t n, struct error *error)
{
	struct script_stream *s = (struct script_stream *)stream;

	s->writes++;
	if (s->breaks_after > 0 && s->written.len + n > s->breaks_after) {
		errno = EPIPE;
		return fail_errno(error, ERROR_NETWORK, "writing to the script");
	}
	buf_add(&s->written, p, n);
	return 0;
}

static bool
script_idle_ok(struct stream *stream)
{
	return is_silent((struct script_stream *)stream);
}

static void
script_free(struct stream *stream)
{
	(void)stream;
}

void
script_stream_init(struct script_stream *s, struct str input, size_t piece)
{
	static const struct stream_ops ops = { script_peek, script_consume, script_write, script_idle_ok, script_free };

	*s = (struct script_stream){ .stream.ops = &ops, .input = input, .piece = piece };
	buf_init(&s->written, 64 << 20);
}

void
script_stream_release(struct script_stream *s)
{
	buf_release(&s->written);
}
