/*
 * The handshake scripts against the figures of their RFCs. The real runner walks the real rows; what the rows do
 * (decoding, judging, keys) is replaced by what their conditions look at. At each point where the engine waits, every
 * message is tried: the words that lead to the end must be the figure's, all of them and no others.
 */
#include <stdio.h>
#include <string.h>

#include "net/tls/handshake.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

/* What a figure's line depends on. */
enum {
	EPHEMERAL = 1,   /* the suite's key exchange is signed by the server */
	STATUS = 2,      /* the server answered status_request */
	TICKET = 4,      /* the server answered session_ticket */
	CREDENTIALS = 8, /* we have a certificate that fits what is asked for */
	COMPATIBLE = 16, /* TLS 1.3: our hello had a session id */
	RESUMED = 32,
	SSL3 = 64,
	ASKED = 128,  /* a CertificateRequest came */
	RETRIED = 256 /* a HelloRetryRequest came */
};

enum {
	NO_CERTIFICATE = 0x200 | ALERT_NO_CERTIFICATE,
	UNKNOWN_MESSAGE = 99,
	WORDS_MAX = 32,
	WORD_MAX = 512,
	DEPTH_MAX = 16
};

/* ---- the figures ---- */
struct line {
	enum { SERVER, CLIENT, SERVER_MAY } who;
	unsigned type;
	unsigned only, never; /* all of these, none of those */
};

/* RFC 6101 section 5.5, RFC 2246 and RFC 5246 section 7.3, figure 1; RFC 6066 section 8; RFC 5077 section 3.1. RFC 6101
 * section 5.6.6: in SSL 3.0 the alert no_certificate instead of an empty Certificate. */
static const struct line full[] = {
	{ CLIENT, CLIENT_HELLO, 0, 0 },
	{ SERVER, SERVER_HELLO, 0, 0 },
	{ SERVER, CERTIFICATE, 0, 0 },
	{ SERVER_MAY, CERTIFICATE_STATUS, STATUS, 0 },
	{ SERVER, SERVER_KEY_EXCHANGE, EPHEMERAL, 0 },
	{ SERVER_MAY, CERTIFICATE_REQUEST, 0, 0 },
	{ SERVER, SERVER_HELLO_DONE, 0, 0 },
	{ CLIENT, CERTIFICATE, ASKED | CREDENTIALS, 0 },
	{ CLIENT, CERTIFICATE, ASKED, CREDENTIALS | SSL3 },
	{ CLIENT, NO_CERTIFICATE, ASKED | SSL3, CREDENTIALS },
	{ CLIENT, CLIENT_KEY_EXCHANGE, 0, 0 },
	{ CLIENT, CERTIFICATE_VERIFY, ASKED | CREDENTIALS, 0 },
	{ CLIENT, CHANGE_CIPHER_SPEC, 0, 0 },
	{ CLIENT, FINISHED, 0, 0 },
	{ SERVER, NEW_SESSION_TICKET, TICKET, 0 },
	{ SERVER, CHANGE_CIPHER_SPEC, 0, 0 },
	{ SERVER, FINISHED, 0, 0 },
	{ .type = UNKNOWN_MESSAGE },
};

/* The same sections, figure 2; RFC 5077 section 3.1, figure 2 */
static const struct line resumed[] = {
	{ CLIENT, CLIENT_HELLO, 0, 0 },
	{ SERVER, SERVER_HELLO, 0, 0 },
	{ SERVER, NEW_SESSION_TICKET, TICKET, 0 },
	{ SERVER, CHANGE_CIPHER_SPEC, 0, 0 },
	{ SERVER, FINISHED, 0, 0 },
	{ CLIENT, CHANGE_CIPHER_SPEC, 0, 0 },
	{ CLIENT, FINISHED, 0, 0 },
	{ .type = UNKNOWN_MESSAGE },
};

/* RFC 8446 section 2, figures 1 (full), 2 (HelloRetryRequest) and 3 (PSK, without early data); appendix D.4: one
 * ChangeCipherSpec of ours before the second flight. */
static const struct line tls13[] = {
	{ CLIENT, CLIENT_HELLO, 0, 0 },
	{ SERVER_MAY, HELLO_RETRY_REQUEST, 0, 0 },
	{ CLIENT, CHANGE_CIPHER_SPEC, RETRIED | COMPATIBLE, 0 },
	{ CLIENT, CLIENT_HELLO, RETRIED, 0 },
	{ SERVER, SERVER_HELLO, 0, 0 },
	{ CLIENT, CHANGE_CIPHER_SPEC, COMPATIBLE, RETRIED },
	{ SERVER, ENCRYPTED_EXTENSIONS, 0, 0 },
	{ SERVER_MAY, CERTIFICATE_REQUEST, 0, RESUMED },
	{ SERVER, CERTIFICATE, 0, RESUMED },
	{ SERVER, CERTIFICATE_VERIFY, 0, RESUMED },
	{ SERVER, FINISHED, 0, 0 },
	{ CLIENT, CERTIFICATE, ASKED, 0 },
	{ CLIENT, CERTIFICATE_VERIFY, ASKED | CREDENTIALS, 0 },
	{ CLIENT, FINISHED, 0, 0 },
	{ .type = UNKNOWN_MESSAGE },
};

/* ---- words: "> ClientHello < ServerHello ..." ---- */
struct words {
	char word[WORDS_MAX][WORD_MAX];
	size_t n;
};

static void
add_name(char word[WORD_MAX], bool ours, unsigned type)
{
	size_t at = strlen(word);

	snprintf(word + at, WORD_MAX - at, "%s%s ", ours ? ">" : "<",
	    type == NO_CERTIFICATE ? "no_certificate" : message_name(type));
}

static void
add_word(struct words *words, const char *word)
{
	assert_true(words->n < WORDS_MAX);
	snprintf(words->word[words->n++], WORD_MAX, "%s", word);
}

static bool
has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->word[i], word) == 0)
			return true;
	return false;
}

static void
figure_words(struct words *words, const struct line *line, unsigned facts, const char *before)
{
	char word[WORD_MAX];

	snprintf(word, sizeof word, "%s", before);
	for (; line->type != UNKNOWN_MESSAGE; line++) {
		if ((facts & line->only) != line->only || (facts & line->never) != 0)
			continue;
		if (line->who == SERVER_MAY) {
			figure_words(words, line + 1, facts, word);
			facts |= line->type == CERTIFICATE_REQUEST ? ASKED :
			    line->type == HELLO_RETRY_REQUEST      ? RETRIED :
								     0;
		}
		add_name(word, line->who == CLIENT, line->type);
	}
	add_word(words, word);
}

/* ---- the scripts, with other deeds ---- */
enum { HELLO, LEGACY_FULL, LEGACY_RESUMED, TLS13, SCRIPTS, ROWS_MAX = 24 };

static const struct step *const originals[SCRIPTS] = { script_hello, script_legacy_full, script_legacy_resumed,
	script_tls13 };
static struct step copies[SCRIPTS][ROWS_MAX];

static struct run {
	struct tls *t;
	uint16_t version, suite;
	unsigned facts;
	char word[WORD_MAX];
} run;

static int
take(struct tls *t, struct str body, struct error *error)
{
	(void)t, (void)body, (void)error;
	return 0;
}

static int
take_retry(struct tls *t, struct str body, struct error *error)
{
	t->hs->retried = true;
	return take(t, body, error);
}

static int
take_server_hello(struct tls *t, struct str body, struct error *error)
{
	t->version = run.version;
	t->suite = suite_find(run.suite);
	t->hs->resuming = run.facts & RESUMED;
	t->hs->status_expected = run.facts & STATUS;
	t->hs->ticket_expected = run.facts & TICKET;
	return take(t, body, error);
}

static int
take_request(struct tls *t, struct str body, struct error *error)
{
	t->hs->requested = true;
	t->hs->have_credentials = run.facts & CREDENTIALS;
	return take(t, body, error);
}

static int
build(struct tls *t, struct buf *body, struct error *error)
{
	(void)t, (void)body, (void)error;
	return 0;
}

/* The script's own choice, and then its copy. */
static int
choose(struct tls *t, struct error *error)
{
	const struct step *row = script_hello;

	while (row->type != SERVER_HELLO)
		row++;
	assert_int_equal(row->then(t, error), 0);
	for (int i = 0; i < SCRIPTS; i++)
		if (t->hs->next_script == originals[i]) {
			t->hs->next_script = copies[i];
			return 0;
		}
	fail_msg("no script after ServerHello");
	return -1;
}

/* Deeds that are part of the figure stay: the alert no_certificate, and that ChangeCipherSpec was sent. */
static struct step
other_deeds(const struct step *row, bool hello)
{
	struct step copy = *row;

	if (row->who == FROM_SERVER && row->type != CHANGE_CIPHER_SPEC)
		copy.handle = row->type == HELLO_RETRY_REQUEST ? take_retry :
		    row->type == SERVER_HELLO                  ? take_server_hello :
		    row->type == CERTIFICATE_REQUEST           ? take_request :
								 take;
	if (row->who == FROM_CLIENT && row->type != CLIENT_HELLO && row->type != CHANGE_CIPHER_SPEC)
		copy.build = build;
	if (row->who == OURSELVES ? row->when == NULL : !hello || row->type != CHANGE_CIPHER_SPEC)
		copy.then = NULL;
	if (row->type == SERVER_HELLO && row->who == FROM_SERVER)
		copy.then = choose;
	return copy;
}

static int
nothing(struct tls *t, struct error *error)
{
	(void)t, (void)error;
	return 0;
}

static void
copy_scripts(void)
{
	for (int i = 0; i < SCRIPTS; i++) {
		size_t k = 0;

		do {
			assert_true(k < ROWS_MAX);
			copies[i][k] = other_deeds(&originals[i][k], i == HELLO);
			if (copies[i][k].who == OURSELVES && copies[i][k].then == NULL)
				copies[i][k].then = nothing;
		} while (originals[i][k++].who != STEP_END);
	}
}

/* ---- one run ---- */
static void
on_event(void *context, const struct event *event)
{
	const struct tls_message_info *info = event->detail;

	(void)context;
	if (event->kind != EVENT_TLS_MESSAGE || !event->sent)
		return;
	add_name(run.word, true,
	    info->content_type == CONTENT_CHANGE_CIPHER_SPEC ? CHANGE_CIPHER_SPEC :
		info->content_type == CONTENT_ALERT          ? 0x200u | (unsigned)event->code :
							       (unsigned)event->code);
}

static void
put_message(struct tls *t, unsigned type)
{
	/* RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest", behind a version */
	static const char retry[] =
	    "02000022"
	    "0303"
	    "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

	if (type == HELLO_RETRY_REQUEST) {
		struct hex h = hex(retry);

		put_str(&t->messages, HEX_STR(h));
		return;
	}
	put_u8(&t->messages, type);
	put_u24(&t->messages, 0);
}

/* 0: the engine took it, -1: it refused it. */
static int
send(unsigned type, struct error *error)
{
	struct tls *t = run.t;

	add_name(run.word, false, type);
	if (type == CHANGE_CIPHER_SPEC)
		return steps_change_cipher_spec(t, error) != 0 ? -1 : steps_run(t, error);
	put_message(t, type);
	return steps_run(t, error);
}

/* A new engine, and the server's messages so far. */
static int
start(const unsigned *types, size_t n, struct error *error)
{
	static const struct observer observer = { on_event, NULL };
	const struct tls_hooks hooks = { .observer = &observer };
	struct tls_config config;
	int result;

	tls_config_init(&config);
	config.min_version = config.max_version = run.version;
	config.versions_set = config.no_key_share = true;
	config.suites[0] = run.suite;
	config.n_suites = 1;
	config.session_id_13 = run.facts & COMPATIBLE ? TLS_ON : TLS_OFF;
	run.word[0] = '\0';
	run.t = tls_new(&config, &hooks);
	handshake_begin(run.t, false);
	run.t->hs->step = copies[HELLO];
	error_clear(error);
	result = steps_run(run.t, error);
	for (size_t i = 0; i < n && result == 0; i++)
		result = send(types[i], error);
	return result;
}

/* RFC 5246 section 7.4.1.1: HelloRequest is passed over, and only up to TLS 1.2. */
static void
try_hello_request(const unsigned *types, size_t n)
{
	struct error error = { .kind = ERROR_NONE };
	const struct step *before;

	assert_int_equal(start(types, n, &error), 0);
	before = run.t->hs->step;
	if (run.version >= TLS_1_3 && run.t->version >= TLS_1_3) {
		assert_int_equal(send(HELLO_REQUEST, &error), -1);
	} else {
		assert_int_equal(send(HELLO_REQUEST, &error), 0);
		assert_ptr_equal(run.t->hs->step, before);
	}
	tls_free(run.t);
}

static void
explore(struct words *words, unsigned *types, size_t n)
{
	static const unsigned alphabet[] = { CLIENT_HELLO, SERVER_HELLO, NEW_SESSION_TICKET, END_OF_EARLY_DATA,
		ENCRYPTED_EXTENSIONS, CERTIFICATE, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE,
		CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, FINISHED, CERTIFICATE_STATUS, KEY_UPDATE, UNKNOWN_MESSAGE,
		CHANGE_CIPHER_SPEC, HELLO_RETRY_REQUEST };
	unsigned other = run.version >= TLS_1_3 ? CHANGE_CIPHER_SPEC : HELLO_RETRY_REQUEST, taken = 0;

	assert_true(n < DEPTH_MAX);
	try_hello_request(types, n);
	for (size_t i = 0; i < sizeof alphabet / sizeof alphabet[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		bool done;

		/* In TLS 1.3 the record layer drops ChangeCipherSpec; before it, nobody knows HelloRetryRequest. */
		if (alphabet[i] == other)
			continue;
		types[n] = alphabet[i];
		if (start(types, n + 1, &error) != 0) {
			if (error.code != TLS_UNEXPECTED_MESSAGE)
				fail_msg("%s: %s", run.word, error.text);
			tls_free(run.t);
			continue;
		}
		taken++;
		done = run.t->hs == NULL;
		if (done)
			add_word(words, run.word);
		tls_free(run.t);
		if (!done)
			explore(words, types, n + 1);
	}
	if (taken == 0)
		fail_msg("a dead end behind %s", run.word);
}

static void
compare(const struct line *figure, uint16_t version, uint16_t suite, unsigned facts)
{
	static struct words expected, accepted;
	unsigned types[DEPTH_MAX];

	expected.n = accepted.n = 0;
	run = (struct run){ .version = version, .suite = suite, .facts = facts };
	figure_words(&expected, figure, facts, "");
	explore(&accepted, types, 0);
	for (size_t i = 0; i < accepted.n; i++)
		if (!has_word(&expected, accepted.word[i]))
			fail_msg("%s: not in the figure: %s", tls_version_name(version), accepted.word[i]);
	for (size_t i = 0; i < expected.n; i++)
		if (!has_word(&accepted, expected.word[i]))
			fail_msg("%s: not accepted: %s", tls_version_name(version), expected.word[i]);
	assert_int_equal(accepted.n, expected.n);
	assert_true(accepted.n > 0);
}

/* ---- the tests ---- */
static const struct {
	uint16_t version, rsa, dhe, ecdhe;
} legacy[] = {
	{ SSL_3_0, 0x002F, 0x0033, 0xC013 },
	{ TLS_1_0, 0x002F, 0x0033, 0xC013 },
	{ TLS_1_1, 0x002F, 0x0033, 0xC013 },
	{ TLS_1_2, 0x009C, 0x009E, 0xC02F },
};

static void
test_full(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof legacy / sizeof legacy[0]; i++)
		for (unsigned facts = 0; facts < COMPATIBLE; facts++) {
			unsigned all = facts | (legacy[i].version == SSL_3_0 ? SSL3 : 0u);

			compare(full, legacy[i].version, facts & EPHEMERAL ? legacy[i].ecdhe : legacy[i].rsa, all);
			if (facts & EPHEMERAL)
				compare(full, legacy[i].version, legacy[i].dhe, all);
		}
}

static void
test_resumed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof legacy / sizeof legacy[0]; i++)
		for (unsigned facts = 0; facts < COMPATIBLE; facts++)
			compare(resumed, legacy[i].version, facts & EPHEMERAL ? legacy[i].ecdhe : legacy[i].rsa,
			    facts | RESUMED);
}

static void
test_tls13(void **state)
{
	(void)state;
	for (unsigned facts = 0; facts <= (CREDENTIALS | COMPATIBLE | RESUMED); facts += CREDENTIALS)
		compare(tls13, TLS_1_3, 0x1301, facts);
}

/* The figures have as many words as there are choices: the test would see an empty one. */
static void
test_counts(void **state)
{
	static struct words words;

	(void)state;
	words.n = 0;
	figure_words(&words, full, EPHEMERAL | STATUS | TICKET | CREDENTIALS, "");
	assert_int_equal(words.n, 4);
	assert_true(has_word(&words,
	    ">ClientHello <ServerHello <Certificate <ServerKeyExchange <ServerHelloDone >ClientKeyExchange "
	    ">ChangeCipherSpec >Finished <NewSessionTicket <ChangeCipherSpec <Finished "));
	words.n = 0;
	figure_words(&words, tls13, COMPATIBLE, "");
	assert_int_equal(words.n, 4);
	assert_true(has_word(&words,
	    ">ClientHello <HelloRetryRequest >ChangeCipherSpec >ClientHello <ServerHello "
	    "<EncryptedExtensions <Certificate <CertificateVerify <Finished >Finished "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_resumed),
		cmocka_unit_test(test_tls13),
	};

	copy_scripts();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
