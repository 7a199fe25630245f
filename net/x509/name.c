/* Distinguished names: printed for people (RFC 4514 order as sent), folded for comparison (RFC 5280 section 7.1). */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

#define MAIL_ADDRESS "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" /* PKCS#9 */

enum { NAME_TEXT_MAX = 16 * 1024 };

struct attribute {
	struct str oid, value;
	unsigned tag;
};

static bool
read_attribute(struct rd *set, struct attribute *out)
{
	struct rd pair = der_enter(set, DER_SEQUENCE);

	out->oid = der_oid(&pair);
	return der_next(&pair, &out->tag, &out->value, NULL) && rd_done(&pair);
}

/* The attributes of the next RDN (a SET of at least one). What is not whole makes name bad; those before it are
 * read. */
static size_t
read_rdn(struct rd *name, struct attribute out[X509_MAX_ATTRIBUTES])
{
	struct rd set = der_enter(name, DER_SET);
	size_t n = 0;

	while (rd_left(&set) > 0 && !name->bad)
		if (n < X509_MAX_ATTRIBUTES && read_attribute(&set, &out[n]))
			n++;
		else
			name->bad = true;
	if (n == 0 || set.bad)
		name->bad = true;
	return n;
}

bool
x509_rdn_ok(struct str contents)
{
	struct rd set = rd_str(contents);
	struct attribute a;

	do {
		if (!read_attribute(&set, &a))
			return false;
	} while (rd_left(&set) > 0);
	return true;
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

struct str
x509_common_name(struct str name)
{
	struct rd r = enter_name(name);
	struct attribute a[X509_MAX_ATTRIBUTES];
	struct str found = { "", 0 };

	while (rd_left(&r) > 0 && !r.bad) {
		size_t n = read_rdn(&r, a);

		for (size_t i = 0; i < n; i++)
			if (str_eq(a[i].oid, STR("\x55\x04\x03")))
				found = a[i].value;
	}
	return found;
}

bool
x509_read_mail_addresses(struct str name, struct general_names *out)
{
	struct rd r = enter_name(name);
	struct attribute a[X509_MAX_ATTRIBUTES];
	bool good = true;

	while (rd_left(&r) > 0 && !r.bad) {
		size_t n = read_rdn(&r, a);

		for (size_t i = 0; i < n; i++)
			if (str_eq(a[i].oid, STR(MAIL_ADDRESS)))
				good = a[i].tag == DER_IA5 && x509_add_name(out, NAME_MAIL, a[i].value) && good;
	}
	return good && !r.bad;
}

/* ---- strings ---- */
/* False when c is no character (RFC 3629 section 3); it is added all the same, for those who show it. */
static bool
add_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
	} else if (c < 0x800) {
		put_u16(out, 0xC080 | (c >> 6) << 8 | (c & 0x3F));
	} else if (c < 0x10000) {
		put_u24(out, 0xE08080 | (c >> 12) << 16 | (c >> 6 & 0x3F) << 8 | (c & 0x3F));
	} else {
		put_u32(out,
		    0xF0808080 | (c >> 18 & 7) << 24 | (c >> 12 & 0x3F) << 16 | (c >> 6 & 0x3F) << 8 | (c & 0x3F));
	}
	return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static bool
utf8_ok(struct str s)
{
	size_t n;

	for (size_t i = 0; i < s.n; i += n)
		if ((n = str_utf8(str_slice(s, i, s.n))) == 0)
			return false;
	return true;
}

static bool
ascii_ok(struct str s)
{
	uint8_t all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (uint8_t)s.p[i];
	return all < 0x80;
}

/* Characters of one (as Latin-1), two or four bytes. */
static bool
add_wide(struct buf *out, struct str value, size_t width)
{
	struct rd r = rd_str(value);
	bool good = value.n % width == 0;

	while (rd_left(&r) >= width) {
		uint32_t c = width == 1 ? rd_u8(&r) : width == 2 ? rd_u16(&r) : rd_u32(&r);

		good = add_utf8(out, c) && good;
	}
	return good;
}

/* Any string type as UTF-8; false when it is none, or not valid. */
static bool
add_value(struct buf *out, const struct attribute *a)
{
	switch (a->tag) {
	case DER_BMP:
		return add_wide(out, a->value, 2);
	case DER_UNIVERSAL:
		return add_wide(out, a->value, 4);
	case DER_PRINTABLE:
	case DER_T61:
	case DER_IA5:
	case DER_VISIBLE:
		return add_wide(out, a->value, 1);
	case DER_UTF8:
		buf_add_str(out, a->value);
		return utf8_ok(a->value);
	default:
		buf_add_str(out, a->value);
		return false;
	}
}

/* ---- comparing ---- */
static bool
byte_string(unsigned tag)
{
	return tag == DER_UTF8 || tag == DER_PRINTABLE || tag == DER_T61 || tag == DER_IA5 || tag == DER_VISIBLE;
}

/* Lower case, spaces collapsed and trimmed: the part of RFC 4518 that matters; other bytes must be equal. */
static void
fold(struct buf *out, struct str text)
{
	uint8_t *to = buf_room(out, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; to != NULL && i < text.n; i++)
		if (!ascii_is_space(text.p[i]))
			to[n++] = (uint8_t)ascii_lower(text.p[i]);
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	if (n > 0 && to[n - 1] == ' ')
		n--;
	buf_added(out, n);
}

/* Type and value, each with its length in front, so that no two attributes run into the same bytes. */
static bool
fold_attribute(struct buf *out, const struct attribute *a, struct buf *scratch)
{
	bool raw = a->tag == DER_NUMERIC || a->tag == DER_BIT_STRING, good = true;
	struct str text = a->value;
	size_t at;

	if (!raw && (!byte_string(a->tag) || !ascii_ok(text))) { /* nearly all go without a copy */
		buf_clear(scratch);
		good = add_value(scratch, a);
		text = buf_str(scratch);
	}
	put_u16(out, (unsigned)a->oid.n);
	put_str(out, a->oid);
	put_u8(out, raw ? a->tag : 0);
	at = put_open(out, 3);
	if (raw)
		put_str(out, text);
	else
		fold(out, text);
	put_close(out, at, 3);
	return good;
}

static int
by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A set has no order: its folded attributes are sorted. */
static bool
fold_rdn(struct buf *out, const struct attribute *a, size_t n, struct buf *scratch)
{
	struct str parts[X509_MAX_ATTRIBUTES];
	size_t ends[X509_MAX_ATTRIBUTES], start;
	uint8_t *copy;
	bool good = true;

	put_u8(out, (unsigned)n);
	start = out->len;
	for (size_t i = 0; i < n; i++) {
		good = fold_attribute(out, &a[i], scratch) && good;
		ends[i] = out->len;
	}
	if (n < 2 || out->full)
		return good && !out->full;
	copy = mem_dup(out->data + start, out->len - start);
	for (size_t i = 0; i < n; i++)
		parts[i] = str_from(copy + (i > 0 ? ends[i - 1] - start : 0), ends[i] - (i > 0 ? ends[i - 1] : start));
	qsort(parts, n, sizeof *parts, by_bytes);
	out->len = start;
	for (size_t i = 0; i < n; i++)
		put_str(out, parts[i]);
	free(copy);
	return good;
}

/* FNV-1a: what differs in it is not looked at any further; what does not is compared. */
static uint64_t
hash_of(struct str s)
{
	uint64_t hash = 0xCBF29CE484222325;

	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (uint8_t)s.p[i]) * 0x100000001B3;
	return hash;
}

bool
x509_name_read(struct str der, struct x509_name *out)
{
	struct rd r = rd_str(der), name = der_enter(&r, DER_SEQUENCE);
	struct attribute a[X509_MAX_ATTRIBUTES];
	struct buf folded, scratch;
	bool good = rd_done(&r);

	*out = (struct x509_name){ .hash = 0 };
	buf_init(&folded, 0);
	buf_init(&scratch, 0);
	buf_room(&folded, der.n + der.n / 2); /* it may need more, and grows */
	while (good && rd_left(&name) > 0) {
		size_t n = read_rdn(&name, a);

		good = !name.bad && fold_rdn(&folded, a, n, &scratch);
		out->too_many = name.bad && n == X509_MAX_ATTRIBUTES;
	}
	buf_release(&scratch);
	if (good && !name.bad) {
		out->hash = hash_of(buf_str(&folded));
		out->folded.n = folded.len;
		out->folded.p = buf_take(&folded);
	}
	buf_release(&folded);
	return out->folded.p != NULL;
}

void
x509_name_release(struct x509_name *n)
{
	union {
		const char *in;
		char *out;
	} p = { n->folded.p };

	free(p.out);
	*n = (struct x509_name){ .hash = 0 };
}

bool
x509_name_eq(const struct x509_name *a, const struct x509_name *b)
{
	return a->hash == b->hash && a->folded.p != NULL && b->folded.p != NULL && str_eq(a->folded, b->folded);
}

bool
x509_name_within(const struct x509_name *name, const struct x509_name *base)
{
	return name->folded.p != NULL && base->folded.p != NULL && str_starts(name->folded, base->folded);
}

/* ---- printing ---- */
static void
add_type(struct buf *out, struct str oid)
{
	static const struct {
		char last;
		const char *name;
	} types[] = {
		{ 3, "CN" },
		{ 4, "SN" },
		{ 5, "serialNumber" },
		{ 6, "C" },
		{ 7, "L" },
		{ 8, "ST" },
		{ 9, "street" },
		{ 10, "O" },
		{ 11, "OU" },
		{ 12, "title" },
		{ 42, "GN" },
	};
	char *text;

	if (oid.n == 3 && str_starts(oid, STR("\x55\x04")))
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
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
	struct attribute a[X509_MAX_ATTRIBUTES];
	struct buf out, value;
	char *shown;

	buf_init(&out, NAME_TEXT_MAX);
	buf_init(&value, NAME_TEXT_MAX);
	while (rd_left(&r) > 0 && !r.bad) {
		size_t n = read_rdn(&r, a);

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
