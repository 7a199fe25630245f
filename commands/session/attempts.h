/*
 * What is remembered of attempts: at which origin, under which settings, what came of it. It tells what one changed
 * setting did, and keeps advice from going round in circles: what failed here already helps nobody.
 */
#ifndef COMMANDS_SESSION_ATTEMPTS_H
#define COMMANDS_SESSION_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>

struct connection;
struct session;

struct attempt_note {
	char *key;      /* the connection's: the origin and every setting that matters on the wire, a line each */
	char *settings; /* "tls proto tls1.0; set max-segment 536": what changed the bytes */
	char *outcome;  /* "connected, TLSv1.0 TLS_RSA_...", or the error's sentence */
	bool failed;
};

/* A new connection, or why there is none; once more when it failed after its handshake. The same settings at the same
 * origin replace what was known of them; of more than SESSION_ATTEMPTS the oldest is forgotten. */
void attempts_note(struct session *s, const struct connection *c);

/* Those at the same origin under other settings than c's: the i-th, newest first; NULL past the last. Borrowed, until
 * the next attempt. */
const struct attempt_note *attempts_before(const struct session *s, const struct connection *c, size_t i);

/* Typing these commands ("tls proto tls1.0", with "; " between several) cannot help c: they change no setting, or lead
 * to settings under which its origin failed. False for commands that set nothing. */
bool attempts_useless(const struct session *s, const struct connection *c, const char *commands);
/* The commands that take back what was tried since c's origin failed first: "tls proto auto; tls ciphers auto". NULL:
 * nothing was. Caller frees. */
char *attempts_undo(const struct session *s, const struct connection *c);

#endif
