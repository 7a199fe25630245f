/* Extensions (RFC 5280 section 4.2): decoded, and what is wrong with them kept as defects. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

#define CE "\x55\x1d" /* id-ce, 2.5.29 */

struct reader {
	const char *oid;
	size_t n;
	const char *name;
	unsigned part; /* enum x509_part, or 0 */
	bool must_not_be_critical;
	/* Decodes the value; false when malformed. */
	bool (*read)(struct x509_cert *c, const struct x509_extension *e, struct rd value);
};

static bool
read_names(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

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
read_issuer_names(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct general_names names = { .n = 0 };
	struct rd list = der_enter(&value, DER_SEQUENCE);
	bool ok = rd_done(&value) && rd_left(&list) > 0 && x509_read_general_names(&list, &names);

	(void)e;
	c->more->too_many = c->more->too_many || names.too_many;
	x509_general_names_release(&names);
	return ok;
}

/* pathLenConstraint, INTEGER (0..MAX); no path is longer than an int. */
static int
read_length(struct rd *r)
{
	struct rd number = *r;
	unsigned small = der_small(r);

	if (!r->bad)
		return (int)small;
	*r = number;
	der_unsigned(r);
	return INT_MAX;
}

static bool
read_basic(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);

	bool is_ca = der_peek(&fields) == DER_BOOLEAN && der_boolean(&fields);
	int path_len = der_peek(&fields) == DER_INTEGER ? read_length(&fields) : -1;

	if (!rd_done(&fields) || !rd_done(&value))
		return false;
	c->has_basic = true;
	c->is_ca = is_ca;
	c->path_len = path_len;
	if (path_len >= 0 && !is_ca)
		x509_add_defect(c->more, X509_MALFORMED, path_len == 0, "it limits the path length but is not a CA");
	if (is_ca && !e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its basicConstraints is not critical");
	return true;
}

static bool
read_usage(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	(void)e;
	c->usage = der_named_bits(&value);
	c->has_usage = rd_done(&value);
	if (c->has_usage && c->usage == 0)
		x509_add_defect(c->more, X509_MALFORMED, true, "its keyUsage names nothing");
	return c->has_usage;
}

static bool
read_eku(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
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
	c->has_eku = true;
	return true;
}

static bool
read_subject_key(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	(void)e;
	c->more->ski = der_element(&value, DER_OCTET_STRING);
	c->more->has_ski = rd_done(&value);
	return c->more->has_ski;
}

static bool
read_authority_key(struct x509_cert *c, const struct x509_extension *e, struct rd value)
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
read_constraints(struct x509_cert *c, const struct x509_extension *e, struct rd value)
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
read_access(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0) {
		struct rd access = der_enter(&list, DER_SEQUENCE);
		struct str method = der_oid(&access);
		struct general_names location = { .n = 0 };
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

static bool
read_sct_list(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	(void)e;
	c->more->sct_list = der_element(&value, DER_OCTET_STRING);
	return rd_done(&value);
}

/* TLS Feature (RFC 7633): status_request is "must staple". */
static bool
read_features(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	while (rd_left(&list) > 0)
		if (der_small(&list) == 5 && !list.bad)
			c->more->must_staple = true;
	return !list.bad && rd_done(&value);
}

/* Netscape's certificate type, of old private CAs: bit 1 is a TLS server. */
static bool
read_netscape_type(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	unsigned bits = der_named_bits(&value);

	(void)e;
	c->more->no_netscape_server = rd_done(&value) && (bits & 1u << 1) == 0;
	return rd_done(&value);
}

/* RFC 3820: signed by what is no CA, with its names. */
static bool
read_proxy(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct str contents = der_element(&value, DER_SEQUENCE);

	(void)e;
	x509_add_defect(c->more, X509_CRITICAL_EXTENSION, false, "it is a proxy certificate");
	return rd_done(&value) && der_series_ok(contents);
}

static const struct reader readers[] = {
	{ CE "\x0e", 3, "subjectKeyIdentifier", PART_SUBJECT_KEY, true, read_subject_key },
	{ CE "\x0f", 3, "keyUsage", PART_USAGE, false, read_usage },
	{ CE "\x11", 3, "subjectAltName", PART_NAMES, false, read_names },
	{ CE "\x12", 3, "issuerAltName", 0, false, read_issuer_names },
	{ CE "\x13", 3, "basicConstraints", PART_BASIC, false, read_basic },
	{ CE "\x1e", 3, "nameConstraints", PART_CONSTRAINTS, false, read_constraints },
	{ CE "\x1f", 3, "cRLDistributionPoints", 0, false, x509_read_points },
	{ CE "\x20", 3, "certificatePolicies", PART_POLICIES, false, x509_read_policies },
	{ CE "\x21", 3, "policyMappings", PART_POLICIES, false, x509_read_policy_mappings },
	{ CE "\x23", 3, "authorityKeyIdentifier", PART_AUTHORITY_KEY, true, read_authority_key },
	{ CE "\x24", 3, "policyConstraints", PART_POLICIES, false, x509_read_policy_constraints },
	{ CE "\x25", 3, "extKeyUsage", PART_EKU, false, read_eku },
	{ CE "\x36", 3, "inhibitAnyPolicy", PART_POLICIES, false, x509_read_inhibit_any },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x01", 8, "authorityInfoAccess", 0, true, read_access },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x18", 8, "TLS feature", 0, false, read_features },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x0e", 8, "proxyCertInfo", 0, false, read_proxy },
	{ "\x60\x86\x48\x01\x86\xf8\x42\x01\x01", 9, "netscapeCertType", PART_EKU, false, read_netscape_type },
	{ "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", 10, "SCT list", 0, false, read_sct_list },
};

static const struct reader *
reader_of(struct str oid)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (str_eq(oid, str_from(readers[i].oid, readers[i].n)))
			return &readers[i];
	return NULL;
}

/* Those that are not read here, as far as a person may know them by name. */
static const char *
name_of(struct str oid)
{
	static const struct {
		const char *oid;
		size_t n;
		const char *name;
	} names[] = {
		{ CE "\x09", 3, " (subjectDirectoryAttributes)" },
		{ CE "\x10", 3, " (privateKeyUsagePeriod)" },
		{ CE "\x14", 3, " (cRLNumber)" },
		{ CE "\x1b", 3, " (deltaCRLIndicator)" },
		{ CE "\x1c", 3, " (issuingDistributionPoint)" },
		{ CE "\x2e", 3, " (freshestCRL)" },
		{ "\x2b\x06\x01\x05\x05\x07\x01\x03", 8, " (qcStatements)" },
		{ "\x2b\x06\x01\x05\x05\x07\x01\x07", 8, " (addresses of RFC 3779)" },
		{ "\x2b\x06\x01\x05\x05\x07\x01\x08", 8, " (AS numbers of RFC 3779)" },
		{ "\x2b\x06\x01\x05\x05\x07\x01\x0b", 8, " (subjectInfoAccess)" },
		{ "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03", 10, " (it is a precertificate of RFC 6962)" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(oid, str_from(names[i].oid, names[i].n)))
			return names[i].name;
	return "";
}

static void
refuse_unknown(struct x509_cert *c, struct str oid)
{
	char *dotted = x509_oid_text(oid);

	x509_add_defect(c->more, X509_CRITICAL_EXTENSION, false,
	    "it has a critical extension that is unknown here: %s%s", dotted, name_of(oid));
	free(dotted);
}

static bool
too_many_names(struct x509_details *d)
{
	return d->too_many || d->names.too_many || d->aki_issuer.too_many || d->permitted.too_many ||
	    d->excluded.too_many;
}

static void
read_extension(struct x509_cert *c, const struct x509_extension *e)
{
	const struct reader *r = reader_of(e->oid);

	if (r == NULL) {
		if (e->critical)
			refuse_unknown(c, e->oid);
		return;
	}
	if (!r->read(c, e, rd_str(e->value))) {
		if (too_many_names(c->more))
			x509_over_limit(c->more, r->part, "its %s extension has more than %d names, the limit here",
			    r->name, X509_MAX_NAMES);
		else
			x509_unreadable(c->more, r->part, "its %s extension is malformed", r->name);
	}
	if (e->critical && r->must_not_be_critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its %s extension is critical, which RFC 5280 forbids",
		    r->name);
}

/* Extension (section 4.1). False, with the defect, when it is none; *e is then what could be read. */
static bool
decode_extension(struct x509_cert *c, struct rd fields, size_t place, struct x509_extension *e)
{
	const struct reader *r;

	*e = (struct x509_extension){ .oid = der_oid(&fields) };
	r = fields.bad ? NULL : reader_of(e->oid);
	if (der_peek(&fields) == DER_BOOLEAN)
		e->critical = der_boolean(&fields);
	e->value = der_element(&fields, DER_OCTET_STRING);
	if (rd_done(&fields))
		return true;
	if (r != NULL)
		x509_unreadable(c->more, r->part, "its %s extension cannot be decoded", r->name);
	else
		x509_unreadable(c->more, PART_EXTENSIONS, "its extension number %zu cannot be decoded", place);
	return false;
}

static bool
seen_before(const struct str *seen, size_t n, struct str oid)
{
	for (size_t i = 0; i < n && oid.n > 0; i++)
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
		struct x509_extension e;

		if (list.bad) {
			x509_unreadable(c->more, PART_EXTENSIONS,
			    "its extensions cannot be decoded, from number %zu on", n + 1);
			break;
		}
		if (decode_extension(c, fields, n + 1, &e))
			read_extension(c, &e);
		twice = twice || seen_before(seen, n, e.oid);
		seen[n] = e.oid;
	}
	if (rd_left(&list) > 0 && !list.bad)
		x509_over_limit(c->more, PART_EXTENSIONS, "it has more than %d extensions, the limit here",
		    X509_MAX_EXTENSIONS);
	if (twice)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has the same extension twice");
}
