/* The client that fuzz targets talk to: fixed randomness, settings by one byte. */
#ifndef TESTS_FUZZ_TLS_FUZZ_CLIENT_H
#define TESTS_FUZZ_TLS_FUZZ_CLIENT_H

#include <stdio.h>
#include <string.h>

#include "net/tls/handshake.h"

static inline void
fuzz_config(struct tls_config *config, unsigned settings)
{
	tls_config_init(config);
	config->min_version = (uint16_t)(SSL_3_0 + (settings & 7) % 5);
	config->max_version = settings & 8 ? TLS_1_3 : config->min_version;
	config->versions_set = true;
	config->status_request = config->signed_certificate_timestamp = true;
	config->renegotiation = settings & 16;
	config->n_alpn = 1;
	snprintf(config->alpn[0], sizeof config->alpn[0], "http/1.1");
	snprintf(config->sni, sizeof config->sni, "localhost");
}

static inline struct tls *
fuzz_engine(const struct tls_config *config, const struct tls_hooks *hooks)
{
	struct tls *t = tls_new(config, hooks);

	random_release(&t->random);
	random_init_fixed(&t->random, "fuzz", 4);
	return t;
}

/* Everything the client can take, as if it came from the network; what it has to say is thrown away. Bytes of
 * application data that came. */
static inline size_t
fuzz_give(struct tls *t, const void *p, size_t n)
{
	const uint8_t *bytes = p;
	size_t data = 0;

	while (n > 0) {
		size_t room;
		uint8_t *at = tls_input_room(t, &room);
		size_t piece = n < room ? n : room;

		if (piece == 0)
			return data;
		memcpy(at, bytes, piece);
		tls_input_added(t, piece);
		bytes += piece;
		n -= piece;
		while (tls_process(t, NULL) == 0 && tls_app_data(t).n > 0) {
			data += tls_app_data(t).n;
			tls_app_consume(t, tls_app_data(t).n);
		}
		tls_output_sent(t, tls_output(t).n);
	}
	return data;
}

static inline void
fuzz_client_end(struct tls *t)
{
	tls_input_end(t);
	tls_process(t, NULL);
	if (tls_connected(t))
		tls_app_write(t, "x", 1, NULL);
	tls_session_free(tls_take_session(t));
	tls_free(t);
}

#endif
