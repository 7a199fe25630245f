/* Names of handshake messages, their header, and the extension block. */
#include "net/tls/message.h"

static const struct {
	unsigned type;
	const char *name;
} names[] = {
	{ HELLO_REQUEST, "HelloRequest" },
	{ CLIENT_HELLO, "ClientHello" },
	{ SERVER_HELLO, "ServerHello" },
	{ NEW_SESSION_TICKET, "NewSessionTicket" },
	{ END_OF_EARLY_DATA, "EndOfEarlyData" },
	{ ENCRYPTED_EXTENSIONS, "EncryptedExtensions" },
	{ CERTIFICATE, "Certificate" },
	{ SERVER_KEY_EXCHANGE, "ServerKeyExchange" },
	{ CERTIFICATE_REQUEST, "CertificateRequest" },
	{ SERVER_HELLO_DONE, "ServerHelloDone" },
	{ CERTIFICATE_VERIFY, "CertificateVerify" },
	{ CLIENT_KEY_EXCHANGE, "ClientKeyExchange" },
	{ FINISHED, "Finished" },
	{ CERTIFICATE_STATUS, "CertificateStatus" },
	{ KEY_UPDATE, "KeyUpdate" },
	{ MESSAGE_HASH, "message_hash" },
	{ CHANGE_CIPHER_SPEC, "ChangeCipherSpec" },
	{ HELLO_RETRY_REQUEST, "HelloRetryRequest" },
};

const char *
message_name(unsigned type)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown message";
}

size_t
message_open(struct buf *b, enum message_type type)
{
	put_u8(b, type);
	return put_open(b, 3);
}

void
message_close(struct buf *b, size_t at)
{
	put_close(b, at, 3);
}

bool
extension_list_decode(struct extension_list *list, struct str block)
{
	struct rd r = rd_str(block);

	list->n = 0;
	while (rd_left(&r) > 0) {
		uint16_t type = rd_u16(&r);
		struct rd body = rd_vec16(&r);

		if (r.bad || list->n == MESSAGE_MAX_EXTENSIONS)
			return false;
		list->item[list->n++] = (struct extension){ type, rd_rest(&body) };
	}
	return true;
}

const struct extension *
extension_find(const struct extension_list *list, uint16_t type)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->item[i].type == type)
			return &list->item[i];
	return NULL;
}
