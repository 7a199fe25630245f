/* The decoded fields of a message, for people. */
#include <stdlib.h>
#include <string.h>

#include "net/tls/describe_fields.h"
#include "net/tls/extension.h"
#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_hello.h"
#include "net/tls/message_key_exchange.h"

static const char *
suite_text(uint16_t id)
{
	return id == SCSV_RENEGOTIATION ? "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" :
	    id == SCSV_FALLBACK         ? "TLS_FALLBACK_SCSV" :
					  tls_suite_name(id);
}

static void
compression_field(struct buf *out, struct str methods)
{
	static const char *const names[] = { "null", "DEFLATE" };

	byte_list(out, "compression", methods, names, 2);
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
	extensions_describe(out, &list, CLIENT_HELLO);
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
	extensions_describe(out, &m.extensions, SERVER_HELLO);
	return true;
}

static bool
describe_certificate(struct buf *out, struct str body, bool tls13)
{
	struct certificate_message m;

	if (!certificate_decode(&m, body, tls13))
		return false;
	buf_addf(out, "certificates: %zu\n", m.n + m.left_out);
	for (size_t i = 0; i < m.n; i++) {
		struct x509_cert *c = x509_cert_sent(m.entry[i].der);
		struct extension_list list;
		char *subject = x509_subject_text(c);

		buf_addf(out, "certificate %zu: %zu bytes, %s\n", i, m.entry[i].der.n, subject);
		free(subject);
		x509_cert_free(c);
		if (tls13 && extension_list_decode(&list, m.entry[i].extensions))
			extensions_describe(out, &list, CERTIFICATE);
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
		extensions_describe(out, &m.extensions, CERTIFICATE_REQUEST);
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
		char *text = x509_name_text(name);

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
	    suite->kx == KX_DHE                                          ? CLIENT_KEY_DHE :
									   CLIENT_KEY_ECDHE;

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
	extensions_describe(out, &m.extensions, NEW_SESSION_TICKET);
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
		extensions_describe(out, &ee.extensions, ENCRYPTED_EXTENSIONS);
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
