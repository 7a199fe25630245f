/*
 * Private to net/tls. Named groups (RFC 8422, RFC 8446 section 4.2.7): X25519 and X448 (RFC 7748), P-224 to P-521,
 * X25519MLKEM768. Names of all registered groups: tls_group_name in tls.h.
 */
#ifndef NET_TLS_GROUP_H
#define NET_TLS_GROUP_H

#include "net/tls/random.h"
#include "net/tls/tls.h"

enum {
	GROUP_MAX_PUBLIC = 1184 + 32, /* bytes, of X25519MLKEM768 */
	GROUP_MAX_POINT = 133,        /* those of P-521 */
	GROUP_MAX_SCALAR = 64 + 32,   /* of X25519MLKEM768 */
	GROUP_MAX_SECRET = 66,        /* of P-521 */
	GROUP_COUNT = 7
};

bool group_supported(uint16_t id);
/* Whether a version may use it: X25519MLKEM768 is for TLS 1.3, P-224 for what came before. */
bool group_fits(uint16_t id, unsigned version);
size_t group_public_size(uint16_t id); /* bytes of our public key; 0 when not supported */
/* Those of the newest version that is offered, in the order of preference; the count. */
size_t group_defaults(unsigned max_version, uint16_t *ids, size_t max);

/* Our half of one exchange. */
struct group_key {
	uint16_t group; /* 0 = empty */
	uint8_t scalar[GROUP_MAX_SCALAR];
	size_t scalar_len;
	uint8_t public_key[GROUP_MAX_PUBLIC]; /* as it goes on the wire */
	size_t public_len;
};

/* TLS_WRONG_GROUP when not supported. */
int group_keygen(struct group_key *k, uint16_t group, struct random *r, struct error *error);
/* The shared secret: X coordinate with leading zeros kept, the X25519 or X448 output, or ML-KEM's secret and the X25519
 * output. TLS_BAD_PUBLIC_KEY when the peer's value has the wrong length, is compressed, not on the curve, or gives the
 * all-zero output. */
int group_shared(const struct group_key *k, struct str peer, uint8_t secret[GROUP_MAX_SECRET], size_t *n,
    struct error *error);
void group_key_release(struct group_key *k); /* wipes */

#endif
