/* Keys and certificates made on the spot and signed. */
#include "net/lab/certificate.h"

#include <string.h>

#include "net/lab/der.h"

/* Contents of the object identifiers. */
#define OID_EC_PUBLIC_KEY STR("\x2a\x86\x48\xce\x3d\x02\x01")    /* 1.2.840.10045.2.1 */
#define OID_PRIME256V1 STR("\x2a\x86\x48\xce\x3d\x03\x01\x07")   /* 1.2.840.10045.3.1.7 */
#define OID_ECDSA_SHA256 STR("\x2a\x86\x48\xce\x3d\x04\x03\x02") /* 1.2.840.10045.4.3.2 */
#define OID_RSA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")      /* 1.2.840.113549.1.1.1 */
#define OID_COMMON_NAME STR("\x55\x04\x03")                      /* 2.5.4.3 */
#define OID_ORGANIZATION STR("\x55\x04\x0a")                     /* 2.5.4.10 */
#define OID_SUBJECT_KEY STR("\x55\x1d\x0e")                      /* 2.5.29.14 */
#define OID_KEY_USAGE STR("\x55\x1d\x0f")                        /* 2.5.29.15 */
#define OID_SUBJECT_ALT_NAME STR("\x55\x1d\x11")                 /* 2.5.29.17 */
#define OID_BASIC STR("\x55\x1d\x13")                            /* 2.5.29.19 */
#define OID_NAME_CONSTRAINTS STR("\x55\x1d\x1e")                 /* 2.5.29.30 */
#define OID_AUTHORITY_KEY STR("\x55\x1d\x23")                    /* 2.5.29.35 */
#define OID_EXTENDED_USAGE STR("\x55\x1d\x25")                   /* 2.5.29.37 */
#define OID_SERVER_AUTH STR("\x2b\x06\x01\x05\x05\x07\x03\x01")  /* 1.3.6.1.5.5.7.3.1 */

/* Bits of keyUsage as der_put_named_bits() takes them (RFC 5280 section 4.2.1.3). */
enum { USAGE_DIGITAL_SIGNATURE = 0x80, USAGE_KEY_ENCIPHERMENT = 0x20, USAGE_CERT_SIGN = 0x04, USAGE_CRL_SIGN = 0x02 };

enum { SERIAL_SIZE = 16, RSA_EXPONENT = 65537 };

bool
lab_key_make(struct lab_key *key, bool rsa, const br_prng_class **random)
{
	const br_ec_impl *curves = br_ec_get_default();

	memset(key, 0, sizeof *key);
	key->rsa = rsa;
	if (rsa)
		return br_rsa_keygen_get_default()(random, &key->rsa_private, key->private_bytes, &key->rsa_public,
			   key->public_bytes, LAB_RSA_BITS, RSA_EXPONENT) == 1;
	return br_ec_keygen(random, curves, &key->ec, key->private_bytes, BR_EC_secp256r1) > 0 &&
	    br_ec_compute_pub(curves, &key->ec_public, key->public_bytes, &key->ec) > 0;
}

void
lab_key_release(struct lab_key *key)
{
	mem_wipe(key, sizeof *key);
}

/* ---- parts of a certificate ---- */
/* subjectPublicKey as it stands in the BIT STRING. */
static void
public_key(struct buf *out, const struct lab_key *key)
{
	size_t at;

	if (!key->rsa) {
		buf_add(out, key->ec_public.q, key->ec_public.qlen);
		return;
	}
	at = der_put_open(out, DER_SEQUENCE);
	der_put_unsigned(out, key->rsa_public.n, key->rsa_public.nlen);
	der_put_unsigned(out, key->rsa_public.e, key->rsa_public.elen);
	der_put_close(out, at);
}

static void
key_info(struct buf *b, const struct lab_key *key)
{
	size_t info = der_put_open(b, DER_SEQUENCE), algorithm = der_put_open(b, DER_SEQUENCE);
	struct buf bits;

	if (key->rsa) {
		der_put_value(b, DER_OID, OID_RSA);
		der_put_value(b, DER_NULL, STR(""));
	} else {
		der_put_value(b, DER_OID, OID_EC_PUBLIC_KEY);
		der_put_value(b, DER_OID, OID_PRIME256V1);
	}
	der_put_close(b, algorithm);
	buf_init(&bits, LAB_MAX_CERTIFICATE);
	public_key(&bits, key);
	der_put_bits(b, bits.data, bits.len);
	buf_release(&bits);
	der_put_close(b, info);
}

/* RFC 5280 section 4.2.1.2, method (1): SHA-1 of the subjectPublicKey's bits. */
static struct str
key_identifier(const struct lab_key *key, uint8_t out[br_sha1_SIZE])
{
	br_sha1_context hash;
	struct buf bits;

	buf_init(&bits, LAB_MAX_CERTIFICATE);
	public_key(&bits, key);
	br_sha1_init(&hash);
	br_sha1_update(&hash, bits.data, bits.len);
	br_sha1_out(&hash, out);
	buf_release(&bits);
	return str_from(out, br_sha1_SIZE);
}

static void
name_part(struct buf *b, struct str oid, struct str value)
{
	size_t set = der_put_open(b, DER_SET), pair = der_put_open(b, DER_SEQUENCE);

	der_put_value(b, DER_OID, oid);
	der_put_value(b, DER_UTF8, value);
	der_put_close(b, pair);
	der_put_close(b, set);
}

static void
name(struct buf *b, const char *common_name)
{
	size_t at = der_put_open(b, DER_SEQUENCE);

	name_part(b, OID_ORGANIZATION, STR("httpsh lab"));
	name_part(b, OID_COMMON_NAME, str_of(common_name));
	der_put_close(b, at);
}

static void
signature_algorithm(struct buf *b)
{
	size_t at = der_put_open(b, DER_SEQUENCE);

	der_put_value(b, DER_OID, OID_ECDSA_SHA256); /* RFC 5758 section 3.2: no parameters */
	der_put_close(b, at);
}

/* ---- extensions: Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING } ---- */
struct extension {
	size_t outer, value;
};

static struct extension
extension_open(struct buf *b, struct str oid, bool critical)
{
	struct extension e = { .outer = der_put_open(b, DER_SEQUENCE) };

	der_put_value(b, DER_OID, oid);
	if (critical)
		der_put_bool(b, true);
	e.value = der_put_open(b, DER_OCTET_STRING);
	return e;
}

static void
extension_close(struct buf *b, struct extension e)
{
	der_put_close(b, e.value);
	der_put_close(b, e.outer);
}

static void
key_extensions(struct buf *b, const struct lab_certificate *c)
{
	struct extension e = extension_open(b, OID_SUBJECT_KEY, false);
	uint8_t id[br_sha1_SIZE];
	size_t at;

	der_put_value(b, DER_OCTET_STRING, key_identifier(c->key, id));
	extension_close(b, e);
	if (c->key == c->issuer_key)
		return;
	e = extension_open(b, OID_AUTHORITY_KEY, false);
	at = der_put_open(b, DER_SEQUENCE);
	der_put_value(b, DER_CONTEXT(0), key_identifier(c->issuer_key, id));
	der_put_close(b, at);
	extension_close(b, e);
}

/* RFC 5280 section 4.2.1.10: "MUST be used only in a CA certificate", and critical. */
static void
name_constraints(struct buf *b)
{
	struct extension e = extension_open(b, OID_NAME_CONSTRAINTS, true);
	size_t all = der_put_open(b, DER_SEQUENCE), permitted = der_put_open(b, DER_CONTEXT_CONSTRUCTED(0));
	size_t tree = der_put_open(b, DER_SEQUENCE);

	der_put_value(b, DER_CONTEXT(2), STR("lab.test"));
	der_put_close(b, tree);
	der_put_close(b, permitted);
	der_put_close(b, all);
	extension_close(b, e);
}

static void
server_extensions(struct buf *b, const char *dns)
{
	struct extension e = extension_open(b, OID_EXTENDED_USAGE, false);
	size_t at = der_put_open(b, DER_SEQUENCE);

	der_put_value(b, DER_OID, OID_SERVER_AUTH);
	der_put_close(b, at);
	extension_close(b, e);
	e = extension_open(b, OID_SUBJECT_ALT_NAME, false);
	at = der_put_open(b, DER_SEQUENCE);
	der_put_value(b, DER_CONTEXT(2), str_of(dns));
	der_put_close(b, at);
	extension_close(b, e);
}

static void
extensions(struct buf *b, const struct lab_certificate *c)
{
	size_t outer = der_put_open(b, DER_CONTEXT_CONSTRUCTED(3)), list = der_put_open(b, DER_SEQUENCE), at;
	struct extension e = extension_open(b, OID_BASIC, true);

	at = der_put_open(b, DER_SEQUENCE);
	if (c->ca) {
		der_put_bool(b, true);
		der_put_small(b, 0); /* pathLenConstraint: servers only */
	}
	der_put_close(b, at);
	extension_close(b, e);
	e = extension_open(b, OID_KEY_USAGE, true);
	der_put_named_bits(b,
	    c->ca           ? USAGE_CERT_SIGN | USAGE_CRL_SIGN :
		c->key->rsa ? USAGE_DIGITAL_SIGNATURE | USAGE_KEY_ENCIPHERMENT :
			      USAGE_DIGITAL_SIGNATURE);
	extension_close(b, e);
	key_extensions(b, c);
	if (c->ca)
		name_constraints(b);
	if (c->dns != NULL)
		server_extensions(b, c->dns);
	der_put_close(b, list);
	der_put_close(b, outer);
}

static void
to_be_signed(struct buf *b, const struct lab_certificate *c, const br_prng_class **random)
{
	size_t all = der_put_open(b, DER_SEQUENCE), at;
	uint8_t serial[SERIAL_SIZE];

	at = der_put_open(b, DER_CONTEXT_CONSTRUCTED(0));
	der_put_small(b, 2); /* version 3 */
	der_put_close(b, at);
	(*random)->generate(random, serial, sizeof serial);
	serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive, and of full length */
	der_put_unsigned(b, serial, sizeof serial);
	signature_algorithm(b);
	name(b, c->issuer);
	at = der_put_open(b, DER_SEQUENCE);
	der_put_time(b, c->not_before);
	der_put_time(b, c->not_after);
	der_put_close(b, at);
	name(b, c->subject);
	key_info(b, c->key);
	extensions(b, c);
	der_put_close(b, all);
}

bool
lab_certificate_write(struct buf *der, const struct lab_certificate *c, const br_prng_class **random)
{
	uint8_t digest[br_sha256_SIZE], signature[80]; /* ECDSA P-256 in ASN.1: at most 72 */
	size_t all = der_put_open(der, DER_SEQUENCE), start = der->len, n;
	br_sha256_context hash;

	to_be_signed(der, c, random);
	if (der->full)
		return false;
	br_sha256_init(&hash);
	br_sha256_update(&hash, der->data + start, der->len - start);
	br_sha256_out(&hash, digest);
	n = br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, digest, &c->issuer_key->ec,
	    signature);
	if (n == 0)
		return false;
	signature_algorithm(der);
	der_put_bits(der, signature, n);
	der_put_close(der, all);
	return !der->full;
}
