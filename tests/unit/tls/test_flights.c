/*
 * A server of SSL 3.0 to TLS 1.2 without a socket: it holds no private key, but takes the master secret from the
 * engine. It drops, repeats and swaps each of its messages, of both flights and of a resumption, under the right keys;
 * it then shows what the engine does after the handshake: HelloRequests, and empty records and warnings without end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"
#include "tests/support/openssl_server.h"
#include "tests/support/unit.h"

enum { SUITE = 0x002F, ITEMS_MAX = 8 }; /* TLS_RSA_WITH_AES_128_CBC_SHA is in all four versions */

enum shape { FULL, WITH_TICKET, RESUMED, SHAPES };

struct server {
	struct tls *t; /* the engine under test */
	struct error error;
	struct protect *keys; /* ours, once the engine can read them */
	uint16_t version;
	enum shape shape;
	uint8_t finished[FINISHED_MAX];
	size_t finished_len;
	struct str junk; /* sent behind its certificate, `times` times; before it when first */
	unsigned times;
	bool first;
};

static struct tls_credentials *certificate;

/* ---- messages ---- */
static void
put_server_hello(struct server *s, struct buf *b)
{
	static const uint8_t id[MESSAGE_MAX_SESSION_ID] = "a session of the test's server.";
	uint8_t random[RANDOM_SIZE] = { 'r' };
	size_t block, body;

	put_u16(b, s->version);
	buf_add(b, random, sizeof random);
	put_u8(b, sizeof id);
	buf_add(b, id, sizeof id);
	put_u16(b, SUITE);
	put_u8(b, 0);
	block = put_open(b, 2);
	put_u16(b, EXT_RENEGOTIATION_INFO);
	body = put_open(b, 2);
	put_u8(b, 0);
	put_close(b, body, 2);
	if (s->shape == WITH_TICKET) {
		put_u16(b, EXT_SESSION_TICKET);
		put_u16(b, 0);
	}
	put_close(b, block, 2);
}

static void
put_one(struct buf *b, struct str der)
{
	size_t at = put_open(b, 3);

	put_str(b, der);
	put_close(b, at, 3);
}

static void
put_certificate(const struct server *s, struct buf *b)
{
	struct str own = str_from(certificate->chain[0]->der, certificate->chain[0]->der_len);
	size_t list = put_open(b, 3);

	if (!s->first)
		put_one(b, own);
	for (unsigned i = 0; i < s->times; i++)
		put_one(b, s->junk);
	if (s->first)
		put_one(b, own);
	put_close(b, list, 3);
}

/* Over what the engine has seen; said again as it was when the handshake is over. */
static void
put_finished(struct server *s, struct buf *b)
{
	if (s->t->hs != NULL && s->t->suite != NULL)
		s->finished_len =
		    prf_finished(s->version, s->t->suite->prf, s->t->master, false, &s->t->hs->transcript, s->finished);
	buf_add(b, s->finished, s->finished_len);
}

static void
put_body(struct server *s, unsigned type, struct buf *b)
{
	switch (type) {
	case SERVER_HELLO:
		put_server_hello(s, b);
		break;
	case CERTIFICATE:
		put_certificate(s, b);
		break;
	case NEW_SESSION_TICKET:
		put_u32(b, 300);
		put_u16(b, 4);
		buf_add(b, "tick", 4);
		break;
	case FINISHED:
		put_finished(s, b);
		break;
	default:
		break;
	}
}

/* ---- records ---- */
static int
deliver(struct server *s, unsigned content, struct str payload)
{
	uint8_t record[RECORD_HEADER + PROTECT_FRONT_MAX + RECORD_MAX_PLAIN + PROTECT_BEHIND], *at;
	size_t total, room;

	for (; payload.n > RECORD_MAX_PLAIN; payload = str_slice(payload, RECORD_MAX_PLAIN, payload.n))
		if (deliver(s, content, str_slice(payload, 0, RECORD_MAX_PLAIN)) != 0)
			return -1;
	if (payload.n > 0)
		memcpy(record + RECORD_HEADER + protect_front(s->keys), payload.p, payload.n);
	assert_int_equal(protect_seal(s->keys, content, s->version, record, payload.n, &total, NULL), 0);
	at = tls_input_room(s->t, &room);
	memcpy(at, record, total);
	tls_input_added(s->t, total);
	return tls_process(s->t, &s->error);
}

static int
deliver_message(struct server *s, unsigned type)
{
	struct buf b;
	size_t at;
	int result;

	if (type == CHANGE_CIPHER_SPEC) {
		result = deliver(s, CONTENT_CHANGE_CIPHER_SPEC, STR("\1"));
		if (s->keys == NULL && s->t->read_protected && s->t->hs != NULL) {
			struct protect_params params = protect_params_for(s->t, true);

			s->keys = protect_from_key_block(&params, false, s->t->hs->key_block);
		}
		return result;
	}
	buf_init(&b, TLS_MAX_HANDSHAKE);
	at = message_open(&b, type);
	put_body(s, type, &b);
	message_close(&b, at);
	result = deliver(s, CONTENT_HANDSHAKE, buf_str(&b));
	buf_release(&b);
	return result;
}

static void
server_start(struct server *s, uint16_t version, enum shape shape, const struct tls_session *session,
    bool renegotiation)
{
	struct tls_config config;

	tls_config_init(&config);
	config.min_version = config.max_version = version;
	config.versions_set = true;
	config.suites[config.n_suites++] = SUITE;
	config.n_alpn = 1;
	memcpy(config.alpn[0], "http/1.1", 9);
	config.renegotiation = renegotiation;
	memset(s, 0, sizeof *s);
	s->version = version;
	s->shape = shape;
	s->t = tls_new(&config, NULL);
	if (session != NULL)
		tls_offer_session(s->t, session);
	assert_int_equal(tls_start(s->t, &s->error), 0);
}

static void
server_end(struct server *s)
{
	protect_free(s->keys);
	tls_free(s->t);
}

/* ---- each message dropped, repeated, swapped ---- */
static const unsigned flights[SHAPES][ITEMS_MAX] = { [FULL] = { SERVER_HELLO, CERTIFICATE, SERVER_HELLO_DONE,
							 CHANGE_CIPHER_SPEC, FINISHED },
	[WITH_TICKET] = { SERVER_HELLO, CERTIFICATE, SERVER_HELLO_DONE, NEW_SESSION_TICKET, CHANGE_CIPHER_SPEC,
	    FINISHED },
	[RESUMED] = { SERVER_HELLO, CHANGE_CIPHER_SPEC, FINISHED } };

enum mutation { NOTHING, DROP, REPEAT, SWAP, MUTATIONS };

static size_t
count(enum shape shape)
{
	size_t n = 0;

	while (flights[shape][n] != 0)
		n++;
	return n;
}

static int
run(struct server *s, enum mutation how, size_t which)
{
	for (size_t i = 0; i < count(s->shape); i++) {
		size_t from = how == SWAP && i == which ? i + 1 : how == SWAP && i == which + 1 ? i - 1 : i;

		for (int times = how == DROP && i == which ? 0 :
			 how == REPEAT && i == which       ? 2 :
							     1;
		     times > 0; times--)
			if (deliver_message(s, flights[s->shape][from]) != 0)
				return -1;
	}
	return 0;
}

/* A session that the server of the test goes on with. */
static struct tls_session *
session_for(uint16_t version)
{
	struct tls_session *session;
	struct server s;

	server_start(&s, version, FULL, NULL, false);
	assert_int_equal(run(&s, NOTHING, 0), 0);
	session = tls_take_session(s.t);
	assert_non_null(session);
	server_end(&s);
	return session;
}

static void
check_refused(struct server *s, enum mutation how, size_t which)
{
	/* Bytes may be missing still, when the ciphertext of a Finished is read as if it were plain: an end is a
	 * failure. */
	if (run(s, how, which) == 0 && !tls_connected(s->t)) {
		assert_true(how == DROP);
		tls_input_end(s->t);
		tls_process(s->t, &s->error);
	}
	if (!s->t->failed || s->error.kind != ERROR_TLS)
		fail_msg("%s, shape %d: mutation %d of message %zu is accepted", tls_version_name(s->version), s->shape,
		    how, which);
	assert_true(s->error.code == TLS_TRUNCATED || tls_info(s->t)->alert_sent);
}

static void
check_shape(uint16_t version, enum shape shape, const struct tls_session *session)
{
	struct server s;

	server_start(&s, version, shape, session, false);
	assert_int_equal(run(&s, NOTHING, 0), 0);
	assert_true(tls_connected(s.t));
	assert_int_equal(tls_info(s.t)->resumed, shape == RESUMED);
	server_end(&s);
	for (enum mutation how = DROP; how < MUTATIONS; how++)
		for (size_t which = 0; which + (how == SWAP) < count(shape); which++) {
			server_start(&s, version, shape, session, false);
			check_refused(&s, how, which);
			server_end(&s);
		}
}

static void
test_mutations(void **state)
{
	(void)state;
	for (uint16_t version = SSL_3_0; version <= TLS_1_2; version++) {
		struct tls_session *session = session_for(version);

		for (enum shape shape = FULL; shape < SHAPES; shape++)
			if (version > SSL_3_0 || shape != WITH_TICKET)
				check_shape(version, shape, shape == RESUMED ? session : NULL);
		tls_session_free(session);
	}
}

/* ---- what is sent as a chain ---- */
static const struct {
	const char *what;
	struct str junk;
	unsigned times;
	bool first;
	enum error_kind kind; /* ERROR_NONE: the handshake ends well when nobody judges */
	const char *text;
} junks[] = {
	{ "no certificate behind", { "GARBAGE", 7 }, 1, false, ERROR_NONE, NULL },
	{ "no certificate in front", { "GARBAGE", 7 }, 1, true, ERROR_CERTIFICATE,
	    "these 7 bytes are not an X.509 certificate" },
	{ "as many as fit", { "\x30\x00", 2 }, X509_MAX_CHAIN - 1, false, ERROR_NONE, NULL },
	{ "one more", { "\x30\x00", 2 }, X509_MAX_CHAIN, false, ERROR_LIMIT, "257 certificates, more than 256" },
};

static void
test_junk_in_the_chain(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof junks / sizeof *junks; i++) {
		struct server s;
		int result;

		server_start(&s, TLS_1_2, FULL, NULL, false);
		s.junk = junks[i].junk;
		s.times = junks[i].times;
		s.first = junks[i].first;
		result = run(&s, NOTHING, 0);
		if (result != (junks[i].kind == ERROR_NONE ? 0 : -1) || s.error.kind != junks[i].kind)
			fail_msg("%s: %s", junks[i].what, s.error.text);
		assert_int_equal(tls_info(s.t)->n_chain,
		    junks[i].times + 1 < X509_MAX_CHAIN ? junks[i].times + 1 : X509_MAX_CHAIN);
		if (result != 0)
			assert_true(tls_info(s.t)->alert_sent && strstr(s.error.text, junks[i].text) != NULL);
		server_end(&s);
	}
}

/* The setting that is named in the hint helps. */
static void
test_large_certificate_message(void **state)
{
	char *big = calloc(1, 40000), hint[ERROR_COMMAND_MAX];

	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		struct server s;

		server_start(&s, TLS_1_2, FULL, NULL, false);
		s.junk = str_from(big, 40000);
		s.times = 4;
		s.t->config.max_cert_list = more > 0 ? strtoul(hint + strlen("tls max-cert-list "), NULL, 10) : 0;
		assert_int_equal(run(&s, NOTHING, 0), more > 0 ? 0 : -1);
		assert_int_equal(s.error.kind, more > 0 ? ERROR_NONE : ERROR_LIMIT);
		assert_true(more > 0 || tls_info(s.t)->alert_sent);
		snprintf(hint, sizeof hint, "%s", s.error.command);
		server_end(&s);
	}
	free(big);
}

/* ---- after the handshake ---- */

/* RFC 8446 section 4.1.2: no renegotiation leads to TLS 1.3; NSS refuses ALPN in it; SSL 3.0 has renegotiation_info. */
static void
test_renegotiation_hello(void **state)
{
	(void)state;
	for (uint16_t version = SSL_3_0; version <= TLS_1_2; version++) {
		struct server s;
		const struct tls_offer *offer;

		server_start(&s, version, FULL, NULL, true);
		s.t->config.max_version = version == SSL_3_0 ? SSL_3_0 : TLS_1_3;
		s.t->config.sslv2_hello = version == TLS_1_1; /* for the first hello only */
		assert_int_equal(run(&s, NOTHING, 0), 0);
		tls_output_sent(s.t, tls_output(s.t).n);
		assert_int_equal(deliver_message(&s, HELLO_REQUEST), 0);
		assert_true(tls_busy(s.t));
		assert_int_equal(tls_output(s.t).p[0], CONTENT_HANDSHAKE);
		offer = &tls_info(s.t)->offered;
		assert_int_equal(offer->max_version, version == SSL_3_0 ? SSL_3_0 : TLS_1_2);
		assert_true(extension_offered(s.t, EXT_RENEGOTIATION_INFO));
		assert_false(extension_offered(s.t, EXT_ALPN));
		assert_false(extension_offered(s.t, EXT_SUPPORTED_VERSIONS));
		assert_int_equal(s.t->hs->session_id_len, 0);
		if (version == SSL_3_0)
			assert_int_equal(offer->n_extensions, 1);
		server_end(&s);
	}
}

static void
test_hello_requests(void **state)
{
	(void)state;
	for (uint16_t version = SSL_3_0; version <= TLS_1_2; version++) {
		struct server s;
		int n = 0;

		server_start(&s, version, FULL, NULL, false);
		assert_int_equal(run(&s, NOTHING, 0), 0);
		while (n <= TLS_MAX_HELLO_REQUESTS && deliver_message(&s, HELLO_REQUEST) == 0)
			n++;
		assert_int_equal(n, TLS_MAX_HELLO_REQUESTS);
		assert_true(tls_info(s.t)->renegotiation_declined);
		assert_int_equal(s.error.code, TLS_NO_RENEGOTIATION);
		server_end(&s);
	}
}

/* Neither ends the other's count: with `warnings` for each `empties` one of them must come to its bound. */
static int
alternate(uint16_t version, int empties, int warnings)
{
	struct server s;
	int result = 0, code;

	server_start(&s, version, FULL, NULL, false);
	assert_int_equal(run(&s, NOTHING, 0), 0);
	for (int round = 0; round < 1000 && result == 0; round++) {
		for (int i = 0; i < empties && result == 0; i++)
			result = deliver(&s, CONTENT_APPLICATION_DATA, STR(""));
		for (int i = 0; i < warnings && result == 0; i++)
			result = deliver(&s, CONTENT_ALERT, STR("\1\132"));
	}
	code = result == 0 ? 0 : s.error.code;
	server_end(&s);
	return code;
}

static void
test_empty_records_and_warnings(void **state)
{
	(void)state;
	for (uint16_t version = SSL_3_0; version <= TLS_1_2; version++) {
		assert_int_equal(alternate(version, 1, 1), TLS_TOO_MANY_WARNINGS);
		assert_int_equal(alternate(version, 0, 1), TLS_TOO_MANY_WARNINGS);
		assert_int_equal(alternate(version, TLS_MAX_EMPTY_RECORDS / 2, 1), TLS_TOO_MANY_EMPTY_RECORDS);
		assert_int_equal(alternate(version, 1, 0), TLS_TOO_MANY_EMPTY_RECORDS);
	}
}

/* ---- TLS 1.3 ---- */
static void
test_hello_13(void **state)
{
	static const struct {
		unsigned chosen, compression;
		enum tls_code code;
		unsigned alert;
	} cases[] = {
		{ TLS_1_3, 1, TLS_DECODE_ERROR, ALERT_DECODE_ERROR },
		{ TLS_1_2, 0, TLS_UNSOLICITED_EXTENSION, ALERT_ILLEGAL_PARAMETER },
		{ 0x0305, 0, TLS_UNSUPPORTED_VERSION, ALERT_ILLEGAL_PARAMETER },
		{ TLS_1_3, 0, TLS_MISSING_EXTENSION, ALERT_MISSING_EXTENSION }, /* a key_share is what lacks then */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct server s = { .version = TLS_1_2 };
		struct tls_config config;
		struct buf b;
		size_t at, block;

		tls_config_init(&config);
		s.t = tls_new(&config, NULL);
		assert_int_equal(tls_start(s.t, &s.error), 0);
		buf_init(&b, 512);
		at = message_open(&b, SERVER_HELLO);
		put_u16(&b, TLS_1_2);
		buf_add(&b, (uint8_t[RANDOM_SIZE]){ 'r' }, RANDOM_SIZE);
		put_u8(&b, (unsigned)s.t->hs->session_id_len);
		buf_add(&b, s.t->hs->session_id, s.t->hs->session_id_len);
		put_u16(&b, 0x1301);
		put_u8(&b, cases[i].compression);
		block = put_open(&b, 2);
		put_u16(&b, EXT_SUPPORTED_VERSIONS);
		put_u16(&b, 2);
		put_u16(&b, cases[i].chosen);
		put_close(&b, block, 2);
		message_close(&b, at);
		assert_int_equal(deliver(&s, CONTENT_HANDSHAKE, buf_str(&b)), -1);
		assert_int_equal(s.error.code, cases[i].code);
		assert_int_equal(tls_info(s.t)->alert, cases[i].alert);
		buf_release(&b);
		server_end(&s);
	}
}

static int
load_certificate(void **state)
{
	const char *folder = openssl_certificates();
	char cert[128], key[128];

	(void)state;
	if (folder == NULL)
		return -1;
	snprintf(cert, sizeof cert, "%s/rsa.crt", folder);
	snprintf(key, sizeof key, "%s/rsa.key", folder);
	certificate = tls_credentials_load(cert, key, NULL);
	return certificate != NULL ? 0 : -1;
}

static int
drop_certificate(void **state)
{
	(void)state;
	tls_credentials_drop(certificate);
	openssl_certificates_remove();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_mutations), cmocka_unit_test(test_junk_in_the_chain),
		cmocka_unit_test(test_large_certificate_message), cmocka_unit_test(test_renegotiation_hello),
		cmocka_unit_test(test_hello_requests), cmocka_unit_test(test_empty_records_and_warnings),
		cmocka_unit_test(test_hello_13) };

	return cmocka_run_group_tests(tests, load_certificate, drop_certificate);
}
