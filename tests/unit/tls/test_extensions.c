/* The rows of the extensions against the RFCs' tables of messages, and what the rows must agree with elsewhere. */
#include <string.h>

#include "net/tls/extension.h"
#include "net/tls/handshake.h"
#include "net/tls/message_hello.h"
#include "tests/support/unit.h"

enum { CLIENT = 1 << 16 }; /* we send it in the ClientHello */

/* RFC 8446 section 4.2, the table of extensions and messages, for the server's part; up to TLS 1.2 the server answers
 * in its ServerHello alone (RFC 6066, 7301, 7366, 7627, 5077, 5746, 8422, 6962). */
static const struct {
	uint16_t id;
	unsigned places;
} figure[] = {
	{ EXT_SERVER_NAME, CLIENT | IN_ENCRYPTED | IN_SERVER_HELLO_12 },
	{ EXT_STATUS_REQUEST, CLIENT | IN_REQUEST | IN_CERTIFICATE | IN_SERVER_HELLO_12 },
	{ EXT_SUPPORTED_GROUPS, CLIENT | IN_ENCRYPTED | IN_SERVER_HELLO_12 }, /* there against the rules, but seen */
	{ EXT_SIGNATURE_ALGORITHMS, CLIENT | IN_REQUEST },
	{ EXT_ALPN, CLIENT | IN_ENCRYPTED | IN_SERVER_HELLO_12 },
	{ EXT_SCT, CLIENT | IN_REQUEST | IN_CERTIFICATE | IN_SERVER_HELLO_12 },
	{ EXT_PADDING, CLIENT },
	{ EXT_POST_HANDSHAKE_AUTH, CLIENT },
	{ EXT_KEY_SHARE, CLIENT | IN_SERVER_HELLO_13 | IN_RETRY },
	{ EXT_PRE_SHARED_KEY, CLIENT | IN_SERVER_HELLO_13 },
	{ EXT_PSK_KEY_EXCHANGE_MODES, CLIENT },
	{ EXT_EARLY_DATA, IN_ENCRYPTED | IN_TICKET },
	{ EXT_COOKIE, CLIENT | IN_RETRY },
	{ EXT_SUPPORTED_VERSIONS, CLIENT | IN_SERVER_HELLO_13 | IN_RETRY },
	{ EXT_CERTIFICATE_AUTHORITIES, IN_REQUEST },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, IN_REQUEST },
	{ EXT_EC_POINT_FORMATS, CLIENT | IN_SERVER_HELLO_12 },
	{ EXT_ENCRYPT_THEN_MAC, CLIENT | IN_SERVER_HELLO_12 },
	{ EXT_EXTENDED_MASTER_SECRET, CLIENT | IN_SERVER_HELLO_12 },
	{ EXT_SESSION_TICKET, CLIENT | IN_SERVER_HELLO_12 },
	{ EXT_RENEGOTIATION_INFO, CLIENT | IN_SERVER_HELLO_12 },
};

enum { FIGURE = sizeof figure / sizeof figure[0] };

static void
test_places(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct extension_row *row; (row = extension_row_at(n)) != NULL; n++) {
		size_t i = 0;

		while (i < FIGURE && figure[i].id != row->id)
			i++;
		if (i == FIGURE)
			fail_msg("%s has no line in figure[]: in which messages may it come?",
			    tls_extension_name(row->id));
	}
	assert_int_equal(n, FIGURE);
	for (size_t i = 0; i < FIGURE; i++) {
		const struct extension_row *row = extension_row_of(figure[i].id);

		assert_non_null(row);
		if ((row->places | (row->build != NULL ? CLIENT : 0u)) != figure[i].places)
			fail_msg("%s: places %x, the table says %x", tls_extension_name(row->id), row->places,
			    figure[i].places);
	}
}

/* One row a number, and each with the registry's name, by which it is found again. */
static void
test_rows(void **state)
{
	const struct extension_row *row;

	(void)state;
	for (size_t i = 0; (row = extension_row_at(i)) != NULL; i++) {
		uint16_t id;

		assert_ptr_equal(extension_row_of(row->id), row);
		assert_true(tls_extension_by_name(str_of(tls_extension_name(row->id)), &id));
		assert_int_equal(id, row->id);
		/* the word of a setting leads to the first extension it governs */
		if (row->setting != NULL) {
			assert_true(tls_extension_by_setting(str_of(row->setting), &id));
			assert_string_equal(extension_row_of(id)->setting, row->setting);
		}
	}
	assert_null(extension_row_of(0x0a0a));
}

static size_t
hello_extensions(struct tls *t, uint16_t ids[MESSAGE_MAX_EXTENSIONS])
{
	struct error error = { .kind = ERROR_NONE };
	struct extension_list list;
	struct client_hello m;
	struct buf message;

	buf_init(&message, 0);
	handshake_begin(t, false);
	assert_int_equal(client_hello_build(t, &message, &error), 0);
	assert_true(client_hello_decode(&m, str_slice(buf_str(&message), MESSAGE_HEADER, message.len)));
	assert_true(extension_list_decode(&list, m.extensions));
	for (size_t i = 0; i < list.n; i++)
		ids[i] = list.item[i].type;
	assert_int_equal(list.n, t->info.offered.n_extensions);
	buf_release(&message);
	handshake_drop(t);
	return list.n;
}

/* All that can be asked for, in the order that servers have seen since the first release. */
static void
test_order(void **state)
{
	static const uint16_t order[] = { EXT_SERVER_NAME, EXT_EXTENDED_MASTER_SECRET, EXT_RENEGOTIATION_INFO,
		EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS, EXT_SESSION_TICKET, EXT_ALPN, EXT_STATUS_REQUEST,
		EXT_SIGNATURE_ALGORITHMS, EXT_SCT, EXT_ENCRYPT_THEN_MAC, EXT_KEY_SHARE, EXT_PSK_KEY_EXCHANGE_MODES,
		EXT_SUPPORTED_VERSIONS, EXT_PADDING };
	enum { ORDER = sizeof order / sizeof order[0] };
	uint16_t ids[MESSAGE_MAX_EXTENSIONS];
	struct tls_config config;
	struct tls *t;

	(void)state;
	tls_config_init(&config);
	config.min_version = TLS_1_0;
	config.versions_set = config.status_request = config.signed_certificate_timestamp = true;
	config.pad_hello = 1000;
	config.n_alpn = 1;
	memcpy(config.alpn[0], "http/1.1", sizeof "http/1.1");
	memcpy(config.sni, "www.example.org", sizeof "www.example.org");
	t = tls_new(&config, NULL);
	assert_int_equal(hello_extensions(t, ids), ORDER);
	for (size_t i = 0; i < ORDER; i++)
		if (ids[i] != order[i])
			fail_msg("extension %zu is %s, not %s", i, tls_extension_name(ids[i]),
			    tls_extension_name(order[i]));
	tls_free(t);
	/* each of them by itself can be switched off */
	for (size_t k = 0; k < ORDER; k++) {
		config.extensions_off[0] = order[k];
		config.n_extensions_off = 1;
		t = tls_new(&config, NULL);
		for (size_t n = hello_extensions(t, ids); n > 0; n--)
			assert_int_not_equal(ids[n - 1], order[k]);
		tls_free(t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
