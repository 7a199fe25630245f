/*
 * What BearSSL lacks, from nettle and GMP: EdDSA, ECDSA on P-224, and numbers above 4096 bits. Shared by net/x509 and
 * net/tls; nobody else needs to know who computes what.
 */
#ifndef NET_X509_NETTLE_H
#define NET_X509_NETTLE_H

#include "net/x509/x509.h"

enum { ED25519_BYTES = 32, ED448_BYTES = 57, ED25519_SIGNED = 64, ED448_SIGNED = 114 };

/* GMP ends a process whose memory is out, and does not wipe: from now on it asks net/mem.h, and what it gives back is
 * wiped. To be called before any function of nettle or GMP that allocates; a second call changes nothing. */
void nettle_begin(void);

/* Ed25519 or Ed448 (RFC 8032, "pure", without a context): private key (32 or 57 bytes) to signature (64 or 114 bytes),
 * and to public key. */
void nettle_eddsa_sign(enum x509_key_type type, const uint8_t *private_key, struct str message, uint8_t *signature);
void nettle_eddsa_public(enum x509_key_type type, const uint8_t *private_key, uint8_t *public_key);

/* ECDSA on P-224: an uncompressed point, the two numbers of a signature. */
bool nettle_p224_verify(struct str point, struct str hash, struct str r, struct str s);

/* out = base^exponent mod modulus, all as long as the modulus and big-endian, in time that does not depend on base and
 * exponent. False unless the modulus is odd, without leading zeros and at most X509_MAX_RSA_BITS long, 0 < base <
 * modulus and the exponent not empty. */
bool nettle_power(struct str base, struct str exponent, struct str modulus, uint8_t *out);

#endif
