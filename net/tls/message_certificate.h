/*
 * Private to net/tls. Certificate, CertificateStatus, CertificateRequest and CertificateVerify, in the forms of SSL 3.0
 * to TLS 1.2 (RFC 5246 sections 7.4.2, 7.4.4, 7.4.8, RFC 6066 section 8) and of TLS 1.3 (RFC 8446 sections 4.3.2,
 * 4.4.2, 4.4.3).
 */
#ifndef NET_TLS_MESSAGE_CERTIFICATE_H
#define NET_TLS_MESSAGE_CERTIFICATE_H

#include "net/tls/message.h"
#include "net/x509/x509.h"

struct certificate_message {
	struct str context; /* TLS 1.3: certificate_request_context */
	struct {
		struct str der;
		struct str extensions; /* TLS 1.3: the block without its length */
	} entry[X509_MAX_CHAIN];
	size_t n, left_out; /* those that do not fit */
};
/* tls13 chooses the form. */
bool certificate_decode(struct certificate_message *m, struct str body, bool tls13);
/* entry[].extensions are sent empty. */
void certificate_encode(struct buf *body, const struct certificate_message *m, bool tls13);

struct certificate_status {
	uint8_t type; /* 1 = ocsp, the only one */
	struct str response;
};
bool certificate_status_decode(struct certificate_status *m, struct str body);

struct certificate_request {
	struct str types;                 /* ClientCertificateType, up to TLS 1.2: 1 rsa_sign, 64 ecdsa_sign */
	struct str schemes;               /* pairs of bytes; TLS 1.2 only (in TLS 1.3 an extension) */
	struct str authorities;           /* each with 2 bytes of length, up to TLS 1.2 */
	struct str context;               /* TLS 1.3 */
	struct extension_list extensions; /* TLS 1.3 */
};
bool certificate_request_decode(struct certificate_request *m, struct str body, uint16_t version);
/* Walks the authorities: the next DER Name in *name, false at the end. */
bool certificate_authority_next(struct rd *authorities, struct str *name);

struct certificate_verify {
	uint16_t scheme; /* TLS 1.2 and later; 0 before */
	struct str signature;
};
bool certificate_verify_decode(struct certificate_verify *m, struct str body, uint16_t version);
void certificate_verify_encode(struct buf *body, const struct certificate_verify *m, uint16_t version);

#endif
