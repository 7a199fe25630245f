/*
 * The lab inside a session (lab.c): where its names lead, and who vouches for them. Nothing outside httpsh is changed.
 */
#ifndef COMMANDS_SESSION_LAB_H
#define COMMANDS_SESSION_LAB_H

#include "net/tcp.h"
#include "net/x509/x509.h"

struct session;

/* Where a name under .lab.test leads. row->host is NULL for every other name. -1 with ERROR_NETWORK when the lab is not
 * started. The row's texts are valid until the next call. */
int lab_override(struct session *s, const char *host, unsigned port, struct tcp_override *row, struct error *error);

/* The lab's own CA, for names under .lab.test only; NULL otherwise. */
const struct x509_store *lab_anchors(const struct session *s, const char *host);

void lab_session_free(struct session *s);

#endif
