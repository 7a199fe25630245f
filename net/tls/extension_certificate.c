/* Extensions about the certificate: how it may be signed, what comes along with it, who may have issued ours. */
#include "net/tls/describe_fields.h"
#include "net/tls/extension_rows.h"
#include "net/tls/handshake.h"

static bool
build_signature_algorithms(struct tls *t, struct buf *b)
{
	if (t->info.offered.max_version < TLS_1_2 || t->info.offered.n_schemes == 0)
		return false;
	put_offered(t, b, t->info.offered.schemes, t->info.offered.n_schemes, GREASE_SCHEME);
	return true;
}

static bool
parse_signature_algorithms(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd schemes = rd_vec16(r);

	(void)place;
	v->signature_algorithms = true;
	v->schemes = rd_rest(&schemes);
	return rd_done(r) && v->schemes.n > 0 && v->schemes.n % 2 == 0;
}

static void
describe_schemes(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(body), list = rd_vec16(&r);

	(void)message;
	id_list(out, name, rd_rest(&list), tls_scheme_name);
}

const struct extension_row extension_signature_algorithms = {
	.id = EXT_SIGNATURE_ALGORITHMS,
	.setting = "schemes",
	.places = IN_REQUEST,
	.build = build_signature_algorithms,
	.parse = parse_signature_algorithms,
	.describe = describe_schemes,
};

const struct extension_row extension_signature_algorithms_cert = {
	.id = EXT_SIGNATURE_ALGORITHMS_CERT,
	.places = IN_REQUEST,
	.describe = describe_schemes,
};

/* RFC 6066 section 8: ocsp, no responder ids, no request extensions */
static bool
build_status_request(struct tls *t, struct buf *b)
{
	if (!t->config.status_request)
		return false;
	put_u8(b, STATUS_TYPE_OCSP);
	put_u16(b, 0);
	put_u16(b, 0);
	return true;
}

static bool
parse_status_request(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd response;

	v->status_request = true;
	if (place == IN_REQUEST)
		return true;
	if (place == IN_SERVER_HELLO_12)
		return rd_done(r);
	if (rd_u8(r) != STATUS_TYPE_OCSP)
		return false;
	response = rd_vec24(r);
	v->ocsp_response = rd_rest(&response);
	return rd_done(r) && v->ocsp_response.n > 0;
}

static void
describe_status_request(struct buf *out, const char *name, struct str body, unsigned message)
{
	if (message == CLIENT_HELLO && str_eq(body, STR("\1\0\0\0\0")))
		buf_addf(out, "%s: ocsp\n", name);
	else
		hex_field(out, name, body);
}

const struct extension_row extension_status_request = {
	.id = EXT_STATUS_REQUEST,
	.setting = "staple",
	.places = IN_SERVER_HELLO_12 | IN_CERTIFICATE | IN_REQUEST,
	.build = build_status_request,
	.parse = parse_status_request,
	.describe = describe_status_request,
};

static bool
build_sct(struct tls *t, struct buf *b)
{
	(void)b;
	return t->config.signed_certificate_timestamp;
}

/* RFC 6962 section 3.3: SignedCertificateTimestampList of at least one non-empty SerializedSCT */
static bool
parse_sct(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd list;

	v->sct = true;
	if (place == IN_REQUEST)
		return rd_done(r);
	v->sct_list = str_from(r->p, rd_left(r));
	list = rd_vec16(r);
	if (!rd_done(r) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd item = rd_vec16(&list);

		if (item.bad || rd_left(&item) == 0)
			return false;
	}
	return rd_done(&list);
}

const struct extension_row extension_sct = {
	.id = EXT_SCT,
	.setting = "sct",
	.places = IN_SERVER_HELLO_12 | IN_CERTIFICATE | IN_REQUEST,
	.build = build_sct,
	.parse = parse_sct,
};

static bool
parse_authorities(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd list = rd_vec16(r);

	(void)place;
	v->authorities = rd_rest(&list);
	return rd_done(r) && v->authorities.n > 0;
}

const struct extension_row extension_certificate_authorities = {
	.id = EXT_CERTIFICATE_AUTHORITIES,
	.places = IN_REQUEST,
	.parse = parse_authorities,
};

/* RFC 8446 section 4.2.6: the client is willing to be asked for its certificate after the handshake. */
static bool
build_post_handshake_auth(struct tls *t, struct buf *b)
{
	(void)b;
	return offers_13(t) && t->config.credentials != NULL;
}

const struct extension_row extension_post_handshake_auth = {
	.id = EXT_POST_HANDSHAKE_AUTH,
	.build = build_post_handshake_auth,
};
