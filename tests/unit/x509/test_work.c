/*
 * Chains made to cost: at most 100 kB each, decoded and judged. The work is counted, ends at the limit, and nothing
 * costs that is not counted. With a folder as argument the chains are written there: NAME.pem, and roots.pem.
 */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bearssl.h>

#include "net/x509/pem.h"
#include "tests/unit/x509/mesh.h"

enum { ROOT = 1, SLOW_MS = 5000 };

struct scene {
	const char *name;
	void (*build)(struct buf *certs, size_t *n); /* DER in a row, the leaf first */
};

static void
ring(struct buf *certs, size_t *n)
{
	add_leaf(certs, n, "CN=Mesh");
	add_mesh(certs, n, "CN=Mesh", "CN=Mesh", X509_MAX_CHAIN - 1, each, next);
}

static void
twins(struct buf *certs, size_t *n)
{
	add_leaf(certs, n, "CN=Mesh");
	add_mesh(certs, n, "CN=Mesh", "CN=Mesh", X509_MAX_CHAIN - 1, same, same);
}

static void
square(struct buf *certs, size_t *n)
{
	add_leaf(certs, n, "CN=Mesh");
	add_mesh(certs, n, "CN=Mesh", "CN=Mesh", X509_MAX_CHAIN - 1, row, column);
}

/* `count` times the same RDN; freed by square_of(). */
static char *
long_name(unsigned count, const char *rdn)
{
	struct buf out;

	buf_init(&out, 0);
	for (unsigned i = 0; i < count; i++)
		buf_addf(&out, "%s%s", i > 0 ? "," : "", rdn);
	return buf_take(&out);
}

static void
square_of(struct buf *certs, size_t *n, char *subject, char *issuer)
{
	add_leaf(certs, n, issuer);
	add_mesh(certs, n, subject, issuer, X509_MAX_CHAIN - 1, row, column);
	free(subject);
	free(issuer);
}

static void
long_names(struct buf *certs, size_t *n)
{
	square_of(certs, n, long_name(20, "O= A  bB "), long_name(20, "O=a  BB"));
}

static void
thousands_of_rdns(struct buf *certs, size_t *n)
{
	square_of(certs, n, long_name(900, "O=a"), long_name(900, "O=A"));
}

/* Names of `count` sets of sixty attributes; the other's are the same in another order and case. */
static void
set_names(unsigned count, char **subject, char **issuer)
{
	struct buf up, down;

	buf_init(&up, 0);
	buf_init(&down, 0);
	for (unsigned i = 0; i < 60; i++) {
		buf_addf(&up, "%sO=aa%u", i > 0 ? "+" : "", i);
		buf_addf(&down, "%sO=AA%u", i > 0 ? "+" : "", 59 - i);
	}
	*subject = long_name(count, (const char *)up.data);
	*issuer = long_name(count, (const char *)down.data);
	buf_release(&up);
	buf_release(&down);
}

static void
sets(struct buf *certs, size_t *n)
{
	char *subject, *issuer;

	set_names(3, &subject, &issuer);
	square_of(certs, n, subject, issuer);
}

/* Every way leads on, for nobody can verify a signature. */
static void
unverifiable_sets(struct buf *certs, size_t *n)
{
	char *subject, *issuer;

	set_names(1, &subject, &issuer);
	add(certs, n,
	    &(struct made){ .names = "DNS:www.example.com",
		.issuer = issuer,
		.algorithm = "300b0609608648016503040302" });
	for (unsigned i = 0; i < 40; i++)
		add(certs, n,
		    &(struct made){ .subject = subject,
			.issuer = issuer,
			.key = MESH + i,
			.algorithm = "300b0609608648016503040302",
			.ca = 1,
			.usage = CA_USAGE });
	free(subject);
	free(issuer);
}

/* 32 kB of names in each of a CA's lists and in the leaf. */
static char *
list_of(const char *kind, unsigned count, const char *format)
{
	struct buf out;

	buf_init(&out, 0);
	for (unsigned i = 0; i < count; i++) {
		buf_addf(&out, "%s%s:", i > 0 ? "," : "", kind);
		buf_addf(&out, "%s%u%s", format, i, kind[0] == 'e' ? "@a.b" : ".b");
	}
	return buf_take(&out);
}

static void
product(struct buf *certs, size_t *n, const char *kind, unsigned names, unsigned constraints, const char *stem)
{
	char *san = list_of(kind, names, stem), *nc = list_of(kind, constraints, "w");

	add(certs, n, &(struct made){ .names = san, .issuer = "CN=Mesh", .signer = MESH });
	for (unsigned i = 0; i < 8; i++)
		add(certs, n,
		    &(struct made){ .subject = "CN=Mesh",
			.issuer = i == 7 ? "CN=CA" : "CN=Mesh",
			.key = MESH + i,
			.signer = i == 7 ? ROOT : MESH + i + 1,
			.ca = 1,
			.usage = CA_USAGE,
			.excluded = nc });
	free(san);
	free(nc);
}

static void
dns_product(struct buf *certs, size_t *n)
{
	product(certs, n, "DNS", 2000, 400, "v");
}

static void
mail_product(struct buf *certs, size_t *n)
{
	product(certs, n, "email", 1500, 400, "v");
}

static void
wildcards(struct buf *certs, size_t *n)
{
	char *san = list_of("DNS", 3500, "*.a");

	add(certs, n, &(struct made){ .names = san, .issuer = "CN=Mesh", .signer = MESH });
	add_mesh(certs, n, "CN=Mesh", "CN=Mesh", X509_MAX_CHAIN - 1, row, column);
	free(san);
}

/* A CA of the mesh's name with a key of its own, which nobody's signatures fit; takes spki. */
static void
add_keyed(struct buf *certs, size_t *n, char *spki)
{
	add(certs, n,
	    &(struct made){ .subject = "CN=Mesh", .issuer = "CN=Mesh", .spki = spki, .ca = 1, .usage = CA_USAGE });
	free(spki);
}

/* SubjectPublicKeyInfo on P-521. */
static char *
spki_p521(unsigned i)
{
	uint8_t scalar[66] = { 0 }, room[BR_EC_KBUF_PUB_MAX_SIZE];
	br_ec_private_key k = { BR_EC_secp521r1, scalar, sizeof scalar };
	br_ec_public_key pub;
	struct buf out;

	scalar[65] = (uint8_t)(i + 1);
	br_ec_compute_pub(br_ec_get_default(), &pub, room, &k);
	buf_init(&out, 0);
	buf_addf(&out,
	    "30819b301006072a8648ce3d020106052b81040023038186"
	    "00");
	buf_add_hex(&out, str_from(pub.q, pub.qlen));
	return buf_take(&out);
}

static void
p521(struct buf *certs, size_t *n)
{
	add_leaf(certs, n, "CN=Mesh");
	for (unsigned i = 0; i < X509_MAX_CHAIN - 1; i++)
		add_keyed(certs, n, spki_p521(i));
}

/* SubjectPublicKeyInfo of an RSA key of so many bytes, with the largest exponent that is taken. */
static char *
spki_rsa(size_t size, unsigned i)
{
	uint8_t modulus[1 + X509_MAX_RSA_BITS / 8] = { 0 };
	struct buf inner, outer;

	memset(modulus + 1, 0xD5, size);
	modulus[2] = (uint8_t)i;
	buf_init(&inner, 0);
	buf_init(&outer, 0);
	make_tlv(&inner, 0x02, str_from(modulus, 1 + size));
	make_hex(&inner, "020900ffffffffffffffff");
	make_hex(&outer, "00");
	make_tlv(&outer, 0x30, buf_str(&inner));
	buf_clear(&inner);
	make_hex(&inner, "300d06092a864886f70d0101010500");
	make_tlv(&inner, 0x03, buf_str(&outer));
	buf_clear(&outer);
	make_tlv(&outer, 0x30, buf_str(&inner));
	buf_clear(&inner);
	buf_add_hex(&inner, buf_str(&outer));
	buf_release(&outer);
	return buf_take(&inner);
}

/* CAs of one name whose keys did not sign the leaf. */
static void
rsa_of(struct buf *certs, size_t *n, unsigned size)
{
	add(certs, n,
	    &(struct made){ .names = "DNS:www.example.com",
		.issuer = "CN=Mesh",
		.algorithm = "300d06092a864886f70d01010b0500",
		.rsa_signature = size });
	for (unsigned i = 0; i < X509_MAX_CHAIN - 1; i++)
		add_keyed(certs, n, spki_rsa(size, i));
}

static void
rsa_4096(struct buf *certs, size_t *n)
{
	rsa_of(certs, n, 512);
}

static void
rsa_16384(struct buf *certs, size_t *n)
{
	rsa_of(certs, n, 2048);
}

/* Keys that are hardly points. */
static void
ed448(struct buf *certs, size_t *n)
{
	add(certs, n,
	    &(struct made){ .names = "DNS:www.example.com",
		.issuer = "CN=Mesh",
		.algorithm = "300506032b6571",
		.rsa_signature = 114 });
	for (unsigned i = 0; i < X509_MAX_CHAIN - 1; i++)
		add_keyed(certs, n, str_printf("3043300506032b6571033a00%02x%0112x", i, 0));
}

/* A string of 30 kB in the name of three CAs. */
static void
huge_strings(struct buf *certs, size_t *n)
{
	char *value = mem_alloc(30001), *name;

	memset(value, 'A', 30000);
	name = str_printf("O=%s", value);
	add_leaf(certs, n, "CN=Mesh");
	add(certs, n, &(struct made){ .subject = name, .issuer = "CN=Mesh", .key = MESH, .ca = 1 });
	add(certs, n, &(struct made){ .subject = "CN=Mesh", .issuer = name, .key = MESH, .ca = 1 });
	add(certs, n, &(struct made){ .subject = "CN=Mesh", .issuer = name, .key = MESH + 1, .ca = 1 });
	free(name);
	free(value);
}

/* Many extensions, each of another type, and a list of 60 kB in one. */
static void
lists(struct buf *certs, size_t *n)
{
	struct buf aia, whole;

	buf_init(&aia, 0);
	for (unsigned i = 0; i < 2500; i++)
		make_hex(&aia,
		    "301306082b060105050730028607"
		    "687474703a2f2f");
	buf_init(&whole, 0);
	make_tlv(&whole, 0x30, buf_str(&aia));
	buf_clear(&aia);
	buf_add_hex(&aia, buf_str(&whole));
	add(certs, n,
	    &(struct made){ .names = "DNS:www.example.com",
		.issuer = "CN=Mesh",
		.signer = MESH,
		.more = { { "2b06010505070101", false, (const char *)aia.data } } });
	add_mesh(certs, n, "CN=Mesh", "CN=Mesh", X509_MAX_CHAIN - 1, row, column);
	buf_release(&aia);
	buf_release(&whole);
}

static const struct scene scenes[] = {
	{ "ring", ring },
	{ "twins", twins },
	{ "square", square },
	{ "long-names", long_names },
	{ "thousands-of-rdns", thousands_of_rdns },
	{ "sets", sets },
	{ "unverifiable-sets", unverifiable_sets },
	{ "huge-strings", huge_strings },
	{ "dns-product", dns_product },
	{ "mail-product", mail_product },
	{ "wildcards", wildcards },
	{ "p521", p521 },
	{ "rsa-4096", rsa_4096 },
	{ "rsa-16384", rsa_16384 },
	{ "ed448", ed448 },
	{ "lists", lists },
};

enum { SCENES = sizeof scenes / sizeof *scenes };

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct x509_store *
root_store(void)
{
	struct buf root = make_cert(&(struct made){ .subject = "CN=CA", .key = ROOT, .ca = 1, .usage = CA_USAGE });
	struct x509_store *store = x509_store_new();

	assert_int_equal(x509_store_add_pem(store, buf_str(&root), NULL), 1);
	buf_release(&root);
	return store;
}

/* The next certificate of those in a row. */
static struct str
cut(struct buf *certs, size_t *at)
{
	size_t n = 4 + (size_t)(certs->data[*at + 2] << 8 | certs->data[*at + 3]);
	struct str der = str_from(certs->data + *at, n);

	*at += n;
	return der;
}

static void
measure(const struct scene *scene, const struct x509_store *store)
{
	struct x509_cert *chain[X509_MAX_CHAIN];
	struct x509_policy policy = { .now = MAKE_NOW, .anchors = store, .host = "www.example.org" };
	struct x509_verdict v;
	struct error error = { 0 };
	size_t n = 0, at = 0;
	double start, decoded, judged;
	struct buf certs;

	buf_init(&certs, 0);
	scene->build(&certs, &n);
	start = cpu_ms();
	for (size_t i = 0; i < n; i++) {
		chain[i] = x509_cert_new(cut(&certs, &at), NULL);
		assert_non_null(chain[i]);
	}
	decoded = cpu_ms();
	assert_int_equal(x509_judge(chain, n, &policy, &v, &error), -1);
	judged = cpu_ms();
	print_message(
	    "%-18s %3zu certificates %6zu bytes  decoded %6.2f ms  judged %6.2f ms  %8llu units %3u signatures\n",
	    scene->name, n, certs.len, decoded - start, judged - decoded, (unsigned long long)v.work, v.signatures);
	assert_true(n > 1 && v.work > 0);
	assert_true(v.work <= X509_MAX_WORK + X509_MAX_WORK / 4);
	assert_true(v.signatures <= X509_MAX_SIGNATURES);
	assert_true(judged - start < SLOW_MS); /* what is not counted would show here */
	x509_verdict_release(&v);
	for (size_t i = 0; i < n; i++)
		x509_cert_free(chain[i]);
	buf_release(&certs);
}

static void
bounded(void **state)
{
	struct x509_store *store = root_store();

	(void)state;
	for (size_t i = 0; i < SCENES; i++)
		measure(&scenes[i], store);
	x509_store_free(store);
}

/* Ctrl-C and the deadline end a judgement, and say so. */
static void
ended(void **state)
{
	static const volatile sig_atomic_t interrupted = 1;
	const struct {
		struct work work;
		enum work_end end;
		enum error_kind kind;
	} rows[] = {
		{ { .interrupted = &interrupted }, WORK_INTERRUPTED, ERROR_INTERRUPTED },
		{ { .deadline_us = 1 }, WORK_LATE, ERROR_LIMIT },
		{ { .left = 1 }, WORK_SPENT, ERROR_CERTIFICATE },
	};
	struct x509_store *store = root_store();
	struct x509_cert *leaf = make_decoded(&(struct made){ .names = "DNS:www.example.com" });

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct x509_policy policy = {
			.now = MAKE_NOW,
			.anchors = store,
			.host = "www.example.com",
			.work = rows[i].work,
		};
		struct x509_verdict v;
		struct error error = { 0 };

		assert_int_equal(x509_judge(&leaf, 1, &policy, &v, &error), -1);
		assert_int_equal(v.ended, rows[i].end);
		assert_int_equal(error.kind, rows[i].kind);
		assert_int_equal(v.reasons[v.n_reasons - 1].fault, X509_TOO_MUCH_WORK);
		x509_verdict_release(&v);
	}
	x509_cert_free(leaf);
	x509_store_free(store);
}

static void
write_pem(FILE *f, struct str der)
{
	struct buf text;

	buf_init(&text, 0);
	pem_add_base64(&text, der);
	fprintf(f, "-----BEGIN CERTIFICATE-----\n%.*s\n-----END CERTIFICATE-----\n", (int)text.len,
	    (const char *)text.data);
	buf_release(&text);
}

static int
write_all(const char *folder)
{
	for (size_t i = 0; i < SCENES; i++) {
		char *path = str_printf("%s/%s.pem", folder, scenes[i].name);
		FILE *f = fopen(path, "w");
		size_t n = 0, at = 0;
		struct buf certs;

		buf_init(&certs, 0);
		scenes[i].build(&certs, &n);
		for (; f != NULL && n > 0; n--)
			write_pem(f, cut(&certs, &at));
		buf_release(&certs);
		free(path);
		if (f == NULL || fclose(f) != 0)
			return 1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bounded), cmocka_unit_test(ended) };

	if (argc > 1)
		return write_all(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
