/* The only ways to refuse what the peer sent. */
#include "net/tls/handshake.h"

int
refuse(struct error *error, enum tls_code code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fail_v(error, ERROR_TLS, (int)code, format, ap);
	va_end(ap);
	return -1;
}

int
refuse_with(struct tls *t, struct error *error, enum tls_code code, unsigned alert, const char *format, ...)
{
	va_list ap;

	t->alert = alert;
	va_start(ap, format);
	fail_v(error, ERROR_TLS, (int)code, format, ap);
	va_end(ap);
	return -1;
}
