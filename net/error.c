#include "net/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "net/str.h"

/* All that is told to a person comes by here: nothing of it steers his terminal. Returns whether the text is as it was given. */
static bool __attribute__((format(printf, 3, 0)))
print_text(char *to, size_t size, const char *format, va_list ap)
{
	char raw[ERROR_TEXT_MAX], shown[4 * ERROR_TEXT_MAX];
	int n = vsnprintf(raw, sizeof raw, format, ap);
	size_t length, keep;

	if (n < 0)
		raw[0] = '\0';
	length = strlen(str_printable(str_of(raw), shown, sizeof shown));
	if (length < size && (n < 0 || (size_t)n < sizeof raw)) {
		memcpy(to, shown, length + 1);
		return strcmp(raw, shown) == 0;
	}
	keep = length < size ? length : size - 1;
	keep = keep > size - 4 ? size - 4 : keep;
	while (keep > 0 && ((uint8_t)shown[keep] & 0xC0) == 0x80)
		keep--;
	memcpy(to, shown, keep);
	memcpy(to + keep, "...", 4);
	return strlen(raw) == length;
}

int
fail_v(struct error *error, enum error_kind kind, int code, const char *format, va_list ap)
{
	if (error == NULL)
		return -1;
	error->kind = kind;
	error->code = code;
	error->hint[0] = '\0';
	print_text(error->text, sizeof error->text, format, ap);
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
	/* a command that was made visible is another one */
	if (!print_text(error->hint, sizeof error->hint, format, ap))
		error->hint[0] = '\0';
	va_end(ap);
	return -1;
}

void
error_clear(struct error *error)
{
	if (error != NULL)
		memset(error, 0, sizeof *error);
}
