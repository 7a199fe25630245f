/*
 * HTTP authentication (RFC 9110 section 11): the values of Authorization for Basic (RFC 7617),
 * Bearer (RFC 6750) and Digest (RFC 7616), and the challenges a server sends with 401 or 407.
 */
#ifndef NET_HTTP_AUTH_H
#define NET_HTTP_AUTH_H

#include "net/http/http.h"

/* "Basic ..." of user and password as they are (UTF-8). ERROR_USAGE when the user has a colon
 * (RFC 7617 section 2). The caller wipes and frees *value. */
int auth_basic(struct str user, struct str password, char **value, struct error *error);

/* "Bearer TOKEN"; ERROR_USAGE when it is no b64token (RFC 6750 section 2.1). The caller wipes and frees *value. */
int auth_bearer(struct str token, char **value, struct error *error);

enum { AUTH_CHALLENGES_MAX = 16, AUTH_PARAMS_MAX = 32 };

struct auth_challenge {
	char *scheme;               /* as sent: "Basic", "Digest", "Negotiate" ... */
	char *token68;              /* NULL when parameters came instead */
	struct http_headers params; /* realm, charset, nonce ...; quoting undone */
};

struct auth_challenges {
	struct auth_challenge *items;
	size_t n;
};

/* Every challenge of every `field` ("WWW-Authenticate", "Proxy-Authenticate") in h, in order. What cannot be
 * parsed ends its field; nothing is an error. Beyond the limits the rest is left out. */
void auth_challenges_parse(struct auth_challenges *list, const struct http_headers *h, const char *field);
/* The parameters of a field without a scheme, such as Authentication-Info, as one challenge with an empty one;
 * none: n = 0. */
void auth_parameters_parse(struct auth_challenges *list, const struct http_headers *h, const char *field);
void auth_challenges_release(struct auth_challenges *list);
/* The first with that scheme (ASCII case ignored), or NULL. */
const struct auth_challenge *auth_challenges_find(const struct auth_challenges *list, const char *scheme);

/* ---- Digest. The hash functions come from the caller: this folder has none. ---- */

enum { AUTH_HASH_MAX = 64 }; /* bytes */

struct auth_hash {
	const char *name; /* "SHA-256", "MD5" */
	size_t size;
	void (*digest)(struct str data, uint8_t *out);
};

/* What one server asked for, kept for the requests after. */
struct auth_digest {
	char *realm, *nonce, *opaque;                /* opaque NULL when absent */
	char *cnonce;                                /* ours, random */
	const struct auth_hash *hash;                /* NULL = nothing taken yet */
	bool named, session, qop, qop_int, userhash; /* qop_int: "auth-int" is all that is offered */
	uint32_t count;                              /* requests answered with this nonce */
};

/* Takes the Digest challenge with the first of `hashes` (the strongest first) that the server offers, in place of
 * what d had. qop=auth is preferred to auth-int, which hashes the body. ERROR_HTTP: no challenge can be answered;
 * the sentence names what the server offers. */
int auth_digest_take(struct auth_digest *d, const struct auth_challenges *list, const struct auth_hash *hashes,
    size_t n, struct error *error);
/* Authentication-Info's nextnonce, when there is one, is that of the next request (RFC 7616 section 3.5). */
void auth_digest_next(struct auth_digest *d, const struct http_headers *h);
/* True when the server refused only the age of the nonce: the same password may be tried once more. */
bool auth_digest_is_stale(const struct auth_challenges *list);
/* The value of Authorization for one request; method and target as in its first line, body: all of it, needed for
 * auth-int only (NULL: it cannot be hashed; ERROR_USAGE then). Counts. The caller frees *value. */
int auth_digest(struct auth_digest *d, struct str user, struct str password, const char *method, const char *target,
    const struct str *body, char **value, struct error *error);
void auth_digest_release(struct auth_digest *d);

#endif
