/* Mutated certificates that are given keys and signatures of ours, so that more than their signature is judged. */
#include "tests/fuzz/x509/chain.h"

#include <bearssl.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/der.h"
#include "net/x509/nettle.h"

enum { PLACE_ALGORITHM = 2, PLACE_SPKI = 6, TAG_VERSION = 0xA0 }; /* places in a TBSCertificate that has a version */

static const struct {
	uint8_t head[26];
} spki_p256 = {
	{ 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
	    0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 },
};

static void
private_key(br_ec_private_key *k, uint8_t scalar[32], unsigned number)
{
	memset(scalar, 0x11 + (int)number, 32);
	*k = (br_ec_private_key){ BR_EC_secp256r1, scalar, 32 };
}

static struct str
public_point(unsigned number)
{
	static uint8_t points[CHAIN_KEYS][BR_EC_KBUF_PUB_MAX_SIZE];
	static size_t sizes[CHAIN_KEYS];
	br_ec_private_key k;
	uint8_t scalar[32];

	if (sizes[number] == 0) {
		private_key(&k, scalar, number);
		sizes[number] = br_ec_compute_pub(br_ec_get_default(), NULL, points[number], &k);
	}
	return str_from(points[number], sizes[number]);
}

/* What a certificate says of itself decides: it gets an EdDSA key, or signature, where it had one. */
static const struct eddsa {
	enum x509_key_type type;
	size_t size, signature;
	struct str spki, algorithm; /* before the key; whole */
} eddsas[] = {
	{ X509_KEY_ED25519, ED25519_BYTES, ED25519_SIGNED, { "\x30\x2A\x30\x05\x06\x03\x2B\x65\x70\x03\x21\x00", 12 },
	    { "\x30\x05\x06\x03\x2B\x65\x70", 7 } },
	{ X509_KEY_ED448, ED448_BYTES, ED448_SIGNED, { "\x30\x43\x30\x05\x06\x03\x2B\x65\x71\x03\x3A\x00", 12 },
	    { "\x30\x05\x06\x03\x2B\x65\x71", 7 } },
};

enum { EDDSAS = sizeof eddsas / sizeof eddsas[0] };

static void
put_public_key(struct buf *b, struct str old, unsigned number)
{
	uint8_t private_bytes[ED448_BYTES], key[ED448_BYTES];

	for (size_t i = 0; i < EDDSAS; i++)
		if (str_starts(old, eddsas[i].spki)) {
			memset(private_bytes, 0x11 + (int)number, sizeof private_bytes);
			nettle_eddsa_public(eddsas[i].type, private_bytes, key);
			put_str(b, eddsas[i].spki);
			put_str(b, str_from(key, eddsas[i].size));
			return;
		}
	put_str(b, str_from(spki_p256.head, sizeof spki_p256.head));
	put_str(b, public_point(number));
}

static size_t
sign(struct str tbs, struct str algorithm, unsigned number, uint8_t signature[ED448_SIGNED])
{
	uint8_t scalar[ED448_BYTES], digest[32];
	br_sha256_context hash;
	br_ec_private_key k;

	for (size_t i = 0; i < EDDSAS; i++)
		if (str_eq(algorithm, eddsas[i].algorithm)) {
			memset(scalar, 0x11 + (int)number, sizeof scalar);
			nettle_eddsa_sign(eddsas[i].type, scalar, tbs, signature);
			return eddsas[i].signature;
		}
	br_sha256_init(&hash);
	br_sha256_update(&hash, tbs.p, tbs.n);
	br_sha256_out(&hash, digest);
	private_key(&k, scalar, number);
	return br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, digest, &k, signature);
}

/* ---- making a certificate ours ---- */
static void
put_length(struct buf *b, size_t n)
{
	unsigned more = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;

	if (more == 0) {
		put_u8(b, (unsigned)n);
		return;
	}
	put_u8(b, 0x80 | more);
	while (more-- > 0)
		put_u8(b, n >> 8 * more & 0xff);
}

static void
put_sequence(struct buf *b, struct str contents)
{
	put_u8(b, DER_SEQUENCE);
	put_length(b, contents.n);
	put_str(b, contents);
}

/* Copies the fields, with our public key; *algorithm is the one of the signature. */
static bool
rewrite_tbs(struct rd fields, unsigned flags, unsigned own, struct buf *out, struct str *algorithm)
{
	unsigned tag;
	struct str contents, whole;

	for (int place = der_peek(&fields) == TAG_VERSION ? 0 : 1; rd_left(&fields) > 0; place++) {
		if (!der_next(&fields, &tag, &contents, &whole))
			return false;
		if (place == PLACE_ALGORITHM)
			*algorithm = whole;
		if (place == PLACE_SPKI && (flags & CHAIN_OLD_KEY) == 0) {
			put_public_key(out, whole, own);
		} else {
			put_str(out, whole);
		}
	}
	return algorithm->p != NULL;
}

static void
put_signature(struct buf *b, unsigned signer, struct str algorithm, struct str tbs)
{
	uint8_t signature[ED448_SIGNED];
	size_t n = sign(tbs, algorithm, signer, signature);

	put_u8(b, DER_BIT_STRING);
	put_length(b, n + 1);
	put_u8(b, 0);
	put_str(b, str_from(signature, n));
}

/* The certificate with our key and signature; as it is when it is none. */
static void
make_ours(struct str der, unsigned flags, unsigned keys, struct buf *out)
{
	struct rd r = rd_str(der), outer = der_enter(&r, DER_SEQUENCE), fields = der_enter(&outer, DER_SEQUENCE);
	struct str algorithm = { NULL, 0 };
	struct buf tbs, signed_tbs, all;

	buf_init(&tbs, 0);
	buf_init(&signed_tbs, 0);
	buf_init(&all, 0);
	if ((flags & CHAIN_AS_IT_IS) != 0 || fields.bad ||
	    !rewrite_tbs(fields, flags, (keys & 15) % CHAIN_KEYS, &tbs, &algorithm)) {
		put_str(out, der);
	} else {
		put_sequence(&signed_tbs, buf_str(&tbs));
		put_str(&all, buf_str(&signed_tbs));
		put_str(&all, algorithm);
		put_signature(&all, (keys >> 4) % CHAIN_KEYS, algorithm, buf_str(&signed_tbs));
		put_sequence(out, buf_str(&all));
	}
	buf_release(&tbs);
	buf_release(&signed_tbs);
	buf_release(&all);
}

/* ---- judging ---- */
static void *
memory_of(struct str s)
{
	union {
		const char *in;
		char *out;
	} p = { s.p };

	return p.out;
}

struct material {
	struct x509_cert *chain[CHAIN_MAX];
	size_t n;
	struct x509_store *store;
	struct str anchors[CHAIN_MAX];
	size_t n_anchors;
	void (*accepted)(const struct chain_accepted *);
};

static void
read_certificate(struct material *m, unsigned flags, unsigned keys, struct str der)
{
	struct buf ours;

	buf_init(&ours, 0);
	make_ours(der, flags, keys, &ours);
	if ((flags & CHAIN_ANCHOR) != 0) {
		if (m->n_anchors < CHAIN_MAX && x509_store_add_pem(m->store, buf_str(&ours), NULL) > 0)
			m->anchors[m->n_anchors++] = str_from(mem_dup(ours.data, ours.len), ours.len);
	} else if (m->n < CHAIN_MAX) {
		m->chain[m->n] = x509_cert_new(buf_str(&ours), NULL);
		m->n += m->chain[m->n] != NULL;
	}
	buf_release(&ours);
}

static void
check_text(const char *text)
{
	if (text == NULL)
		abort();
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			abort();
}

static void
check_texts(const struct x509_cert *c)
{
	char *texts[] = { x509_subject_text(c), x509_issuer_text(c), x509_serial_text(c), x509_key_text(&c->key),
		x509_names_text(c), x509_time_text(c->not_before), x509_time_text(c->not_after), x509_pin_text(c) };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		check_text(texts[i]);
		free(texts[i]);
	}
	check_text(x509_signature_name(c));
}

/* What must hold of any judgement. */
static void
check(const struct material *m, const struct x509_policy *policy, const struct x509_verdict *v, int result,
    const struct error *error)
{
	if ((result == 0) != (v->n_reasons == 0) || v->n_path > X509_MAX_CHAIN || v->signatures > X509_MAX_SIGNATURES)
		abort();
	for (size_t i = 0; i < v->n_path; i++)
		if (v->path[i] < -1 || v->path[i] >= (int)m->n)
			abort();
	for (size_t i = 0; i < v->n_reasons; i++) {
		check_text(v->reasons[i].text);
		if (v->reasons[i].fault == X509_OK || v->reasons[i].index < -1 || v->reasons[i].index >= (int)m->n)
			abort();
	}
	if (result != 0) {
		check_text(error->text);
		return;
	}
	if (m->n == 0 || m->n_anchors == 0 || v->n_path == 0 || v->anchor == NULL)
		abort();
	if (m->chain[0]->not_before > policy->now || m->chain[0]->not_after < policy->now)
		abort();
	for (size_t i = 1; i < v->n_path; i++)
		if (v->path[i] > 0 && !m->chain[v->path[i]]->is_ca)
			abort();
}

static void
judge(const struct material *m, unsigned settings, int64_t now, const char *host, struct chain_outcome *outcome)
{
	static const char *const pins[] = { "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
	struct x509_policy policy = { .anchors = m->store, .now = now, .host = settings & CHAIN_NO_HOST ? NULL : host };
	struct x509_verdict verdict;
	struct error error = { .kind = ERROR_NONE };

	policy.strict = settings & CHAIN_STRICT;
	policy.allow_sha1 = settings & CHAIN_SHA1;
	policy.check_host_off = settings & CHAIN_HOST_OFF;
	policy.pins = pins;
	policy.n_pins = settings & CHAIN_PIN ? 1 : 0;
	memset(&verdict, 0, sizeof verdict);
	outcome->result = x509_judge(m->chain, m->n, &policy, &verdict, &error);
	check(m, &policy, &verdict, outcome->result, &error);
	if (outcome->result == 0 && m->accepted != NULL) {
		struct chain_accepted a = {
			.chain = m->chain,
			.n_anchors = m->n_anchors,
			.policy = &policy,
			.verdict = &verdict,
		};

		memcpy(a.anchors, m->anchors, sizeof a.anchors);
		m->accepted(&a);
	}
	outcome->first = verdict.n_reasons > 0 ? verdict.reasons[0].fault : X509_OK;
	x509_verdict_release(&verdict);
}

/* As struct x509_policy wants it: ASCII, nothing that steers a terminal. */
static char *
read_host(struct rd *r)
{
	struct rd host = rd_vec8(r);
	char *name = str_dup(rd_rest(&host));

	for (char *p = name; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f)
			*p = 'x';
	return name;
}

void
chain_run(const uint8_t *input, size_t size, struct chain_outcome *outcome,
    void (*accepted)(const struct chain_accepted *))
{
	struct rd r = rd_of(input, size);
	unsigned settings = rd_u8(&r);
	int64_t now = rd_u32(&r);
	struct material m = { .store = x509_store_new(), .accepted = accepted };
	char *name;

	*outcome = (struct chain_outcome){ .result = -1 };
	name = read_host(&r);
	while (rd_left(&r) > 0 && !r.bad) {
		unsigned flags = rd_u8(&r), keys = rd_u8(&r);
		struct rd der = rd_vec16(&r);

		if (!r.bad)
			read_certificate(&m, flags, keys, rd_rest(&der));
	}
	for (size_t i = 0; i < m.n; i++)
		check_texts(m.chain[i]);
	judge(&m, settings, now, name, outcome);
	outcome->n = m.n;
	outcome->n_anchors = m.n_anchors;
	for (size_t i = 0; i < m.n; i++)
		x509_cert_free(m.chain[i]);
	for (size_t i = 0; i < m.n_anchors; i++)
		free(memory_of(m.anchors[i]));
	x509_store_free(m.store);
	free(name);
}

void
chain_describe(struct tree *t, const uint8_t *input, size_t size)
{
	int node;
	size_t at;

	tree_init(t, input, size);
	tree_field(t, TREE_ROOT, 0, 5);
	node = tree_vector(t, TREE_ROOT, 5, 0, 1, size);
	while (node >= 0) {
		at = t->nodes[node].end;
		node = tree_vector(t, TREE_ROOT, at, 2, 2, size);
		if (node >= 0)
			tree_der(t, node, t->nodes[node].content, t->nodes[node].end);
	}
}
