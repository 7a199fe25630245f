/* What a view is made of. Private to commands/show. */
#ifndef COMMANDS_SHOW_PRIVATE_H
#define COMMANDS_SHOW_PRIVATE_H

#include "commands/session/session.h"
#include "commands/show/view.h"
#include "net/event.h"

struct view {
	struct session *session;
	FILE *err;
	bool terminal, colour;
	unsigned columns;
	const FILE *shown;
	int (*ask)(void *context, const char *prompt, bool echo, struct buf *answer);
	void *ask_context;
	int64_t trace_start_us; /* of the connection that is traced */
	bool progress_shown;
	int64_t progress_start_us, progress_last_us;
};

/* `tls trace` (trace.c): a line or more of an event, at the level that is set. */
void trace_event(struct view *v, const struct event *event, int level);
/* The progress bar (progress.c); 0 of 0 takes it away. */
void show_progress(struct view *v, uint64_t done, uint64_t total);
void print_size(FILE *out, uint64_t n); /* "12 KiB" */

#endif
