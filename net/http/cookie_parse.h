/*
 * A Set-Cookie value taken apart (RFC 6265bis section 5.6), and the matching rules of section 5.1. Private to net/http.
 */
#ifndef NET_HTTP_COOKIE_PARSE_H
#define NET_HTTP_COOKIE_PARSE_H

#include "net/http/cookies.h"

/* Views of the value; nothing is judged against a request yet. */
struct set_cookie {
	struct str name, value;
	struct str domain; /* without a leading dot, case as sent; empty = not given */
	struct str path;   /* empty = the default */
	bool persistent;
	int64_t expires; /* capped */
	bool secure, http_only;
	char same_site;
};
int cookie_parse(struct set_cookie *c, struct str text, int64_t now, struct error *error);

/* host, domain: lower case, no brackets. */
bool cookie_domain_match(struct str host, struct str domain);
/* Byte for byte (RFC 6265 section 5.1.4): %7E and ~ are two paths. */
bool cookie_path_match(struct str request, struct str path);
struct str cookie_default_path(const char *url_path);

#endif
