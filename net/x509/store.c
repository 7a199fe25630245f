/*
 * Trust anchors. A bundle is scanned once: each certificate's base64 is decoded and its subject found without decoding
 * the certificate; the whole certificate is decoded when a chain names it.
 */
#include <stdlib.h>
#include <string.h>

#include "net/file.h"
#include "net/x509/details.h"
#include "net/x509/pem.h"

enum { STORE_MAX_FILE = 32 << 20 };

static const char system_bundle[] = "/etc/ssl/certs/ca-certificates.crt";

struct anchor {
	uint8_t *memory;
	struct str der, subject;
	struct x509_name name; /* the subject; read when the first chain comes */
	bool named;
	struct x509_cert *cert; /* decoded on first use */
};

struct x509_store {
	struct anchor *anchors;
	size_t n, cap;
	size_t more_holders;
};

struct x509_store *
x509_store_new(void)
{
	return mem_alloc(sizeof(struct x509_store));
}

struct x509_store *
x509_store_hold(struct x509_store *s)
{
	if (s != NULL)
		s->more_holders++;
	return s;
}

void
x509_store_free(struct x509_store *s)
{
	if (s == NULL || s->more_holders-- > 0)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->anchors[i].memory);
		x509_name_release(&s->anchors[i].name);
		x509_cert_free(s->anchors[i].cert);
	}
	free(s->anchors);
	free(s);
}

size_t
x509_store_count(const struct x509_store *s)
{
	return s->n;
}

/* The subject of a certificate: the sixth field of a v3 TBSCertificate. */
static bool
find_subject(struct str der, struct str *subject)
{
	struct rd r = rd_str(der), outer = der_enter(&r, DER_SEQUENCE), tbs = der_enter(&outer, DER_SEQUENCE);

	if (der_peek(&tbs) == DER_CONTEXT_CONSTRUCTED(0))
		der_element(&tbs, DER_CONTEXT_CONSTRUCTED(0));
	der_element(&tbs, DER_INTEGER);
	der_element(&tbs, DER_SEQUENCE);
	der_element(&tbs, DER_SEQUENCE);
	der_element(&tbs, DER_SEQUENCE);
	*subject = der_whole(&tbs, DER_SEQUENCE);
	return !tbs.bad;
}

static bool
add_anchor(struct x509_store *s, struct str der, uint8_t *memory)
{
	struct anchor a = { .memory = memory, .der = der }, *more;

	if (der.n > X509_MAX_CERT || !find_subject(der, &a.subject))
		return false;
	more = mem_more(s->anchors, &s->cap, s->n, sizeof *more);
	if (more == NULL)
		return false;
	s->anchors = more;
	s->anchors[s->n++] = a;
	return true;
}

int
x509_store_add_pem(struct x509_store *s, struct str pem, struct error *error)
{
	struct str rest = pem;
	struct pem_block block;
	int status = 0, n = 0;

	if (pem.n > 0 && pem.p[0] == DER_SEQUENCE) {
		uint8_t *copy = mem_try_dup(pem.p, pem.n);

		if (copy != NULL && add_anchor(s, str_from(copy, pem.n), copy))
			return 1;
		free(copy);
		if (mem_missed())
			return mem_fail(error, "reading a certificate");
		return fail(error, ERROR_CERTIFICATE, X509_MALFORMED, "neither PEM nor a certificate");
	}
	while (n < PEM_MAX_CERTS && pem_next(&rest, &block, &status, error)) {
		if (pem_is_certificate(&block) && add_anchor(s, block.der, block.memory))
			n++;
		else
			free(block.memory);
	}
	if (mem_missed())
		return mem_fail(error, "reading the certificates");
	return status == 0 ? n : -1;
}

int
x509_store_load_file(struct x509_store *s, const char *path, struct error *error)
{
	struct buf text;
	int n;

	buf_init(&text, STORE_MAX_FILE);
	n = file_read(path, &text, error);
	if (n == 0)
		n = x509_store_add_pem(s, buf_str(&text), error);
	if (n == 0)
		n = fail(error, ERROR_CERTIFICATE, 0, "%s holds no certificate", path);
	buf_release(&text);
	return n;
}

int
x509_store_load_system(struct x509_store *s, struct error *error)
{
	const char *path = getenv("SSL_CERT_FILE");
	int n = x509_store_load_file(s, path != NULL && path[0] != '\0' ? path : system_bundle, error);

	return n < 0 && !mem_failed(error) ?
	    remark(error, "the package ca-certificates has them; \"trust file FILE\" takes others") :
	    n;
}

void
x509_store_each(const struct x509_store *s, const struct x509_name *subject, struct work *work,
    bool (*found)(void *context, const struct x509_cert *anchor), void *context)
{
	for (size_t i = 0; s != NULL && i < s->n && work_spend(work, 1); i++) {
		struct anchor *a = &s->anchors[i];

		if (!a->named)
			x509_name_read(a->subject, &a->name);
		a->named = true;
		if (!x509_name_eq(&a->name, subject))
			continue;
		if (a->cert == NULL)
			a->cert = x509_cert_new(a->der, NULL);
		if (a->cert != NULL && !found(context, a->cert))
			return;
	}
}
