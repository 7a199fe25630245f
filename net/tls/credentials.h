/*
 * Private to net/tls. A client certificate with its private key. Loaded by tls_credentials_load (tls.h).
 */
#ifndef NET_TLS_CREDENTIALS_H
#define NET_TLS_CREDENTIALS_H

#include "net/tls/scheme.h"

struct tls_credentials {
	size_t references;        /* of the loader's caller and of engines */
	struct x509_cert **chain; /* as in the file, the leaf first */
	size_t n_chain;
	const struct x509_key *key; /* the leaf's public key: type, bits, curve */
	enum x509_key_type type;    /* of the private key: RSA (rsa is filled), EC (ec is), Ed25519 or Ed448 */
	br_rsa_private_key rsa;
	br_ec_private_key ec;
	uint8_t *secret; /* what their pointers point into, or EdDSA's key; wiped */
	size_t secret_len;
};

enum { CREDENTIALS_MAX_FILE = 1 << 20, CREDENTIALS_MAX_SIGNATURE = 512 };

/* A private key from PEM or DER text: PKCS#8, SEC1 or PKCS#1. Fills type, rsa or ec, secret. For the loader and its
 * fuzzer. `name` is for messages. */
int credentials_read_key(struct tls_credentials *c, struct str text, const char *name, struct error *error);
/* The scheme to sign with, of those that the peer lists and that fit the key and version: the first in `first`
 * (the user's), else in the table's order, SHA-1 last; 0 when none does. Below TLS 1.2 it is not to be called. */
uint16_t credentials_choose_scheme(const struct tls_credentials *c, unsigned version, const uint16_t *first,
    size_t n_first, const uint16_t *peer, size_t n);
/* EdDSA signs the messages themselves (RFC 8032): up to TLS 1.2 all of them are to be kept. c may be NULL. */
bool credentials_sign_messages(const struct tls_credentials *c);
/* Signs a digest made with scheme_hash(), or what EdDSA signs; scheme 0 below TLS 1.2. *n: bytes of the signature. */
int credentials_sign(const struct tls_credentials *c, uint16_t scheme, struct str digest, struct random *r,
    uint8_t signature[CREDENTIALS_MAX_SIGNATURE], size_t *n, struct error *error);

#endif
