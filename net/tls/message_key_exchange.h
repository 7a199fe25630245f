/*
 * Private to net/tls. ServerKeyExchange and ClientKeyExchange (RFC 5246 sections 7.4.3 and 7.4.7, RFC 8422 sections 5.4
 * and 5.7, RFC 6101 sections 5.6.4 and 5.6.7).
 */
#ifndef NET_TLS_MESSAGE_KEY_EXCHANGE_H
#define NET_TLS_MESSAGE_KEY_EXCHANGE_H

#include "net/tls/message.h"

struct server_key_exchange {
	bool ecdhe;
	struct str p, g, ys; /* DHE */
	uint8_t curve_type;  /* ECDHE; only named curves are decoded further */
	uint16_t group;
	struct str point;
	struct str params; /* the bytes that are signed */
	uint16_t scheme;   /* TLS 1.2; 0 before */
	struct str signature;
};
/* False also for curve types other than named_curve: then curve_type tells. */
bool server_key_exchange_decode(struct server_key_exchange *m, struct str body, bool ecdhe, uint16_t version);

enum client_key_form { CLIENT_KEY_RSA, CLIENT_KEY_DHE, CLIENT_KEY_ECDHE };
struct client_key_exchange {
	enum client_key_form form;
	struct str value; /* encrypted premaster, Yc or the point */
};
bool
client_key_exchange_decode(struct client_key_exchange *m, struct str body, enum client_key_form form, uint16_t version);
void client_key_exchange_encode(struct buf *body, const struct client_key_exchange *m, uint16_t version);

#endif
