/* One certificate (RFC 5280 section 4.1) and PEM files of them (RFC 7468). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/pem.h"

/* serialNumber: RFC 5280 section 4.1.2.2, positive and "up to 20 octets". */
static bool
serial_ok(struct str serial)
{
	bool zero = true;

	for (size_t i = 0; i < serial.n; i++)
		zero = zero && serial.p[i] == 0;
	return !zero && (serial.p[0] & 0x80) == 0 && (serial.n <= 20 || (serial.n == 21 && serial.p[0] == 0));
}

/* The optional fields at the end of TBSCertificate. */
static void
read_tail(struct x509_cert *c, struct rd *tbs)
{
	struct rd explicit, list;

	for (unsigned n = 1; n <= 2; n++)
		if (der_peek(tbs) == DER_CONTEXT(n)) {
			if (!der_bit_string_ok(der_element(tbs, DER_CONTEXT(n))))
				tbs->bad = true;
			if (c->more->version < 2)
				x509_add_defect(c->more, X509_MALFORMED, false,
				    "it has a unique identifier, which version 1 does not");
		}
	if (der_peek(tbs) != DER_CONTEXT_CONSTRUCTED(3))
		return;
	explicit = der_enter(tbs, DER_CONTEXT_CONSTRUCTED(3));
	list = der_enter(&explicit, DER_SEQUENCE);
	if (!rd_done(&explicit) || rd_left(&list) == 0)
		tbs->bad = true;
	if (c->more->version != 3)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has extensions but is of version %u",
		    c->more->version);
	x509_read_extensions(c, list);
}

static bool
read_tbs(struct x509_cert *c, struct rd tbs, struct str *inner_algorithm)
{
	struct rd field;

	c->more->version = 1;
	if (der_peek(&tbs) == DER_CONTEXT_CONSTRUCTED(0)) {
		field = der_enter(&tbs, DER_CONTEXT_CONSTRUCTED(0));
		c->more->version = der_small(&field) + 1;
		if (!rd_done(&field) || c->more->version < 2 || c->more->version > 3)
			return false;
	}
	c->serial = der_integer(&tbs);
	*inner_algorithm = der_whole(&tbs, DER_SEQUENCE);
	c->issuer = der_whole(&tbs, DER_SEQUENCE);
	field = der_enter(&tbs, DER_SEQUENCE);
	c->not_before = der_time(&field);
	c->not_after = der_time(&field);
	c->subject = der_whole(&tbs, DER_SEQUENCE);
	c->spki = der_whole(&tbs, DER_SEQUENCE);
	if (tbs.bad || !rd_done(&field))
		return false;
	c->more->serial_ok = serial_ok(c->serial);
	read_tail(c, &tbs);
	return rd_done(&tbs);
}

/* Once the extensions are known. */
static void
read_names(struct x509_cert *c)
{
	struct x509_details *d = c->more;

	if (x509_name_empty(c->issuer))
		x509_add_defect(d, X509_MALFORMED, false, "its issuer is empty");
	if (!x509_name_read(c->issuer, &d->issuer))
		x509_add_defect(d, X509_MALFORMED, false, "its issuer's name is malformed");
	if (!x509_name_read(c->subject, &d->subject))
		x509_add_defect(d, X509_MALFORMED, false, "its subject's name is malformed");
	d->self_issued = x509_name_eq(&d->issuer, &d->subject);
	d->odd_mail = !x509_read_mail_addresses(c->subject, &d->mails);
	d->odd_common_name = !x509_common_name_ok(c);
	d->underscore = x509_names_have_underscore(c);
}

static bool
read_certificate(struct x509_cert *c)
{
	struct rd r = rd_of(c->der, c->der_len), outer = der_enter(&r, DER_SEQUENCE), tbs;
	struct str inner, algorithm;

	if (!rd_done(&r))
		return false;
	c->tbs = der_whole(&outer, DER_SEQUENCE);
	algorithm = der_whole(&outer, DER_SEQUENCE);
	c->more->signature = der_bits(&outer);
	if (!rd_done(&outer))
		return false;
	tbs = rd_str(c->tbs);
	tbs = der_enter(&tbs, DER_SEQUENCE);
	if (!read_tbs(c, tbs, &inner))
		return false;
	c->more->algorithm = x509_signature_algorithm(algorithm);
	if (c->more->algorithm.malformed)
		x509_add_defect(c->more, X509_MALFORMED, false, "its signature algorithm cannot be decoded");
	/* section 4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field" */
	if (!str_eq(inner, algorithm))
		x509_add_defect(c->more, X509_MALFORMED, false, "its two signature algorithms differ");
	if (!x509_read_key(c->spki, &c->key)) {
		c->key.type = X509_KEY_UNKNOWN; /* nobody encrypts to it or checks with it */
		x509_add_defect(c->more, X509_MALFORMED, false, "its public key cannot be decoded");
	}
	read_names(c);
	return true;
}

struct x509_cert *
x509_cert_new(struct str der, struct error *error)
{
	struct x509_cert *c;

	if (der.n == 0 || der.n > X509_MAX_CERT) {
		fail(error, der.n == 0 ? ERROR_CERTIFICATE : ERROR_LIMIT, X509_MALFORMED,
		    "a certificate of %zu bytes (the limit is %d)", der.n, X509_MAX_CERT);
		return NULL;
	}
	c = mem_alloc(sizeof *c);
	c->more = mem_alloc(sizeof *c->more);
	c->der = mem_dup(der.p, der.n);
	c->der_len = der.n;
	c->path_len = -1;
	if (!read_certificate(c)) {
		x509_cert_free(c);
		fail(error, ERROR_CERTIFICATE, X509_MALFORMED, "these %zu bytes are not an X.509 certificate", der.n);
		return NULL;
	}
	hash_parts(X509_SHA256, &der, 1, c->sha256);
	hash_parts(X509_SHA256, &c->spki, 1, c->spki_sha256);
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
