/*
 * A pipe between `openssl s_server` and the engine that drops, repeats and swaps each message of the server's flight
 * (of TLS 1.3 under the right keys): each of them must be refused.
 */
#include "tests/unit/tls/socket_client.h"

enum { MAX_MESSAGES = 16 };
enum mutation { NOTHING, DROP, REPEAT, SWAP, MUTATIONS };

/* The server's first flight, message by message. */
struct flight {
	struct buf bytes;            /* of the messages, one after the other */
	size_t at[MAX_MESSAGES + 1]; /* where each begins */
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
	struct protect_params params = {
		.crypto = &c->t->crypto,
		.suite = c->t->suite,
		.version = TLS_1_3,
		.sealing = sealing,
		.random = &c->t->random,
	};

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

		for (int times = how == DROP && i == which ? 0 :
			 how == REPEAT && i == which       ? 2 :
							     1;
		     times > 0; times--) {
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
