/* What speaks against a certificate: defects found while it is decoded, reasons found while a path is judged. */
#include "net/x509/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REASONS = 64 };

static void add_defect(struct x509_details *d, const struct x509_defect *kind, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));

static void
add_defect(struct x509_details *d, const struct x509_defect *kind, const char *format, va_list ap)
{
	size_t at = d->n_defects;
	char text[512];

	d->broken = d->broken || !kind->profile;
	while (!kind->profile && at > 0 && d->defects[at - 1].profile)
		at--;
	if (at == X509_MAX_DEFECTS)
		return;
	if (d->n_defects == X509_MAX_DEFECTS)
		free(d->defects[--d->n_defects].text);
	memmove(&d->defects[at + 1], &d->defects[at], (d->n_defects - at) * sizeof *d->defects);
	vsnprintf(text, sizeof text, format, ap);
	d->defects[at] = *kind;
	d->defects[at].text = str_dup(str_of(text));
	d->n_defects++;
}

void
x509_add_defect(struct x509_details *d, enum x509_fault fault, bool profile, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_defect(d, &(struct x509_defect){ .fault = fault, .profile = profile }, format, ap);
	va_end(ap);
}

void
x509_unreadable(struct x509_details *d, unsigned parts, const char *format, ...)
{
	va_list ap;

	d->unread |= parts;
	va_start(ap, format);
	add_defect(d, &(struct x509_defect){ .fault = X509_MALFORMED, .parts = parts }, format, ap);
	va_end(ap);
}

void
x509_over_limit(struct x509_details *d, unsigned parts, const char *format, ...)
{
	va_list ap;

	d->unread |= parts;
	va_start(ap, format);
	add_defect(d, &(struct x509_defect){ .fault = X509_LIMIT, .parts = parts }, format, ap);
	va_end(ap);
}

void
x509_torn(struct x509_details *d, unsigned parts, const char *format, ...)
{
	va_list ap;

	d->torn = true;
	d->unread |= parts;
	va_start(ap, format);
	add_defect(d, &(struct x509_defect){ .fault = X509_MALFORMED, .parts = parts }, format, ap);
	va_end(ap);
}

bool
x509_unread(const struct x509_cert *c, unsigned parts)
{
	bool extension = parts >= PART_NAMES;

	return (c->more->unread & (parts | (extension ? PART_EXTENSIONS : 0))) != 0;
}

void
reasons_add(struct reasons *r, enum x509_fault fault, int index, char *text)
{
	if (r->n == MAX_REASONS) {
		free(text);
		return;
	}
	r->items = mem_resize(r->items, (r->n + 1) * sizeof *r->items);
	r->items[r->n++] = (struct x509_reason){ fault, index, text };
}
