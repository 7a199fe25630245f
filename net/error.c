#include "net/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 3, 0)))
print_cut(char *to, size_t size, const char *format, va_list ap)
{
	int n = vsnprintf(to, size, format, ap);

	if (n >= 0 && (size_t)n >= size)
		memcpy(to + size - 4, "...", 4);
}

int
fail_v(struct error *error, enum error_kind kind, int code, const char *format, va_list ap)
{
	if (error == NULL)
		return -1;
	error->kind = kind;
	error->code = code;
	error->hint[0] = '\0';
	print_cut(error->text, sizeof error->text, format, ap);
	return -1;
}

int
fail(struct error *error, enum error_kind kind, int code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fail_v(error, kind, code, format, ap);
	va_end(ap);
	return -1;
}

int
fail_errno(struct error *error, enum error_kind kind, const char *format, ...)
{
	int saved = errno;
	size_t n;
	va_list ap;

	if (error == NULL)
		return -1;
	va_start(ap, format);
	fail_v(error, kind, saved, format, ap);
	va_end(ap);
	n = strlen(error->text);
	snprintf(error->text + n, sizeof error->text - n, ": %s", strerror(saved));
	return -1;
}

int
hint(struct error *error, const char *format, ...)
{
	va_list ap;

	if (error == NULL)
		return -1;
	va_start(ap, format);
	print_cut(error->hint, sizeof error->hint, format, ap);
	va_end(ap);
	return -1;
}

void
error_clear(struct error *error)
{
	if (error != NULL)
		memset(error, 0, sizeof *error);
}
