/* Algorithms: of signatures and of public keys (RFC 3279, 4055, 5480, 8410). */
#include <stdlib.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/nettle.h"

#define OID_RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01"

/* Costs of a verification; an exponent has a few bits set, whatever its length. */
enum {
	COST_P224 = 12000,
	COST_P256 = 60000,
	COST_P384 = 180000,
	COST_P521 = 500000,
	COST_ED25519 = 8000,
	COST_ED448 = 30000,
	COST_RSA = 2000,
	COST_RSA_SHARE = 15, /* one of so many of the products of bytes; GMP, above 4096 bits, is faster */
	COST_RSA_SHARE_LARGE = 50
};

/* RFC 8410 section 3: the same names a key and its signatures. */
#define OID_ED25519 "\x2b\x65\x70"
#define OID_ED448 "\x2b\x65\x71"

static const struct {
	const char *oid;
	size_t n;
	enum signature_kind kind;
	enum x509_hash hash;
	const char *name;
} algorithms[] = {
	{ OID_RSA "\x02", 9, SIGNATURE_UNKNOWN, X509_MD5, "md2WithRSAEncryption" },
	{ OID_RSA "\x04", 9, SIGNATURE_PKCS1, X509_MD5, "md5WithRSAEncryption" },
	{ OID_RSA "\x05", 9, SIGNATURE_PKCS1, X509_SHA1, "sha1WithRSAEncryption" },
	{ OID_RSA "\x0e", 9, SIGNATURE_PKCS1, X509_SHA224, "sha224WithRSAEncryption" },
	{ OID_RSA "\x0b", 9, SIGNATURE_PKCS1, X509_SHA256, "sha256WithRSAEncryption" },
	{ OID_RSA "\x0c", 9, SIGNATURE_PKCS1, X509_SHA384, "sha384WithRSAEncryption" },
	{ OID_RSA "\x0d", 9, SIGNATURE_PKCS1, X509_SHA512, "sha512WithRSAEncryption" },
	{ OID_RSA "\x0a", 9, SIGNATURE_PSS, X509_SHA1, "rsassaPss" },
	{ "\x2a\x86\x48\xce\x3d\x04\x01", 7, SIGNATURE_ECDSA, X509_SHA1, "ecdsa-with-SHA1" },
	{ "\x2a\x86\x48\xce\x3d\x04\x03\x01", 8, SIGNATURE_ECDSA, X509_SHA224, "ecdsa-with-SHA224" },
	{ "\x2a\x86\x48\xce\x3d\x04\x03\x02", 8, SIGNATURE_ECDSA, X509_SHA256, "ecdsa-with-SHA256" },
	{ "\x2a\x86\x48\xce\x3d\x04\x03\x03", 8, SIGNATURE_ECDSA, X509_SHA384, "ecdsa-with-SHA384" },
	{ "\x2a\x86\x48\xce\x3d\x04\x03\x04", 8, SIGNATURE_ECDSA, X509_SHA512, "ecdsa-with-SHA512" },
	{ OID_ED25519, 3, SIGNATURE_EDDSA, X509_SHA512, "Ed25519" },
	{ OID_ED448, 3, SIGNATURE_EDDSA, X509_SHA512, "Ed448" },
	{ "\x2a\x86\x48\xce\x38\x04\x03", 7, SIGNATURE_UNKNOWN, X509_SHA1, "dsa-with-SHA1" },
	{ "\x60\x86\x48\x01\x65\x03\x04\x03\x02", 9, SIGNATURE_UNKNOWN, X509_SHA256, "dsa-with-SHA256" },
};

/* AlgorithmIdentifier (RFC 5280 section 4.1.1.2): its OID, and a reader of the parameters, which are one element or
 * nothing. */
static struct str
read_algorithm(struct rd *r, struct rd *parameters)
{
	struct rd fields = der_enter(r, DER_SEQUENCE);
	struct str oid = der_oid(&fields), contents;
	unsigned tag;

	*parameters = fields;
	if (rd_left(&fields) > 0)
		der_next(&fields, &tag, &contents, NULL);
	if (!rd_done(&fields))
		r->bad = true;
	return oid;
}

/* RFC 4055 section 5 and RFC 5758 section 3.2. */
static bool
null_or_nothing(struct rd parameters)
{
	return rd_left(&parameters) == 0 || (der_element(&parameters, DER_NULL).n == 0 && rd_done(&parameters));
}

int
x509_read_hash(struct rd *r)
{
	struct rd parameters;
	struct str oid = read_algorithm(r, &parameters);

	if (!null_or_nothing(parameters))
		r->bad = true;
	for (int h = X509_SHA1; h <= X509_SHA512 && !r->bad; h++) {
		const uint8_t *known = hash_oid((enum x509_hash)h);

		if (str_eq(oid, str_from(known + 1, known[0])))
			return h;
	}
	return -1;
}

struct pss {
	int hash, mgf; /* enum x509_hash; -1 unknown */
	unsigned salt, trailer;
};

/* One field of RSASSA-PSS-params, in [n]. */
static bool
read_pss_field(struct rd *parameters, unsigned n, struct pss *out)
{
	struct rd field, mask;

	if (der_peek(parameters) != DER_CONTEXT_CONSTRUCTED(n))
		return true;
	field = der_enter(parameters, DER_CONTEXT_CONSTRUCTED(n));
	switch (n) {
	case 0:
		out->hash = x509_read_hash(&field);
		break;
	case 1:
		mask = der_enter(&field, DER_SEQUENCE);
		if (!str_eq(der_oid(&mask), STR(OID_RSA "\x08"))) /* id-mgf1 */
			return false;
		out->mgf = x509_read_hash(&mask);
		if (!rd_done(&mask))
			return false;
		break;
	case 2:
		out->salt = der_small(&field);
		break;
	default:
		out->trailer = der_small(&field);
	}
	return rd_done(&field);
}

/* RSASSA-PSS-params (RFC 4055 section 3.1): hash, MGF1 with the same hash, salt, the one trailer there is. NULL, or
 * what is wrong. */
static const char *
read_pss(struct rd parameters, struct pss *out)
{
	struct rd p = der_enter(&parameters, DER_SEQUENCE);
	bool good = rd_done(&parameters);

	*out = (struct pss){ X509_SHA1, X509_SHA1, 20, 1 };
	for (unsigned n = 0; n < 4 && good; n++)
		good = read_pss_field(&p, n, out);
	if (!good || !rd_done(&p))
		return "malformed parameters";
	if (out->hash < 0)
		return "parameters with a hash that is not supported here";
	if (out->hash != out->mgf)
		return "parameters with another hash for MGF1, which is not supported here";
	return out->trailer == 1 ? NULL : "parameters with a trailer that does not exist";
}

/* NULL, or what is wrong. */
static const char *
read_parameters(struct rd parameters, struct signature_algorithm *a)
{
	struct pss pss;
	const char *why;

	/* RFC 8410 section 3: they MUST be absent. */
	if (a->kind == SIGNATURE_EDDSA)
		return rd_left(&parameters) == 0 ? NULL : "malformed parameters";
	if (a->kind != SIGNATURE_PSS)
		return null_or_nothing(parameters) ? NULL : "malformed parameters";
	why = read_pss(parameters, &pss);
	if (why != NULL)
		return why;
	a->hash = (enum x509_hash)pss.hash;
	a->salt = pss.salt;
	return NULL;
}

struct signature_algorithm
x509_signature_algorithm(struct str algorithm_identifier)
{
	struct rd r = rd_str(algorithm_identifier), parameters;
	struct signature_algorithm a = { .oid = read_algorithm(&r, &parameters) };

	a.malformed = !rd_done(&r);
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms && !a.malformed; i++) {
		if (!str_eq(a.oid, str_from(algorithms[i].oid, algorithms[i].n)))
			continue;
		a.kind = algorithms[i].kind;
		a.hash = algorithms[i].hash;
		a.name = algorithms[i].name;
		a.why = read_parameters(parameters, &a);
		if (a.why != NULL) {
			a.malformed = a.kind == SIGNATURE_EDDSA;
			a.kind = SIGNATURE_UNKNOWN;
		}
	}
	return a;
}

bool
x509_could_sign(const struct x509_key *key, const struct signature_algorithm *a)
{
	if (a->kind == SIGNATURE_ECDSA)
		return key->type == X509_KEY_EC;
	if (a->kind == SIGNATURE_PKCS1)
		return key->type == X509_KEY_RSA;
	if (a->kind == SIGNATURE_EDDSA)
		return (key->type == X509_KEY_ED25519 || key->type == X509_KEY_ED448) && str_eq(key->oid, a->oid);
	return a->kind == SIGNATURE_PSS && (key->type == X509_KEY_RSA || key->type == X509_KEY_RSA_PSS);
}

/* What a verification costs, in units of some 10 ns. */
static uint64_t
verification_cost(const struct x509_key *key)
{
	static const struct {
		enum x509_key_type type;
		unsigned curve, cost;
	} costs[] = {
		{ X509_KEY_EC, 21, COST_P224 },
		{ X509_KEY_EC, 23, COST_P256 },
		{ X509_KEY_EC, 24, COST_P384 },
		{ X509_KEY_EC, 25, COST_P521 },
		{ X509_KEY_ED25519, 0, COST_ED25519 },
		{ X509_KEY_ED448, 0, COST_ED448 },
	};

	for (size_t i = 0; i < sizeof(costs) / sizeof(*costs); i++)
		if (costs[i].type == key->type && costs[i].curve == key->curve)
			return costs[i].cost;
	return COST_RSA +
	    (uint64_t)key->n.n * key->n.n * (key->e.n + 1) / (key->bits > 4096 ? COST_RSA_SHARE_LARGE : COST_RSA_SHARE);
}

bool
x509_signed_by(const struct x509_key *key, const struct signature_algorithm *a, struct str tbs, struct str signature,
    struct work *work)
{
	uint8_t digest[HASH_MAX];
	struct str hash;

	if (a->kind == SIGNATURE_UNKNOWN || !x509_key_usable(key) || !x509_could_sign(key, a) ||
	    !work_spend(work, verification_cost(key) + tbs.n))
		return false;
	if (a->kind == SIGNATURE_EDDSA)
		return x509_verify_eddsa(key, tbs, signature);
	hash_parts(a->hash, &tbs, 1, digest);
	hash = str_from(digest, hash_size(a->hash));
	if (a->kind == SIGNATURE_ECDSA)
		return x509_verify_ecdsa(key, hash, signature);
	if (a->kind == SIGNATURE_PSS)
		return x509_verify_pss_salt(key, a->hash, a->salt, hash, signature);
	return x509_verify_pkcs1(key, a->hash, hash, signature);
}

bool
x509_key_usable(const struct x509_key *key)
{
	if (key->type == X509_KEY_EC)
		return key->curve != 0;
	if (key->type == X509_KEY_ED25519 || key->type == X509_KEY_ED448)
		return true;
	return (key->type == X509_KEY_RSA || key->type == X509_KEY_RSA_PSS) && key->bits <= X509_MAX_RSA_BITS &&
	    key->e.n <= X509_MAX_RSA_EXPONENT;
}

static unsigned
bits_of(struct str number)
{
	unsigned bits = (unsigned)number.n * 8;

	for (unsigned top = number.n > 0 ? (uint8_t)number.p[0] : 0x80; top < 0x80 && bits > 0; top <<= 1)
		bits--;
	return bits;
}

/* A modulus is a product of odd primes, an exponent "an odd integer between 3 and n - 1" (RFC 8017 section 3.1). */
static bool
odd_from_three(struct str number)
{
	return number.n > 0 && ((uint8_t)number.p[number.n - 1] & 1) != 0 &&
	    (number.n > 1 || (uint8_t)number.p[0] >= 3);
}

static const char *
read_rsa(struct str bits, struct x509_key *key)
{
	struct rd r = rd_str(bits), inner = der_enter(&r, DER_SEQUENCE);

	key->n = der_unsigned(&inner);
	key->e = der_unsigned(&inner);
	key->bits = bits_of(key->n);
	if (!rd_done(&inner) || !rd_done(&r))
		return "no modulus and exponent";
	if (!odd_from_three(key->n))
		return "an even modulus";
	return odd_from_three(key->e) ? NULL : "an exponent that is no odd number from 3 on";
}

/* The parameters of an RSASSA-PSS key limit what it may sign (RFC 4055 section 1.2); its salt is the least. */
static const char *
read_pss_limits(struct rd parameters, struct x509_key *key)
{
	struct pss pss;
	const char *why;

	if (rd_left(&parameters) == 0)
		return NULL;
	why = read_pss(parameters, &pss);
	key->pss_limited = true;
	key->pss_hash = (enum x509_hash)pss.hash;
	key->pss_salt = pss.salt;
	return why;
}

static const char *
read_ec(struct rd parameters, struct str bits, struct x509_key *key)
{
	static const struct {
		const char *oid;
		size_t n;
		unsigned curve, bits;
	} curves[] = {
		{ "\x2a\x86\x48\xce\x3d\x03\x01\x07", 8, 23, 256 },
		{ "\x2b\x81\x04\x00\x22", 5, 24, 384 },
		{ "\x2b\x81\x04\x00\x23", 5, 25, 521 },
		{ "\x2a\x86\x48\xce\x3d\x03\x01\x01", 8, 0, 192 },
		{ "\x2b\x81\x04\x00\x21", 5, 21, 224 },
		{ "\x2b\x81\x04\x00\x0a", 5, 0, 256 },
	};
	bool named = der_peek(&parameters) == DER_OID;
	struct str oid = der_oid(&parameters);
	size_t size;

	key->point = bits;
	key->bits = bits.n > 0 ? (unsigned)(bits.n - 1) / 2 * 8 : 0;
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (str_eq(oid, str_from(curves[i].oid, curves[i].n))) {
			key->curve = curves[i].curve;
			key->bits = curves[i].bits;
		}
	if (key->curve == 0)
		key->oid = oid;
	size = (key->bits + 7) / 8;
	if (!rd_done(&parameters))
		return named ? "malformed parameters" : "a curve that is not given by its name";
	return key->curve == 0 || (bits.n == 2 * size + 1 && bits.p[0] == 4) ?
	    NULL :
	    "a point that is not of the uncompressed form";
}

/* RFC 8410 sections 3 and 4: no parameters, and the bytes of RFC 8032. */
static const char *
read_eddsa(struct rd parameters, struct str bits, struct x509_key *key)
{
	key->point = bits;
	key->bits = key->type == X509_KEY_ED25519 ? 256 : 448;
	if (rd_left(&parameters) > 0)
		return "parameters where there are none";
	return bits.n == (size_t)(key->type == X509_KEY_ED25519 ? ED25519_BYTES : ED448_BYTES) ?
	    NULL :
	    "a key of another length";
}

/* By its kind. */
static const char *
read_by_kind(struct str oid, struct rd parameters, struct str bits, struct x509_key *key)
{
	const char *why;

	if (str_eq(oid, STR(OID_RSA "\x01"))) {
		key->type = X509_KEY_RSA;
		return read_rsa(bits, key);
	}
	if (str_eq(oid, STR(OID_RSA "\x0a"))) {
		key->type = X509_KEY_RSA_PSS;
		why = read_pss_limits(parameters, key);
		return why != NULL ? why : read_rsa(bits, key);
	}
	if (str_eq(oid, STR("\x2a\x86\x48\xce\x3d\x02\x01"))) {
		key->type = X509_KEY_EC;
		return read_ec(parameters, bits, key);
	}
	if (str_eq(oid, STR(OID_ED25519)) || str_eq(oid, STR(OID_ED448))) {
		key->type = str_eq(oid, STR(OID_ED25519)) ? X509_KEY_ED25519 : X509_KEY_ED448;
		return read_eddsa(parameters, bits, key);
	}
	if (str_eq(oid, STR("\x2a\x86\x48\xce\x38\x04\x01")))
		key->type = X509_KEY_DSA;
	return NULL;
}

const char *
x509_read_key(struct str spki, struct x509_key *key)
{
	struct rd r = rd_str(spki), outer = der_enter(&r, DER_SEQUENCE), parameters;
	struct str oid = read_algorithm(&outer, &parameters), bits;
	const char *why;

	*key = (struct x509_key){ .oid = oid };
	if (outer.bad)
		return "a malformed algorithm";
	bits = der_bits(&outer);
	if (!rd_done(&outer) || !rd_done(&r))
		return "no BIT STRING of whole bytes";
	why = read_by_kind(oid, parameters, bits, key);
	if (why != NULL)
		key->type = X509_KEY_UNKNOWN; /* nobody encrypts to it or checks with it */
	else if (key->type == X509_KEY_RSA && !null_or_nothing(parameters))
		why = "parameters where NULL is meant";
	return why;
}

char *
x509_oid_text(struct str oid)
{
	struct buf out;
	uint64_t value = 0;
	bool first = true;

	buf_init(&out, 1024);
	for (size_t i = 0; i < oid.n; i++) {
		value = value << 7 | ((uint8_t)oid.p[i] & 0x7F);
		if (((uint8_t)oid.p[i] & 0x80) != 0)
			continue;
		if (first)
			buf_addf(&out, "%u.%llu",
			    value < 40     ? 0 :
				value < 80 ? 1 :
					     2,
			    (unsigned long long)(value < 40 ? value :
				    value < 80              ? value - 40 :
							      value - 80));
		else
			buf_addf(&out, ".%llu", (unsigned long long)value);
		first = false;
		value = 0;
	}
	return buf_take(&out);
}

/* Curves that others have (SEC 2, RFC 5639). */
static char *
unsupported_curve_text(const struct x509_key *k)
{
	static const struct {
		const char *oid, *name;
	} curves[] = {
		{ "1.3.132.0.10", "secp256k1" },
		{ "1.2.840.10045.3.1.1", "secp192r1" },
		{ "1.3.132.0.32", "secp224k1" },
		{ "1.3.132.0.31", "secp192k1" },
		{ "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1" },
		{ "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1" },
		{ "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1" },
		{ "1.2.156.10197.1.301", "curveSM2" },
	};
	char *oid = x509_oid_text(k->oid), *text;
	const char *name = oid;

	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (strcmp(oid, curves[i].oid) == 0)
			name = curves[i].name;
	text = str_printf("EC on an unsupported curve (%s, %u bits)", name, k->bits);
	free(oid);
	return text;
}

char *
x509_key_text(const struct x509_key *k)
{
	char *oid, *text;

	switch (k->type) {
	case X509_KEY_RSA:
		return str_printf("RSA %u", k->bits);
	case X509_KEY_RSA_PSS:
		return str_printf("RSA-PSS %u", k->bits);
	case X509_KEY_EC:
		return k->curve != 0 ? str_printf("EC P-%u", k->bits) : unsupported_curve_text(k);
	case X509_KEY_ED25519:
		return str_dup(STR("Ed25519"));
	case X509_KEY_ED448:
		return str_dup(STR("Ed448"));
	case X509_KEY_DSA:
		return str_dup(STR("DSA"));
	case X509_KEY_UNKNOWN:
		break;
	}
	oid = x509_oid_text(k->oid);
	text = str_printf("unknown algorithm %s", oid);
	free(oid);
	return text;
}
