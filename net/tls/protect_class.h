/*
 * Private to net/tls. What the kinds of record protection share: the head of each one's struct, and its functions. For
 * protect*.c.
 */
#ifndef NET_TLS_PROTECT_CLASS_H
#define NET_TLS_PROTECT_CLASS_H

#include "net/tls/protect.h"

struct protect_class {
	size_t size; /* bytes of the struct that begins with struct protect */
	void (*init)(struct protect *p, const struct protect_params *params);
	/* Protects the n bytes at record + 5 + p->front and writes the header; the bytes of the whole record. */
	size_t (*seal)(struct protect *p, unsigned type, unsigned version, uint8_t *record, size_t n);
	int (*open)(struct protect *p, unsigned *type, const uint8_t *header, uint8_t *payload, size_t n,
	    struct str *plain, struct error *error);
};

struct protect {
	const struct protect_class *class;
	const struct suite *suite;
	const struct cipher_info *cipher;
	unsigned version;
	uint64_t sequence; /* of the record at hand */
	size_t front;
};

extern const struct protect_class protect_aead, protect_cbc, protect_stream;

void record_header(uint8_t *record, unsigned type, unsigned version, size_t payload);
void put_sequence(uint8_t out[8], uint64_t sequence);
int bad_record_mac(struct error *error);

/* The MAC of one direction: HMAC, or SSL 3.0's construction (RFC 6101 section 5.2.3.1). */
struct record_mac {
	enum x509_hash hash;
	size_t size;
	bool ssl3;
	uint8_t secret[HASH_MAX]; /* SSL 3.0 */
	br_hmac_key_context key;  /* TLS */
};
void record_mac_init(struct record_mac *m, unsigned version, enum x509_hash h, struct str secret);
/* out has m->size bytes. */
void record_mac(const struct record_mac *m, uint64_t sequence, unsigned type, unsigned version, const uint8_t *p,
    size_t n, uint8_t *out);

#endif
