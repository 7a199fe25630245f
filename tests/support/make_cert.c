/* Certificates made on the spot, right or wrong, always the same bytes. */
#include "tests/support/make_cert.h"

#include <arpa/inet.h>
#include <bearssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/hex.h"

void
make_tlv(struct buf *out, unsigned tag, struct str contents)
{
	put_u8(out, tag);
	if (contents.n >= 256) {
		put_u8(out, 0x82);
		put_u16(out, (unsigned)contents.n);
	} else {
		if (contents.n >= 128)
			put_u8(out, 0x81);
		put_u8(out, (unsigned)contents.n);
	}
	put_str(out, contents);
}

/* Wraps what stands behind `from` into an element. */
static void
wrap(struct buf *out, size_t from, unsigned tag)
{
	char *inner = str_dup(str_from(out->data + from, out->len - from));
	size_t n = out->len - from;

	out->len = from;
	make_tlv(out, tag, str_from(inner, n));
	free(inner);
}

void
make_hex(struct buf *out, const char *text)
{
	for (int high = -1; *text != '\0'; text++) {
		int digit = hex_value(*text);

		if (digit < 0)
			continue;
		if (high >= 0)
			put_u8(out, (unsigned)(high << 4 | digit));
		high = high < 0 ? digit : -1;
	}
}

/* "CN=value" */
static void
add_attribute(struct buf *out, struct str value)
{
	static const struct {
		const char *type, *oid;
	} types[] = {
		{ "CN", "550403" },
		{ "C", "550406" },
		{ "O", "55040a" },
		{ "E", "2a864886f70d010901" },
	};
	struct str type = str_cut(&value, '=');

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_is(type, types[i].type)) {
			struct hex oid = hex(types[i].oid);
			size_t pair = out->len;

			make_tlv(out, 0x06, HEX_STR(oid));
			make_tlv(out, str_is(type, "E") ? 0x16 : 0x0C, value);
			wrap(out, pair, 0x30);
		}
}

void
make_name(struct buf *out, const char *text)
{
	struct str rest = str_of(text);
	size_t start = out->len;

	while (rest.n > 0) {
		struct str attributes = str_cut(&rest, ',');
		size_t rdn = out->len;

		while (attributes.n > 0)
			add_attribute(out, str_cut(&attributes, '+'));
		wrap(out, rdn, 0x31);
	}
	wrap(out, start, 0x30);
}

static void
add_time(struct buf *out, int64_t at, unsigned tag)
{
	time_t t = (time_t)at;
	struct tm tm;
	char text[32];

	gmtime_r(&t, &tm);
	strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
	make_tlv(out, tag, str_of(tag == 0x18 ? text : text + 2)); /* UTCTime has two digits of the year */
}

void
make_time(struct buf *out, int64_t at)
{
	add_time(out, at, 0x18);
}

static br_ec_private_key
private_key(unsigned key, uint8_t scalar[32])
{
	memset(scalar, 0, 32);
	scalar[30] = (uint8_t)(key >> 8);
	scalar[31] = (uint8_t)key;
	return (br_ec_private_key){ BR_EC_secp256r1, scalar, 32 };
}

void
make_point(unsigned key, uint8_t out[65])
{
	uint8_t scalar[32], room[BR_EC_KBUF_PUB_MAX_SIZE];
	br_ec_private_key k = private_key(key, scalar);
	br_ec_public_key pub;

	br_ec_compute_pub(br_ec_get_default(), &pub, room, &k);
	memcpy(out, pub.q, 65);
}

void
make_spki(struct buf *out, unsigned key)
{
	uint8_t point[66] = { 0 };
	size_t start = out->len;

	make_point(key, point + 1);
	make_hex(out, "301306072a8648ce3d020106082a8648ce3d030107");
	make_tlv(out, 0x03, str_from(point, sizeof point));
	wrap(out, start, 0x30);
}

struct buf
make_signature(struct str bytes, unsigned key)
{
	uint8_t scalar[32], digest[32];
	br_ec_private_key k = private_key(key, scalar);
	br_sha256_context sha;
	struct buf out;

	br_sha256_init(&sha);
	br_sha256_update(&sha, bytes.p, bytes.n);
	br_sha256_out(&sha, digest);
	buf_init(&out, 0);
	buf_added(&out,
	    br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, digest, &k, buf_room(&out, 80)));
	return out;
}

static void
add_extension(struct buf *out, const char *oid, bool critical, const struct buf *value)
{
	size_t start = out->len;
	struct hex id = hex(oid);

	make_tlv(out, 0x06, HEX_STR(id));
	if (critical)
		make_hex(out, "0101ff");
	make_tlv(out, 0x04, buf_str(value));
	wrap(out, start, 0x30);
}

/* One GeneralName of "DNS:x", with the base's mask for constraints. */
static void
add_general_name(struct buf *out, struct str text)
{
	struct str value = text, kind = str_cut(&value, ':');
	uint8_t bytes[32];
	char part[64];
	size_t n = 0, start;

	if (str_is(kind, "IP")) {
		while (value.p != NULL) {
			struct str address = str_cut(&value, '/');

			memcpy(part, address.p, address.n);
			part[address.n] = '\0';
			if (inet_pton(AF_INET, part, bytes + n) == 1)
				n += 4;
			else if (inet_pton(AF_INET6, part, bytes + n) == 1)
				n += 16;
		}
		make_tlv(out, 0x87, str_from(bytes, n));
	} else if (str_is(kind, "dir")) {
		char *name = str_dup(value);

		start = out->len;
		for (char *p = name; *p != '\0'; p++)
			if (*p == ';')
				*p = ',';
		make_name(out, name);
		wrap(out, start, 0xA4);
		free(name);
	} else {
		make_tlv(out, str_is(kind, "DNS") ? 0x82 : str_is(kind, "email") ? 0x81 : 0x86, value);
	}
}

static void
add_names(struct buf *out, const char *list, bool subtrees)
{
	struct str rest = str_of(list);

	while (rest.n > 0) {
		size_t start = out->len;

		add_general_name(out, str_cut(&rest, ','));
		if (subtrees)
			wrap(out, start, 0x30);
	}
}

static void
add_basic(struct buf *out, const struct made *m)
{
	struct buf v;

	buf_init(&v, 0);
	if (m->ca > 0)
		make_hex(&v, "0101ff");
	if (m->path_len > 0)
		make_tlv(&v, 0x02, str_from((const uint8_t[]){ (uint8_t)(m->path_len - 1) }, 1));
	wrap(&v, 0, 0x30);
	add_extension(out, "551d13", true, &v);
	buf_release(&v);
}

static void
add_usage(struct buf *out, const struct made *m)
{
	uint8_t bits[2] = { 0, 0 };
	struct buf v;

	for (unsigned i = 0; i < 8; i++)
		if ((m->usage & 1u << i) != 0)
			bits[1] = (uint8_t)(bits[1] | 0x80 >> i);
	while (bits[0] < 7 && (bits[1] & 1u << bits[0]) == 0)
		bits[0]++;
	buf_init(&v, 0);
	make_tlv(&v, 0x03, str_from(bits, 2));
	add_extension(out, "551d0f", true, &v);
	buf_release(&v);
}

static void
add_eku(struct buf *out, const char *list)
{
	static const struct {
		const char *name, *der;
	} purposes[] = {
		{ "server", "06082b06010505070301" },
		{ "client", "06082b06010505070302" },
		{ "ocsp", "06082b06010505070309" },
		{ "any", "0604551d2500" },
	};
	struct str rest = str_of(list);
	struct buf v;

	buf_init(&v, 0);
	while (rest.n > 0) {
		struct str name = str_cut(&rest, ',');

		for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
			if (str_is(name, purposes[i].name))
				make_hex(&v, purposes[i].der);
	}
	wrap(&v, 0, 0x30);
	add_extension(out, "551d25", false, &v);
	buf_release(&v);
}

static void
add_constraints(struct buf *out, const struct made *m)
{
	struct buf v;
	size_t at;

	buf_init(&v, 0);
	if (m->permitted != NULL) {
		add_names(&v, m->permitted, true);
		wrap(&v, 0, 0xA0);
	}
	at = v.len;
	if (m->excluded != NULL) {
		add_names(&v, m->excluded, true);
		wrap(&v, at, 0xA1);
	}
	wrap(&v, 0, 0x30);
	add_extension(out, "551d1e", true, &v);
	buf_release(&v);
}

static void
add_value(struct buf *out, const char *oid, bool critical, struct buf *v)
{
	add_extension(out, oid, critical, v);
	buf_release(v);
	buf_init(v, 0);
}

static void
add_extensions(struct buf *out, const struct made *m)
{
	size_t start = out->len;
	struct buf v;

	buf_init(&v, 0);
	if (m->names != NULL) {
		add_names(&v, m->names, false);
		wrap(&v, 0, 0x30);
		add_value(out, "551d11", m->names_critical, &v);
	}
	if (m->ca != 0)
		add_basic(out, m);
	if (m->usage != 0)
		add_usage(out, m);
	if (m->eku != NULL)
		add_eku(out, m->eku);
	if (m->permitted != NULL || m->excluded != NULL)
		add_constraints(out, m);
	if (m->ski != 0) {
		make_tlv(&v, 0x04, str_from((const uint8_t[]){ (uint8_t)m->ski }, 1));
		add_value(out, "551d0e", false, &v);
	}
	if (m->aki != 0) {
		make_tlv(&v, 0x80, str_from((const uint8_t[]){ (uint8_t)m->aki }, 1));
		wrap(&v, 0, 0x30);
		add_value(out, "551d23", false, &v);
	}
	for (size_t i = 0; i < MAKE_EXTENSIONS && m->more[i].oid != NULL; i++) {
		make_hex(&v, m->more[i].value);
		add_value(out, m->more[i].oid, m->more[i].critical, &v);
	}
	if (m->raw_extensions != NULL)
		make_hex(out, m->raw_extensions);
	if (out->len > start) {
		wrap(out, start, 0x30);
		wrap(out, start, 0xA3);
	}
}

static void
add_validity(struct buf *out, const struct made *m)
{
	size_t at = out->len;

	add_time(out, m->from != 0 ? m->from : MAKE_NOW - 30 * MAKE_DAY, 0x17);
	add_time(out, m->until != 0 ? m->until : MAKE_NOW + 30 * MAKE_DAY, 0x17);
	wrap(out, at, 0x30);
}

static void
add_field(struct buf *out, const struct made *m, enum make_field field)
{
	const char *algorithm = m->algorithm != NULL ? m->algorithm : MAKE_ECDSA_SHA256;
	struct hex serial = hex(m->serial != NULL ? m->serial : "0102");
	unsigned version = m->version != 0 ? m->version : 3;

	if (m->raw[field] != NULL)
		make_hex(out, m->raw[field]);
	else if (field == MAKE_VERSION && version != 1)
		make_tlv(out, 0xA0, str_from((const uint8_t[]){ 0x02, 1, (uint8_t)(version - 1) }, 3));
	else if (field == MAKE_SERIAL)
		make_tlv(out, 0x02, HEX_STR(serial));
	else if (field == MAKE_INNER_ALGORITHM)
		make_hex(out, m->inner_algorithm != NULL ? m->inner_algorithm : algorithm);
	else if (field == MAKE_ISSUER)
		make_name(out, m->issuer != NULL ? m->issuer : "CN=CA");
	else if (field == MAKE_VALIDITY)
		add_validity(out, m);
	else if (field == MAKE_SUBJECT)
		make_name(out, m->subject != NULL ? m->subject : "CN=leaf");
	else if (field == MAKE_KEY && m->spki != NULL)
		make_hex(out, m->spki);
	else if (field == MAKE_KEY)
		make_spki(out, m->key != 0 ? m->key : 2);
	else if (field == MAKE_TAIL)
		add_extensions(out, m);
	else if (field == MAKE_ALGORITHM)
		make_hex(out, algorithm);
}

static void
add_signature(struct buf *out, const struct made *m, struct buf *signature)
{
	size_t at = out->len;

	if (m->raw[MAKE_SIGNATURE] != NULL) {
		make_hex(out, m->raw[MAKE_SIGNATURE]);
		return;
	}
	if (m->broken)
		signature->data[signature->len - 1] ^= 1;
	if (m->rsa_signature > 0) {
		buf_clear(signature);
		memset(buf_room(signature, m->rsa_signature), 0x5A, m->rsa_signature);
		buf_added(signature, m->rsa_signature);
	}
	put_u8(out, 0);
	put_str(out, buf_str(signature));
	wrap(out, at, 0x03);
}

struct buf
make_cert(const struct made *m)
{
	struct buf out, signature;

	buf_init(&out, 0);
	for (unsigned field = MAKE_VERSION; field <= MAKE_TAIL; field++)
		add_field(&out, m, (enum make_field)field);
	wrap(&out, 0, 0x30);
	signature = make_signature(buf_str(&out), m->signer != 0 ? m->signer : 1);
	add_field(&out, m, MAKE_ALGORITHM);
	add_signature(&out, m, &signature);
	wrap(&out, 0, 0x30);
	buf_release(&signature);
	return out;
}

struct x509_cert *
make_decoded(const struct made *m)
{
	struct buf der = make_cert(m);
	struct x509_cert *c = x509_cert_new(buf_str(&der), NULL);

	if (c == NULL)
		abort();
	buf_release(&der);
	return c;
}
