/* Extensions about sessions to be resumed: tickets up to TLS 1.2, pre-shared keys and early data of TLS 1.3. */
#include "net/tls/describe_fields.h"
#include "net/tls/extension_rows.h"
#include "net/tls/handshake.h"

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
parse_session_ticket(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->session_ticket = true;
	return rd_done(r);
}

const struct extension_row extension_session_ticket = {
	.id = EXT_SESSION_TICKET,
	.setting = "tickets",
	.places = IN_SERVER_HELLO_12,
	.build = build_session_ticket,
	.parse = parse_session_ticket,
};

static bool
build_psk_modes(struct tls *t, struct buf *b)
{
	if (!offers_13(t) || !t->config.resume || t->config.tickets_off)
		return false;
	put_u8(b, 1);
	put_u8(b, PSK_DHE_KE);
	return true;
}

static void
describe_psk_modes(struct buf *out, const char *name, struct str body, unsigned message)
{
	static const char *const modes[] = { "psk_ke", "psk_dhe_ke" };
	struct rd r = rd_str(body), list = rd_vec8(&r);

	(void)message;
	byte_list(out, name, rd_rest(&list), modes, 2);
}

const struct extension_row extension_psk_key_exchange_modes = {
	.id = EXT_PSK_KEY_EXCHANGE_MODES,
	.setting = "tickets",
	.build = build_psk_modes,
	.describe = describe_psk_modes,
};

static bool
psk_fits(const struct tls *t)
{
	const struct tls_session *s = t->hs->session;
	const struct suite *retry = t->hs->retry_suite != 0 ? suite_find(t->hs->retry_suite) : NULL;

	/* RFC 8446 section 4.1.4: the client SHOULD NOT offer any pre-shared keys associated with a hash other than
	 * that of the selected cipher suite. */
	return s != NULL && s->version == TLS_1_3 && extension_offered(t, EXT_PSK_KEY_EXCHANGE_MODES) &&
	    (retry == NULL || retry->prf == session_hash(s));
}

/* RFC 8446 section 4.2.11: one identity, and room for its binder, which hello.c fills in */
static bool
build_pre_shared_key(struct tls *t, struct buf *b)
{
	static const uint8_t zeros[HASH_MAX];
	const struct tls_session *s = t->hs->session;
	size_t list, at;

	if (!psk_fits(t))
		return false;
	list = put_open(b, 2);
	at = put_open(b, 2);
	put_str(b, str_from(s->ticket, s->ticket_len));
	put_close(b, at, 2);
	put_u32(b, session_age_ms(s) + s->age_add);
	put_close(b, list, 2);
	list = put_open(b, 2);
	put_u8(b, (unsigned)hash_size(session_hash(s)));
	put_str(b, str_from(zeros, hash_size(session_hash(s))));
	put_close(b, list, 2);
	return true;
}

static bool
parse_pre_shared_key(struct extension_values *v, struct rd *r, enum extension_place place)
{
	(void)place;
	v->pre_shared_key = true;
	v->psk_index = rd_u16(r);
	return rd_done(r);
}

const struct extension_row extension_pre_shared_key = {
	.id = EXT_PRE_SHARED_KEY,
	.setting = "resume",
	.places = IN_SERVER_HELLO_13,
	.build = build_pre_shared_key,
	.parse = parse_pre_shared_key,
};

static bool
parse_early_data(struct extension_values *v, struct rd *r, enum extension_place place)
{
	v->early_data = true;
	if (place == IN_TICKET)
		rd_u32(r);
	return rd_done(r);
}

const struct extension_row extension_early_data = {
	.id = EXT_EARLY_DATA,
	.places = IN_ENCRYPTED | IN_TICKET,
	.parse = parse_early_data,
};
