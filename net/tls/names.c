/* Names of the registries' numbers, and for each of our error codes its word and its alert. */
#include "net/tls/names.h"

#define COUNT(table) (sizeof table / sizeof table[0])

const char *
name_in(const struct tls_name *table, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].id == id)
			return table[i].name;
	return number_name(id);
}

bool
number_in(const struct tls_name *table, size_t n, struct str name, uint16_t *id)
{
	for (size_t i = 0; i < n; i++)
		if (str_is_nocase(name, table[i].name)) {
			*id = table[i].id;
			return true;
		}
	return false;
}

/* clang-format off */
static const struct tls_name alerts[] = {
	{ ALERT_CLOSE_NOTIFY, "close_notify" }, { ALERT_UNEXPECTED_MESSAGE, "unexpected_message" },
	{ ALERT_BAD_RECORD_MAC, "bad_record_mac" }, { ALERT_DECRYPTION_FAILED, "decryption_failed" },
	{ ALERT_RECORD_OVERFLOW, "record_overflow" }, { ALERT_DECOMPRESSION_FAILURE, "decompression_failure" },
	{ ALERT_HANDSHAKE_FAILURE, "handshake_failure" }, { ALERT_NO_CERTIFICATE, "no_certificate" },
	{ ALERT_BAD_CERTIFICATE, "bad_certificate" }, { ALERT_UNSUPPORTED_CERTIFICATE, "unsupported_certificate" },
	{ ALERT_CERTIFICATE_REVOKED, "certificate_revoked" }, { ALERT_CERTIFICATE_EXPIRED, "certificate_expired" },
	{ ALERT_CERTIFICATE_UNKNOWN, "certificate_unknown" }, { ALERT_ILLEGAL_PARAMETER, "illegal_parameter" },
	{ ALERT_UNKNOWN_CA, "unknown_ca" }, { ALERT_ACCESS_DENIED, "access_denied" },
	{ ALERT_DECODE_ERROR, "decode_error" }, { ALERT_DECRYPT_ERROR, "decrypt_error" },
	{ 52, "too_many_cids_requested" }, { ALERT_EXPORT_RESTRICTION, "export_restriction" },
	{ ALERT_PROTOCOL_VERSION, "protocol_version" }, { ALERT_INSUFFICIENT_SECURITY, "insufficient_security" },
	{ ALERT_INTERNAL_ERROR, "internal_error" }, { ALERT_INAPPROPRIATE_FALLBACK, "inappropriate_fallback" },
	{ ALERT_USER_CANCELED, "user_canceled" }, { ALERT_NO_RENEGOTIATION, "no_renegotiation" },
	{ ALERT_MISSING_EXTENSION, "missing_extension" }, { ALERT_UNSUPPORTED_EXTENSION, "unsupported_extension" },
	{ ALERT_CERTIFICATE_UNOBTAINABLE, "certificate_unobtainable" },
	{ ALERT_UNRECOGNIZED_NAME, "unrecognized_name" },
	{ ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, "bad_certificate_status_response" },
	{ ALERT_BAD_CERTIFICATE_HASH_VALUE, "bad_certificate_hash_value" },
	{ ALERT_UNKNOWN_PSK_IDENTITY, "unknown_psk_identity" }, { ALERT_CERTIFICATE_REQUIRED, "certificate_required" },
	{ 117, "general_error" }, { ALERT_NO_APPLICATION_PROTOCOL, "no_application_protocol" },
	{ ALERT_ECH_REQUIRED, "ech_required" },
};
/* clang-format on */

const char *
tls_alert_name(unsigned alert)
{
	for (size_t i = 0; i < COUNT(alerts); i++)
		if (alerts[i].id == alert)
			return alerts[i].name;
	return alert_number_name(alert);
}

static const struct {
	unsigned version;
	const char *name, *setting;
} versions[] = {
	{ SSL_3_0, "SSLv3", "ssl3" },
	{ TLS_1_0, "TLSv1.0", "tls1.0" },
	{ TLS_1_1, "TLSv1.1", "tls1.1" },
	{ TLS_1_2, "TLSv1.2", "tls1.2" },
	{ TLS_1_3, "TLSv1.3", "tls1.3" },
};

const char *
tls_version_name(unsigned version)
{
	for (size_t i = 0; i < COUNT(versions); i++)
		if (versions[i].version == version)
			return versions[i].name;
	return number_name((uint16_t)version);
}

const char *
tls_version_setting(unsigned version)
{
	for (size_t i = 0; i < COUNT(versions); i++)
		if (versions[i].version == version)
			return versions[i].setting;
	return number_name((uint16_t)version);
}

unsigned
tls_version_parse(struct str text)
{
	for (size_t i = 0; i < COUNT(versions); i++)
		if (str_is_nocase(text, versions[i].name) || str_is_nocase(text, versions[i].setting))
			return versions[i].version;
	return 0;
}

/* IANA's registry "TLS ExtensionType Values", and two old ones seen on the wire. */
/* clang-format off */
static const struct tls_name extensions[] = {
	{ EXT_SERVER_NAME, "server_name" }, { 1, "max_fragment_length" }, { 2, "client_certificate_url" },
	{ 3, "trusted_ca_keys" }, { 4, "truncated_hmac" }, { EXT_STATUS_REQUEST, "status_request" },
	{ 6, "user_mapping" }, { 7, "client_authz" }, { 8, "server_authz" }, { 9, "cert_type" },
	{ EXT_SUPPORTED_GROUPS, "supported_groups" }, { EXT_EC_POINT_FORMATS, "ec_point_formats" }, { 12, "srp" },
	{ EXT_SIGNATURE_ALGORITHMS, "signature_algorithms" }, { 14, "use_srtp" }, { 15, "heartbeat" },
	{ EXT_ALPN, "application_layer_protocol_negotiation" }, { 17, "status_request_v2" },
	{ EXT_SCT, "signed_certificate_timestamp" }, { 19, "client_certificate_type" },
	{ 20, "server_certificate_type" }, { EXT_PADDING, "padding" }, { EXT_ENCRYPT_THEN_MAC, "encrypt_then_mac" },
	{ EXT_EXTENDED_MASTER_SECRET, "extended_master_secret" }, { 24, "token_binding" }, { 25, "cached_info" },
	{ 27, "compress_certificate" }, { 28, "record_size_limit" }, { 29, "pwd_protect" }, { 30, "pwd_clear" },
	{ 31, "password_salt" }, { 32, "ticket_pinning" }, { 33, "tls_cert_with_extern_psk" },
	{ 34, "delegated_credential" }, { EXT_SESSION_TICKET, "session_ticket" },
	{ EXT_PRE_SHARED_KEY, "pre_shared_key" }, { EXT_EARLY_DATA, "early_data" },
	{ EXT_SUPPORTED_VERSIONS, "supported_versions" }, { EXT_COOKIE, "cookie" },
	{ EXT_PSK_KEY_EXCHANGE_MODES, "psk_key_exchange_modes" },
	{ EXT_CERTIFICATE_AUTHORITIES, "certificate_authorities" }, { 48, "oid_filters" },
	{ EXT_POST_HANDSHAKE_AUTH, "post_handshake_auth" },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, "signature_algorithms_cert" },
	{ EXT_KEY_SHARE, "key_share" }, { 52, "transparency_info" }, { 54, "connection_id" },
	{ 55, "external_id_hash" }, { 56, "external_session_id" }, { 57, "quic_transport_parameters" },
	{ 58, "ticket_request" }, { 59, "dnssec_chain" }, { 13172, "next_protocol_negotiation" },
	{ 17513, "application_settings" }, { 30032, "channel_id" }, { 64768, "ech_outer_extensions" },
	{ 65037, "encrypted_client_hello" }, { EXT_RENEGOTIATION_INFO, "renegotiation_info" },
};
/* clang-format on */

const char *
tls_extension_name(unsigned id)
{
	return name_in(extensions, COUNT(extensions), (uint16_t)id);
}

const char *
tls_certificate_type_name(unsigned type)
{
	/* RFC 5246 section 7.4.4, RFC 8422 section 5.5 */
	static const struct tls_name types[] = {
		{ CERTIFICATE_TYPE_RSA_SIGN, "rsa_sign" },
		{ 2, "dss_sign" },
		{ 3, "rsa_fixed_dh" },
		{ 4, "dss_fixed_dh" },
		{ CERTIFICATE_TYPE_ECDSA_SIGN, "ecdsa_sign" },
		{ 65, "rsa_fixed_ecdh" },
		{ 66, "ecdsa_fixed_ecdh" },
	};

	return name_in(types, COUNT(types), (uint16_t)type);
}

bool
tls_extension_by_name(struct str name, uint16_t *id)
{
	return number_in(extensions, COUNT(extensions), name, id);
}

/* The word for programs, and the alert that tells the peer. */
static const struct {
	const char *word;
	unsigned alert;
} codes[TLS_CODE_LAST] = { [TLS_CODE_NONE] = { "none", ALERT_NONE },
	[TLS_PEER_ALERT] = { "peer_alert", ALERT_NONE },
	[TLS_TRUNCATED] = { "truncated", ALERT_NONE },
	[TLS_NOT_TLS] = { "not_tls", ALERT_NONE },
	[TLS_UNEXPECTED_MESSAGE] = { "unexpected_message", ALERT_UNEXPECTED_MESSAGE },
	[TLS_BAD_RECORD_MAC] = { "bad_record_mac", ALERT_BAD_RECORD_MAC },
	[TLS_RECORD_OVERFLOW] = { "record_overflow", ALERT_RECORD_OVERFLOW },
	[TLS_DECODE_ERROR] = { "decode_error", ALERT_DECODE_ERROR },
	[TLS_DECRYPT_ERROR] = { "decrypt_error", ALERT_DECRYPT_ERROR },
	[TLS_ILLEGAL_PARAMETER] = { "illegal_parameter", ALERT_ILLEGAL_PARAMETER },
	[TLS_UNSUPPORTED_VERSION] = { "unsupported_version", ALERT_PROTOCOL_VERSION },
	[TLS_BAD_SIGNATURE] = { "bad_signature", ALERT_DECRYPT_ERROR },
	[TLS_WRONG_SUITE] = { "wrong_suite", ALERT_ILLEGAL_PARAMETER },
	[TLS_WRONG_GROUP] = { "wrong_group", ALERT_ILLEGAL_PARAMETER },
	[TLS_WRONG_SCHEME] = { "wrong_scheme", ALERT_ILLEGAL_PARAMETER },
	[TLS_WRONG_CERTIFICATE_TYPE] = { "wrong_certificate_type", ALERT_ILLEGAL_PARAMETER },
	[TLS_DH_KEY_TOO_SMALL] = { "dh_key_too_small", ALERT_HANDSHAKE_FAILURE },
	[TLS_BAD_PUBLIC_KEY] = { "bad_public_key", ALERT_ILLEGAL_PARAMETER },
	[TLS_MISSING_EXTENSION] = { "missing_extension", ALERT_MISSING_EXTENSION },
	[TLS_UNSOLICITED_EXTENSION] = { "unsolicited_extension", ALERT_UNSUPPORTED_EXTENSION },
	[TLS_DUPLICATE_EXTENSION] = { "duplicate_extension", ALERT_ILLEGAL_PARAMETER },
	[TLS_DOWNGRADE] = { "downgrade", ALERT_ILLEGAL_PARAMETER },
	[TLS_NO_RENEGOTIATION] = { "no_renegotiation", ALERT_NO_RENEGOTIATION },
	[TLS_RENEGOTIATION_MISMATCH] = { "renegotiation_mismatch", ALERT_HANDSHAKE_FAILURE },
	[TLS_TOO_MANY_WARNINGS] = { "too_many_warnings", ALERT_UNEXPECTED_MESSAGE },
	[TLS_TOO_MANY_EMPTY_RECORDS] = { "too_many_empty_records", ALERT_UNEXPECTED_MESSAGE },
	[TLS_TOO_MANY_KEY_UPDATES] = { "too_many_key_updates", ALERT_UNEXPECTED_MESSAGE },
	[TLS_TOO_LARGE] = { "too_large", ALERT_ILLEGAL_PARAMETER },
	[TLS_DIGEST_CHECK_FAILED] = { "digest_check_failed", ALERT_DECRYPT_ERROR },
	[TLS_EMS_REQUIRED] = { "ems_required", ALERT_HANDSHAKE_FAILURE },
	[TLS_EMS_MISMATCH] = { "ems_mismatch", ALERT_HANDSHAKE_FAILURE },
	[TLS_ALPN_MISMATCH] = { "alpn_mismatch", ALERT_ILLEGAL_PARAMETER },
	[TLS_RESUMPTION_MISMATCH] = { "resumption_mismatch", ALERT_ILLEGAL_PARAMETER },
	[TLS_KEY_USAGE] = { "key_usage", ALERT_ILLEGAL_PARAMETER },
	[TLS_CERTIFICATE_JUDGED] = { "certificate_judged", ALERT_CERTIFICATE_UNKNOWN },
	[TLS_NO_COMMON] = { "no_common", ALERT_HANDSHAKE_FAILURE },
	[TLS_INTERNAL] = { "internal", ALERT_INTERNAL_ERROR },
	[TLS_UNSUPPORTED_KEY] = { "unsupported_key", ALERT_UNSUPPORTED_CERTIFICATE },
	[TLS_EXCESS_DATA] = { "excess_data", ALERT_UNEXPECTED_MESSAGE },
	[TLS_RETRY_ILLEGAL] = { "retry_illegal", ALERT_ILLEGAL_PARAMETER },
	[TLS_TOO_MUCH_WITHOUT_PAYLOAD] = { "too_much_without_payload", ALERT_UNEXPECTED_MESSAGE },
	[TLS_TOO_MANY_CERTIFICATE_REQUESTS] = { "too_many_certificate_requests", ALERT_UNEXPECTED_MESSAGE },
	[TLS_CLEAR_TEXT] = { "clear_text", ALERT_UNEXPECTED_MESSAGE },
	[TLS_RENEGOTIATION_REQUIRED] = { "renegotiation_required", ALERT_HANDSHAKE_FAILURE },
	[TLS_ETM_REQUIRED] = { "etm_required", ALERT_HANDSHAKE_FAILURE },
	[TLS_DH_KEY_TOO_LARGE] = { "dh_key_too_large", ALERT_HANDSHAKE_FAILURE },
	[TLS_SEQUENCE_EXHAUSTED] = { "sequence_exhausted", ALERT_NONE } };

const char *
tls_code_word(int code)
{
	return code >= 0 && code < TLS_CODE_LAST && codes[code].word != NULL ? codes[code].word : "unknown";
}

unsigned
tls_code_alert(int code)
{
	return code >= 0 && code < TLS_CODE_LAST ? codes[code].alert : ALERT_INTERNAL_ERROR;
}
