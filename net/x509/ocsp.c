/* The decoder of OCSP responses: RFC 6960 section 4.2.1 and appendix B.1. */
#include "net/x509/ocsp.h"

#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"

#define OID_OCSP "\x2b\x06\x01\x05\x05\x07\x30\x01"   /* id-pkix-ocsp, 1.3.6.1.5.5.7.48.1 */
#define OID_CT "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04" /* 1.3.6.1.4.1.11129.2.4 */

/* GeneralizedTime only, as the ASN.1 module says. */
static int64_t
read_time(struct rd *r)
{
	if (der_peek(r) != DER_GENERALIZED_TIME)
		r->bad = true;
	return der_time(r);
}

/* Extensions in [tag]. The nonce (section 4.4.1) cannot be judged by one who did not ask. */
static void
read_extensions(struct rd *r, unsigned tag, bool *critical, struct str *sct_list)
{
	struct rd explicit = der_enter(r, tag), list = der_enter(&explicit, DER_SEQUENCE);

	while (rd_left(&list) > 0 && !list.bad) {
		struct rd fields = der_enter(&list, DER_SEQUENCE), value;
		struct str oid = der_element(&fields, DER_OID);
		bool is_critical = der_peek(&fields) == DER_BOOLEAN && der_boolean(&fields);

		value = der_enter(&fields, DER_OCTET_STRING);
		if (str_eq(oid, STR(OID_CT "\x05")) && sct_list != NULL) {
			*sct_list = der_element(&value, DER_OCTET_STRING);
			if (!rd_done(&value))
				list.bad = true;
		} else if (is_critical && !str_eq(oid, STR(OID_OCSP "\x02"))) {
			*critical = true;
		}
		if (!rd_done(&fields))
			list.bad = true;
	}
	if (!rd_done(&list) || !rd_done(&explicit))
		r->bad = true;
}

static void
read_revoked(struct rd *r, struct ocsp_single *s)
{
	struct rd info = der_enter(r, DER_CONTEXT_CONSTRUCTED(1)), field;
	struct str reason;

	s->revoked_at = read_time(&info);
	if (der_peek(&info) == DER_CONTEXT_CONSTRUCTED(0)) {
		field = der_enter(&info, DER_CONTEXT_CONSTRUCTED(0));
		reason = der_element(&field, DER_ENUMERATED);
		if (reason.n == 1)
			s->reason = (uint8_t)reason.p[0];
		else
			info.bad = true;
		if (!rd_done(&field))
			info.bad = true;
	}
	if (!rd_done(&info))
		r->bad = true;
}

static void
read_status(struct rd *r, struct ocsp_single *s)
{
	switch (der_peek(r)) {
	case DER_CONTEXT(0):
		s->status = OCSP_GOOD;
		if (der_element(r, DER_CONTEXT(0)).n > 0)
			r->bad = true;
		break;
	case DER_CONTEXT_CONSTRUCTED(1):
		s->status = OCSP_REVOKED;
		read_revoked(r, s);
		break;
	default:
		s->status = OCSP_UNKNOWN;
		if (der_element(r, DER_CONTEXT(2)).n > 0)
			r->bad = true;
	}
}

static bool
read_single(struct rd *list, struct ocsp_single *s)
{
	struct rd r = der_enter(list, DER_SEQUENCE), id = der_enter(&r, DER_SEQUENCE), next;

	*s = (struct ocsp_single){ .reason = -1 };
	s->hash = x509_read_hash(&id);
	s->name_hash = der_element(&id, DER_OCTET_STRING);
	s->key_hash = der_element(&id, DER_OCTET_STRING);
	s->serial = der_integer(&id);
	read_status(&r, s);
	s->this_update = read_time(&r);
	if (der_peek(&r) == DER_CONTEXT_CONSTRUCTED(0)) {
		next = der_enter(&r, DER_CONTEXT_CONSTRUCTED(0));
		s->next_update = read_time(&next);
		if (!rd_done(&next))
			r.bad = true;
	}
	if (der_peek(&r) == DER_CONTEXT_CONSTRUCTED(1))
		read_extensions(&r, DER_CONTEXT_CONSTRUCTED(1), &s->critical, &s->sct_list);
	return rd_done(&id) && rd_done(&r);
}

/* ResponderID: byName [1] Name, byKey [2] KeyHash, both with explicit tags. */
static void
read_responder(struct rd *r, struct ocsp_response *out)
{
	struct rd id;

	if (der_peek(r) == DER_CONTEXT_CONSTRUCTED(1)) {
		id = der_enter(r, DER_CONTEXT_CONSTRUCTED(1));
		out->name = der_whole(&id, DER_SEQUENCE);
	} else {
		id = der_enter(r, DER_CONTEXT_CONSTRUCTED(2));
		out->key_hash = der_element(&id, DER_OCTET_STRING);
		if (out->key_hash.n != 20)
			id.bad = true;
	}
	if (!rd_done(&id))
		r->bad = true;
}

static bool
read_data(struct str tbs, struct ocsp_response *out)
{
	struct rd whole = rd_str(tbs), r = der_enter(&whole, DER_SEQUENCE), version, list;

	if (der_peek(&r) == DER_CONTEXT_CONSTRUCTED(0)) {
		version = der_enter(&r, DER_CONTEXT_CONSTRUCTED(0));
		if (der_small(&version) != 0 || !rd_done(&version))
			return false;
	}
	read_responder(&r, out);
	out->produced_at = read_time(&r);
	list = der_enter(&r, DER_SEQUENCE);
	while (rd_left(&list) > 0) {
		if (out->n_singles == OCSP_MAX_SINGLES || !read_single(&list, &out->singles[out->n_singles]))
			return false;
		out->n_singles++;
	}
	if (der_peek(&r) == DER_CONTEXT_CONSTRUCTED(1))
		read_extensions(&r, DER_CONTEXT_CONSTRUCTED(1), &out->critical, NULL);
	return rd_done(&list) && rd_done(&r) && rd_done(&whole);
}

static bool
read_basic(struct str der, struct ocsp_response *out)
{
	struct rd whole = rd_str(der), r = der_enter(&whole, DER_SEQUENCE), explicit, list;

	out->tbs = der_whole(&r, DER_SEQUENCE);
	out->algorithm = der_whole(&r, DER_SEQUENCE);
	out->signature = der_bits(&r);
	if (der_peek(&r) == DER_CONTEXT_CONSTRUCTED(0)) {
		explicit = der_enter(&r, DER_CONTEXT_CONSTRUCTED(0));
		list = der_enter(&explicit, DER_SEQUENCE);
		while (rd_left(&list) > 0 && !list.bad) {
			if (out->n_certs == OCSP_MAX_CERTS)
				return false;
			out->certs[out->n_certs++] = der_whole(&list, DER_SEQUENCE);
		}
		if (!rd_done(&list) || !rd_done(&explicit))
			return false;
	}
	return rd_done(&r) && rd_done(&whole) && read_data(out->tbs, out);
}

bool
ocsp_decode(struct str der, struct ocsp_response *out)
{
	struct rd whole = rd_str(der), r = der_enter(&whole, DER_SEQUENCE), explicit, bytes;
	struct str status = der_element(&r, DER_ENUMERATED), type, basic;

	memset(out, 0, sizeof *out);
	if (der.n > OCSP_MAX_BYTES || status.n != 1 || !rd_done(&whole))
		return false;
	out->status = (uint8_t)status.p[0];
	if (out->status != 0)
		return rd_done(&r);
	explicit = der_enter(&r, DER_CONTEXT_CONSTRUCTED(0));
	bytes = der_enter(&explicit, DER_SEQUENCE);
	type = der_element(&bytes, DER_OID);
	basic = der_element(&bytes, DER_OCTET_STRING);
	return rd_done(&bytes) && rd_done(&explicit) && rd_done(&r) && str_eq(type, STR(OID_OCSP "\x01")) &&
	    read_basic(basic, out);
}

const char *
ocsp_status_name(unsigned status)
{
	static const char *const names[] = { "successful", "malformedRequest", "internalError", "tryLater", NULL,
		"sigRequired", "unauthorized" };

	return status < sizeof names / sizeof *names && names[status] != NULL ? names[status] : "unknown status";
}

const char *
ocsp_reason_name(int reason)
{
	static const char *const names[] = { "unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
		"superseded", "cessationOfOperation", "certificateHold", NULL, "removeFromCRL", "privilegeWithdrawn",
		"aACompromise" };

	return reason >= 0 && (size_t)reason < sizeof names / sizeof *names ? names[reason] : NULL;
}

char *
ocsp_responder_text(const struct ocsp_response *r)
{
	char *hash, *text;

	if (r->name.n > 0)
		return x509_name_text(r->name);
	hash = x509_hex_text(r->key_hash);
	text = str_printf("the key with the SHA-1 %s", hash);
	free(hash);
	return text;
}
