/* Distinguished names: printed for people (RFC 4514 order as sent), compared by RFC 5280 section 7.1. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

#define MAIL_ADDRESS "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"      /* PKCS#9 */

enum { NAME_TEXT_MAX = 16 * 1024, ATTRIBUTES_MAX = 64 };

struct attribute {
	struct str oid, value;
	unsigned tag;
};

/* The attributes of one RDN (a SET); false at the end or on bad DER. */
static size_t
read_rdn(struct rd *name, struct attribute *out, size_t max)
{
	struct rd set = der_enter(name, DER_SET);
	size_t n = 0;

	while (rd_left(&set) > 0 && !set.bad && n < max) {
		struct rd pair = der_enter(&set, DER_SEQUENCE);

		out[n].oid = der_element(&pair, DER_OID);
		if (!der_next(&pair, &out[n].tag, &out[n].value, NULL))
			break;
		n++;
	}
	if (set.bad || rd_left(&set) > 0)
		name->bad = true;
	return n;
}

static struct rd
enter_name(struct str name)
{
	struct rd r = rd_str(name);

	return der_enter(&r, DER_SEQUENCE);
}

bool
x509_name_empty(struct str name)
{
	struct rd r = enter_name(name);

	return rd_left(&r) == 0;
}

static struct str
last_value(struct str name, struct str type)
{
	struct rd r = enter_name(name);
	struct attribute a[ATTRIBUTES_MAX];
	struct str found = { "", 0 };

	while (rd_left(&r) > 0 && !r.bad) {
		size_t n = read_rdn(&r, a, ATTRIBUTES_MAX);

		for (size_t i = 0; i < n; i++)
			if (str_eq(a[i].oid, type))
				found = a[i].value;
	}
	return found;
}

struct str
x509_common_name(struct str name)
{
	return last_value(name, STR("\x55\x04\x03"));
}

struct str
x509_mail_address(struct str name)
{
	return last_value(name, STR(MAIL_ADDRESS));
}

static void
add_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
	} else if (c < 0x800) {
		put_u16(out, 0xC080 | (c >> 6) << 8 | (c & 0x3F));
	} else if (c < 0x10000) {
		put_u24(out, 0xE08080 | (c >> 12) << 16 | (c >> 6 & 0x3F) << 8 | (c & 0x3F));
	} else {
		put_u32(out, 0xF0808080 | (c >> 18 & 7) << 24 | (c >> 12 & 0x3F) << 16 | (c >> 6 & 0x3F) << 8 | (c & 0x3F));
	}
}

/* Any string type as UTF-8. */
static void
add_value(struct buf *out, const struct attribute *a)
{
	struct rd r = rd_str(a->value);

	if (a->tag == DER_BMP || a->tag == DER_UNIVERSAL) {
		while (rd_left(&r) >= (a->tag == DER_BMP ? 2 : 4))
			add_utf8(out, a->tag == DER_BMP ? rd_u16(&r) : rd_u32(&r) & 0x1FFFFF);
	} else if (a->tag == DER_T61) {
		while (rd_left(&r) > 0)
			add_utf8(out, rd_u8(&r));
	} else {
		buf_add_str(out, a->value);
	}
}

/* Lower case, spaces collapsed and trimmed: the part of RFC 4518 that matters; other bytes must be equal. */
static void
fold(struct buf *out, const struct attribute *a)
{
	struct buf raw;
	bool space = true;

	buf_init(&raw, 0);
	add_value(&raw, a);
	for (size_t i = 0; i < raw.len; i++) {
		char c = (char)raw.data[i];

		if (!ascii_is_space(c))
			buf_add_char(out, ascii_lower(c));
		else if (!space)
			buf_add_char(out, ' ');
		space = ascii_is_space(c);
	}
	if (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_release(&raw);
}

static bool
attribute_eq(const struct attribute *a, const struct attribute *b)
{
	struct buf x, y;
	bool equal;

	if (!str_eq(a->oid, b->oid))
		return false;
	if (a->tag == b->tag && str_eq(a->value, b->value))
		return true;
	buf_init(&x, 0);
	buf_init(&y, 0);
	fold(&x, a);
	fold(&y, b);
	equal = str_eq(buf_str(&x), buf_str(&y));
	buf_release(&x);
	buf_release(&y);
	return equal;
}

/* Sets: each attribute of one has its equal in the other. */
static bool
rdn_eq(const struct attribute *a, size_t n, const struct attribute *b, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < m && !found; k++)
			found = attribute_eq(&a[i], &b[k]);
		if (!found)
			return false;
	}
	return true;
}

bool
x509_name_within(struct str name, struct str base)
{
	struct rd n = enter_name(name), b = enter_name(base);
	struct attribute x[ATTRIBUTES_MAX], y[ATTRIBUTES_MAX];

	while (rd_left(&b) > 0) {
		size_t in_name, in_base;

		if (rd_left(&n) == 0)
			return false;
		in_name = read_rdn(&n, x, ATTRIBUTES_MAX);
		in_base = read_rdn(&b, y, ATTRIBUTES_MAX);
		if (n.bad || b.bad || !rdn_eq(x, in_name, y, in_base))
			return false;
	}
	return true;
}

bool
x509_name_eq(struct str a, struct str b)
{
	return str_eq(a, b) || (x509_name_within(a, b) && x509_name_within(b, a));
}

static void
add_type(struct buf *out, struct str oid)
{
	static const struct { char last; const char *name; } types[] = { { 3, "CN" }, { 4, "SN" }, { 5, "serialNumber" },
		{ 6, "C" }, { 7, "L" }, { 8, "ST" }, { 9, "street" }, { 10, "O" }, { 11, "OU" }, { 12, "title" }, { 42, "GN" } };
	char *text;

	if (oid.n == 3 && str_starts(oid, STR("\x55\x04")))
		for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
			if (types[i].last == oid.p[2]) {
				buf_add_str(out, str_of(types[i].name));
				return;
			}
	if (str_eq(oid, STR(MAIL_ADDRESS))) {
		buf_add_str(out, STR("emailAddress"));
	} else if (str_eq(oid, STR("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"))) {
		buf_add_str(out, STR("DC"));
	} else {
		text = x509_oid_text(oid);
		buf_add_str(out, str_of(text));
		free(text);
	}
}

char *
x509_name_text(struct str name)
{
	struct rd r = enter_name(name);
	struct attribute a[ATTRIBUTES_MAX];
	struct buf out, value;
	char *shown;

	buf_init(&out, NAME_TEXT_MAX);
	buf_init(&value, NAME_TEXT_MAX);
	while (rd_left(&r) > 0 && !r.bad) {
		size_t n = read_rdn(&r, a, ATTRIBUTES_MAX);

		for (size_t i = 0; i < n; i++) {
			buf_add_str(&out, out.len == 0 ? STR("") : i > 0 ? STR(" + ") : STR(", "));
			add_type(&out, a[i].oid);
			buf_clear(&value);
			add_value(&value, &a[i]);
			shown = mem_try(4 * value.len + 1);
			if (shown != NULL)
				buf_addf(&out, "=%s", str_printable(buf_str(&value), shown, 4 * value.len + 1));
			free(shown);
		}
	}
	buf_release(&value);
	return buf_take(&out);
}
