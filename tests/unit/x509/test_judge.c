/* Path building and validation: each rule of RFC 5280 section 6.1 by a chain that breaks it, with every reason it must
 * give. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/x509.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)
#define DSA_SHA256 "300b0609608648016503040302"
#define SPKI_SECP256K1 "301d301006072a8648ce3d020106052b8104000a03090004aabbccddeeff00"
#define SPKI_ED25519 "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define PSS_SHA256 \
	"304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648" \
	"0165" \
	"030402010500a203020120"
#define UNKNOWN "2a0304"

enum { ROOT = 1, LEAF = 2, SUB = 3, SUB2 = 4, STRANGER = 5, MAX = 8 };

/* The usual certificates; a row replaces what it wants. */
#define CA_CERT .ca = 1, .usage = CA_USAGE
#define ROOT_KEY .key = ROOT, CA_CERT
#define ROOT_CERT .subject = "CN=CA", ROOT_KEY
#define SUB_CERT .subject = "CN=Sub", .key = SUB, CA_CERT
#define SUB2_CERT .subject = "CN=Sub2", .issuer = "CN=Sub", .key = SUB2, .signer = SUB, .ca = 1, .usage = CA_USAGE
#define LEAF_CERT .names = "DNS:www.example.com,IP:192.0.2.7"
#define BELOW_SUB .issuer = "CN=Sub", .signer = SUB
#define BELOW_SUB2 .issuer = "CN=Sub2", .signer = SUB2

static const struct row {
	const char *what;
	struct made root;
	struct made chain[MAX];
	size_t n;
	const char *host; /* default www.example.com */
	bool sha1, strict;
	unsigned min_rsa;
	/* "INDEX word", blanks between; "" = accepted */
	const char *reasons, *text; /* text: part of the first reason's */
} rows[] = {
	{ "leaf under the root", { ROOT_CERT }, { { LEAF_CERT } }, 1, .reasons = "" },
	{ "through one", { ROOT_CERT }, { { LEAF_CERT, BELOW_SUB }, { SUB_CERT } }, 2, .reasons = "" },
	{ "out of order, with the root and others", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB2 }, { ROOT_CERT }, { SUB2_CERT }, { .subject = "CN=Nobody", .key = 9 },
		{ SUB_CERT } },
	    5, .reasons = "" },
	{ "by address", { ROOT_CERT }, { { LEAF_CERT } }, 1, .host = "192.0.2.7", .reasons = "" },
	{ "final dot", { ROOT_CERT }, { { LEAF_CERT } }, 1, .host = "www.example.com.", .reasons = "" },
	/* alternatives */
	{ "an expired twin of the intermediate first", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .until = MAKE_NOW - MAKE_DAY }, { SUB_CERT } }, 3, .reasons = "" },
	{ "cross-signed by a stranger first", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .issuer = "CN=Stranger", .signer = STRANGER }, { SUB_CERT } }, 3,
	    .reasons = "" },
	{ "a twin with another key first", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { CA_CERT, .subject = "CN=Sub", .key = STRANGER }, { SUB_CERT } }, 3,
	    .reasons = "" },
	{ "a constrained twin first", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .permitted = "DNS:example.org" }, { SUB_CERT } }, 3,
	    .reasons = "" },
	{ "two CAs that signed each other", { ROOT_CERT },
	    { { LEAF_CERT, .issuer = "CN=A", .signer = 6 },
		{ .subject = "CN=A", .issuer = "CN=B", .key = 6, .signer = 7, .ca = 1, .usage = CA_USAGE },
		{ .subject = "CN=B", .issuer = "CN=A", .key = 7, .signer = 6, .ca = 1, .usage = CA_USAGE } },
	    3, .reasons = "2 unknown_issuer" },
	{ "names differ by case and spaces", { ROOT_KEY, .subject = "O=The  CA,CN=Root" },
	    { { LEAF_CERT, .issuer = "O=the ca ,CN=ROOT" } }, 1, .reasons = "" },
	/* the end of the path */
	{ "issuer not sent", { ROOT_CERT }, { { LEAF_CERT, BELOW_SUB } }, 1, .reasons = "0 unknown_issuer",
	    .text = "CN=Sub" },
	{ "issuer not sent, with AIA", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB,
		.more = { { "2b06010505070101", false,
		    "3019301706082b06010505073002860b"
		    "687474703a2f2f612f73756200" } } } },
	    1, .reasons = "0 malformed 0 unknown_issuer" },
	{ "issuer not sent, with a right AIA", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB,
		.more = { { "2b06010505070101", false, "3018301606082b06010505073002860a687474703a2f2f612f73" } } } },
	    1, .reasons = "0 missing_intermediate", .text = "http://a/s" },
	{ "self-signed", { ROOT_CERT }, { { LEAF_CERT, .subject = "CN=me", .issuer = "CN=me", .signer = LEAF } }, 1,
	    .reasons = "0 self_signed" },
	{ "another root", { ROOT_CERT },
	    { { LEAF_CERT, .issuer = "CN=Other", .signer = STRANGER },
		{ .subject = "CN=Other",
		    .issuer = "CN=Other",
		    .key = STRANGER,
		    .signer = STRANGER,
		    .ca = 1,
		    .usage = CA_USAGE } },
	    2, .reasons = "1 unknown_issuer", .text = "the root" },
	{ "wrong signature", { ROOT_CERT }, { { LEAF_CERT, .broken = true } }, 1, .reasons = "0 bad_signature" },
	{ "signed by another", { ROOT_CERT }, { { LEAF_CERT, .signer = STRANGER } }, 1, .reasons = "0 bad_signature" },
	{ "key identifiers that do not fit", { ROOT_CERT, .ski = 1 }, { { LEAF_CERT, .aki = 2 } }, 1,
	    .reasons = "0 unknown_issuer", .text = "authorityKeyIdentifier" },
	{ "key identifiers that fit", { ROOT_CERT, .ski = 1 }, { { LEAF_CERT, .aki = 1 } }, 1, .reasons = "" },
	{ "the leaf itself is the anchor", { LEAF_CERT }, { { LEAF_CERT } }, 1, .reasons = "" },
	/* time */
	{ "expired", { ROOT_CERT }, { { LEAF_CERT, .until = MAKE_NOW - 12 * MAKE_DAY } }, 1, .reasons = "0 expired",
	    .text = "expired 12 days ago (2026-05-20 00:00:00 UTC)" },
	{ "not yet", { ROOT_CERT }, { { LEAF_CERT, .from = MAKE_NOW + 5 * 3600 } }, 1, .reasons = "0 not_yet_valid",
	    .text = "not valid for another 5 hours" },
	{ "expired anchor", { ROOT_CERT, .until = MAKE_NOW - MAKE_DAY }, { { LEAF_CERT } }, 1,
	    .reasons = "-1 expired" },
	{ "all reasons, not the first", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB, .until = MAKE_NOW - 3 * MAKE_DAY, .eku = "client" },
		{ .subject = "CN=Sub", .key = SUB, .usage = CA_USAGE, .ca = -1, .until = MAKE_NOW - 3 * MAKE_DAY } },
	    2, .host = "other.example",
	    .reasons = "0 host_mismatch 0 expired 0 extended_key_usage 1 expired 1 not_a_ca" },
	/* names */
	{ "another host", { ROOT_CERT }, { { LEAF_CERT } }, 1, .host = "mail.example.com", .reasons = "0 host_mismatch",
	    .text = "it is for DNS:www.example.com" },
	{ "no names", { ROOT_CERT }, { { .subject = "CN=www.example.com" } }, 1, .reasons = "0 no_names" },
	/* who may issue */
	{ "no basicConstraints", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { .subject = "CN=Sub", .key = SUB, .usage = CA_USAGE } }, 2,
	    .reasons = "1 not_a_ca" },
	{ "a leaf that issues", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { .subject = "CN=Sub", .key = SUB, .usage = CA_USAGE, .ca = -1 } }, 2,
	    .reasons = "1 not_a_ca" },
	{ "keyUsage without keyCertSign", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { .subject = "CN=Sub", .key = SUB, .ca = 1, .usage = X509_USAGE_SIGN } }, 2,
	    .reasons = "1 key_usage" },
	{ "path length 0 and one below", { ROOT_CERT, .path_len = 1 }, { { LEAF_CERT, BELOW_SUB }, { SUB_CERT } }, 2,
	    .reasons = "-1 path_length", .text = "allows 0 CAs" },
	{ "path length 1 and one below", { ROOT_CERT, .path_len = 2 }, { { LEAF_CERT, BELOW_SUB }, { SUB_CERT } }, 2,
	    .reasons = "" },
	{ "self-issued ones do not count", { ROOT_CERT, .path_len = 1 },
	    { { LEAF_CERT, .issuer = "CN=CA", .signer = SUB },
		{ .subject = "CN=CA", .issuer = "CN=CA", .key = SUB, .ca = 1, .usage = CA_USAGE } },
	    2, .reasons = "" },
	{ "version 1 intermediate", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { .subject = "CN=Sub", .key = SUB, .version = 1 } }, 2,
	    .reasons = "1 not_a_ca" },
	{ "version 1 anchor", { .subject = "CN=CA", .key = ROOT, .version = 1 }, { { LEAF_CERT } }, 1, .reasons = "" },
	/* what for */
	{ "for clients", { ROOT_CERT }, { { LEAF_CERT, .eku = "client" } }, 1, .reasons = "0 extended_key_usage" },
	{ "for servers and clients", { ROOT_CERT }, { { LEAF_CERT, .eku = "client,server" } }, 1, .reasons = "" },
	{ "for anything", { ROOT_CERT }, { { LEAF_CERT, .eku = "any" } }, 1, .reasons = "" },
	{ "for anything, strictly", { ROOT_CERT, .ski = 1 }, { { LEAF_CERT, .aki = 1, .eku = "any" } }, 1,
	    .strict = true, .reasons = "0 extended_key_usage 0 extended_key_usage" },
	{ "an intermediate for clients", { ROOT_CERT }, { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .eku = "client" } }, 2,
	    .reasons = "1 extended_key_usage" },
	{ "an anchor for clients", { ROOT_CERT, .eku = "client" }, { { LEAF_CERT } }, 1,
	    .reasons = "-1 extended_key_usage" },
	{ "leaf's keyUsage only for certificates", { ROOT_CERT }, { { LEAF_CERT, .usage = X509_USAGE_CRL_SIGN } }, 1,
	    .reasons = "0 key_usage" },
	{ "leaf says keyCertSign but is no CA", { ROOT_CERT },
	    { { LEAF_CERT, .usage = X509_USAGE_SIGN | X509_USAGE_CERT_SIGN } }, 1, .reasons = "0 key_usage" },
	/* extensions */
	{ "unknown critical", { ROOT_CERT }, { { LEAF_CERT, .more = { { UNKNOWN, true, "0500" } } } }, 1,
	    .reasons = "0 critical_extension", .text = "1.2.3.4" },
	{ "unknown", { ROOT_CERT }, { { LEAF_CERT, .more = { { "2a03048119", false, "0500" } } } }, 1, .reasons = "" },
	{ "twice the same", { ROOT_CERT },
	    { { LEAF_CERT, .more = { { UNKNOWN, false, "0500" }, { UNKNOWN, false, "0500" } } } }, 1,
	    .reasons = "0 malformed", .text = "twice" },
	{ "in an intermediate", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .more = { { UNKNOWN, true, "0500" } } } }, 2,
	    .reasons = "1 critical_extension" },
	{ "critical policies", { ROOT_CERT }, { { LEAF_CERT, .more = { { "551d20", true, "3006300406022a03" } } } }, 1,
	    .reasons = "" },
	{ "critical policies with an unknown qualifier", { ROOT_CERT },
	    { { LEAF_CERT,
		.more = { { "551d20", true,
		    "3010300e06022a03300830060602"
		    "2a040500" } } } },
	    1, .reasons = "0 policy", .text = "a qualifier that is unknown here" },
	{ "policies", { ROOT_CERT }, { { LEAF_CERT, .more = { { "551d20", false, "3006300406022a03" } } } }, 1,
	    .reasons = "" },
	{ "critical policyConstraints", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .more = { { "551d24", true, "3003800100" } } } }, 2,
	    .reasons = "0 policy", .text = "the policyConstraints of \"CN=Sub\" demand" },
	{ "critical inhibitAnyPolicy", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .more = { { "551d36", true, "020100" } } } }, 2, .reasons = "" },
	{ "constraints on a leaf", { ROOT_CERT }, { { LEAF_CERT, .permitted = "DNS:example.com" } }, 1,
	    .reasons = "0 malformed" },
	/* serial numbers and other rules for CAs: strict only */
	{ "serial 0", { ROOT_CERT }, { { LEAF_CERT, .serial = "00" } }, 1, .reasons = "" },
	{ "serial 0, strictly", { ROOT_CERT, .ski = 1 }, { { LEAF_CERT, .aki = 1, .serial = "00" } }, 1, .strict = true,
	    .reasons = "0 malformed" },
	{ "negative serial, strictly", { ROOT_CERT, .ski = 1 }, { { LEAF_CERT, .aki = 1, .serial = "ff" } }, 1,
	    .strict = true, .reasons = "0 malformed" },
	{ "serial of 21 bytes, strictly", { ROOT_CERT, .ski = 1 },
	    { { LEAF_CERT, .aki = 1, .serial = "7f0102030405060708090a0b0c0d0e0f1011121314" } }, 1, .strict = true,
	    .reasons = "0 malformed" },
	{ "serial of 20 bytes, strictly", { ROOT_CERT, .ski = 1 },
	    { { LEAF_CERT, .aki = 1, .serial = "7f0102030405060708090a0b0c0d0e0f10111213" } }, 1, .strict = true,
	    .reasons = "" },
	{ "no key identifiers, strictly", { ROOT_CERT }, { { LEAF_CERT } }, 1, .strict = true,
	    .reasons = "0 malformed -1 malformed" },
	{ "an anchor without keyUsage, strictly", { .subject = "CN=CA", .key = ROOT, .ca = 1, .ski = 1 },
	    { { LEAF_CERT, .aki = 1 } }, 1, .strict = true, .reasons = "-1 key_usage" },
	{ "version 2 with extensions", { ROOT_CERT }, { { LEAF_CERT, .version = 2 } }, 1, .reasons = "0 malformed" },
	{ "no issuer", { ROOT_KEY, .subject = "" }, { { LEAF_CERT, .issuer = "" } }, 1, .reasons = "0 malformed" },
	/* algorithms */
	{ "SHA-1", { ROOT_CERT }, { { LEAF_CERT, .algorithm = "300906072a8648ce3d0401" } }, 1,
	    .reasons = "0 weak_signature 0 bad_signature" },
	{ "SHA-1 allowed", { ROOT_CERT }, { { LEAF_CERT, .algorithm = "300906072a8648ce3d0401" } }, 1, .sha1 = true,
	    .reasons = "0 bad_signature" },
	{ "MD5", { ROOT_CERT }, { { LEAF_CERT, .algorithm = "300d06092a864886f70d0101040500" } }, 1, .sha1 = true,
	    .reasons = "0 weak_signature 0 bad_signature" },
	{ "two algorithms", { ROOT_CERT }, { { LEAF_CERT, .inner_algorithm = "300a06082a8648ce3d040303" } }, 1,
	    .reasons = "0 malformed" },
	{ "signed with DSA", { ROOT_CERT }, { { LEAF_CERT, .algorithm = DSA_SHA256 } }, 1,
	    .reasons = "0 unsupported_algorithm", .text = "dsa-with-SHA256" },
	{ "an ECDSA signature that says it is of Ed25519", { ROOT_CERT },
	    { { LEAF_CERT, .algorithm = "300506032b6570" } }, 1, .reasons = "0 bad_signature" },
	{ "Ed25519 with parameters", { ROOT_CERT }, { { LEAF_CERT, .algorithm = "300706032b65700500" } }, 1,
	    .reasons = "0 malformed" },
	{ "PSS with an EC key", { ROOT_CERT }, { { LEAF_CERT, .algorithm = PSS_SHA256 } }, 1,
	    .reasons = "0 bad_signature" },
	{ "Ed25519 key", { ROOT_CERT }, { { LEAF_CERT, .spki = SPKI_ED25519 } }, 1, .reasons = "" },
	{ "secp256k1 key", { ROOT_CERT }, { { LEAF_CERT, .spki = SPKI_SECP256K1 } }, 1,
	    .reasons = "0 unsupported_algorithm", .text = "unsupported curve" },
	{ "RSA 1024 key", { ROOT_CERT },
	    { { LEAF_CERT,
		.spki =
		    "30819f300d06092a864886f70d010101050003818d0030818902818100"
		    "dbda6933b0cee4374e7726d970f110a80125578e7268ce490c50858a7a63de80cee301676054fa1888597ef88d9b201ed0"
		    "c67a0e5d7a719bbc944a6c74c213ac"
		    "9a2b20c991f6503ee250491500400163b392128a81dfc13457bc6d716e7addfac795f3f1f9931fdd3e8b55e95ab212b821"
		    "5d8a3920f02a39ec252e4b23668d1d"
		    "0203010001" } },
	    1, .reasons = "0 weak_key", .text = "RSA 1024" },
	{ "RSA 1024 key allowed", { ROOT_CERT },
	    { { LEAF_CERT,
		.spki =
		    "30819f300d06092a864886f70d010101050003818d0030818902818100"
		    "dbda6933b0cee4374e7726d970f110a80125578e7268ce490c50858a7a63de80cee301676054fa1888597ef88d9b201ed0"
		    "c67a0e5d7a719bbc944a6c74c213ac"
		    "9a2b20c991f6503ee250491500400163b392128a81dfc13457bc6d716e7addfac795f3f1f9931fdd3e8b55e95ab212b821"
		    "5d8a3920f02a39ec252e4b23668d1d"
		    "0203010001" } },
	    1, .min_rsa = 1024, .reasons = "" },
	{ "an intermediate with a key on secp256k1", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .spki = SPKI_SECP256K1 } }, 2, .reasons = "1 unsupported_algorithm",
	    .text = "its key is not supported here: EC on an unsupported curve (" },
	{ "an intermediate signed with DSA", { ROOT_CERT },
	    { { LEAF_CERT, BELOW_SUB }, { SUB_CERT, .algorithm = DSA_SHA256 } }, 2,
	    .reasons = "1 unsupported_algorithm", .text = "it is signed with dsa-with-SHA256" },
	{ "an anchor with a key on secp256k1", { ROOT_CERT, .spki = SPKI_SECP256K1 }, { { LEAF_CERT } }, 1,
	    .reasons = "-1 unsupported_algorithm" },
	{ "a key of P-224 whose point is short", { ROOT_CERT },
	    { { LEAF_CERT, .spki = "301d301006072a8648ce3d020106052b8104002103090004aabbccddeeff00" } }, 1,
	    .reasons = "0 malformed" },
};

static char *
reasons_text(const struct x509_verdict *v)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < v->n_reasons; i++)
		buf_addf(&out, "%s%d %s", i > 0 ? " " : "", v->reasons[i].index, x509_fault_name(v->reasons[i].fault));
	return buf_take(&out);
}

static bool
judge_row(const struct row *row)
{
	struct buf anchor = make_cert(&row->root);
	struct x509_store *store = x509_store_new();
	struct x509_cert *chain[MAX];
	struct x509_policy policy = {
		.now = MAKE_NOW,
		.anchors = store,
		.host = row->host != NULL ? row->host : "www.example.com",
		.allow_sha1 = row->sha1,
		.strict = row->strict,
		.min_rsa_bits = row->min_rsa,
	};
	struct x509_verdict v;
	struct error error = { 0 };
	char *found;
	bool good;
	int result;

	assert_int_equal(x509_store_add_pem(store, buf_str(&anchor), NULL), 1);
	for (size_t i = 0; i < row->n; i++)
		chain[i] = make_decoded(&row->chain[i]);
	result = x509_judge(chain, row->n, &policy, &v, &error);
	found = reasons_text(&v);
	good = strcmp(found, row->reasons) == 0 && result == (row->reasons[0] == '\0' ? 0 : -1);
	if (!good)
		print_error("%s: found \"%s\", wanted \"%s\" (%s)\n", row->what, found, row->reasons, error.text);
	if (row->text != NULL && (v.n_reasons == 0 || strstr(v.reasons[0].text, row->text) == NULL)) {
		print_error("%s: %s\n", row->what, v.n_reasons > 0 ? v.reasons[0].text : "accepted");
		good = false;
	}
	if (result == 0)
		assert_non_null(v.anchor);
	free(found);
	x509_verdict_release(&v);
	for (size_t i = 0; i < row->n; i++)
		x509_cert_free(chain[i]);
	x509_store_free(store);
	buf_release(&anchor);
	return good;
}

static void
rules(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		good = judge_row(&rows[i]) && good;
	assert_true(good);
}

static void
no_certificate(void **state)
{
	struct x509_policy policy = { .now = MAKE_NOW };
	struct x509_verdict v;
	struct error error = { 0 };

	(void)state;
	assert_int_equal(x509_judge(NULL, 0, &policy, &v, &error), -1);
	assert_int_equal(error.code, X509_EMPTY_CHAIN);
	x509_verdict_release(&v);
}

/* RFC 7469 section 2.6: what counts is the validated chain, with its anchor. A certificate that is only sent along
 * proves nothing, and of two ways to an anchor the one with a pinned key is taken. */
static void
pins(void **state)
{
	struct made root = { ROOT_CERT }, server = { LEAF_CERT, BELOW_SUB }, sub = { SUB_CERT },
		    stranger = {
			    .subject = "CN=Stranger",
			    .issuer = "CN=Stranger",
			    .key = STRANGER,
			    .signer = STRANGER,
			    CA_CERT,
		    };
	struct made crossed = { SUB_CERT, .issuer = "CN=Other", .signer = SUB2 },
		    other = { .subject = "CN=Other", .key = SUB2, CA_CERT };
	enum { CHAIN = 5 };
	struct buf anchor = make_cert(&root);
	struct x509_store *store = x509_store_new();
	struct x509_cert *chain[CHAIN] = { make_decoded(&server), make_decoded(&sub), make_decoded(&stranger),
		make_decoded(&crossed), make_decoded(&other) },
			 *unsent = make_decoded(&root);
	char *pin[CHAIN + 1];
	static const bool good[CHAIN + 1] = { true, true, false, true, true, true };
	struct error error = { 0 };

	(void)state;
	assert_int_equal(x509_store_add_pem(store, buf_str(&anchor), NULL), 1);
	for (size_t i = 0; i <= CHAIN; i++)
		pin[i] = x509_pin_text(i < CHAIN ? chain[i] : unsent);
	for (size_t i = 0; i <= CHAIN; i++) {
		const char *pins[] = { pin[2], pin[i] };
		struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .pins = pins, .n_pins = 2 };
		struct x509_verdict v;

		assert_int_equal(x509_judge(chain, CHAIN, &policy, &v, &error), good[i] ? 0 : -1);
		if (!good[i])
			assert_int_equal(error.code, X509_PIN_MISMATCH);
		x509_verdict_release(&v);
	}
	for (size_t i = 0; i <= CHAIN; i++) {
		free(pin[i]);
		x509_cert_free(i < CHAIN ? chain[i] : unsent);
	}
	x509_store_free(store);
	buf_release(&anchor);
}

/* Sixty CAs of the same name that all signed each other: an end is found, the work is bounded and told. */
static void
bounded_work(void **state)
{
	enum { N = 60 };
	struct made root = { ROOT_CERT }, server = { LEAF_CERT, .issuer = "CN=Mesh", .signer = 100 };
	struct buf anchor = make_cert(&root);
	struct x509_store *store = x509_store_new();
	struct x509_cert *chain[N + 1] = { make_decoded(&server) };
	struct x509_policy policy = { .now = MAKE_NOW, .anchors = store };
	struct x509_verdict v;
	struct error error = { 0 };

	(void)state;
	assert_int_equal(x509_store_add_pem(store, buf_str(&anchor), NULL), 1);
	for (unsigned i = 0; i < N; i++) {
		struct made m = {
			.subject = "CN=Mesh",
			.issuer = "CN=Mesh",
			.key = 100 + i,
			.signer = 100 + (i + 1) % N,
			.ca = 1,
			.usage = CA_USAGE,
		};

		chain[i + 1] = make_decoded(&m);
	}
	assert_int_equal(x509_judge(chain, N + 1, &policy, &v, &error), -1);
	assert_true(v.signatures <= X509_MAX_SIGNATURES);
	assert_int_equal(v.reasons[v.n_reasons - 1].fault, X509_TOO_MUCH_WORK);
	x509_verdict_release(&v);
	for (size_t i = 0; i <= N; i++)
		x509_cert_free(chain[i]);
	x509_store_free(store);
	buf_release(&anchor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rules), cmocka_unit_test(no_certificate),
		cmocka_unit_test(pins), cmocka_unit_test(bounded_work) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
