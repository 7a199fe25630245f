/*
 * The rows of `tls`: everything a troubleshooter may turn in a handshake.
 */
#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"

#define AT(field) .offset = offsetof(struct settings, tls.field)
#define VERSIONS "ssl3|tls1.0|tls1.1|tls1.2|tls1.3"

#define APPLY(name) \
	static int name(struct settings *s, const struct setting *row, struct str value, struct error *error)
APPLY(apply_proto);
APPLY(apply_ciphers);
APPLY(apply_groups);
APPLY(apply_key_shares);
APPLY(apply_schemes);
APPLY(apply_sni);
APPLY(apply_alpn);
APPLY(apply_extension);
APPLY(apply_session_id);
APPLY(apply_record_version);
APPLY(apply_premaster);
APPLY(apply_extensions_off);
APPLY(apply_credential);
APPLY(apply_max_cert_list);
static const struct setting_memory cert_memory;
static enum setting_danger proto_danger(const struct settings *s, const struct setting *row);
static enum setting_danger ciphers_danger(const struct settings *s, const struct setting *row);
static enum setting_danger keylog_danger(const struct settings *s, const struct setting *row);

/* clang-format off */
const struct setting tls_settings[] = {
	{ "tls", "proto", SETTING_TEXT, "auto|" VERSIONS, "auto",
	    "Versions offered: one, a range A..B, or auto (TLS 1.2 and 1.3); older ones bring their "
	    "cipher suites along.",
	    .apply = apply_proto, .value = "A..B", .in_profile = true, .danger = proto_danger },
	{ "tls", "ciphers", SETTING_LIST, "auto|default|all|legacy", "auto",
	    "Cipher suites in order: IANA or OpenSSL names, 0xHHHH, default, all, legacy, -NAME.",
	    .apply = apply_ciphers,
	    .in_profile = true, .danger = ciphers_danger, .danger_name = "legacy ciphers", .offer = OFFER_SUITES,
	    .note = setting_note_suites },
	{ "tls", "groups", SETTING_LIST, "auto", "auto", "Key exchange groups in order.", .apply = apply_groups,
	    .in_profile = true, .offer = OFFER_GROUPS, .note = setting_note_groups },
	{ "tls", "key-shares", SETTING_LIST, "auto|none", "auto",
	    "Groups whose keys go into a TLS 1.3 hello; none forces a HelloRetryRequest.", .apply = apply_key_shares,
	    .in_profile = true, .offer = OFFER_GROUPS, .note = setting_note_key_shares },
	{ "tls", "schemes", SETTING_LIST, "auto", "auto",
	    "Signature schemes in order, of the server's signature and of ours.", .apply = apply_schemes,
	    .in_profile = true, .note = setting_note_schemes },
	{ "tls", "sni", SETTING_TEXT, "auto|off", "auto",
	    "Server name sent: the URL's host, none, or the given one.", apply_sni,
	    AT(sni), .value = "NAME", .memory = &setting_text_memory, .in_profile = true },
	{ "tls", "alpn", SETTING_LIST, "http/1.1|off", "http/1.1",
	    "Application protocols offered, in order.", .apply = apply_alpn,
	    .in_profile = true },
	{ "tls", "resume", SETTING_BOOL, NULL, "on", "Keep sessions and offer them again.",
	    setting_apply_bool, AT(config.resume), .cosmetic = true },
	{ "tls", "tickets", SETTING_BOOL, NULL, "on",
	    "Offer session tickets.", setting_apply_not, AT(config.tickets_off),
	    .in_profile = true },
	{ "tls", "cert", SETTING_FILE, "off", "off", "Client certificate, PEM; with its key, or `tls cert FILE KEY`.",
	    apply_credential, AT(cert), .memory = &cert_memory },
	{ "tls", "key", SETTING_FILE, "off", "off", "Private key of the client certificate when it has its own file.",
	    apply_credential, AT(key), .memory = &setting_text_memory },
	{ "tls", "renegotiation", SETTING_BOOL, NULL, "off", "Answer a HelloRequest when RFC 5746 is in force.",
	    setting_apply_bool, AT(config.renegotiation), .in_profile = true },
	{ "tls", "renegotiation-info", SETTING_CHOICE, "on|off|required", "on", "Offer renegotiation_info (RFC 5746).",
	    apply_extension, AT(config.renegotiation_info), .in_profile = true },
	{ "tls", "ems", SETTING_CHOICE, "on|off|required", "on", "Offer extended_master_secret (RFC 7627).",
	    apply_extension, AT(config.ems), .in_profile = true },
	{ "tls", "etm", SETTING_CHOICE, "on|off|required", "on", "Offer encrypt_then_mac (RFC 7366).",
	    apply_extension, AT(config.etm), .in_profile = true },
	{ "tls", "staple", SETTING_BOOL, NULL, "on", "Ask for a stapled OCSP response.",
	    setting_apply_bool, AT(config.status_request), .in_profile = true },
	{ "tls", "sct", SETTING_BOOL, NULL, "off", "Ask for signed certificate timestamps.",
	    setting_apply_bool, AT(config.signed_certificate_timestamp), .in_profile = true },
	{ "tls", "fallback-scsv", SETTING_BOOL, NULL, "off", "Send TLS_FALLBACK_SCSV (RFC 7507).",
	    setting_apply_bool, AT(config.fallback_scsv), .in_profile = true },
	{ "tls", "grease", SETTING_BOOL, NULL, "off", "Send reserved values a server must ignore (RFC 8701).",
	    setting_apply_bool, AT(config.grease), .in_profile = true },
	{ "tls", "extensions", SETTING_BOOL, NULL, "on", "Send extensions at all.",
	    setting_apply_not, AT(config.no_extensions), .in_profile = true },
	{ "tls", "extensions-off", SETTING_LIST, "off", "off", "Extensions that are not sent: names or numbers.",
	    .apply = apply_extensions_off, .in_profile = true },
	{ "tls", "session-id-13", SETTING_BOOL, NULL, "on",
	    "Send a session id with TLS 1.3, as old middleboxes want it.",
	    .apply = apply_session_id, .in_profile = true },
	{ "tls", "record-version", SETTING_TEXT, "auto|" VERSIONS, "auto",
	    "Version in the record that carries the hello.",
	    .apply = apply_record_version, .value = "", .in_profile = true },
	{ "tls", "pad-hello", SETTING_NUMBER, "off", "off", "Pad the hello to this many bytes.",
	    setting_apply_unsigned, AT(config.pad_hello), .max = 16384, .in_profile = true },
	{ "tls", "split-hello-record", SETTING_NUMBER, "off", "off",
	    "Start a new record after this many bytes of the hello.",
	    setting_apply_unsigned, AT(config.split_hello_record), .max = 16384, .in_profile = true },
	{ "tls", "split-hello-segment", SETTING_NUMBER, "off", "off",
	    "Start a new packet after this many bytes of the hello.",
	    setting_apply_unsigned, AT(config.split_hello_segment), .max = 16384, .in_profile = true },
	{ "tls", "sslv2-hello", SETTING_BOOL, NULL, "off", "Send an SSLv2-compatible hello.",
	    setting_apply_bool, AT(config.sslv2_hello), .in_profile = true },
	{ "tls", "premaster", SETTING_CHOICE, "offered|negotiated", "offered",
	    "Version inside the RSA premaster secret; negotiated imitates an old bug that some servers wait for.",
	    .apply = apply_premaster,
	    .in_profile = true },
	{ "tls", "record-split", SETTING_BOOL, NULL, "on", "Split CBC records 1/n-1 in SSL 3.0 and TLS 1.0 (BEAST).",
	    setting_apply_not, AT(config.no_record_split),
	    .in_profile = true, .danger = setting_danger_true, .danger_name = "record-split off" },
	{ "tls", "max-record", SETTING_NUMBER, "off", "off", "Largest plaintext of a record sent.",
	    setting_apply_unsigned, AT(config.max_record), .min = 1, .max = 16384, .in_profile = true },
	{ "tls", "min-dh", SETTING_NUMBER, NULL, "1024", "Smallest Diffie-Hellman prime accepted, in bits.",
	    setting_apply_unsigned, AT(config.min_dh_bits), .min = 256, .max = 8192,
	    .in_profile = true, .danger = setting_danger_small, .danger_name = "weak DH" },
	{ "tls", "max-cert-list", SETTING_SIZE, NULL, "100K", "Largest Certificate message accepted.",
	    .apply = apply_max_cert_list, .min = 1024, .max = TLS_MAX_HANDSHAKE, .in_profile = true },
	/* of a kept connection the secrets are gone: a new one is logged whole */
	{ "tls", "keylog", SETTING_FILE, "off", "off",
	    "Append the session's secrets to this file, for Wireshark (SSLKEYLOGFILE).",
	    setting_apply_text, AT(keylog), .memory = &setting_text_memory,
	    .danger = keylog_danger, .danger_name = "keylog" },
	{ "tls", "trace", SETTING_CHOICE, "off|brief|fields|hex", "off", "Show every handshake message as it passes.",
	    setting_apply_choice, AT(trace), .cosmetic = true },
	{ .name = NULL },
};
/* clang-format on */

/* ---- dangers ---- */
static enum setting_danger
proto_danger(const struct settings *s, const struct setting *row)
{
	const struct tls_config *c = &s->tls.config;

	(void)row;
	return !c->versions_set ? DANGER_NONE : c->min_version < TLS_1_2 ? DANGER_LOOSE : DANGER_TOLD;
}

static enum setting_danger
ciphers_danger(const struct settings *s, const struct setting *row)
{
	const struct tls_config *c = &s->tls.config;

	(void)row;
	for (size_t i = 0; i < c->n_suites; i++) {
		const struct tls_suite_info *suite = tls_suite_find(c->suites[i]);

		if (suite != NULL && suite->legacy)
			return DANGER_LOOSE;
	}
	return DANGER_NONE;
}

static enum setting_danger
keylog_danger(const struct settings *s, const struct setting *row)
{
	(void)row;
	return strcmp(s->tls.keylog, "off") != 0 ? DANGER_LOOSE : DANGER_NONE;
}

/* ---- values ---- */
static int
version_of(const struct setting *row, struct str text, uint16_t *version, struct error *error)
{
	unsigned v = tls_version_parse(text);
	char shown[64];

	if (v == 0) {
		fail(error, ERROR_USAGE, 0, "tls %s: \"%s\" is no version", row->name,
		    str_printable(text, shown, sizeof shown));
		return remark(error, "versions are ssl3 tls1.0 tls1.1 tls1.2 tls1.3, a range is tls1.0..tls1.2");
	}
	*version = (uint16_t)v;
	return 0;
}

static int
apply_proto(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;
	struct str low = value, high = value;
	uint16_t min = 0, max = 0;
	ptrdiff_t dots = str_find(value, STR(".."));

	if (str_is(value, "auto")) {
		struct tls_config initial;

		tls_config_init(&initial);
		c->min_version = initial.min_version;
		c->max_version = initial.max_version;
		c->versions_set = false;
		return 0;
	}
	if (dots >= 0) {
		low = str_slice(value, 0, (size_t)dots);
		high = str_slice(value, (size_t)dots + 2, value.n);
	}
	if (version_of(row, low, &min, error) != 0 || version_of(row, high, &max, error) != 0)
		return -1;
	if (min > max)
		return fail(error, ERROR_USAGE, 0, "tls proto: %s is above %s", tls_version_setting(min),
		    tls_version_setting(max));
	c->min_version = min;
	c->max_version = max;
	c->versions_set = true;
	return 0;
}

/* Fills ids from a list; "auto" leaves the choice to the engine. */
static int
apply_ids(int (*parse)(struct str list, uint16_t *ids, size_t max, struct error *error), struct str value,
    uint16_t *ids, size_t max, size_t *n, struct error *error)
{
	uint16_t found[TLS_MAX_SUITES];
	int count = 0;

	if (!str_is(value, "auto"))
		count = parse(value, found, max, error);
	if (count < 0)
		return -1;
	memcpy(ids, found, (size_t)count * sizeof *ids);
	*n = (size_t)count;
	return 0;
}

static int
apply_ciphers(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;

	(void)row;
	return apply_ids(tls_parse_suites, value, c->suites, TLS_MAX_SUITES, &c->n_suites, error);
}

static int
apply_groups(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;

	(void)row;
	return apply_ids(tls_parse_groups, value, c->groups, TLS_MAX_GROUPS, &c->n_groups, error);
}

static int
apply_key_shares(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;
	bool none = str_is(value, "none");

	(void)row;
	if (apply_ids(tls_parse_groups, none ? STR("auto") : value, c->key_shares, TLS_MAX_GROUPS, &c->n_key_shares,
		error) != 0)
		return -1;
	c->no_key_share = none;
	return 0;
}

static int
apply_schemes(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;

	(void)row;
	return apply_ids(tls_parse_schemes, value, c->schemes, TLS_MAX_SCHEMES, &c->n_schemes, error);
}

static int
apply_sni(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	if (value.n == 0 || value.n >= sizeof s->tls.config.sni)
		return fail(error, ERROR_USAGE, 0, "tls sni: a name has 1 to %zu bytes", sizeof s->tls.config.sni - 1);
	for (size_t i = 0; i < value.n; i++)
		if ((uint8_t)value.p[i] <= 0x20 || (uint8_t)value.p[i] >= 0x7F)
			return fail(error, ERROR_USAGE, 0, "tls sni: only printable ASCII goes into a server name");
	return setting_apply_text(s, row, value, error);
}

static int
apply_alpn(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;
	struct str rest = value;

	(void)row;
	if (str_is(value, "off")) {
		c->n_alpn = 0;
		return 0;
	}
	for (size_t n = 0; rest.p != NULL; n++) {
		struct str name = str_trim(str_cut(&rest, ','));

		if (n == TLS_MAX_ALPN)
			return fail(error, ERROR_LIMIT, 0, "tls alpn: more than %d protocols", TLS_MAX_ALPN);
		if (name.n == 0 || name.n > 255)
			return fail(error, ERROR_USAGE, 0, "tls alpn: a protocol's name has 1 to 255 bytes");
	}
	rest = value;
	for (c->n_alpn = 0; rest.p != NULL; c->n_alpn++) {
		struct str name = str_trim(str_cut(&rest, ','));

		memcpy(c->alpn[c->n_alpn], name.p, name.n);
		c->alpn[c->n_alpn][name.n] = '\0';
	}
	return 0;
}

/* on: offered when it makes sense; required: the handshake fails without it */
static int
apply_extension(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	enum tls_tristate *field = (void *)((char *)s + row->offset);

	(void)error;
	*field = str_is(value, "on") ? TLS_AUTO : str_is(value, "off") ? TLS_OFF : TLS_ON;
	return 0;
}

static int
apply_session_id(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	(void)row, (void)error;
	s->tls.config.session_id_13 = str_is(value, "on") ? TLS_AUTO : TLS_OFF;
	return 0;
}

static int
apply_record_version(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	uint16_t version = 0;

	if (!str_is(value, "auto") && version_of(row, value, &version, error) != 0)
		return -1;
	s->tls.config.hello_record_version = version;
	return 0;
}

static int
apply_premaster(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	(void)row, (void)error;
	s->tls.config.premaster_negotiated = str_is(value, "negotiated");
	return 0;
}

/* A number, a name of the registry, or the setting that governs it. */
static bool
extension_of(struct str word, uint16_t *id)
{
	uint64_t number;

	if (!str_to_u64(word, UINT16_MAX, &number))
		return tls_extension_by_name(word, id) || tls_extension_by_setting(word, id);
	*id = (uint16_t)number;
	return true;
}

static int
apply_extensions_off(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tls_config *c = &s->tls.config;
	uint16_t ids[TLS_MAX_EXTENSIONS_OFF];
	struct str rest = value;
	size_t n = 0;

	(void)row;
	while (!str_is(value, "off") && rest.p != NULL) {
		struct str word = str_trim(str_cut(&rest, ','));
		char shown[64];

		if (n == TLS_MAX_EXTENSIONS_OFF)
			return fail(error, ERROR_LIMIT, 0, "tls extensions-off: more than %d", TLS_MAX_EXTENSIONS_OFF);
		if (!extension_of(word, &ids[n++])) {
			fail(error, ERROR_USAGE, 0, "tls extensions-off: there is no extension \"%s\"",
			    str_printable(word, shown, sizeof shown));
			return hint_why(error, "to see those that were sent", "show tls");
		}
	}
	memcpy(c->extensions_off, ids, n * sizeof *ids);
	c->n_extensions_off = n;
	return 0;
}

/* Both files are read when the next connection needs them, or by the command at once (tls.c). */
static void
forget_credentials(struct settings *s)
{
	tls_credentials_drop(s->tls.credentials);
	s->tls.credentials = NULL;
}

static int
apply_credential(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	forget_credentials(s);
	return setting_apply_text(s, row, value, error);
}

static void
own_cert(struct settings *s, const struct setting *row)
{
	setting_text_memory.own(s, row);
	tls_credentials_hold(s->tls.credentials);
}

static void
release_cert(struct settings *s, const struct setting *row)
{
	setting_text_memory.release(s, row);
	forget_credentials(s);
}

static const struct setting_memory cert_memory = { own_cert, release_cert };

static int
apply_max_cert_list(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	int64_t bytes = 0;

	(void)error;
	setting_number(row, value, &bytes);
	s->tls.config.max_cert_list = (size_t)bytes;
	return 0;
}

int
settings_load_credentials(struct settings *s, struct error *error)
{
	const char *cert = s->tls.cert, *key = s->tls.key;

	if (s->tls.credentials != NULL || strcmp(cert, "off") == 0)
		return 0;
	s->tls.credentials = tls_credentials_load(cert, strcmp(key, "off") == 0 ? cert : key, error);
	return s->tls.credentials != NULL ? 0 : -1;
}
