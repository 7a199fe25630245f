/*
 * Digests of whole texts for those who do not know BearSSL: HTTP's Digest authentication (RFC 7616).
 */
#ifndef NET_X509_DIGEST_H
#define NET_X509_DIGEST_H

#include "net/str.h"

enum { DIGEST_MD5_SIZE = 16, DIGEST_SHA256_SIZE = 32, DIGEST_SHA512_256_SIZE = 32 };

void digest_md5(struct str data, uint8_t *out);
void digest_sha256(struct str data, uint8_t *out);
void digest_sha512_256(struct str data, uint8_t *out); /* FIPS 180-4 section 5.3.6.2 */

#endif
