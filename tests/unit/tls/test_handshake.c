/*
 * The engine against `openssl s_server`: every version and key exchange, resumption, HelloRetryRequest, renegotiation,
 * key updates; then a pipe in between that drops, repeats and swaps each message of the server's flight (of TLS 1.3
 * under the right keys) and must see each of them refused.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls/handshake.h"
#include "tests/support/openssl_server.h"
#include "tests/support/unit.h"

enum { PATIENCE_MS = 5000, MAX_MESSAGES = 16 };

static const char *folder;

/* ---- a client on a socket ---- */
struct client {
	int fd;
	struct tls *t;
	struct error error;
	uint8_t server_secret[HASH_MAX];       /* of the TLS 1.3 handshake, from the key log */
	size_t server_secret_len;
};

static void
keylog(void *context, const char *line)
{
	struct client *c = context;
	struct str rest = str_of(line), label = str_cut(&rest, ' ');

	str_cut(&rest, ' ');
	if (str_is(label, "SERVER_HANDSHAKE_TRAFFIC_SECRET"))
		assert_true(str_to_hex(rest, c->server_secret, sizeof c->server_secret, &c->server_secret_len));
}

static void
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

static bool
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, PATIENCE_MS) == 1;
}

static void
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

static int
advance(struct client *c)
{
	int result = tls_process(c->t, &c->error);

	flush(c);
	return result;
}

static void
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

static int
client_connect(struct client *c)
{
	while (!tls_connected(c->t)) {
		receive(c);
		if (advance(c) != 0)
			return -1;
	}
	return 0;
}

static void
client_end(struct client *c)
{
	tls_close(c->t);
	flush(c);
	tls_free(c->t);
	close(c->fd);
}

/* Until the server has sent `text`. */
static bool
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

static void
config_for(struct tls_config *c, uint16_t min, uint16_t max)
{
	tls_config_init(c);
	c->min_version = min;
	c->max_version = max;
	c->versions_set = true;
}

/* ---- versions, key exchanges, resumption ---- */
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

static void
check_mode(const struct mode *m, const struct openssl_server *s)
{
	struct tls_session *session = NULL;
	struct tls_config config;

	config_for(&config, TLS_1_0, TLS_1_3);
	for (int round = 0; round < 2; round++) {
		struct client c;
		const struct tls_info *info;

		client_start(&c, s, &config, session);
		if (client_connect(&c) != 0)
			fail_msg("%s %s: %s", tls_version_name(m->version), tls_suite_name(m->suite), c.error.text);
		info = tls_info(c.t);
		assert_int_equal(info->version, m->version);
		assert_int_equal(info->suite, m->suite);
		assert_int_equal(info->resumed, round == 1);
		assert_int_equal(tls_app_write(c.t, "GET / HTTP/1.0\r\n\r\n", 18, &c.error), 0);
		flush(&c);
		assert_true(client_reads(&c, "200 ok"));
		tls_session_free(session);
		session = tls_take_session(c.t);
		assert_non_null(session);
		client_end(&c);
	}
	tls_session_free(session);
}

static void
test_versions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		const char *options[16] = { "-www" };
		struct openssl_server s;
		size_t n = 1;

		for (const char *const *o = modes[i].options; *o != NULL; o++)
			options[n++] = *o;
		assert_int_equal(openssl_server_start(&s, modes[i].kind, options), 0);
		check_mode(&modes[i], &s);
		openssl_server_stop(&s);
	}
}

static void
test_hello_retry_request(void **state)
{
	static const char *const options[] = { "-www", "-groups", "P-384", NULL };
	struct openssl_server s;
	struct tls_config config;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	for (int without_share = 0; without_share < 2; without_share++) {
		struct client c;

		tls_config_init(&config);
		config.no_key_share = without_share;
		config.grease = true;
		client_start(&c, &s, &config, NULL);
		assert_int_equal(client_connect(&c), 0);
		assert_true(tls_info(c.t)->hello_retry);
		assert_int_equal(tls_info(c.t)->group, GROUP_P384);
		client_end(&c);
	}
	openssl_server_stop(&s);
}

/* What a troubleshooter may turn, each against a server that must still understand it. */
static void
test_hello_shapes(void **state)
{
	static const char *const options[] = { "-www", "-cipher", "ALL:@SECLEVEL=0", NULL };
	struct openssl_server s;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	for (int shape = 0; shape < 9; shape++) {
		struct tls_config config;
		struct client c;

		config_for(&config, TLS_1_0, TLS_1_3);
		config.grease = shape == 0;
		config.split_hello_record = shape == 1 ? 20 : 0;
		config.no_extensions = shape == 2;
		config.sslv2_hello = shape == 3;
		config.pad_hello = shape == 4 ? 2000 : 0;
		config.session_id_13 = shape == 5 ? TLS_OFF : TLS_AUTO;
		config.hello_record_version = shape == 6 ? TLS_1_2 : 0;
		config.ems = shape == 7 ? TLS_OFF : TLS_AUTO;
		config.max_version = shape >= 7 ? TLS_1_2 : TLS_1_3;
		config.etm = shape == 8 ? TLS_OFF : TLS_AUTO;
		client_start(&c, &s, &config, NULL);
		if (client_connect(&c) != 0)
			fail_msg("shape %d: %s", shape, c.error.text);
		assert_int_equal(tls_info(c.t)->version, shape == 2 || shape == 3 || shape >= 7 ? TLS_1_2 : TLS_1_3);
		if (shape == 4)
			assert_int_equal(tls_info(c.t)->offered.hello_bytes, 2000);
		if (shape == 7)
			assert_false(tls_info(c.t)->ems);
		client_end(&c);
	}
	openssl_server_stop(&s);
}

static void
test_refusals(void **state)
{
	static const char *const options[] = { "-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", NULL };
	struct openssl_server s;
	struct tls_config config;
	struct client c;

	(void)state;
	assert_int_equal(openssl_server_start(&s, "rsa", options), 0);
	config_for(&config, TLS_1_2, TLS_1_2);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), -1);
	assert_int_equal(c.error.code, TLS_UNSUPPORTED_VERSION);
	assert_string_equal(c.error.text, "server chose TLSv1.1, which \"tls proto\" excludes");
	assert_true(tls_info(c.t)->alert_sent);
	assert_int_equal(tls_info(c.t)->alert, ALERT_PROTOCOL_VERSION);
	client_end(&c);
	config_for(&config, TLS_1_3, TLS_1_3);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), -1);
	assert_int_equal(c.error.code, TLS_PEER_ALERT);
	assert_true(tls_info(c.t)->alert_received);
	assert_int_equal(tls_info(c.t)->alert, ALERT_PROTOCOL_VERSION);
	assert_int_equal(tls_info(c.t)->stage, TLS_STAGE_HELLO_SENT);
	client_end(&c);
	openssl_server_stop(&s);
}

/* s_server looks for a command at the start of what it reads at once: a pause sets them apart. */
static void
command(struct openssl_server *s, const char *text)
{
	usleep(100 * 1000);
	assert_int_equal(write(s->input, text, strlen(text)), (ssize_t)strlen(text));
}

/* A letter alone on a line is a command to s_server: k and K update keys, r renegotiates. */
static void
test_after_handshake(void **state)
{
	static const char *const options13[] = { "-tls1_3", NULL }, *const options12[] = { "-tls1_2", NULL };
	struct openssl_server s;
	struct tls_config config;
	struct client c;

	(void)state;
	config_for(&config, TLS_1_2, TLS_1_3);
	assert_int_equal(openssl_server_start(&s, "rsa", options13), 0);
	client_start(&c, &s, &config, NULL);
	assert_int_equal(client_connect(&c), 0);
	command(&s, "k\n");
	command(&s, "K\n");
	command(&s, "one\n");
	assert_true(client_reads(&c, "one\n"));
	assert_int_equal(tls_key_update(c.t, true, &c.error), 0);
	assert_int_equal(tls_app_write(c.t, "x\n", 2, &c.error), 0);
	flush(&c);
	command(&s, "two\n");
	assert_true(client_reads(&c, "two\n"));
	client_end(&c);
	openssl_server_stop(&s);
	for (int answer = 0; answer < 2; answer++) {
		config.renegotiation = answer;
		assert_int_equal(openssl_server_start(&s, "rsa", options12), 0);
		client_start(&c, &s, &config, NULL);
		assert_int_equal(client_connect(&c), 0);
		command(&s, "r\n");
		while (tls_info(c.t)->alert == 0 && !tls_busy(c.t)) {
			receive(&c);
			assert_int_equal(advance(&c), 0);
		}
		while (tls_busy(c.t)) {
			receive(&c);
			assert_int_equal(advance(&c), 0);
		}
		assert_int_equal(tls_info(c.t)->alert, answer ? 0 : ALERT_NO_RENEGOTIATION);
		if (answer) {
			command(&s, "three\n");
			assert_true(client_reads(&c, "three\n"));
		}
		client_end(&c);
		openssl_server_stop(&s);
	}
}

static void
test_client_certificate(void **state)
{
	static const char *const options[][5] = { { "-www", "-Verify", "1", "-tls1_2" }, { "-www", "-Verify", "1", "-tls1_3" } };
	char cert[128], key[128];
	struct error error;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct openssl_server s;
		struct tls_config config;
		struct client c;

		snprintf(cert, sizeof cert, "%s/%s.crt", folder, i % 2 == 0 ? "rsa" : "ec");
		snprintf(key, sizeof key, "%s/%s.key", folder, i % 2 == 0 ? "rsa" : "ec");
		assert_int_equal(openssl_server_start(&s, "rsa", options[i / 2]), 0);
		tls_config_init(&config);
		config.credentials = tls_credentials_load(cert, key, &error);
		assert_non_null(config.credentials);
		client_start(&c, &s, &config, NULL);
		if (client_connect(&c) != 0)
			fail_msg("client certificate: %s", c.error.text);
		assert_true(tls_info(c.t)->certificate_requested);
		assert_true(tls_info(c.t)->sent_certificate);
		assert_int_equal(tls_app_write(c.t, "GET / HTTP/1.0\r\n\r\n", 18, &c.error), 0);
		flush(&c);
		assert_true(client_reads(&c, "200 ok"));
		client_end(&c);
		tls_credentials_free(config.credentials);
		openssl_server_stop(&s);
	}
}

/* ---- the pipe in between ---- */
enum mutation { NOTHING, DROP, REPEAT, SWAP, MUTATIONS };

/* The server's first flight, message by message. */
struct flight {
	struct buf bytes;                       /* of the messages, one after the other */
	size_t at[MAX_MESSAGES + 1];            /* where each begins */
	size_t n;
};

static void
split_messages(struct flight *f)
{
	struct rd r = rd_str(buf_str(&f->bytes));

	f->n = 0;
	while (rd_left(&r) >= MESSAGE_HEADER && f->n < MAX_MESSAGES) {
		struct rd body;

		f->at[f->n] = f->bytes.len - rd_left(&r);
		rd_u8(&r);
		body = rd_vec24(&r);
		if (body.bad)
			return;
		f->at[++f->n] = f->bytes.len - rd_left(&r);
	}
}

static bool
ends_with(const struct flight *f, unsigned type)
{
	return f->n > 0 && f->bytes.data[f->at[f->n - 1]] == type;
}

static bool
read_exactly(int fd, uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t got = wait_readable(fd) ? recv(fd, p, n, 0) : -1;

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* The plaintext of the next handshake record; other records are passed over. */
static bool
read_record(int fd, struct protect *keys, struct buf *to)
{
	uint8_t header[RECORD_HEADER], payload[RECORD_MAX_PAYLOAD];

	for (;;) {
		struct str plain;
		unsigned type;
		size_t n;

		if (!read_exactly(fd, header, sizeof header))
			return false;
		type = header[0];
		n = (size_t)(header[3] << 8 | header[4]);
		if (n > sizeof payload || !read_exactly(fd, payload, n))
			return false;
		if (type == CONTENT_CHANGE_CIPHER_SPEC)
			continue;
		plain = str_from(payload, n);
		if (keys != NULL && protect_open(keys, &type, header, payload, n, &plain, NULL) != 0)
			return false;
		return buf_add_str(to, plain) == 0;
	}
}

/* One message to the engine in a record of its own, as the server would have sent it. */
static void
deliver(struct client *c, struct protect *keys, struct str message)
{
	uint8_t record[RECORD_HEADER + PROTECT_FRONT_MAX + RECORD_MAX_PLAIN + PROTECT_BEHIND], *at;
	size_t total, room;

	memcpy(record + RECORD_HEADER + protect_front(keys), message.p, message.n);
	assert_int_equal(protect_seal(keys, CONTENT_HANDSHAKE, TLS_1_2, record, message.n, &total, NULL), 0);
	if (keys == NULL && c->t->version != 0 && c->t->version < TLS_1_2)
		record[2] = (uint8_t)c->t->version;
	at = tls_input_room(c->t, &room);
	assert_true(room >= total);
	memcpy(at, record, total);
	tls_input_added(c->t, total);
}

static struct protect *
server_keys(struct client *c, bool sealing)
{
	struct protect_params params = { .crypto = &c->t->crypto, .suite = c->t->suite, .version = TLS_1_3,
		.sealing = sealing, .random = &c->t->random };

	return protect_from_secret(&params, str_from(c->server_secret, c->server_secret_len));
}

static struct str
message_of(const struct flight *f, size_t i)
{
	return str_from(f->bytes.data + f->at[i], f->at[i + 1] - f->at[i]);
}

/* Gives the engine the flight with message `which` treated so; returns what the engine made of it. */
static int
deliver_mutated(struct client *c, struct protect *keys, const struct flight *f, enum mutation how, size_t which)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t from = how == SWAP && i == which ? i + 1 : how == SWAP && i == which + 1 ? i - 1 : i;

		for (int times = how == DROP && i == which ? 0 : how == REPEAT && i == which ? 2 : 1; times > 0; times--) {
			deliver(c, keys, message_of(f, from));
			if (tls_process(c->t, &c->error) != 0)
				return -1;
		}
	}
	return 0;
}

/* The server's flight is read whole. In TLS 1.3 the ServerHello goes to the engine first: it gives the keys. */
static bool
read_flight(struct client *c, struct flight *f, bool tls13, struct protect **keys)
{
	unsigned last = tls13 ? FINISHED : SERVER_HELLO_DONE;
	struct protect *open = NULL;

	*keys = NULL;
	if (tls13) {
		if (!read_record(c->fd, NULL, &f->bytes))
			return false;
		deliver(c, NULL, buf_str(&f->bytes));
		if (tls_process(c->t, &c->error) != 0)
			return false;
		buf_clear(&f->bytes);
		open = server_keys(c, false);
		*keys = server_keys(c, true);
	}
	for (split_messages(f); !ends_with(f, last); split_messages(f))
		if (!read_record(c->fd, open, &f->bytes))
			break;
	protect_free(open);
	return ends_with(f, last);
}

static size_t
check_mutation(const struct openssl_server *s, const struct mode *m, enum mutation how, size_t which)
{
	struct flight f = { .n = 0 };
	struct tls_config config;
	struct protect *keys;
	struct client c;
	size_t n;
	int result;

	config_for(&config, m->version, m->version);
	client_start(&c, s, &config, NULL);
	buf_init(&f.bytes, 1 << 20);
	assert_true(read_flight(&c, &f, m->version == TLS_1_3, &keys));
	n = f.n;
	result = deliver_mutated(&c, keys, &f, how, which);
	if (how == NOTHING) {
		assert_int_equal(result, 0);
		assert_true(m->version == TLS_1_3 ? tls_connected(c.t) : c.t->info.stage == TLS_STAGE_FLIGHT_SENT);
	} else if (how == DROP && which == n - 1) {
		/* The last one is missing: the engine waits, and an end is a failure. */
		assert_int_equal(result, 0);
		assert_false(tls_connected(c.t));
		tls_input_end(c.t);
		assert_int_equal(tls_process(c.t, &c.error), -1);
		assert_int_equal(c.error.code, TLS_TRUNCATED);
	} else {
		if (result != -1 || c.error.kind != ERROR_TLS)
			fail_msg("%s %s: mutation %d of message %zu is accepted", tls_version_name(m->version),
			    tls_suite_name(m->suite), how, which);
		assert_true(tls_info(c.t)->alert_sent);
	}
	protect_free(keys);
	buf_release(&f.bytes);
	client_end(&c);
	return n;
}

static void
test_mutations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		struct openssl_server s;
		size_t n;

		assert_int_equal(openssl_server_start(&s, modes[i].kind, modes[i].options), 0);
		n = check_mutation(&s, &modes[i], NOTHING, 0);
		assert_true(n >= 3);
		for (enum mutation how = DROP; how < MUTATIONS; how++)
			for (size_t which = 0; which + (how == SWAP) < n; which++)
				check_mutation(&s, &modes[i], how, which);
		openssl_server_stop(&s);
	}
}

static int
make_certificates(void **state)
{
	(void)state;
	folder = openssl_certificates();
	return folder != NULL ? 0 : -1;
}

static int
remove_certificates(void **state)
{
	(void)state;
	openssl_certificates_remove();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_hello_retry_request),
		cmocka_unit_test(test_hello_shapes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_after_handshake),
		cmocka_unit_test(test_client_certificate),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
