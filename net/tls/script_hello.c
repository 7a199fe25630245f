/* The first flight, common to all versions: who offers what, and the server's choice (RFC 8446 section 4.1). */
#include <string.h>

#include "net/tls/handshake.h"
#include "net/tls/message_hello.h"

static bool
retried(const struct tls *t)
{
	return t->hs->retried;
}

/* RFC 8446 appendix D.4: if not offering early data, the client sends a dummy change_cipher_spec record immediately
 * before its second flight. */
static bool
retried_compatibly(const struct tls *t)
{
	return t->hs->retried && t->hs->session_id_len > 0;
}

static int
ccs_was_sent(struct tls *t, struct error *error)
{
	(void)error;
	t->hs->ccs_sent = true;
	return 0;
}

static bool
suite_offered(const struct tls *t, uint16_t id)
{
	for (size_t i = 0; i < t->info.offered.n_suites; i++)
		if (t->info.offered.suites[i] == id)
			return true;
	return false;
}

static bool
session_id_echoed(const struct tls *t, struct str id)
{
	return str_eq(id, str_from(t->hs->session_id, t->hs->session_id_len));
}

/* What a ServerHello and a HelloRetryRequest have in common once TLS 1.3 is chosen. */
static int
check_common_13(struct tls *t, const struct server_hello *m, struct error *error)
{
	/* RFC 8446 section 4.1.3: the legacy_version field MUST be set to 0x0303. */
	if (m->version != TLS_1_2)
		return refuse_with(t, error, TLS_UNSUPPORTED_VERSION, ALERT_ILLEGAL_PARAMETER,
		    "server's hello for TLS 1.3 has the legacy version 0x%04x", m->version);
	/* RFC 8446 section 4.1.3: a client which receives a legacy_session_id_echo field that does not match what it
	 * sent in the ClientHello MUST abort the handshake with an "illegal_parameter" alert. */
	if (!session_id_echoed(t, m->session_id))
		return refuse(error, TLS_ILLEGAL_PARAMETER, "server did not echo the session id");
	return 0;
}

static int
check_suite(struct tls *t, const struct server_hello *m, uint16_t version, struct error *error)
{
	const struct suite *s = suite_find(m->suite);

	/* RFC 8446 section 4.1.3: a client which receives a cipher suite that was not offered MUST abort the handshake
	 * with an "illegal_parameter" alert. */
	if (s == NULL && suite_offered(t, m->suite))
		return refuse(error, TLS_WRONG_SUITE,
		    "server chose the cipher suite %s, which was offered only to look like another client",
		    tls_suite_name(m->suite));
	if (s == NULL || !suite_offered(t, m->suite))
		return refuse(error, TLS_WRONG_SUITE, "server chose the cipher suite %s, which was not offered",
		    tls_suite_name(m->suite));
	if (!suite_fits(s, version, version))
		return refuse(error, TLS_WRONG_SUITE, "server chose the cipher suite %s, which %s does not have",
		    tls_suite_name(m->suite), tls_version_name(version));
	/* RFC 8446 section 4.1.4: the value of selected cipher suite in the HelloRetryRequest MUST be retained in the
	 * ServerHello. */
	if (t->hs->retry_suite != 0 && t->hs->retry_suite != m->suite)
		return refuse(error, TLS_WRONG_SUITE, "server chose %s after asking for another hello with %s",
		    tls_suite_name(m->suite), tls_suite_name(t->hs->retry_suite));
	return 0;
}

static int
check_compression(const struct server_hello *m, uint16_t version, struct error *error)
{
	/* RFC 8446 section 4.1.3: legacy_compression_method is a single byte which MUST have the value 0: part of the
	 * format. Up to TLS 1.2 it is a choice, and no other was offered. */
	if (m->compression != 0)
		return refuse(error, version >= TLS_1_3 ? TLS_DECODE_ERROR : TLS_ILLEGAL_PARAMETER,
		    "server chose compression method %u, which was not offered", m->compression);
	return 0;
}

static void
enter_version(struct tls *t, uint16_t version)
{
	t->version = t->info.version = version;
	t->records.version = version;
	t->records.write_version = version < TLS_1_3 ? version : TLS_1_2;
}

/* ---- HelloRetryRequest (RFC 8446 section 4.1.4) ---- */
static bool
has_share(const struct tls *t, uint16_t group)
{
	for (size_t i = 0; i < t->hs->n_shares; i++)
		if (t->hs->shares[i].group == group)
			return true;
	return false;
}

static int
check_retry(struct tls *t, const struct extension_values *v, struct error *error)
{
	if (!v->supported_versions)
		return refuse(error, TLS_MISSING_EXTENSION, "server's HelloRetryRequest has no supported_versions");
	/* RFC 8446 section 4.1.4: if the HelloRetryRequest would not result in any change in the ClientHello, clients
	 * MUST abort the handshake with an "illegal_parameter" alert. */
	if (!v->key_share && !v->cookie)
		return refuse(error, TLS_RETRY_ILLEGAL, "server asked for another hello without asking for a change");
	/* RFC 8446 section 4.2.8: the client MUST verify that the selected_group field corresponds to a group which was
	 * provided in "supported_groups" and does not correspond to a group which was provided in "key_share". */
	if (v->key_share && group_supported(v->group) && !group_fits(v->group, TLS_1_3))
		return refuse(error, TLS_WRONG_GROUP, "server asked for a key share of %s, which is not for TLSv1.3",
		    tls_group_name(v->group));
	if (v->key_share && has_share(t, v->group))
		return refuse(error, TLS_WRONG_GROUP, "server asked for a key share of %s, which was already sent",
		    tls_group_name(v->group));
	if (v->key_share && !group_offered(t, v->group))
		return refuse_group(t, v->group, "server asked for a key share of", error);
	return 0;
}

static int
hello_retry_request(struct tls *t, struct str body, struct error *error)
{
	struct server_hello m;
	struct extension_values v;

	if (!server_hello_decode(&m, body))
		return refuse(error, TLS_DECODE_ERROR, "server's HelloRetryRequest is malformed");
	if (check_compression(&m, TLS_1_3, error) != 0 || extensions_parse(t, &m.extensions, IN_RETRY, &v, error) != 0)
		return -1;
	if (v.supported_versions && v.version != TLS_1_3)
		return refuse_with(t, error, TLS_UNSUPPORTED_VERSION, ALERT_ILLEGAL_PARAMETER,
		    "server's HelloRetryRequest is for %s", tls_version_name(v.version));
	if (check_common_13(t, &m, error) != 0 || check_suite(t, &m, TLS_1_3, error) != 0 ||
	    check_retry(t, &v, error) != 0)
		return -1;
	enter_version(t, TLS_1_3);
	t->info.hello_retry = t->hs->retried = true;
	t->hs->retry_suite = m.suite;
	t->hs->retry_group = v.key_share ? v.group : 0;
	buf_add_str(&t->hs->cookie, v.cookie_value);
	transcript_retry(&t->hs->transcript, suite_find(m.suite)->prf);
	return 0;
}

/* RFC 8446 section 5.1: a HelloRetryRequest, like a ServerHello, ends its record. */
static int
after_retry(struct tls *t, struct error *error)
{
	if (t->messages.len > 0)
		return refuse(error, TLS_EXCESS_DATA, "server sent %zu bytes behind its HelloRetryRequest",
		    t->messages.len);
	return 0;
}

/* ---- ServerHello: the version ---- */
static const struct extension *
versions_extension(const struct server_hello *m)
{
	return extension_find(&m->extensions, EXT_SUPPORTED_VERSIONS);
}

static int
choose_version(struct tls *t, const struct server_hello *m, uint16_t *version, struct error *error)
{
	const struct extension *x = offers_13(t) ? versions_extension(m) : NULL;

	*version = m->version;
	if (x != NULL) {
		struct rd r = rd_str(x->body);

		*version = rd_u16(&r);
		if (!rd_done(&r))
			return refuse(error, TLS_DECODE_ERROR, "server's extension supported_versions is malformed");
	}
	/* RFC 8446 section 4.1.4: the client MUST check that the version is that of the HelloRetryRequest. */
	if (t->hs->retried && *version != TLS_1_3)
		return refuse(error, TLS_ILLEGAL_PARAMETER, "server chose %s (0x%04x) after its HelloRetryRequest",
		    tls_version_name(*version), *version);
	/* RFC 8446 section 4.2.1: if the "supported_versions" extension in the ServerHello contains a version not
	 * offered by the client or contains a version prior to TLS 1.3, the client MUST abort the handshake with an
	 * "illegal_parameter" alert. */
	if (x != NULL && *version != TLS_1_3)
		return refuse_with(t, error, *version < TLS_1_3 ? TLS_UNSOLICITED_EXTENSION : TLS_UNSUPPORTED_VERSION,
		    ALERT_ILLEGAL_PARAMETER, "server's supported_versions chooses %s (0x%04x)",
		    tls_version_name(*version), *version);
	/* TLS 1.3 is never chosen by the legacy version. */
	if (x == NULL && *version >= TLS_1_3)
		return refuse(error, TLS_UNSUPPORTED_VERSION, "server chose the unknown version 0x%04x", *version);
	t->info.version = *version;
	if (*version < t->info.offered.min_version || *version > t->info.offered.max_version)
		return refuse(error, TLS_UNSUPPORTED_VERSION, "server chose %s, which \"tls proto\" excludes",
		    tls_version_name(*version));
	if (t->hs->renegotiation && *version != t->version)
		return refuse(error, TLS_UNSUPPORTED_VERSION, "server chose %s in the renegotiation of a %s connection",
		    tls_version_name(*version), tls_version_name(t->version));
	return 0;
}

static int
check_downgrade(struct tls *t, const struct server_hello *m, uint16_t version, struct error *error)
{
	static const char sentinel[] = "DOWNGRD";
	struct str tail = str_slice(m->random, MESSAGE_RANDOM - 8, MESSAGE_RANDOM);
	unsigned char last = (unsigned char)tail.p[7];
	bool marked = memcmp(tail.p, sentinel, 7) == 0 && last <= 1;

	/* RFC 8446 section 4.1.3: TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that
	 * the last 8 bytes are not equal to either of these values. TLS 1.2 clients SHOULD also check that the last 8
	 * bytes are not equal to the second value if the ServerHello indicates TLS 1.1 or below. */
	if (version < TLS_1_3 && marked &&
	    (offers_13(t) || (last == 0 && t->info.offered.max_version == TLS_1_2 && version < TLS_1_2)))
		return refuse(error, TLS_DOWNGRADE,
		    "server says that it speaks more than the %s it chose: someone in between changed our hello",
		    tls_version_name(version));
	return 0;
}

/* ---- ServerHello: up to TLS 1.2 ---- */
static int
check_renegotiation_info(struct tls *t, const struct extension_values *v, struct error *error)
{
	uint8_t expected[2 * FINISHED_MAX];
	size_t n = 0;

	if (t->hs->renegotiation) {
		memcpy(expected, t->client_finished, t->finished_len);
		memcpy(expected + t->finished_len, t->server_finished, t->finished_len);
		n = 2 * t->finished_len;
	}
	/* RFC 5746 section 3.4: if the extension is not present, the server does not support secure renegotiation; some
	 * clients may want to terminate the handshake. Section 3.5: when renegotiating they MUST. */
	if (!v->renegotiation_info) {
		if (t->hs->renegotiation)
			return refuse(error, TLS_RENEGOTIATION_MISMATCH,
			    "server left out renegotiation_info in a renegotiation");
		if (t->config.renegotiation_info == TLS_ON || !t->config.allow_legacy_server)
			return refuse(error, TLS_RENEGOTIATION_REQUIRED,
			    "server does not know secure renegotiation (RFC 5746), which the settings require");
		return 0;
	}
	/* RFC 5746 section 3.4: the client MUST verify that the length of the "renegotiated_connection" field is zero,
	 * and if it is not, MUST abort the handshake. Section 3.5: it must be the concatenation of the saved values. */
	if (v->renegotiated_connection.n != n || !bytes_equal(v->renegotiated_connection.p, expected, n))
		return refuse(error, TLS_RENEGOTIATION_MISMATCH,
		    "server's renegotiation_info does not match this connection");
	t->info.secure_renegotiation = true;
	return 0;
}

static int
check_legacy_extensions(struct tls *t, const struct extension_values *v, uint16_t version, const struct suite *suite,
    struct error *error)
{
	if (t->config.ems == TLS_ON && version >= TLS_1_0 && !v->extended_master_secret)
		return refuse(error, TLS_EMS_REQUIRED,
		    "server does not know extended_master_secret, which the settings require");
	if (t->hs->renegotiation && v->extended_master_secret != t->info.ems)
		return refuse(error, TLS_EMS_MISMATCH,
		    "server changed its mind about extended_master_secret in a renegotiation");
	/* RFC 7366 section 3: if a server receives an encrypt-then-MAC request and then selects a stream or AEAD cipher
	 * suite, it MUST NOT send an encrypt-then-MAC response extension. */
	if (v->encrypt_then_mac && (!suite_is_cbc(suite) || version == SSL_3_0))
		return refuse(error, TLS_UNSOLICITED_EXTENSION, "server chose encrypt_then_mac with %s",
		    suite->info.iana);
	if (t->config.etm == TLS_ON && suite_is_cbc(suite) && !v->encrypt_then_mac)
		return refuse(error, TLS_ETM_REQUIRED,
		    "server does not know encrypt_then_mac, which the settings require");
	/* RFC 8422 section 5.2: if the client receives the extension and it does not contain the uncompressed point
	 * format, it MUST abort the handshake with an "illegal_parameter" alert. */
	if (v->point_formats && str_find_char(v->formats, '\0') < 0)
		return refuse(error, TLS_ILLEGAL_PARAMETER, "server's ec_point_formats has no uncompressed points");
	return check_renegotiation_info(t, v, error);
}

/* The server resumes when it echoes the session id of the session offered. */
static int
check_resumption(struct tls *t, const struct server_hello *m, const struct extension_values *v, uint16_t version,
    struct error *error)
{
	struct handshake *hs = t->hs;
	const struct tls_session *s = hs->session;
	bool echoed = hs->session_id_len > 0 && session_id_echoed(t, m->session_id);

	hs->resuming = echoed && s != NULL && s->version <= TLS_1_2;
	if (!hs->resuming)
		/* The id of compatibility mode names no session: a server that "resumes" it did not understand TLS
		 * 1.3. */
		return !echoed ? 0 :
				 refuse(error, TLS_RESUMPTION_MISMATCH, "server resumes a session that does not exist");
	/* RFC 5246 section 7.4.1.3: if the session is resumed, cipher suite and version are those of the session. */
	if (s->version != version || s->suite != m->suite)
		return refuse(error, TLS_RESUMPTION_MISMATCH, "server resumed a %s session with %s %s",
		    tls_suite_name(s->suite), tls_version_name(version), tls_suite_name(m->suite));
	/* RFC 7627 section 5.3: if the original session used the extension but the new ServerHello does not contain it,
	 * the client MUST abort the handshake; if it did not but the new ServerHello contains it, likewise. */
	if (s->ems != v->extended_master_secret)
		return refuse(error, TLS_EMS_MISMATCH, "server resumed a session %s extended_master_secret %s it",
		    s->ems ? "with" : "without", s->ems ? "without" : "with");
	return 0;
}

static int
server_hello_legacy(struct tls *t, const struct server_hello *m, uint16_t version, struct error *error)
{
	struct handshake *hs = t->hs;
	const struct suite *suite = suite_find(m->suite);
	struct extension_values v;

	/* It was dropped as TLS 1.3 has it, before the version was known. */
	if (t->ignored_ccs > 0)
		return refuse(error, TLS_UNEXPECTED_MESSAGE,
		    "server sent a ChangeCipherSpec before its hello, which chooses %s", tls_version_name(version));
	if (extensions_parse(t, &m->extensions, IN_SERVER_HELLO_12, &v, error) != 0 ||
	    check_resumption(t, m, &v, version, error) != 0 ||
	    check_legacy_extensions(t, &v, version, suite, error) != 0 ||
	    extensions_accept(t, &m->extensions, &v, error) != 0)
		return -1;
	t->info.ems = v.extended_master_secret && version >= TLS_1_0;
	t->info.etm = v.encrypt_then_mac;
	hs->ticket_expected = v.session_ticket;
	hs->status_expected = v.status_request && !hs->resuming;
	if (v.sct && !hs->resuming)
		note_sct(t, v.sct_list);
	memcpy(hs->server_session_id, m->session_id.p, m->session_id.n);
	hs->server_session_id_len = m->session_id.n;
	return 0;
}

/* ---- ServerHello: TLS 1.3 ---- */
static int
server_hello_13(struct tls *t, const struct server_hello *m, struct error *error)
{
	struct handshake *hs = t->hs;
	const struct suite *suite = suite_find(m->suite);
	struct extension_values v;
	const struct group_key *share = NULL;

	if (extensions_parse(t, &m->extensions, IN_SERVER_HELLO_13, &v, error) != 0 ||
	    check_common_13(t, m, error) != 0)
		return -1;
	/* RFC 8446 section 9.2: psk_dhe_ke is the only mode offered, so "key_share" is always required. */
	if (!v.key_share)
		return refuse(error, TLS_MISSING_EXTENSION, "server's hello has no key_share");
	for (size_t i = 0; i < hs->n_shares; i++)
		if (hs->shares[i].group == v.group)
			share = &hs->shares[i];
	/* RFC 8446 section 4.2.8: the server's share MUST be in the same group as one of the client's shares. */
	if (share == NULL && !group_offered(t, v.group))
		return refuse_group(t, v.group, "server's key share is of", error);
	if (share == NULL)
		return refuse(error, TLS_WRONG_GROUP, "server's key share is of %s, of which none was sent",
		    tls_group_name(v.group));
	/* RFC 8446 section 4.2.11: clients MUST verify that the server's selected_identity is within the range
	 * supplied, and that the server selected a cipher suite indicating a hash associated with the PSK. */
	if (v.pre_shared_key && (v.psk_index != 0 || !hs->psk_sent || session_hash(hs->session) != suite->prf))
		return refuse_with(t, error, TLS_RESUMPTION_MISMATCH,
		    v.psk_index != 0 ? ALERT_UNKNOWN_PSK_IDENTITY : ALERT_ILLEGAL_PARAMETER,
		    "server chose a pre-shared key that does not fit what was offered");
	if (group_shared(share, v.key, hs->premaster, &hs->premaster_len, error) != 0)
		return -1;
	t->info.group = v.group;
	hs->resuming = v.pre_shared_key;
	if (hs->resuming)
		t->info.scheme = hs->session->scheme;
	return 0;
}

/* ---- ServerHello ---- */
static void
note_server_extensions(struct tls *t, const struct extension_list *list)
{
	size_t max = sizeof t->info.server_extensions / sizeof t->info.server_extensions[0];

	t->info.n_server_extensions = 0;
	for (size_t i = 0; i < list->n && i < max; i++)
		t->info.server_extensions[t->info.n_server_extensions++] = list->item[i].type;
}

static int
server_hello(struct tls *t, struct str body, struct error *error)
{
	struct server_hello m;
	uint16_t version;

	t->info.server_hello = true;
	if (!server_hello_decode(&m, body))
		return refuse(error, TLS_DECODE_ERROR, "server's ServerHello is malformed");
	note_server_extensions(t, &m.extensions);
	if (choose_version(t, &m, &version, error) != 0)
		return -1;
	if (check_downgrade(t, &m, version, error) != 0 || check_compression(&m, version, error) != 0 ||
	    check_suite(t, &m, version, error) != 0)
		return -1;
	if ((version >= TLS_1_3 ? server_hello_13(t, &m, error) : server_hello_legacy(t, &m, version, error)) != 0)
		return -1;
	enter_version(t, version);
	t->suite = suite_find(m.suite);
	t->info.suite = m.suite;
	t->info.resumed = t->hs->resuming;
	memcpy(t->hs->server_random, m.random.p, RANDOM_SIZE);
	t->info.stage = TLS_STAGE_SERVER_HELLO;
	note_time(&t->info.server_hello_us);
	return 0;
}

static int
choose_script(struct tls *t, struct error *error)
{
	unsigned needed = t->version >= TLS_1_2 ? TRANSCRIPT_BIT(t->suite->prf) :
						  TRANSCRIPT_BIT(X509_MD5) | TRANSCRIPT_BIT(X509_SHA1);

	(void)error;
	/* A CertificateVerify of TLS 1.2 may need any hash. */
	if (t->version != TLS_1_2 || t->config.credentials == NULL)
		transcript_keep(&t->hs->transcript, needed);
	t->hs->next_script = t->version >= TLS_1_3 ? script_tls13 :
	    t->hs->resuming                        ? script_legacy_resumed :
						     script_legacy_full;
	return 0;
}

const struct step script_hello[] = { SENDS(CLIENT_HELLO, NULL, NULL, NULL),
	RECEIVES(MAY, HELLO_RETRY_REQUEST, offers_13, hello_retry_request, after_retry),
	SENDS(CHANGE_CIPHER_SPEC, retried_compatibly, NULL, ccs_was_sent), SENDS(CLIENT_HELLO, retried, NULL, NULL),
	RECEIVES(MUST, SERVER_HELLO, NULL, server_hello, choose_script), ENDS };
