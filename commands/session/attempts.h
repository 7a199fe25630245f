/* What is remembered of attempts at an origin under other settings: one changed setting, and what it did. */
#ifndef COMMANDS_SESSION_ATTEMPTS_H
#define COMMANDS_SESSION_ATTEMPTS_H

#include <stddef.h>

struct connection;
struct session;

struct attempt_note {
	char *origin;
	char *settings; /* "tls proto tls1.0; set max-segment 536": what changed the bytes */
	char *outcome;  /* "connected, TLSv1.0 TLS_RSA_...", or the error's sentence */
};

/* A new connection, or why there is none; once more when it failed after its handshake. The same settings at the same
 * origin replace what was known of them. */
void attempts_note(struct session *s, const struct connection *c);

/* Those at the same origin under other settings than c's: the i-th, newest first; NULL past the last. Borrowed, until
 * the next attempt. */
const struct attempt_note *attempts_before(const struct session *s, const struct connection *c, size_t i);

#endif
