/* TLS on a connection, for connection.c. Private to commands/session. */
#ifndef COMMANDS_SESSION_CONNECTION_TLS_H
#define COMMANDS_SESSION_CONNECTION_TLS_H

struct connection;
struct error;
struct known;

/* The handshake over c->tcp. -1: c has no stream any more, and its facts are there. */
int connection_start_tls(struct connection *c, const struct known *known, struct error *error);

#endif
