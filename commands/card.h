/* `show tls` and `show chain` of the session's last attempt, which exists. */
#ifndef COMMANDS_CARD_H
#define COMMANDS_CARD_H

#include <stdio.h>

#include "commands/session.h"

struct connection;

void show_tls(const struct session *s, FILE *out);
/* The OCSP response and the certificate timestamps that came in the handshake: width: of the labels. */
void show_staples(const struct connection *c, int width, FILE *out);
int show_chain(const struct session *s, FILE *out, struct error *error);

#endif
