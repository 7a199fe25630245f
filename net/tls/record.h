/*
 * Private to net/tls. The record layer of one connection (RFC 8446 section 5, RFC 5246 section 6): two buffers and the
 * protection of each direction. No I/O.
 *
 * In: record_room / record_added / record_next until it says 0. A record's payload is decrypted where it lies; its view
 * is valid until the next record_next() or record_room(). Application data stay pending until consumed: while some are
 * pending record_next() returns 0, and record_room() keeps them. Out: record_write() appends to the output;
 * record_output / record_sent take it from there, whole flights in one piece.
 */
#ifndef NET_TLS_RECORD_H
#define NET_TLS_RECORD_H

#include "net/tls/protect.h"

enum {
	RECORD_INPUT = 256 * 1024,           /* bytes of the input buffer */
	RECORD_OUTPUT_MAX = 2 * 1024 * 1024, /* unsent bytes */
	RECORD_FIRST_BYTES = 32
};

struct record_layer {
	/* set by the owner */
	unsigned write_version;          /* in the header of records sent */
	unsigned version;                /* negotiated, 0 before; read checks follow it */
	unsigned max_fragment;           /* plaintext bytes of one record sent; record_init: 16384 */
	bool split;                      /* 1/n-1 split where protect_splits(); record_init: true */
	const struct observer *observer; /* gets EVENT_TLS_RECORD; may be NULL */
	/* to be read */
	uint8_t first_bytes[RECORD_FIRST_BYTES]; /* that came */
	size_t n_first_bytes;
	uint64_t bytes_in, bytes_out, records_in, records_out;
	/* private */
	uint8_t *in, *out;
	size_t in_start, in_end;     /* not yet parsed */
	size_t in_used;              /* of the buffer, ever: what is to be wiped */
	size_t data_start, data_end; /* pending application data, before in_start */
	size_t out_start, out_end, out_cap;
	struct protect *read, *write;
	unsigned empty_in_a_row;
};

struct record {
	unsigned type;    /* content type, the inner one in TLS 1.3 */
	unsigned version; /* of the header */
	bool encrypted;
	struct str payload;
	size_t size; /* bytes on the wire, with the header */
};

void record_init(struct record_layer *l);
void record_release(struct record_layer *l); /* wipes; frees the protections */

uint8_t *record_room(struct record_layer *l, size_t *n); /* *n > 0 unless pending data fill the buffer */
void record_added(struct record_layer *l, size_t n);
bool record_input_empty(const struct record_layer *l); /* no started record and nothing pending */
/* 1: *r is the next record. 0: more bytes are needed, or data are pending. -1: TLS_NOT_TLS or, behind the first record,
 * TLS_CLEAR_TEXT (the sentence shows what came),
 * TLS_UNSUPPORTED_VERSION, TLS_RECORD_OVERFLOW, TLS_UNEXPECTED_MESSAGE, TLS_TOO_MANY_EMPTY_RECORDS or protect_open's.
 * Empty records come too (the count of those in a row is bounded), so that the caller can refuse the type. In TLS 1.3 a
 * record of type 20 comes as it is, encrypted = false: whether it is allowed there is the handshake's business. */
int record_next(struct record_layer *l, struct record *r, struct error *error);
/* What is left of the input when there is no more: 0, or -1 with one of these two when it is text in the clear. */
int record_rest(const struct record_layer *l, struct error *error);
struct str record_data(const struct record_layer *l); /* pending application data */
void record_consume(struct record_layer *l, size_t n);

/* Fragments, protects, appends. n may be 0 (one empty record). ERROR_LIMIT when the output would grow beyond its
 * maximum, TLS_SEQUENCE_EXHAUSTED. */
int record_write(struct record_layer *l, unsigned type, const void *p, size_t n, struct error *error);
/* Appends bytes as they are (an SSLv2-compatible hello). */
int record_write_raw(struct record_layer *l, const void *p, size_t n, struct error *error);
struct str record_output(const struct record_layer *l);
void record_sent(struct record_layer *l, size_t n);

/* New keys from the next record on; the layer takes p. record_set_read with input of the old keys left over in a
 * handshake message is for the caller to refuse. */
void record_set_read(struct record_layer *l, struct protect *p);
void record_set_write(struct record_layer *l, struct protect *p);

#endif
