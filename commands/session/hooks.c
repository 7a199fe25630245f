/* A note on its way to the person, as a format and its values. */
#include "commands/session/hooks.h"

#include <stdarg.h>
#include <stdio.h>

#include "net/error.h"

void
hooks_note(const struct session_hooks *hooks, const char *format, ...)
{
	char text[ERROR_TEXT_MAX + ERROR_WHY_MAX];
	va_list ap;

	if (hooks->note == NULL)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	hooks->note(hooks->context, text);
}
