/* The table of causes: one recorded failure a row, in the order of the rows: that row answers, and none before it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/session/attempts.h"
#include "commands/session/session.h"
#include "commands/table.h"
#include "net/lab/lab.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define HOST "server.test"
#define KEY "trust host " HOST " sha256/" /* the pin follows */

enum { RSA_SUITE = 0x002f, DHE_SUITE = 0x009e, ECDHE_SUITE = 0xc02f, ALL_SUITES = 1000, WORDS_MAX = 8 };

struct recorded {
	const char *id, *cure; /* cure: its beginning; NULL: none of ours */
	const char *set;       /* the setting that it was made under, when the cure takes it back; NULL: the default */
	struct connection c;
	struct tls_info i;
	struct x509_reason why[2];
	unsigned usage;     /* of the leaf, which has an RSA key then; 0: another leaf, or none */
	const char *suites; /* as tls ciphers names them; NULL: those of the facts */
};

#define FAILED(k, n) .failure = { .kind = ERROR_##k, .code = (n), .text = "it failed" }
#define AT(h, p) \
	.host = (char *)h, .port = (p), .target = (char *)"/a?b", .address = (char *)"192.0.2.1", .address_port = (p)
#define NAMED AT(HOST, 443), .sni = HOST
#define ALERT(n) \
	.alert_received = true, .alert = (n), .alert_level = ALERT_FATAL, .first_bytes = { 21, 3, 1 }, \
	.n_first_bytes = 3
#define HELLO(low, high) \
	.stage = TLS_STAGE_HELLO_SENT, .expected = "ServerHello", \
	.offered = { .min_version = (low), \
		.max_version = (high), \
		.suites = { ECDHE_SUITE }, \
		.n_suites = 1, \
		.groups = { GROUP_X25519 }, \
		.n_groups = 1, \
		.schemes = { SCHEME_ECDSA_SHA1 }, \
		.n_schemes = 1, \
		.hello_bytes = 512, \
		.n_extensions = 4, \
		.extensions = { EXT_SERVER_NAME, EXT_ALPN, EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS } }
#define SMALL_HELLO(low, high) \
	.stage = TLS_STAGE_HELLO_SENT, \
	.offered = { .min_version = (low), \
		.max_version = (high), \
		.suites = { RSA_SUITE }, \
		.n_suites = 1, \
		.hello_bytes = 80 }
#define FLIGHT(v, s) \
	.stage = TLS_STAGE_FLIGHT_SENT, .version = (v), .suite = (s), \
	.offered = { .min_version = TLS_1_0, .max_version = TLS_1_2, .suites = { RSA_SUITE }, .n_suites = 1 }
#define HTTP .first_bytes = "HTTP/1.1 400", .n_first_bytes = 12
#define ARRIVED .tcp_facts = { .known = true, .bytes_sent = 517, .bytes_acknowledged = 517 }
#define LOST .tcp_facts = { .known = true, .bytes_sent = 1400, .unacknowledged = 1, .retransmits = 4 }
#define CHAIN \
	.c = { NAMED, FAILED(CERTIFICATE, 0) }, \
	.i = { .stage = TLS_STAGE_CERTIFICATE, \
		.version = TLS_1_2, \
		.suite = ECDHE_SUITE, \
		.alert_sent = true, \
		.alert = ALERT_UNKNOWN_CA, \
		.alert_level = ALERT_FATAL }
#define WHY(fault) .why = { { fault, 0, (char *)"" } }

#define REFUSED FAILED(TLS, TLS_PEER_ALERT)
#define SESSION .offered.session_offered = true
#define FORTY ALERT(ALERT_HANDSHAKE_FAILURE)
/* Every suite that fits was offered. */
#define ALL_OFFERED .suites = "all"

static struct recorded recorded[] = {
	{ "C10", "trust staple off", CHAIN, WHY(X509_REVOKED) },
	{ "C10", "trust staple off", CHAIN, WHY(X509_STAPLE) },
	{ "C8", "trust sha1 on", CHAIN,
	    .why = { { X509_WEAK_SIGNATURE, 0, (char *)"signed with sha1WithRSAEncryption" } } },
	{ "C8", "trust min-rsa 1024", CHAIN, WHY(X509_WEAK_KEY) },
	{ "C2", KEY, CHAIN, .why = { { X509_EXPIRED, 0, (char *)"" }, { X509_HOST_MISMATCH, 0, (char *)"" } } },
	{ "C4", KEY, CHAIN, .why = { { X509_EXPIRED, 1, (char *)"" } } },
	{ "C3", KEY, CHAIN, WHY(X509_NOT_YET_VALID) },
	{ "C1", KEY, CHAIN, WHY(X509_MISSING_INTERMEDIATE) },
	{ "C5", KEY, CHAIN, WHY(X509_SELF_SIGNED) },
	{ "C5", KEY, CHAIN, WHY(X509_UNKNOWN_ISSUER) },
	{ "C6", KEY, CHAIN, WHY(X509_HOST_MISMATCH) },
	{ "C8", KEY, CHAIN, .why = { { X509_WEAK_KEY, 0, (char *)"" }, { X509_HOST_MISMATCH, 0, (char *)"" } } },
	{ "K13", KEY, CHAIN, WHY(X509_KEY_USAGE) },
	{ "C9", KEY, CHAIN, WHY(X509_CRITICAL_EXTENSION) },
	{ "C5", KEY, CHAIN, WHY(X509_BAD_SIGNATURE) },

	{ "A12", NULL, .c = { NAMED, FAILED(TLS, TLS_CLEAR_TEXT) }, .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) } },
	{ "B23", "tls renegotiation-info on", .c = { NAMED, FAILED(TLS, TLS_RENEGOTIATION_REQUIRED) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) }, .set = "tls renegotiation-info required" },
	{ "B16", "tls ems on", .c = { NAMED, FAILED(TLS, TLS_EMS_REQUIRED) }, .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) },
	    .set = "tls ems required" },
	{ "B17", "tls etm on", .c = { NAMED, FAILED(TLS, TLS_ETM_REQUIRED) }, .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) },
	    .set = "tls etm required" },
	{ "B14", "tls groups auto", .c = { NAMED, FAILED(TLS, TLS_WRONG_GROUP), .chose_groups = true },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) }, .set = "tls groups x25519" },
	{ "K4", "tls ciphers default:-DHE", .c = { NAMED, FAILED(TLS, TLS_DH_KEY_TOO_SMALL) },
	    .i = { FLIGHT(TLS_1_2, DHE_SUITE) } },
	{ "K5", "tls ciphers default:-DHE", .c = { NAMED, FAILED(TLS, TLS_DH_KEY_TOO_LARGE) },
	    .i = { FLIGHT(TLS_1_2, DHE_SUITE) } },
	{ "K13", "tls ciphers RSA", .c = { NAMED, FAILED(TLS, TLS_KEY_USAGE) }, .i = { FLIGHT(TLS_1_2, ECDHE_SUITE) },
	    .usage = X509_USAGE_ENCIPHER },
	{ "K13", "tls ciphers ECDHE,DHE", .c = { NAMED, FAILED(TLS, TLS_KEY_USAGE) },
	    .i = { FLIGHT(TLS_1_2, RSA_SUITE) }, .usage = X509_USAGE_SIGN },
	{ "K13", NULL, .c = { NAMED, FAILED(TLS, TLS_KEY_USAGE) }, .i = { FLIGHT(TLS_1_2, RSA_SUITE) },
	    .usage = X509_USAGE_AGREE },
	{ "K2", "tls premaster offered", "tls premaster negotiated",
	    .c = { NAMED, REFUSED, .premaster_negotiated = true },
	    .i = { FLIGHT(TLS_1_0, RSA_SUITE), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "K1", "tls proto tls1.0", .c = { NAMED, REFUSED },
	    .i = { FLIGHT(TLS_1_0, RSA_SUITE), ALERT(ALERT_BAD_RECORD_MAC) } },
	{ "K3", "tls proto ssl3", .c = { NAMED, REFUSED }, .i = { FLIGHT(SSL_3_0, RSA_SUITE), FORTY } },
	{ "A2", NULL, .c = { NAMED, FAILED(TLS, TLS_NOT_TLS) }, .i = { HELLO(TLS_1_2, TLS_1_3), HTTP } },
	{ "A2", "get 'http://" HOST ":8443/a?b'", .c = { AT(HOST, 8443), .sni = HOST, FAILED(TLS, TLS_NOT_TLS) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), HTTP } },
	{ "A3", NULL, .c = { NAMED, FAILED(TLS, TLS_NOT_TLS) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .first_bytes = "SSH-2.0-x", .n_first_bytes = 9 } },
	{ "K10", NULL, .c = { NAMED, FAILED(HTTP, 0) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .renegotiation_declined = true } },
	{ "K10", "tls renegotiation on", .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .renegotiation_declined = true, .secure_renegotiation = true } },
	{ "A7", "set max-segment 536", .c = { NAMED, FAILED(NETWORK, ETIMEDOUT), LOST },
	    .i = { HELLO(TLS_1_2, TLS_1_3) } },
	{ "K11", "tls resume off", .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_2, TLS_1_3), SESSION, FORTY } },
	{ "K11", "tls session-id-13 off", .c = { NAMED, FAILED(TLS, TLS_RESUMPTION_MISMATCH) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .version = TLS_1_2, .alert_sent = true } },
	{ "B21", "tls session-id-13 off", .c = { NAMED, FAILED(TLS, TLS_ILLEGAL_PARAMETER) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .version = TLS_1_3, .alert_sent = true } },
	{ "K14", NULL, .c = { NAMED, REFUSED },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, .unfit = TLS_UNFIT_TYPE, FORTY } },
	{ "K9", NULL, .c = { NAMED, REFUSED },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, .sent_certificate = true,
		ALERT(ALERT_UNKNOWN_CA) } },
	{ "K8", NULL, .c = { NAMED, REFUSED },
	    .i = { FLIGHT(TLS_1_3, 0x1301), .certificate_requested = true, ALERT(ALERT_CERTIFICATE_REQUIRED) } },
	{ "K7", NULL, .c = { NAMED, REFUSED },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, FORTY } },

	{ "E11", NULL, .c = { NAMED, FAILED(NETWORK, ETIMEDOUT), ARRIVED }, .i = { HELLO(TLS_1_2, TLS_1_3) } },
	{ "E11", NULL, .c = { NAMED, FAILED(NETWORK, ETIMEDOUT), ARRIVED }, .i = { HELLO(TLS_1_0, TLS_1_2) } },
	{ "A6", NULL, .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .transport_ended = true } },
	{ "A6", NULL, .c = { NAMED, FAILED(NETWORK, ECONNRESET) }, .i = { HELLO(TLS_1_0, TLS_1_2) } },
	{ "A6", NULL, .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { HELLO(SSL_3_0, TLS_1_0), .transport_ended = true } },
	{ "A6", NULL, .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { SMALL_HELLO(SSL_3_0, TLS_1_0), .transport_ended = true } },
	{ "B3", "tls proto tls1.0..tls1.3", .c = { NAMED, FAILED(TLS, TLS_UNSUPPORTED_VERSION) },
	    .i = { HELLO(TLS_1_1, TLS_1_3), .version = TLS_1_0, .alert_sent = true, .alert = ALERT_PROTOCOL_VERSION } },
	{ "B22", "tls ciphers auto", "tls ciphers 0x00ff,ECDHE", .c = { NAMED, FAILED(TLS, TLS_WRONG_SUITE) },
	    .i = { .stage = TLS_STAGE_HELLO_SENT,
		.offered = { .min_version = TLS_1_2, .max_version = TLS_1_2, .suites = { 0x00ff }, .n_suites = 1 } } },
	{ "B22", NULL, .c = { NAMED, FAILED(TLS, TLS_WRONG_SUITE) }, .i = { HELLO(TLS_1_2, TLS_1_3) } },

	{ "B2", "tls proto auto", "tls proto tls1.2", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_2), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B3", "tls proto tls1.0..tls1.3", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B1", "tls proto tls1.1..tls1.2", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_0, TLS_1_3), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B1", "tls proto tls1.0", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_1, TLS_1_2), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B3", NULL, .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_0, TLS_1_0), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B19", "tls fallback-scsv off", "tls fallback-scsv on", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_0, TLS_1_1), ALERT(ALERT_INAPPROPRIATE_FALLBACK) } },
	{ "B18", "tls alpn off", .c = { NAMED, REFUSED, .alpn = (char *)"h2" },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_NO_APPLICATION_PROTOCOL) } },
	{ "B8", "tls sni off", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },
	{ "B7", NULL, .c = { AT("192.0.2.1", 443), REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },
	{ "B7", NULL, .c = { AT(HOST, 443), REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },

	{ "A10", "tls sni auto", .c = { AT(HOST, 443), REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .alert_received = true, .alert = ALERT_HANDSHAKE_FAILURE,
		.alert_level = ALERT_FATAL, .first_bytes = { 21, 0, 0, 0, 2, 2, 40 }, .n_first_bytes = 7 },
	    .set = "tls sni off" },
	{ "B7", "tls sni auto", "tls sni off", .c = { AT(HOST, 443), REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_INTERNAL_ERROR) } },
	{ "B14", "tls groups auto", "tls groups x25519",
	    .c = { NAMED, REFUSED, .chose_groups = true, .chose_schemes = true },
	    .i = { HELLO(SSL_3_0, TLS_1_2), ALERT(ALERT_INSUFFICIENT_SECURITY) } },
	{ "B15", "tls schemes auto", "tls schemes rsa_pkcs1_sha1", .c = { NAMED, REFUSED, .chose_schemes = true },
	    .i = { HELLO(SSL_3_0, TLS_1_2), FORTY } },
	{ "B5", "tls extensions on", "tls extensions off", .c = { NAMED, REFUSED },
	    .i = { SMALL_HELLO(TLS_1_0, TLS_1_2), FORTY } },
	{ "B16", "tls ems on", "tls ems off", .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_0, TLS_1_2), FORTY } },
	{ "B13", "tls ciphers all:-DHE", .c = { NAMED, REFUSED, .n_suites = 1 },
	    .i = { HELLO(TLS_1_2, TLS_1_3), FORTY } },
	{ "B13", "tls ciphers all", .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_2, TLS_1_3), FORTY } },
	{ "B3", "tls proto tls1.0..tls1.3", .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_2, TLS_1_3), FORTY },
	    ALL_OFFERED },
	{ "B14", "tls proto tls1.1..tls1.2", .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_0, TLS_1_3), FORTY },
	    ALL_OFFERED },
	{ "B1", "tls proto tls1.2", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_DECODE_ERROR) } },
	{ "B1", "tls proto tls1.0", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_0, TLS_1_2), ALERT(ALERT_DECODE_ERROR) } },
	{ "B5", "tls extensions off", .c = { NAMED, REFUSED },
	    .i = { HELLO(TLS_1_0, TLS_1_0), ALERT(ALERT_DECODE_ERROR) } },
	{ "K4", NULL, .c = { NAMED, REFUSED, .n_suites = 1 }, .i = { HELLO(TLS_1_1, TLS_1_2), FORTY },
	    .suites = "all:-DHE" },
	{ "B15", NULL, .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_1, TLS_1_2), FORTY }, ALL_OFFERED },
	{ "B6", NULL, .c = { NAMED, REFUSED }, .i = { SMALL_HELLO(SSL_3_0, SSL_3_0), ALERT(ALERT_DECODE_ERROR) } },
};

enum { RECORDED = sizeof recorded / sizeof *recorded };

static struct x509_cert *leaf;
static struct session *session;

/* The leaf with an RSA key that may be used for this alone. */
static struct x509_cert *const *
leaf_with_usage(unsigned usage)
{
	static struct x509_cert limited, *const chain = &limited;

	limited = *leaf;
	limited.has_usage = true;
	limited.usage = usage;
	limited.key = (struct x509_key){ .type = X509_KEY_RSA, .bits = 2048 };
	return &chain;
}

/* As the shell runs it, but for requests and for words that are a person's to fill in. */
static void
assert_command(const char *text)
{
	struct error error = { .kind = ERROR_NONE };
	struct call call = { .session = session, .out = stderr, .err = stderr, .error = &error };
	const char *words[WORDS_MAX];
	char *copy = str_dup(str_of(text));
	const struct command *command;
	size_t n = 1;

	words[0] = copy;
	for (char *at = copy; (at = strchr(at, ' ')) != NULL && n < WORDS_MAX; words[n++] = at)
		*at++ = '\0';
	command = command_find(session_commands, str_of(words[0]), "command", &error);
	if (command == NULL || call_parse(&call, command, words + 1, n - 1) != 0)
		fail_msg("\"%s\": %s", text, error.text);
	if (strcmp(words[0], "get") != 0 && strstr(text, "FILE") == NULL && command->run(&call) != 0)
		fail_msg("\"%s\": %s", text, error.text);
	call_release(&call);
	free(copy);
}

/* At its origin, under the settings as they are now. */
static void
set_key(struct connection *c)
{
	free(c->key);
	c->key = connection_key_of(session_settings(session), STR("https://" HOST));
}

/* The connection as it was recorded, in a session that has seen nothing else than what the record says. */
static struct connection *
connection_of(struct recorded *r)
{
	r->c.copied = &r->i;
	r->c.verdict.reasons = r->why;
	r->c.verdict.n_reasons = r->why[0].fault == X509_OK ? 0 : r->why[1].fault == X509_OK ? 1 : 2;
	if (r->why[0].fault != X509_OK) {
		r->i.chain = &leaf;
		r->i.n_chain = 1;
	}
	if (r->usage != 0) {
		r->i.chain = (struct x509_cert **)(uintptr_t)leaf_with_usage(r->usage);
		r->i.n_chain = 1;
	}
	if (r->suites != NULL)
		r->i.offered.n_suites =
		    (size_t)tls_parse_suites(str_of(r->suites), r->i.offered.suites, TLS_MAX_SUITES, NULL);
	session_free(session);
	session = session_new();
	if (r->set != NULL)
		assert_command(r->set);
	set_key(&r->c);
	return &r->c;
}

static void
test_each_row_answers(void **state)
{
	(void)state;
	for (size_t k = 0; k < RECORDED; k++) {
		struct connection *c = connection_of(&recorded[k]);
		const struct cause *cause = cause_of(session, c);
		char *cure;

		if (cause == NULL || cause != cause_at(k))
			fail_msg(
			    "record %zu (%s) is answered by %s, and row %zu is %s: records stand in the order of the "
			    "rows",
			    k, recorded[k].id, cause != NULL ? cause->id : "nobody", k,
			    cause_at(k) != NULL ? cause_at(k)->id : "none");
		assert_string_equal(cause->id, recorded[k].id);
		cure = cause_cure(cause, session, c);
		if ((cure != NULL) != (recorded[k].cure != NULL) ||
		    (cure != NULL && strncmp(cure, recorded[k].cure, strlen(recorded[k].cure)) != 0))
			fail_msg("record %zu (%s): \"%s\"", k, recorded[k].id, cure != NULL ? cure : "no cure");
		if (cure != NULL)
			assert_command(cure);
		free(cure);
	}
	assert_null(cause_at(RECORDED));
}

/* Every row says what to type or who must mend it, and where it is seen: in rows that are there. */
static void
test_rows_are_whole(void **state)
{
	(void)state;
	for (size_t k = 0; k < RECORDED; k++) {
		const struct cause *cause = cause_at(k);
		struct str rest = str_of(cause->evidence), label;
		const struct connection *c;
		struct facts f = { NULL, 0 };
		size_t at;

		assert_true((cause->cure != NULL) != (cause->mend != NULL));
		c = connection_of(&recorded[k]);
		facts_of(session, c, &f);
		while ((label = str_trim(str_cut(&rest, ','))).n > 0) {
			for (at = 0; at < f.n && (f.rows[at].brief || !str_is(label, f.rows[at].label)); at++)
				;
			if (at == f.n)
				fail_msg("%s: there is no \"%.*s\"", cause->id, STR_ARG(label));
		}
		facts_release(&f);
	}
}

/* A pin that does not hold is no fault of the chain, and who did not fail has no cause. */
static void
test_no_cause(void **state)
{
	struct recorded changed = { NULL, NULL, NULL, CHAIN, WHY(X509_EXPIRED) },
			fine = { NULL, NULL, NULL, .c = { NAMED }, .i = { FLIGHT(TLS_1_0, RSA_SUITE) } };

	struct connection *c;

	(void)state;
	changed.c.failure.code = X509_PIN_MISMATCH;
	c = connection_of(&changed);
	assert_null(cause_of(session, c));
	c = connection_of(&fine);
	assert_null(cause_of(session, c));
	changed.c.copied = NULL;
	assert_null(cause_of(session, &changed.c));
	free(changed.c.key);
	free(fine.c.key);
}

static void
test_advice(void **state)
{
	struct error error = { .kind = ERROR_TLS };
	const struct connection *c;

	(void)state;
	for (size_t k = 0; k < RECORDED; k++) {
		error.command[0] = error.why[0] = '\0';
		c = connection_of(&recorded[k]);
		cause_advise(session, c, &error);
		assert_true((error.command[0] != '\0') == (recorded[k].cure != NULL));
		assert_true(error.command[0] != '\0' || error.why[0] != '\0');
	}
	c = connection_of(&recorded[0]);
	snprintf(error.command, sizeof error.command, "tls ems off");
	cause_advise(session, c, &error);
	assert_string_equal(error.command, "tls ems off");
	snprintf(error.command, sizeof error.command, "tls ems on"); /* it is on */
	cause_advise(session, c, &error);
	assert_string_equal(error.command, recorded[0].cure);
}

/* It failed under the settings as they are. */
static void
note_failure(struct connection *c)
{
	set_key(c);
	attempts_note(session, c);
}

/* What failed at this origin is not advised again: the next row answers, and in the end who must mend it is named, and
 * how to take back what was tried. */
static void
test_what_was_tried(void **state)
{
	struct recorded r = { NULL, NULL, NULL, .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_2, TLS_1_3), FORTY } };
	struct connection *c = connection_of(&r);
	struct error error = { .kind = ERROR_TLS };
	char *elsewhere;

	(void)state;
	cause_advise(session, c, &error);
	assert_string_equal(error.command, "tls ciphers all");
	note_failure(c);
	assert_command("tls ciphers all");
	note_failure(c);
	assert_command("tls ciphers auto");
	set_key(c);
	error.command[0] = '\0';
	cause_advise(session, c, &error);
	assert_string_equal(error.command, "tls proto tls1.0..tls1.3");
	elsewhere = c->key;
	c->key = str_dup(STR("https://other.test"));
	error.command[0] = '\0';
	cause_advise(session, c, &error);
	assert_string_equal(error.command, "tls ciphers all");
	free(c->key);
	c->key = elsewhere;
	assert_command("tls proto tls1.0..tls1.3");
	note_failure(c);
	error.command[0] = error.why[0] = '\0';
	cause_advise(session, c, &error); /* with ciphers all it was not tried */
	assert_string_equal(error.command, "tls ciphers all");
	assert_command("tls ciphers all");
	note_failure(c);
	assert_command("tls proto tls1.1..tls1.2");
	note_failure(c);
	error.command[0] = error.why[0] = '\0';
	cause_advise(session, c, &error);
	assert_string_equal(error.command, "");
	assert_non_null(strstr(error.why, "only who runs the server"));
	assert_non_null(strstr(error.why, "\"tls proto auto; tls ciphers auto\" takes back what was tried"));
	free(c->key);
}

/* There is room for so many, and the oldest is forgotten. */
static void
test_memory_is_bounded(void **state)
{
	struct recorded r = { NULL, NULL, NULL, .c = { NAMED, REFUSED }, .i = { HELLO(TLS_1_2, TLS_1_3), FORTY } };
	struct connection *c = connection_of(&r);
	char command[40];

	(void)state;
	for (int k = 0; k < 100; k++) {
		snprintf(command, sizeof command, "tls pad-hello %d", 600 + k);
		assert_command(command);
		note_failure(c);
	}
	assert_true(attempts_useless(session, c, "tls pad-hello 698"));
	assert_false(attempts_useless(session, c, "tls pad-hello 600"));
	assert_true(attempts_useless(session, c, "tls pad-hello 699")); /* as it is */
	assert_false(attempts_useless(session, c, "get https://" HOST "/"));
	free(c->key);
}

/* The rooms of the lab name causes that are there; the healthy one none. */
static void
test_rooms(void **state)
{
	const struct lab_room *room;

	(void)state;
	for (size_t k = 0; (room = lab_room_at(k)) != NULL; k++)
		if ((room->fault == NULL) != (strcmp(room->cause, "none") == 0) ||
		    (room->fault != NULL) != (cause_find(room->cause) != NULL))
			fail_msg("%s has the cause %s", room->host, room->cause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_each_row_answers),
		cmocka_unit_test(test_rows_are_whole), cmocka_unit_test(test_no_cause), cmocka_unit_test(test_advice),
		cmocka_unit_test(test_rooms), cmocka_unit_test(test_what_was_tried),
		cmocka_unit_test(test_memory_is_bounded) };
	int failed;

	leaf = make_decoded(&(struct made){ .names = "DNS:" HOST });
	session = session_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t k = 0; k < RECORDED; k++)
		free(recorded[k].c.key);
	session_free(session);
	x509_cert_free(leaf);
	return failed;
}
