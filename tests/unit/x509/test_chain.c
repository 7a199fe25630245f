/*
 * The chains of the fuzz target `chain`: each is judged as its rows say. With a folder as argument they are written
 * there, as the fuzzer's first corpus.
 */
#include "tests/support/corpus.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/bytes.h"
#include "net/lab/der.h"
#include "tests/fuzz/x509/chain.h"
#include "tests/support/hex.h"

enum { NOW = 1790000000, YEAR = 365 * 86400, MAX_ROWS = 6 };
enum { LEAF, ONE, TWO, ROOT, OTHER, NAMES }; /* whom a certificate is for; each has a key of that number */

/* What a certificate may have besides. */
enum {
	CA = 1,
	PATH_0 = 2,
	EKU_SERVER = 4,
	EKU_OTHER = 8,
	EXPIRED = 16,
	FUTURE = 32,
	WILDCARD = 64,
	ADDRESS = 128,
	PERMITS = 256,
	EXCLUDES = 512,
	CRITICAL = 1024,
	SHA1 = 2048,
	KEY_IDS = 4096,
	USAGE = 8192,
	BAD_USAGE = 16384,
	NO_NAME = 32768,
	SCTS = 65536,
	STAPLE = 131072,
	URLS = 262144,
	ANY_NAME = 524288
};

struct row {
	int subject, issuer;
	unsigned what, flags; /* flags: of chain.h */
};

static const struct chain {
	const char *host;
	unsigned settings;
	struct row rows[MAX_ROWS];
	enum x509_fault fault; /* X509_OK: accepted */
} chains[] = {
	{ "host.test", 0, { { LEAF, ROOT, EKU_SERVER | USAGE, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_OK },
	{ "host.test", CHAIN_STRICT,
	    { { LEAF, ONE, EKU_SERVER | USAGE | KEY_IDS, 0 }, { ONE, ROOT, CA | PATH_0 | KEY_IDS, 0 },
		{ ROOT, ROOT, CA | KEY_IDS, CHAIN_ANCHOR } },
	    X509_OK },
	{ "host.test", 0,
	    { { LEAF, ONE, SCTS | URLS, 0 }, { ROOT, ROOT, CA, 0 }, { TWO, ROOT, CA, 0 }, { ONE, TWO, CA | PATH_0, 0 },
		{ ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_OK },
	{ "host.test", 0,
	    { { LEAF, ONE, 0, 0 }, { ONE, ROOT, CA | EXPIRED, 0 }, { ONE, OTHER, CA, 0 },
		{ ROOT, ROOT, CA, CHAIN_ANCHOR }, { OTHER, OTHER, CA, CHAIN_ANCHOR } },
	    X509_OK },
	{ "a.host.test", 0, { { LEAF, ROOT, WILDCARD, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_OK },
	{ "127.0.0.1", 0, { { LEAF, ROOT, ADDRESS, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_OK },
	{ "host.test", 0,
	    { { LEAF, ONE, ANY_NAME, 0 }, { ONE, ROOT, CA | PERMITS | CRITICAL, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_OK },
	{ "other.test", CHAIN_HOST_OFF, { { LEAF, ROOT, 0, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_OK },
	{ "other.test", CHAIN_NO_HOST, { { LEAF, ROOT, 0, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_OK },
	{ "other.test", 0, { { LEAF, ROOT, 0, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_HOST_MISMATCH },
	{ "host.test", 0, { { LEAF, ROOT, NO_NAME | EKU_SERVER, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_NO_NAMES },
	{ "host.test", 0, { { LEAF, ROOT, EXPIRED, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_EXPIRED },
	{ "host.test", 0, { { LEAF, ROOT, FUTURE, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_NOT_YET_VALID },
	{ "host.test", 0, { { LEAF, ONE, URLS, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_MISSING_INTERMEDIATE },
	{ "host.test", 0, { { LEAF, LEAF, EKU_SERVER, 0 } }, X509_SELF_SIGNED },
	{ "host.test", 0, { { LEAF, ONE, 0, 0 }, { ONE, ROOT, 0, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_NOT_CA },
	{ "host.test", 0,
	    { { LEAF, ONE, 0, 0 }, { ONE, TWO, CA, 0 }, { TWO, ROOT, CA | PATH_0, 0 },
		{ ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_PATH_LENGTH },
	{ "host.test", 0, { { LEAF, ROOT, EKU_OTHER, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_EXTENDED_KEY_USAGE },
	{ "host.test", 0, { { LEAF, ONE, 0, 0 }, { ONE, ROOT, CA | BAD_USAGE, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_KEY_USAGE },
	{ "host.test", 0, { { LEAF, ONE, 0, 0 }, { ONE, ROOT, CA | EXCLUDES, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } },
	    X509_NAME_CONSTRAINT },
	{ "host.test", 0, { { LEAF, ROOT, CRITICAL, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_CRITICAL_EXTENSION },
	{ "host.test", CHAIN_PIN, { { LEAF, ROOT, STAPLE, 0 }, { ROOT, ROOT, CA, CHAIN_ANCHOR } }, X509_PIN_MISMATCH },
};

enum { CHAINS = sizeof chains / sizeof chains[0] };

/* ---- certificates ---- */
static void
put_hex_value(struct buf *b, unsigned tag, const char *text)
{
	struct hex h = hex(text);

	der_put_value(b, tag, HEX_STR(h));
}

static void
put_name(struct buf *b, int who)
{
	static const char *const names[NAMES] = { "host.test", "One", "Two", "Root", "Other" };
	size_t name = der_put_open(b, DER_SEQUENCE), set, pair;

	for (int i = 0; i < 2; i++) {
		set = der_put_open(b, DER_SET);
		pair = der_put_open(b, DER_SEQUENCE);
		put_hex_value(b, DER_OID, i == 0 ? "55040a" : "550403");
		der_put_value(b, i == 0 ? DER_PRINTABLE : DER_UTF8, i == 0 ? STR("A Company") : str_of(names[who]));
		der_put_close(b, pair);
		der_put_close(b, set);
	}
	der_put_close(b, name);
}

static void
put_algorithm(struct buf *b, unsigned what)
{
	size_t at = der_put_open(b, DER_SEQUENCE);

	put_hex_value(b, DER_OID, what & SHA1 ? "2a8648ce3d0401" : "2a8648ce3d040302");
	der_put_close(b, at);
}

static void
put_validity(struct buf *b, unsigned what)
{
	size_t at = der_put_open(b, DER_SEQUENCE);

	der_put_time(b, what & FUTURE ? NOW + YEAR : NOW - 2 * YEAR);
	der_put_time(b, what & EXPIRED ? NOW - YEAR : NOW + (int64_t)2 * YEAR);
	der_put_close(b, at);
}

static void
put_extension(struct buf *b, const char *oid, bool critical, const char *value)
{
	size_t at = der_put_open(b, DER_SEQUENCE), octets;
	struct hex h = hex(value);

	put_hex_value(b, DER_OID, oid);
	if (critical)
		der_put_bool(b, true);
	octets = der_put_open(b, DER_OCTET_STRING);
	put_str(b, HEX_STR(h));
	der_put_close(b, octets);
	der_put_close(b, at);
}

static void
put_names(struct buf *b, unsigned what)
{
	if (what & WILDCARD)
		put_extension(b, "551d11", false, "300d 820b 2a2e 686f73742e74657374");
	else if (what & ADDRESS)
		put_extension(b, "551d11", true, "3018 8704 7f000001 8710 00000000000000000000000000000001");
	else if (what & ANY_NAME)
		put_extension(b, "551d11", false,
		    "3030 8209 686f73742e74657374 8108 6140686f73742e74"
		    "8609 687474703a2f2f682f a00a 06022a03 a004 0c026869 8802 2a03");
	else
		put_extension(b, "551d11", false, "300b 8209 686f73742e74657374");
}

static const struct {
	unsigned what;
	const char *oid;
	bool critical;
	const char *value;
} extras[] = {
	{ USAGE, "551d0f", true, "030207 80" },
	{ BAD_USAGE, "551d0f", true, "030201 02" },
	{ EKU_SERVER, "551d25", false, "3014 06082b06010505070301 06082b06010505070302" },
	{ EKU_OTHER, "551d25", false, "300a 06082b06010505070308" },
	{ PERMITS, "551d1e", true, "300a a008 3006 8204 74657374" },
	{ EXCLUDES, "551d1e", true, "301d a00c 300a 8708 7f000000ff000000 a10d 300b 8209 686f73742e74657374" },
	{ CRITICAL, "2a0304", true, "0500" },
	{ SCTS, "2b06010401d679020402", false, "0408 0006 0004 00010203" },
	{ STAPLE, "2b06010505070118", false, "3003 0201 05" },
	{ URLS, "2b06010505070101", false,
	    "3021 301f 06082b06010505073002 8613 687474703a2f2f612e746573742f612e637274" },
};

static void
put_extensions(struct buf *b, const struct row *row)
{
	unsigned what = row->what;
	size_t context = der_put_open(b, DER_CONTEXT_CONSTRUCTED(3)), list = der_put_open(b, DER_SEQUENCE);
	char key_id[64];

	if (what & CA)
		put_extension(b, "551d13", true, what & PATH_0 ? "3006 0101ff 020100" : "3003 0101ff");
	if ((what & CA) == 0 && (what & NO_NAME) == 0)
		put_names(b, what);
	if (what & KEY_IDS) {
		snprintf(key_id, sizeof key_id, "0404 %02x112233", (unsigned)row->subject);
		put_extension(b, "551d0e", false, key_id);
		snprintf(key_id, sizeof key_id, "3006 8004 %02x112233", (unsigned)row->issuer);
		put_extension(b, "551d23", false, key_id);
	}
	if ((what & CA) != 0 && (what & BAD_USAGE) == 0)
		put_extension(b, "551d0f", true, "030201 06");
	for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++)
		if ((what & extras[i].what) != 0 && !(extras[i].what == CRITICAL && (what & PERMITS) != 0))
			put_extension(b, extras[i].oid, extras[i].critical, extras[i].value);
	der_put_close(b, list);
	der_put_close(b, context);
}

/* The target puts in the key and signs. */
static void
put_certificate(struct buf *b, const struct row *row)
{
	size_t whole = der_put_open(b, DER_SEQUENCE), tbs = der_put_open(b, DER_SEQUENCE), version;

	version = der_put_open(b, DER_CONTEXT_CONSTRUCTED(0));
	der_put_small(b, 2);
	der_put_close(b, version);
	der_put_unsigned(b, (const uint8_t *)"\x42\x01\x02\x03\x04\x05\x06\x07", 8);
	put_algorithm(b, row->what);
	put_name(b, row->issuer);
	put_validity(b, row->what);
	put_name(b, row->subject);
	put_algorithm(b, 0);
	put_extensions(b, row);
	der_put_close(b, tbs);
	put_algorithm(b, row->what);
	der_put_bits(b, (const uint8_t *)"", 0);
	der_put_close(b, whole);
}

static void
build(struct buf *b, const struct chain *c)
{
	buf_init(b, 0);
	put_u8(b, c->settings);
	put_u32(b, NOW);
	put_u8(b, (unsigned)strlen(c->host));
	put_str(b, str_of(c->host));
	for (const struct row *row = c->rows; row < c->rows + MAX_ROWS; row++) {
		size_t at;

		if (row->subject == 0 && row->issuer == 0 && row->what == 0)
			break;
		put_u8(b, row->flags);
		put_u8(b, (unsigned)(row->subject | row->issuer << 4));
		at = put_open(b, 2);
		put_certificate(b, row);
		put_close(b, at, 2);
	}
}

static void
test_chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHAINS; i++) {
		struct chain_outcome o;
		struct buf b;

		build(&b, &chains[i]);
		chain_run(b.data, b.len, &o, NULL);
		if (o.first != chains[i].fault)
			fail_msg("chain %zu: %s, not %s", i, x509_fault_name(o.first),
			    x509_fault_name(chains[i].fault));
		assert_int_equal(o.result, chains[i].fault == X509_OK ? 0 : -1);
		assert_true(o.n > 0);
		buf_release(&b);
	}
}

/* The mutations see every element: the one of the host name is in the tree. */
static void
test_grammar(void **state)
{
	static struct tree tree;
	bool found = false;
	struct buf b;

	(void)state;
	build(&b, &chains[0]);
	chain_describe(&tree, b.data, b.len);
	for (int i = 0; i < tree.n; i++) {
		const struct tree_node *node = &tree.nodes[i];

		assert_true(node->start <= node->content && node->content <= node->end && node->end <= b.len);
		found |= node->der &&
		    str_eq(str_from(b.data + node->content, node->end - node->content), STR("host.test")) &&
		    b.data[node->start] == 0x82;
	}
	assert_true(found);
	buf_release(&b);
}

static void
build_seed(struct buf *out, size_t i)
{
	build(out, &chains[i]);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_grammar),
	};

	if (argc > 1)
		return corpus_write(argv[1], "chain", CHAINS, build_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
