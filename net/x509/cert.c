/* One certificate (RFC 5280 section 4.1) and PEM files of them (RFC 7468). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/pem.h"

static void
read_name(struct x509_details *d, struct str der, enum x509_part part, const char *whose, struct x509_name *out)
{
	if ((d->unread & part) != 0 || x509_name_read(der, out))
		return;
	if (out->too_many)
		x509_over_limit(d, part, "its %s has more than %d attributes at one place, the limit here", whose,
		    X509_MAX_ATTRIBUTES);
	else
		x509_unreadable(d, part, "its %s's name is malformed", whose);
}

/* Once the extensions are known. */
static void
read_names(struct x509_cert *c)
{
	struct x509_details *d = c->more;

	if (!x509_unread(c, PART_ISSUER) && x509_name_empty(c->issuer))
		x509_add_defect(d, X509_MALFORMED, false, "its issuer is empty");
	read_name(d, c->issuer, PART_ISSUER, "issuer", &d->issuer);
	read_name(d, c->subject, PART_SUBJECT, "subject", &d->subject);
	d->self_issued = x509_name_eq(&d->issuer, &d->subject);
	d->odd_mail = !x509_read_mail_addresses(c->subject, &d->mails);
	d->odd_common_name = !x509_common_name_ok(c);
	d->underscore = x509_names_have_underscore(c);
}

static void
read_signature(struct x509_cert *c, struct rd *outer)
{
	struct str contents, whole;
	unsigned tag;

	if (!der_next(outer, &tag, &contents, &whole) || tag != DER_SEQUENCE) {
		x509_torn(c->more, PART_ALGORITHM | PART_SIGNATURE, "its signatureAlgorithm cannot be read");
		return;
	}
	c->more->algorithm = x509_signature_algorithm(whole);
	if (c->more->algorithm.malformed)
		x509_unreadable(c->more, PART_ALGORITHM, "its signature algorithm cannot be decoded");
	/* section 4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field" */
	else if (!x509_unread(c, PART_ALGORITHM) && !str_eq(c->more->inner_algorithm, whole))
		x509_add_defect(c->more, X509_MALFORMED, false, "its two signature algorithms differ");
	c->more->signature = der_bits(outer);
	if (outer->bad)
		x509_torn(c->more, PART_SIGNATURE, "its signatureValue is no BIT STRING of whole bytes");
	else if (rd_left(outer) > 0)
		x509_torn(c->more, 0, "%zu bytes stand behind its signature", rd_left(outer));
}

static void
read_key(struct x509_cert *c)
{
	const char *why = x509_read_key(c->spki, &c->key);

	if (why == NULL || x509_unread(c, PART_KEY))
		return;
	if (c->key.type == X509_KEY_UNKNOWN)
		x509_unreadable(c->more, PART_KEY, "its public key cannot be decoded: %s", why);
	else
		x509_add_defect(c->more, X509_MALFORMED, false, "its public key is malformed: %s", why);
}

/* As far as it can be read. False: there is nothing of a certificate in it. */
static bool
read_certificate(struct x509_cert *c)
{
	enum { PARTS = PART_ISSUER | PART_NOT_BEFORE | PART_NOT_AFTER | PART_SUBJECT | PART_KEY };
	struct rd r = rd_of(c->der, c->der_len), outer = der_enter(&r, DER_SEQUENCE), tbs;

	c->tbs = der_whole(&outer, DER_SEQUENCE);
	if (outer.bad)
		return false;
	tbs = rd_str(c->tbs);
	x509_read_tbs(c, der_enter(&tbs, DER_SEQUENCE));
	read_signature(c, &outer);
	if (rd_left(&r) > 0)
		x509_torn(c->more, 0, "%zu bytes stand behind it", rd_left(&r));
	read_key(c);
	read_names(c);
	return (c->more->unread & PARTS) != PARTS;
}

static struct x509_cert *
cert_alloc(struct str der)
{
	struct x509_cert *c = mem_alloc(sizeof *c);

	c->more = mem_alloc(sizeof *c->more);
	c->der = mem_dup(der.p, der.n);
	c->der_len = der.n;
	c->path_len = -1;
	c->more->require_explicit = c->more->inhibit_mapping = c->more->inhibit_any = -1;
	hash_parts(X509_SHA256, &der, 1, c->sha256);
	return c;
}

/* NULL: not one, and no more is known of it. */
static struct x509_cert *
decode(struct str der)
{
	struct x509_cert *c = cert_alloc(der);

	if (!read_certificate(c)) {
		x509_cert_free(c);
		return NULL;
	}
	hash_parts(X509_SHA256, &c->spki, 1, c->spki_sha256);
	return c;
}

struct x509_cert *
x509_cert_new(struct str der, struct error *error)
{
	struct x509_cert *c = NULL;

	if (der.n == 0 || der.n > X509_MAX_CERT)
		fail(error, der.n == 0 ? ERROR_CERTIFICATE : ERROR_LIMIT, X509_MALFORMED,
		    "a certificate of %zu bytes (the limit is %d)", der.n, X509_MAX_CERT);
	else if ((c = decode(der)) == NULL)
		fail(error, ERROR_CERTIFICATE, X509_MALFORMED, "these %zu bytes are not an X.509 certificate", der.n);
	return c;
}

struct x509_cert *
x509_cert_sent(struct str der)
{
	struct x509_cert *c = der.n > X509_MAX_CERT ? NULL : decode(der);

	if (c != NULL)
		return c;
	c = cert_alloc(der);
	c->more->torn = true;
	if (der.n > X509_MAX_CERT)
		x509_over_limit(c->more, ~0u, "it has %zu bytes, more than %d, the limit here", der.n, X509_MAX_CERT);
	else
		x509_unreadable(c->more, ~0u, "these %zu bytes are not an X.509 certificate", der.n);
	return c;
}

void
x509_cert_free(struct x509_cert *c)
{
	if (c == NULL)
		return;
	x509_name_release(&c->more->issuer);
	x509_name_release(&c->more->subject);
	x509_general_names_release(&c->more->names);
	x509_general_names_release(&c->more->mails);
	x509_general_names_release(&c->more->aki_issuer);
	x509_general_names_release(&c->more->permitted);
	x509_general_names_release(&c->more->excluded);
	for (size_t i = 0; i < c->more->n_defects; i++)
		free(c->more->defects[i].text);
	free(c->more);
	free(c->der);
	free(c);
}

static int
add_cert(struct x509_cert ***certs, size_t *n, struct str der, struct error *error)
{
	struct x509_cert *c = x509_cert_new(der, error);

	if (c == NULL)
		return -1;
	*certs = mem_resize(*certs, (*n + 1) * sizeof(**certs));
	(*certs)[(*n)++] = c;
	return 0;
}

int
x509_read_pem(struct str text, struct x509_cert ***certs, struct error *error)
{
	struct pem_block block;
	struct str rest = text;
	size_t n = 0;
	int status = 0;

	*certs = NULL;
	if (text.n > 0 && text.p[0] == DER_SEQUENCE)
		status = add_cert(certs, &n, text, error);
	while (status == 0 && n < PEM_MAX_CERTS && pem_next(&rest, &block, &status, error))
		if (pem_is_certificate(&block)) {
			status = add_cert(certs, &n, block.der, error);
			free(block.memory);
		} else {
			free(block.memory);
		}
	if (status == 0)
		return (int)n;
	for (size_t i = 0; i < n; i++)
		x509_cert_free((*certs)[i]);
	free(*certs);
	*certs = NULL;
	return -1;
}
