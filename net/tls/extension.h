/*
 * The extensions we know: one row each says in which messages it may come (RFC 8446 section 4.2), how it is
 * built for the ClientHello and how the peer's is decoded. What is decoded goes into one plain struct of views;
 * whether a value is acceptable is judged by the message's handler.
 */
#ifndef NET_TLS_EXTENSION_H
#define NET_TLS_EXTENSION_H

#include "net/error.h"
#include "net/tls/message.h"

struct tls;

/* Messages an extension may come in, as bits. */
enum extension_place {
	IN_SERVER_HELLO_12 = 1 << 0,     /* ServerHello up to TLS 1.2 */
	IN_SERVER_HELLO_13 = 1 << 1,
	IN_RETRY = 1 << 2,
	IN_ENCRYPTED = 1 << 3,
	IN_CERTIFICATE = 1 << 4,
	IN_REQUEST = 1 << 5,             /* CertificateRequest */
	IN_TICKET = 1 << 6
};

/* The peer's extensions, decoded. Views into the message. */
struct extension_values {
	bool server_name, status_request, encrypt_then_mac, extended_master_secret, session_ticket, sct;
	bool alpn, renegotiation_info, pre_shared_key, supported_versions, key_share, cookie, early_data, point_formats;
	bool signature_algorithms;
	uint16_t version;                /* supported_versions */
	uint16_t group;                  /* key_share */
	struct str key;                  /* key_share, not in HelloRetryRequest */
	uint16_t psk_index;
	struct str alpn_name, renegotiated_connection, cookie_value, sct_list, ocsp_response, formats;
	struct str schemes;              /* CertificateRequest: signature_algorithms, pairs of bytes */
	struct str authorities;          /* CertificateRequest */
};

/* Decodes the list that came in `place`: refuses duplicates, known extensions in the wrong message, answers to
 * what was not asked, and malformed bodies, each with its alert. */
int extensions_parse(struct tls *t, const struct extension_list *list, enum extension_place place,
    struct extension_values *v, struct error *error);

/* Builds the ClientHello's extension block, all but the padding and pre_shared_key, and notes in t->info.offered what
 * was sent. */
void extensions_build(struct tls *t, struct buf *block);
/* One extension with the body given. */
void extension_put(struct tls *t, struct buf *block, uint16_t id, struct str body);
/* Whether the user's settings let it be sent. */
bool extension_wanted(const struct tls *t, uint16_t id);

#endif
