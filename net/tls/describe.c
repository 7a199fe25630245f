/* The decoded fields of a message, for people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls/extension.h"
#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_hello.h"
#include "net/tls/message_key_exchange.h"

enum { HEX_MAX = 64 };

/* ---- values ---- */
static void
put_hex(struct buf *out, struct str s)
{
	size_t n = s.n < HEX_MAX ? s.n : HEX_MAX;

	buf_add_hex(out, str_slice(s, 0, n));
	if (n < s.n)
		buf_addf(out, "... (%zu bytes)", s.n);
}

static void
hex_field(struct buf *out, const char *name, struct str s)
{
	buf_addf(out, "%s: ", name);
	if (s.n == 0)
		buf_addf(out, "empty");
	put_hex(out, s);
	buf_add_char(out, '\n');
}

static void
version_field(struct buf *out, const char *name, unsigned version)
{
	buf_addf(out, "%s: %s (0x%04x)\n", name, tls_version_name(version), version);
}

static const char *
suite_text(uint16_t id)
{
	return id == SCSV_RENEGOTIATION ? "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" :
	    id == SCSV_FALLBACK ? "TLS_FALLBACK_SCSV" : tls_suite_name(id);
}

/* RFC 8701: 0x0A0A, 0x1A1A ... 0xFAFA */
static bool
is_grease(uint16_t id)
{
	return (id & 0x0f0f) == 0x0a0a && id >> 8 == (id & 0xff);
}

static void
put_id(struct buf *out, uint16_t id, const char *(*text)(uint16_t id))
{
	if (is_grease(id))
		buf_addf(out, " GREASE(0x%04X)", id);
	else
		buf_addf(out, " %s", text(id));
}

/* A list of 16-bit numbers by their names. */
static void
id_list(struct buf *out, const char *name, struct str pairs, const char *(*text)(uint16_t id))
{
	struct rd r = rd_str(pairs);

	buf_addf(out, "%s:", name);
	while (rd_left(&r) >= 2)
		put_id(out, rd_u16(&r), text);
	buf_add_char(out, '\n');
}

/* A list of bytes by their names; those without one by their number. */
static void
byte_list(struct buf *out, const char *name, struct str bytes, const char *const *names, size_t n)
{
	buf_addf(out, "%s:", name);
	for (size_t i = 0; i < bytes.n; i++) {
		uint8_t b = (uint8_t)bytes.p[i];

		if (b < n)
			buf_addf(out, " %s", names[b]);
		else
			buf_addf(out, " %u", b);
	}
	buf_add_char(out, '\n');
}

static void
compression_field(struct buf *out, struct str methods)
{
	static const char *const names[] = { "null", "DEFLATE" };

	byte_list(out, "compression", methods, names, 2);
}

static const char *
version_text(uint16_t version)
{
	return tls_version_name(version);
}

static void
text_field(struct buf *out, const char *name, struct str s)
{
	char shown[512];

	buf_addf(out, "%s: %s\n", name, str_printable(s, shown, sizeof shown));
}

/* ---- extensions ---- */
static struct str
inner8(struct str s)
{
	struct rd r = rd_str(s), v = rd_vec8(&r);

	return rd_rest(&v);
}

static struct str
inner16(struct str s)
{
	struct rd r = rd_str(s), v = rd_vec16(&r);

	return rd_rest(&v);
}

static void
describe_names(struct buf *out, const char *name, struct str body)
{
	struct rd list = rd_str(inner16(body));

	while (rd_left(&list) > 0) {
		struct rd one = rd_vec8(&list);

		text_field(out, name, rd_rest(&one));
	}
}

static void
describe_server_name(struct buf *out, const char *name, struct str body)
{
	struct rd list = rd_str(inner16(body)), host;

	rd_u8(&list);
	host = rd_vec16(&list);
	text_field(out, name, rd_rest(&host));
}

/* The ClientHello has a list, ServerHello one share, HelloRetryRequest the group alone. */
static void
describe_key_share(struct buf *out, const char *name, struct str body, unsigned message)
{
	struct rd r = rd_str(message == CLIENT_HELLO ? inner16(body) : body);

	if (rd_left(&r) == 0)
		buf_addf(out, "%s: empty\n", name);
	while (rd_left(&r) >= 2) {
		uint16_t group = rd_u16(&r);
		struct rd key = { .p = NULL };

		if (rd_left(&r) > 0)
			key = rd_vec16(&r);
		buf_addf(out, "%s:", name);
		put_id(out, group, tls_group_name);
		if (rd_left(&key) > 0)
			buf_add_char(out, ' ');
		put_hex(out, rd_rest(&key));
		buf_add_char(out, '\n');
	}
}

static void
describe_extension(struct buf *out, const struct extension *x, unsigned message)
{
	static const char *const formats[] = { "uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2" };
	static const char *const modes[] = { "psk_ke", "psk_dhe_ke" };
	bool hello = message == CLIENT_HELLO;
	char name[96];

	snprintf(name, sizeof name, is_grease(x->type) ? "extension GREASE(%s)" : "extension %s", tls_extension_name(x->type));
	if (x->type == EXT_SERVER_NAME && hello)
		describe_server_name(out, name, x->body);
	else if (x->type == EXT_SUPPORTED_GROUPS)
		id_list(out, name, inner16(x->body), tls_group_name);
	else if (x->type == EXT_SIGNATURE_ALGORITHMS || x->type == EXT_SIGNATURE_ALGORITHMS_CERT)
		id_list(out, name, inner16(x->body), tls_scheme_name);
	else if (x->type == EXT_ALPN)
		describe_names(out, name, x->body);
	else if (x->type == EXT_SUPPORTED_VERSIONS)
		id_list(out, name, hello ? inner8(x->body) : x->body, version_text);
	else if (x->type == EXT_KEY_SHARE)
		describe_key_share(out, name, x->body, message);
	else if (x->type == EXT_EC_POINT_FORMATS)
		byte_list(out, name, inner8(x->body), formats, 3);
	else if (x->type == EXT_PSK_KEY_EXCHANGE_MODES)
		byte_list(out, name, inner8(x->body), modes, 2);
	else if (x->type == EXT_STATUS_REQUEST && hello && str_eq(x->body, STR("\1\0\0\0\0")))
		buf_addf(out, "%s: ocsp\n", name);
	else if (x->type == EXT_PADDING)
		buf_addf(out, "%s: %zu bytes\n", name, x->body.n);
	else
		hex_field(out, name, x->body);
}

static void
describe_extensions(struct buf *out, const struct extension_list *list, unsigned message)
{
	for (size_t i = 0; i < list->n; i++)
		describe_extension(out, &list->item[i], message);
}

/* ---- messages: false when they cannot be decoded ---- */
static bool
describe_client_hello(struct buf *out, struct str body)
{
	struct client_hello m;
	struct extension_list list = { .n = 0 };

	if (!client_hello_decode(&m, body) || (m.has_extensions && !extension_list_decode(&list, m.extensions)))
		return false;
	version_field(out, "version", m.version);
	hex_field(out, "random", m.random);
	hex_field(out, "session id", m.session_id);
	id_list(out, "cipher suites", m.suites, suite_text);
	compression_field(out, m.compression);
	describe_extensions(out, &list, CLIENT_HELLO);
	return true;
}

/* The SSL 2.0 form (RFC 5246 appendix E.2): a kind with a leading zero is a suite of SSL 3.0 and TLS. */
static bool
describe_client_hello_v2(struct buf *out, struct str whole)
{
	struct client_hello m;
	struct rd r;

	if (!client_hello_decode_v2(&m, whole))
		return false;
	buf_addf(out, "form: SSL 2.0\n");
	version_field(out, "version", m.version);
	buf_addf(out, "cipher specs:");
	for (r = rd_str(m.suites); rd_left(&r) >= 3;) {
		unsigned first = rd_u8(&r);
		uint16_t id = rd_u16(&r);

		if (first == 0)
			put_id(out, id, suite_text);
		else
			buf_addf(out, " SSL2(0x%02X%04X)", first, id);
	}
	buf_addf(out, "\n");
	hex_field(out, "session id", m.session_id);
	hex_field(out, "challenge", m.random);
	return true;
}

static bool
describe_server_hello(struct buf *out, struct str body)
{
	struct server_hello m;

	if (!server_hello_decode(&m, body))
		return false;
	version_field(out, "version", m.version);
	hex_field(out, "random", m.random);
	hex_field(out, "session id", m.session_id);
	buf_addf(out, "cipher suite: %s\ncompression: %u\n", tls_suite_name(m.suite), m.compression);
	describe_extensions(out, &m.extensions, SERVER_HELLO);
	return true;
}

static bool
describe_certificate(struct buf *out, struct str body, bool tls13)
{
	struct certificate_message m;

	if (!certificate_decode(&m, body, tls13))
		return false;
	buf_addf(out, "certificates: %zu\n", m.n);
	for (size_t i = 0; i < m.n; i++) {
		struct x509_cert *c = x509_cert_new(m.entry[i].der, NULL);
		struct extension_list list;
		char *subject = c != NULL ? x509_subject_text(c) : str_dup(STR("(cannot be decoded)"));

		buf_addf(out, "certificate %zu: %zu bytes, %s\n", i, m.entry[i].der.n, subject);
		free(subject);
		x509_cert_free(c);
		if (tls13 && extension_list_decode(&list, m.entry[i].extensions))
			describe_extensions(out, &list, CERTIFICATE);
	}
	return true;
}

static bool
describe_certificate_request(struct buf *out, struct str body, uint16_t version)
{
	struct certificate_request m;
	struct rd r;
	struct str name;

	if (!certificate_request_decode(&m, body, version))
		return false;
	if (version >= TLS_1_3) {
		hex_field(out, "context", m.context);
		describe_extensions(out, &m.extensions, CERTIFICATE_REQUEST);
		return true;
	}
	buf_addf(out, "certificate types:");
	for (size_t i = 0; i < m.types.n; i++)
		buf_addf(out, " %s", tls_certificate_type_name((uint8_t)m.types.p[i]));
	buf_add_char(out, '\n');
	if (version == TLS_1_2)
		id_list(out, "signature schemes", m.schemes, tls_scheme_name);
	r = rd_str(m.authorities);
	while (certificate_authority_next(&r, &name)) {
		struct x509_cert holder = { .subject = name };
		char *text = x509_subject_text(&holder);

		buf_addf(out, "authority: %s\n", text);
		free(text);
	}
	return true;
}

static bool
describe_server_key_exchange(struct buf *out, struct str body, const struct tls_message_info *info)
{
	const struct suite *suite = suite_find(info->suite);
	struct server_key_exchange m;

	if (!server_key_exchange_decode(&m, body, suite == NULL || suite->kx == KX_ECDHE, info->version))
		return false;
	if (m.ecdhe) {
		buf_addf(out, "group: %s\n", tls_group_name(m.group));
		hex_field(out, "public key", m.point);
	} else {
		buf_addf(out, "prime: %zu bits\n", m.p.n * 8);
		hex_field(out, "p", m.p);
		hex_field(out, "g", m.g);
		hex_field(out, "public key", m.ys);
	}
	if (info->version >= TLS_1_2)
		buf_addf(out, "signature scheme: %s\n", tls_scheme_name(m.scheme));
	hex_field(out, "signature", m.signature);
	return true;
}

static bool
describe_client_key_exchange(struct buf *out, struct str body, const struct tls_message_info *info)
{
	const struct suite *suite = suite_find(info->suite);
	struct client_key_exchange m;
	enum client_key_form form = suite == NULL || suite->kx == KX_RSA ? CLIENT_KEY_RSA :
	    suite->kx == KX_DHE ? CLIENT_KEY_DHE : CLIENT_KEY_ECDHE;

	if (!client_key_exchange_decode(&m, body, form, info->version))
		return false;
	hex_field(out, form == CLIENT_KEY_RSA ? "encrypted premaster secret" : "public key", m.value);
	return true;
}

static bool
describe_verify(struct buf *out, struct str body, uint16_t version)
{
	struct certificate_verify m;

	if (!certificate_verify_decode(&m, body, version))
		return false;
	if (version >= TLS_1_2)
		buf_addf(out, "signature scheme: %s\n", tls_scheme_name(m.scheme));
	hex_field(out, "signature", m.signature);
	return true;
}

static bool
describe_ticket(struct buf *out, struct str body, bool tls13)
{
	struct new_session_ticket m;

	if (!new_session_ticket_decode(&m, body, tls13))
		return false;
	buf_addf(out, "lifetime: %u s\n", m.lifetime);
	if (tls13) {
		buf_addf(out, "age add: %u\n", m.age_add);
		hex_field(out, "nonce", m.nonce);
	}
	hex_field(out, "ticket", m.ticket);
	describe_extensions(out, &m.extensions, NEW_SESSION_TICKET);
	return true;
}

static bool
describe_body(struct buf *out, unsigned type, struct str body, const struct tls_message_info *info)
{
	bool tls13 = info->version >= TLS_1_3;
	struct encrypted_extensions ee;
	struct certificate_status status;
	struct key_update update;

	switch (type) {
	case CLIENT_HELLO:
		return describe_client_hello(out, body);
	case SERVER_HELLO:
		return describe_server_hello(out, body);
	case ENCRYPTED_EXTENSIONS:
		if (!encrypted_extensions_decode(&ee, body))
			return false;
		describe_extensions(out, &ee.extensions, ENCRYPTED_EXTENSIONS);
		return true;
	case CERTIFICATE:
		return describe_certificate(out, body, tls13);
	case CERTIFICATE_STATUS:
		if (!certificate_status_decode(&status, body))
			return false;
		hex_field(out, "OCSP response", status.response);
		return true;
	case SERVER_KEY_EXCHANGE:
		return describe_server_key_exchange(out, body, info);
	case CERTIFICATE_REQUEST:
		return describe_certificate_request(out, body, info->version);
	case CLIENT_KEY_EXCHANGE:
		return describe_client_key_exchange(out, body, info);
	case CERTIFICATE_VERIFY:
		return describe_verify(out, body, info->version);
	case FINISHED:
		hex_field(out, "verify data", body);
		return true;
	case NEW_SESSION_TICKET:
		return describe_ticket(out, body, tls13);
	case KEY_UPDATE:
		if (!key_update_decode(&update, body))
			return false;
		buf_addf(out, "update requested: %s\n", update.request == UPDATE_REQUESTED ? "yes" : "no");
		return true;
	default:
		return body.n == 0;
	}
}

void
tls_describe(struct buf *out, const struct event *message)
{
	const struct tls_message_info *info = message->detail;
	struct str data = message->data;
	size_t before = out->len;

	if (info->content_type == CONTENT_ALERT && data.n == 2) {
		buf_addf(out, "level: %s\nalert: %s (%u)\n", data.p[0] == ALERT_WARNING ? "warning" : "fatal",
		    tls_alert_name((uint8_t)data.p[1]), (uint8_t)data.p[1]);
		return;
	}
	if (info->content_type == CONTENT_HANDSHAKE && data.n >= MESSAGE_HEADER &&
	    describe_body(out, (uint8_t)data.p[0], str_slice(data, MESSAGE_HEADER, data.n), info))
		return;
	if (info->content_type == CONTENT_HANDSHAKE && describe_client_hello_v2(out, data))
		return;
	if (info->content_type == CONTENT_CHANGE_CIPHER_SPEC && data.n == 1 && data.p[0] == 1)
		return;
	/* Half of it may have been printed: the bytes tell the rest. */
	if (out->len == before)
		buf_addf(out, "not decodable\n");
	hex_field(out, "bytes", data);
}
