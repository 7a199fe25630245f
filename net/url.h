/*
 * URLs by the WHATWG URL Standard, for http and https (other schemes are recognised and
 * serialised where the standard's generic rules do, so that a link to mailto: is told apart).
 * Hosts: IDNA by libidn2 (UTS 46), IPv4 in all its spellings, IPv6.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include "net/buf.h"
#include "net/error.h"
#include "net/str.h"

enum {
	URL_MAX = 65536,  /* bytes of an input; longer is an error */
	URL_ZONE_MAX = 64 /* of a zone identifier */
};

struct url {
	char *scheme;   /* lower case, without colon */
	char *username; /* percent-encoded, "" when absent */
	char *password;
	char *host;     /* ASCII, lower case, IPv6 in brackets; NULL when the URL has none */
	char *zone;     /* RFC 4007: the interface behind which an IPv6 address is meant; NULL when absent */
	int port;       /* -1 when absent or the scheme's default */
	char *path;     /* "/" at least, for http and https; opaque otherwise */
	char *query;    /* NULL when absent (not the same as empty), without ? */
	char *fragment; /* likewise, without # */
	bool opaque;    /* an opaque path */
};

void url_init(struct url *u);
void url_release(struct url *u);

/* Parses input, relative to base when base is not NULL. ERROR_USAGE on failure; u is then empty. */
int url_parse(struct url *u, struct str input, const struct url *base, struct error *error);

/* The same for text that came as bytes, from a Location field: what is no UTF-8 is percent-encoded as it is. */
int url_parse_bytes(struct url *u, struct str input, const struct url *base, struct error *error);

/* What a person types: like url_parse, but "example.com/x", "localhost:8443/y" and "//host" without
 * a scheme get https (a known scheme must be followed by ":"; a base makes "/x" and "x" relative).
 * An IPv6 address may have a zone, [fe80::1%25eth0] (RFC 6874) or [fe80::1%eth0] (RFC 9844): it is this machine's own
 * business, so that pages and servers cannot name one. Their URLs for the same address are meant in the base's zone. */
int url_parse_typed(struct url *u, struct str input, const struct url *base, struct error *error);

void url_copy(struct url *to, const struct url *from);
char *url_text(const struct url *u); /* serialised, with its password; caller frees */
/* As people, files and variables see it: without user and password, which also a name can be; caller frees. */
char *url_shown(const struct url *u, bool fragment);
/* The same for text that may be no URL: without what stands between // and the @ of the authority. */
void url_hide_user(struct str text, struct buf *out);
/* User and password of `from` are those of `to` as well, when it has none and the origin is the same. */
void url_keep_user(const struct url *from, struct url *to);
char *url_request_target(const struct url *u); /* path and query; caller frees */
unsigned url_port(const struct url *u);        /* the port to connect to */
char *url_host_plain(const struct url *u);     /* host without brackets and zone; caller frees */
char *url_host_header(const struct url *u);    /* host[:port], without zone (RFC 6874 section 4); caller frees */
char *url_origin(const struct url *u);         /* scheme://host[:port], with its zone; caller frees */
bool url_same_origin(const struct url *a, const struct url *b);
bool url_is_https(const struct url *u);
bool url_is_http(const struct url *u);      /* http or https */
bool url_host_is_address(const char *host); /* numeric IPv4 or IPv6, brackets or not */

/* application/x-www-form-urlencoded (URL Standard section 5): space as +, *-._ and alphanumerics kept. */
char *url_form_encode(struct str s);
char *url_percent_decode(struct str s, size_t *n);

#endif
