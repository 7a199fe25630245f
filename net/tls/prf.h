/*
 * Private to net/tls. Key derivation of SSL 3.0 (RFC 6101), TLS 1.0 and 1.1 (RFC 4346), TLS 1.2 (RFC 5246) from one
 * interface: `version` says which; `prf` is the suite's hash and matters in TLS 1.2 only.
 */
#ifndef NET_TLS_PRF_H
#define NET_TLS_PRF_H

#include "net/tls/tls.h"
#include "net/tls/transcript.h"

enum { MASTER_SECRET = 48, RANDOM_SIZE = 32, FINISHED_MAX = 36 };

/* The TLS PRF itself (not SSL 3.0); seed = the parts in a row. */
void prf(unsigned version, enum x509_hash hash, struct str secret, const char *label, const struct str *parts, size_t n,
    uint8_t *out, size_t out_len);

void prf_master_secret(unsigned version, enum x509_hash prf_hash, struct str premaster,
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], uint8_t out[MASTER_SECRET]);
/* RFC 7627. Transcript up to and with ClientKeyExchange. TLS 1.0 to 1.2 only. */
void prf_extended_master_secret(unsigned version, enum x509_hash prf_hash, struct str premaster,
    const struct transcript *t, uint8_t out[MASTER_SECRET]);
/* client_write_MAC server_write_MAC client_write_key server_write_key client_IV server_IV, as many bytes as asked. */
void prf_key_block(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET],
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], uint8_t *out, size_t n);
/* verify_data: 36 bytes in SSL 3.0, 12 else; returns the size. */
size_t prf_finished(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET], bool client,
    const struct transcript *t, uint8_t out[FINISHED_MAX]);
/* What a client certificate's key signs in SSL 3.0: MD5 and SHA-1 (36 bytes; ECDSA keys sign the last 20). */
void prf_ssl3_certificate_verify(const uint8_t master[MASTER_SECRET], const struct transcript *t,
    uint8_t out[HASH_MD5SHA1_SIZE]);
/* RFC 5705; context NULL = none. TLS 1.0 to 1.2. */
int prf_export(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET],
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], struct str label,
    const struct str *context, uint8_t *out, size_t n, struct error *error);

#endif
