/*
 * Private to net/tls. Finished, NewSessionTicket (RFC 5077 section 3.3, RFC 8446 section 4.6.1), KeyUpdate (RFC 8446
 * section 4.6.3), and the empty messages HelloRequest and ServerHelloDone.
 */
#ifndef NET_TLS_MESSAGE_FINISH_H
#define NET_TLS_MESSAGE_FINISH_H

#include "net/tls/message.h"

struct finished {
	struct str verify_data;
};
bool finished_decode(struct finished *m, struct str body);
void finished_encode(struct buf *body, const struct finished *m);

struct new_session_ticket {
	uint32_t lifetime; /* seconds; up to TLS 1.2 a hint, 0 = unsaid */
	uint32_t age_add;  /* TLS 1.3, as nonce and extensions */
	struct str nonce, ticket;
	struct extension_list extensions;
};
bool new_session_ticket_decode(struct new_session_ticket *m, struct str body, bool tls13);

struct key_update {
	uint8_t request;
};
bool key_update_decode(struct key_update *m, struct str body);
void key_update_encode(struct buf *body, const struct key_update *m);

#endif
