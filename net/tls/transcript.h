/*
 * Private to net/tls. The running hashes of the handshake messages (header and body, no record headers). Several run in
 * parallel until it is known which are needed; the messages themselves are not kept.
 */
#ifndef NET_TLS_TRANSCRIPT_H
#define NET_TLS_TRANSCRIPT_H

#include "net/tls/crypto.h"

enum { TRANSCRIPT_HASHES = 5 };

struct transcript {
	unsigned running; /* bits: 1 << enum x509_hash */
	br_md5_context md5;
	br_sha1_context sha1;
	br_sha256_context sha256;
	br_sha384_context sha384;
	br_sha512_context sha512;
};

#define TRANSCRIPT_BIT(hash) (1u << (hash))
#define TRANSCRIPT_ALL \
	(TRANSCRIPT_BIT(X509_MD5) | TRANSCRIPT_BIT(X509_SHA1) | TRANSCRIPT_BIT(X509_SHA256) | \
	    TRANSCRIPT_BIT(X509_SHA384) | TRANSCRIPT_BIT(X509_SHA512))

void transcript_init(struct transcript *t, unsigned hashes);
/* Stops all but these; those already stopped stay stopped. */
void transcript_keep(struct transcript *t, unsigned hashes);
void transcript_add(struct transcript *t, const void *p, size_t n);
/* The hash so far, without ending it; X509_MD5SHA1 gives MD5 and SHA-1 (36 bytes). Returns the size, 0 when that
 * hash is not running. */
size_t transcript_hash(const struct transcript *t, enum x509_hash h, uint8_t out[HASH_MAX]);
/* RFC 8446 section 4.4.1: what was added so far (ClientHello1) becomes one synthetic message_hash message. Keeps
 * only `h`. */
void transcript_retry(struct transcript *t, enum x509_hash h);

#endif
