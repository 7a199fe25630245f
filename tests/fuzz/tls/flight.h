/*
 * A server that knows the keys: whole flights, message by message, each signed, hashed and protected as the client
 * expects it at that point, so that a fuzzer works on the messages and not against the cryptography. Full, resumed,
 * retried and renegotiated handshakes of SSL 3.0 to TLS 1.3, with and without client certificates.
 *
 * An input is three bytes of settings and items: kind (1 byte), length (2 bytes), data.
 */
#ifndef TESTS_FUZZ_TLS_FLIGHT_H
#define TESTS_FUZZ_TLS_FLIGHT_H

#include "net/tls/tls.h"
#include "tests/fuzz/tree.h"

enum flight_item {
	ITEM_HANDSHAKE, /* a whole message, header included */
	ITEM_FINISHED,  /* the right one, made here; the data are ignored */
	ITEM_CCS,       /* up to TLS 1.2 the keys change with it */
	ITEM_ALERT,
	ITEM_DATA,
	ITEM_RAW,    /* bytes as they are */
	ITEM_PART,   /* part of a message: its record ends in the middle */
	ITEM_HELLO,  /* a ServerHello that echoes the client's session id and, renegotiating, the Finisheds */
	ITEM_SIGNED, /* message type, contents without the signature: it is made here */
	ITEM_KINDS
};

/* Settings: byte 0 */
enum {
	FLIGHT_VERSION = 7 /* of 5 */,
	FLIGHT_UP_TO_13 = 8,
	FLIGHT_RENEGOTIATION = 16,
	FLIGHT_RSA_CLIENT = 64,
	FLIGHT_EC_CLIENT = 128
};
/* byte 1: the session that is offered, and the hello's shape */
enum {
	FLIGHT_SESSION_ID = 1,
	FLIGHT_SESSION_TICKET = 2,
	FLIGHT_SESSION_EMS = 4,
	FLIGHT_SESSION_OTHER_SUITE = 8,
	FLIGHT_NO_KEY_SHARE = 16,
	FLIGHT_GREASE = 32,
	FLIGHT_SSLV2 = 64,
	FLIGHT_NO_EXTENSIONS = 128
};
/* byte 2: what is insisted upon */
enum {
	FLIGHT_STRICT_EMS = 1,
	FLIGHT_STRICT_ETM = 2,
	FLIGHT_STRICT_5746 = 4,
	FLIGHT_NO_TICKETS = 8,
	FLIGHT_SMALL_DH = 16,
	FLIGHT_LARGE_TICKET = 32 /* no hello has room for it */
};
enum { FLIGHT_SETTINGS = 3 };

struct flight_outcome {
	bool connected, resumed, retried, renegotiated, sent_certificate, closed;
	uint16_t version, suite;
	size_t data;     /* bytes of application data that came */
	char error[512]; /* "" when nothing failed */
};

void flight_run(const uint8_t *input, size_t size, struct flight_outcome *outcome);
/* Certificate and key of the server: "rsa" or "p256". */
const struct x509_cert *flight_certificate(const char *name);

/* The grammar of an input, for mutations. */
void flight_describe(struct tree *t, const uint8_t *input, size_t size);

#endif
