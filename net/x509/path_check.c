/* The reasons against one path: each certificate by itself, its place in the path, and the end of the path. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/judge.h"

static bool
self_issued(const struct x509_cert *c)
{
	return x509_name_eq(c->subject, c->issuer);
}

static void
check_time(const struct x509_cert *c, int index, int64_t now, struct reasons *out)
{
	int64_t limit = now > c->not_after ? c->not_after : c->not_before;
	char *span, *at;

	if (now >= c->not_before && now <= c->not_after)
		return;
	at = x509_time_text(limit);
	span = x509_span_text(now > c->not_after ? now - limit : limit - now);
	reasons_add(out, now > c->not_after ? X509_EXPIRED : X509_NOT_YET_VALID, index,
	    now > c->not_after ? str_printf("expired %s ago (%s)", span, at) : str_printf("not valid for another %s (from %s)", span, at));
	free(span);
	free(at);
}

static void
check_key(const struct x509_cert *c, int index, const struct x509_policy *policy, struct reasons *out)
{
	unsigned least = policy->min_rsa_bits != 0 ? policy->min_rsa_bits : X509_MIN_RSA_BITS;
	bool rsa = c->key.type == X509_KEY_RSA || c->key.type == X509_KEY_RSA_PSS;
	char *key = x509_key_text(&c->key);

	if (rsa && c->key.bits < least)
		reasons_add(out, X509_WEAK_KEY, index, str_printf("its key is %s, below %u bits", key, least));
	else if (rsa && policy->strict && c->key.bits % 8 != 0)
		reasons_add(out, X509_WEAK_KEY, index, str_printf("its key is %s, whose size is not a number of whole bytes", key));
	else if (rsa && !x509_key_usable(&c->key))
		reasons_add(out, X509_UNSUPPORTED_ALGORITHM, index, str_printf("its key is %s; above 4096 bits is not supported here", key));
	else if (!rsa && !x509_key_usable(&c->key))
		reasons_add(out, X509_UNSUPPORTED_ALGORITHM, index, str_printf("its key is not supported here: %s", key));
	free(key);
}

/* RFC 5280 section 4.2.1.1, for the fields that both have. */
static bool
key_identifier_fits(const struct x509_cert *c, const struct x509_cert *issuer)
{
	struct rd names = rd_str(c->more->aki_issuer);
	bool any = false, same = false;

	if (c->more->aki.n > 0 && issuer->more->ski.n > 0 && !str_eq(c->more->aki, issuer->more->ski))
		return false;
	if (c->more->aki_serial.n > 0 && !str_eq(c->more->aki_serial, issuer->serial))
		return false;
	while (rd_left(&names) > 0 && !names.bad) {
		unsigned tag;
		struct str name;

		if (!der_next(&names, &tag, &name, NULL) || tag != DER_CONTEXT_CONSTRUCTED(NAME_DIRECTORY))
			continue;
		any = true;
		same = same || x509_name_eq(name, issuer->issuer);
	}
	return !any || same;
}

/* Who signed certificate i - 1 of the path: certificate i. */
static void
check_signature(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i - 1];
	const struct signature_algorithm *a = &c->more->algorithm;
	int index = p->index[i - 1];
	bool verified, fits;
	char *issuer;

	if (a->kind == SIGNATURE_UNKNOWN) {
		reasons_add(out, X509_UNSUPPORTED_ALGORITHM, index,
		    str_printf("it is signed with %s, which is not supported here", x509_signature_name(c)));
		return;
	}
	if (a->hash == X509_MD5 || (a->hash == X509_SHA1 && !policy->allow_sha1))
		reasons_add(out, X509_WEAK_SIGNATURE, index, str_printf("it is signed with %s", x509_signature_name(c)));
	verified = p->verified[i] || !x509_key_usable(&p->certs[i]->key);      /* check_key() names a key not usable here */
	fits = key_identifier_fits(c, p->certs[i]);
	if (verified && fits)
		return;
	issuer = x509_subject_text(p->certs[i]);
	if (verified)
		reasons_add(out, X509_UNKNOWN_ISSUER, index,
		    str_dup(STR("its authorityKeyIdentifier names another key than that of its issuer")));
	else if (fits)
		reasons_add(out, X509_BAD_SIGNATURE, index, str_printf("its signature is not by the key of \"%s\"", issuer));
	else
		reasons_add(out, X509_UNKNOWN_ISSUER, index,
		    str_printf("its issuer is not known: the \"%s\" at hand has another key than the one that signed", issuer));
	free(issuer);
}

/* RFC 5280 section 6.1.4: a certificate that issues others. */
static void
check_issuer(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	bool anchor = p->anchored && i + 1 == p->n;
	int index = p->index[i], below = 0;

	/* an anchor of version 1 is one because the user says so */
	if (c->more->version < 3 ? !anchor : !c->has_basic || !c->is_ca)
		reasons_add(out, X509_NOT_CA, index, str_dup(STR("it is no CA (basicConstraints) but issues certificates")));
	if (c->has_usage && (c->usage & X509_USAGE_CERT_SIGN) == 0)
		reasons_add(out, X509_KEY_USAGE, index, str_dup(STR("its keyUsage does not allow signing certificates")));
	if (policy->strict && !c->has_usage && c->more->version == 3)
		reasons_add(out, X509_KEY_USAGE, index, str_dup(STR("it is a CA without keyUsage")));
	for (size_t k = 1; k < i; k++)
		if (!self_issued(p->certs[k]))
			below++;
	if (c->path_len >= 0 && below > c->path_len)
		reasons_add(out, X509_PATH_LENGTH, index,
		    str_printf("it allows %d CAs below it and there are %d", c->path_len, below));
	if (policy->strict && c->more->version == 3 && !c->more->has_ski)
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("it is a CA without subjectKeyIdentifier")));
}

/* What only a strict policy looks at: RFC 5280 sections 4.1.2.2 and 4.2.1.1, and the CA/Browser Forum's rules for leaves. */
static void
check_profile(const struct x509_path *p, size_t i, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	int index = p->index[i];

	if (p->anchored && i + 1 == p->n && i > 0) {
		if (self_issued(c) && c->more->has_aki && (c->more->aki_issuer.n > 0 || c->more->aki_serial.n > 0 || (c->more->aki.n > 0 &&
		    c->more->ski.n > 0 && !str_eq(c->more->aki, c->more->ski))))
			reasons_add(out, X509_MALFORMED, index, str_dup(STR("its authorityKeyIdentifier does not name its own key")));
		if (!c->more->has_aki && !self_issued(c) && c->more->version == 3)
			reasons_add(out, X509_MALFORMED, index, str_dup(STR("it has no authorityKeyIdentifier")));
		return;
	}
	if (!c->more->serial_ok)
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("its serial number is not positive, or longer than 20 bytes")));
	if (!c->more->has_aki && !self_issued(c))
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("it has no authorityKeyIdentifier")));
	if (i > 0)
		return;
	if (c->is_ca)
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("it is a CA and used by a server")));
	if (c->more->any_use)
		reasons_add(out, X509_EXTENDED_KEY_USAGE, index, str_dup(STR("its extKeyUsage has anyExtendedKeyUsage")));
	if (!x509_common_name_ok(c))
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("its common name is an IP address in an unusual spelling")));
	if (x509_names_have_underscore(c))
		reasons_add(out, X509_MALFORMED, index, str_dup(STR("it has a DNS name with an underscore")));
}

static void
check_leaf(const struct x509_cert *c, const struct x509_policy *policy, struct reasons *out)
{
	char *names;

	if (c->has_usage && (c->usage & (X509_USAGE_SIGN | X509_USAGE_ENCIPHER | X509_USAGE_AGREE)) == 0)
		reasons_add(out, X509_KEY_USAGE, 0, str_dup(STR("its keyUsage allows neither signatures nor key exchange")));
	if (c->has_usage && (c->usage & X509_USAGE_CERT_SIGN) != 0 && !c->is_ca)
		reasons_add(out, X509_KEY_USAGE, 0, str_dup(STR("its keyUsage says keyCertSign but it is no CA")));
	if (c->more->has_constraints && !c->is_ca)
		reasons_add(out, X509_MALFORMED, 0, str_dup(STR("it has name constraints but is no CA")));
	if (policy->host == NULL || policy->check_host_off || x509_host_matches(c, policy->host))
		return;
	names = x509_names_text(c);
	if (names[0] == '\0')
		reasons_add(out, X509_NO_NAMES, 0, str_printf("it names no host (subjectAltName), so not %s", policy->host));
	else
		reasons_add(out, X509_HOST_MISMATCH, 0, str_printf("it is for %.300s, not for %s", names, policy->host));
	free(names);
}

static void
check_constraints(const struct x509_path *p, unsigned *comparisons, struct reasons *out)
{
	for (size_t ca = p->n - 1; ca > 0; ca--)
		for (size_t i = 0; i < ca; i++) {
			char *broken, *name;

			/* section 6.1.3 (b): not applied to self-issued certificates, unless it is the last one */
			if (i > 0 && self_issued(p->certs[i]))
				continue;
			broken = x509_constraints_broken(p->certs[ca], p->certs[i], comparisons);
			if (broken == NULL)
				continue;
			name = x509_subject_text(p->certs[ca]);
			reasons_add(out, X509_NAME_CONSTRAINT, p->index[i], str_printf("%s the name constraints of \"%s\"", broken, name));
			free(name);
			free(broken);
		}
}

/* A path that ends without an anchor: what is missing. */
static void
check_end(const struct x509_path *p, struct reasons *out)
{
	const struct x509_cert *last = p->certs[p->n - 1];
	int index = p->index[p->n - 1];
	char *issuer = x509_issuer_text(last), *url = str_dup(last->more->issuer_url);
	char shown[300];

	str_printable(str_of(url), shown, sizeof(shown));
	if (self_issued(last) && p->n == 1)
		reasons_add(out, X509_SELF_SIGNED, index, str_dup(STR("it is self-signed and not one of the trust anchors")));
	else if (self_issued(last))
		reasons_add(out, X509_UNKNOWN_ISSUER, index, str_printf("the root \"%s\" is not one of the trust anchors", issuer));
	else if (shown[0] != '\0')
		reasons_add(out, X509_MISSING_INTERMEDIATE, index,
		    str_printf("the server did not send its issuer \"%s\"; its AIA says %s", issuer, shown));
	else
		reasons_add(out, X509_UNKNOWN_ISSUER, index,
		    str_printf("its issuer \"%s\" is neither among the trust anchors nor sent by the server", issuer));
	free(issuer);
	free(url);
}

static void
check_one(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	int index = p->index[i];

	check_time(c, index, policy->now, out);
	for (size_t k = 0; k < c->more->n_defects; k++)
		if (policy->strict || !c->more->defects[k].profile)
			reasons_add(out, c->more->defects[k].fault, index, str_dup(str_of(c->more->defects[k].text)));
	check_key(c, index, policy, out);
	/* an EKU on the way must allow what the leaf is used for, as every verifier has it; also an anchor's */
	if (c->has_eku && !c->more->server_auth && (policy->strict || !c->more->any_use))
		reasons_add(out, X509_EXTENDED_KEY_USAGE, index, str_dup(STR("its extKeyUsage does not include serverAuth")));
	if (policy->strict)
		check_profile(p, i, out);
	if (i > 0)
		check_issuer(p, i, policy, out);
}

void
path_check(const struct x509_path *p, const struct x509_policy *policy, unsigned *comparisons, struct reasons *out)
{
	check_leaf(p->certs[0], policy, out);
	for (size_t i = 0; i < p->n; i++) {
		check_one(p, i, policy, out);
		if (i > 0)
			check_signature(p, i, policy, out);
	}
	if (!p->anchored)
		check_end(p, out);
	check_constraints(p, comparisons, out);
}
