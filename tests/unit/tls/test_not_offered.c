/* What the server chooses and was not offered: the sentence names it, and what was offered. */
#include <stdlib.h>
#include <string.h>

#include "net/tls/handshake.h"
#include "tests/support/hex.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
#define RANDOM "5353535353535353535353535353535353535353535353535353535353535353"
#define TLS13 "002b 0002 0304"
#define OFFERED "; offered: x25519, secp256r1"

static struct x509_cert *leaf;

static void
put_hex_text(struct buf *b, const char *text)
{
	struct hex h = hex(text);

	put_str(b, HEX_STR(h));
}

/* One plaintext record with one message. */
static void
put_message(struct buf *b, unsigned type, const struct buf *body)
{
	size_t record, message;

	put_u8(b, CONTENT_HANDSHAKE);
	put_u16(b, TLS_1_2);
	record = put_open(b, 2);
	message = message_open(b, type);
	put_str(b, buf_str(body));
	message_close(b, message);
	put_close(b, record, 2);
}

static void
put_hello(struct buf *b, const char *random, unsigned suite, const char *extensions)
{
	struct buf body;
	size_t block;

	buf_init(&body, 0);
	put_u16(&body, TLS_1_2);
	put_hex_text(&body, random);
	put_u8(&body, 0);
	put_u16(&body, suite);
	put_u8(&body, 0);
	block = put_open(&body, 2);
	put_hex_text(&body, extensions);
	put_close(&body, block, 2);
	if (extensions[0] == '\0')
		body.len = block;
	put_message(b, SERVER_HELLO, &body);
	buf_release(&body);
}

static void
put_certificate(struct buf *b, const struct x509_cert *c)
{
	struct buf body;
	size_t list, one;

	buf_init(&body, 0);
	list = put_open(&body, 3);
	one = put_open(&body, 3);
	put_str(&body, str_from(c->der, c->der_len));
	put_close(&body, one, 3);
	put_close(&body, list, 3);
	put_message(b, CERTIFICATE, &body);
	buf_release(&body);
}

static void
assert_refused(const struct buf *flight, int code, const char *sentence)
{
	struct tls_config config = { .min_version = 0 };
	struct error error = { .kind = ERROR_NONE };
	struct tls *t;
	size_t room;

	tls_config_init(&config);
	config.session_id_13 = TLS_OFF;
	config.groups[config.n_groups++] = GROUP_X25519;
	config.groups[config.n_groups++] = GROUP_P256;
	config.schemes[config.n_schemes++] = 0x0401;
	config.schemes[config.n_schemes++] = 0x0403;
	t = tls_new(&config, NULL);
	assert_int_equal(tls_start(t, &error), 0);
	memcpy(tls_input_room(t, &room), flight->data, flight->len);
	tls_input_added(t, flight->len);
	assert_int_equal(tls_process(t, &error), -1);
	assert_string_equal(error.text, sentence);
	assert_int_equal(error.code, code);
	assert_int_equal(tls_info(t)->alert, ALERT_ILLEGAL_PARAMETER);
	tls_free(t);
}

static void
groups_of_tls13(void **state)
{
	static const struct {
		const char *random, *extensions, *sentence;
	} cases[] = {
		{ RETRY_RANDOM, TLS13 "0033 0002 001a",
		    "server asked for a key share of brainpoolP256r1, which was not offered" OFFERED },
		{ RETRY_RANDOM, TLS13 "0033 0002 0018",
		    "server asked for a key share of secp384r1, which was not offered" OFFERED },
		{ RETRY_RANDOM, TLS13 "0033 0002 001d",
		    "server asked for a key share of x25519, which was already sent" },
		{ RANDOM, TLS13 "0033 0006 0100 0002 aabb",
		    "server's key share is of ffdhe2048, which was not offered" OFFERED },
		{ RANDOM, TLS13 "0033 0006 0017 0002 aabb",
		    "server's key share is of secp256r1, of which none was sent" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf flight;

		buf_init(&flight, 0);
		put_hello(&flight, cases[i].random, 0x1301, cases[i].extensions);
		assert_refused(&flight, TLS_WRONG_GROUP, cases[i].sentence);
		buf_release(&flight);
	}
}

static void
server_key_exchange(void **state)
{
	static const struct {
		const char *body, *sentence;
		int code;
	} cases[] = {
		{ "03 0016 01 04 0401 0001 00", "server chose the group secp256k1, which was not offered" OFFERED,
		    TLS_WRONG_GROUP },
		{ "03 001e 01 04 0401 0001 00", "server chose the group x448, which was not offered" OFFERED,
		    TLS_WRONG_GROUP },
		{ "03 4a4b 01 04 0401 0001 00", "server chose the group 0x4A4B, which was not offered" OFFERED,
		    TLS_WRONG_GROUP },
		{ "01 20", "server sent an explicit_prime curve of its own, which was not offered" OFFERED,
		    TLS_WRONG_GROUP },
		{ "02 20", "server sent an explicit_char2 curve of its own, which was not offered" OFFERED,
		    TLS_WRONG_GROUP },
		{ "03 001d 01 04 0203 0001 00",
		    "server signed with ecdsa_sha1, which was not offered; offered: rsa_pkcs1_sha256, "
		    "ecdsa_secp256r1_sha256",
		    TLS_WRONG_SCHEME },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf flight, body;

		buf_init(&flight, 0);
		buf_init(&body, 0);
		put_hello(&flight, RANDOM, 0xc02b, "");
		put_certificate(&flight, leaf);
		put_hex_text(&body, cases[i].body);
		put_message(&flight, SERVER_KEY_EXCHANGE, &body);
		assert_refused(&flight, cases[i].code, cases[i].sentence);
		buf_release(&body);
		buf_release(&flight);
	}
}

/* The leaf with another OID in the place of P-256's, as long: prime192v1. */
static void
curve_of_the_certificate(void **state)
{
	struct hex p256 = hex("2a8648ce3d030107");
	struct x509_cert *other;
	uint8_t *der = mem_dup(leaf->der, leaf->der_len);
	ptrdiff_t at = str_find(str_from(der, leaf->der_len), HEX_STR(p256));
	struct buf flight;

	(void)state;
	assert_true(at > 0);
	der[at + 7] = 1;
	other = x509_cert_new(str_from(der, leaf->der_len), NULL);
	assert_non_null(other);
	buf_init(&flight, 0);
	put_hello(&flight, RANDOM, 0xc02b, "");
	put_certificate(&flight, other);
	assert_refused(&flight, TLS_WRONG_GROUP,
	    "server's certificate has the key EC on an unsupported curve (secp192r1, 192 bits), whose curve was not "
	    "offered" OFFERED);
	buf_release(&flight);
	x509_cert_free(other);
	free(der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_of_tls13),
		cmocka_unit_test(server_key_exchange),
		cmocka_unit_test(curve_of_the_certificate),
	};
	int failed;

	leaf = make_decoded(&(struct made){ .names = "DNS:server.test" });
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	x509_cert_free(leaf);
	return failed;
}
