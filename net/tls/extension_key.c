/* Extensions about keys: groups, points and shares, what the master secret is bound to, the order of MAC and cipher. */
#include "net/tls/describe_fields.h"
#include "net/tls/extension_rows.h"
#include "net/tls/handshake.h"

static bool
is_ecdhe(const struct suite *s)
{
	return s->kx == KX_ECDHE;
}

static bool
build_supported_groups(struct tls *t, struct buf *b)
{
	if (t->info.offered.n_groups == 0 || (!offers_13(t) && !offers_suite(t, is_ecdhe)))
		return false;
	put_offered(t, b, t->info.offered.groups, t->info.offered.n_groups, GREASE_GROUP);
	return true;
}

static void
describe_groups(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(body), list = rd_vec16(&r);

	(void)message;
	id_list(out, name, rd_rest(&list), tls_group_name);
}

/* RFC 8446 section 4.2.7: clients MUST NOT act upon any information found in "supported_groups" before the handshake
 * completes; some TLS 1.2 servers echo it against the rules. */
const struct extension_row extension_supported_groups = {
	.id = EXT_SUPPORTED_GROUPS,
	.setting = "groups",
	.places = IN_SERVER_HELLO_12 | IN_ENCRYPTED,
	.build = build_supported_groups,
	.describe = describe_groups,
};

static bool
build_point_formats(struct tls *t, struct buf *b)
{
	if (!offers_legacy(t) || !offers_suite(t, is_ecdhe))
		return false;
	put_u8(b, 1);
	put_u8(b, POINT_UNCOMPRESSED);
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

static void
describe_point_formats(struct buf *out, const char *name, struct str body, unsigned message)
{
	static const char *const formats[] = { "uncompressed", "ansiX962_compressed_prime",
		"ansiX962_compressed_char2" };
	struct rd r = rd_str(body), list = rd_vec8(&r);

	(void)message;
	byte_list(out, name, rd_rest(&list), formats, 3);
}

const struct extension_row extension_ec_point_formats = {
	.id = EXT_EC_POINT_FORMATS,
	.places = IN_SERVER_HELLO_12,
	.build = build_point_formats,
	.parse = parse_point_formats,
	.describe = describe_point_formats,
};

static bool
build_key_share(struct tls *t, struct buf *b)
{
	size_t list, key;

	if (!offers_13(t))
		return false;
	list = put_open(b, 2);
	if (t->config.grease && !t->hs->retried) {
		put_u16(b, t->hs->grease[GREASE_GROUP]);
		put_u16(b, 1);
		put_u8(b, 0);
	}
	for (size_t i = 0; i < t->hs->n_shares; i++) {
		put_u16(b, t->hs->shares[i].group);
		key = put_open(b, 2);
		put_str(b, str_from(t->hs->shares[i].public_key, t->hs->shares[i].public_len));
		put_close(b, key, 2);
	}
	put_close(b, list, 2);
	return true;
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

/* The ClientHello has a list, ServerHello one share, HelloRetryRequest the group alone. */
static void
describe_key_share(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd whole = rd_str(body), r = message == CLIENT_HELLO ? rd_vec16(&whole) : whole;

	if (rd_left(&r) == 0)
		buf_addf(out, "%s: empty\n", name);
	while (rd_left(&r) >= 2) {
		uint16_t group = rd_u16(&r);
		struct rd key = { .p = NULL };

		if (rd_left(&r) > 0)
			key = rd_vec16(&r);
		buf_addf(out, "%s:", name);
		put_id(out, group, tls_group_name);
		if (rd_left(&key) > 0)
			buf_add_char(out, ' ');
		put_hex(out, rd_rest(&key));
		buf_add_char(out, '\n');
	}
}

const struct extension_row extension_key_share = {
	.id = EXT_KEY_SHARE,
	.setting = "key-shares",
	.places = IN_SERVER_HELLO_13 | IN_RETRY,
	.build = build_key_share,
	.parse = parse_key_share,
	.describe = describe_key_share,
};

static bool
build_extended_master_secret(struct tls *t, struct buf *b)
{
	(void)b;
	return offers_legacy(t) && t->config.ems != TLS_OFF;
}

static bool
parse_extended_master_secret(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->extended_master_secret = true;
	return rd_done(r);
}

const struct extension_row extension_extended_master_secret = {
	.id = EXT_EXTENDED_MASTER_SECRET,
	.setting = "ems",
	.places = IN_SERVER_HELLO_12,
	.build = build_extended_master_secret,
	.parse = parse_extended_master_secret,
};

static bool
build_encrypt_then_mac(struct tls *t, struct buf *b)
{
	(void)b;
	return offers_legacy(t) && t->config.etm != TLS_OFF && offers_suite(t, suite_is_cbc);
}

static bool
parse_encrypt_then_mac(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->encrypt_then_mac = true;
	return rd_done(r);
}

const struct extension_row extension_encrypt_then_mac = {
	.id = EXT_ENCRYPT_THEN_MAC,
	.setting = "etm",
	.places = IN_SERVER_HELLO_12,
	.build = build_encrypt_then_mac,
	.parse = parse_encrypt_then_mac,
};
