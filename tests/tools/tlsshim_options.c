/* tlsshim's command line, in the words of BoringSSL's runner. */
#include "tests/tools/tlsshim_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { FLAG, COUNT, NUMBER, NUMBER64, TEXT, NUMBERS, IGNORED, IGNORED_VALUE };

#define AT(field) offsetof(struct shim_options, field)

static const struct row {
	const char *name;
	enum kind kind;
	size_t at, count_at;
} rows[] = {
	{ "-port", NUMBER, AT(port), 0 },
	{ "-shim-id", NUMBER64, AT(shim_id), 0 },
	{ "-ipv6", FLAG, AT(ipv6), 0 },
	{ "-resume-count", NUMBER, AT(resume_count), 0 },
	{ "-read-size", NUMBER, AT(read_size), 0 },
	{ "-min-version", NUMBER, AT(min_version), 0 },
	{ "-max-version", NUMBER, AT(max_version), 0 },
	{ "-no-ssl3", FLAG, AT(no_ssl3), 0 },
	{ "-no-tls1", FLAG, AT(no_tls1), 0 },
	{ "-no-tls11", FLAG, AT(no_tls11), 0 },
	{ "-no-tls12", FLAG, AT(no_tls12), 0 },
	{ "-no-tls13", FLAG, AT(no_tls13), 0 },
	{ "-host-name", TEXT, AT(host_name), 0 },
	{ "-advertise-alpn", TEXT, AT(advertise_alpn), 0 },
	{ "-expect-alpn", TEXT, AT(expect_alpn), 0 },
	{ "-curves", NUMBERS, AT(curves), AT(n_curves) },
	{ "-verify-prefs", NUMBERS, AT(verify_prefs), AT(n_verify_prefs) },
	{ "-signing-prefs", NUMBERS, AT(signing_prefs), AT(n_signing_prefs) },
	{ "-key-shares", NUMBERS, AT(key_shares), AT(n_key_shares) },
	{ "-enable-grease", FLAG, AT(grease), 0 },
	{ "-new-x509-credential", COUNT, AT(credentials), 0 },
	{ "-enable-ocsp-stapling", FLAG, AT(ocsp_stapling), 0 },
	{ "-expect-ocsp-response", TEXT, AT(expect_ocsp), 0 },
	{ "-enable-signed-cert-timestamps", FLAG, AT(signed_cert_timestamps), 0 },
	{ "-expect-signed-cert-timestamps", TEXT, AT(expect_scts), 0 },
	{ "-renegotiate-freely", FLAG, AT(renegotiate_freely), 0 },
	{ "-renegotiate-explicit", FLAG, AT(renegotiate_explicit), 0 },
	{ "-renegotiate-ignore", FLAG, AT(renegotiate_ignore), 0 },
	{ "-expect-total-renegotiations", NUMBER, AT(expect_renegotiations), 0 },
	{ "-fallback-scsv", FLAG, AT(fallback_scsv), 0 },
	{ "-no-ticket", FLAG, AT(no_ticket), 0 },
	{ "-verify-peer", FLAG, AT(verify_peer), 0 },
	{ "-verify-fail", FLAG, AT(verify_fail), 0 },
	{ "-use-custom-verify-callback", FLAG, AT(custom_verify), 0 },
	{ "-trust-cert", TEXT, AT(trust_cert), 0 },
	{ "-expect-version", NUMBER, AT(expect_version), 0 },
	{ "-expect-cipher", NUMBER, AT(expect_cipher), 0 },
	{ "-expect-curve-id", NUMBER, AT(expect_curve), 0 },
	{ "-expect-peer-signature-algorithm", NUMBER, AT(expect_scheme), 0 },
	{ "-expect-session-miss", FLAG, AT(expect_session_miss), 0 },
	{ "-expect-no-session", FLAG, AT(expect_no_session), 0 },
	{ "-expect-ticket-renewal", FLAG, AT(expect_ticket_renewal), 0 },
	{ "-expect-hrr", FLAG, AT(expect_hrr), 0 },
	{ "-expect-no-hrr", FLAG, AT(expect_no_hrr), 0 },
	{ "-expect-extended-master-secret", FLAG, AT(expect_ems), 0 },
	{ "-expect-secure-renegotiation", FLAG, AT(expect_secure_renegotiation), 0 },
	{ "-expect-no-secure-renegotiation", FLAG, AT(expect_no_secure_renegotiation), 0 },
	{ "-max-cert-list", NUMBER, AT(max_cert_list), 0 },
	{ "-cert-file", TEXT, AT(cert_file), 0 },
	{ "-key-file", TEXT, AT(key_file), 0 },
	{ "-export-keying-material", NUMBER, AT(export_bytes), 0 },
	{ "-export-label", TEXT, AT(export_label), 0 },
	{ "-export-context", TEXT, AT(export_context), 0 },
	{ "-use-export-context", FLAG, AT(use_export_context), 0 },
	{ "-send-alert", FLAG, AT(send_alert), 0 },
	{ "-shim-writes-first", FLAG, AT(shim_writes_first), 0 },
	{ "-shim-shuts-down", FLAG, AT(shim_shuts_down), 0 },
	{ "-check-close-notify", FLAG, AT(check_close_notify), 0 },
	{ "-async", IGNORED, 0, 0 },
	{ "-implicit-handshake", IGNORED, 0, 0 },
	{ "-use-old-client-cert-callback", IGNORED, 0, 0 },
	{ "-use-early-callback", IGNORED, 0, 0 },
	{ "-peek-then-read", IGNORED, 0, 0 },
	{ "-no-op-extra-handshake", IGNORED, 0, 0 },
	{ "-handshake-twice", IGNORED, 0, 0 },
	{ "-partial-write", IGNORED, 0, 0 },
	{ "-install-ddos-callback", IGNORED, 0, 0 },
	{ "-server-preference", IGNORED, 0, 0 },
	{ "-expect-verify-result", IGNORED, 0, 0 },
	{ "-expect-ticket-supports-early-data", IGNORED, 0, 0 },
	{ "-handshaker-path", IGNORED_VALUE, 0, 0 },
	{ "-expect-cipher-aes", IGNORED_VALUE, 0, 0 },
	{ "-expect-cipher-no-aes", IGNORED_VALUE, 0, 0 },
};

static void
unimplemented(const char *what)
{
	fprintf(stderr, "not implemented: %s\n", what);
	exit(EXIT_UNIMPLEMENTED);
}

static const struct row *
row_of(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	unimplemented(name);
	return NULL;
}

static void
add_number(struct shim_options *o, const struct row *row, int value)
{
	int *list = (int *)(void *)((char *)o + row->at), *n = (int *)(void *)((char *)o + row->count_at);

	if (*n == TLS_MAX_GROUPS)
		unimplemented("so many values");
	list[(*n)++] = value;
}

static void
set(struct shim_options *o, const struct row *row, const char *value)
{
	void *place = (char *)o + row->at;

	switch (row->kind) {
	case FLAG:
		*(bool *)place = true;
		break;
	case COUNT:
		++*(int *)place;
		break;
	case NUMBER:
		*(int *)place = (int)strtol(value, NULL, 10);
		break;
	case NUMBER64:
		*(uint64_t *)place = strtoull(value, NULL, 10);
		break;
	case TEXT:
		*(const char **)place = value;
		break;
	case NUMBERS:
		add_number(o, row, (int)strtol(value, NULL, 10));
		break;
	case IGNORED:
	case IGNORED_VALUE:
		break;
	}
}

static bool
takes_value(const struct row *row)
{
	return row->kind != FLAG && row->kind != COUNT && row->kind != IGNORED;
}

/* Cuts a prefix off the name: which connections it speaks of. */
static const char *
scope(const char *name, bool *initial, bool *resume, char *rest, size_t size)
{
	static const struct {
		const char *prefix;
		bool initial, resume;
	} prefixes[] = {
		{ "-on-initial-", true, false },
		{ "-on-resume-", false, true },
		{ "-on-shim-", true, true },
	};

	*initial = *resume = true;
	if (strncmp(name, "-on-retry-", 10) == 0)
		unimplemented(name);
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(name, prefixes[i].prefix, n) != 0)
			continue;
		*initial = prefixes[i].initial;
		*resume = prefixes[i].resume;
		snprintf(rest, size, "-%s", name + n);
		return rest;
	}
	return name;
}

void
shim_options_parse(int argc, char **argv, struct shim_options *initial, struct shim_options *resume)
{
	memset(initial, 0, sizeof *initial);
	memset(resume, 0, sizeof *resume);
	initial->read_size = resume->read_size = 512;
	for (int i = 1; i < argc; i++) {
		bool on_initial, on_resume;
		char rest[128];
		const char *name = scope(argv[i], &on_initial, &on_resume, rest, sizeof rest);
		const struct row *row = row_of(name);
		const char *value = NULL;

		if (takes_value(row)) {
			if (++i == argc)
				unimplemented(name);
			value = argv[i];
		}
		if (strcmp(name, "-expect-total-renegotiations") == 0)
			initial->counts_renegotiations = resume->counts_renegotiations = true;
		if (strcmp(name, "-shim-id") == 0)
			initial->has_shim_id = resume->has_shim_id = true;
		if (on_initial)
			set(initial, row, value);
		if (on_resume)
			set(resume, row, value);
	}
}

/* The versions left form one range, or it is not implemented. */
static void
choose_versions(const struct shim_options *o, struct tls_config *c)
{
	const bool off[] = { o->no_ssl3, o->no_tls1, o->no_tls11, o->no_tls12, o->no_tls13 };
	unsigned min = o->min_version != 0 ? (unsigned)o->min_version : o->has_shim_id ? TLS_1_0 : SSL_3_0;
	unsigned max = o->max_version != 0 ? (unsigned)o->max_version : TLS_1_3;

	while (min <= max && min <= TLS_1_3 && off[min - SSL_3_0])
		min++;
	while (max > min && max <= TLS_1_3 && off[max - SSL_3_0])
		max--;
	/* None left: min is above max, and tls_start() refuses that. */
	for (unsigned v = min; v <= max && v <= TLS_1_3; v++)
		if (off[v - SSL_3_0])
			unimplemented("a gap in the versions");
	c->min_version = (uint16_t)min;
	c->max_version = (uint16_t)max;
	c->versions_set = true;
}

static bool
knows_group(int id)
{
	for (size_t k = 0; tls_group_at(k) != NULL; k++)
		if (tls_group_at(k)->id == id)
			return true;
	return false;
}

static void
choose_groups(const struct shim_options *o, struct tls_config *c)
{
	static const int defaults[] = { 29, 23, 24 };
	const int *wanted = o->n_curves > 0 ? o->curves : defaults;
	int n = o->n_curves > 0 ? o->n_curves : (int)(sizeof defaults / sizeof defaults[0]);

	for (int i = 0; i < n; i++)
		if (knows_group(wanted[i]))
			c->groups[c->n_groups++] = (uint16_t)wanted[i];
	if (c->n_groups == 0 || (o->expect_curve != 0 && !knows_group(o->expect_curve)))
		unimplemented("the groups");
}

static void
add_schemes(const int *wanted, int n, struct tls_config *c)
{
	for (int i = 0; i < n; i++)
		for (size_t k = 0; tls_scheme_at(k) != NULL; k++)
			if (tls_scheme_at(k)->id == wanted[i] && c->n_schemes < TLS_MAX_SCHEMES)
				c->schemes[c->n_schemes++] = (uint16_t)wanted[i];
}

/* One list is for both signatures: what ours prefers stands first. */
static void
choose_schemes(const struct shim_options *o, struct tls_config *c)
{
	/* The runner's default: no ECDSA with SHA-1 or P-521 */
	static const int defaults[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201 };

	if (o->n_verify_prefs == 0)
		add_schemes(o->signing_prefs, o->n_signing_prefs, c);
	if (o->n_verify_prefs > 0)
		add_schemes(o->verify_prefs, o->n_verify_prefs, c);
	else
		add_schemes(defaults, (int)(sizeof defaults / sizeof defaults[0]), c);
	if (c->n_schemes == 0)
		unimplemented("the signature schemes");
}

static void
choose_alpn(const struct shim_options *o, struct tls_config *c)
{
	struct rd r = rd_str(str_of(o->advertise_alpn));

	while (rd_left(&r) > 0) {
		struct rd name = rd_vec8(&r);
		struct str s = rd_rest(&name);

		if (c->n_alpn == TLS_MAX_ALPN)
			unimplemented("so many protocols");
		memcpy(c->alpn[c->n_alpn++], s.p, s.n);
	}
}

void
shim_options_config(const struct shim_options *o, struct tls_config *c)
{
	tls_config_init(c);
	choose_versions(o, c);
	choose_groups(o, c);
	choose_alpn(o, c);
	choose_schemes(o, c);
	if (o->host_name != NULL)
		snprintf(c->sni, sizeof c->sni, "%s", o->host_name);
	c->fallback_scsv = o->fallback_scsv;
	c->tickets_off = o->no_ticket;
	c->max_cert_list = (size_t)o->max_cert_list;
	c->grease = o->grease;
	c->status_request = o->ocsp_stapling;
	c->signed_certificate_timestamp = o->signed_cert_timestamps;
	c->renegotiation = o->renegotiate_freely || o->renegotiate_explicit;
	for (int i = 0; i < o->n_key_shares; i++)
		c->key_shares[c->n_key_shares++] = (uint16_t)o->key_shares[i];
	if (o->credentials > 1)
		unimplemented("more than one credential");
}
