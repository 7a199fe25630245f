/*
 * Hash functions by their number, enum x509_hash: 0 is MD5 followed by SHA-1, 1 to 6 are the TLS registry's. Shared by
 * net/x509 and net/tls.
 */
#ifndef NET_X509_HASH_H
#define NET_X509_HASH_H

#include <bearssl.h>

#include "net/x509/x509.h"

enum { HASH_MAX = 64, HASH_MD5SHA1_SIZE = 36 };

/* NULL for X509_MD5SHA1 and unknown numbers. */
const br_hash_class *hash_class(enum x509_hash h);
size_t hash_size(enum x509_hash h);      /* bytes; 36 for X509_MD5SHA1, 0 for unknown numbers */
const char *hash_name(enum x509_hash h); /* "SHA-256" */
/* As BearSSL's PKCS#1 functions want it: one byte length, then the OID's contents. NULL for X509_MD5SHA1. */
const uint8_t *hash_oid(enum x509_hash h);
/* Digest of the parts in a row; out has hash_size(h) bytes. Works for X509_MD5SHA1 too. */
void hash_parts(enum x509_hash h, const struct str *parts, size_t n, uint8_t *out);
/* xors MGF1(seed) of RFC 8017 appendix B.2.1 to the n bytes at p; the seed is as long as the hash. */
void mgf1_xor(enum x509_hash h, const uint8_t *seed, uint8_t *p, size_t n);

#endif
