/* The reasons against one path: each certificate by itself, its place in the path, and the end of the path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/judge.h"

enum { PATH_STEP_COST = 20 }; /* of looking at one certificate */

static char *
time_text(const struct x509_cert *c, int64_t now, bool expired)
{
	int64_t limit = expired ? c->not_after : c->not_before;
	char *at = x509_time_text(limit), *span = x509_span_text(expired ? now - limit : limit - now), *text;

	text = expired ? str_printf("expired %s ago (%s)", span, at) :
			 str_printf("not valid for another %s (from %s)", span, at);
	free(span);
	free(at);
	return text;
}

static void
check_time(const struct x509_cert *c, int index, int64_t now, struct reasons *out)
{
	bool expired = now > c->not_after && !x509_unread(c, PART_NOT_AFTER);
	bool early = now < c->not_before && !x509_unread(c, PART_NOT_BEFORE);

	if (expired || early)
		REASON(out, expired ? X509_EXPIRED : X509_NOT_YET_VALID, index, time_text(c, now, expired));
}

/* Takes text. */
static char *
around(const char *before, char *text, const char *behind)
{
	char *all = str_printf("%s%s%s", before, text, behind);

	free(text);
	return all;
}

static char *
weak_text(const struct x509_cert *c, unsigned least)
{
	char behind[32];

	snprintf(behind, sizeof behind, ", below %u bits", least);
	return around("its key is ", x509_key_text(&c->key), behind);
}

static void
check_key(const struct x509_cert *c, int index, const struct x509_policy *policy, struct reasons *out)
{
	unsigned least = policy->min_rsa_bits != 0 ? policy->min_rsa_bits : X509_MIN_RSA_BITS;
	bool rsa = c->key.type == X509_KEY_RSA || c->key.type == X509_KEY_RSA_PSS;

	if (x509_unread(c, PART_KEY))
		return;
	if (rsa && c->key.bits < least)
		REASON(out, X509_WEAK_KEY, index, weak_text(c, least));
	else if (rsa && policy->strict && c->key.bits % 8 != 0)
		REASON(out, X509_WEAK_KEY, index,
		    around("its key is ", x509_key_text(&c->key), ", whose size is not a number of whole bytes"));
	else if (rsa && c->key.bits > X509_MAX_RSA_BITS)
		REASON(out, X509_UNSUPPORTED_ALGORITHM, index,
		    around("its key is ", x509_key_text(&c->key), "; above 16384 bits is not supported here"));
	else if (rsa && !x509_key_usable(&c->key))
		REASON(out, X509_UNSUPPORTED_ALGORITHM, index,
		    str_printf("its RSA key has an exponent of %zu bytes; above %d is not supported here", c->key.e.n,
			X509_MAX_RSA_EXPONENT));
	else if (!rsa && !x509_key_usable(&c->key))
		REASON(out, X509_UNSUPPORTED_ALGORITHM, index,
		    around("its key is not supported here: ", x509_key_text(&c->key), ""));
}

/* RFC 5280 section 4.2.1.1, for the fields that both have; of several directory names the first is meant. */
static bool
key_identifier_fits(const struct x509_cert *c, const struct x509_cert *issuer)
{
	const struct general_names *names = &c->more->aki_issuer;

	if (x509_unread(c, PART_AUTHORITY_KEY) || x509_unread(issuer, PART_SUBJECT_KEY))
		return true;
	if (c->more->aki.p != NULL && issuer->more->has_ski && !str_eq(c->more->aki, issuer->more->ski))
		return false;
	if (c->more->aki_serial.n > 0 && !str_eq(c->more->aki_serial, issuer->serial))
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (names->items[i].type == NAME_DIRECTORY)
			return x509_name_eq(&names->items[i].name, &issuer->more->issuer);
	return true;
}

/* Who signed certificate i - 1 of the path: certificate i. */
static void
check_signature(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i - 1];
	const struct signature_algorithm *a = &c->more->algorithm;
	int index = p->index[i - 1];
	bool verified, fits;

	if (x509_unread(c, PART_ALGORITHM | PART_SIGNATURE))
		return;
	if (a->kind == SIGNATURE_UNKNOWN) {
		REASON(out, X509_UNSUPPORTED_ALGORITHM, index,
		    str_printf("it is signed with %s%s%s", x509_signature_name(c), a->why != NULL ? " and " : ", ",
			a->why != NULL ? a->why : "which is not supported here"));
		return;
	}
	if (a->hash == X509_MD5 || (a->hash == X509_SHA1 && !policy->allow_sha1))
		REASON(out, X509_WEAK_SIGNATURE, index, str_printf("it is signed with %s", x509_signature_name(c)));
	verified = p->verified[i] || !x509_key_usable(&p->certs[i]->key); /* check_key() names a key not usable here */
	fits = key_identifier_fits(c, p->certs[i]);
	if (verified && fits)
		return;
	if (verified)
		REASON(out, X509_UNKNOWN_ISSUER, index,
		    str_dup(STR("its authorityKeyIdentifier names another key than that of its issuer")));
	else if (fits)
		REASON(out, X509_BAD_SIGNATURE, index,
		    around("its signature is not by the key of \"", x509_subject_text(p->certs[i]), "\""));
	else
		REASON(out, X509_UNKNOWN_ISSUER, index,
		    around("its issuer is not known: the \"", x509_subject_text(p->certs[i]),
			"\" at hand has another key than the one that signed"));
}

/* RFC 5280 section 6.1.4: a certificate that issues others. */
static void
check_issuer(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	bool anchor = p->anchored && i + 1 == p->n;
	int index = p->index[i], below = 0;

	/* a root of version 1 is an anchor because the user says so */
	if (!x509_unread(c, PART_BASIC | PART_VERSION) &&
	    (c->more->version == 3 ? !c->has_basic || !c->is_ca :
				     !anchor || c->more->version != 1 || !c->more->self_issued))
		REASON(out, X509_NOT_CA, index, str_dup(STR("it is no CA (basicConstraints) but issues certificates")));
	if (c->has_usage && (c->usage & X509_USAGE_CERT_SIGN) == 0)
		REASON(out, X509_KEY_USAGE, index, str_dup(STR("its keyUsage does not allow signing certificates")));
	if (policy->strict && !c->has_usage && c->more->version == 3 && !x509_unread(c, PART_USAGE))
		REASON(out, X509_KEY_USAGE, index, str_dup(STR("it is a CA without keyUsage")));
	for (size_t k = 1; k < i; k++)
		if (!p->certs[k]->more->self_issued)
			below++;
	if (c->path_len >= 0 && below > c->path_len)
		REASON(out, X509_PATH_LENGTH, index,
		    str_printf("it allows %d CAs below it and there are %d", c->path_len, below));
	if (policy->strict && c->more->version == 3 && !c->more->has_ski && !x509_unread(c, PART_SUBJECT_KEY))
		REASON(out, X509_MALFORMED, index, str_dup(STR("it is a CA without subjectKeyIdentifier")));
}

/* What only a strict policy looks at: RFC 5280 sections 4.1.2.2 and 4.2.1.1, and the CA/Browser Forum's rules for
 * leaves. */
static void
check_profile(const struct x509_path *p, size_t i, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	int index = p->index[i];

	if (x509_unread(c, PART_AUTHORITY_KEY | PART_SUBJECT_KEY | PART_VERSION))
		return;
	if (p->anchored && i + 1 == p->n && i > 0) {
		if (c->more->self_issued && c->more->has_aki &&
		    (c->more->aki_issuer.n > 0 || c->more->aki_serial.n > 0 ||
			(c->more->aki.n > 0 && c->more->ski.n > 0 && !str_eq(c->more->aki, c->more->ski))))
			REASON(out, X509_MALFORMED, index,
			    str_dup(STR("its authorityKeyIdentifier does not name its own key")));
		if (!c->more->has_aki && !c->more->self_issued && c->more->version == 3)
			REASON(out, X509_MALFORMED, index, str_dup(STR("it has no authorityKeyIdentifier")));
		return;
	}
	if (!c->more->serial_ok)
		REASON(out, X509_MALFORMED, index,
		    str_dup(STR("its serial number is not positive, or longer than 20 bytes")));
	if (!c->more->has_aki && !c->more->self_issued)
		REASON(out, X509_MALFORMED, index, str_dup(STR("it has no authorityKeyIdentifier")));
	if (i > 0)
		return;
	if (c->is_ca)
		REASON(out, X509_MALFORMED, index, str_dup(STR("it is a CA and used by a server")));
	if (c->more->any_use)
		REASON(out, X509_EXTENDED_KEY_USAGE, index, str_dup(STR("its extKeyUsage has anyExtendedKeyUsage")));
	if (c->more->odd_common_name)
		REASON(out, X509_MALFORMED, index,
		    str_dup(STR("its common name is an IP address in an unusual spelling")));
	if (c->more->underscore)
		REASON(out, X509_MALFORMED, index, str_dup(STR("it has a DNS name with an underscore")));
}

/* The names, and what keeps the one that looks like the host from being it. */
static char *
names_text(const struct x509_cert *c, const char *host)
{
	const struct general_name *which;
	const char *fault = x509_host_fault(c, host, &which);
	char *names = x509_first_names_text(c, 300);
	struct buf text;

	buf_init(&text, 0);
	if (c->more->names.n == 0)
		buf_addf(&text, "it names no host (subjectAltName), so not %s", host);
	else
		buf_addf(&text, "it is for %.300s, not for %s", names, host);
	if (which != NULL) {
		buf_add_str(&text, STR("; "));
		x509_add_general_name(&text, which);
	}
	if (fault != NULL)
		buf_addf(&text, "%s %s", which != NULL ? ":" : ";", fault);
	free(names);
	return buf_take(&text);
}

static void
check_leaf(const struct x509_cert *c, const struct x509_policy *policy, bool host_fits, struct reasons *out)
{
	if (c->has_usage && (c->usage & (X509_USAGE_SIGN | X509_USAGE_ENCIPHER | X509_USAGE_AGREE)) == 0)
		REASON(out, X509_KEY_USAGE, 0, str_dup(STR("its keyUsage allows neither signatures nor key exchange")));
	if (c->has_usage && (c->usage & X509_USAGE_CERT_SIGN) != 0 && !c->is_ca && !x509_unread(c, PART_BASIC))
		REASON(out, X509_KEY_USAGE, 0, str_dup(STR("its keyUsage says keyCertSign but it is no CA")));
	if (c->more->no_netscape_server)
		REASON(out, X509_EXTENDED_KEY_USAGE, 0, str_dup(STR("its netscapeCertType is not for servers")));
	if (c->more->has_constraints && !c->is_ca && !x509_unread(c, PART_BASIC))
		REASON(out, X509_MALFORMED, 0, str_dup(STR("it has name constraints but is no CA")));
	if (!host_fits && !x509_unread(c, PART_NAMES))
		REASON(out, c->more->names.n == 0 ? X509_NO_NAMES : X509_HOST_MISMATCH, 0, names_text(c, policy->host));
}

static char *
constraint_text(char *broken, const struct x509_cert *ca)
{
	char *name = x509_subject_text(ca), *text = str_printf("%s the name constraints of \"%s\"", broken, name);

	free(name);
	return text;
}

static void
check_constraints(const struct x509_path *p, struct work *work, struct reasons *out)
{
	for (size_t ca = p->n - 1; ca > 0; ca--)
		for (size_t i = 0; i < ca; i++) {
			char *broken;

			/* section 6.1.3 (b): not applied to self-issued certificates, unless it is the last one */
			if (i > 0 && p->certs[i]->more->self_issued)
				continue;
			broken = x509_constraints_broken(p->certs[ca], p->certs[i], work);
			if (broken != NULL)
				REASON(out, X509_NAME_CONSTRAINT, p->index[i], constraint_text(broken, p->certs[ca]));
			free(broken);
		}
}

static char *
missing_text(const struct x509_cert *last, const char *url)
{
	char *issuer = x509_issuer_text(last), *text;

	text = url[0] != '\0' ?
	    str_printf("the server did not send its issuer \"%s\"; its AIA says %s", issuer, url) :
	    str_printf("its issuer \"%s\" is neither among the trust anchors nor sent by the server", issuer);
	free(issuer);
	return text;
}

/* A path that ends without an anchor: what is missing. */
static void
check_end(const struct x509_path *p, struct reasons *out)
{
	const struct x509_cert *last = p->certs[p->n - 1];
	int index = p->index[p->n - 1];
	char shown[300];

	if (x509_unread(last, PART_ISSUER))
		return;
	str_printable(last->more->issuer_url, shown, sizeof shown);
	if (last->more->self_issued && p->n == 1)
		REASON(out, X509_SELF_SIGNED, index,
		    str_dup(STR("it is self-signed and not one of the trust anchors")));
	else if (last->more->self_issued)
		REASON(out, X509_UNKNOWN_ISSUER, index,
		    around("the root \"", x509_issuer_text(last), "\" is not one of the trust anchors"));
	else
		REASON(out, shown[0] != '\0' ? X509_MISSING_INTERMEDIATE : X509_UNKNOWN_ISSUER, index,
		    missing_text(last, shown));
}

/* What cannot be read is the cause of much else: it is told before all others, by its own pass. */
static bool
is_unreadable(const struct x509_defect *d)
{
	return (d->fault == X509_MALFORMED || d->fault == X509_LIMIT) && !d->profile;
}

void
path_check_defects(const struct x509_cert *c, int index, const struct x509_policy *policy, bool unreadable,
    struct reasons *out)
{
	const struct x509_details *d = c->more;

	for (size_t k = 0; k < d->n_defects; k++)
		if ((policy->strict || !d->defects[k].profile) && is_unreadable(&d->defects[k]) == unreadable)
			REASON(out, d->defects[k].fault, index, str_dup(str_of(d->defects[k].text)));
	if (unreadable && d->broken && (d->n_defects == 0 || d->defects[0].profile))
		REASON(out, X509_MALFORMED, index, str_dup(STR("it is malformed")));
}

/* Section 6.1.3 (f) and 6.1.5 (g). */
static void
check_policies(const struct x509_path *p, struct work *work, struct reasons *out)
{
	size_t at;
	const struct x509_cert *demands = x509_policy_missing(p, work, &at);

	if (demands != NULL)
		REASON(out, X509_POLICY, p->index[at],
		    around(
			"it has no certificate policy that is valid along the path, which the policyConstraints of \"",
			x509_subject_text(demands), "\" demand"));
}

static void
check_one(const struct x509_path *p, size_t i, const struct x509_policy *policy, struct reasons *out)
{
	const struct x509_cert *c = p->certs[i];
	int index = p->index[i];

	check_time(c, index, policy->now, out);
	path_check_defects(c, index, policy, false, out);
	check_key(c, index, policy, out);
	/* an EKU on the way must allow what the leaf is used for, as every verifier has it; also an anchor's */
	if (c->has_eku && !c->more->server_auth && (policy->strict || !c->more->any_use))
		REASON(out, X509_EXTENDED_KEY_USAGE, index,
		    str_dup(STR("its extKeyUsage does not include serverAuth")));
	if (policy->strict)
		check_profile(p, i, out);
	if (i > 0)
		check_issuer(p, i, policy, out);
}

void
path_check(const struct x509_path *p, const struct x509_policy *policy, bool host_fits, struct work *work,
    struct reasons *out)
{
	for (size_t i = 0; i < p->n; i++)
		path_check_defects(p->certs[i], p->index[i], policy, true, out);
	check_leaf(p->certs[0], policy, host_fits, out);
	work_spend(work, p->n * PATH_STEP_COST);
	for (size_t i = 0; i < p->n; i++) {
		check_one(p, i, policy, out);
		if (i > 0)
			check_signature(p, i, policy, out);
	}
	if (!p->anchored)
		check_end(p, out);
	check_constraints(p, work, out);
	check_policies(p, work, out);
}
