/* The error type: its sentence, its command or remark, its names and exit statuses. */
#include "net/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "net/str.h"

/* All that is told to a person comes by here: nothing of it steers his terminal. Returns whether the
 * text is whole and as it was given. */
static bool __attribute__((format(printf, 3, 0))) print_text(char *to, size_t size, const char *format, va_list ap)
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
	return false;
}

int
fail_v(struct error *error, enum error_kind kind, int code, const char *format, va_list ap)
{
	if (error == NULL)
		return -1;
	error->kind = kind;
	error->code = code;
	error->command[0] = error->why[0] = '\0';
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
	fail_v(error, saved == EINTR ? ERROR_INTERRUPTED : kind, saved, format, ap);
	va_end(ap);
	n = strlen(error->text);
	snprintf(error->text + n, sizeof error->text - n, ": %s", strerror(saved));
	return -1;
}

int
error_add(struct error *error, const char *format, ...)
{
	char more[ERROR_TEXT_MAX];
	size_t n;
	va_list ap;

	if (error == NULL)
		return -1;
	va_start(ap, format);
	print_text(more, sizeof more, format, ap);
	va_end(ap);
	n = strlen(error->text);
	snprintf(error->text + n, sizeof error->text - n, "%s", more);
	return -1;
}

/* A command that was cut or made visible is another one: then there is none. */
static int __attribute__((format(printf, 2, 0))) set_command(struct error *error, const char *format, va_list ap)
{
	if (!print_text(error->command, sizeof error->command, format, ap))
		error->command[0] = '\0';
	return -1;
}

int
hint(struct error *error, const char *format, ...)
{
	va_list ap;

	if (error == NULL)
		return -1;
	va_start(ap, format);
	set_command(error, format, ap);
	va_end(ap);
	return -1;
}

int
hint_why(struct error *error, const char *why, const char *format, ...)
{
	va_list ap;

	if (error == NULL)
		return -1;
	remark(error, "%s", why);
	va_start(ap, format);
	set_command(error, format, ap);
	va_end(ap);
	return -1;
}

int
remark(struct error *error, const char *format, ...)
{
	va_list ap;

	if (error == NULL)
		return -1;
	va_start(ap, format);
	print_text(error->why, sizeof error->why, format, ap);
	va_end(ap);
	return -1;
}

int
error_advise(struct error *error, const struct error *from)
{
	if (error == NULL)
		return -1;
	memcpy(error->command, from->command, sizeof error->command);
	memcpy(error->why, from->why, sizeof error->why);
	return -1;
}

void
error_clear(struct error *error)
{
	if (error != NULL)
		memset(error, 0, sizeof *error);
}

/* ---- kinds ---- */
static const struct error_kind_info kinds[] = {
	{ ERROR_NONE, "ok", 0, "Everything worked." },
	{ ERROR_OTHER, "other", 1, "Another failure: a file, no match, a command behind | or !." },
	{ ERROR_USAGE, "usage", 2, "Wrong usage or syntax." },
	{ ERROR_NETWORK, "network", 3, "The network: no such name, no route, refused, silent." },
	{ ERROR_EXPECT, "expect", 4, "Something that was expected does not hold." },
	{ ERROR_STATUS, "status", 5, "The HTTP status is 400 or more, with set fail on." },
	{ ERROR_TLS, "tls", 6, "The handshake or the protection of the data failed." },
	{ ERROR_CERTIFICATE, "certificate", 7, "The certificate was not accepted." },
	{ ERROR_HTTP, "http", 8, "The answer breaks HTTP: contradictory lengths, bad chunks, an end too early." },
	{ ERROR_LIMIT, "limit", 9, "A limit was reached." },
	{ ERROR_INTERRUPTED, "interrupted", 130, "Interrupted with Ctrl-C." },
};

const struct error_kind_info *
error_kind_at(size_t i)
{
	return i < sizeof kinds / sizeof kinds[0] ? &kinds[i] : NULL;
}

const struct error_kind_info *
error_kind_info(enum error_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return &kinds[ERROR_OTHER];
}
