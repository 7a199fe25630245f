/* The other side of a key exchange. */
#ifndef TESTS_UNIT_TLS_GROUP_PEER_H
#define TESTS_UNIT_TLS_GROUP_PEER_H

#include <string.h>

#include "net/tls/group.h"
#include "net/tls/mlkem.h"
#include "tests/support/unit.h"

/* The server's value for our key, *n bytes, and the secret that it comes to itself. */
static inline size_t
group_peer(const struct group_key *ours, struct random *random, uint8_t value[GROUP_MAX_PUBLIC], size_t *n,
    uint8_t secret[GROUP_MAX_SECRET])
{
	bool hybrid = ours->group == GROUP_X25519MLKEM768;
	struct str key = str_from(ours->public_key, ours->public_len);
	struct group_key theirs;
	size_t size;

	*n = 0;
	if (hybrid) {
		uint8_t m[MLKEM_MESSAGE];

		random_bytes(random, m, sizeof m);
		mlkem_encapsulate(ours->public_key, m, value, secret);
		*n = MLKEM_CIPHERTEXT;
		key = str_slice(key, MLKEM_KEY, key.n);
		secret += MLKEM_SECRET;
	}
	assert_int_equal(group_keygen(&theirs, hybrid ? GROUP_X25519 : ours->group, random, NULL), 0);
	assert_int_equal(group_shared(&theirs, key, secret, &size, NULL), 0);
	memcpy(value + *n, theirs.public_key, theirs.public_len);
	*n += theirs.public_len;
	group_key_release(&theirs);
	return size + (hybrid ? MLKEM_SECRET : 0);
}

#endif
