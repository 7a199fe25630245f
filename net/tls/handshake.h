/*
 * Private to net/tls. The engine's inside: its state, and what its files share.
 *
 *	engine.c          bytes in and out, the loop over records, failure      keys.c      events, key log, key changes
 *	refuse.c          the ways to refuse               alerts.c          alerts in both directions
 *	offer.c           what our hello offered           flight.c          a handshake's begin and end, its messages
 *	steps.c           the runner of the step scripts
 *	script_hello.c    ClientHello .. ServerHello       script_legacy.c   SSL 3.0 to TLS 1.2, full and resumed
 *	script_tls13.c    TLS 1.3                          post.c            after the handshake
 *	hello.c           builds the ClientHello           extension*.c      extensions, one row each
 *	session.c         sessions to resume               certificate.c     the server's chain and its key
 *	certificate_client.c     ours, when it is asked for
 */
#ifndef NET_TLS_HANDSHAKE_H
#define NET_TLS_HANDSHAKE_H

#include "net/tls/credentials.h"
#include "net/tls/extension.h"
#include "net/tls/group.h"
#include "net/tls/keyexchange.h"
#include "net/tls/names.h"
#include "net/tls/prf.h"
#include "net/tls/record.h"
#include "net/tls/schedule13.h"
#include "net/tls/scheme.h"
#include "net/tls/steps.h"
#include "net/tls/suite.h"
#include "net/tls/tls.h"
#include "net/tls/transcript.h"

/* Places in a hello that get a GREASE value (RFC 8701). */
enum grease {
	GREASE_SUITE,
	GREASE_GROUP,
	GREASE_SCHEME,
	GREASE_VERSION,
	GREASE_EXTENSION,
	GREASE_LAST_EXTENSION,
	GREASE_COUNT
};

/* Two directions of MAC key, key and IV at most. */
enum { KEY_BLOCK_MAX = 2 * (48 + 32 + 16) };

/* State of one handshake; gone when it is done. */
struct handshake {
	const struct step *step; /* where the script stands; NULL = done */
	bool post_auth;          /* no handshake, but the answer to a CertificateRequest after it */
	bool renegotiation;      /* not the connection's first */
	struct transcript transcript;
	struct buf messages; /* all so far, where our key signs them and no digest */
	/* what we sent */
	uint8_t client_random[RANDOM_SIZE], server_random[RANDOM_SIZE];
	uint8_t session_id[MESSAGE_MAX_SESSION_ID];
	size_t session_id_len;
	const struct tls_session *session; /* offered, owned by struct tls; NULL none */
	bool scsv_sent, fallback_sent, psk_sent, ccs_sent;
	uint16_t grease[GREASE_COUNT];
	struct group_key shares[GROUP_COUNT];
	size_t n_shares;
	size_t hello_bytes; /* of the ClientHello being built, without its padding */
	/* HelloRetryRequest */
	bool retried;
	uint16_t retry_group, retry_suite; /* 0 = none asked */
	struct buf cookie;
	/* what the server chose */
	bool resuming, ticket_expected, status_expected;
	uint8_t server_session_id[MESSAGE_MAX_SESSION_ID];
	size_t server_session_id_len;
	const struct step *next_script;
	/* legacy key exchange: our public value as ClientKeyExchange carries it, and the premaster secret */
	uint8_t public_value[RSA_MAX_BYTES], premaster[DHE_MAX_BYTES];
	size_t public_len, premaster_len;
	uint8_t key_block[KEY_BLOCK_MAX];
	/* client authentication */
	bool requested, have_credentials; /* have: ours fit what was asked for */
	struct buf request_context;       /* TLS 1.3 */
	uint16_t own_scheme;
	struct buf ticket; /* NewSessionTicket up to TLS 1.2 */
	uint32_t ticket_lifetime;
};

struct tls_session {
	uint16_t version, suite, group, scheme;
	bool ems;
	char sni[256];
	uint8_t id[MESSAGE_MAX_SESSION_ID];
	size_t id_len;
	uint8_t *ticket;
	size_t ticket_len;
	uint8_t secret[MASTER_SECRET]; /* master secret, or the PSK of TLS 1.3 */
	size_t secret_len;
	uint32_t lifetime;   /* seconds, 0 = unsaid */
	uint32_t age_add;    /* TLS 1.3 */
	int64_t received_us; /* CLOCK_BOOTTIME: it also counts while the machine sleeps */
};

struct tls {
	struct tls_config config;
	struct tls_hooks hooks;
	struct tls_info info;
	struct crypto crypto;
	struct random random;
	int random_state; /* of random_init */
	struct record_layer records;
	struct buf messages;  /* handshake bytes that came and are not yet handled */
	struct handshake *hs; /* NULL when none is going on */
	/* in force */
	uint16_t version; /* 0 before ServerHello */
	const struct suite *suite;
	uint8_t master[MASTER_SECRET];
	uint8_t client_random[RANDOM_SIZE], server_random[RANDOM_SIZE];
	struct schedule13 schedule;
	uint8_t client_finished[FINISHED_MAX], server_finished[FINISHED_MAX]; /* RFC 5746 */
	size_t finished_len;
	struct transcript *to_finished; /* of TLS 1.3, as post_handshake_auth needs it; NULL: not offered */
	struct tls_session *offered, *fresh;
	/* bounds */
	struct {
		size_t bytes;
		unsigned warnings, key_updates, hello_requests;
	} without_payload;                          /* since the last payload */
	unsigned ignored_ccs, certificate_requests; /* requests: after the handshake */
	bool read_protected, write_protected;
	bool connected, peer_closed, input_ended, close_sent, failed;
	bool update_owed; /* the server asked for a KeyUpdate of ours */
	unsigned alert;   /* to send for the failure instead of the code's, or ALERT_NONE */
	struct error failure;
};

/* ---- refuse.c ---- */
/* The only ways to refuse: ERROR_TLS with the code's own alert, or with another one. Return -1. */
int refuse(struct error *error, enum tls_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
int refuse_with(struct tls *t, struct error *error, enum tls_code code, unsigned alert, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- offer.c ---- */
/* What the server chose was not offered: the sentence says what was. Return -1. */
int add_offered(struct error *error, const uint16_t *ids, size_t n, const char *(*name)(uint16_t id));
int refuse_group(const struct tls *t, uint16_t group, const char *what, struct error *error);
int refuse_scheme(const struct tls *t, uint16_t scheme, struct error *error);
bool group_offered(const struct tls *t, uint16_t group);
bool scheme_offered(const struct tls *t, uint16_t scheme);
bool extension_offered(const struct tls *t, uint16_t id);                  /* or the SCSV that stands for it */
bool extension_wanted(const struct tls *t, uint16_t id);                   /* the settings let it be sent */
bool offers_legacy(const struct tls *t);                                   /* the hello may lead to TLS 1.0 .. 1.2 */
bool offers_13(const struct tls *t);                                       /* ... to TLS 1.3 */
bool offers_suite(const struct tls *t, bool (*is)(const struct suite *s)); /* ... to such a suite */
/* A vector of numbers behind its length of two bytes, with grease the one of `place` in front. */
void put_offered(const struct tls *t, struct buf *b, const uint16_t *ids, size_t n, enum grease place);

/* ---- flight.c ---- */
void handshake_begin(struct tls *t, bool renegotiation);
/* The answer to a CertificateRequest that came after the handshake, which `whole` is. */
void handshake_begin_post_auth(struct tls *t, struct str whole);
void handshake_drop(struct tls *t); /* wipes and frees t->hs; NULL is fine */
void handshake_end(struct tls *t);  /* it succeeded: what stays is kept, the rest dropped */
/* Each message as it comes and goes, for the transcript. */
void note_message(struct tls *t, struct str message);
/* Frames, hashes, reports and queues one handshake message of ours. */
int send_message(struct tls *t, unsigned type, struct str body, struct error *error);
/* The first whole message in t->messages: 1 and its type and bytes (a view), 0 when more is needed, -1 too large. */
int message_peek(struct tls *t, unsigned *type, struct str *whole, struct error *error);

/* ---- info.c ---- */
void info_release(struct tls_info *info); /* what it owns */

/* ---- keys.c ---- */
void note_time(int64_t *at_us); /* the first time only */
void report_message(struct tls *t, bool sent, unsigned content_type, unsigned type, bool encrypted, struct str data);
void keylog_secret(struct tls *t, const char *label, const uint8_t client_random[RANDOM_SIZE], struct str secret);
struct protect_params protect_params_for(struct tls *t, bool sealing);
/* New keys for one direction. Reading: RFC 8446 section 5.1: handshake messages MUST NOT span key changes. */
int keys_for_reading(struct tls *t, struct protect *p, const char *what, struct error *error);
void keys_for_writing(struct tls *t, struct protect *p, const char *what);

/* ---- alerts.c ---- */
int alert_received(struct tls *t, struct str payload, bool encrypted, struct error *error);
void alert_for_failure(struct tls *t, const struct error *error);

/* ---- post.c ---- */
/* One whole message after the handshake. */
int post_handshake(struct tls *t, unsigned type, struct str whole, struct error *error);

/* ---- hello.c ---- */
int client_hello_build(struct tls *t, struct buf *message, struct error *error);
int client_hello_send(struct tls *t, struct error *error);

/* ---- certificate.c ---- */
void note_ocsp(struct tls *t, struct str response);
void note_sct(struct tls *t, struct str list);
int server_certificate(struct tls *t, struct str body, struct error *error);
int judge_chain(struct tls *t, struct error *error);
const struct x509_key *server_key(const struct tls *t);

/* ---- certificate_client.c ---- */
/* The request taken: what it asks for is noted, and whether ours fits (t->hs->have_credentials) is decided. */
int certificate_request_legacy(struct tls *t, struct str body, struct error *error);
int certificate_request_13(struct tls *t, struct str body, struct error *error);
int build_certificate(struct tls *t, struct buf *body, struct error *error);
int build_certificate_verify(struct tls *t, struct buf *body, struct error *error);

/* ---- session.c ---- */
bool session_usable(const struct tls *t, const struct tls_session *s);
uint32_t session_age_ms(const struct tls_session *s);
enum x509_hash session_hash(const struct tls_session *s);
void session_keep_legacy(struct tls *t); /* after Finished */
struct new_session_ticket;
void session_keep_ticket13(struct tls *t, const struct new_session_ticket *m);

#endif
