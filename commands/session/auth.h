/*
 * The session's credentials: Basic and Bearer go with every request to their origin, Digest and AUTH_CHALLENGED after
 * the server's challenge. One origin has them: the base URL's, or the first one that is requested.
 */
#ifndef COMMANDS_SESSION_AUTH_H
#define COMMANDS_SESSION_AUTH_H

#include "net/http/auth.h"
#include "net/http/http.h"
#include "net/url.h"

struct session;

enum auth_kind {
	AUTH_OFF,
	AUTH_BASIC,
	AUTH_BEARER,
	AUTH_DIGEST,
	AUTH_CHALLENGED /* `auth any`: Digest or else Basic */
};

struct credentials {
	enum auth_kind kind;
	char *user, *secret;
	char *origin;              /* NULL = bound by the first request */
	struct auth_digest digest; /* the last challenge taken */
	bool basic;                /* AUTH_CHALLENGED: the server wants Basic */
};

/* In place of those before; user NULL: none. AUTH_OFF: there are none then. */
void session_set_auth(struct session *s, enum auth_kind kind, const char *user, const char *secret);
const struct credentials *session_auth(const struct session *s); /* borrowed */

/* ---- for exchange.c and compose.c ---- */
struct auth_try {        /* one request's dealings with 401 */
	unsigned rounds; /* challenges answered */
	bool digest;     /* the last attempt carried a digest */
};
/* Credentials that have no origin yet are for this one. */
void auth_bind(struct session *s, const struct url *url);
/* Whether a request there only asks for the challenge: its body is kept back. */
bool auth_is_probe(struct session *s, const struct url *url);
/* The value of Authorization by the session's credentials or the URL's, NULL when there is none; caller wipes and
 * frees. */
int auth_value(struct session *s, struct auth_try *t, const struct url *url, const struct http_request *q, char **value,
    struct error *error);
/* Takes the challenge of a 401: true when the request is to be sent once more. */
bool auth_answers(struct session *s, struct auth_try *t, const struct url *url, const struct http_response *response);

#endif
