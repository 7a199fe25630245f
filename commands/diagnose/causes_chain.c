/* Causes of a refused chain: the verdict's reasons, and which rule may be relaxed. A pin that does not hold is no fault
 * of the chain: session/trust.c, which knows the rules, says what to do. */
#include <string.h>

#include "commands/diagnose/private.h"

static bool
chain_refused(const struct connection *c)
{
	bool pin = c->failure.code == X509_PIN_MISMATCH;

	for (size_t k = 0; k < c->verdict.n_reasons; k++)
		pin = pin || c->verdict.reasons[k].fault == X509_PIN_MISMATCH;
	return (c->failure.kind == ERROR_CERTIFICATE || c->failure.kind == ERROR_LIMIT) && c->verdict.n_reasons > 0 &&
	    !pin;
}

/* No reason but this one: the rule may be relaxed and nothing else. */
static bool
only(const struct connection *c, enum x509_fault fault)
{
	for (size_t k = 0; k < c->verdict.n_reasons; k++)
		if (c->verdict.reasons[k].fault != fault)
			return false;
	return chain_refused(c);
}

/* The first reason: causes stand before their consequences. */
static bool
first(const struct connection *c, enum x509_fault fault)
{
	return chain_refused(c) && c->verdict.reasons[0].fault == fault;
}

#define WHEN(name, how, fault) \
	static bool name(const struct connection *c, const struct tls_info *i) \
	{ \
		(void)i; \
		return how(c, fault); \
	}
WHEN(only_revoked, only, X509_REVOKED)
WHEN(only_staple, only, X509_STAPLE)
WHEN(only_weak_key, only, X509_WEAK_KEY)
WHEN(not_yet_valid, first, X509_NOT_YET_VALID)
WHEN(intermediate_missing, first, X509_MISSING_INTERMEDIATE)
WHEN(self_signed, first, X509_SELF_SIGNED)
WHEN(issuer_unknown, first, X509_UNKNOWN_ISSUER)
WHEN(key_usage, first, X509_KEY_USAGE)

static bool
only_sha1(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return only(c, X509_WEAK_SIGNATURE) && strcasestr(c->verdict.reasons[0].text, "sha1") != NULL;
}

static bool
leaf_expired(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return first(c, X509_EXPIRED) && c->verdict.reasons[0].index == 0;
}

static bool
authority_expired(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return first(c, X509_EXPIRED) && c->verdict.reasons[0].index != 0;
}

static bool
other_host(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return first(c, X509_HOST_MISMATCH) || first(c, X509_NO_NAMES);
}

static bool
weak(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return first(c, X509_WEAK_SIGNATURE) || first(c, X509_WEAK_KEY);
}

/* RFC 5280 wants it refused; others are not always so strict, or know more. */
static bool
our_limit(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return first(c, X509_CRITICAL_EXTENSION) || first(c, X509_NAME_CONSTRAINT) ||
	    first(c, X509_UNSUPPORTED_ALGORITHM) || first(c, X509_TOO_MUCH_WORK) || first(c, X509_MALFORMED) ||
	    first(c, X509_POLICY) || first(c, X509_LIMIT);
}

static bool
nobody_vouches(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return chain_refused(c);
}

/* ---- the table ---- */
static const char pin[] = "trust host HOST PIN", pin_why[] = "\"show chain\" tells why; for this key of this host only";

const struct cause chain_causes[] = {
	{ "C10", only_revoked, "the authority has taken the certificate back", "certificate, failure",
	    "trust staple off", "\"show chain\" tells why; to be told only", NULL },
	{ "C10", only_staple, "the server does not show that its certificate was not taken back (OCSP)",
	    "certificate, failure", "trust staple off", "\"show chain\" tells why; to be told only", NULL },
	{ "C8", only_sha1, "a certificate of the chain is signed with SHA-1, which can be forged",
	    "certificate, failure", "trust sha1 on", "to accept SHA-1", NULL },
	{ "C8", only_weak_key, "a key of the chain is too short", "certificate, failure", "trust min-rsa 1024",
	    "to accept smaller RSA keys", NULL },
	{ "C2", leaf_expired, "the server's certificate was not renewed in time", "certificate, failure", pin, pin_why,
	    NULL },
	{ "C4", authority_expired, "the server's certificate may be good, but one above it in the chain has expired",
	    "certificate, failure", pin, pin_why, NULL },
	{ "C3", not_yet_valid, "the certificate is of the future: this clock is slow, or the authority's was fast",
	    "certificate, failure", pin, pin_why, NULL },
	{ "C1", intermediate_missing,
	    "the server does not send the certificate that links its own to an authority; browsers fetch it",
	    "certificate, failure", pin, pin_why, NULL },
	{ "C5", self_signed, "the server vouches for itself; no authority does", "certificate, failure", pin, pin_why,
	    NULL },
	{ "C5", issuer_unknown,
	    "the authority is not one of those trusted here: a private one, or somebody between us and the server",
	    "certificate, failure", pin, pin_why, NULL },
	{ "C6", other_host,
	    "the certificate is another host's: the wrong site answers, or the certificate lacks this name",
	    "server, certificate, failure", pin, pin_why, NULL },
	{ "C8", weak, "the chain's cryptography is too weak", "certificate, failure", pin, pin_why, NULL },
	{ "K13", key_usage, "the certificate says that its key is not for this", "certificate, failure", pin, pin_why,
	    NULL },
	{ "C9", our_limit,
	    "the chain breaks a rule of RFC 5280, or needs what is not spoken here; others may be less strict",
	    "certificate, failure", pin, pin_why, NULL },
	{ "C5", nobody_vouches, "nobody who is trusted vouches for the certificate", "certificate, failure", pin,
	    pin_why, NULL },
};
const size_t n_chain_causes = sizeof chain_causes / sizeof *chain_causes;
