/*
 * Private to net/tls. Named groups (RFC 8422, RFC 8446 section 4.2.7): X25519 (RFC 7748), P-256, P-384, P-521.
 * Names of all registered groups: tls_group_name in tls.h.
 */
#ifndef NET_TLS_GROUP_H
#define NET_TLS_GROUP_H

#include "net/tls/random.h"
#include "net/tls/tls.h"

enum { GROUP_MAX_PUBLIC = 133, GROUP_MAX_SECRET = 66, GROUP_COUNT = 4 };

bool group_supported(uint16_t id);
size_t group_public_size(uint16_t id); /* bytes of a public key; 0 when not supported */
/* X25519 P-256 P-384 P-521; the count. */
size_t group_defaults(uint16_t *ids, size_t max);

/* Our half of one exchange. */
struct group_key {
	uint16_t group; /* 0 = empty */
	uint8_t scalar[GROUP_MAX_SECRET];
	size_t scalar_len;
	uint8_t public_key[GROUP_MAX_PUBLIC]; /* as it goes on the wire */
	size_t public_len;
};

/* TLS_WRONG_GROUP when not supported. */
int group_keygen(struct group_key *k, uint16_t group, struct random *r, struct error *error);
/* The shared secret: X coordinate with leading zeros kept, or the X25519 output. TLS_BAD_PUBLIC_KEY when the peer's
 * value has the wrong length, is compressed, not on the curve, or gives the all-zero X25519 output. */
int group_shared(const struct group_key *k, struct str peer, uint8_t secret[GROUP_MAX_SECRET], size_t *n,
    struct error *error);
void group_key_release(struct group_key *k); /* wipes */

#endif
