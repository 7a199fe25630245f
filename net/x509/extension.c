/* Extensions (RFC 5280 section 4.2): decoded, and what is wrong with them kept as defects. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

#define CE "\x55\x1d"      /* id-ce, 2.5.29 */

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

bool
x509_read_general_names(struct rd *r, struct general_names *out)
{
	while (rd_left(r) > 0 && !r->bad) {
		unsigned tag;
		struct str contents;

		if (!der_next(r, &tag, &contents, NULL) || (tag & 0xC0) != 0x80 || (tag & 0x1F) > 8 || out->n >= X509_MAX_NAMES)
			return false;
		if ((out->n & (out->n + 1)) == 0)      /* doubles at 0, 1, 3, 7 ... */
			out->items = mem_resize(out->items, (2 * out->n + 1) * sizeof(*out->items));
		out->items[out->n++] = (struct general_name){ tag & 0x1F, contents };
	}
	return !r->bad;
}

static bool
read_names(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	c->more->has_names = true;
	if (!rd_done(&value) || rd_left(&list) == 0 || !x509_read_general_names(&list, &c->more->names))
		return false;
	/* section 4.2.1.6: critical exactly when the subject is empty */
	if (x509_name_empty(c->subject) && !e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its subject is empty and subjectAltName is not critical");
	if (!x509_name_empty(c->subject) && e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its subject is not empty and subjectAltName is critical");
	return true;
}

static bool
read_issuer_names(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct general_names names = { NULL, 0 };
	struct rd list = der_enter(&value, DER_SEQUENCE);
	bool ok = rd_done(&value) && x509_read_general_names(&list, &names);

	(void)c;
	(void)e;
	free(names.items);
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
			x509_add_defect(c->more, X509_MALFORMED, true, "it limits the path length but is not a CA");
	}
	if (c->is_ca && !e->critical)
		x509_add_defect(c->more, X509_MALFORMED, true, "its basicConstraints is not critical");
	return rd_done(&fields) && rd_done(&value);
}

static bool
read_usage(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct str bits = der_element(&value, DER_BIT_STRING);
	unsigned unused;

	(void)e;
	if (!rd_done(&value) || bits.n < 2 || bits.n > 3)
		return false;
	unused = (uint8_t)bits.p[0];
	c->has_usage = true;
	for (unsigned i = 0; i < 8; i++)
		if (((uint8_t)bits.p[1] & 0x80 >> i) != 0)
			c->usage |= 1u << i;
	if (bits.n == 3 && ((uint8_t)bits.p[2] & 0x80) != 0)
		c->usage |= 1u << 8;
	if (c->usage == 0 && bits.n == 2)
		x509_add_defect(c->more, X509_MALFORMED, true, "its keyUsage names nothing");
	return unused < 8;
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
	while (rd_left(&list) > 0 && !list.bad) {
		struct str oid = der_element(&list, DER_OID);

		if (str_eq(oid, STR("\x2b\x06\x01\x05\x05\x07\x03\x01")))
			c->more->server_auth = true;
		if (str_eq(oid, STR(CE "\x25\x00")))
			c->more->any_use = true;
		if (str_eq(oid, STR("\x2b\x06\x01\x05\x05\x07\x03\x09")))
			c->more->ocsp_signing = true;
	}
	return !list.bad;
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
	if (der_peek(&fields) == DER_CONTEXT_CONSTRUCTED(1))
		c->more->aki_issuer = der_element(&fields, DER_CONTEXT_CONSTRUCTED(1));
	if (der_peek(&fields) == DER_CONTEXT(2))
		c->more->aki_serial = der_element(&fields, DER_CONTEXT(2));
	return rd_done(&fields) && rd_done(&value);
}

/* GeneralSubtrees: minimum and maximum are not used (section 4.2.1.10). */
static bool
read_subtrees(struct rd list, struct general_names *out)
{
	if (rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0 && !list.bad) {
		struct rd subtree = der_enter(&list, DER_SEQUENCE);

		if (subtree.bad || !x509_read_general_names(&subtree, out))
			return false;
	}
	return !list.bad;
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
read_constraints(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd fields = der_enter(&value, DER_SEQUENCE);
	struct general_names *lists[] = { &c->more->permitted, &c->more->excluded };

	(void)e;
	c->more->has_constraints = true;
	if (!rd_done(&value) || rd_left(&fields) == 0)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		if (der_peek(&fields) != DER_CONTEXT_CONSTRUCTED(i))
			continue;
		if (!read_subtrees(der_enter(&fields, DER_CONTEXT_CONSTRUCTED(i)), lists[i]))
			return false;
		for (size_t k = 0; k < lists[i]->n; k++)
			if (!constraint_ok(c->more, &lists[i]->items[k]))
				return false;
	}
	return rd_done(&fields);
}

static bool
read_access(struct x509_cert *c, const struct extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0 && !list.bad) {
		struct rd access = der_enter(&list, DER_SEQUENCE);
		struct str method = der_element(&access, DER_OID), location;
		unsigned tag;

		if (!der_next(&access, &tag, &location, NULL) || !rd_done(&access) || (tag & 0xC0) != 0x80)
			return false;
		if (str_eq(method, STR("\x2b\x06\x01\x05\x05\x07\x30\x02")) && tag == DER_CONTEXT(NAME_URI) &&
		    c->more->issuer_url.n == 0)
			c->more->issuer_url = location;
	}
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
	while (rd_left(&list) > 0 && !list.bad)
		if (der_small(&list) == 5)
			c->more->must_staple = true;
	return !list.bad && rd_done(&value);
}

/* Policies are not processed here; section 6.1: a critical one that is not must be refused. */
static bool
read_policies(struct x509_cert *c, const struct extension *e, struct rd value)
{
	der_enter(&value, DER_SEQUENCE);
	if (e->critical)
		x509_add_defect(c->more, X509_POLICY, false, "it has a critical policy extension, which is not processed here");
	return rd_done(&value);
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
		x509_add_defect(c->more, X509_POLICY, false, "it has a critical inhibitAnyPolicy, which is not processed here");
	else
		x509_add_defect(c->more, X509_MALFORMED, true, "its inhibitAnyPolicy is not critical");
	return rd_done(&value);
}

static const struct reader readers[] = {
	{ CE "\x0e", 3, "subjectKeyIdentifier", false, true, read_subject_key },
	{ CE "\x0f", 3, "keyUsage", false, false, read_usage },
	{ CE "\x11", 3, "subjectAltName", false, false, read_names },
	{ CE "\x12", 3, "issuerAltName", false, false, read_issuer_names },
	{ CE "\x13", 3, "basicConstraints", false, false, read_basic },
	{ CE "\x1e", 3, "nameConstraints", false, false, read_constraints },
	{ CE "\x20", 3, "certificatePolicies", false, false, read_policies },
	{ CE "\x21", 3, "policyMappings", false, false, read_policies },
	{ CE "\x23", 3, "authorityKeyIdentifier", false, true, read_authority_key },
	{ CE "\x24", 3, "policyConstraints", false, false, read_policy_constraints },
	{ CE "\x25", 3, "extKeyUsage", false, false, read_eku },
	{ CE "\x36", 3, "inhibitAnyPolicy", false, false, read_inhibit },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x01", 8, "authorityInfoAccess", false, true, read_access },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x18", 8, "TLS feature", false, false, read_features },
	{ "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", 10, "SCT list", false, false, read_sct_list }
};

static void
read_extension(struct x509_cert *c, const struct extension *e)
{
	char *oid;

	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		const struct reader *r = &readers[i];

		if (!str_eq(e->oid, str_from(r->oid, r->n)))
			continue;
		if (!r->read(c, e, rd_str(e->value)))
			x509_add_defect(c->more, X509_MALFORMED, false, "its %s extension is malformed", r->name);
		if (e->critical && r->must_not_be_critical)
			x509_add_defect(c->more, X509_MALFORMED, true, "its %s extension is critical, which RFC 5280 forbids", r->name);
		return;
	}
	if (!e->critical)
		return;
	oid = x509_oid_text(e->oid);
	x509_add_defect(c->more, X509_CRITICAL_EXTENSION, false, "it has a critical extension that is unknown here: %s", oid);
	free(oid);
}

void
x509_read_extensions(struct x509_cert *c, struct rd list)
{
	struct str seen[X509_MAX_EXTENSIONS];
	size_t n = 0;

	while (rd_left(&list) > 0 && !list.bad) {
		struct rd fields = der_enter(&list, DER_SEQUENCE);
		struct extension e = { .oid = der_element(&fields, DER_OID) };

		if (der_peek(&fields) == DER_BOOLEAN)
			e.critical = der_boolean(&fields);
		e.value = der_element(&fields, DER_OCTET_STRING);
		if (!rd_done(&fields) || n == X509_MAX_EXTENSIONS)
			break;
		for (size_t i = 0; i < n; i++)
			if (str_eq(seen[i], e.oid))
				x509_add_defect(c->more, X509_MALFORMED, false, "it has the same extension twice");
		seen[n++] = e.oid;
		read_extension(c, &e);
	}
	if (list.bad || rd_left(&list) > 0)
		x509_add_defect(c->more, X509_MALFORMED, false, "its extensions cannot be decoded");
}
