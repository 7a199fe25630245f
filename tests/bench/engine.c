/*
 * Figures of the engine alone, without a process around it; run by tests/bench/run.
 *
 *	bench-engine records         opening records against BearSSL's bare primitives on the same bytes
 *	bench-engine trust           first use of the system's trust store
 *	bench-engine memory PORT     heap of one connection to a TLS server on localhost
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/tcp.h"
#include "net/tls/record.h"
#include "net/tls/tls.h"

enum { BATCH = 128, BATCHES = 128, SEALED_MAX = RECORD_HEADER + RECORD_MAX_PAYLOAD };

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
quit(const char *what, const struct error *error)
{
	fprintf(stderr, "bench-engine: %s: %s\n", what, error->text);
	exit(1);
}

/* ---- records ---- */

static struct protect *
keys(const struct crypto *crypto, struct random *random, uint16_t suite, unsigned version, bool sealing)
{
	uint8_t secret[256] = { 1, 2, 3 };
	struct protect_params params = {
		.crypto = crypto,
		.suite = suite_find(suite),
		.version = version,
		.sealing = sealing,
		.random = random,
	};

	return version == TLS_1_3 ? protect_from_secret(&params, str_from(secret, 32)) :
				    protect_from_key_block(&params, true, secret);
}

/* A batch of whole records, as they come from the wire; bytes of it. */
static size_t
seal_batch(struct record_layer *out, uint8_t *wire)
{
	static const uint8_t plain[RECORD_MAX_PLAIN];
	size_t n = 0;

	for (int i = 0; i < BATCH; i++) {
		struct str queued;

		if (record_write(out, CONTENT_APPLICATION_DATA, plain, sizeof plain, NULL) != 0)
			abort();
		queued = record_output(out);
		memcpy(wire + n, queued.p, queued.n);
		n += queued.n;
		record_sent(out, queued.n);
	}
	return n;
}

/* CPU seconds for opening the batch; bringing the bytes in is the stream's work. */
static double
open_batch(struct record_layer *in, const uint8_t *wire, size_t n)
{
	struct record r;
	size_t opened = 0;
	double took = 0, start;

	while (n > 0) {
		size_t room;
		uint8_t *at = record_room(in, &room);

		room = room < n ? room : n;
		memcpy(at, wire, room);
		record_added(in, room);
		wire += room;
		n -= room;
		start = cpu_seconds();
		while (record_next(in, &r, NULL) == 1) {
			opened += record_data(in).n;
			record_consume(in, SIZE_MAX);
		}
		took += cpu_seconds() - start;
	}
	if (opened != (size_t)BATCH * RECORD_MAX_PLAIN)
		abort();
	return took;
}

/* The same bytes through the primitives. */
static void
bare_batch(const struct crypto *crypto, uint16_t suite, uint8_t *wire)
{
	static const uint8_t key[32], nonce[12];
	uint8_t tag[64];
	br_aes_gen_ctr_keys ctr;
	br_aes_gen_cbcdec_keys cbc;
	br_gcm_context gcm;
	br_hmac_key_context hmac_key;
	br_hmac_context hmac;
	uint8_t iv[16] = { 0 };

	crypto->aes_ctr->init(&ctr.vtable, key, 16);
	crypto->aes_cbcdec->init(&cbc.vtable, key, 16);
	br_gcm_init(&gcm, &ctr.vtable, crypto->ghash);
	br_hmac_key_init(&hmac_key, &br_sha1_vtable, key, 20);
	for (int i = 0; i < BATCH; i++, wire += RECORD_MAX_PLAIN) {
		switch (suite) {
		case 0x1301:
			br_gcm_reset(&gcm, nonce, sizeof nonce);
			br_gcm_aad_inject(&gcm, key, 5);
			br_gcm_flip(&gcm);
			br_gcm_run(&gcm, 0, wire, RECORD_MAX_PLAIN);
			br_gcm_get_tag(&gcm, tag);
			break;
		case 0x1303:
			crypto->poly1305(key, nonce, wire, RECORD_MAX_PLAIN, key, 5, tag, crypto->chacha20, 0);
			break;
		default:
			crypto->aes_cbcdec->run(&cbc.vtable, iv, wire, RECORD_MAX_PLAIN);
			br_hmac_init(&hmac, &hmac_key, 0);
			br_hmac_update(&hmac, wire, RECORD_MAX_PLAIN);
			br_hmac_out(&hmac, tag);
		}
	}
}

static void
records(void)
{
	static const struct {
		uint16_t suite;
		unsigned version;
	} kinds[] = {
		{ 0x1301, TLS_1_3 },
		{ 0x1303, TLS_1_3 },
		{ 0x002F, TLS_1_2 },
	};
	struct crypto crypto;
	struct random random;
	uint8_t *wire = malloc((size_t)BATCH * SEALED_MAX);

	crypto_init(&crypto);
	random_init(&random, NULL);
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct record_layer out, in;
		double ours = 0, bare = 0, start;
		const double gib = (double)BATCH * BATCHES * RECORD_MAX_PLAIN / (1 << 30);

		record_init(&out);
		record_init(&in);
		out.version = in.version = out.write_version = (uint16_t)kinds[k].version;
		if (kinds[k].version == TLS_1_3)
			out.write_version = TLS_1_2;
		record_set_write(&out, keys(&crypto, &random, kinds[k].suite, kinds[k].version, true));
		record_set_read(&in, keys(&crypto, &random, kinds[k].suite, kinds[k].version, false));
		for (int i = 0; i < BATCHES; i++) {
			size_t n = seal_batch(&out, wire);

			ours += open_batch(&in, wire, n);
			start = cpu_seconds();
			bare_batch(&crypto, kinds[k].suite, wire);
			bare += cpu_seconds() - start;
		}
		printf("    opening records, %-30s %.2f GB/s against %.2f of the bare primitives: %.2f of their time\n",
		    suite_find(kinds[k].suite)->info.iana, gib * 1.0737 / ours, gib * 1.0737 / bare, ours / bare);
		record_release(&out);
		record_release(&in);
	}
	random_release(&random);
	free(wire);
}

/* ---- trust ---- */

/* Loads the system's anchors and judges a chain of the last of them. */
static double
first_use(struct x509_cert *const *chain)
{
	struct error error = { .kind = ERROR_NONE };
	struct x509_verdict verdict;
	double start = cpu_seconds(), end;
	struct x509_store *store = x509_store_new();
	struct x509_policy policy = { .anchors = store, .now = (int64_t)time(NULL) };

	if (x509_store_load_system(store, &error) < 0)
		quit("the system's trust store", &error);
	x509_judge(chain, 1, &policy, &verdict, &error);
	end = cpu_seconds();
	x509_verdict_release(&verdict);
	x509_store_free(store);
	return end - start;
}

static void
trust(void)
{
	enum { BUNDLE_MAX = 4 << 20 };
	FILE *f = fopen("/etc/ssl/certs/ca-certificates.crt", "rb");
	char *text = malloc(BUNDLE_MAX);
	struct error error = { .kind = ERROR_NONE };
	struct x509_cert **certs;
	double best = 1;
	int n;

	if (f == NULL || text == NULL)
		exit(1);
	n = x509_read_pem(str_from(text, fread(text, 1, BUNDLE_MAX, f)), &certs, &error);
	fclose(f);
	if (n <= 0)
		quit("ca-certificates.crt", &error);
	for (int i = 0; i < 50; i++) {
		double took = first_use(&certs[n - 1]);

		best = took < best ? took : best;
	}
	printf("    first use of the trust store: %.2f ms of CPU for %d anchors, one of them decoded and judged\n",
	    best * 1e3, n);
	for (int i = 0; i < n; i++)
		x509_cert_free(certs[i]);
	free(certs);
	free(text);
}

/* ---- memory ---- */

static size_t
heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void
memory(unsigned port)
{
	struct error error = { .kind = ERROR_NONE };
	struct tls_config config;
	struct tcp_options options = { .family = 0 };
	const uint8_t *p;
	size_t before = heap(), after;
	struct stream *tcp = tcp_connect("127.0.0.1", port, &options, NULL, &error), *s;

	if (tcp == NULL)
		quit("connect", &error);
	tls_config_init(&config);
	s = tls_stream_new(tls_new(&config, NULL), tcp, &error);
	if (s == NULL || stream_write(s, "GET / HTTP/1.0\r\n\r\n", 18, &error) != 0 || stream_peek(s, &p, &error) <= 0)
		quit("GET", &error);
	after = heap();
	printf("    memory of one connection: %.0f KiB of heap\n", (double)(after - before) / 1024);
	stream_free(s);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "records") == 0)
		records();
	else if (argc == 2 && strcmp(argv[1], "trust") == 0)
		trust();
	else if (argc == 3 && strcmp(argv[1], "memory") == 0)
		memory((unsigned)strtoul(argv[2], NULL, 10));
	else
		return 2;
	return 0;
}
