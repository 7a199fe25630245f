/* Extensions about the hello itself: whom it is for, the version it offers, what binds it to others, its length. */
#include "net/tls/describe_fields.h"
#include "net/tls/extension_rows.h"
#include "net/tls/handshake.h"

enum { PAD_FROM = 256, PAD_TO = 512, EXTENSION_HEADER = 4 };

/* RFC 6066 section 3: one host_name */
static bool
build_server_name(struct tls *t, struct buf *b)
{
	size_t list, name;

	if (t->config.sni[0] == '\0')
		return false;
	list = put_open(b, 2);
	put_u8(b, NAME_TYPE_HOST);
	name = put_open(b, 2);
	put_str(b, str_of(t->config.sni));
	put_close(b, name, 2);
	put_close(b, list, 2);
	return true;
}

static bool
parse_server_name(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->server_name = true;
	return rd_done(r);
}

static void
describe_server_name(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(body), list = rd_vec16(&r), host;

	if (message != CLIENT_HELLO) {
		hex_field(out, name, body);
		return;
	}
	rd_u8(&list);
	host = rd_vec16(&list);
	text_field(out, name, rd_rest(&host));
}

const struct extension_row extension_server_name = {
	.id = EXT_SERVER_NAME,
	.setting = "sni",
	.places = IN_SERVER_HELLO_12 | IN_ENCRYPTED,
	.build = build_server_name,
	.parse = parse_server_name,
	.describe = describe_server_name,
};

static bool
build_alpn(struct tls *t, struct buf *b)
{
	size_t list, name;

	/* RFC 7301 section 3.1: a property of the connection, so it is chosen once; NSS refuses it in a
	 * renegotiation. */
	if (t->config.n_alpn == 0 || t->hs->renegotiation)
		return false;
	list = put_open(b, 2);
	for (size_t i = 0; i < t->config.n_alpn; i++) {
		name = put_open(b, 1);
		put_str(b, str_of(t->config.alpn[i]));
		put_close(b, name, 1);
	}
	put_close(b, list, 2);
	return true;
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

static int
accept_alpn(struct tls *t, const struct extension_values *v, struct error *error)
{
	for (size_t i = 0; i < t->config.n_alpn; i++)
		if (str_is(v->alpn_name, t->config.alpn[i])) {
			memcpy(t->info.alpn, t->config.alpn[i], sizeof t->info.alpn);
			return 0;
		}
	/* RFC 7301 section 3.1: a selected protocol must be one of those advertised by the client. */
	return refuse(error, TLS_ALPN_MISMATCH, "server chose an application protocol that was not offered");
}

static void
describe_alpn(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(body), list = rd_vec16(&r);

	(void)message;
	while (rd_left(&list) > 0) {
		struct rd one = rd_vec8(&list);

		text_field(out, name, rd_rest(&one));
	}
}

const struct extension_row extension_alpn = {
	.id = EXT_ALPN,
	.setting = "alpn",
	.places = IN_SERVER_HELLO_12 | IN_ENCRYPTED,
	.build = build_alpn,
	.parse = parse_alpn,
	.accept = accept_alpn,
	.describe = describe_alpn,
};

static bool
build_supported_versions(struct tls *t, struct buf *b)
{
	size_t at;

	if (!offers_13(t))
		return false;
	at = put_open(b, 1);
	if (t->config.grease)
		put_u16(b, t->hs->grease[GREASE_VERSION]);
	for (unsigned v = t->info.offered.max_version; v >= t->info.offered.min_version; v--)
		put_u16(b, v);
	put_close(b, at, 1);
	return true;
}

static bool
parse_supported_versions(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->supported_versions = true;
	v->version = rd_u16(r);
	return rd_done(r);
}

static const char *
version_text(uint16_t version)
{
	return tls_version_name(version);
}

/* The ClientHello has a list, the server its choice. */
static void
describe_supported_versions(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(body), list = message == CLIENT_HELLO ? rd_vec8(&r) : r;

	id_list(out, name, rd_rest(&list), version_text);
}

const struct extension_row extension_supported_versions = {
	.id = EXT_SUPPORTED_VERSIONS,
	.setting = "proto",
	.places = IN_SERVER_HELLO_13 | IN_RETRY,
	.build = build_supported_versions,
	.parse = parse_supported_versions,
	.describe = describe_supported_versions,
};

/* RFC 8446 section 4.2.2: the client MUST copy the contents of the extension received in the HelloRetryRequest. */
static bool
build_cookie(struct tls *t, struct buf *b)
{
	size_t at;

	if (t->hs->cookie.len == 0)
		return false;
	at = put_open(b, 2);
	put_str(b, buf_str(&t->hs->cookie));
	put_close(b, at, 2);
	return true;
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

const struct extension_row extension_cookie = {
	.id = EXT_COOKIE,
	.places = IN_RETRY,
	.build = build_cookie,
	.parse = parse_cookie,
};

/* RFC 5746 section 3.4 and 3.5: empty at first, then our last verify_data */
static bool
build_renegotiation_info(struct tls *t, struct buf *b)
{
	size_t at;

	if ((!offers_legacy(t) && !t->hs->renegotiation) || t->config.renegotiation_info == TLS_OFF)
		return false;
	at = put_open(b, 1);
	if (t->hs->renegotiation)
		put_str(b, str_from(t->client_finished, t->finished_len));
	put_close(b, at, 1);
	return true;
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

const struct extension_row extension_renegotiation_info = {
	.id = EXT_RENEGOTIATION_INFO,
	.setting = "renegotiation-info",
	.places = IN_SERVER_HELLO_12,
	.build = build_renegotiation_info,
	.parse = parse_renegotiation_info,
};

/* RFC 7685: hellos of 256 to 511 bytes are not understood by some servers. */
static bool
build_padding(struct tls *t, struct buf *b)
{
	static const char zeros[PAD_TO];
	size_t without = t->hs->hello_bytes, want = t->config.pad_hello;

	if (want == 0 && without >= PAD_FROM && without < PAD_TO)
		want = PAD_TO;
	if (want <= without)
		return false;
	/* At least one byte: some servers do not understand an empty last extension. */
	want -= without;
	want = want > EXTENSION_HEADER ? want - EXTENSION_HEADER : 1;
	for (size_t n; want > 0 && !b->full; want -= n) {
		n = want < sizeof zeros ? want : sizeof zeros;
		buf_add(b, zeros, n);
	}
	return true;
}

static void
describe_padding(struct buf *out, const char *name, struct str body, unsigned message)
{
	(void)message;
	buf_addf(out, "%s: %zu bytes\n", name, body.n);
}

const struct extension_row extension_padding = {
	.id = EXT_PADDING,
	.setting = "pad-hello",
	.build = build_padding,
	.describe = describe_padding,
};
