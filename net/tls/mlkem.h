/*
 * Private to net/tls. ML-KEM-768 (FIPS 203), a key encapsulation: who holds the decapsulation key and who knows the
 * encapsulation key come to the same 32 bytes. No branch and no address depends on a secret; what is secret and ours is
 * wiped.
 *
 *	mlkem_keygen(seed, ek);                          the client: 64 random bytes, and the key to send
 *	mlkem_encapsulate(ek, m, ciphertext, secret);    the server, with 32 random bytes
 *	mlkem_decapsulate(seed, ek, ciphertext, secret); the client
 *
 * The decapsulation key is kept as its seed, d and z in a row (FIPS 203 section 3.3 allows it); it is ours, and needs
 * no check.
 */
#ifndef NET_TLS_MLKEM_H
#define NET_TLS_MLKEM_H

#include <stdint.h>

enum { MLKEM_SEED = 64, MLKEM_KEY = 1184, MLKEM_MESSAGE = 32, MLKEM_CIPHERTEXT = 1088, MLKEM_SECRET = 32 };

/* ML-KEM.KeyGen_internal (algorithm 16). */
void mlkem_keygen(const uint8_t seed[MLKEM_SEED], uint8_t ek[MLKEM_KEY]);
/* ML-KEM.Encaps_internal (algorithm 17), for a key that mlkem_keygen() made: nothing is checked. */
void mlkem_encapsulate(const uint8_t ek[MLKEM_KEY], const uint8_t m[MLKEM_MESSAGE],
    uint8_t ciphertext[MLKEM_CIPHERTEXT], uint8_t secret[MLKEM_SECRET]);
/* ML-KEM.Decaps_internal (algorithm 18), with the key that mlkem_keygen() made of the seed. Never fails: from a
 * ciphertext that nobody made for this key comes a secret that nobody else has. */
void mlkem_decapsulate(const uint8_t seed[MLKEM_SEED], const uint8_t ek[MLKEM_KEY],
    const uint8_t ciphertext[MLKEM_CIPHERTEXT], uint8_t secret[MLKEM_SECRET]);

#endif
