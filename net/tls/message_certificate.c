/* Codecs of Certificate, CertificateStatus, CertificateRequest and CertificateVerify. */
#include "net/tls/message_certificate.h"

#include <string.h>

#include "net/tls/tls.h"

bool
certificate_decode(struct certificate_message *m, struct str body, bool tls13)
{
	struct rd r = rd_str(body), list;

	m->n = m->left_out = 0;
	m->context = (struct str){ NULL, 0 };
	if (tls13) {
		struct rd context = rd_vec8(&r);

		m->context = rd_rest(&context);
	}
	list = rd_vec24(&r);
	while (rd_left(&list) > 0) {
		struct rd der = rd_vec24(&list), extensions = { .p = NULL };

		if (tls13)
			extensions = rd_vec16(&list);
		/* opaque ASN1Cert<1..2^24-1> */
		if (rd_left(&der) == 0)
			return false;
		if (m->n == X509_MAX_CHAIN) {
			m->left_out++;
			continue;
		}
		m->entry[m->n].der = rd_rest(&der);
		m->entry[m->n++].extensions = rd_rest(&extensions);
	}
	return rd_done(&list) && rd_done(&r);
}

void
certificate_encode(struct buf *body, const struct certificate_message *m, bool tls13)
{
	size_t list, at;

	if (tls13) {
		at = put_open(body, 1);
		put_str(body, m->context);
		put_close(body, at, 1);
	}
	list = put_open(body, 3);
	for (size_t i = 0; i < m->n; i++) {
		at = put_open(body, 3);
		put_str(body, m->entry[i].der);
		put_close(body, at, 3);
		if (tls13)
			put_u16(body, 0);
	}
	put_close(body, list, 3);
}

bool
certificate_status_decode(struct certificate_status *m, struct str body)
{
	struct rd r = rd_str(body), v;

	m->type = rd_u8(&r);
	v = rd_vec24(&r);
	m->response = rd_rest(&v);
	return rd_done(&r) && m->response.n > 0;
}

bool
certificate_authority_next(struct rd *authorities, struct str *name)
{
	struct rd v;

	if (rd_left(authorities) == 0)
		return false;
	v = rd_vec16(authorities);
	*name = rd_rest(&v);
	return !v.bad && !authorities->bad;
}

static bool
authorities_ok(struct str authorities)
{
	struct rd r = rd_str(authorities);
	struct str name;

	while (certificate_authority_next(&r, &name))
		;
	return rd_done(&r);
}

bool
certificate_request_decode(struct certificate_request *m, struct str body, uint16_t version)
{
	struct rd r = rd_str(body), v;

	memset(m, 0, sizeof *m);
	if (version >= TLS_1_3) {
		v = rd_vec8(&r);
		m->context = rd_rest(&v);
		v = rd_vec16(&r);
		return rd_done(&r) && extension_list_decode(&m->extensions, rd_rest(&v));
	}
	v = rd_vec8(&r);
	m->types = rd_rest(&v);
	if (version == TLS_1_2) {
		v = rd_vec16(&r);
		m->schemes = rd_rest(&v);
		/* SignatureAndHashAlgorithm supported_signature_algorithms<2..2^16-2> */
		if (m->schemes.n == 0 || m->schemes.n % 2 != 0)
			return false;
	}
	v = rd_vec16(&r);
	m->authorities = rd_rest(&v);
	return rd_done(&r) && authorities_ok(m->authorities);
}

bool
certificate_verify_decode(struct certificate_verify *m, struct str body, uint16_t version)
{
	struct rd r = rd_str(body), v;

	m->scheme = version >= TLS_1_2 ? rd_u16(&r) : 0;
	v = rd_vec16(&r);
	m->signature = rd_rest(&v);
	return rd_done(&r);
}

void
certificate_verify_encode(struct buf *body, const struct certificate_verify *m, uint16_t version)
{
	size_t at;

	if (version >= TLS_1_2)
		put_u16(body, m->scheme);
	at = put_open(body, 2);
	put_str(body, m->signature);
	put_close(body, at, 2);
}
