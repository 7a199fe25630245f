/* Certificates in a row, as long as they fit into 100 kB: a leaf, and meshes of CAs of one name with keys from MESH on.
 * */
#ifndef TESTS_UNIT_X509_MESH_H
#define TESTS_UNIT_X509_MESH_H

#include "net/x509/x509.h"
#include "tests/support/make_cert.h"

#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)

enum { SIZE = 100000, MESH = 100 };

static void
add(struct buf *certs, size_t *n, const struct made *m)
{
	struct buf der = make_cert(m);

	if (certs->len + der.len <= SIZE && *n < X509_MAX_CHAIN) {
		put_str(certs, buf_str(&der));
		++*n;
	}
	buf_release(&der);
}

static void
add_leaf(struct buf *certs, size_t *n, const char *issuer)
{
	add(certs, n, &(struct made){ .names = "DNS:www.example.com", .issuer = issuer, .signer = MESH });
}

/* count CAs of one name; keys and signers by the function. */
static void
add_mesh(struct buf *certs, size_t *n, const char *name, const char *issuer, unsigned count, unsigned (*key)(unsigned),
    unsigned (*signer)(unsigned))
{
	for (unsigned i = 0; i < count; i++)
		add(certs, n,
		    &(struct made){ .subject = name,
			.issuer = issuer,
			.key = key(i),
			.signer = signer(i),
			.ca = 1,
			.usage = CA_USAGE });
}

static unsigned
each(unsigned i)
{
	return MESH + i;
}

static unsigned
next(unsigned i)
{
	return MESH + (i + 1) % (X509_MAX_CHAIN - 1);
}

static unsigned
same(unsigned i)
{
	(void)i;
	return MESH;
}

static unsigned
row(unsigned i)
{
	return MESH + i / 16;
}

static unsigned
column(unsigned i)
{
	return MESH + i % 16;
}

#endif
