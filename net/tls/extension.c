#include "net/tls/extension.h"

#include <string.h>

#include "net/tls/handshake.h"

enum { STATUS_TYPE_OCSP = 1 };

static bool
is_empty(struct rd *r)
{
	return rd_done(r);
}

static bool
parse_server_name(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->server_name = true;
	return is_empty(r);
}

static bool
parse_status_request(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd response;

	v->status_request = true;
	if (place == IN_REQUEST)
		return true;
	if (place == IN_SERVER_HELLO_12)
		return is_empty(r);
	if (rd_u8(r) != STATUS_TYPE_OCSP)
		return false;
	response = rd_vec24(r);
	v->ocsp_response = rd_rest(&response);
	return rd_done(r) && v->ocsp_response.n > 0;
}

/* RFC 8446 section 4.2.7: clients MUST NOT act upon any information found in "supported_groups" before the handshake
 * completes; some TLS 1.2 servers echo it against the rules. */
static bool
parse_ignored(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)v, (void)r, (void)place;
	return true;
}

static bool
parse_point_formats(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd formats = rd_vec8(r);

	(void)place;
	v->point_formats = true;
	v->formats = rd_rest(&formats);
	return rd_done(r) && v->formats.n > 0;
}

static bool
parse_schemes(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd schemes = rd_vec16(r);

	(void)place;
	v->signature_algorithms = true;
	v->schemes = rd_rest(&schemes);
	return rd_done(r) && v->schemes.n > 0 && v->schemes.n % 2 == 0;
}

/* RFC 7301 section 3.1: the "ProtocolNameList" MUST contain exactly one "ProtocolName". */
static bool
parse_alpn(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd list = rd_vec16(r);
	struct rd name = rd_vec8(&list);

	(void)place;
	v->alpn = true;
	v->alpn_name = rd_rest(&name);
	return rd_done(r) && rd_done(&list) && v->alpn_name.n > 0;
}

/* RFC 6962 section 3.3: SignedCertificateTimestampList of at least one non-empty SerializedSCT */
static bool
parse_sct(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd list;

	v->sct = true;
	if (place == IN_REQUEST)
		return is_empty(r);
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

static bool
parse_encrypt_then_mac(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->encrypt_then_mac = true;
	return is_empty(r);
}

static bool
parse_extended_master_secret(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->extended_master_secret = true;
	return is_empty(r);
}

static bool
parse_session_ticket(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->session_ticket = true;
	return is_empty(r);
}

static bool
parse_pre_shared_key(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->pre_shared_key = true;
	v->psk_index = rd_u16(r);
	return rd_done(r);
}

static bool
parse_early_data(struct extension_values *v, struct rd *r, enum extension_place place)
{
	v->early_data = true;
	if (place == IN_TICKET)
		rd_u32(r);
	return rd_done(r);
}

static bool
parse_supported_versions(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->supported_versions = true;
	v->version = rd_u16(r);
	return rd_done(r);
}

static bool
parse_cookie(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd cookie = rd_vec16(r);

	(void)place;
	v->cookie = true;
	v->cookie_value = rd_rest(&cookie);
	return rd_done(r) && v->cookie_value.n > 0;
}

static bool
parse_authorities(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd list = rd_vec16(r);

	(void)place;
	v->authorities = rd_rest(&list);
	return rd_done(r) && v->authorities.n > 0;
}

static bool
parse_key_share(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd key;

	v->key_share = true;
	v->group = rd_u16(r);
	if (place == IN_RETRY)
		return rd_done(r);
	key = rd_vec16(r);
	v->key = rd_rest(&key);
	return rd_done(r) && v->key.n > 0;
}

static bool
parse_renegotiation_info(struct extension_values *v, struct rd *r, enum extension_place place)
{
	struct rd connection = rd_vec8(r);

	(void)place;
	v->renegotiation_info = true;
	v->renegotiated_connection = rd_rest(&connection);
	return rd_done(r);
}

/* RFC 8446 section 4.2, the table of messages; RFC 6066, 7301, 7366, 7627, 5077, 5746 for TLS 1.2. */
static const struct row {
	uint16_t id;
	unsigned places;
	bool (*parse)(struct extension_values *v, struct rd *r, enum extension_place place);
} rows[] = {
	{ EXT_SERVER_NAME, IN_SERVER_HELLO_12 | IN_ENCRYPTED, parse_server_name },
	{ EXT_STATUS_REQUEST, IN_SERVER_HELLO_12 | IN_CERTIFICATE | IN_REQUEST, parse_status_request },
	{ EXT_SUPPORTED_GROUPS, IN_SERVER_HELLO_12 | IN_ENCRYPTED, parse_ignored },
	{ EXT_EC_POINT_FORMATS, IN_SERVER_HELLO_12, parse_point_formats },
	{ EXT_SIGNATURE_ALGORITHMS, IN_REQUEST, parse_schemes },
	{ EXT_ALPN, IN_SERVER_HELLO_12 | IN_ENCRYPTED, parse_alpn },
	{ EXT_SCT, IN_SERVER_HELLO_12 | IN_CERTIFICATE | IN_REQUEST, parse_sct },
	{ EXT_PADDING, 0, parse_ignored },
	{ EXT_ENCRYPT_THEN_MAC, IN_SERVER_HELLO_12, parse_encrypt_then_mac },
	{ EXT_EXTENDED_MASTER_SECRET, IN_SERVER_HELLO_12, parse_extended_master_secret },
	{ EXT_SESSION_TICKET, IN_SERVER_HELLO_12, parse_session_ticket },
	{ EXT_PRE_SHARED_KEY, IN_SERVER_HELLO_13, parse_pre_shared_key },
	{ EXT_EARLY_DATA, IN_ENCRYPTED | IN_TICKET, parse_early_data },
	{ EXT_SUPPORTED_VERSIONS, IN_SERVER_HELLO_13 | IN_RETRY, parse_supported_versions },
	{ EXT_COOKIE, IN_RETRY, parse_cookie },
	{ EXT_PSK_KEY_EXCHANGE_MODES, 0, parse_ignored },
	{ EXT_CERTIFICATE_AUTHORITIES, IN_REQUEST, parse_authorities },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, IN_REQUEST, parse_ignored },
	{ EXT_KEY_SHARE, IN_SERVER_HELLO_13 | IN_RETRY, parse_key_share },
	{ EXT_RENEGOTIATION_INFO, IN_SERVER_HELLO_12, parse_renegotiation_info },
};

static const struct row *
row_of(uint16_t id)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

/* RFC 8446 section 4.2: there MUST NOT be more than one extension of the same type in a given extension block. */
static int
check_repeated(struct tls *t, const struct extension_list *list, struct error *error)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < i; k++)
			if (list->item[i].type == list->item[k].type)
				return refuse_with(t, error, TLS_DUPLICATE_EXTENSION,
				    row_of(list->item[i].type) != NULL ? ALERT_ILLEGAL_PARAMETER : ALERT_DECODE_ERROR,
				    "server sent the extension %s twice", tls_extension_name(list->item[i].type));
	return 0;
}

/* The places where the peer asks or tells by itself, rather than answers the ClientHello. */
static bool
answers(enum extension_place place)
{
	return place != IN_REQUEST && place != IN_TICKET;
}

int
extensions_parse(struct tls *t, const struct extension_list *list, enum extension_place place,
    struct extension_values *v, struct error *error)
{
	memset(v, 0, sizeof *v);
	if (check_repeated(t, list, error) != 0)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		const struct extension *x = &list->item[i];
		const struct row *row = row_of(x->type);
		struct rd r = rd_str(x->body);

		/* RFC 8446 section 4.2: upon receiving such an extension (a response to what was not requested), an endpoint
		 * MUST abort the handshake with an "unsupported_extension" alert; the cookie is the exception. */
		if (answers(place) && !extension_offered(t, x->type) && !(place == IN_RETRY && x->type == EXT_COOKIE) &&
		    !(place == IN_SERVER_HELLO_12 && x->type == EXT_SUPPORTED_GROUPS))
			return refuse(error, TLS_UNSOLICITED_EXTENSION, "server sent the extension %s, which was not offered",
			    tls_extension_name(x->type));
		if (row == NULL)
			continue;
		/* RFC 8446 section 4.2: if an implementation receives an extension which it recognizes and which is not
		 * specified for the message in which it appears, it MUST abort the handshake with an "illegal_parameter"
		 * alert. */
		if ((row->places & (unsigned)place) == 0)
			return refuse_with(t, error, TLS_UNSOLICITED_EXTENSION, ALERT_ILLEGAL_PARAMETER,
			    "server sent the extension %s in a message it does not belong to", tls_extension_name(x->type));
		if (!row->parse(v, &r, place))
			return refuse(error, TLS_DECODE_ERROR, "server's extension %s is malformed",
			    tls_extension_name(x->type));
	}
	return 0;
}
