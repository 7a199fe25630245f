/* The TLS sessions that servers gave, to be resumed under the settings they were made under. */
#ifndef COMMANDS_SESSION_TICKETS_H
#define COMMANDS_SESSION_TICKETS_H

#include <stdbool.h>
#include <stddef.h>

struct connection;
struct session;

struct ticket {
	char *key; /* host, origin and settings; NULL: the place is free */
	struct tls_session *session;
	struct connection *origin; /* whose chain was judged */
};

/* Behind an exchange: what the server gave on c, if anything, taken from its engine; the oldest one makes room. When
 * the exchange failed by a fatal alert, or unanswered on a resumed session, that session is forgotten instead (RFC 5246
 * section 7.2.2; OpenSSL and NSS do the same). */
void tickets_store(struct session *s, struct connection *c, bool worked);
/* For a connection to this host under this key (connection's key): NULL when there is none. Borrowed, until the next
 * change. */
struct ticket *tickets_find(struct session *s, const char *host, const char *key);
void ticket_release(struct ticket *t);  /* its place is free then: the server did not like it */
void tickets_forget(struct session *s); /* `tls forget` */
size_t tickets_count(const struct session *s);

#endif
