/*
 * Private to net/tls. Handshake messages: their types, the 4-byte header, and the extension block many of them carry.
 * Each message_*.h has the codecs of a few messages. A decoder takes the body (without header) whole into a plain
 * struct of views into it, and returns false when the body is not exactly that structure; it judges nothing.
 */
#ifndef NET_TLS_MESSAGE_H
#define NET_TLS_MESSAGE_H

#include "net/bytes.h"
#include "net/tls/wire.h"

enum { MESSAGE_HEADER = 4, MESSAGE_MAX_EXTENSIONS = 64, MESSAGE_MAX_SESSION_ID = 32, MESSAGE_RANDOM = 32 };

const char *message_name(unsigned type); /* "ServerHello"; "unknown message" */

/* size_t at = message_open(b, type); ...body...; message_close(b, at); */
size_t message_open(struct buf *b, enum message_type type);
void message_close(struct buf *b, size_t at);

/* ---- extension blocks (RFC 8446 section 4.2) ---- */
struct extension {
	uint16_t type;
	struct str body;
};

struct extension_list {
	struct extension item[MESSAGE_MAX_EXTENSIONS];
	size_t n;
};

/* Splits what `block` holds (without the length in front); false when malformed or more than fit. */
bool extension_list_decode(struct extension_list *list, struct str block);
const struct extension *extension_find(const struct extension_list *list, uint16_t type); /* NULL when absent */

#endif
