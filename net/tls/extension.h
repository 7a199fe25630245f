/*
 * Private to net/tls. The extensions we know: one row each says which setting governs it, how it is built for the
 * ClientHello, in which of the server's messages it may come (RFC 8446 section 4.2), how the server's is decoded and
 * how it is shown to a person. A row stands below its functions in one of the extension_*.c; extension.c has the list
 * and walks it. What is decoded goes into one plain struct of views; whether a value is acceptable is judged by the
 * row's accept, or by the message's handler where it depends on more than this extension.
 *
 * To add an extension:
 *	its number in wire.h (its name is in names.c already, as everything IANA has),
 *	its functions and its row in one of the extension_*.c, with a field of struct extension_values for its contents,
 *	the row's name in extension_rows.h, at its place in the hello,
 *	its field in tls.h's struct tls_config and its setting in commands/settings/tls_rows.c, when a person decides,
 *	its lines in the tables `figure` and `order` of tests/unit/tls/test_extensions.c.
 */
#ifndef NET_TLS_EXTENSION_H
#define NET_TLS_EXTENSION_H

#include "net/error.h"
#include "net/tls/message.h"

struct tls;

/* The server's messages an extension may come in, as bits. */
enum extension_place {
	IN_SERVER_HELLO_12 = 1 << 0, /* ServerHello up to TLS 1.2 */
	IN_SERVER_HELLO_13 = 1 << 1,
	IN_RETRY = 1 << 2,
	IN_ENCRYPTED = 1 << 3,
	IN_CERTIFICATE = 1 << 4,
	IN_REQUEST = 1 << 5, /* CertificateRequest */
	IN_TICKET = 1 << 6
};

/* The peer's extensions, decoded. Views into the message. */
struct extension_values {
	bool server_name, status_request, encrypt_then_mac, extended_master_secret, session_ticket, sct;
	bool alpn, renegotiation_info, pre_shared_key, supported_versions, key_share, cookie, early_data, point_formats;
	bool signature_algorithms;
	uint16_t version; /* supported_versions */
	uint16_t group;   /* key_share */
	struct str key;   /* key_share, not in HelloRetryRequest */
	uint16_t psk_index;
	struct str alpn_name, renegotiated_connection, cookie_value, sct_list, ocsp_response, formats;
	struct str schemes;     /* CertificateRequest: signature_algorithms, pairs of bytes */
	struct str authorities; /* CertificateRequest */
};

struct extension_row {
	uint16_t id;         /* enum tls_extension */
	const char *setting; /* the word behind `tls` that governs it; NULL: none does */
	unsigned places;     /* of enum extension_place */
	/* The body for the ClientHello, into an empty buffer; false: not in this hello. NULL: we never send it. */
	bool (*build)(struct tls *t, struct buf *body);
	/* The server's body, into its fields of `v`; false: malformed. NULL: nothing of it is read. */
	bool (*parse)(struct extension_values *v, struct rd *body, enum extension_place place);
	/* Judges what was decoded of it, and puts it to use: 0, or -1 with refuse(). NULL: the message's handler does,
	 * which knows more. */
	int (*accept)(struct tls *t, const struct extension_values *v, struct error *error);
	/* Lines for a person, each beginning with `name`; `message` is the enum message_type it stands in. NULL: its
	 * bytes. */
	void (*describe)(struct buf *out, const char *name, struct str body, unsigned message);
};

/* The row of an extension, NULL when we know none; all rows in the order of the hello, NULL behind the last. */
const struct extension_row *extension_row_of(uint16_t id);
const struct extension_row *extension_row_at(size_t i);

/* Decodes the list that came in `place`: refuses duplicates, known extensions in the wrong message, answers to
 * what was not asked, and malformed bodies, each with its alert. */
int extensions_parse(struct tls *t, const struct extension_list *list, enum extension_place place,
    struct extension_values *v, struct error *error);

/* What the rows say of a list that was decoded, in its order: behind the checks of the message's handler. */
int extensions_accept(struct tls *t, const struct extension_list *list, const struct extension_values *v,
    struct error *error);

/* Builds the ClientHello's extension block and notes in t->info.offered what was sent: first all but two, then, when
 * the length of the hello without them is known, padding and pre_shared_key. A body that is full makes the block
 * full. */
void extensions_build(struct tls *t, struct buf *block);
void extensions_build_last(struct tls *t, struct buf *block, size_t hello_bytes);

/* What the list of a message says, for people. */
void extensions_describe(struct buf *out, const struct extension_list *list, unsigned message);

#endif
