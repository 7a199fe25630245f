/*
 * BearSSL's server engine set up for one room and one connection; home of the rollback bug.
 */
#ifndef NET_LAB_TLS_ROOM_H
#define NET_LAB_TLS_ROOM_H

#include "net/lab/rooms.h"

/* The policy of a server that compares the version inside the premaster with the wrong one. */
struct rollback_policy {
	const br_ssl_server_policy_class *vtable; /* first: BearSSL hands out its address */
	br_ssl_server_context *server;
	const br_ssl_server_policy_class **sound; /* does the work */
};

struct tls_room {
	br_ssl_server_context server;
	br_x509_certificate chain;
	struct rollback_policy rollback;
	uint8_t buffer[BR_SSL_BUFSIZE_BIDI];
};

/* identity is borrowed. False when there is no entropy. */
bool tls_room_init(struct tls_room *t, const struct room_rules *rules, const struct lab_identity *identity);
void tls_room_release(struct tls_room *t); /* wipes */

#endif
