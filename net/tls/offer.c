/* What our hello offers: what it may lead to, and whether what the server chose was in it. */
#include "net/tls/handshake.h"

#include <string.h>

bool
group_offered(const struct tls *t, uint16_t group)
{
	for (size_t i = 0; i < t->info.offered.n_groups; i++)
		if (t->info.offered.groups[i] == group)
			return true;
	return false;
}

int
add_offered(struct error *error, const uint16_t *ids, size_t n, const char *(*name)(uint16_t id))
{
	for (size_t i = 0; i < n; i++)
		error_add(error, "%s%s", i == 0 ? "; offered: " : ", ", name(ids[i]));
	return n > 0 ? -1 : error_add(error, "; none was offered");
}

int
refuse_group(const struct tls *t, uint16_t group, const char *what, struct error *error)
{
	refuse(error, TLS_WRONG_GROUP, "%s %s, which was not offered", what, tls_group_name(group));
	return add_offered(error, t->info.offered.groups, t->info.offered.n_groups, tls_group_name);
}

int
refuse_scheme(const struct tls *t, uint16_t scheme, struct error *error)
{
	static const uint16_t unasked[] = { SCHEME_RSA_PKCS1_SHA1, SCHEME_ECDSA_SHA1 };
	const struct tls_offer *o = &t->info.offered;
	bool asked = extension_offered(t, EXT_SIGNATURE_ALGORITHMS);

	refuse(error, TLS_WRONG_SCHEME, "server signed with %s, which was not offered", tls_scheme_name(scheme));
	return add_offered(error, asked ? o->schemes : unasked, asked ? o->n_schemes : 2, tls_scheme_name);
}

bool
scheme_offered(const struct tls *t, uint16_t scheme)
{
	/* RFC 5246 section 7.4.1.4.1: without the extension the server MUST act as if SHA-1 had been offered. */
	if (!extension_offered(t, EXT_SIGNATURE_ALGORITHMS))
		return scheme == SCHEME_RSA_PKCS1_SHA1 || scheme == SCHEME_ECDSA_SHA1;
	for (size_t i = 0; i < t->info.offered.n_schemes; i++)
		if (t->info.offered.schemes[i] == scheme)
			return true;
	return false;
}

bool
extension_offered(const struct tls *t, uint16_t id)
{
	for (size_t i = 0; i < t->info.offered.n_extensions; i++)
		if (t->info.offered.extensions[i] == id)
			return true;
	/* RFC 5746 section 3.4: the SCSV asks for renegotiation_info just as well. */
	return id == EXT_RENEGOTIATION_INFO && t->hs != NULL && t->hs->scsv_sent;
}

bool
extension_wanted(const struct tls *t, uint16_t id)
{
	for (size_t i = 0; i < t->config.n_extensions_off; i++)
		if (t->config.extensions_off[i] == id)
			return false;
	return true;
}

bool
offers_legacy(const struct tls *t)
{
	return t->info.offered.min_version <= TLS_1_2 && t->info.offered.max_version >= TLS_1_0;
}

bool
offers_13(const struct tls *t)
{
	return t->info.offered.max_version >= TLS_1_3;
}

bool
offers_suite(const struct tls *t, bool (*is)(const struct suite *s))
{
	for (size_t i = 0; i < t->info.offered.n_suites; i++) {
		const struct suite *s = suite_find(t->info.offered.suites[i]);

		if (s != NULL && is(s))
			return true;
	}
	return false;
}

void
put_offered(const struct tls *t, struct buf *b, const uint16_t *ids, size_t n, enum grease place)
{
	size_t at = put_open(b, 2);

	if (t->config.grease)
		put_u16(b, t->hs->grease[place]);
	for (size_t i = 0; i < n; i++)
		put_u16(b, ids[i]);
	put_close(b, at, 2);
}
