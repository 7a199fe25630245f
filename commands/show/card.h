/*
 * What a person sees of the session's last attempt, which exists: the card after a failure (card_print in
 * session_private.h), `show tls` (show_tls.c), `show chain`.
 */
#ifndef COMMANDS_SHOW_CARD_H
#define COMMANDS_SHOW_CARD_H

#include <stdio.h>

#include "commands/session/session.h"
#include "commands/session/state.h"

void show_tls(const struct session *s, FILE *out);
/* The OCSP response and the certificate timestamps that came in the handshake: width: of the labels. */
void show_staples(const struct connection *c, int width, FILE *out);
int show_chain(const struct session *s, FILE *out, struct error *error);

/* What the facts of a failed attempt prove, as one sentence, and in fix the command that cures it (or ""); NULL when they
 * prove nothing. */
const char *card_cause(const struct connection *c, char *fix, size_t size);

/* Parts of a line that the card and `show tls` share. */
void card_versions(uint16_t low, uint16_t high, FILE *out);                  /* "TLSv1.0 to TLSv1.2" */
void card_end(const struct connection *c, const struct tls_info *i, FILE *out);     /* who ended it */
void card_server_sent(const struct tls_info *i, FILE *out);                  /* "ServerHello, 2 certificates" */
void card_first_bytes(const struct tls_info *i, FILE *out);                  /* hex and text */
bool card_is_tls(const struct tls_info *i);           /* the first bytes are a TLS record's, or none came */

#endif
