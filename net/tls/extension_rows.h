/*
 * Private to net/tls. The rows of the extensions, each below its functions in one of the extension_*.c, and what the
 * builders share. extension.c lists the rows; nobody else names one.
 */
#ifndef NET_TLS_EXTENSION_ROWS_H
#define NET_TLS_EXTENSION_ROWS_H

#include "net/tls/extension.h"

extern const struct extension_row extension_server_name, extension_extended_master_secret, extension_renegotiation_info,
    extension_supported_groups, extension_ec_point_formats, extension_session_ticket, extension_alpn,
    extension_status_request, extension_signature_algorithms, extension_sct, extension_encrypt_then_mac,
    extension_key_share, extension_psk_key_exchange_modes, extension_supported_versions, extension_cookie,
    extension_padding, extension_pre_shared_key, extension_early_data, extension_signature_algorithms_cert,
    extension_certificate_authorities;

#endif
