/*
 * The tags of DER (X.690 section 8.1.2), one byte each, and the only place where they stand: net/x509 and net/tls read
 * with them, the lab writes.
 */
#ifndef NET_X509_TAGS_H
#define NET_X509_TAGS_H

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0A,
	DER_UTF8 = 0x0C,
	DER_NUMERIC = 0x12,
	DER_PRINTABLE = 0x13,
	DER_T61 = 0x14,
	DER_IA5 = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE = 0x1A,
	DER_UNIVERSAL = 0x1C,
	DER_BMP = 0x1E,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31
};
#define DER_CONTEXT(n) (0x80u | (n))             /* [n] primitive */
#define DER_CONTEXT_CONSTRUCTED(n) (0xA0u | (n)) /* [n] constructed */

#endif
