/* PEM text (RFC 7468): the blocks of a file. For net/x509 and the private keys of net/tls. */
#ifndef NET_X509_PEM_H
#define NET_X509_PEM_H

#include "net/buf.h"
#include "net/error.h"
#include "net/str.h"

enum { PEM_MAX_CERTS = 8192 };

struct pem_block {
	struct str label; /* "CERTIFICATE"; a view */
	struct str body;  /* the lines between; a view */
	struct str der;   /* of a certificate */
	uint8_t *memory;  /* holds der; free() it */
};

/* The next block of *rest, which moves behind it. False at the end, and with *status = -1 on a broken block. */
bool pem_next(struct str *rest, struct pem_block *block, int *status, struct error *error);
bool pem_is_certificate(const struct pem_block *block);
/* Base64 (RFC 4648 section 4), white space skipped; bytes written, or -1. out has room for s.n bytes. */
ptrdiff_t pem_base64(struct str s, uint8_t *out);
void pem_add_base64(struct buf *out, struct str bytes); /* the other way, without line ends */

#endif
