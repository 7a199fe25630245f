/* What a person reads of a certificate's extensions. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "net/x509/details.h"

static void
add_comma(struct buf *out)
{
	if (out->len > 0)
		buf_add_str(out, STR(", "));
}

char *
x509_usage_text(const struct x509_cert *c)
{
	static const char *const names[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
		"dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly" };
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((c->usage & 1u << i) != 0) {
			add_comma(&out);
			buf_add_str(&out, str_of(names[i]));
		}
	return x509_marked_text(c, PART_USAGE, buf_take(&out));
}

/* Of id-kp, 1.3.6.1.5.5.7.3 (RFC 5280 section 4.2.1.12), and anyExtendedKeyUsage. */
static const char *
purpose_name(struct str oid)
{
	static const char *const names[] = { NULL, "serverAuth", "clientAuth", "codeSigning", "emailProtection", NULL,
		NULL, NULL, "timeStamping", "OCSPSigning" };
	struct str kp = STR("\x2b\x06\x01\x05\x05\x07\x03");

	if (str_eq(oid, STR("\x55\x1d\x25\x00")))
		return "anyExtendedKeyUsage";
	if (oid.n != kp.n + 1 || !str_starts(oid, kp) || (uint8_t)oid.p[kp.n] >= sizeof names / sizeof *names)
		return NULL;
	return names[(uint8_t)oid.p[kp.n]];
}

char *
x509_eku_text(const struct x509_cert *c)
{
	struct rd list = rd_str(c->more->eku);
	struct buf out;

	buf_init(&out, 0);
	while (rd_left(&list) > 0 && !list.bad) {
		struct str oid = der_element(&list, DER_OID);
		const char *name = purpose_name(oid);
		char *dotted = x509_oid_text(oid);

		add_comma(&out);
		buf_add_str(&out, str_of(name != NULL ? name : dotted));
		free(dotted);
	}
	return x509_marked_text(c, PART_EKU, buf_take(&out));
}

char *
x509_basic_text(const struct x509_cert *c)
{
	if (!c->has_basic)
		return x509_marked_text(c, PART_BASIC, str_dup(STR("")));
	if (!c->is_ca)
		return str_dup(STR("not a CA"));
	return c->path_len < 0 ? str_dup(STR("a CA")) : str_printf("a CA, with at most %d CAs below it", c->path_len);
}

static void
add_address(struct buf *out, struct str value)
{
	char address[INET6_ADDRSTRLEN] = "?";
	unsigned bits = 0;
	size_t half = value.n / 2;

	if (value.n == 8 || value.n == 32)
		inet_ntop(value.n == 8 ? AF_INET : AF_INET6, value.p, address, sizeof address);
	for (size_t i = half; i < value.n; i++)
		for (unsigned byte = (uint8_t)value.p[i]; (byte & 0x80) != 0; byte = byte << 1 & 0xFF)
			bits++;
	buf_addf(out, "IP:%s/%u", address, bits);
}

static void
add_subtrees(struct buf *out, const char *kind, const struct general_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		add_comma(out);
		buf_addf(out, "%s ", kind);
		if (names->items[i].type == NAME_IP)
			add_address(out, names->items[i].value);
		else
			x509_add_general_name(out, &names->items[i]);
	}
}

char *
x509_constraints_text(const struct x509_cert *c)
{
	struct buf out;

	buf_init(&out, 0);
	add_subtrees(&out, "permitted", &c->more->permitted);
	add_subtrees(&out, "excluded", &c->more->excluded);
	return x509_marked_text(c, PART_CONSTRAINTS, buf_take(&out));
}

char *
x509_policies_text(const struct x509_cert *c)
{
	const struct x509_details *d = c->more;
	struct rd list = rd_str(d->policies), mappings = rd_str(d->mappings);
	struct str oid, to;
	struct buf out;

	buf_init(&out, 0);
	while (x509_next_policy(&list, &oid)) {
		char *dotted = x509_oid_text(oid);

		add_comma(&out);
		buf_addf(&out, "%s", str_eq(oid, STR("\x55\x1d\x20\x00")) ? "anyPolicy" : dotted);
		free(dotted);
	}
	while (x509_next_mapping(&mappings, &oid, &to)) {
		char *dotted = x509_oid_text(oid), *other = x509_oid_text(to);

		add_comma(&out);
		buf_addf(&out, "%s is %s below", dotted, other);
		free(dotted);
		free(other);
	}
	if (d->require_explicit >= 0)
		buf_addf(&out, "%sone is required after %d certificates", out.len > 0 ? "; " : "", d->require_explicit);
	if (d->inhibit_mapping >= 0)
		buf_addf(&out, "%sno mapping after %d", out.len > 0 ? "; " : "", d->inhibit_mapping);
	if (d->inhibit_any >= 0)
		buf_addf(&out, "%sanyPolicy is none after %d", out.len > 0 ? "; " : "", d->inhibit_any);
	return x509_marked_text(c, PART_POLICIES, buf_take(&out));
}

struct str
x509_sct_list(const struct x509_cert *c)
{
	return c->more->sct_list;
}

bool
x509_must_staple(const struct x509_cert *c)
{
	return c->more->must_staple;
}
