/* TLS 1.3 after ServerHello (RFC 8446 section 2, figures 1 and 3). */
#include <string.h>

#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_hello.h"

/* ---- conditions ---- */
static bool
by_certificate(const struct tls *t)
{
	return !t->hs->resuming;
}

static bool
requested(const struct tls *t)
{
	return t->hs->requested;
}

static bool
sends_verify(const struct tls *t)
{
	return t->hs->requested && t->hs->have_credentials;
}

/* RFC 8446 appendix D.4: middlebox compatibility mode, once per connection. */
static bool
compatibly(const struct tls *t)
{
	return t->hs->session_id_len > 0 && !t->hs->ccs_sent;
}

/* ---- keys ---- */
static void
keylog(struct tls *t, const char *label, const struct secret13 *secret)
{
	keylog_secret(t, label, t->hs->client_random, str_from(secret->bytes, t->schedule.size));
}

static struct protect *
protection(struct tls *t, bool sealing, const struct secret13 *secret)
{
	struct protect_params params = protect_params_for(t, sealing);

	return protect_from_secret(&params, str_from(secret->bytes, t->schedule.size));
}

static int
handshake_secrets(struct tls *t, struct error *error)
{
	struct handshake *hs = t->hs;
	struct str psk = { NULL, 0 };
	uint8_t hash[HASH_MAX];

	(void)error;
	if (hs->resuming)
		psk = str_from(hs->session->secret, hs->session->secret_len);
	schedule13_early(&t->schedule, t->suite->prf, hs->resuming ? &psk : NULL);
	transcript_hash(&hs->transcript, t->suite->prf, hash);
	schedule13_handshake(&t->schedule, str_from(hs->premaster, hs->premaster_len), hash);
	mem_wipe(hs->premaster, sizeof hs->premaster);
	keylog(t, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", &t->schedule.client_handshake);
	keylog(t, "SERVER_HANDSHAKE_TRAFFIC_SECRET", &t->schedule.server_handshake);
	return 0;
}

static int
read_handshake_keys(struct tls *t, struct error *error)
{
	return keys_for_reading(t, protection(t, false, &t->schedule.server_handshake), "server handshake traffic",
	    error);
}

/* At once, so that an alert of ours is encrypted (RFC 8446 section 6). */
static int
write_handshake_keys(struct tls *t, struct error *error)
{
	(void)error;
	keys_for_writing(t, protection(t, true, &t->schedule.client_handshake), "client handshake traffic");
	return 0;
}

static int
application_keys(struct tls *t, struct error *error)
{
	uint8_t hash[HASH_MAX];

	transcript_hash(&t->hs->transcript, t->suite->prf, hash);
	schedule13_master(&t->schedule, hash);
	keylog(t, "CLIENT_TRAFFIC_SECRET_0", &t->schedule.client_traffic);
	keylog(t, "SERVER_TRAFFIC_SECRET_0", &t->schedule.server_traffic);
	keylog(t, "EXPORTER_SECRET", &t->schedule.exporter);
	t->info.stage = TLS_STAGE_SERVER_DONE;
	note_time(&t->info.server_flight_us);
	return keys_for_reading(t, protection(t, false, &t->schedule.server_traffic), "server application traffic",
	    error);
}

static int
finish(struct tls *t, struct error *error)
{
	uint8_t hash[HASH_MAX];

	(void)error;
	transcript_hash(&t->hs->transcript, t->suite->prf, hash);
	schedule13_resumption_secret(&t->schedule, hash);
	note_time(&t->info.flight_sent_us);
	if (extension_offered(t, EXT_POST_HANDSHAKE_AUTH))
		t->to_finished = mem_dup(&t->hs->transcript, sizeof t->hs->transcript);
	keys_for_writing(t, protection(t, true, &t->schedule.client_traffic), "client application traffic");
	return 0;
}

/* ---- messages ---- */
static int
encrypted_extensions(struct tls *t, struct str body, struct error *error)
{
	struct encrypted_extensions m;
	struct extension_values v;
	size_t max = sizeof t->info.server_extensions / sizeof t->info.server_extensions[0];

	if (!encrypted_extensions_decode(&m, body))
		return refuse(error, TLS_DECODE_ERROR, "server's EncryptedExtensions message is malformed");
	for (size_t i = 0; i < m.extensions.n && t->info.n_server_extensions < max; i++)
		t->info.server_extensions[t->info.n_server_extensions++] = m.extensions.item[i].type;
	if (extensions_parse(t, &m.extensions, IN_ENCRYPTED, &v, error) != 0)
		return -1;
	return extensions_accept(t, &m.extensions, &v, error);
}

static int
certificate_verify(struct tls *t, struct str body, struct error *error)
{
	struct certificate_verify m;
	uint8_t hash[HASH_MAX], content[SCHEME_TLS13_CONTENT_MAX];
	struct str part;
	size_t n;

	if (!certificate_verify_decode(&m, body, TLS_1_3))
		return refuse(error, TLS_DECODE_ERROR, "server's CertificateVerify message is malformed");
	/* RFC 8446 section 4.4.3: if the CertificateVerify message is sent by a server, the signature algorithm MUST be
	 * one offered in the client's "signature_algorithms" extension. */
	if (!scheme_offered(t, m.scheme))
		return refuse_scheme(t, m.scheme, error);
	t->info.scheme = m.scheme;
	n = transcript_hash(&t->hs->transcript, t->suite->prf, hash);
	part = str_from(content, scheme_tls13_content(true, str_from(hash, n), content));
	return scheme_verify(server_key(t), TLS_1_3, m.scheme, &part, 1, m.signature, error);
}

static size_t
verify_data(struct tls *t, const struct secret13 *secret, uint8_t out[HASH_MAX])
{
	uint8_t hash[HASH_MAX];

	transcript_hash(&t->hs->transcript, t->suite->prf, hash);
	schedule13_finished(&t->schedule, secret, hash, out);
	return t->schedule.size;
}

static int
server_finished(struct tls *t, struct str body, struct error *error)
{
	uint8_t expected[HASH_MAX];
	size_t n = verify_data(t, &t->schedule.server_handshake, expected);
	struct finished m;

	/* RFC 8446 section 4.4.4: recipients of Finished messages MUST verify that the contents are correct and if
	 * incorrect MUST terminate the connection with a "decrypt_error" alert. */
	if (!finished_decode(&m, body) || m.verify_data.n != n || !bytes_equal(m.verify_data.p, expected, n))
		return refuse(error, TLS_DIGEST_CHECK_FAILED,
		    "server's Finished does not match the handshake as we saw it");
	return 0;
}

static int
build_finished(struct tls *t, struct buf *body, struct error *error)
{
	uint8_t data[HASH_MAX];
	struct finished m;

	(void)error;
	m.verify_data = str_from(data, verify_data(t, &t->schedule.client_handshake, data));
	finished_encode(body, &m);
	return 0;
}

/* RFC 8446 section 4.4: behind the handshake the base key is the current client_application_traffic_secret. */
static int
build_post_finished(struct tls *t, struct buf *body, struct error *error)
{
	uint8_t data[HASH_MAX];
	struct finished m;

	(void)error;
	m.verify_data = str_from(data, verify_data(t, &t->schedule.client_traffic, data));
	finished_encode(body, &m);
	return 0;
}

const struct step script_tls13[] = { DOES(NULL, handshake_secrets), DOES(NULL, read_handshake_keys),
	SENDS(CHANGE_CIPHER_SPEC, compatibly, NULL, NULL), DOES(NULL, write_handshake_keys),
	RECEIVES(MUST, ENCRYPTED_EXTENSIONS, NULL, encrypted_extensions, NULL),
	RECEIVES(MAY, CERTIFICATE_REQUEST, by_certificate, certificate_request_13, NULL),
	RECEIVES(MUST, CERTIFICATE, by_certificate, server_certificate, judge_chain),
	RECEIVES(MUST, CERTIFICATE_VERIFY, by_certificate, certificate_verify, NULL),
	RECEIVES(MUST, FINISHED, NULL, server_finished, application_keys),
	SENDS(CERTIFICATE, requested, build_certificate, NULL),
	SENDS(CERTIFICATE_VERIFY, sends_verify, build_certificate_verify, NULL),
	SENDS(FINISHED, NULL, build_finished, finish), ENDS };

/* RFC 8446 section 4.6.2: Certificate, CertificateVerify and Finished, all together. */
const struct step script_post_auth[] = { SENDS(CERTIFICATE, NULL, build_certificate, NULL),
	SENDS(CERTIFICATE_VERIFY, sends_verify, build_certificate_verify, NULL),
	SENDS(FINISHED, NULL, build_post_finished, NULL), ENDS };
