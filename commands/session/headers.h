/* Sticky headers: sent with every request. Host and those with a secret's name go to one origin only. */
#ifndef COMMANDS_SESSION_HEADERS_H
#define COMMANDS_SESSION_HEADERS_H

#include <stdbool.h>

#include "net/str.h"

struct session;

struct sticky_header {
	char *name, *value;
	char *origin; /* Host and secrets: only there; NULL = not bound yet, or everywhere */
};

/* In place of one of that name. Name and value were checked (http_headers_add). */
void sticky_header_set(struct session *s, struct str name, struct str value);
bool sticky_header_unset(struct session *s, const char *name);                   /* false: there is none */
const struct sticky_header *sticky_header_at(const struct session *s, size_t i); /* NULL past the last; borrowed */

#endif
