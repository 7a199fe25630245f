/*
 * Private to group*.c. What a group is, and the kinds of key exchange, a file each. group.c has looked at versions and
 * lengths before it asks them.
 */
#ifndef NET_TLS_GROUP_KINDS_H
#define NET_TLS_GROUP_KINDS_H

#include "net/tls/group.h"

struct group;

enum group_result {
	GROUP_GOOD,
	GROUP_NOT_UNCOMPRESSED, /* RFC 8446 section 4.2.8.2: legacy_form is 4 */
	GROUP_OFF_CURVE,
	/* RFC 7748 section 6, RFC 8446 section 7.4.2: "implementations MUST check whether the computed Diffie-Hellman
	 * shared secret is the all-zero value and abort if so" */
	GROUP_SMALL_ORDER
};

struct group_kind {
	/* Fills scalar, scalar_len and public_key; false when there is no key. */
	bool (*keygen)(const struct group *g, struct group_key *k, struct random *r);
	/* From the peer's value, which has peer_size bytes, to secret_size bytes. */
	enum group_result (
	    *shared)(const struct group *g, const struct group_key *k, const uint8_t *peer, uint8_t *secret);
};

struct group {
	struct tls_name name;
	const struct group_kind *kind;
	int curve;                                  /* BearSSL's number, where it is BearSSL's */
	size_t public_size, peer_size, secret_size; /* of our value, the server's, and what comes of them */
	unsigned min_version, max_version;          /* the versions that may use it */
};

extern const struct group_kind group_x25519, group_ecdh; /* group_bearssl.c */
extern const struct group_kind group_x448, group_p224;   /* group_nettle.c */
extern const struct group_kind group_x25519_mlkem;       /* group_mlkem.c */

#endif
