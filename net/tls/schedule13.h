/*
 * Private to net/tls. The key schedule of TLS 1.3 (RFC 8446 section 7). The functions walk it downwards, in the order
 * of the figure:
 *
 *	schedule13_early(&s, hash, psk)         -> binder key
 *	schedule13_handshake(&s, ecdhe, CH..SH) -> client and server handshake traffic secrets
 *	schedule13_master(&s, CH..server Finished) -> application traffic secrets, exporter secret
 *	schedule13_resumption(&s, CH..client Finished, nonce) -> the PSK of a ticket
 */
#ifndef NET_TLS_SCHEDULE13_H
#define NET_TLS_SCHEDULE13_H

#include "net/tls/crypto.h"
#include "net/tls/tls.h"

enum { SECRET13_MAX = 48 }; /* SHA-384 */

struct secret13 {
	uint8_t bytes[SECRET13_MAX];
};

struct schedule13 {
	enum x509_hash hash;
	size_t size;             /* of every secret */
	struct secret13 current; /* early, handshake, then master secret */
	struct secret13 client_handshake, server_handshake;
	struct secret13 client_traffic, server_traffic; /* current application secrets; see schedule13_update */
	struct secret13 exporter, resumption;
};

/* RFC 5869. prk has hash_size(h) bytes. Expand: n at most 255 hashes. */
void hkdf_extract(enum x509_hash h, struct str salt, struct str ikm, uint8_t *prk);
void hkdf_expand(enum x509_hash h, struct str prk, struct str info, uint8_t *out, size_t n);
/* RFC 8446 section 7.1; label without "tls13 ". */
void
hkdf_expand_label(enum x509_hash h, struct str secret, struct str label, struct str context, uint8_t *out, size_t n);

/* psk NULL: zeros. */
void schedule13_early(struct schedule13 *s, enum x509_hash h, const struct str *psk);
/* PskBinderEntry: HMAC over the hash of the ClientHello up to the binders. out has hash_size bytes. */
void schedule13_binder(const struct schedule13 *s, bool external, const uint8_t *truncated_hash, uint8_t *out);
void schedule13_handshake(struct schedule13 *s, struct str ecdhe, const uint8_t *hash_to_server_hello);
void schedule13_master(struct schedule13 *s, const uint8_t *hash_to_server_finished);
/* verify_data of a Finished under the given traffic secret. */
void schedule13_finished(const struct schedule13 *s, const struct secret13 *base, const uint8_t *hash, uint8_t *out);
void schedule13_resumption_secret(struct schedule13 *s, const uint8_t *hash_to_client_finished);
void schedule13_ticket_psk(const struct schedule13 *s, struct str nonce, uint8_t *psk); /* psk: s->size bytes */
/* The next generation of a traffic secret (KeyUpdate). */
void schedule13_update(const struct schedule13 *s, struct secret13 *secret);
/* RFC 8446 section 7.5 */
int schedule13_export(const struct schedule13 *s, struct str label, struct str context, uint8_t *out, size_t n,
    struct error *error);
void schedule13_release(struct schedule13 *s); /* wipes */

#endif
