/*
 * What a session reports and asks while it works. It writes to no stream itself: show/ installs these (view.h) and
 * finds the words. Each function may be NULL: then nothing is told, and nobody is there to be asked.
 */
#ifndef COMMANDS_SESSION_HOOKS_H
#define COMMANDS_SESSION_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "net/event.h"

struct x509_cert;
struct x509_verdict;

/* A server whose chain is not believed, under `trust ask`. Borrowed, for the call. */
struct key_question {
	const char *host;
	const struct x509_cert *leaf;
	const struct x509_verdict *verdict; /* the reasons */
	const char *pin;                    /* its key: "sha256/..." */
};

struct session_hooks {
	void *context; /* first argument of each */
	/* What goes over the wire, and the notes in between; event and what it points to: for the call. */
	void (*event)(void *context, const struct event *event);
	/* A body is coming: done of total bytes (UINT64_MAX: not known). 0 of 0: no more comes of it, however it
	 * ended. */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	/* A sentence for whoever typed the command: what was left out, and which command tells more. One line without
	 * its end. */
	void (*note)(void *context, const char *text);
	/* Whether the key is to be trusted for this host from now on. False also when there is nobody to ask. */
	bool (*trust_key)(void *context, const struct key_question *question);
};

void hooks_note(const struct session_hooks *hooks, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
