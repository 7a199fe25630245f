/*
 * Writing DER (X.690): tag, shortest definite length, contents. A value of unknown length is opened and
 * closed:
 *
 *	size_t at = der_put_open(b, DER_SEQUENCE); ... der_put_close(b, at);
 *
 * What does not fit sets the buffer's sticky flag.
 */
#ifndef NET_LAB_DER_H
#define NET_LAB_DER_H

#include "net/buf.h"
#include "net/x509/tags.h"

size_t der_put_open(struct buf *b, unsigned tag);
void der_put_close(struct buf *b, size_t at);
void der_put_value(struct buf *b, unsigned tag, struct str contents);
void der_put_bool(struct buf *b, bool value);
void der_put_small(struct buf *b, unsigned value);                /* INTEGER below 128 */
void der_put_unsigned(struct buf *b, const uint8_t *p, size_t n); /* INTEGER, big-endian magnitude */
void der_put_bits(struct buf *b, const uint8_t *p, size_t n);     /* BIT STRING of whole bytes */
/* BIT STRING of named bits (X.690 section 11.2.2): bit 0 is the mask's 0x80; trailing zero bits are left
 * out. */
void der_put_named_bits(struct buf *b, uint8_t mask);
/* UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
void der_put_time(struct buf *b, int64_t unix_seconds);

#endif
