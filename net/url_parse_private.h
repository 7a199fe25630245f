/* Private to the URL parser: what is being read, and the parts behind the authority (url_path.c). */
#ifndef NET_URL_PARSE_PRIVATE_H
#define NET_URL_PARSE_PRIVATE_H

#include "net/url.h"
#include "net/url_encode.h"

struct url_parser {
	struct url *u;
	const struct url *base;
	struct str input, rest; /* whole, cleaned; what is still to be read */
	bool special, file;
	bool zones; /* an IPv6 address may have a zone */
	struct error *error;
};

/* A slash, or what a special scheme takes for one; the same of the first byte that is still to be read. */
bool url_is_slash(const struct url_parser *p, char c);
bool url_starts_with_slash(const struct url_parser *p);
void url_skip(struct url_parser *p, size_t n); /* n bytes are read */
void url_set_text(char **field, char *text);   /* takes text, frees what stood there */
void url_set_encoded(char **field, struct str s, enum url_set set);

/* Windows drive letters matter to file: only. */
bool url_is_drive(struct str s);
bool url_starts_with_drive(struct str s);

/* Each reads the rest into the URL's path, query and fragment, and cannot fail: "path start state", what follows an
 * authority or a path that starts with a slash; a relative reference behind the base's path, which stands in `path`
 * (taken); or the opaque path of a scheme without slashes. 0. */
int url_read_path(struct url_parser *p);
int url_resolve_path(struct url_parser *p, struct buf *path);
int url_read_opaque_path(struct url_parser *p);
/* Adds the segments up to ? or # to path, each with its slash in front. */
void url_read_segments(struct url_parser *p, struct buf *path);
void url_read_query(struct url_parser *p);

#endif
