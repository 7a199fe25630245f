/*
 * A server's bytes into a client whose randomness is fixed, so that recorded servers are understood to the end. The
 * first byte chooses the client's settings; then come the bytes, to be processed in one or two pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same settings recorded the corpus. */
static struct tls *
client(unsigned settings)
{
	struct tls_config config;
	struct tls *t;

	tls_config_init(&config);
	config.min_version = SSL_3_0 + (settings & 7) % 5;
	config.max_version = settings & 8 ? TLS_1_3 : config.min_version;
	config.versions_set = true;
	config.status_request = config.signed_certificate_timestamp = true;
	config.renegotiation = settings & 16;
	config.n_alpn = 1;
	strcat(config.alpn[0], "http/1.1");
	strcat(config.sni, "localhost");
	t = tls_new(&config, NULL);
	random_release(&t->random);
	random_init_fixed(&t->random, "fuzz", 4);
	return t;
}

static bool
give(struct tls *t, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t room;
		uint8_t *at = tls_input_room(t, &room);
		size_t piece = n < room ? n : room;

		if (piece == 0)
			return false;
		memcpy(at, p, piece);
		tls_input_added(t, piece);
		p += piece;
		n -= piece;
		while (tls_process(t, NULL) == 0 && tls_app_data(t).n > 0)
			tls_app_consume(t, tls_app_data(t).n);
		tls_output_sent(t, tls_output(t).n);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls *t;

	if (size == 0)
		return 0;
	t = client(data[0]);
	if (tls_start(t, NULL) == 0) {
		size_t half = data[0] & 32 ? (size - 1) / 2 : size - 1;

		give(t, data + 1, half);
		give(t, data + 1 + half, size - 1 - half);
		tls_input_end(t);
		tls_process(t, NULL);
		if (tls_connected(t))
			tls_app_write(t, "x", 1, NULL);
		tls_session_free(tls_take_session(t));
	}
	tls_free(t);
	return 0;
}
