/*
 * Decisions against OpenSSL's (tests/fuzz/x509/verdict.h): chains of all kinds, mutated in their DER tree and signed
 * again. What is accepted here must be accepted there. VERDICTS=N judges N of them; with a folder as argument the
 * chains are written there, as the fuzzer's first corpus.
 */
#include "tests/support/corpus.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/x509/verdict.h"
#include "tests/support/make_cert.h"

enum { VERDICTS = 1500, MAX_ROWS = 5, MAX_CHANGES = 3, ROOM = 32768 };
enum { LEAF, ONE, TWO, ROOT }; /* keys */

#define CA_USAGE (X509_USAGE_CERT_SIGN | X509_USAGE_CRL_SIGN)
#define ROOT_CERT .subject = "CN=CA", .ca = 1, .usage = CA_USAGE, .ski = 9
#define ONE_CERT .subject = "O=Example,CN=One", .ca = 1, .usage = CA_USAGE, .ski = 1, .aki = 9
#define LEAF_CERT \
	.subject = "C=DE,O=Example,CN=leaf", .names = "DNS:www.example.com,IP:192.0.2.7", .usage = X509_USAGE_SIGN, \
	.eku = "server"
#define BELOW_ONE .issuer = "O=Example,CN=One", .aki = 1
#define ED25519_KEY .spki = "302a300506032b65700321000000000000000000000000000000000000000000000000000000000000000000"
#define ED448_KEY \
	.spki = \
	    "3043300506032b6571033a00" \
	    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
	    "000000000000000000"
#define BY_ED25519 .algorithm = "300506032b6570"
#define BY_ED448 .algorithm = "300506032b6571"
#define SIGNED(own, signer) ((own) | (signer) << 4)

struct row {
	struct made made;
	unsigned flags, keys;
};

static const struct chain {
	const char *host;
	unsigned settings;
	struct row rows[MAX_ROWS];
} chains[] = {
	{ "www.example.com", 0,
	    { { { LEAF_CERT }, 0, SIGNED(LEAF, ROOT) }, { { ROOT_CERT }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	{ "www.example.com", CHAIN_STRICT,
	    { { { LEAF_CERT, BELOW_ONE, .ski = 2 }, 0, SIGNED(LEAF, ONE) }, { { ONE_CERT }, 0, SIGNED(ONE, ROOT) },
		{ { ROOT_CERT }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	{ "192.0.2.7", 0,
	    { { { LEAF_CERT, BELOW_ONE }, 0, SIGNED(LEAF, ONE) },
		{ { ONE_CERT, .path_len = 1, .eku = "server,client",
		      .permitted = "DNS:example.com,IP:192.0.2.0/255.255.255.0,dir:C=DE;O=Example,email:example.com",
		      .excluded = "DNS:a.example.com,dir:C=FR" },
		    0, SIGNED(ONE, ROOT) },
		{ { ROOT_CERT }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	{ "a.example.com", 0,
	    { { { .subject = "CN=leaf,E=me@example.com",
		    .names = "DNS:*.example.com,email:me@example.com,URI:https://a.example/,dir:C=DE;CN=x",
		    BELOW_ONE },
		  0, SIGNED(LEAF, ONE) },
		{ { .subject = "O=Example,CN=One",
		      .ca = 1,
		      .usage = CA_USAGE,
		      .ski = 1,
		      .aki = 8,
		      .permitted = "DNS:example.com,email:example.com,dir:CN=leaf,dir:C=DE" },
		    0, SIGNED(ONE, TWO) },
		{ { .subject = "CN=CA", .ca = 1, .usage = CA_USAGE, .ski = 8, .aki = 9, .path_len = 2 }, 0,
		    SIGNED(TWO, ROOT) },
		{ { ROOT_CERT, .excluded = "IP:0.0.0.0/0.0.0.0,email:example.org" }, CHAIN_ANCHOR,
		    SIGNED(ROOT, ROOT) } } },
	{ "www.example.com", CHAIN_STRICT,
	    { { { LEAF_CERT, BELOW_ONE,
		    .more = { { "551d20", false, "3006300406022a03" },
			{ "551d1f", false,
			    "3016"
			    "3014a012a010860e"
			    "687474703a2f2f612e622f632e63" },
			{ "2b06010505070101", false, "3018301606082b06010505073002860a687474703a2f2f612f73" },
			{ "2b0601050507"
			  "0118",
			    false, "3003020105" },
			{ "6086480186f8420101", false, "03020640" } } },
		  0, SIGNED(LEAF, ONE) },
		{ { ONE_CERT, .excluded = "DNS:example.org" }, 0, SIGNED(ONE, ROOT) },
		{ { ROOT_CERT }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	{ "www.example.com", 0,
	    { { { .names = "DNS:www.example.com", .eku = "any", BELOW_ONE }, 0, SIGNED(LEAF, ONE) },
		{ { ONE_CERT, .eku = "any",
		      .more = { { "551d24", false, "3003800105" },
			  { "551d12", false,
			      "30038201"
			      "61" } } },
		    0, SIGNED(ONE, ROOT) },
		{ { .subject = "CN=CA", .version = 1 }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	/* EdDSA below EdDSA, and each kind below another */
	{ "www.example.com", CHAIN_STRICT,
	    { { { LEAF_CERT, BELOW_ONE, .ski = 2, ED25519_KEY, BY_ED25519 }, 0, SIGNED(LEAF, ONE) },
		{ { ONE_CERT, ED25519_KEY, BY_ED448 }, 0, SIGNED(ONE, ROOT) },
		{ { ROOT_CERT, ED448_KEY, BY_ED448 }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
	{ "www.example.com", 0,
	    { { { LEAF_CERT, BELOW_ONE, ED448_KEY }, 0, SIGNED(LEAF, ONE) },
		{ { ONE_CERT, BY_ED25519 }, 0, SIGNED(ONE, ROOT) },
		{ { ROOT_CERT, ED25519_KEY, BY_ED25519 }, CHAIN_ANCHOR, SIGNED(ROOT, ROOT) } } },
};

enum { CHAINS = sizeof chains / sizeof *chains };

static void
build(struct buf *out, size_t i)
{
	const struct chain *c = &chains[i];

	buf_init(out, 0);
	put_u8(out, c->settings);
	put_u32(out, MAKE_NOW);
	put_u8(out, (unsigned)strlen(c->host));
	put_str(out, str_of(c->host));
	for (const struct row *row = c->rows; row < c->rows + MAX_ROWS && (row->keys != 0 || row->flags != 0); row++) {
		struct buf der = make_cert(&row->made);
		size_t at;

		put_u8(out, row->flags);
		put_u8(out, row->keys);
		at = put_open(out, 2);
		put_str(out, buf_str(&der));
		put_close(out, at, 2);
		buf_release(&der);
	}
}

/* ---- mutation without libFuzzer ---- */
static struct dice dice;

size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	static const uint8_t bytes[] = { 0, 1, 2, 3, 4, 6, 0x0C, 0x13, 0x20, 0x2E, 0x30, 0x31, 0x40, 0x7F, 0x80, 0x81,
		0x82, 0xA0, 0xA1, 0xFF };
	uint8_t byte = bytes[dice_below(&dice, sizeof bytes)];
	size_t at = dice_below(&dice, size + 1);

	switch (dice_below(&dice, 4)) {
	case 0:
		if (size < max) {
			memmove(data + at + 1, data + at, size - at);
			data[at] = byte;
			return size + 1;
		}
		return size;
	case 1:
		if (at < size)
			memmove(data + at, data + at + 1, size - at - 1);
		return size - (at < size);
	case 2:
		if (at < size)
			data[at] ^= (uint8_t)(1u << dice_below(&dice, 8));
		return size;
	default:
		if (at < size)
			data[at] = byte;
		return size;
	}
}

static size_t
mutate(uint8_t *data, size_t size, unsigned seed)
{
	static struct tree tree;

	dice = dice_of(seed);
	for (size_t n = 1 + dice_below(&dice, 1 + dice_below(&dice, MAX_CHANGES)); n > 0; n--) {
		chain_describe(&tree, data, size);
		size = tree_mutate(&tree, data, ROOM, (unsigned)dice_below(&dice, UINT32_MAX));
	}
	return size;
}

/* ---- judging ---- */
static const char *now_known, *now_refused;

static void
compare(const struct chain_accepted *a)
{
	now_refused = verdict_differs(a, &now_known);
}

static void
judge(const uint8_t *data, size_t size, struct chain_outcome *o)
{
	now_known = now_refused = NULL;
	chain_run(data, size, o, compare);
}

/* As they are, both accept them. */
static void
unchanged(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHAINS; i++) {
		struct chain_outcome o;
		struct buf b;

		build(&b, i);
		judge(b.data, b.len, &o);
		if (o.result != 0 || now_refused != NULL)
			fail_msg("chain %zu: %s, %s", i, x509_fault_name(o.first),
			    now_refused != NULL ? now_refused : "OpenSSL accepts");
		buf_release(&b);
	}
}

static void
print_chain(const uint8_t *data, size_t size)
{
	char *hex = mem_alloc(2 * size + 1);

	hex_write(str_from(data, size), hex);
	fprintf(stderr, "%s\n", hex);
	free(hex);
}

static void
mutated(void **state)
{
	const char *wanted = getenv("VERDICTS");
	unsigned n = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : VERDICTS, accepted = 0, known = 0,
		 different = 0;
	static uint8_t data[ROOM];

	(void)state;
	for (unsigned seed = 1; seed <= n; seed++) {
		struct chain_outcome o;
		struct buf b;
		size_t size;

		build(&b, seed % CHAINS);
		memcpy(data, b.data, b.len);
		size = mutate(data, b.len, seed);
		buf_release(&b);
		judge(data, size, &o);
		accepted += o.result == 0;
		known += now_known != NULL;
		if (now_refused == NULL)
			continue;
		different++;
		print_error("seed %u is accepted here and refused by OpenSSL: %s\n", seed, now_refused);
		if (getenv("VERDICTS_SHOWN") != NULL)
			print_chain(data, size);
	}
	print_message("%u chains, %u accepted by both, %u of them differ for a known reason\n", n, accepted - different,
	    known);
	assert_true(accepted > n / 10 && accepted < n);
	assert_int_equal(different, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(unchanged), cmocka_unit_test(mutated) };

	if (argc > 1)
		return corpus_write(argv[1], "verdict", CHAINS, build);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
