/* A private key decoded: PKCS#8, SEC1 and PKCS#1, with the lengths checked that the library does not check. */
#include "net/tls/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "net/x509/nettle.h"
#include "net/x509/pem.h"
#include "net/x509/tags.h"

/*
 * Private keys: PEM or DER; PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2), SEC1 (RFC 5915). Decoded here, because
 * the library's decoder does not check the lengths of an RSA key's numbers against its own buffer.
 */
enum { KEY_MAX_DER = 16 * 1024, RSA_MAX_FACTOR = 256, RSA_MIN_FACTOR = 32 };

/* The contents of the next element; bad when it has another tag or a sloppy length. */
static struct rd
element(struct rd *r, uint8_t tag)
{
	struct rd inner = { r->p, r->p, true };
	size_t n;

	if (rd_u8(r) != tag)
		r->bad = true;
	n = rd_u8(r);
	if (n == 0x81)
		n = rd_u8(r);
	else if (n == 0x82)
		n = rd_u16(r);
	else if (n >= 0x80)
		r->bad = true;
	if (!r->bad)
		inner = rd_str(rd_bytes(r, n));
	inner.bad = r->bad;
	return inner;
}

/* A positive INTEGER without leading zeros. */
static struct str
number(struct rd *r)
{
	struct rd v = element(r, DER_INTEGER);
	struct str s = rd_rest(&v);

	while (s.n > 0 && s.p[0] == 0)
		s = str_slice(s, 1, s.n);
	return s;
}

static int
malformed(const char *name, struct error *error)
{
	return fail(error, ERROR_OTHER, 0, "%s: the private key is malformed", name);
}

/* Copies a part of the key into c->secret, where BearSSL's pointers shall point. */
static unsigned char *
keep(struct tls_credentials *c, struct str part)
{
	unsigned char *at = c->secret + c->secret_len;

	memcpy(at, part.p, part.n);
	c->secret_len += part.n;
	return at;
}

static int
read_rsa(struct tls_credentials *c, struct rd r, const char *name, struct error *error)
{
	struct rd key = element(&r, DER_SEQUENCE);
	struct str version = number(&key), n = number(&key), part[5];
	br_rsa_private_key *k = &c->rsa;
	unsigned bits = 8 * (unsigned)n.n;

	number(&key); /* e */
	number(&key); /* d */
	for (size_t i = 0; i < 5; i++)
		part[i] = number(&key);
	if (!rd_done(&key) || version.n != 0 || n.n == 0)
		return malformed(name, error);
	if (n.n > CREDENTIALS_MAX_SIGNATURE)
		return fail(error, ERROR_OTHER, 0, "%s: RSA keys above 4096 bits are not supported", name);
	for (size_t i = 0; i < 5; i++)
		if (part[i].n == 0 || part[i].n > RSA_MAX_FACTOR || (i < 2 && part[i].n < RSA_MIN_FACTOR))
			return fail(error, ERROR_OTHER, 0,
			    "%s: not a usual RSA key: its factors have %zu and %zu bytes", name, part[0].n, part[1].n);
	for (unsigned first = (uint8_t)n.p[0]; first < 0x80; first <<= 1)
		bits--;
	c->type = X509_KEY_RSA;
	c->secret = mem_alloc(5 * RSA_MAX_FACTOR);
	*k = (br_rsa_private_key){
		.n_bitlen = bits,
		.plen = part[0].n,
		.qlen = part[1].n,
		.dplen = part[2].n,
		.dqlen = part[3].n,
		.iqlen = part[4].n,
	};
	k->p = keep(c, part[0]);
	k->q = keep(c, part[1]);
	k->dp = keep(c, part[2]);
	k->dq = keep(c, part[3]);
	k->iq = keep(c, part[4]);
	return 0;
}

static const struct curve {
	const char *oid;
	size_t oid_len, scalar;
	int id;
} curves[] = {
	{ "\x2A\x86\x48\xCE\x3D\x03\x01\x07", 8, 32, BR_EC_secp256r1 },
	{ "\x2B\x81\x04\x00\x22", 5, 48, BR_EC_secp384r1 },
	{ "\x2B\x81\x04\x00\x23", 5, 66, BR_EC_secp521r1 },
};

static const struct curve *
curve_of(struct str oid)
{
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
		if (str_eq(oid, str_from(curves[i].oid, curves[i].oid_len)))
			return &curves[i];
	return NULL;
}

/* oid: the curve from the PKCS#8 wrapping, or empty. */
static int
read_ec(struct tls_credentials *c, struct rd r, struct str oid, const char *name, struct error *error)
{
	struct rd key = element(&r, DER_SEQUENCE), version = element(&key, DER_INTEGER),
		  scalar = element(&key, DER_OCTET_STRING);
	bool version_1 = rd_u8(&version) == 1 && rd_done(&version);
	struct str x = rd_rest(&scalar);
	const struct curve *curve;

	if (oid.n == 0 && rd_left(&key) > 0 && key.p[0] == DER_CONTEXT_CONSTRUCTED(0)) {
		struct rd parameters = element(&key, DER_CONTEXT_CONSTRUCTED(0)), id = element(&parameters, DER_OID);

		oid = rd_rest(&id);
	}
	if (key.bad || !version_1)
		return malformed(name, error);
	curve = curve_of(oid);
	if (curve == NULL)
		return fail(error, ERROR_OTHER, 0, "%s: the key's curve is not supported: P-256, P-384 and P-521 are",
		    name);
	if (x.n == 0 || x.n > curve->scalar)
		return malformed(name, error);
	c->type = X509_KEY_EC;
	c->secret = mem_alloc(curve->scalar);
	memcpy(c->secret + curve->scalar - x.n, x.p, x.n);
	c->secret_len = curve->scalar;
	c->ec = (br_ec_private_key){ curve->id, c->secret, curve->scalar };
	return 0;
}

/* CurvePrivateKey (RFC 8410 section 7): the bytes of RFC 8032. */
static int
read_eddsa(struct tls_credentials *c, struct rd r, enum x509_key_type type, const char *name, struct error *error)
{
	struct rd key = element(&r, DER_OCTET_STRING);
	struct str bytes = rd_rest(&key);

	if (!rd_done(&r) || bytes.n != (size_t)(type == X509_KEY_ED25519 ? ED25519_BYTES : ED448_BYTES))
		return malformed(name, error);
	c->type = type;
	c->secret = mem_dup(bytes.p, bytes.n);
	c->secret_len = bytes.n;
	return 0;
}

/* PrivateKeyInfo: version, AlgorithmIdentifier, OCTET STRING, and possibly attributes. */
static int
read_pkcs8(struct tls_credentials *c, struct rd r, const char *name, struct error *error)
{
	struct rd info = element(&r, DER_SEQUENCE), version = element(&info, DER_INTEGER);
	struct rd algorithm = element(&info, DER_SEQUENCE), id = element(&algorithm, DER_OID);
	struct rd key = element(&info, DER_OCTET_STRING), curve;
	struct str oid = rd_rest(&id);

	if (version.bad || key.bad)
		return malformed(name, error);
	if (str_eq(oid, STR("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")) ||
	    str_eq(oid, STR("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A")))
		return read_rsa(c, key, name, error);
	if (str_eq(oid, STR("\x2B\x65\x70")))
		return read_eddsa(c, key, X509_KEY_ED25519, name, error);
	if (str_eq(oid, STR("\x2B\x65\x71")))
		return read_eddsa(c, key, X509_KEY_ED448, name, error);
	if (!str_eq(oid, STR("\x2A\x86\x48\xCE\x3D\x02\x01")))
		return fail(error, ERROR_OTHER, 0, "%s: only RSA, ECDSA, Ed25519 and Ed448 keys are supported", name);
	curve = element(&algorithm, DER_OID);
	return read_ec(c, key, rd_rest(&curve), name, error);
}

/* Which of the three a DER text is: the second element of the outer sequence tells. */
static int
read_der(struct tls_credentials *c, struct str der, const char *name, struct error *error)
{
	struct rd all = rd_str(der), whole = element(&all, DER_SEQUENCE);

	element(&whole, DER_INTEGER);
	if (whole.bad || !rd_done(&all) || rd_left(&whole) == 0)
		return malformed(name, error);
	switch (whole.p[0]) {
	case DER_SEQUENCE:
		return read_pkcs8(c, rd_str(der), name, error);
	case DER_OCTET_STRING:
		return read_ec(c, rd_str(der), str_from(NULL, 0), name, error);
	default:
		return read_rsa(c, rd_str(der), name, error);
	}
}

/* The first block of the text whose label ends in PRIVATE KEY, decoded; false when there is none. */
static bool
find_pem_key(struct str text, struct buf *der)
{
	struct pem_block block;
	int status = 0;

	while (pem_next(&text, &block, &status, NULL)) {
		free(block.memory);
		if (str_ends(block.label, STR("PRIVATE KEY"))) {
			uint8_t *room = buf_room(der, block.body.n);
			ptrdiff_t n = room != NULL ? pem_base64(block.body, room) : -1;

			if (n > 0)
				buf_added(der, (size_t)n);
			return n > 0;
		}
	}
	return false;
}

int
credentials_read_key(struct tls_credentials *c, struct str text, const char *name, struct error *error)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
	const char *quote = name[strspn(name, plain)] != '\0' ? "'" : "";
	struct buf der;
	int result;

	if (text.n > 0 && text.p[0] == DER_SEQUENCE)
		return read_der(c, text, name, error);
	if (str_find(text, STR("ENCRYPTED PRIVATE KEY-----")) >= 0 ||
	    str_find(text, STR("Proc-Type: 4,ENCRYPTED")) >= 0) {
		fail(error, ERROR_OTHER, 0, "%s: the private key is encrypted", name);
		return hint(error, "!openssl pkey -in %s%s%s -out %s%s.plain%s", quote, name, quote, quote, name,
		    quote);
	}
	buf_init(&der, KEY_MAX_DER);
	if (find_pem_key(text, &der))
		result = read_der(c, buf_str(&der), name, error);
	else
		result = fail(error, ERROR_OTHER, 0, "%s: no private key in PEM or DER form", name);
	buf_wipe_release(&der);
	return result;
}
