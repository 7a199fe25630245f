/*
 * JSON (RFC 8259).
 */
#ifndef NET_JSON_H
#define NET_JSON_H

#include "net/buf.h"

enum { JSON_MAX_DEPTH = 64 }; /* of arrays and objects in each other */

/* Whether text is one JSON value, white space around it allowed. One nested deeper is none. */
bool json_is_valid(struct str text);
/* Appends text as a JSON string with its quotes; a byte that is not UTF-8 becomes \ufffd. */
void json_add_string(struct buf *out, struct str text);

#endif
