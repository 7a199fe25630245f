/*
 * Private to net/tls. SHA-3 and SHAKE (FIPS 202) as ML-KEM uses them: absorb once, then squeeze as often as is wanted.
 *
 *	keccak_absorb(&k, KECCAK_SHAKE128, parts, n);
 *	keccak_squeeze(&k, out, 168);
 *	keccak_wipe(&k);
 */
#ifndef NET_TLS_KECCAK_H
#define NET_TLS_KECCAK_H

#include "net/str.h"

enum keccak_function { KECCAK_SHAKE128, KECCAK_SHAKE256, KECCAK_SHA3_256, KECCAK_SHA3_512 };

struct keccak {
	uint64_t lanes[25];
	size_t rate, at; /* bytes of a block, and how many of this one are squeezed */
};

/* The parts in a row, and the padding. */
void keccak_absorb(struct keccak *k, enum keccak_function f, const struct str *parts, size_t n);
/* The next n bytes; SHA3-256 and SHA3-512 have 32 and 64. */
void keccak_squeeze(struct keccak *k, uint8_t *out, size_t n);
void keccak_wipe(struct keccak *k);
/* All three. */
void keccak(enum keccak_function f, const struct str *parts, size_t n_parts, uint8_t *out, size_t n);

#endif
