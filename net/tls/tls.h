/*
 * A TLS client, SSL 3.0 (RFC 6101) to TLS 1.3 (RFC 8446), without I/O: bytes in, bytes out. tls_stream_new() joins an
 * engine to a stream below it and is what programs use; tests, the fuzzers and whoever has a transport of his own turn
 * the crank:
 *
 *	struct tls *t = tls_new(&config, &hooks);             both are copied
 *	if (tls_start(t, &error) != 0) ...                    the ClientHello stands in the output
 *	while (!tls_connected(t) || more is wanted) {
 *		struct str out = tls_output(t);
 *		if (out.n > 0) { n = send(fd, out.p, out.n); tls_output_sent(t, n); continue; }
 *		room = tls_input_room(t, &n);                 at least one byte, never waits
 *		n = recv(fd, room, n);
 *		if (n == 0) tls_input_end(t); else tls_input_added(t, n);
 *		if (tls_process(t, &error) != 0) break;       what is in the output then is our alert: send it
 *		data = tls_app_data(t); ... tls_app_consume(t, data.n);
 *	}
 *	tls_close(t); send tls_output(t); tls_free(t);
 *
 * Lifetimes: what tls_output() lends is valid until the next call that writes (tls_start, tls_process, tls_app_write,
 * tls_close, tls_key_update, tls_send_alert) or tls_output_sent(); what tls_app_data() lends until tls_app_consume(),
 * tls_input_room() or tls_process(). tls_info() and its views live as long as the engine; tls_info_copy() outlives it.
 *
 * Failure: tls_start, tls_process, tls_app_write and tls_key_update return -1 with ERROR_TLS (error->code is an enum
 * tls_code), or with what hooks.judge gave (ERROR_CERTIFICATE, ERROR_INTERRUPTED). The engine is dead then: further
 * calls fail with the same error, and only tls_output() (the alert), tls_output_sent(), tls_info(), tls_take_session()
 * and tls_free() are of use. Two failures leave it alive: tls_app_write() before tls_connected() or after tls_close(),
 * and with more bytes than memory holds.
 *
 * One engine belongs to one thread at a time; there is no global state.
 */
#ifndef NET_TLS_TLS_H
#define NET_TLS_TLS_H

#include "net/bytes.h"
#include "net/event.h"
#include "net/stream.h"
#include "net/tls/wire.h"
#include "net/x509/x509.h"

enum {
	TLS_MAX_SUITES = 256,
	TLS_MAX_GROUPS = 32,
	TLS_MAX_SCHEMES = 64,
	TLS_MAX_ALPN = 16,
	TLS_MAX_EXTENSIONS_OFF = 32,
	TLS_MAX_HANDSHAKE = 256 * 1024, /* bytes of one handshake message */
	/* What is no payload and costs work. Only payload, application data of at least a byte, starts the counts
	 * anew. */
	TLS_MAX_WITHOUT_PAYLOAD = 1 << 20, /* bytes of records after the handshake, of all kinds together */
	TLS_MAX_WARNINGS = 4,              /* warning alerts */
	TLS_MAX_KEY_UPDATES = 32,
	TLS_MAX_CERTIFICATE_REQUESTS = 16, /* after the handshake, of a whole connection */
	TLS_MAX_HELLO_REQUESTS = 4,
	TLS_MAX_EMPTY_RECORDS = 32 /* in a row, also within a handshake */
};

/* AlertDescription (RFC 8446 section 6 and the IANA registry) */
const char *tls_alert_name(unsigned alert);        /* "bad_record_mac"; "alert_200" if unknown */
const char *tls_version_name(unsigned version);    /* "TLSv1.2", "SSLv3" */
const char *tls_version_setting(unsigned version); /* "tls1.2", "ssl3" */
unsigned tls_version_parse(struct str text);       /* either spelling; 0 when unknown */

/* One row of the cipher suite table, for completion, lists and `show`. */
struct tls_suite_info {
	uint16_t id;
	const char *iana, *openssl; /* openssl may be NULL */
	uint16_t min_version, max_version;
	bool legacy; /* not in the defaults */
};
const struct tls_suite_info *tls_suite_at(size_t index); /* NULL past the end */
const struct tls_suite_info *tls_suite_find(uint16_t id);
const char *tls_suite_name(uint16_t id); /* any id: the IANA name or "0x1234" */
struct tls_name {
	uint16_t id;
	const char *name;
};
const struct tls_name *tls_group_at(size_t index); /* those we speak */
const char *tls_group_name(uint16_t id);           /* any id */
const struct tls_name *tls_scheme_at(size_t index);
const char *tls_scheme_name(uint16_t id);
const char *tls_extension_name(unsigned id);
/* Anything registered by its name, any letter case, whether we speak it or not. */
bool tls_extension_by_name(struct str name, uint16_t *id);
bool tls_extension_by_setting(struct str setting, uint16_t *id); /* the one that `tls SETTING` governs: "ems", "sni" */
bool tls_group_by_name(struct str name, uint16_t *id);
bool tls_scheme_by_name(struct str name, uint16_t *id);
bool tls_suite_by_name(struct str name, uint16_t *id);
const char *tls_certificate_type_name(unsigned type); /* of a CertificateRequest up to TLS 1.2: "rsa_sign" */
/* Comma- or colon-separated IANA and OpenSSL names, 0xHHHH, the words "default", "all", "legacy", "-NAME" removes.
 * Suites also by kind: ECDHE, DHE, RSA, ECDSA, RC4, CBC, GCM, CCM, CHACHA20 ("default,-DHE").
 * Count, or -1 with ERROR_USAGE naming the unknown word. */
int tls_parse_suites(struct str list, uint16_t *ids, size_t max, struct error *error);
int tls_parse_groups(struct str list, uint16_t *ids, size_t max, struct error *error);
int tls_parse_schemes(struct str list, uint16_t *ids, size_t max, struct error *error);

enum tls_tristate { TLS_AUTO = 0, TLS_ON, TLS_OFF };

/* Everything a troubleshooter may turn. Zeroed, then tls_config_init() = the defaults: TLS 1.2 and 1.3,
 * AEAD with forward secrecy, X25519 P-256 P-384 P-521. */
struct tls_config {
	uint16_t min_version, max_version;
	bool versions_set; /* named by the user: weak suites come along */
	uint16_t suites[TLS_MAX_SUITES];
	size_t n_suites; /* 0 = the default for the versions */
	uint16_t groups[TLS_MAX_GROUPS];
	size_t n_groups; /* 0 = default */
	uint16_t key_shares[TLS_MAX_GROUPS];
	size_t n_key_shares; /* 0 = the first group; see no_key_share */
	bool no_key_share;   /* TLS 1.3: an empty key_share, to force HelloRetryRequest */
	uint16_t schemes[TLS_MAX_SCHEMES];
	size_t n_schemes; /* 0 = default */
	bool literal;     /* the lists above as they stand, also what is not spoken here */
	char sni[256];    /* server_name to send; "" = none */
	char alpn[TLS_MAX_ALPN][256];
	size_t n_alpn;         /* none = no extension */
	bool resume;           /* offer and keep sessions */
	bool tickets_off;      /* no session_ticket extension, no PSK modes */
	enum tls_tristate ems; /* extended_master_secret: auto = offer, on = required, off = not offered */
	enum tls_tristate etm; /* encrypt_then_mac (RFC 7366): auto = with CBC suites; on = required */
	enum tls_tristate renegotiation_info; /* RFC 5746: auto = offer, on = required, off */
	bool allow_legacy_server;             /* go on without RFC 5746 (default true in SSL 3.0 .. 1.2) */
	bool renegotiation;                   /* answer HelloRequest when RFC 5746 is in force */
	bool fallback_scsv;
	bool status_request, signed_certificate_timestamp;
	bool grease;
	bool sslv2_hello;   /* SSLv2-compatible ClientHello (RFC 5246 appendix E.2) */
	bool no_extensions; /* no extension block at all */
	uint16_t extensions_off[TLS_MAX_EXTENSIONS_OFF];
	size_t n_extensions_off;
	uint16_t hello_record_version; /* 0 = by the rules */
	unsigned pad_hello;            /* pad the ClientHello message to this many bytes, 0 = as RFC 7685 advises */
	unsigned split_hello_record;   /* new record every N bytes of the hello, 0 = none */
	unsigned split_hello_segment;  /* new write every N bytes of the first flight, 0 = none */
	bool premaster_negotiated; /* version in the RSA premaster: the negotiated one (a bug imitated on purpose) */
	bool no_record_split;      /* CBC in SSL 3.0 and TLS 1.0: no 1/n-1 split */
	enum tls_tristate session_id_13;     /* TLS 1.3 legacy_session_id: auto = 32 random bytes, off = empty */
	unsigned max_record;                 /* largest plaintext of a record sent, 0 = 16384 */
	unsigned min_dh_bits;                /* 0 = 1024 */
	struct tls_credentials *credentials; /* client certificate, or NULL; an engine holds it */
	size_t max_cert_list;                /* bytes of the Certificate message, 0 = 100 KiB */
};
void tls_config_init(struct tls_config *c);

/* Client certificate and key (PEM); freed when the loader and all who hold it have dropped it. NULL may be held and
 * dropped. */
struct tls_credentials;
struct tls_credentials *tls_credentials_load(const char *cert_path, const char *key_path, struct error *error);
struct tls_credentials *tls_credentials_hold(struct tls_credentials *c);
void tls_credentials_drop(struct tls_credentials *c);

/* What the engine asks and tells. */
struct tls_hooks {
	/* Judges the server's chain; 0 to go on, -1 to end with certificate_unknown or the alert in error->code
	 * (X509 fault -> alert is net/tls's work). Not called on resumption. NULL accepts everything. */
	int (*judge)(void *context, struct x509_cert *const *chain, size_t n, struct str ocsp_response,
	    struct str sct_list, struct error *error);
	/* One line of NSS key log format without newline. */
	void (*keylog)(void *context, const char *line);
	void *context;
	const struct observer *observer;
};

/* A session to be resumed; opaque, reference-free copy. */
struct tls_session;
void tls_session_free(struct tls_session *s);

struct tls; /* the engine */

struct tls *tls_new(const struct tls_config *config, const struct tls_hooks *hooks); /* copies both */
void tls_free(struct tls *t);                                                        /* wipes */
void tls_offer_session(struct tls *t, const struct tls_session *s);                  /* before tls_start */
struct tls_session *tls_take_session(struct tls *t); /* the newest to keep, or NULL; caller frees */

/* Bytes in: fill up to *n bytes at the pointer, say how many came, then process. */
uint8_t *tls_input_room(struct tls *t, size_t *n);
void tls_input_added(struct tls *t, size_t n);
void tls_input_end(struct tls *t); /* the stream below ended */
/* Bytes out. */
struct str tls_output(struct tls *t); /* what is to be sent now; may be empty */
void tls_output_sent(struct tls *t, size_t n);
/* Moves the engine as far as the input allows. 0, or -1 on failure: an alert may then be in the output. */
int tls_start(struct tls *t, struct error *error); /* queues the ClientHello */
int tls_process(struct tls *t, struct error *error);
bool tls_connected(const struct tls *t);   /* handshake done, application data may flow */
bool tls_busy(const struct tls *t);        /* a handshake is going on, the first or a later one */
bool tls_peer_closed(const struct tls *t); /* close_notify received */
struct str tls_app_data(struct tls *t);    /* decrypted bytes waiting, a view */
void tls_app_consume(struct tls *t, size_t n);
int tls_app_write(struct tls *t, const void *p, size_t n, struct error *error); /* encrypts into the output */
int tls_key_update(struct tls *t, bool request_peer, struct error *error);      /* TLS 1.3 */
void tls_close(struct tls *t);                                                  /* queues close_notify */
void tls_send_alert(struct tls *t, unsigned level, unsigned alert);
/* RFC 5705 and RFC 8446 section 7.5. context NULL = none (differs from empty up to TLS 1.2). */
int tls_export(struct tls *t, struct str label, const struct str *context, uint8_t *out, size_t n, struct error *error);

/* How far it came: the stage is what a failure card shows first. */
enum tls_stage {
	TLS_STAGE_START,
	TLS_STAGE_HELLO_SENT,
	TLS_STAGE_SERVER_HELLO,
	TLS_STAGE_CERTIFICATE,
	TLS_STAGE_SERVER_DONE,
	TLS_STAGE_FLIGHT_SENT,
	TLS_STAGE_FINISHED,
	TLS_STAGE_CLOSED
};
const char *tls_stage_name(enum tls_stage s); /* "hello-sent" */

/* Facts about the connection, filled as they become known; valid also after a failure. */
struct tls_info {
	enum tls_stage stage;
	struct tls_offer {
		uint16_t min_version, max_version;
		uint16_t suites[TLS_MAX_SUITES];
		size_t n_suites;
		uint16_t groups[TLS_MAX_GROUPS];
		size_t n_groups;
		uint16_t key_shares[TLS_MAX_GROUPS];
		size_t n_key_shares;
		uint16_t schemes[TLS_MAX_SCHEMES];
		size_t n_schemes;
		uint16_t extensions[64];
		size_t n_extensions;
		size_t hello_bytes; /* of the ClientHello message */
		bool session_offered;
	} offered;
	uint16_t version, suite, group, scheme; /* negotiated; 0 = not (yet) */
	bool server_hello;                      /* one came, whether it could be read or not; version 0: it could not */
	uint16_t server_extensions[64];
	size_t n_server_extensions;
	char alpn[256];
	bool resumed, ems, etm, secure_renegotiation, hello_retry, ticket;
	bool renegotiation_declined; /* a HelloRequest came after the handshake, and was not followed */
	unsigned dh_bits;
	bool certificate_requested, requested_later; /* later: after the handshake (RFC 8446 section 4.6.2) */
	char *requested_names;                       /* acceptable CAs, one per line, printable; or NULL */
	uint8_t requested_types[8];
	size_t n_requested_types; /* ClientCertificateType, up to TLS 1.2 */
	uint16_t requested_schemes[TLS_MAX_SCHEMES];
	size_t n_requested_schemes;
	/* Of ours, when one was configured and asked for. */
	char *own_certificate; /* "EC P-256, issued by CN=..."; NULL: none */
	enum tls_unfit {
		TLS_FITS,
		TLS_UNFIT_TYPE,    /* its kind of key is not among requested_types */
		TLS_UNFIT_SCHEMES, /* its key can sign with none of requested_schemes */
		TLS_UNFIT_VERSION  /* RSASSA-PSS and EdDSA sign from TLS 1.2 on */
	} unfit;                   /* why it was not sent */
	uint16_t own_scheme;       /* signed with; 0: no signature, or one of before TLS 1.2 */
	bool sent_certificate;
	struct x509_cert **chain;
	size_t n_chain;                     /* as sent; recorded before it is judged */
	struct str ocsp_response, sct_list; /* stapled; empty when none */
	bool alert_received, alert_sent;
	unsigned alert, alert_level; /* the fatal one, or the last warning */
	const char *expected;        /* message awaited when it failed, or NULL */
	uint8_t first_bytes[32];
	size_t n_first_bytes; /* first bytes that came, TLS or not */
	bool close_notify_received;
	bool transport_ended; /* FIN before close_notify */
	uint64_t bytes_in, bytes_out, records_in, records_out;
	/* CLOCK_MONOTONIC; 0 = not reached. The server's flight ends with ServerHelloDone or its first Finished. */
	int64_t hello_sent_us, first_byte_us, server_hello_us, server_flight_us, flight_sent_us, connected_us;
	uint32_t ticket_lifetime; /* seconds */
};
const struct tls_info *tls_info(const struct tls *t);
/* A copy that outlives the engine. */
struct tls_info *tls_info_copy(const struct tls_info *info);
void tls_info_free(struct tls_info *copy);

/* error->code of ERROR_TLS errors; tls_code_word gives a stable word for each, which tables of outside suites map to
 * theirs. */
enum tls_code {
	TLS_CODE_NONE = 0,
	TLS_PEER_ALERT, /* the peer refused: info->alert says why */
	TLS_TRUNCATED,  /* the stream ended without close_notify */
	TLS_NOT_TLS,    /* the first bytes were no TLS record */
	TLS_UNEXPECTED_MESSAGE,
	TLS_BAD_RECORD_MAC,
	TLS_RECORD_OVERFLOW,
	TLS_DECODE_ERROR,
	TLS_DECRYPT_ERROR,
	TLS_ILLEGAL_PARAMETER,
	TLS_UNSUPPORTED_VERSION,
	TLS_BAD_SIGNATURE,
	TLS_WRONG_SUITE,
	TLS_WRONG_GROUP,
	TLS_WRONG_SCHEME,
	TLS_WRONG_CERTIFICATE_TYPE,
	TLS_DH_KEY_TOO_SMALL,
	TLS_BAD_PUBLIC_KEY,
	TLS_MISSING_EXTENSION,
	TLS_UNSOLICITED_EXTENSION,
	TLS_DUPLICATE_EXTENSION,
	TLS_DOWNGRADE,
	TLS_NO_RENEGOTIATION,
	TLS_RENEGOTIATION_MISMATCH,
	TLS_TOO_MANY_WARNINGS,
	TLS_TOO_MANY_EMPTY_RECORDS,
	TLS_TOO_MANY_KEY_UPDATES,
	TLS_TOO_LARGE,
	TLS_DIGEST_CHECK_FAILED,
	TLS_EMS_REQUIRED,
	TLS_EMS_MISMATCH,
	TLS_ALPN_MISMATCH,
	TLS_RESUMPTION_MISMATCH,
	TLS_KEY_USAGE,
	TLS_CERTIFICATE_JUDGED,
	TLS_NO_COMMON,
	TLS_INTERNAL,
	TLS_UNSUPPORTED_KEY,
	TLS_EXCESS_DATA,
	TLS_RETRY_ILLEGAL,
	TLS_SEQUENCE_EXHAUSTED,
	TLS_TOO_MUCH_WITHOUT_PAYLOAD,
	TLS_TOO_MANY_CERTIFICATE_REQUESTS,
	TLS_CLEAR_TEXT, /* text where a record should be, behind the first record */
	TLS_RENEGOTIATION_REQUIRED,
	TLS_ETM_REQUIRED, /* what the settings require is not known to the server */
	TLS_DH_KEY_TOO_LARGE,
	TLS_CODE_LAST
};
const char *tls_code_word(int code); /* "bad_record_mac" ... */

/* detail of EVENT_TLS_RECORD: the header's version, which counts for nothing in TLS 1.3 */
struct tls_record_info {
	uint16_t version;
};

/* detail of EVENT_TLS_MESSAGE */
struct tls_message_info {
	unsigned content_type; /* 20 CCS, 21 alert, 22 handshake */
	uint16_t version;      /* in force */
	uint16_t suite;        /* chosen, 0 before */
	bool encrypted;
};
/* Prints the decoded fields of one message, one "name: value" line each, for `tls trace fields`.
 * Never fails: what cannot be decoded is said and shown in hex. */
void tls_describe(struct buf *out, const struct event *message);

/* ---- on a stream ---- */
/* Does the handshake over `below`. Both are taken and freed with the result; `engine` is for tls_info() until then.
 * On failure (NULL) both stay the caller's, who can show what happened before freeing them. */
struct stream *tls_stream_new(struct tls *engine, struct stream *below, struct error *error);
struct tls *tls_stream_engine(struct stream *s);
struct stream *tls_stream_below(struct stream *s);

#endif
