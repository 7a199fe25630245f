/*
 * Numbers of the TLS registries that both halves of net/tls need, and which alert belongs to which of our
 * error codes. The name functions themselves are declared in tls.h.
 */
#ifndef NET_TLS_NAMES_H
#define NET_TLS_NAMES_H

#include "net/tls/tls.h"

enum tls_content_type {          /* RFC 8446 section 5.1 */
	CONTENT_CHANGE_CIPHER_SPEC = 20, CONTENT_ALERT = 21, CONTENT_HANDSHAKE = 22, CONTENT_APPLICATION_DATA = 23
};

enum tls_alert_level { ALERT_WARNING = 1, ALERT_FATAL = 2 };

enum tls_alert {                 /* RFC 8446 section 6, RFC 5246 section 7.2, RFC 6101 section 5.4 */
	ALERT_CLOSE_NOTIFY = 0, ALERT_UNEXPECTED_MESSAGE = 10, ALERT_BAD_RECORD_MAC = 20, ALERT_DECRYPTION_FAILED = 21,
	ALERT_RECORD_OVERFLOW = 22, ALERT_DECOMPRESSION_FAILURE = 30, ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_NO_CERTIFICATE = 41, ALERT_BAD_CERTIFICATE = 42, ALERT_UNSUPPORTED_CERTIFICATE = 43,
	ALERT_CERTIFICATE_REVOKED = 44, ALERT_CERTIFICATE_EXPIRED = 45, ALERT_CERTIFICATE_UNKNOWN = 46,
	ALERT_ILLEGAL_PARAMETER = 47, ALERT_UNKNOWN_CA = 48, ALERT_ACCESS_DENIED = 49, ALERT_DECODE_ERROR = 50,
	ALERT_DECRYPT_ERROR = 51, ALERT_EXPORT_RESTRICTION = 60, ALERT_PROTOCOL_VERSION = 70,
	ALERT_INSUFFICIENT_SECURITY = 71, ALERT_INTERNAL_ERROR = 80, ALERT_INAPPROPRIATE_FALLBACK = 86,
	ALERT_USER_CANCELED = 90, ALERT_NO_RENEGOTIATION = 100, ALERT_MISSING_EXTENSION = 109,
	ALERT_UNSUPPORTED_EXTENSION = 110, ALERT_CERTIFICATE_UNOBTAINABLE = 111, ALERT_UNRECOGNIZED_NAME = 112,
	ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 113, ALERT_BAD_CERTIFICATE_HASH_VALUE = 114,
	ALERT_UNKNOWN_PSK_IDENTITY = 115, ALERT_CERTIFICATE_REQUIRED = 116, ALERT_NO_APPLICATION_PROTOCOL = 120,
	ALERT_ECH_REQUIRED = 121,
	ALERT_NONE = 256             /* nothing is to be sent */
};

/* "0x1234": what is shown of a number without a name. */
const char *number_name(uint16_t number);
const char *alert_number_name(unsigned alert);       /* "alert_200" */
/* The name of `id` in a table of n rows, else number_name. */
const char *name_in(const struct tls_name *table, size_t n, uint16_t id);
/* The reverse, any letter case; false when absent. */
bool number_in(const struct tls_name *table, size_t n, struct str name, uint16_t *id);

/* Anything registered by its name, any letter case, whether we speak it or not. */
bool extension_by_name(struct str name, uint16_t *id);
bool group_by_name(struct str name, uint16_t *id);
bool scheme_by_name(struct str name, uint16_t *id);
bool suite_by_name(struct str name, uint16_t *id);

/* The alert to send for an error code when the place that failed knows no better one. ALERT_NONE when the peer
 * refused or is gone. */
unsigned tls_code_alert(int code);

#endif
