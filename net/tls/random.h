/*
 * Private to net/tls. Random bytes of one connection: those of getrandom(2), fetched as many at once as it gives in one
 * piece; each is wiped when it is handed out. The kernel has the best generator and reseeds it; one of our own would
 * cost more and add nothing.
 */
#ifndef NET_TLS_RANDOM_H
#define NET_TLS_RANDOM_H

#include <bearssl.h>
#include <stdbool.h>

#include "net/error.h"

enum { RANDOM_POOL = 256 };

struct random {
	const br_prng_class *vtable; /* for BearSSL's functions that take a generator */
	uint8_t pool[RANDOM_POOL];
	size_t left; /* unused bytes, at the pool's end */
	bool fixed;
	br_hmac_drbg_context drbg; /* of random_init_fixed() alone */
};

int random_init(struct random *r, struct error *error); /* ERROR_OTHER when the system has no entropy */
/* Deterministic (HMAC-DRBG, NIST SP 800-90A): for tests and fuzzers only. */
void random_init_fixed(struct random *r, const void *seed, size_t n);
void random_bytes(struct random *r, void *out, size_t n);
void random_release(struct random *r); /* wipes */

#endif
