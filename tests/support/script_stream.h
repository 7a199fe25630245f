/*
 * A stream whose peer is a script: gives fixed bytes in pieces of a chosen size, keeps what is written, and ends,
 * breaks or speaks early as told. For units and fuzz targets; nothing waits.
 */
#ifndef TESTS_SUPPORT_SCRIPT_STREAM_H
#define TESTS_SUPPORT_SCRIPT_STREAM_H

#include "net/buf.h"
#include "net/stream.h"

struct script_stream {
	struct stream stream;
	struct str input; /* borrowed: what the peer sends */
	size_t at;
	size_t piece;                  /* bytes a view shows at most; 0 = all */
	size_t speaks_after;           /* bytes to be written before the input is there; peeking earlier times out */
	size_t pause_at, resume_after; /* behind so many bytes of input, silent until so many are written; 0 = never */
	size_t breaks_after;           /* writing beyond gives EPIPE; 0 = never */
	bool stays_open;               /* no end behind the input: peeking there times out */
	int end_error;                 /* errno at the end of the input instead of an orderly end; 0 = none */
	struct buf written;
	unsigned writes; /* calls */
};
void script_stream_init(struct script_stream *s, struct str input, size_t piece);
void script_stream_release(struct script_stream *s);

#endif
