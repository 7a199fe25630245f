/* What speaks against a certificate: defects found while it is decoded, reasons found while a path is judged. */
#include "net/x509/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REASONS = 64 };

void
x509_add_defect(struct x509_details *d, enum x509_fault fault, bool profile, const char *format, ...)
{
	size_t at = d->n_defects;
	char text[512];
	va_list ap;

	d->broken = d->broken || !profile;
	while (!profile && at > 0 && d->defects[at - 1].profile)
		at--;
	if (at == X509_MAX_DEFECTS)
		return;
	if (d->n_defects == X509_MAX_DEFECTS)
		free(d->defects[--d->n_defects].text);
	memmove(&d->defects[at + 1], &d->defects[at], (d->n_defects - at) * sizeof *d->defects);
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	d->defects[at] = (struct x509_defect){ fault, profile, str_dup(str_of(text)) };
	d->n_defects++;
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
