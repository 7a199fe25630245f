/* Private to net/x509. DER (X.690): strict lengths, definite form only. On top of the reader of net/bytes.h. */
#ifndef NET_X509_DER_H
#define NET_X509_DER_H

#include "net/bytes.h"
#include "net/x509/tags.h"

/* The next element: its tag, contents, and (when whole is not NULL) all its bytes. False, with r bad, when there is
 * none. */
bool der_next(struct rd *r, unsigned *tag, struct str *contents, struct str *whole);
unsigned der_peek(const struct rd *r); /* tag of the next element; 0 at the end */
/* Contents of the next element, which must have the tag; else r becomes bad and the reader returned is bad too. */
struct rd der_enter(struct rd *r, unsigned tag);
struct str der_element(struct rd *r, unsigned tag); /* likewise, as a view */
struct str der_whole(struct rd *r, unsigned tag);   /* with tag and length */
struct str der_oid(struct rd *r);                   /* contents of a valid OBJECT IDENTIFIER */
bool der_oid_ok(struct str contents);
bool der_boolean(struct rd *r); /* 00 or FF */
/* INTEGER: minimal, contents as they stand; der_small: 0 to 2^31 - 1. */
struct str der_integer(struct rd *r);
bool der_integer_ok(struct str contents);
unsigned der_small(struct rd *r);
struct str der_unsigned(struct rd *r); /* positive, without leading zeros */
/* BIT STRING of whole bytes (unused bits 0). */
struct str der_bits(struct rd *r);
bool der_bit_string_ok(struct str contents); /* any BIT STRING; the bits not used are 0 */
unsigned der_named_bits(struct rd *r);       /* 1 to 16 of them: bit n of the result is named bit n */
bool der_series_ok(struct str s);            /* elements in a row, or nothing */
/* UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 has them: unix seconds. */
int64_t der_time(struct rd *r);

#endif
