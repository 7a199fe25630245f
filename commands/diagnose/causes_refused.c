/* The rows of what we refused, by the engine's code: what the settings require, weak keys, keys for another use. */
#include "commands/diagnose/private.h"

static bool
clear_text_inside(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_CLEAR_TEXT);
}

static bool
renegotiation_info_required(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_RENEGOTIATION_REQUIRED);
}

static bool
ems_required(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_EMS_REQUIRED);
}

static bool
etm_required(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_ETM_REQUIRED);
}

/* Of the key exchange, or of the key in the certificate (RFC 8422 section 5.1). */
static bool
group_left_out(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_WRONG_GROUP) && c->chose_groups;
}

static bool
weak_dh(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_DH_KEY_TOO_SMALL);
}

static bool
large_dh(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_DH_KEY_TOO_LARGE);
}

/* What the leaf's keyUsage allows besides what this key exchange needs. */
static bool
key_usage_allows(const struct connection *c, const struct tls_info *i, unsigned usage)
{
	return facts_we_refused(c, TLS_KEY_USAGE) && i->n_chain > 0 && (i->chain[0]->usage & usage) != 0;
}

/* RSA key exchange needs an RSA key, too. */
static bool
key_is_for_encryption(const struct connection *c, const struct tls_info *i)
{
	return key_usage_allows(c, i, X509_USAGE_ENCIPHER) && i->chain[0]->key.type == X509_KEY_RSA;
}

static bool
key_is_for_signatures(const struct connection *c, const struct tls_info *i)
{
	return key_usage_allows(c, i, X509_USAGE_SIGN);
}

static bool
key_is_for_neither(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_KEY_USAGE);
}

const struct cause refused_causes[] = {
	{ "A12", clear_text_inside,
	    "what came inside the connection is clear text: what stands behind TLS there wrote on the bare socket",
	    "failure", NULL, NULL, CAUSE_OWNER },
	{ "B23", renegotiation_info_required,
	    "tls renegotiation-info required asks for what the server does not know (RFC 5746)", "negotiated, failure",
	    "tls renegotiation-info on", NULL, NULL },
	{ "B16", ems_required, "tls ems required asks for what the server does not know (RFC 7627)",
	    "negotiated, failure", "tls ems on", NULL, NULL },
	{ "B17", etm_required, "tls etm required asks for what the server does not know (RFC 7366)",
	    "negotiated, failure", "tls etm on", NULL, NULL },
	{ "B14", group_left_out, "the server goes by a group or a curve that tls groups leaves out",
	    "negotiated, failure", "tls groups auto", NULL, NULL },
	{ "K4", weak_dh, "the server's Diffie-Hellman prime is so small that others can compute the secret (Logjam)",
	    "negotiated, failure", "tls ciphers default:-DHE", NULL, NULL },
	{ "K5", large_dh, "the server's Diffie-Hellman prime is larger than what is computed here",
	    "negotiated, failure", "tls ciphers default:-DHE", NULL, NULL },
	{ "K13", key_is_for_encryption,
	    "the server's certificate is for RSA exchange only (keyUsage keyEncipherment), but it chose to sign",
	    "negotiated, server key", "tls ciphers RSA", NULL, NULL },
	{ "K13", key_is_for_signatures,
	    "the server's certificate is for signatures only (keyUsage digitalSignature), but it chose RSA exchange",
	    "negotiated, server key", "tls ciphers ECDHE,DHE", NULL, NULL },
	{ "K13", key_is_for_neither, "the server's certificate is neither for signatures nor for RSA key exchange",
	    "negotiated, server key", NULL, NULL, CAUSE_OWNER ": it needs a certificate with another keyUsage" },
};
const size_t n_refused_causes = sizeof refused_causes / sizeof *refused_causes;
