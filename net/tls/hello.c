/* Builds the ClientHello: what the settings allow, its suites, shares and session, the PSK binder, its records. */
#include <string.h>

#include "net/tls/handshake.h"
#include "net/tls/message_hello.h"

static size_t
filter(uint16_t *out, size_t max, const uint16_t *ids, size_t n, bool (*keep)(uint16_t id))
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < max; i++)
		if (keep(ids[i]))
			out[count++] = ids[i];
	return count;
}

static bool
scheme_known(uint16_t id)
{
	return scheme_find(id) != NULL;
}

/* Only the first hello can have that form: a later one is a record under keys. */
static bool
is_sslv2(const struct tls *t)
{
	return t->config.sslv2_hello && !t->hs->renegotiation;
}

/* Sent by their own settings. */
static bool
is_scsv(uint16_t id)
{
	return id == SCSV_RENEGOTIATION || id == SCSV_FALLBACK;
}

static bool
any(uint16_t id)
{
	(void)id;
	return true;
}

static int
choose_versions(struct tls *t, struct error *error)
{
	const struct tls_config *c = &t->config;
	struct tls_offer *o = &t->info.offered;
	bool extensions = !c->no_extensions && !is_sslv2(t);

	o->min_version = c->min_version;
	o->max_version = c->max_version;
	/* Without supported_versions a hello cannot ask for TLS 1.3. */
	if (o->max_version >= TLS_1_3 && (!extensions || !extension_wanted(t, EXT_SUPPORTED_VERSIONS)))
		o->max_version = TLS_1_2;
	/* RFC 8446 section 4.1.2: in a renegotiation a server MUST retain the previous protocol version, and MUST NOT
	 * negotiate TLS 1.3: it is not offered. */
	if (t->hs->renegotiation && o->max_version > TLS_1_2)
		o->max_version = TLS_1_2;
	if (o->min_version <= o->max_version)
		return 0;
	return refuse_with(t, error, TLS_NO_COMMON, ALERT_NONE, "the settings leave no protocol version to offer");
}

/* Whether the server could choose this version: with the numbers that are not spoken here one cannot know. */
static bool
has_suite(const struct tls_offer *o, uint16_t version)
{
	for (size_t i = 0; i < o->n_suites; i++) {
		const struct suite *s = suite_find(o->suites[i]);

		if (s == NULL || suite_fits(s, version, version))
			return true;
	}
	return false;
}

static int
choose_suites(struct tls *t, struct error *error)
{
	const struct tls_config *c = &t->config;
	struct tls_offer *o = &t->info.offered;
	uint16_t suites[TLS_MAX_SUITES];
	size_t n = c->n_suites;

	memcpy(suites, c->suites, n * sizeof suites[0]);
	if (n == 0)
		n = suite_defaults(&t->crypto, o->min_version, o->max_version, c->versions_set, suites, TLS_MAX_SUITES);
	o->n_suites = 0;
	for (size_t i = 0; i < n; i++) {
		const struct suite *s = suite_find(suites[i]);

		if (s != NULL ? suite_fits(s, o->min_version, o->max_version) : c->literal && !is_scsv(suites[i]))
			o->suites[o->n_suites++] = suites[i];
	}
	if (o->n_suites == 0)
		return refuse_with(t, error, TLS_NO_COMMON, ALERT_NONE, "no cipher suite of the settings fits %s to %s",
		    tls_version_name(o->min_version), tls_version_name(o->max_version));
	/* A newest version without a suite would be chosen and then fail, where an older one works. */
	while (o->max_version > o->min_version && !has_suite(o, o->max_version))
		o->max_version--;
	return 0;
}

/* What the settings allow, turned into the facts that everything else looks at. */
static int
choose_offer(struct tls *t, struct error *error)
{
	const struct tls_config *c = &t->config;
	struct tls_offer *o = &t->info.offered;

	if (choose_versions(t, error) != 0 || choose_suites(t, error) != 0)
		return -1;
	o->n_groups = c->n_groups > 0 ?
	    filter(o->groups, TLS_MAX_GROUPS, c->groups, c->n_groups, c->literal ? any : group_supported) :
	    group_defaults(o->max_version, o->groups, TLS_MAX_GROUPS);
	o->n_schemes = c->n_schemes > 0 ?
	    filter(o->schemes, TLS_MAX_SCHEMES, c->schemes, c->n_schemes, c->literal ? any : scheme_known) :
	    scheme_defaults(o->min_version, o->max_version, c->versions_set, o->schemes, TLS_MAX_SCHEMES);
	return 0;
}

static int
add_share(struct tls *t, uint16_t group, struct error *error)
{
	struct handshake *hs = t->hs;

	/* Each group has one share; a list may name one twice. */
	if (hs->n_shares == GROUP_COUNT)
		return 0;
	if (group_keygen(&hs->shares[hs->n_shares], group, &t->random, error) != 0)
		return -1;
	t->info.offered.key_shares[hs->n_shares++] = group;
	t->info.offered.n_key_shares = hs->n_shares;
	return 0;
}

static void
drop_shares(struct tls *t)
{
	for (size_t i = 0; i < t->hs->n_shares; i++)
		group_key_release(&t->hs->shares[i]);
	t->hs->n_shares = 0;
}

static int
choose_shares(struct tls *t, struct error *error)
{
	const struct tls_config *c = &t->config;
	struct tls_offer *o = &t->info.offered;

	if (t->hs->retried) {
		if (t->hs->retry_group == 0)
			return 0;
		drop_shares(t);
		return add_share(t, t->hs->retry_group, error);
	}
	if (o->max_version < TLS_1_3 || c->no_key_share || o->n_groups == 0)
		return 0;
	if (c->n_key_shares == 0) {
		size_t first = 0;

		while (first < o->n_groups && !group_fits(o->groups[first], TLS_1_3))
			first++;
		return first < o->n_groups ? add_share(t, o->groups[first], error) : 0;
	}
	for (size_t i = 0; i < c->n_key_shares; i++)
		if (group_fits(c->key_shares[i], TLS_1_3) && add_share(t, c->key_shares[i], error) != 0)
			return -1;
	return 0;
}

/* RFC 8701: 0x0A0A, 0x1A1A ... 0xFAFA */
static void
choose_grease(struct tls *t)
{
	uint8_t bytes[GREASE_COUNT];

	random_bytes(&t->random, bytes, sizeof bytes);
	for (size_t i = 0; i < GREASE_COUNT; i++)
		t->hs->grease[i] = (uint16_t)((bytes[i] & 0xf0u) * 0x101u + 0x0a0au);
	if (t->hs->grease[GREASE_EXTENSION] == t->hs->grease[GREASE_LAST_EXTENSION])
		t->hs->grease[GREASE_LAST_EXTENSION] ^= 0x1010;
}

static void
choose_session_id(struct tls *t)
{
	struct handshake *hs = t->hs;
	const struct tls_session *s = hs->session;
	bool legacy = s != NULL && s->version <= TLS_1_2;

	hs->session_id_len = 0;
	if (legacy && s->ticket_len == 0) {
		memcpy(hs->session_id, s->id, s->id_len);
		hs->session_id_len = s->id_len;
		return;
	}
	/* RFC 5077 section 3.4: with a ticket, a session id of our choice tells by its echo whether it was accepted.
	 * RFC 8446 section 4.1.2: in compatibility mode, this field MUST be non-empty: a new 32-byte value. */
	if (legacy || (t->info.offered.max_version >= TLS_1_3 && t->config.session_id_13 != TLS_OFF)) {
		random_bytes(&t->random, hs->session_id, sizeof hs->session_id);
		hs->session_id_len = sizeof hs->session_id;
	}
}

/* Everything that stays the same in a second ClientHello. */
static int
choose_first(struct tls *t, struct error *error)
{
	struct handshake *hs = t->hs;

	if (choose_offer(t, error) != 0)
		return -1;
	random_bytes(&t->random, hs->client_random, sizeof hs->client_random);
	choose_grease(t);
	hs->session = t->offered != NULL && !hs->renegotiation && session_usable(t, t->offered) ? t->offered : NULL;
	t->info.offered.session_offered = hs->session != NULL;
	choose_session_id(t);
	return 0;
}

static void
put_suites(struct tls *t, struct buf *suites)
{
	const struct tls_config *c = &t->config;
	bool info_sent = extension_offered(t, EXT_RENEGOTIATION_INFO);

	if (c->grease)
		put_u16(suites, t->hs->grease[GREASE_SUITE]);
	for (size_t i = 0; i < t->info.offered.n_suites; i++)
		put_u16(suites, t->info.offered.suites[i]);
	/* RFC 5746 section 3.4: either the extension or the SCSV; in a renegotiation the SCSV MUST NOT be sent. */
	t->hs->scsv_sent = !info_sent && !t->hs->renegotiation && c->renegotiation_info != TLS_OFF &&
	    t->info.offered.min_version <= TLS_1_2;
	if (t->hs->scsv_sent)
		put_u16(suites, SCSV_RENEGOTIATION);
	if (c->fallback_scsv)
		put_u16(suites, SCSV_FALLBACK);
}

/* RFC 8446 section 4.2.11.2: the binder covers the transcript up to the list of binders, which ends the message. */
static void
fill_binder(struct tls *t, struct buf *message)
{
	const struct tls_session *s = t->hs->session;
	enum x509_hash h = session_hash(s);
	struct str psk = str_from(s->secret, s->secret_len);
	struct transcript partial = t->hs->transcript;
	uint8_t hash[HASH_MAX];

	transcript_keep(&partial, TRANSCRIPT_BIT(h));
	transcript_add(&partial, message->data, message->len - hash_size(h) - 3);
	transcript_hash(&partial, h, hash);
	schedule13_early(&t->schedule, h, &psk);
	schedule13_binder(&t->schedule, false, hash, message->data + message->len - hash_size(h));
}

static void
encode(struct tls *t, struct buf *message, const struct client_hello *m)
{
	size_t at;

	if (is_sslv2(t)) {
		client_hello_encode_v2(message, m);
		return;
	}
	at = message_open(message, CLIENT_HELLO);
	client_hello_encode(message, m);
	message_close(message, at);
}

/* False when its lengths do not fit into their fields. */
static bool
build(struct tls *t, struct buf *message)
{
	struct handshake *hs = t->hs;
	struct buf block, suites;
	struct client_hello m;
	bool fits;

	buf_init(&block, UINT16_MAX);
	buf_init(&suites, UINT16_MAX);
	/* RFC 6101 has no extensions: a hello for SSL 3.0 alone goes without, but for the renegotiation_info without
	 * which a server cannot tell that it continues this connection (RFC 5746 section 4.5). */
	m = (struct client_hello){
		.version = t->info.offered.max_version < TLS_1_2 ? t->info.offered.max_version : TLS_1_2,
		.random = str_from(hs->client_random, sizeof hs->client_random),
		.session_id = str_from(hs->session_id, hs->session_id_len),
		.compression = STR("\0"),
		.has_extensions = !t->config.no_extensions && !is_sslv2(t) &&
		    (t->info.offered.max_version > SSL_3_0 || hs->renegotiation),
	};
	t->info.offered.n_extensions = 0;
	if (m.has_extensions)
		extensions_build(t, &block);
	put_suites(t, &suites);
	m.suites = buf_str(&suites);
	/* header, version, random, session id, suites, compression, length of the block */
	if (m.has_extensions)
		extensions_build_last(t, &block,
		    MESSAGE_HEADER + 2 + MESSAGE_RANDOM + 1 + m.session_id.n + 2 + m.suites.n + 2 + 2 + block.len);
	m.extensions = buf_str(&block);
	m.has_extensions = block.len > 0;
	encode(t, message, &m);
	fits = !block.full && !suites.full && !message->full;
	if (fits && hs->psk_sent)
		fill_binder(t, message);
	buf_release(&block);
	buf_release(&suites);
	return fits;
}

int
client_hello_build(struct tls *t, struct buf *message, struct error *error)
{
	struct handshake *hs = t->hs;

	if ((!hs->retried && choose_first(t, error) != 0) || choose_shares(t, error) != 0)
		return -1;
	if (build(t, message))
		return 0;
	/* A ticket leaves no room for the rest: then nothing is resumed. A second hello keeps its session id. */
	if (hs->session != NULL) {
		hs->session = NULL;
		t->info.offered.session_offered = false;
		if (!hs->retried)
			choose_session_id(t);
		buf_clear(message);
		if (build(t, message))
			return 0;
	}
	return refuse_with(t, error, TLS_TOO_LARGE, ALERT_NONE, "the ClientHello of these settings is too large");
}

static unsigned
hello_record_version(const struct tls *t)
{
	if (t->config.hello_record_version != 0 && !t->hs->renegotiation)
		return t->config.hello_record_version;
	if (t->hs->renegotiation)
		return t->version;
	if (t->hs->retried)
		return TLS_1_2;
	/* RFC 5246 appendix E.1: TLS clients that wish to support older servers SHOULD send {03,00} or the lowest
	 * version they support; {03,01} is what nearly all of them send. */
	return t->info.offered.max_version == SSL_3_0 ? SSL_3_0 : TLS_1_0;
}

static int
write_hello(struct tls *t, struct buf *message, struct error *error)
{
	unsigned fragment = t->records.max_fragment;
	uint8_t header[2] = { (uint8_t)(0x80 | message->len >> 8), (uint8_t)message->len };
	int result;

	if (is_sslv2(t))
		return record_write_raw(&t->records, header, sizeof header, error) != 0 ?
		    -1 :
		    record_write_raw(&t->records, message->data, message->len, error);
	t->records.write_version = hello_record_version(t);
	if (t->config.split_hello_record > 0 && t->config.split_hello_record < fragment)
		t->records.max_fragment = t->config.split_hello_record;
	result = record_write(&t->records, CONTENT_HANDSHAKE, message->data, message->len, error);
	t->records.max_fragment = fragment;
	return result;
}

/* The hashes of the transcript that some answer to the offer needs. */
static unsigned
hashes_needed(const struct tls *t)
{
	const struct tls_offer *o = &t->info.offered;
	unsigned needed = o->min_version < TLS_1_2 ? TRANSCRIPT_BIT(X509_MD5) | TRANSCRIPT_BIT(X509_SHA1) : 0;

	if (t->config.credentials != NULL)
		return TRANSCRIPT_ALL; /* a CertificateVerify of TLS 1.2 may need any */
	for (size_t i = 0; i < o->n_suites && o->max_version >= TLS_1_2; i++) {
		const struct suite *s = suite_find(o->suites[i]);

		if (s != NULL)
			needed |= TRANSCRIPT_BIT(s->prf);
	}
	return needed;
}

int
client_hello_send(struct tls *t, struct error *error)
{
	struct buf message;
	int result;

	buf_init(&message, TLS_MAX_HANDSHAKE);
	result = client_hello_build(t, &message, error);
	if (result == 0) {
		transcript_keep(&t->hs->transcript, hashes_needed(t));
		note_message(t, buf_str(&message));
		t->info.offered.hello_bytes = message.len;
		report_message(t, true, CONTENT_HANDSHAKE, CLIENT_HELLO, t->write_protected, buf_str(&message));
		result = write_hello(t, &message, error);
	}
	if (result == 0 && t->info.stage < TLS_STAGE_HELLO_SENT)
		t->info.stage = TLS_STAGE_HELLO_SENT;
	buf_release(&message);
	return result;
}
