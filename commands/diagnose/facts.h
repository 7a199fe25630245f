/*
 * The facts of a connection, one list of label and value: whoever shows a connection prints rows of it, all or some,
 * and formats none by himself.
 *
 *	struct facts f = { NULL, 0 };
 *	facts_of(s, c, &f);
 *	for (size_t k = 0; k < f.n; k++) ... f.rows[k].label, .value ...
 *	facts_release(&f);
 *
 * Values hold what a server sent: a terminal gets them through a guard (print.h).
 */
#ifndef COMMANDS_DIAGNOSE_FACTS_H
#define COMMANDS_DIAGNOSE_FACTS_H

#include "commands/session/connection.h"

struct session;

struct fact {
	const char *label; /* "negotiated"; "": goes on with the row above */
	char *value;
	bool part;  /* a part of the last row that is none: "suites" of "offered" */
	bool brief; /* in short what other rows tell: for the card */
};

struct facts {
	struct fact *rows;
	size_t n;
};

/* Adds what is known of it, in the order in which it came about; the last lines are of earlier attempts under other
 * settings. */
void facts_of(const struct session *s, const struct connection *c, struct facts *f);
/* Adds what came with the chain: the stapled OCSP response and the certificate timestamps. c has TLS. */
void facts_of_staples(const struct connection *c, struct facts *f);
/* Adds the timestamps of a list (RFC 6962 section 3.3) under the label. */
void facts_of_timestamps(const char *label, struct str list, struct facts *f);
void facts_release(struct facts *f); /* it is empty then */

/* The first bytes are a TLS record's, or none came. */
bool facts_is_tls(const struct tls_info *i);
/* They are an alert, in a record of no version of TLS. */
bool facts_is_bare_alert(const struct tls_info *i);
/* The suite's premaster secret is encrypted to the server's RSA key. */
bool facts_is_rsa_key_exchange(uint16_t suite);

#endif
