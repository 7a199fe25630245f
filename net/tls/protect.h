/*
 * Private to net/tls. Record protection: one direction under one set of keys. Sealing and opening happen in place.
 *
 * A record to seal is laid out as  header(5) | front | plaintext | room behind , where `front` is what the protection
 * puts there (an explicit IV or nonce); behind there must be PROTECT_BEHIND bytes. Opening yields a view into the
 * payload. Every failure is final: the connection is dead. Sequence numbers never wrap.
 */
#ifndef NET_TLS_PROTECT_H
#define NET_TLS_PROTECT_H

#include "net/tls/names.h"
#include "net/tls/random.h"
#include "net/tls/suite.h"

enum {
	RECORD_HEADER = 5,
	RECORD_MAX_PLAIN = 16384,
	PROTECT_FRONT_MAX = 16,
	PROTECT_BEHIND = 80,
	/* Most bytes a protected payload may have: RFC 5246 section 6.2.3 and RFC 8446 section 5.2 */
	RECORD_MAX_PAYLOAD = RECORD_MAX_PLAIN + 2048,
	RECORD_MAX_PAYLOAD13 = RECORD_MAX_PLAIN + 256
};

struct protect;

struct protect_params {
	const struct crypto *crypto;
	const struct suite *suite;
	unsigned version;
	bool sealing;                /* else opening */
	bool encrypt_then_mac;       /* RFC 7366, CBC suites only */
	struct random *random;       /* explicit IVs; borrowed as long as the protection lives; sealing only */
	struct str mac_key, key, iv; /* iv: the salt of TLS 1.2 AEAD, all 12 bytes of TLS 1.3 and ChaCha20, the
	                                   * first CBC IV of SSL 3.0 and TLS 1.0, else unused */
};

/* Never fails; key lengths are those of the suite. */
struct protect *protect_new(const struct protect_params *params);
/* The two directions out of a key block (SSL 3.0 to TLS 1.2), suite_key_block() bytes. */
struct protect *protect_from_key_block(const struct protect_params *params, bool client_keys, const uint8_t *key_block);
/* TLS 1.3: key and iv from a traffic secret (RFC 8446 section 7.3). */
struct protect *protect_from_secret(const struct protect_params *params, struct str secret);
void protect_free(struct protect *p); /* wipes; NULL is fine */

/* p NULL is the null protection before the first key change. */
size_t protect_front(const struct protect *p);
bool protect_splits(const struct protect *p);  /* CBC of SSL 3.0 and TLS 1.0: 1/n-1 split is advisable */
size_t protect_limit(const struct protect *p); /* most bytes of a payload to open */
uint64_t protect_sequence(const struct protect *p);
/* The sequence number is so high that TLS 1.3 keys must be updated soon (RFC 8446 section 5.5). */
bool protect_worn(const struct protect *p);
/* record points at the header's place; n plaintext bytes at record + 5 + front. Writes the header too. *total is the
 * whole record. TLS_SEQUENCE_EXHAUSTED. */
int protect_seal(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n, size_t *total,
    struct error *error);
/* header is that of the record (5 bytes), payload what follows it. *type is replaced by the inner type in TLS 1.3.
 * TLS_BAD_RECORD_MAC, TLS_RECORD_OVERFLOW, TLS_UNEXPECTED_MESSAGE, TLS_SEQUENCE_EXHAUSTED. */
int protect_open(struct protect *p, unsigned *type, const uint8_t header[RECORD_HEADER], uint8_t *payload, size_t n,
    struct str *plain, struct error *error);

#endif
