/* Stapled OCSP responses (RFC 6960): decoded, judged, and what the judgement of the chain makes of them. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/ocsp.h"
#include "tests/support/hex.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

enum { CA = 1, LEAF = 2, RESPONDER = 3, STRANGER = 4 };
#define HOUR 3600
#define MUST_STAPLE \
	{ \
		"2b060105050701" \
		"18", \
		    false, "3003020105" \
	}
#define UNKNOWN_CRITICAL "a110300e300c06032a03040101ff04020500"

/* What is left 0 makes a good answer by the CA about the leaf, one hour old, good for a day. */
struct answer {
	int status;  /* of the response */
	bool sha256; /* CertID */
	const char *issuer_name, *serial;
	unsigned issuer_key;
	const char *certificate_status; /* hex; default good */
	int64_t from, until;            /* until -1: no nextUpdate */
	unsigned signer;
	bool by_key, wrong_signature;
	const char *responder;                      /* default CN=CA */
	const char *extensions, *single_extensions; /* hex, with their tag */
	const struct made *delegate;                /* a certificate that comes along */
	const char *algorithm;
};

static void
wrapped(struct buf *out, unsigned tag, struct buf *inner)
{
	make_tlv(out, tag, buf_str(inner));
	buf_release(inner);
	buf_init(inner, 0);
}

static void
hashed(struct buf *out, bool sha256, struct str of)
{
	uint8_t digest[HASH_MAX];
	enum x509_hash h = sha256 ? X509_SHA256 : X509_SHA1;

	hash_parts(h, &of, 1, digest);
	make_tlv(out, 0x04, str_from(digest, hash_size(h)));
}

static void
cert_id(struct buf *out, const struct answer *a)
{
	struct hex serial = hex(a->serial != NULL ? a->serial : "0102");
	struct buf v, name;
	uint8_t point[65];

	buf_init(&v, 0);
	buf_init(&name, 0);
	make_hex(&v, a->sha256 ? "300d06096086480165030402010500" : "300906052b0e03021a0500");
	make_name(&name, a->issuer_name != NULL ? a->issuer_name : "CN=CA");
	hashed(&v, a->sha256, buf_str(&name));
	make_point(a->issuer_key != 0 ? a->issuer_key : CA, point);
	hashed(&v, a->sha256, str_from(point, 65));
	make_tlv(&v, 0x02, HEX_STR(serial));
	wrapped(out, 0x30, &v);
	buf_release(&name);
}

static void
single(struct buf *out, const struct answer *a)
{
	struct buf v, next;

	buf_init(&v, 0);
	buf_init(&next, 0);
	cert_id(&v, a);
	make_hex(&v, a->certificate_status != NULL ? a->certificate_status : "8000");
	make_time(&v, a->from != 0 ? a->from : MAKE_NOW - HOUR);
	if (a->until >= 0) {
		make_time(&next, a->until != 0 ? a->until : MAKE_NOW + MAKE_DAY);
		wrapped(&v, 0xA0, &next);
	}
	make_hex(&v, a->single_extensions != NULL ? a->single_extensions : "");
	wrapped(out, 0x30, &v);
}

static struct buf
response_data(const struct answer *a)
{
	struct buf v, part, out;
	uint8_t point[65];

	buf_init(&v, 0);
	buf_init(&part, 0);
	buf_init(&out, 0);
	if (a->by_key) {
		make_point(a->signer != 0 ? a->signer : CA, point);
		hashed(&part, false, str_from(point, 65));
		wrapped(&v, 0xA2, &part);
	} else {
		make_name(&part, a->responder != NULL ? a->responder : "CN=CA");
		wrapped(&v, 0xA1, &part);
	}
	make_time(&v, MAKE_NOW - HOUR);
	single(&part, a);
	wrapped(&v, 0x30, &part);
	make_hex(&v, a->extensions != NULL ? a->extensions : "");
	wrapped(&out, 0x30, &v);
	return out;
}

static struct buf
response(const struct answer *a)
{
	struct buf tbs = response_data(a), basic, part, out,
		   signature = make_signature(buf_str(&tbs), a->signer != 0 ? a->signer : CA);

	buf_init(&basic, 0);
	buf_init(&part, 0);
	buf_init(&out, 0);
	if (a->wrong_signature)
		signature.data[signature.len - 1] ^= 1;
	put_str(&basic, buf_str(&tbs));
	make_hex(&basic, a->algorithm != NULL ? a->algorithm : MAKE_ECDSA_SHA256);
	put_u8(&part, 0);
	put_str(&part, buf_str(&signature));
	wrapped(&basic, 0x03, &part);
	if (a->delegate != NULL) {
		struct buf der = make_cert(a->delegate), list;

		buf_init(&list, 0);
		wrapped(&list, 0x30, &der);
		wrapped(&basic, 0xA0, &list);
		buf_release(&list);
		buf_release(&der);
	}
	wrapped(&part, 0x30, &basic);
	wrapped(&out, 0x04, &part);
	make_hex(&part, "06092b0601050507300101");
	put_str(&part, buf_str(&out));
	buf_clear(&out);
	wrapped(&out, 0x30, &part);
	wrapped(&part, 0xA0, &out);
	put_str(&out, STR("\x0a\x01"));
	put_u8(&out, (unsigned)a->status);
	if (a->status == 0)
		put_str(&out, buf_str(&part));
	buf_release(&part);
	wrapped(&part, 0x30, &out);
	buf_release(&out);
	buf_release(&basic);
	buf_release(&tbs);
	buf_release(&signature);
	return part;
}

static const struct made ca = {
	.subject = "CN=CA",
	.key = CA,
	.ca = 1,
	.usage = X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN,
};
static const struct made leaf = { .names = "DNS:www.example.com" };
static const struct made delegate = {
	.subject = "CN=Responder",
	.key = RESPONDER,
	.eku = "ocsp",
	.usage = X509_USAGE_SIGN,
};
static const struct made no_purpose = { .subject = "CN=Responder", .key = RESPONDER, .usage = X509_USAGE_SIGN };
static const struct made server_purpose = { .subject = "CN=Responder", .key = RESPONDER, .eku = "server,any" };
static const struct made by_stranger = {
	.subject = "CN=Responder",
	.key = RESPONDER,
	.eku = "ocsp",
	.signer = STRANGER,
};
static const struct made of_stranger = {
	.subject = "CN=Responder",
	.issuer = "CN=Other",
	.key = RESPONDER,
	.eku = "ocsp",
	.signer = STRANGER,
};
static const struct made expired = {
	.subject = "CN=Responder",
	.key = RESPONDER,
	.eku = "ocsp",
	.until = MAKE_NOW - MAKE_DAY,
};
static const struct made no_signing = {
	.subject = "CN=Responder",
	.key = RESPONDER,
	.eku = "ocsp",
	.usage = X509_USAGE_ENCIPHER,
};

static const struct {
	struct answer answer;
	enum x509_staple expected;
	const char *text;
} rows[] = {
	{ { 0 }, X509_STAPLE_GOOD, "good, from 2026-05-31 23:00:00 UTC until 2026-06-02 00:00:00 UTC" },
	{ { .sha256 = true }, X509_STAPLE_GOOD, "good" },
	{ { .by_key = true }, X509_STAPLE_GOOD, "good" },
	{ { .until = -1 }, X509_STAPLE_GOOD, "until the next one" },
	{ { .certificate_status = "a111180f32303236303532303130303030305a" }, X509_STAPLE_REVOKED,
	    "revoked since 2026-05-20 10:00:00 UTC" },
	{ { .certificate_status = "a116180f32303236303532303130303030305aa0030a0101" }, X509_STAPLE_REVOKED,
	    "reason keyCompromise" },
	{ { .certificate_status = "8200" }, X509_STAPLE_UNKNOWN, "does not know" },
	{ { .status = 3 }, X509_STAPLE_INVALID, "tryLater" },
	{ { .status = 6 }, X509_STAPLE_INVALID, "unauthorized" },
	/* about whom */
	{ { .serial = "0103" }, X509_STAPLE_INVALID, "another certificate" },
	{ { .issuer_name = "CN=Other" }, X509_STAPLE_INVALID, "another certificate" },
	{ { .issuer_key = STRANGER }, X509_STAPLE_INVALID, "another certificate" },
	/* when: section 4.2.2.1 */
	{ { .until = MAKE_NOW - 200 }, X509_STAPLE_GOOD, "good" },
	{ { .until = MAKE_NOW - HOUR }, X509_STAPLE_INVALID, "it ended 60 minutes ago" },
	{ { .from = MAKE_NOW + 200 }, X509_STAPLE_GOOD, "good" },
	{ { .from = MAKE_NOW + HOUR }, X509_STAPLE_INVALID, "from the future" },
	{ { .from = MAKE_NOW - 9 * MAKE_DAY, .until = -1 }, X509_STAPLE_GOOD, "good" },
	{ { .from = MAKE_NOW - 11 * MAKE_DAY, .until = -1 }, X509_STAPLE_INVALID, "out of date" },
	{ { .from = MAKE_NOW, .until = MAKE_NOW - MAKE_DAY }, X509_STAPLE_INVALID, "out of date" },
	/* by whom: section 4.2.2.2 */
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &delegate }, X509_STAPLE_GOOD, "good" },
	{ { .signer = RESPONDER, .by_key = true, .delegate = &delegate }, X509_STAPLE_GOOD, "good" },
	{ { .signer = RESPONDER,
	      .responder = "CN=Responder",
	      .delegate = &delegate,
	      .certificate_status = "a111180f32303236303532303130303030305a" },
	    X509_STAPLE_REVOKED, "revoked" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &no_purpose }, X509_STAPLE_INVALID,
	    "OCSPSigning" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &server_purpose }, X509_STAPLE_INVALID,
	    "OCSPSigning" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &by_stranger }, X509_STAPLE_INVALID,
	    "not by the issuer" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &of_stranger }, X509_STAPLE_INVALID,
	    "not by the issuer" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &expired }, X509_STAPLE_INVALID,
	    "not valid now" },
	{ { .signer = RESPONDER, .responder = "CN=Responder", .delegate = &no_signing }, X509_STAPLE_INVALID,
	    "keyUsage" },
	{ { .signer = RESPONDER, .responder = "CN=Responder" }, X509_STAPLE_INVALID, "neither the issuer" },
	{ { .signer = STRANGER }, X509_STAPLE_INVALID, "signature is wrong" },
	{ { .signer = STRANGER, .responder = "CN=Responder", .delegate = &delegate }, X509_STAPLE_INVALID,
	    "signature is wrong" },
	{ { .wrong_signature = true }, X509_STAPLE_INVALID, "signature is wrong" },
	{ { .algorithm = "300906072a8648ce3d0401" }, X509_STAPLE_INVALID, "weak" },
	{ { .algorithm = "300b0609608648016503040302" }, X509_STAPLE_INVALID, "not supported" },
	{ { .algorithm = "300506032b6570" }, X509_STAPLE_INVALID, "its signature is wrong" },
	/* extensions: an unknown one that is critical; the nonce, critical or not */
	{ { .extensions = UNKNOWN_CRITICAL }, X509_STAPLE_INVALID, "critical extension" },
	{ { .single_extensions = UNKNOWN_CRITICAL }, X509_STAPLE_INVALID, "critical extension" },
	{ { .extensions = "a10d300b300906032a030404020500" }, X509_STAPLE_GOOD, "good" },
	{ { .extensions = "a11630143012"
			  "06092b0601050507300102"
			  "0101ff"
			  "04020400" },
	    X509_STAPLE_GOOD, "good" },
};

static void
judged(void **state)
{
	struct x509_cert *issuer = make_decoded(&ca), *server = make_decoded(&leaf);
	struct x509_policy policy = { .now = MAKE_NOW };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf der = response(&rows[i].answer);
		char *text = NULL;
		enum x509_staple found = ocsp_judge(buf_str(&der), server, issuer, &policy, NULL, &text);

		if (found != rows[i].expected || strstr(text, rows[i].text) == NULL)
			fail_msg("row %zu: %s: %s", i, x509_staple_name(found), text);
		free(text);
		buf_release(&der);
	}
	x509_cert_free(issuer);
	x509_cert_free(server);
}

static void
issuer_unknown(void **state)
{
	struct x509_cert *server = make_decoded(&leaf);
	struct x509_policy policy = { .now = MAKE_NOW };
	struct answer good = { 0 };
	struct buf der = response(&good);
	char *text;

	(void)state;
	assert_int_equal(ocsp_judge(buf_str(&der), server, NULL, &policy, NULL, &text), X509_STAPLE_INVALID);
	free(text);
	x509_cert_free(server);
	buf_release(&der);
}

/* Each byte changed and each length cut: never good, unless the change is outside what is signed and means nothing. */
static void
damaged(void **state)
{
	struct x509_cert *issuer = make_decoded(&ca), *server = make_decoded(&leaf);
	struct x509_policy policy = { .now = MAKE_NOW };
	struct answer good = { 0 };
	struct buf der = response(&good);
	struct ocsp_response *r = malloc(sizeof *r);

	(void)state;
	assert_true(ocsp_decode(buf_str(&der), r));
	for (size_t n = 0; n < der.len; n++)
		assert_false(ocsp_decode(str_from(der.data, n), r));
	for (size_t i = 0; i < der.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			char *text;

			der.data[i] ^= (uint8_t)(1u << bit);
			assert_int_not_equal(ocsp_judge(buf_str(&der), server, issuer, &policy, NULL, &text),
			    X509_STAPLE_GOOD);
			free(text);
			der.data[i] ^= (uint8_t)(1u << bit);
		}
	free(r);
	x509_cert_free(issuer);
	x509_cert_free(server);
	buf_release(&der);
}

/* SCTs in singleExtensions (RFC 6962 section 3.3) */
static void
timestamps(void **state)
{
	struct answer a = {
		.single_extensions =
		    "a117"
		    "3015"
		    "3013"
		    "060a2b06010401d679020405"
		    "0405"
		    "0403"
		    "aabbcc",
	};
	struct buf der = response(&a);
	struct ocsp_response *r = malloc(sizeof *r);

	(void)state;
	assert_true(ocsp_decode(buf_str(&der), r));
	assert_int_equal(r->n_singles, 1);
	assert_hex(r->singles[0].sct_list.p, r->singles[0].sct_list.n, "aabbcc");
	free(r);
	buf_release(&der);
}

static const struct made demanding = { .names = "DNS:www.example.com", .more = { MUST_STAPLE } };
static const struct answer good = { 0 }, revoked = { .certificate_status = "a111180f32303236303532303130303030305a" },
			   other = { .serial = "0103" };

static const struct {
	const struct made *leaf;
	const struct answer *answer;
	bool not_asked, ignored;
	enum x509_fault fault;
	enum x509_staple staple;
} chains[] = {
	{ &leaf, NULL, false, false, X509_OK, X509_STAPLE_NONE },
	{ &leaf, &good, false, false, X509_OK, X509_STAPLE_GOOD },
	{ &leaf, &revoked, false, false, X509_REVOKED, X509_STAPLE_REVOKED },
	{ &leaf, &revoked, false, true, X509_OK, X509_STAPLE_REVOKED },
	{ &leaf, &other, false, false, X509_OK, X509_STAPLE_INVALID }, /* who can forge it can leave it out */
	{ &demanding, &good, false, false, X509_OK, X509_STAPLE_GOOD },
	{ &demanding, NULL, false, false, X509_STAPLE, X509_STAPLE_NONE },
	{ &demanding, NULL, true, false, X509_OK, X509_STAPLE_NONE },
	{ &demanding, NULL, false, true, X509_OK, X509_STAPLE_NONE },
	{ &demanding, &other, false, false, X509_STAPLE, X509_STAPLE_INVALID },
	{ &demanding, &revoked, false, false, X509_REVOKED, X509_STAPLE_REVOKED },
};

static void
in_a_chain(void **state)
{
	struct buf anchor = make_cert(&ca);
	struct x509_store *store = x509_store_new();

	(void)state;
	assert_int_equal(x509_store_add_pem(store, buf_str(&anchor), NULL), 1);
	for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
		struct x509_cert *chain[] = { make_decoded(chains[i].leaf) };
		struct answer none = { 0 };
		struct buf der = response(chains[i].answer != NULL ? chains[i].answer : &none);
		struct x509_policy policy = {
			.now = MAKE_NOW,
			.anchors = store,
			.host = "www.example.com",
			.strict = false,
			.staple_asked = !chains[i].not_asked,
			.staple_ignored = chains[i].ignored,
			.staple = chains[i].answer != NULL ? buf_str(&der) : (struct str){ NULL, 0 },
		};
		struct x509_verdict v;
		struct error error = { 0 };
		int result = x509_judge(chain, 1, &policy, &v, &error);

		if (result != (chains[i].fault == X509_OK ? 0 : -1) || error.code != (int)chains[i].fault ||
		    v.staple != chains[i].staple)
			fail_msg("chain %zu: %s, %s", i, error.text, x509_staple_name(v.staple));
		assert_int_equal(v.staple_text != NULL, chains[i].answer != NULL);
		x509_verdict_release(&v);
		x509_cert_free(chain[0]);
		buf_release(&der);
	}
	x509_store_free(store);
	buf_release(&anchor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(judged), cmocka_unit_test(issuer_unknown),
		cmocka_unit_test(damaged), cmocka_unit_test(timestamps), cmocka_unit_test(in_a_chain) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
