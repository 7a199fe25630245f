/*
 * Private to net/tls. The rows of the extensions, each below its functions in one of the extension_*.c, and what the
 * builders share. extension.c lists the rows; nobody else names one.
 */
#ifndef NET_TLS_EXTENSION_ROWS_H
#define NET_TLS_EXTENSION_ROWS_H

#include "net/tls/extension.h"

/* In the order of the hello; then those that we never send. */
/* clang-format off */
#define EXTENSIONS(EACH) \
	EACH(server_name) \
	EACH(extended_master_secret) \
	EACH(renegotiation_info) \
	EACH(supported_groups) \
	EACH(ec_point_formats) \
	EACH(session_ticket) \
	EACH(alpn) \
	EACH(status_request) \
	EACH(signature_algorithms) \
	EACH(post_handshake_auth) \
	EACH(sct) \
	EACH(encrypt_then_mac) \
	EACH(key_share) \
	EACH(psk_key_exchange_modes) \
	EACH(supported_versions) \
	EACH(cookie) \
	EACH(padding) \
	EACH(pre_shared_key) \
	EACH(early_data) \
	EACH(signature_algorithms_cert) \
	EACH(certificate_authorities)
/* clang-format on */

#define EXTENSION_DECLARED(name) extern const struct extension_row extension_##name;
EXTENSIONS(EXTENSION_DECLARED)

#endif
