/*
 * Random bytes of one connection: HMAC-DRBG with SHA-256 (NIST SP 800-90A), seeded with 32 bytes of getrandom(2). The
 * kernel mixes RDRAND in itself; BearSSL's system seeder would only ask it again. Each connection has its own.
 */
#ifndef NET_TLS_RANDOM_H
#define NET_TLS_RANDOM_H

#include <bearssl.h>

#include "net/error.h"

struct random {
	br_hmac_drbg_context drbg;
};

int random_init(struct random *r, struct error *error);       /* ERROR_OTHER when the system has no entropy */
/* Deterministic: for tests and fuzzers only. */
void random_init_fixed(struct random *r, const void *seed, size_t n);
void random_bytes(struct random *r, void *out, size_t n);
void random_release(struct random *r);                        /* wipes */

#endif
