/* cRLDistributionPoints (RFC 5280 section 4.2.1.13): read to its end, and shown. Nothing is fetched. */
#include <stdlib.h>

#include "net/x509/details.h"

/* DistributionPoint (section 4.2.1.13): where a list is, or whose it is. */
static bool
read_point(struct rd point)
{
	struct general_names names = { .n = 0 };
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
bool
x509_read_points(struct x509_cert *c, const struct x509_extension *e, struct rd value)
{
	struct rd list = der_enter(&value, DER_SEQUENCE);

	(void)e;
	c->more->points = str_from(list.p, rd_left(&list));
	if (!rd_done(&value) || rd_left(&list) == 0)
		return false;
	while (rd_left(&list) > 0)
		if (!read_point(der_enter(&list, DER_SEQUENCE)))
			return false;
	return !list.bad;
}

static void
add_names(struct buf *out, struct rd list)
{
	struct general_names names = { .n = 0 };

	x509_read_general_names(&list, &names);
	for (size_t i = 0; i < names.n; i++) {
		if (out->len > 0)
			buf_add_str(out, STR(", "));
		x509_add_general_name(out, &names.items[i]);
	}
	x509_general_names_release(&names);
}

/* DistributionPoint (section 4.2.1.13): its full names, else whose lists they are. */
static void
add_point(struct buf *out, struct rd point)
{
	struct rd choice = { .p = NULL };

	if (der_peek(&point) == DER_CONTEXT_CONSTRUCTED(0))
		choice = der_enter(&point, DER_CONTEXT_CONSTRUCTED(0));
	if (der_peek(&choice) == DER_CONTEXT_CONSTRUCTED(0)) {
		add_names(out, der_enter(&choice, DER_CONTEXT_CONSTRUCTED(0)));
		return;
	}
	if (der_peek(&point) == DER_CONTEXT(1))
		der_element(&point, DER_CONTEXT(1));
	if (der_peek(&point) == DER_CONTEXT_CONSTRUCTED(2))
		add_names(out, der_enter(&point, DER_CONTEXT_CONSTRUCTED(2)));
}

char *
x509_points_text(const struct x509_cert *c)
{
	struct rd list = rd_str(c->more->points);
	struct buf out;

	buf_init(&out, 0);
	while (rd_left(&list) > 0 && !list.bad)
		add_point(&out, der_enter(&list, DER_SEQUENCE));
	return buf_take(&out);
}
