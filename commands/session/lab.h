/*
 * The lab inside a session: started and stopped by `lab`; where its names lead, and who vouches for them. Nothing
 * outside httpsh is changed.
 */
#ifndef COMMANDS_SESSION_LAB_H
#define COMMANDS_SESSION_LAB_H

#include "net/tcp.h"
#include "net/x509/x509.h"

struct lab;
struct session;

struct session_lab {
	struct lab *running;        /* NULL = not started */
	struct x509_store *anchors; /* its CA */
};

int session_lab_start(struct session *s, struct error *error); /* 0 when it runs already */
void session_lab_stop(struct session *s);                      /* the kept connections to it are of no use then */
struct lab *session_lab(const struct session *s);              /* NULL: not started; borrowed, until it is stopped */

/* Where a name under .lab.test leads. row->host is NULL for every other name. -1 with ERROR_NETWORK when the lab is not
 * started. The row's texts are valid until the next call. */
int lab_override(const struct session_lab *lab, const char *host, unsigned port, struct tcp_override *row,
    struct error *error);

/* The lab's own CA, for names under .lab.test only; NULL otherwise. */
const struct x509_store *lab_anchors(const struct session_lab *lab, const char *host);

#endif
