/* Every message decoder and the trace. Input: message type, version, suite (2 bytes each but the type), then the
 * body. */
#include <stdlib.h>

#include "net/tls/handshake.h"
#include "net/tls/message_certificate.h"
#include "net/tls/message_finish.h"
#include "net/tls/message_hello.h"
#include "net/tls/message_key_exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
decode_certificates(unsigned type, unsigned version, struct str body)
{
	union {
		struct certificate_message certificate;
		struct certificate_status status;
		struct certificate_request request;
		struct certificate_verify verify;
	} m;

	switch (type) {
	case CERTIFICATE:
		certificate_decode(&m.certificate, body, version >= TLS_1_3);
		break;
	case CERTIFICATE_STATUS:
		certificate_status_decode(&m.status, body);
		break;
	case CERTIFICATE_REQUEST:
		certificate_request_decode(&m.request, body, (uint16_t)version);
		break;
	case CERTIFICATE_VERIFY:
		certificate_verify_decode(&m.verify, body, (uint16_t)version);
		break;
	default:
		break;
	}
}

static void
decode(unsigned type, unsigned version, struct str body)
{
	union {
		struct client_hello client_hello;
		struct server_hello server_hello;
		struct encrypted_extensions encrypted;
		struct server_key_exchange server_key;
		struct client_key_exchange client_key;
		struct finished finished;
		struct new_session_ticket ticket;
		struct key_update update;
	} m;

	switch (type) {
	case CLIENT_HELLO:
		client_hello_decode(&m.client_hello, body);
		break;
	case SERVER_HELLO:
		server_hello_decode(&m.server_hello, body);
		break;
	case ENCRYPTED_EXTENSIONS:
		encrypted_extensions_decode(&m.encrypted, body);
		break;
	case SERVER_KEY_EXCHANGE:
		server_key_exchange_decode(&m.server_key, body, true, (uint16_t)version);
		server_key_exchange_decode(&m.server_key, body, false, (uint16_t)version);
		break;
	case CLIENT_KEY_EXCHANGE:
		for (enum client_key_form form = CLIENT_KEY_RSA; form <= CLIENT_KEY_ECDHE; form++)
			client_key_exchange_decode(&m.client_key, body, form, (uint16_t)version);
		break;
	case FINISHED:
		finished_decode(&m.finished, body);
		break;
	case NEW_SESSION_TICKET:
		new_session_ticket_decode(&m.ticket, body, version >= TLS_1_3);
		break;
	case KEY_UPDATE:
		key_update_decode(&m.update, body);
		break;
	default:
		decode_certificates(type, version, body);
		break;
	}
}

static void
describe(unsigned type, const struct tls_message_info *info, struct str body)
{
	struct event event = { .kind = EVENT_TLS_MESSAGE, .code = (int)type, .detail = info };
	struct buf message, out;
	size_t at;

	buf_init(&message, 1 << 20);
	buf_init(&out, 1 << 20);
	at = message_open(&message, type);
	put_str(&message, body);
	message_close(&message, at);
	event.data = buf_str(&message);
	tls_describe(&out, &event);
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] < ' ' && out.data[i] != '\n')
			abort(); /* nothing of it may steer a terminal */
	buf_release(&out);
	buf_release(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_of(data, size);
	unsigned type = rd_u8(&r);
	struct tls_message_info info = {
		.content_type = CONTENT_HANDSHAKE,
		.version = rd_u16(&r),
		.suite = rd_u16(&r),
	};
	struct str body = rd_rest(&r);

	decode(type, info.version, body);
	describe(type, &info, body);
	return 0;
}
