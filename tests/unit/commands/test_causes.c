/* The table of causes: one recorded failure a row, in the order of the rows: that row answers, and none before it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"
#include "commands/session/session.h"
#include "commands/table.h"
#include "net/lab/lab.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define HOST "server.test"
#define KEY "trust host " HOST " sha256/" /* the pin follows */

enum { RSA_SUITE = 0x002f, ECDHE_SUITE = 0xc02f, ALL_SUITES = 1000, WORDS_MAX = 8 };

struct recorded {
	const char *id, *cure; /* cure: its beginning; NULL: none of ours */
	struct connection c;
	struct tls_info i;
	struct x509_reason why[2];
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

	{ "K2", "tls premaster offered", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT), .premaster_negotiated = true },
	    .i = { FLIGHT(TLS_1_0, RSA_SUITE), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "K1", "tls proto tls1.0", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { FLIGHT(TLS_1_0, RSA_SUITE), ALERT(ALERT_BAD_RECORD_MAC) } },
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
	{ "B1", "tls proto tls1.0..tls1.2", .c = { NAMED, FAILED(NETWORK, ETIMEDOUT), ARRIVED },
	    .i = { HELLO(TLS_1_2, TLS_1_3) } },
	{ "E11", NULL, .c = { NAMED, FAILED(NETWORK, ETIMEDOUT), ARRIVED }, .i = { HELLO(TLS_1_0, TLS_1_2) } },
	{ "B1", "tls proto tls1.0..tls1.2", .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), .transport_ended = true } },
	{ "B1", "tls proto ssl3..tls1.0", .c = { NAMED, FAILED(NETWORK, ECONNRESET) },
	    .i = { HELLO(TLS_1_0, TLS_1_2) } },
	{ "B5", "tls extensions off", .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { HELLO(SSL_3_0, TLS_1_0), .transport_ended = true } },
	{ "A6", NULL, .c = { NAMED, FAILED(TLS, TLS_TRUNCATED) },
	    .i = { SMALL_HELLO(SSL_3_0, TLS_1_0), .transport_ended = true } },
	{ "B3", "tls proto tls1.0..tls1.3", .c = { NAMED, FAILED(TLS, TLS_UNSUPPORTED_VERSION) },
	    .i = { HELLO(TLS_1_1, TLS_1_3), .version = TLS_1_0, .alert_sent = true, .alert = ALERT_PROTOCOL_VERSION } },
	{ "B2", "tls proto ssl3..tls1.3", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_2), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B3", "tls proto ssl3..tls1.3", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B1", "tls proto ssl3..tls1.0", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(SSL_3_0, TLS_1_3), ALERT(ALERT_PROTOCOL_VERSION) } },
	{ "B19", "tls fallback-scsv off", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_0, TLS_1_1), ALERT(ALERT_INAPPROPRIATE_FALLBACK) } },
	{ "B18", "tls alpn off", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT), .alpn = (char *)"h2" },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_NO_APPLICATION_PROTOCOL) } },
	{ "B8", "tls sni off", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },
	{ "B7", NULL, .c = { AT("192.0.2.1", 443), FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },
	{ "B7", "tls sni auto", .c = { AT(HOST, 443), FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_UNRECOGNIZED_NAME) } },
	{ "B13", "tls ciphers all", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT), .n_suites = 1 },
	    .i = { HELLO(SSL_3_0, TLS_1_2), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "B3", "tls proto ssl3..tls1.2", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(TLS_1_2, TLS_1_3), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "B14", "tls groups auto",
	    .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT), .n_suites = ALL_SUITES, .chose_groups = true,
		.chose_schemes = true },
	    .i = { HELLO(SSL_3_0, TLS_1_2), ALERT(ALERT_INSUFFICIENT_SECURITY) } },
	{ "B15", "tls schemes auto", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT), .chose_schemes = true },
	    .i = { HELLO(SSL_3_0, TLS_1_2), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "B15", NULL, .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { HELLO(SSL_3_0, TLS_1_2), ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "K14", "tls cert FILE KEY", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, .unfit = TLS_UNFIT_TYPE,
		ALERT(ALERT_HANDSHAKE_FAILURE) } },
	{ "K9", "tls cert FILE KEY", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, .sent_certificate = true,
		ALERT(ALERT_UNKNOWN_CA) } },
	{ "K8", "tls cert FILE KEY", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { FLIGHT(TLS_1_3, 0x1301), .certificate_requested = true, ALERT(ALERT_CERTIFICATE_REQUIRED) } },
	{ "K7", "tls cert FILE KEY", .c = { NAMED, FAILED(TLS, TLS_PEER_ALERT) },
	    .i = { FLIGHT(TLS_1_2, ECDHE_SUITE), .certificate_requested = true, ALERT(ALERT_HANDSHAKE_FAILURE) } },
};

enum { RECORDED = sizeof recorded / sizeof *recorded };

static struct x509_cert *leaf;
static struct session *session;

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
	return &r->c;
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

static void
test_each_row_answers(void **state)
{
	(void)state;
	for (size_t k = 0; k < RECORDED; k++) {
		struct connection *c = connection_of(&recorded[k]);
		const struct cause *cause = cause_of(c);
		char *cure;

		if (cause == NULL || cause != cause_at(k))
			fail_msg("record %zu (%s) is answered by %s", k, recorded[k].id,
			    cause != NULL ? cause->id : "nobody");
		assert_string_equal(cause->id, recorded[k].id);
		cure = cause_cure(cause, c);
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
		struct facts f = { NULL, 0 };
		size_t at;

		assert_true((cause->cure != NULL) != (cause->mend != NULL));
		facts_of(session, connection_of(&recorded[k]), &f);
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
	struct recorded changed = { NULL, NULL, CHAIN, WHY(X509_EXPIRED) },
			fine = { NULL, NULL, .c = { NAMED }, .i = { FLIGHT(TLS_1_0, RSA_SUITE) } };

	(void)state;
	changed.c.failure.code = X509_PIN_MISMATCH;
	assert_null(cause_of(connection_of(&changed)));
	assert_null(cause_of(connection_of(&fine)));
	changed.c.copied = NULL;
	assert_null(cause_of(&changed.c));
}

static void
test_advice(void **state)
{
	struct error error = { .kind = ERROR_TLS, .command = "tls ems on" };

	(void)state;
	for (size_t k = 0; k < RECORDED; k++) {
		error.command[0] = error.why[0] = '\0';
		cause_advise(connection_of(&recorded[k]), &error);
		assert_true((error.command[0] != '\0') == (recorded[k].cure != NULL));
		assert_true(error.command[0] != '\0' || error.why[0] != '\0');
	}
	snprintf(error.command, sizeof error.command, "tls ems on");
	cause_advise(connection_of(&recorded[0]), &error);
	assert_string_equal(error.command, "tls ems on");
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
		cmocka_unit_test(test_rooms) };
	int failed;

	leaf = make_decoded(&(struct made){ .names = "DNS:" HOST });
	session = session_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	session_free(session);
	x509_cert_free(leaf);
	return failed;
}
