#include <string.h>

#include "net/tls/handshake.h"

/* Whether the hello may lead to TLS 1.0 .. 1.2, and whether to TLS 1.3. */
static bool
offers_legacy(const struct tls *t)
{
	return t->info.offered.min_version <= TLS_1_2 && t->info.offered.max_version >= TLS_1_0;
}

static bool
offers_13(const struct tls *t)
{
	return t->info.offered.max_version >= TLS_1_3;
}

static bool
offers_suite(const struct tls *t, bool (*is)(const struct suite *s))
{
	for (size_t i = 0; i < t->info.offered.n_suites; i++) {
		const struct suite *s = suite_find(t->info.offered.suites[i]);

		if (s != NULL && is(s))
			return true;
	}
	return false;
}

static bool
is_ecdhe(const struct suite *s)
{
	return s->kx == KX_ECDHE;
}

static void
put_ids(struct buf *b, unsigned width, const uint16_t *ids, size_t n, uint16_t grease)
{
	size_t at = put_open(b, width);

	if (grease != 0)
		put_u16(b, grease);
	for (size_t i = 0; i < n; i++)
		put_u16(b, ids[i]);
	put_close(b, at, width);
}

static uint16_t
grease(const struct tls *t, enum grease place)
{
	return t->config.grease ? t->hs->grease[place] : 0;
}

/* ---- the builders: false = not in this hello ---- */

/* RFC 6066 section 3: one host_name */
static bool
build_server_name(struct tls *t, struct buf *b)
{
	size_t list, name;

	if (t->config.sni[0] == '\0')
		return false;
	list = put_open(b, 2);
	put_u8(b, 0);
	name = put_open(b, 2);
	put_str(b, str_of(t->config.sni));
	put_close(b, name, 2);
	put_close(b, list, 2);
	return true;
}

static bool
build_extended_master_secret(struct tls *t, struct buf *b)
{
	(void)b;
	return offers_legacy(t) && t->config.ems != TLS_OFF;
}

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
build_supported_groups(struct tls *t, struct buf *b)
{
	if (t->info.offered.n_groups == 0 || (!offers_13(t) && !offers_suite(t, is_ecdhe)))
		return false;
	put_ids(b, 2, t->info.offered.groups, t->info.offered.n_groups, grease(t, GREASE_GROUP));
	return true;
}

static bool
build_point_formats(struct tls *t, struct buf *b)
{
	if (!offers_legacy(t) || !offers_suite(t, is_ecdhe))
		return false;
	put_u8(b, 1);
	put_u8(b, 0);      /* uncompressed */
	return true;
}

static bool
build_session_ticket(struct tls *t, struct buf *b)
{
	const struct tls_session *s = t->hs->session;

	if (!offers_legacy(t) || !t->config.resume || t->config.tickets_off)
		return false;
	if (s != NULL && s->version <= TLS_1_2)
		put_str(b, str_from(s->ticket, s->ticket_len));
	return true;
}

static bool
build_alpn(struct tls *t, struct buf *b)
{
	size_t list, name;

	/* RFC 7301 section 3.1: a property of the connection, so it is chosen once; NSS refuses it in a renegotiation. */
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

/* RFC 6066 section 8: ocsp, no responder ids, no request extensions */
static bool
build_status_request(struct tls *t, struct buf *b)
{
	if (!t->config.status_request)
		return false;
	put_u8(b, 1);
	put_u16(b, 0);
	put_u16(b, 0);
	return true;
}

static bool
build_signature_algorithms(struct tls *t, struct buf *b)
{
	if (t->info.offered.max_version < TLS_1_2 || t->info.offered.n_schemes == 0)
		return false;
	put_ids(b, 2, t->info.offered.schemes, t->info.offered.n_schemes, grease(t, GREASE_SCHEME));
	return true;
}

static bool
build_sct(struct tls *t, struct buf *b)
{
	(void)b;
	return t->config.signed_certificate_timestamp;
}

static bool
build_encrypt_then_mac(struct tls *t, struct buf *b)
{
	(void)b;
	return offers_legacy(t) && t->config.etm != TLS_OFF && offers_suite(t, suite_is_cbc);
}

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
build_psk_modes(struct tls *t, struct buf *b)
{
	if (!offers_13(t) || !t->config.resume || t->config.tickets_off)
		return false;
	put_u8(b, 1);
	put_u8(b, 1);      /* psk_dhe_ke */
	return true;
}

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

/* In the order of the hello. */
static const struct row {
	uint16_t id;
	bool (*build)(struct tls *t, struct buf *b);
} rows[] = {
	{ EXT_SERVER_NAME, build_server_name },
	{ EXT_EXTENDED_MASTER_SECRET, build_extended_master_secret },
	{ EXT_RENEGOTIATION_INFO, build_renegotiation_info },
	{ EXT_SUPPORTED_GROUPS, build_supported_groups },
	{ EXT_EC_POINT_FORMATS, build_point_formats },
	{ EXT_SESSION_TICKET, build_session_ticket },
	{ EXT_ALPN, build_alpn },
	{ EXT_STATUS_REQUEST, build_status_request },
	{ EXT_SIGNATURE_ALGORITHMS, build_signature_algorithms },
	{ EXT_SCT, build_sct },
	{ EXT_ENCRYPT_THEN_MAC, build_encrypt_then_mac },
	{ EXT_KEY_SHARE, build_key_share },
	{ EXT_PSK_KEY_EXCHANGE_MODES, build_psk_modes },
	{ EXT_SUPPORTED_VERSIONS, build_supported_versions },
	{ EXT_COOKIE, build_cookie },
};

bool
extension_wanted(const struct tls *t, uint16_t id)
{
	for (size_t i = 0; i < t->config.n_extensions_off; i++)
		if (t->config.extensions_off[i] == id)
			return false;
	return true;
}

void
extension_put(struct tls *t, struct buf *block, uint16_t id, const struct buf *body)
{
	struct tls_offer *offer = &t->info.offered;
	size_t at;

	put_u16(block, id);
	at = put_open(block, 2);
	put_str(block, buf_str(body));
	put_close(block, at, 2);
	block->full = block->full || body->full;
	if (offer->n_extensions < sizeof offer->extensions / sizeof offer->extensions[0])
		offer->extensions[offer->n_extensions++] = id;
}

/* SSL 3.0 knows the one extension only (RFC 5746 section 4.5), and that in a renegotiation. */
static bool
version_has(const struct tls *t, uint16_t id)
{
	return t->info.offered.max_version > SSL_3_0 || id == EXT_RENEGOTIATION_INFO;
}

static void
put_grease(struct tls *t, struct buf *block, enum grease place, const struct buf *body)
{
	if (!t->config.grease || !version_has(t, t->hs->grease[place]))
		return;
	extension_put(t, block, t->hs->grease[place], body);
	t->info.offered.n_extensions--;      /* an answer to it is unsolicited */
}

void
extensions_build(struct tls *t, struct buf *block)
{
	struct buf body;

	t->info.offered.n_extensions = 0;
	buf_init(&body, UINT16_MAX);
	put_grease(t, block, GREASE_EXTENSION, &body);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_clear(&body);
		if (version_has(t, rows[i].id) && extension_wanted(t, rows[i].id) && rows[i].build(t, &body))
			extension_put(t, block, rows[i].id, &body);
	}
	buf_clear(&body);
	put_u8(&body, 0);
	put_grease(t, block, GREASE_LAST_EXTENSION, &body);
	buf_release(&body);
}
