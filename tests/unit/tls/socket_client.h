/* An engine on a socket as the client of `openssl s_server`, and the handshakes that are tried with it. */
#ifndef TESTS_UNIT_TLS_SOCKET_CLIENT_H
#define TESTS_UNIT_TLS_SOCKET_CLIENT_H

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls/handshake.h"
#include "tests/support/openssl_server.h"
#include "tests/support/unit.h"

enum { PATIENCE_MS = 5000 };

struct client {
	int fd;
	struct tls *t;
	struct error error;
	uint8_t server_secret[HASH_MAX]; /* of the TLS 1.3 handshake, from the key log */
	size_t server_secret_len;
};

static inline void
keylog(void *context, const char *line)
{
	struct client *c = context;
	struct str rest = str_of(line), label = str_cut(&rest, ' ');

	str_cut(&rest, ' ');
	if (str_is(label, "SERVER_HANDSHAKE_TRAFFIC_SECRET"))
		assert_true(hex_read(rest, c->server_secret, sizeof c->server_secret, &c->server_secret_len));
}

static inline void
flush(struct client *c)
{
	struct str out;

	while ((out = tls_output(c->t)).n > 0) {
		ssize_t n = send(c->fd, out.p, out.n, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		tls_output_sent(c->t, (size_t)n);
	}
}

static inline bool
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, PATIENCE_MS) == 1;
}

static inline void
receive(struct client *c)
{
	size_t room;
	uint8_t *at = tls_input_room(c->t, &room);
	ssize_t n = wait_readable(c->fd) ? recv(c->fd, at, room, 0) : 0;

	if (n <= 0)
		tls_input_end(c->t);
	else
		tls_input_added(c->t, (size_t)n);
}

static inline int
advance(struct client *c)
{
	int result = tls_process(c->t, &c->error);

	flush(c);
	return result;
}

static inline void
client_start(struct client *c, const struct openssl_server *s, const struct tls_config *config,
    const struct tls_session *session)
{
	struct tls_hooks hooks = { .keylog = keylog, .context = c };

	memset(c, 0, sizeof *c);
	c->fd = openssl_server_connect(s);
	assert_true(c->fd >= 0);
	c->t = tls_new(config, &hooks);
	if (session != NULL)
		tls_offer_session(c->t, session);
	assert_int_equal(tls_start(c->t, &c->error), 0);
	flush(c);
}

static inline int
client_connect(struct client *c)
{
	while (!tls_connected(c->t)) {
		receive(c);
		if (advance(c) != 0)
			return -1;
	}
	return 0;
}

static inline void
client_end(struct client *c)
{
	tls_close(c->t);
	flush(c);
	tls_free(c->t);
	close(c->fd);
}

/* Until the server has sent `text`. */
static inline bool
client_reads(struct client *c, const char *text)
{
	for (;;) {
		struct str data = tls_app_data(c->t);

		if (str_find(data, str_of(text)) >= 0) {
			tls_app_consume(c->t, data.n);
			return true;
		}
		tls_app_consume(c->t, data.n);
		if (advance(c) != 0 || tls_peer_closed(c->t))
			return false;
		if (tls_app_data(c->t).n == 0)
			receive(c);
	}
}

static inline void
config_for(struct tls_config *c, uint16_t min, uint16_t max)
{
	tls_config_init(c);
	c->min_version = min;
	c->max_version = max;
	c->versions_set = true;
}

static const struct mode {
	const char *kind;
	uint16_t version, suite;
	const char *options[8];
} modes[] = {
	{ "rsa", TLS_1_0, 0x002f, { "-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0" } },
	{ "rsa", TLS_1_0, 0x0039, { "-tls1", "-cipher", "DHE-RSA-AES256-SHA:@SECLEVEL=0" } },
	{ "ec", TLS_1_1, 0xc009, { "-tls1_1", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0" } },
	{ "rsa", TLS_1_2, 0x009c, { "-tls1_2", "-cipher", "AES128-GCM-SHA256" } },
	{ "rsa", TLS_1_2, 0x009e, { "-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256", "-no_ticket" } },
	{ "rsa", TLS_1_2, 0xcca8, { "-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305" } },
	{ "ec", TLS_1_2, 0xc02c, { "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384" } },
	{ "rsa", TLS_1_3, 0x1301, { "-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256" } },
	{ "ec", TLS_1_3, 0x1302, { "-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384" } },
};

/* ---- set up and tear down of the group ---- */
static const char *folder;

static inline int
make_certificates(void **state)
{
	(void)state;
	folder = openssl_certificates();
	return folder != NULL ? 0 : -1;
}

static inline int
remove_certificates(void **state)
{
	(void)state;
	openssl_certificates_remove();
	return 0;
}

#endif
