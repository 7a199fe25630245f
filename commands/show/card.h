/*
 * What a person sees of the session's last attempt, which exists: the card after a failure, `show tls` (tls.c), `show
 * chain`
 * (chain.c).
 */
#ifndef COMMANDS_SHOW_CARD_H
#define COMMANDS_SHOW_CARD_H

#include <stdio.h>

#include "commands/session/connection.h"

struct call;
struct facts;
struct session;

/* The card of a failed attempt: the facts that decide, and the cause. */
void card_print(const struct call *call, const struct connection *c, FILE *out);

void show_tls(const struct session *s, FILE *out);
int show_chain(const struct session *s, FILE *out, struct error *error);

/* The rows that are not brief, behind indent spaces, their labels width columns wide. */
void show_facts(const struct facts *f, int indent, int width, FILE *out);

#endif
