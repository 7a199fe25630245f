/* An engine on a stream. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"

/* What is encrypted before it is handed down: bounds the output buffer. */
enum { WRITE_PIECE = 64 * 1024 };
/* Between the pieces of a split first flight: without it the server would read several at once. */
enum { SEGMENT_PAUSE_MS = 10 };

struct tls_stream {
	struct stream base;
	struct tls *engine;
	struct stream *below;
	unsigned segment; /* bytes of one write while the first flight goes out, 0 = all */
};

static struct tls_stream *
tls_stream_of(struct stream *s)
{
	return (struct tls_stream *)s;
}

/* One write for all that is queued. */
static int
flush(struct tls_stream *s, struct error *error)
{
	struct str out;

	while ((out = tls_output(s->engine)).n > 0) {
		size_t n = out.n;

		if (s->segment > 0 && tls_info(s->engine)->stage == TLS_STAGE_HELLO_SENT && n > s->segment)
			n = s->segment;
		if (stream_write(s->below, out.p, n, error) != 0)
			return -1;
		tls_output_sent(s->engine, n);
		if (n < out.n)
			poll(NULL, 0, SEGMENT_PAUSE_MS);
	}
	return 0;
}

/* Moves the engine; on failure its alert goes out first. */
static int
advance(struct tls_stream *s, struct error *error)
{
	int result = tls_process(s->engine, error);

	if (flush(s, result == 0 ? error : NULL) != 0)
		return -1;
	return result;
}

/* Takes what came from below, waiting for it. */
static int
fill(struct tls_stream *s, struct error *error)
{
	const uint8_t *p;
	uint8_t *room;
	size_t n;
	ssize_t got = stream_peek(s->below, &p, error);

	if (got < 0)
		return -1;
	if (got == 0) {
		tls_input_end(s->engine);
		return 0;
	}
	room = tls_input_room(s->engine, &n);
	if (n > (size_t)got)
		n = (size_t)got;
	memcpy(room, p, n);
	tls_input_added(s->engine, n);
	stream_consume(s->below, n);
	return 0;
}

/* The peer closed while we were sending: an alert that it sent before says why, better than "broken pipe" does. Data
 * that came before stay to be read. */
static void
look_for_alert(struct tls_stream *s, struct error *error)
{
	struct error why = { .kind = ERROR_NONE };

	while (fill(s, &why) == 0 && tls_process(s->engine, &why) == 0)
		if (tls_app_data(s->engine).n > 0 || tls_peer_closed(s->engine))
			return;
	if (tls_info(s->engine)->alert_received)
		*error = why;
}

static int
finish_handshake(struct tls_stream *s, struct error *error)
{
	while (tls_busy(s->engine)) {
		/* a renegotiation is behind data that the caller has not taken: no more can be read before */
		if (tls_app_data(s->engine).n > 0)
			return fail(error, ERROR_TLS, TLS_UNEXPECTED_MESSAGE,
			    "server sent data that comes before the renegotiation it asked for");
		if (fill(s, error) != 0 || advance(s, error) != 0)
			return -1;
	}
	return 0;
}

static ssize_t
peek(struct stream *base, const uint8_t **p, struct error *error)
{
	struct tls_stream *s = tls_stream_of(base);

	for (;;) {
		struct str data = tls_app_data(s->engine);

		if (data.n == 0) {
			if (advance(s, error) != 0)
				return -1;
			data = tls_app_data(s->engine);
		}
		if (data.n > 0) {
			*p = (const uint8_t *)data.p;
			return (ssize_t)data.n;
		}
		if (tls_peer_closed(s->engine))
			return 0;
		if (fill(s, error) != 0)
			return -1;
	}
}

static void
consume(struct stream *base, size_t n)
{
	tls_app_consume(tls_stream_of(base)->engine, n);
}

static int
write_all(struct stream *base, const void *p, size_t n, struct error *error)
{
	struct tls_stream *s = tls_stream_of(base);
	const uint8_t *bytes = p;

	if (finish_handshake(s, error) != 0)
		return -1;
	while (n > 0) {
		size_t piece = n < WRITE_PIECE ? n : WRITE_PIECE;

		if (tls_app_write(s->engine, bytes, piece, error) != 0)
			return -1;
		if (flush(s, error) != 0) {
			if (error != NULL && error->kind == ERROR_NETWORK && error->code != ETIMEDOUT)
				look_for_alert(s, error);
			return -1;
		}
		bytes += piece;
		n -= piece;
	}
	return 0;
}

/* Session tickets may have come meanwhile: that is no news. What is there can be read without waiting, first what came
 * in one piece with bytes that were consumed. */
static bool
idle_ok(struct stream *base)
{
	struct tls_stream *s = tls_stream_of(base);

	do {
		if (advance(s, NULL) != 0 || tls_peer_closed(s->engine) || tls_app_data(s->engine).n > 0)
			return false;
	} while (!stream_idle_ok(s->below) && fill(s, NULL) == 0);
	return stream_idle_ok(s->below) && tls_connected(s->engine) && !tls_busy(s->engine);
}

static void
free_stream(struct stream *base)
{
	struct tls_stream *s = tls_stream_of(base);

	tls_close(s->engine);
	flush(s, NULL);
	stream_free(s->below);
	tls_free(s->engine);
	free(s);
}

static const struct stream_ops ops = { peek, consume, write_all, idle_ok, free_stream };

struct stream *
tls_stream_new(struct tls *engine, struct stream *below, struct error *error)
{
	struct tls_stream *s = mem_alloc(sizeof *s);

	*s = (struct tls_stream){
		.base = { &ops },
		.engine = engine,
		.below = below,
		.segment = engine->config.split_hello_segment,
	};
	if (tls_start(engine, error) == 0 && flush(s, error) == 0 && finish_handshake(s, error) == 0)
		return &s->base;
	free(s);
	return NULL;
}

struct tls *
tls_stream_engine(struct stream *s)
{
	return tls_stream_of(s)->engine;
}

struct stream *
tls_stream_below(struct stream *s)
{
	return tls_stream_of(s)->below;
}
