/* Extensions (RFC 5280 section 4.2): decoded, and what is wrong with them kept as defects. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

#define CE "\x55\x1d" /* id-ce, 2.5.29 */

struct extension {
	struct str oid, value;
	bool critical;
};

struct reader {
	const char *oid;
	size_t n;
	const char *name;
	bool must_be_critical, must_not_be_critical;
	/* Decodes the value; false when malformed. */
	bool (*read)(struct x509_cert *c, const struct extension *e, struct rd value);
};

static bool
read_names(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	c->more->has_names = true;
	if (!rd_done(&value) || rd_left(&list) == 0 || !x509_read_general_names(&list, &c->more->names))
		return false;
	/* section 4.2.1.6: critical exactly when the subject is empty */
	if (x509_name_empty(c->subject) && !e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true,
		    "its subject is empty and subjectAltName is not critical");
	if (!x509_name_empty(c->subject) && e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true,
		    "its subject is not empty and subjectAltName is critical");
	return true;
}

static bool
read_issuer_names(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct general_names names = { NULL, 0 };
	struct rd list = der_enter(&value, DER_SEQUENCE);
	bool ok = rd_done(&value) && rd_left(&list) > 0 && x509_read_general_names(&list, &names);

	(void)c;
	(void)e;
	x509_general_names_release(&names);
	return ok;
}

static bool
read_basic(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);

	c->has_basic = true;
	if (der_peek(&fields) == DER_BOOLEAN)
		c->is_ca = der_boolean(&fields);
	if (der_peek(&fields) == DER_INTEGER) {
		c->path_len = (int)der_small(&fields);
		if (!c->is_ca)
			x509_add_defect(c->more, X509_MALFORMED, c->path_len == 0,
			    "it limits the path length but is not a CA");
	}
	if (c->is_ca && !e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its basicConstraints is not critical");
	return rd_done(&fields) && rd_done(&value);
}

static bool
read_usage(struct x509_cert *c, const struct extension *e, struct rd value)
{
	(void)e;
	c->has_usage = true;
	c->usage = der_named_bits(&value);
	if (c->usage == 0)
		x509_add_defect(c->more, X509_MALFORMED, true, "its keyUsage names nothing");
	return rd_done(&value);
}

static bool
read_eku(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	c->has_eku = true;
	c->more->eku = str_from(list.p, rd_left(&list));
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct str oid = der_oid(&list);

		if (list.bad)
			return false;
		if (str_eq(oid, STR("\x2b\x06\x01\x05\x05\x07\x03\x01")))
			c->more->server_auth = true;
		if (str_eq(oid, STR(CE "\x25\x00")))
			c->more->any_use = true;
		if (str_eq(oid, STR("\x2b\x06\x01\x05\x05\x07\x03\x09")))
			c->more->ocsp_signing = true;
	}
	return true;
}

static bool
read_subject_key(struct x509_cert *c, const struct extension *e, struct rd value)
{
	(void)e;
	c->more->has_ski = true;
	c->more->ski = der_element(&value, DER_OCTET_STRING);
	return rd_done(&value);
}

static bool
read_authority_key(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);

	(void)e;
	c->more->has_aki = true;
	if (der_peek(&fields) == DER_CONTEXT(0))
		c->more->aki = der_element(&fields, DER_CONTEXT(0));
	else
		x509_add_defect(c->more, X509_MALFORMED, true, "its authorityKeyIdentifier has no keyIdentifier");
	if (der_peek(&fields) == DER_CONTEXT_CONSTRUCTED(1)) {
		struct rd names = der_enter(&fields, DER_CONTEXT_CONSTRUCTED(1));

		if (rd_left(&names) == 0 || !x509_read_general_names(&names, &c->more->aki_issuer))
			return false;
	}
	if (der_peek(&fields) == DER_CONTEXT(2)) {
		c->more->aki_serial = der_element(&fields, DER_CONTEXT(2));
		if (!der_integer_ok(c->more->aki_serial))
			return false;
	}
	return rd_done(&fields) && rd_done(&value);
}

/* GeneralSubtrees, each one name; "minimum MUST be zero, and maximum MUST be absent" (section 4.2.1.10), so that DER
 * has neither. */
static bool
read_subtrees(struct rd list, struct general_names *out)
{
	if (rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd subtree = der_enter(&list, DER_SEQUENCE);

		if (!x509_read_general_name(&subtree, out) || !rd_done(&subtree))
			return false;
	}
	return !list.bad;
}

/* A mailbox, a host, or with a dot in front what is below it. */
static bool
mail_constraint_ok(struct str value)
{
	ptrdiff_t at = str_find_char(value, '@');

	if (at >= 0)
		return at > 0 && x509_dns_name_ok(str_slice(value, (size_t)at + 1, value.n), false);
	return value.n == 0 || x509_dns_name_ok(str_slice(value, value.p[0] == '.', value.n), false);
}

static bool
constraint_ok(struct x509_details *d, const struct general_name *name)
{
	if (name->type == NAME_DNS) {
		/* a dot in front is no DNS name, but private CAs write it for "below" */
		bool dot = name->value.n > 1 && name->value.p[0] == '.';

		if (name->value.n > 0 && !x509_dns_name_ok(str_slice(name->value, dot, name->value.n), false))
			return false;
		if (dot)
			x509_add_defect(d, X509_MALFORMED, true, "its name constraint for DNS begins with a dot");
		return true;
	}
	if (name->type == NAME_MAIL)
		return mail_constraint_ok(name->value);
	if (name->type != NAME_IP)
		return true;
	if (name->value.n != 8 && name->value.n != 32)
		return false;
	/* a mask is ones, then zeros */
	for (size_t i = name->value.n / 2, ended = 0; i < name->value.n; i++) {
		unsigned byte = (uint8_t)name->value.p[i], inverse = ~byte & 0xFF;

		if ((ended && byte != 0) || (inverse & (inverse + 1)) != 0)
			return false;
		ended = byte != 0xFF;
	}
	return true;
}

static bool
read_both_subtrees(struct x509_details *d, struct rd fields)
{
	struct general_names *lists[] = { &d->permitted, &d->excluded };

	if (rd_left(&fields) == 0)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		if (der_peek(&fields) != DER_CONTEXT_CONSTRUCTED(i))
			continue;
		if (!read_subtrees(der_enter(&fields, DER_CONTEXT_CONSTRUCTED(i)), lists[i]))
			return false;
		for (size_t k = 0; k < lists[i]->n; k++)
			if (!constraint_ok(d, &lists[i]->items[k]))
				return false;
	}
	return rd_done(&fields);
}

/* Those that cannot be read to the end do not count at all: the defect refuses what they might have permitted. */
static bool
read_constraints(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);

	(void)e;
	c->more->has_constraints = true;
	if (rd_done(&value) && read_both_subtrees(c->more, fields))
		return true;
	x509_general_names_release(&c->more->permitted);
	x509_general_names_release(&c->more->excluded);
	return false;
}

static bool
read_access(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd access = der_enter(&list, DER_SEQUENCE);
		struct str method = der_oid(&access);
		struct general_names location = { NULL, 0 };
		bool good = x509_read_general_name(&access, &location) && rd_done(&access);

		if (good && str_eq(method, STR("\x2b\x06\x01\x05\x05\x07\x30\x02")) &&
		    location.items[0].type == NAME_URI && c->more->issuer_url.n == 0)
			c->more->issuer_url = location.items[0].value;
		x509_general_names_release(&location);
		if (!good)
			return false;
	}
	return true;
}

/* DistributionPoint (section 4.2.1.13): where a list is, or whose it is. */
static bool
read_point(struct rd point)
{
	struct general_names names = { NULL, 0 };
	struct rd field;
	/* "MUST NOT consist of only the reasons field" */
	bool good = der_peek(&point) != DER_CONTEXT(1) && rd_left(&point) > 0;

	if (good && der_peek(&point) == DER_CONTEXT_CONSTRUCTED(0)) {
		struct rd choice = der_enter(&point, DER_CONTEXT_CONSTRUCTED(0));

		if (der_peek(&choice) == DER_CONTEXT_CONSTRUCTED(0)) {
			field = der_enter(&choice, DER_CONTEXT_CONSTRUCTED(0));
			good = rd_left(&field) > 0 && x509_read_general_names(&field, &names);
		} else {
			good = x509_rdn_ok(der_element(&choice, DER_CONTEXT_CONSTRUCTED(1)));
		}
		good = good && rd_done(&choice);
	}
	if (good && der_peek(&point) == DER_CONTEXT(1))
		good = der_bit_string_ok(der_element(&point, DER_CONTEXT(1)));
	if (good && der_peek(&point) == DER_CONTEXT_CONSTRUCTED(2)) {
		field = der_enter(&point, DER_CONTEXT_CONSTRUCTED(2));
		good = rd_left(&field) > 0 && x509_read_general_names(&field, &names);
	}
	x509_general_names_release(&names);
	return good && rd_done(&point);
}

/* CRLs are not read here, but one who limits where they are must say it in DER. */
static bool
read_points(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)c;
	(void)e;
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0)
		if (!read_point(der_enter(&list, DER_SEQUENCE)))
			return false;
	return !list.bad;
}

static bool
read_sct_list(struct x509_cert *c, const struct extension *e, struct rd value)
{
	(void)e;
	c->more->sct_list = der_element(&value, DER_OCTET_STRING);
	return rd_done(&value);
}

/* TLS Feature (RFC 7633): status_request is "must staple". */
static bool
read_features(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	while (rd_left(&list) > 0)
		if (der_small(&list) == 5 && !list.bad)
			c->more->must_staple = true;
	return !list.bad && rd_done(&value);
}

/* Policies are not processed here; section 6.1: a critical one that is not must be refused. */
static bool
read_policies(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct str contents = der_element(&value, DER_SEQUENCE);

	if (e->critical)
		x509_add_defect(c->more, X509_POLICY, false,
		    "it has a critical policy extension, which is not processed here");
	return rd_done(&value) && der_series_ok(contents);
}

static bool
read_policy_constraints(struct x509_cert *c, const struct extension *e, struct rd value)
{
	if (!e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its policyConstraints is not critical");
	return read_policies(c, e, value);
}

static bool
read_inhibit(struct x509_cert *c, const struct extension *e, struct rd value)
{
	der_small(&value);
	if (e->critical)
		x509_add_defect(c->more, X509_POLICY, false,
		    "it has a critical inhibitAnyPolicy, which is not processed here");
	else
		x509_add_defect(c->more, X509_MALFORMED, true, "its inhibitAnyPolicy is not critical");
	return rd_done(&value);
}

/* Netscape's certificate type, of old private CAs: bit 1 is a TLS server. */
static bool
read_netscape_type(struct x509_cert *c, const struct extension *e, struct rd value)
{
	(void)e;
	c->more->no_netscape_server = (der_named_bits(&value) & 1u << 1) == 0;
	return rd_done(&value);
}

/* RFC 3820: signed by what is no CA, with its names. */
static bool
read_proxy(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct str contents = der_element(&value, DER_SEQUENCE);

	(void)e;
	x509_add_defect(c->more, X509_CRITICAL_EXTENSION, false, "it is a proxy certificate");
	return rd_done(&value) && der_series_ok(contents);
}

static const struct reader readers[] = {
	{ CE "\x0e", 3, "subjectKeyIdentifier", false, true, read_subject_key },
	{ CE "\x0f", 3, "keyUsage", false, false, read_usage },
	{ CE "\x11", 3, "subjectAltName", false, false, read_names },
	{ CE "\x12", 3, "issuerAltName", false, false, read_issuer_names },
	{ CE "\x13", 3, "basicConstraints", false, false, read_basic },
	{ CE "\x1e", 3, "nameConstraints", false, false, read_constraints },
	{ CE "\x1f", 3, "cRLDistributionPoints", false, false, read_points },
	{ CE "\x20", 3, "certificatePolicies", false, false, read_policies },
	{ CE "\x21", 3, "policyMappings", false, false, read_policies },
	{ CE "\x23", 3, "authorityKeyIdentifier", false, true, read_authority_key },
	{ CE "\x24", 3, "policyConstraints", false, false, read_policy_constraints },
	{ CE "\x25", 3, "extKeyUsage", false, false, read_eku },
	{ CE "\x36", 3, "inhibitAnyPolicy", false, false, read_inhibit },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x01", 8, "authorityInfoAccess", false, true, read_access },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x18", 8, "TLS feature", false, false, read_features },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x0e", 8, "proxyCertInfo", false, false, read_proxy },
	{ "\x60\x86\x48\x01\x86\xf8\x42\x01\x01", 9, "netscapeCertType", false, false, read_netscape_type },
	{ "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", 10, "SCT list", false, false, read_sct_list },
};

static void
read_extension(struct x509_cert *c, const struct extension *e)
{
	char *oid;

	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		const struct reader *r = &readers[i];

		if (!str_eq(e->oid, str_from(r->oid, r->n)))
			continue;
		if (!r->read(c, e, rd_str(e->value)))
			x509_add_defect(c->more, X509_MALFORMED, false, "its %s extension is malformed", r->name);
		if (e->critical && r->must_not_be_critical)
			x509_add_defect(c->more, X509_MALFORMED, true,
			    "its %s extension is critical, which RFC 5280 forbids", r->name);
		return;
	}
	if (!e->critical)
		return;
	oid = x509_oid_text(e->oid);
	x509_add_defect(c->more, X509_CRITICAL_EXTENSION, false, "it has a critical extension that is unknown here: %s",
	    oid);
	free(oid);
}

static bool
seen_before(const struct str *seen, size_t n, struct str oid)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(seen[i], oid))
			return true;
	return false;
}

void
x509_read_extensions(struct x509_cert *c, struct rd list)
{
	struct str seen[X509_MAX_EXTENSIONS];
	bool twice = false;
	size_t n = 0;

	for (; rd_left(&list) > 0 && n < X509_MAX_EXTENSIONS; n++) {
		struct rd fields = der_enter(&list, DER_SEQUENCE);
		struct extension e = { .oid = der_oid(&fields) };

		if (der_peek(&fields) == DER_BOOLEAN)
			e.critical = der_boolean(&fields);
		e.value = der_element(&fields, DER_OCTET_STRING);
		if (!rd_done(&fields)) {
			x509_add_defect(c->more, X509_MALFORMED, false, "its extensions cannot be decoded");
			return;
		}
		twice = twice || seen_before(seen, n, e.oid);
		seen[n] = e.oid;
		read_extension(c, &e);
	}
	if (twice)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has the same extension twice");
	if (rd_left(&list) > 0)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has more than %d extensions", X509_MAX_EXTENSIONS);
}
