/* GeneralNames (RFC 5280 section 4.2.1.6). */
#include <stdlib.h>

#include "net/x509/details.h"

bool
x509_add_name(struct general_names *out, unsigned type, struct str value)
{
	struct general_name *item;

	out->too_many = out->too_many || out->n == X509_MAX_NAMES;
	if (out->too_many)
		return false;
	if ((out->n & (out->n + 1)) == 0) /* doubles at 0, 1, 3, 7 ... */
		out->items = mem_resize(out->items, (2 * out->n + 1) * sizeof *out->items);
	item = &out->items[out->n++];
	*item = (struct general_name){ .type = type, .value = value };
	return type != NAME_DIRECTORY || x509_name_read(value, &item->name);
}

/* OtherName: type-id, [0] EXPLICIT value. */
static bool
other_ok(struct str contents)
{
	struct rd r = rd_str(contents), value;
	struct str whole;
	unsigned tag;

	der_oid(&r);
	value = der_enter(&r, DER_CONTEXT_CONSTRUCTED(0));
	return der_next(&value, &tag, &whole, NULL) && rd_done(&value) && rd_done(&r);
}

bool
x509_read_general_name(struct rd *r, struct general_names *out)
{
	struct str contents;
	unsigned tag;

	if (!der_next(r, &tag, &contents, NULL))
		return false;
	switch (tag) {
	case DER_CONTEXT_CONSTRUCTED(NAME_OTHER):
		if (!other_ok(contents))
			return false;
		break;
	case DER_CONTEXT_CONSTRUCTED(3): /* x400Address */
	case DER_CONTEXT_CONSTRUCTED(5): /* ediPartyName */
		if (!der_series_ok(contents))
			return false;
		break;
	case DER_CONTEXT(8): /* registeredID */
		if (!der_oid_ok(contents))
			return false;
		break;
	case DER_CONTEXT_CONSTRUCTED(NAME_DIRECTORY):
	case DER_CONTEXT(NAME_MAIL):
	case DER_CONTEXT(NAME_DNS):
	case DER_CONTEXT(NAME_URI):
	case DER_CONTEXT(NAME_IP):
		break;
	default:
		return false;
	}
	return x509_add_name(out, tag & 0x1F, contents);
}

bool
x509_read_general_names(struct rd *r, struct general_names *out)
{
	while (rd_left(r) > 0)
		if (!x509_read_general_name(r, out))
			return false;
	return !r->bad;
}

void
x509_general_names_release(struct general_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		x509_name_release(&names->items[i].name);
	free(names->items);
	*names = (struct general_names){ .n = 0 };
}
