/*
 * Private to net/tls. ClientHello, ServerHello with its disguise HelloRetryRequest, EncryptedExtensions (RFC 8446
 * section 4.1 and 4.3.1, RFC 5246 section 7.4.1), and the SSL 2.0 form of the ClientHello (RFC 5246 appendix E.2).
 */
#ifndef NET_TLS_MESSAGE_HELLO_H
#define NET_TLS_MESSAGE_HELLO_H

#include "net/tls/message.h"

struct client_hello {
	uint16_t version;
	struct str random, session_id;
	struct str suites; /* two bytes each */
	struct str compression;
	bool has_extensions;
	struct str extensions; /* the block without its length */
};
void client_hello_encode(struct buf *body, const struct client_hello *m);
bool client_hello_decode(struct client_hello *m, struct str body);
/* The body of the record (without its 2-byte length): message type, version, specs of three bytes, challenge. */
void client_hello_encode_v2(struct buf *out, const struct client_hello *m);
/* Suites are then the specs, three bytes each. */
bool client_hello_decode_v2(struct client_hello *m, struct str whole);

struct server_hello {
	uint16_t version;
	struct str random, session_id;
	uint16_t suite;
	uint8_t compression;
	bool has_extensions;
	struct extension_list extensions;
	bool retry; /* the random says that it is a HelloRetryRequest */
};
bool server_hello_decode(struct server_hello *m, struct str body);
bool server_hello_is_retry(struct str body);

struct encrypted_extensions {
	struct extension_list extensions;
};
bool encrypted_extensions_decode(struct encrypted_extensions *m, struct str body);

#endif
