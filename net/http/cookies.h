/*
 * A cookie jar by RFC 6265bis: the public suffix list by libpsl, prefixes, Secure and HttpOnly,
 * SameSite noted, limits; Netscape files that curl and wget read.
 *
 * Where servers and browsers go on as RFC 6265 had it, so does this jar: a cookie without a name is ignored. As in
 * browsers, http on this very host (localhost, 127.0.0.0/8, ::1) counts as secure.
 */
#ifndef NET_HTTP_COOKIES_H
#define NET_HTTP_COOKIES_H

#include "net/buf.h"
#include "net/error.h"
#include "net/url.h"

enum {
	COOKIE_MAX_BYTES = 4096, /* of name and value together */
	COOKIE_MAX_ATTRIBUTE = 1024,
	COOKIE_MAX_AGE = 400 * 86400, /* seconds */
	COOKIE_MAX_HEADER = 8190,     /* of the field Cookie, its name included: what servers take */
	COOKIES_PER_DOMAIN = 180,
	COOKIES_PER_SITE = 600, /* of a registrable domain and all names below it */
	COOKIES_MAX = 3000
};

struct cookie {
	/* domain lower case, without a leading dot, an IPv6 address without brackets */
	char *name, *value, *domain, *path;
	int64_t expires;       /* unix seconds; INT64_MAX = session cookie (persistent false) */
	int64_t created, used; /* microseconds since the epoch: order and eviction */
	bool persistent, host_only, secure, http_only;
	char same_site; /* 'S' 'L' 'N' or 0 = not given */
};

struct jar {
	struct cookie *items;
	size_t n, cap;
	bool changed; /* since the last load or save */
};
void jar_init(struct jar *j);
void jar_release(struct jar *j);

/* One Set-Cookie value from a response to `url`, at `now` (unix seconds). 0 stored or removed; -1 ignored, and
 * error (may be NULL) says why in words for `cookies`/trace. */
int jar_receive(struct jar *j, const struct url *url, struct str set_cookie, int64_t now, struct error *error);

/* The Cookie header's value for a request to url, caller wipes and frees; NULL when none apply. Of more cookies than
 * COOKIE_MAX_HEADER takes, those for the host itself go first, then those of the nearest domain; *left_out (may be
 * NULL) counts the others. */
char *jar_header(struct jar *j, const struct url *url, int64_t now, size_t *left_out);

/* Copies c; by the user's own hand. A public suffix is a host of its own only. */
int jar_set(struct jar *j, const struct cookie *c, struct error *error);
/* NULL matches anything; count removed. */
size_t jar_delete(struct jar *j, const char *domain, const char *path, const char *name);
void jar_expire(struct jar *j, int64_t now);
bool jar_is_public_suffix(const char *domain);

/* Netscape cookie files: domain (wget: with its port, which is left out), subdomains too, path, secure, expires (0 =
 * session), name, value, with tabs between. If `marks`: "#HttpOnly_" before the domain, and behind the line a comment
 * with SameSite, domain, path and name. A cookie already there is replaced. import: how many came; *bad lines were left
 * out, and error says what is wrong with the first of them. */
int jar_import(struct jar *j, struct str text, int *bad, struct error *error);
void jar_export(const struct jar *j, struct buf *out, bool marks);

/* RFC 6265 section 5.1.1; false when it is no date. */
bool cookie_date(struct str text, int64_t *unix_seconds);

#endif
