/*
 * Why an attempt failed: the table of causes. What has to hold of a connection's facts stands in the row, with the
 * sentence, the facts that show it, and the command that cures it or who must. Of the rows that hold the first is the
 * cause: specific before general. One whose cure was tried at this origin in vain (session/attempts.h), or changes
 * nothing, gives way to the next: advice leads on, and never round.
 *
 *	cause = cause_of(s, c);                    NULL: the facts prove nothing, or nothing failed
 *	cure = cause_cure(cause, s, c);            a command that parses as it stands; NULL: cause->mend says who must
 *
 * An id names the root cause, and a row one way to recognize it and one cure: rows share an id where the cures differ.
 * The letter says when it strikes: A before TLS, B at the hello, K behind the server's flight, C in the certificate's
 * verdict, E after the handshake.
 *
 * A new cause is a row in causes.c (causes_chain.c for a refused chain, causes_hello.c for a refused hello), before
 * every row that is more general, and a recorded failure at the same place in tests/unit/commands/test_causes.c. A new
 * root cause takes a number of its letter that no row has.
 */
#ifndef COMMANDS_DIAGNOSE_CAUSES_H
#define COMMANDS_DIAGNOSE_CAUSES_H

#include "commands/session/connection.h"

struct cause {
	const char *id; /* "K1" */
	bool (*holds)(const struct connection *c, const struct tls_info *i);
	const char *sentence;
	const char *evidence; /* labels of facts.h, ", " between: where it is seen */
	/* The command. VERSION (negotiated), NEWEST (offered), HOST, PIN (of the server's key) and URL (with http)
	 * stand for the connection's; other capitals are a person's to fill in. NULL: no command of ours cures it. */
	const char *cure;
	const char *why;  /* a remark on the cure; NULL: none */
	const char *mend; /* without a cure: who must mend it; else NULL */
};

const struct cause *cause_at(size_t i); /* NULL past the last */
/* s: who remembers what was tried, and whose settings would be changed. */
const struct cause *cause_of(const struct session *s, const struct connection *c);
/* The row of a root cause to tell of when nothing failed: the first with this id. NULL: no such id. */
const struct cause *cause_find(const char *id);

/* The command, filled in. NULL: c lacks what it needs, or it was tried in vain or changes nothing. Caller frees. */
char *cause_cure(const struct cause *cause, const struct session *s, const struct connection *c);
/* The same as far as the host's name goes, for somebody who reads: "trust host expired.lab.test PIN". NULL: no cure.
 * Caller frees. */
char *cause_cure_shown(const struct cause *cause, const char *host);
/* Advice for c's error when it has no command that helps: the cure, or who must mend it and how to take back what was
 * tried. */
void cause_advise(const struct session *s, const struct connection *c, struct error *error);

#endif
