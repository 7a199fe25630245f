/* TBSCertificate (RFC 5280 section 4.1) field by field: one that cannot be read is named, and the others are kept. */
#include "net/x509/details.h"

struct element {
	struct str contents, whole;
};

struct field {
	const char *name;
	unsigned parts; /* enum x509_part: what is unread without it */
	unsigned tag;
	bool optional;
	void (*read)(struct x509_cert *c, const struct element *e);
};

/* serialNumber: RFC 5280 section 4.1.2.2, positive and "up to 20 octets". */
static bool
serial_ok(struct str serial)
{
	bool zero = true;

	for (size_t i = 0; i < serial.n; i++)
		zero = zero && serial.p[i] == 0;
	return !zero && (serial.p[0] & 0x80) == 0 && (serial.n <= 20 || (serial.n == 21 && serial.p[0] == 0));
}

static void
read_version(struct x509_cert *c, const struct element *e)
{
	struct rd r = rd_str(e->contents);
	unsigned n = der_small(&r);

	c->more->version = rd_done(&r) && (n == 1 || n == 2) ? n + 1 : 3;
	if (!rd_done(&r))
		x509_torn(c->more, PART_VERSION, "its version is malformed");
	else if (n == 0)
		x509_torn(c->more, PART_VERSION, "its version 1 is written out, which DER forbids");
	else if (n > 2)
		x509_torn(c->more, PART_VERSION, "its version is %u, and there are 1, 2 and 3", n + 1);
}

static void
read_serial(struct x509_cert *c, const struct element *e)
{
	c->serial = e->contents;
	if (!der_integer_ok(c->serial))
		x509_torn(c->more, PART_SERIAL, "its serialNumber is no INTEGER of DER");
	else
		c->more->serial_ok = serial_ok(c->serial);
}

static void
read_algorithm(struct x509_cert *c, const struct element *e)
{
	c->more->inner_algorithm = e->whole;
}

static void
read_issuer(struct x509_cert *c, const struct element *e)
{
	c->issuer = e->whole;
}

static void
read_subject(struct x509_cert *c, const struct element *e)
{
	c->subject = e->whole;
}

static void
read_key(struct x509_cert *c, const struct element *e)
{
	c->spki = e->whole;
}

/* Whether it is written as section 4.1.2.5 has it, whatever the digits say. */
static bool
time_form_ok(unsigned tag, struct str s)
{
	size_t digits = tag == DER_GENERALIZED_TIME ? 14 : 12;

	for (size_t i = 0; i < s.n && i < digits; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n == digits + 1 && s.p[digits] == 'Z';
}

static int64_t
read_time(struct x509_cert *c, struct rd *validity, enum x509_part part, const char *name)
{
	struct rd again = *validity;
	int64_t at = der_time(&again);
	struct str contents;
	char shown[80];
	unsigned tag;

	if (rd_left(validity) == 0 && !validity->bad)
		x509_torn(c->more, part, "it has no %s", name);
	else if (!der_next(validity, &tag, &contents, NULL))
		x509_torn(c->more, part, "its %s cannot be read", name);
	else if (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME)
		x509_torn(c->more, part, "its %s is no time: it has the tag 0x%02X", name, tag);
	else if (again.bad)
		x509_torn(c->more, part, "its %s \"%s\" is %s", name, str_printable(contents, shown, sizeof shown),
		    time_form_ok(tag, contents) ? "no date and time of the calendar" :
			tag == DER_UTC_TIME     ? "not of the form YYMMDDHHMMSSZ" :
						  "not of the form YYYYMMDDHHMMSSZ");
	return at;
}

static void
read_validity(struct x509_cert *c, const struct element *e)
{
	struct rd r = rd_str(e->contents);

	c->not_before = read_time(c, &r, PART_NOT_BEFORE, "notBefore");
	c->not_after = read_time(c, &r, PART_NOT_AFTER, "notAfter");
	if (rd_left(&r) > 0 && !r.bad)
		x509_torn(c->more, 0, "its validity has more than two times");
}

static void
read_unique_id(struct x509_cert *c, const struct element *e)
{
	if (!der_bit_string_ok(e->contents))
		x509_torn(c->more, 0, "its unique identifier is no BIT STRING");
	if (c->more->version < 2)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has a unique identifier, which version 1 does not");
}

static void
read_extensions(struct x509_cert *c, const struct element *e)
{
	struct rd explicit = rd_str(e->contents), list = der_enter(&explicit, DER_SEQUENCE);

	if (!rd_done(&explicit) || rd_left(&list) == 0)
		x509_torn(c->more, PART_EXTENSIONS, "its extensions are no SEQUENCE of at least one");
	if (c->more->version != 3)
		x509_add_defect(c->more, X509_MALFORMED, false, "it has extensions but is of version %u",
		    c->more->version);
	x509_read_extensions(c, list);
}

static const struct field fields[] = { { "version", PART_VERSION, DER_CONTEXT_CONSTRUCTED(0), true, read_version },
	{ "serialNumber", PART_SERIAL, DER_INTEGER, false, read_serial },
	{ "signature", PART_ALGORITHM, DER_SEQUENCE, false, read_algorithm },
	{ "issuer", PART_ISSUER, DER_SEQUENCE, false, read_issuer },
	{ "validity", PART_NOT_BEFORE | PART_NOT_AFTER, DER_SEQUENCE, false, read_validity },
	{ "subject", PART_SUBJECT, DER_SEQUENCE, false, read_subject },
	{ "subjectPublicKeyInfo", PART_KEY, DER_SEQUENCE, false, read_key },
	{ "issuerUniqueID", 0, DER_CONTEXT(1), true, read_unique_id },
	{ "subjectUniqueID", 0, DER_CONTEXT(2), true, read_unique_id },
	{ "extensions", PART_EXTENSIONS, DER_CONTEXT_CONSTRUCTED(3), true, read_extensions } };

enum { FIELDS = sizeof fields / sizeof *fields };

/* Elements before the optional fields at the end, which have the numbers 1 to 3. */
static size_t
elements_left(struct rd tbs)
{
	struct str contents;
	unsigned tag;
	size_t n = 0;

	while (rd_left(&tbs) > 0 && der_next(&tbs, &tag, &contents, NULL) &&
	    ((tag & 0xC0) != 0x80 || (tag & 0x1F) < 1 || (tag & 0x1F) > 3))
		n++;
	return n;
}

static size_t
fields_left(size_t from)
{
	size_t n = 0;

	for (size_t i = from; i < FIELDS; i++)
		n += !fields[i].optional;
	return n;
}

/* Where lengths do not fit, nobody knows where the next field begins. */
static void
lose_rest(struct x509_cert *c, size_t from)
{
	x509_torn(c->more, 0, "its %s cannot be read, nor what follows: the length does not fit", fields[from].name);
	for (size_t i = from; i < FIELDS; i++)
		c->more->unread |= fields[i].parts;
}

/* What stands before serialNumber is a version of another form, and may be any. */
static unsigned
lose_version(struct x509_cert *c, size_t at)
{
	if (fields[at].parts != PART_SERIAL)
		return 0;
	c->more->version = 3;
	return PART_VERSION;
}

void
x509_read_tbs(struct x509_cert *c, struct rd tbs)
{
	size_t i = 0;

	c->more->version = 1;
	c->more->serial_ok = true;
	while (i < FIELDS) {
		const struct field *f = &fields[i];
		unsigned tag = der_peek(&tbs);
		bool here = tag == f->tag;
		size_t there = elements_left(tbs), needed = fields_left(i);
		struct element e;

		if (!here && (f->optional || there < needed)) {
			if (!f->optional)
				x509_torn(c->more, f->parts, "it has no %s", f->name);
			i++;
			continue;
		}
		if (!der_next(&tbs, &tag, &e.contents, &e.whole)) {
			lose_rest(c, i);
			return;
		}
		i += here || there <= needed;
		if (here)
			f->read(c, &e);
		else if (there > needed)
			x509_torn(c->more, lose_version(c, i), "an element with the tag 0x%02X stands before its %s",
			    tag, f->name);
		else
			x509_torn(c->more, f->parts, "its %s has the tag 0x%02X instead of 0x%02X", f->name, tag,
			    f->tag);
	}
	if (rd_left(&tbs) > 0)
		x509_torn(c->more, PART_EXTENSIONS, "%zu bytes stand behind its last field", rd_left(&tbs));
}
