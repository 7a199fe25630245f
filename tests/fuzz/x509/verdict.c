/* Our judgement of a chain against OpenSSL's: what may differ, and what fails. */
#include "tests/fuzz/x509/verdict.h"

#include "net/x509/details.h"
#include "tests/fuzz/x509/openssl_verify.h"

/* ---- what may differ ---- */
#define BUILDING "OpenSSL takes the first issuer that has the name, or what looks self-signed for a root"

static bool
ends_now(const struct chain_accepted *a, const struct x509_cert *c)
{
	return c->not_after == a->policy->now;
}

static bool
for_anything(const struct chain_accepted *a, const struct x509_cert *c)
{
	(void)a;
	return c->more->any_use && !c->more->server_auth;
}

static bool
has_resources(const struct chain_accepted *a, const struct x509_cert *c)
{
	struct str der = str_from(c->der, c->der_len);

	(void)a;
	return str_find(der, STR("\x2b\x06\x01\x05\x05\x07\x01\x07")) >= 0 ||
	    str_find(der, STR("\x2b\x06\x01\x05\x05\x07\x01\x08")) >= 0;
}

/* Its issuer has its name too, which OpenSSL takes for the name's owner: it never goes back to look for another. */
static bool
below_its_name(const struct chain_accepted *a, const struct x509_cert *c)
{
	(void)c;
	for (size_t i = 1; i + 1 < a->verdict->n_path; i++)
		if (a->verdict->path[i] >= 0 && a->chain[a->verdict->path[i]]->more->self_issued)
			return true;
	return false;
}

static const struct difference {
	int error;
	bool (*applies)(const struct chain_accepted *a, const struct x509_cert *c);
	const char *reason;
} differences[] = {
	{ OPENSSL_HAS_EXPIRED, ends_now, "notAfter is the last second of the validity (RFC 5280 section 4.1.2.5)" },
	{ OPENSSL_INVALID_PURPOSE, for_anything,
	    "anyExtendedKeyUsage is any use (RFC 5280 section 4.2.1.12); a strict policy refuses it" },
	{ OPENSSL_UNNESTED_RESOURCE, has_resources, "addresses and AS numbers (RFC 3779) say nothing of TLS servers" },
	{ OPENSSL_SIGNATURE_FAILURE, below_its_name, BUILDING },
	{ OPENSSL_SELF_SIGNED_IN_CHAIN, below_its_name, BUILDING },
	{ OPENSSL_NO_ISSUER_LOCALLY, below_its_name, BUILDING },
};

static struct openssl_question
question(const struct chain_accepted *a)
{
	struct openssl_question q = {
		.now = a->policy->now,
		.strict = a->policy->strict,
		.host = a->policy->check_host_off ? NULL : a->policy->host,
	};

	for (size_t i = 0; i < a->verdict->n_path && q.n < OPENSSL_PATH_MAX; i++)
		if (a->verdict->path[i] >= 0) {
			const struct x509_cert *c = a->chain[a->verdict->path[i]];

			q.path[q.n++] = str_from(c->der, c->der_len);
		}
	return q;
}

static const char *
known_difference(const struct chain_accepted *a, int error, struct str der)
{
	struct x509_cert *at = der.n > 0 ? x509_cert_new(der, NULL) : NULL;
	const char *reason = NULL;

	for (size_t i = 0; i < sizeof differences / sizeof *differences && at != NULL; i++)
		if (error == differences[i].error && differences[i].applies(a, at))
			reason = differences[i].reason;
	x509_cert_free(at);
	return reason;
}

const char *
verdict_differs(const struct chain_accepted *a, const char **known)
{
	struct openssl_question q = question(a);
	int error = OPENSSL_UNSPECIFIED;
	struct buf at;

	*known = NULL;
	buf_init(&at, 0);
	for (size_t i = 0; i < a->n_anchors && error != OPENSSL_OK && *known == NULL; i++) {
		q.anchor = a->anchors[i];
		buf_clear(&at);
		error = openssl_verify(&q, &at);
		if (error != OPENSSL_OK)
			*known = known_difference(a, error, buf_str(&at));
	}
	buf_release(&at);
	return error == OPENSSL_OK || *known != NULL ? NULL : openssl_error_text(error);
}
