/*
 * Where a redirect leads and what it makes of the request (RFC 9110 section 15.4). Pure: decides, does nothing.
 * Who follows it decides about limits, downgrades and credentials with the facts given here.
 */
#ifndef NET_HTTP_REDIRECT_H
#define NET_HTTP_REDIRECT_H

#include "net/http/http.h"
#include "net/url.h"

struct redirect {
	struct url url;     /* the next one; the fragment is inherited when Location has none (section 10.2.2) */
	const char *method; /* of the next request: the one given, or "GET" */
	bool drop_body;     /* with it Content-Type, Content-Length and the other fields that describe it */
	bool cross_origin;  /* another scheme, host or port: Authorization, Cookie and Host by hand must not go along */
	bool downgrade;     /* from https to http */
};

/* Fills r for the response to `method` on `from`. 1 = there is a next request; 0 = none (another status, no
 * Location or an empty one); -1 = ERROR_HTTP: Location is no URL, is not http or https, or two of them differ.
 * 303 makes every method but HEAD a GET, 301 and 302 a POST a GET, 307 and 308 keep all. */
int redirect_next(struct redirect *r, const struct http_response *response, const char *method, const struct url *from,
    struct error *error);
void redirect_release(struct redirect *r);

/* True for the request fields that describe a body: they go with it when it is dropped. */
bool redirect_drops_header(const char *name);

#endif
