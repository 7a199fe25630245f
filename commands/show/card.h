/*
 * What a person sees of the session's last attempt, which exists: the card after a failure, `show tls` (tls.c), `show chain`
 * (chain.c).
 */
#ifndef COMMANDS_SHOW_CARD_H
#define COMMANDS_SHOW_CARD_H

#include <stdio.h>

#include "commands/session/connection.h"

struct call;
struct session;

void show_tls(const struct session *s, FILE *out);
/* The OCSP response and the certificate timestamps that came in the handshake: width: of the labels. */
void show_staples(const struct connection *c, int width, FILE *out);
int show_chain(const struct session *s, FILE *out, struct error *error);

/* The card of a failed attempt, six facts and the cause; the command that may cure it, with its reason, into the error's hint
 * when it has none. */
void card_print(const struct call *call, const struct connection *c, FILE *out);
void card_hint(const struct connection *c, struct error *error);

/* What the facts of a failed attempt prove, as one sentence, and in fix the command that cures it (or ""); NULL when they
 * prove nothing. */
const char *card_cause(const struct connection *c, char *fix, size_t size);

/* Parts of a line that the card and `show tls` share. */
void card_versions(uint16_t low, uint16_t high, FILE *out);                  /* "TLSv1.0 to TLSv1.2" */
void card_end(const struct connection *c, const struct tls_info *i, FILE *out);     /* who ended it */
void card_server_sent(const struct tls_info *i, FILE *out);                  /* "ServerHello, 2 certificates" */
void card_first_bytes(const struct tls_info *i, FILE *out);                  /* hex and text */
/* Attempts at the same origin under other settings, newest first: "tls proto tls1.0: connected", a line each behind the label. */
void card_before(const struct session *s, const struct connection *c, const char *label, FILE *out);
bool card_is_tls(const struct tls_info *i);           /* the first bytes are a TLS record's, or none came */

#endif
