/*
 * Signed certificate timestamps (RFC 6962 section 3.2): a log's promise to publish a certificate. A list of them comes
 * in the certificate, in the TLS extension or in the OCSP response. Their signatures can be checked only with the logs'
 * keys, of which no list is kept here: they are decoded and shown, never a reason for or against a chain.
 */
#ifndef NET_X509_SCT_H
#define NET_X509_SCT_H

#include "net/str.h"

enum { SCT_MAX = 32 }; /* of one list */

struct sct {                   /* views into the list */
	unsigned version;      /* 0 is v1; of others only this is known */
	struct str log_id;     /* SHA-256 of the log's key */
	uint64_t milliseconds; /* since 1970 */
	struct str extensions;
	uint8_t hash, algorithm; /* of TLS 1.2's SignatureAndHashAlgorithm */
	struct str signature;
};

/* SignedCertificateTimestampList (section 3.3): the number of timestamps in out, or -1 when malformed or of more than
 * SCT_MAX. */
int sct_decode_list(struct str list, struct sct out[SCT_MAX]);
/* "v1, log 5tz...=, 2026-11-24 08:00:00 UTC, ecdsa with SHA-256"; caller frees. */
char *sct_text(const struct sct *s);

#endif
